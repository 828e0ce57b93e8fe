"""What a council can say in a pack without code, beyond what the four packs use."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.caseload.model import Caseload
from bot.policy.due import judge
from bot.policy.pack import json_schema, read_pack

RULES = Path(__file__).parents[3] / "rules"
TODAY = date(2026, 11, 30)
HEAD = "title: T\nsource: {title: S}\ncovers: [child_in_need]\nclauses:\n"
EPISODE = {"kind": "child_in_need", "start": date(2026, 11, 2), "worker_id": "W1"}


def clauses(text: str, caseload: Caseload, today: date = TODAY) -> dict[str, date]:
    found = judge(caseload, [read_pack("own.yaml", HEAD + text)], today).due
    return {part["id"]: part["due"] for row in found["clauses"] for part in row}


def test_counting_from_the_visit_s_day_as_day_one(caseload: Callable[..., Caseload]) -> None:
    text = "  - {id: X.1, says: s, cites: c, clocks: [{every: 14 days, first_day: 1}]}\n"
    visits = [{"at": date(2026, 11, 20), "status": "completed", "seen": True}]
    assert clauses(text, caseload(episodes=[EPISODE], visits=visits)) == {"X.1": date(2026, 12, 3)}


def test_two_clocks_on_one_plan(caseload: Callable[..., Caseload]) -> None:
    text = """
  - {id: X.1, says: s, cites: c, clocks: [{every: 2 weeks}]}
  - {id: X.2, says: s, cites: c, counts: {also_asks: [at_home, seen_alone]}, clocks: [{every: 6 weeks}]}
"""
    visits = [
        {"at": date(2026, 11, 9), "status": "completed", "seen": True, "seen_alone": True, "at_home": True},
        {"at": date(2026, 11, 20), "status": "completed", "seen": True},
    ]
    found = clauses(text, caseload(episodes=[EPISODE], visits=visits))
    assert found == {"X.1": date(2026, 12, 4), "X.2": date(2026, 12, 21)}


def test_a_visit_kind_that_never_counts(caseload: Callable[..., Caseload]) -> None:
    text = "  - {id: X.1, says: s, cites: c, clocks: [{every: 2 weeks}]}\n"
    visits = [{"at": date(2026, 11, 20), "status": "completed", "seen": True, "kind": "core_group"}]
    found = clauses(text, caseload(episodes=[EPISODE], visits=visits))
    assert found == {"X.1": date(2026, 11, 16)}


def test_a_plan_kind_of_the_council_s_own(caseload: Callable[..., Caseload]) -> None:
    text = "  - {id: X.1, says: s, cites: c, for: [kinship], clocks: [{every: 1 month}]}\n"
    text += "adds_kinds: [kinship]\n"
    episode = {**EPISODE, "kind": "kinship", "start": date(2026, 10, 31)}
    assert clauses(text, caseload(episodes=[episode])) == {"X.1": date(2026, 11, 30)}


@pytest.mark.parametrize(
    ("seen_on", "due"),
    [
        (date(2026, 11, 20), date(2026, 12, 1)),  # old version 11 Dec, new one 27 Nov but not before 1 Dec
        (date(2026, 11, 9), date(2026, 11, 30)),  # old version 30 Nov, before its last day
    ],
)
def test_a_clause_that_tightens_on_a_day(seen_on: date, due: date, caseload: Callable[..., Caseload]) -> None:
    text = """
  - {id: X.1, says: s, cites: c, in_force: {until: 2026-12-01}, clocks: [{every: 21 days}]}
  - {id: X.1, says: s, cites: c, in_force: {from: 2026-12-01}, clocks: [{every: 7 days}]}
"""
    visits = [{"at": seen_on, "status": "completed", "seen": True}]
    assert clauses(text, caseload(episodes=[EPISODE], visits=visits)) == {"X.1": due}


def test_a_visit_is_judged_by_the_version_of_its_day(caseload: Callable[..., Caseload]) -> None:
    text = """
  - {id: X.1, says: s, cites: c, in_force: {until: 2026-11-16}, clocks: [{every: 21 days}]}
  - id: X.1
    says: s
    cites: c
    in_force: {from: 2026-11-16}
    counts: {also_asks: [at_home]}
    clocks: [{every: 21 days}]
"""
    visits: list[dict[str, Any]] = [
        {"at": date(2026, 11, 13), "status": "completed", "seen": True},
        {"at": date(2026, 11, 20), "status": "completed", "seen": True},
    ]
    assert clauses(text, caseload(episodes=[EPISODE], visits=visits)) == {"X.1": date(2026, 12, 4)}


@pytest.mark.parametrize("file", sorted(RULES.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_schema_for_editors_accepts_each_pack(file: Path) -> None:
    value = json.loads(json.dumps(yaml.safe_load(file.read_text(encoding="utf-8")), default=str))
    jsonschema.validate(value, json_schema())


def test_the_schema_for_editors_refuses_a_misspelt_key() -> None:
    value = yaml.safe_load(HEAD + "  - {id: X.1, says: s, cites: c, clocks: [{evry: 2 days}]}\n")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, json_schema())
