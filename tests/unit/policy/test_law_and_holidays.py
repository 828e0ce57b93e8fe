"""Pack F against the councils' own, and due dates beyond the bank holidays that anybody has confirmed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.caseload.model import Caseload
from bot.policy.due import judge
from bot.policy.pack import Pack, read_pack
from bot.policy.worktime import OwnDays

RULES = Path(__file__).parents[3] / "rules"
STATUTORY = Path(__file__).parents[4] / "shared" / "data" / "statutory_rules.json"
Make = Callable[..., Caseload]
TODAY = date(2026, 11, 30)


def pack(name: str) -> Pack:
    return read_pack(f"{name}.yaml", (RULES / f"{name}.yaml").read_text(encoding="utf-8"))


def test_only_what_was_read_at_the_source_is_marked_as_verified() -> None:
    if not STATUTORY.exists():
        pytest.skip("the statutory rules as they were collected are not beside this checkout")
    rules = json.loads(STATUTORY.read_text())["rules"]
    ours = {clause.id: clause.verified for clause in pack("england-statutory").clauses}
    assert ours == {rule["id"]: rule["status"] == "sourced" for rule in rules}


def test_a_run_warns_of_unverified_clauses_in_use_and_of_no_others(caseload: Make) -> None:
    known = caseload(episodes=[{"kind": "private_fostering", "worker_id": "W1", "start": "2026-11-26"}])
    warnings = " ".join(judge(known, [pack("england-statutory")], TODAY).warnings)
    assert "PF.initial" in warnings
    assert "PF.ongoing" not in warnings, "it was read at the source"
    assert "CLA.short_breaks" not in warnings, "no child is in short breaks"
    assert "CIN.visit" not in warnings, "it asks nothing"


def test_a_council_that_allows_more_time_than_the_law_is_told_for_each_child(caseload: Make) -> None:
    text = (RULES / "measures-of-practice.yaml").read_text(encoding="utf-8")
    lax = read_pack(
        "lax.yaml",
        text.replace("{every: 20 working days}", "{every: 40 working days}").replace(
            "{id: D.8b, every: 6 weeks, for_the_first: 12 months",
            "{id: D.8b, every: 9 weeks, for_the_first: 12 months",
        ),
    )
    known = caseload(
        episodes=[
            {"child_id": child, "kind": "private_fostering", "worker_id": "W1", "start": "2026-10-01"}
            for child in ("C1", "C2")
        ],
        visits=[
            {"child_id": child, "at": f"2026-11-{day}", "status": "completed", "seen": True}
            for child, day in (("C1", 20), ("C2", 23))
        ],
    )
    found = judge(known, [lax, pack("england-statutory")], TODAY)
    said = [problem for problem in found.problems if "which is law" in problem.what]
    assert [problem.where for problem in said] == ["children.csv:C1:D.8b", "children.csv:C2:D.8b"]
    assert all(problem.effect == "warning" for problem in said)
    assert {tuple(due) for due in found.due["governed_by"]} == {("PF.ongoing",)}, "the earlier date governs"
    strict = judge(known, [pack("measures-of-practice"), pack("england-statutory")], TODAY)
    assert not [problem for problem in strict.problems if "which is law" in problem.what]


@pytest.mark.parametrize(
    ("settings", "warned"), [(None, True), (date(2027, 12, 31), True), (date(2028, 12, 31), False)]
)
def test_a_due_date_after_the_confirmed_holidays_is_warned_of_with_the_mend(
    caseload: Make, settings: date | None, warned: bool
) -> None:
    known = caseload(episodes=[{"kind": "child_in_need", "worker_id": "W1", "start": "2027-12-20"}])
    found = judge(known, [pack("measures-of-practice")], date(2027, 12, 20), OwnDays((), settings))
    said = [line for line in found.warnings if "holidays_confirmed_until" in line]
    assert bool(said) is warned
    if warned:
        assert said[0].startswith("1 due date falls after 31 December 2027")


def test_a_pack_can_carry_the_day_itself(caseload: Make) -> None:
    text = "title: T\nsource: {title: S}\ncovers: [child_in_need]\nholidays_confirmed_until: 2026-12-01\n"
    clause = "clauses: [{id: X.1, says: s, cites: c, clocks: [{every: 1 week}]}]\n"
    known = caseload(episodes=[{"kind": "child_in_need", "worker_id": "W1", "start": "2026-11-26"}])
    found = judge(known, [read_pack("x.yaml", text + clause)], TODAY)
    assert any("after 01 December 2026" in line for line in found.warnings)
