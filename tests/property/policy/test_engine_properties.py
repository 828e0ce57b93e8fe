"""Properties of every pack: what more visits, tighter frequencies and more clauses may never do.

Each example is a caseload of several children, judged at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.caseload.model import Caseload
from bot.policy import cases
from bot.policy.due import judge
from bot.policy.pack import Pack, read_pack

RULES = Path(__file__).parents[3] / "rules"
PACKS = {file.stem: read_pack(file.name, file.read_text(encoding="utf-8")) for file in RULES.glob("*.yaml")}
TODAY = date(2026, 8, 12)
KINDS = ("child_in_need", "child_protection", "in_our_care", "private_fostering", "care_order_home")
Known = tuple[dict[str, Any], list[date]]  # an episode and the days of its visits
few = settings(max_examples=6)


def build(children: Sequence[Known], today: date = TODAY) -> Caseload:
    """One child for each episode, all visits of which tick every box."""
    entry = {"case": "x", "clauses": [], "packs": [], "today": today, "reckoning": "", "expect": []}
    ids = [f"C{n:02}" for n in range(len(children))]
    rows = {
        "children": [{"child_id": id_, "date_of_birth": date(2014, 3, 1)} for id_ in ids],
        "episodes": [
            {"child_id": id_, "worker_id": "W1", **episode}
            for id_, (episode, _) in zip(ids, children, strict=True)
        ],
        "visits": [
            {"child_id": id_, **visit(day)}
            for id_, (_, days) in zip(ids, children, strict=True)
            for day in days
        ],
    }
    return cases.read(yaml.dump([{**entry, **rows}], Dumper=yaml.CSafeDumper), "here.yaml")[0].caseload


def visit(day: date) -> dict[str, Any]:
    yes = ("seen", "seen_alone", "at_home", "bedroom_seen", "sleeping_arrangements_seen")
    return {"at": day, "status": "completed", "announced": False, "finalised_at": day, "worker_id": "W1"} | (
        dict.fromkeys(yes, True)
    )


def dues(caseload: Caseload, *packs: Pack, today: date = TODAY) -> dict[str, dict[str, date]]:
    """The date of each clause on a visit, by child."""
    found: dict[str, dict[str, date]] = {}
    for row in judge(caseload, packs, today).due.filter(kind="visit").iter_rows(named=True):
        found.setdefault(row["child_id"], {}).update({part["id"]: part["due"] for part in row["clauses"]})
    return found


def earliest(found: dict[str, dict[str, date]]) -> dict[str, date]:
    return {child: min(clauses.values()) for child, clauses in found.items()}


def before(most: int) -> st.SearchStrategy[date]:
    return st.integers(0, most).map(lambda days: TODAY - timedelta(days=days))


episodes = st.builds(lambda kind, start: {"kind": kind, "start": start}, st.sampled_from(KINDS), before(500))
children = st.lists(st.tuples(episodes, st.lists(before(400), max_size=6)), min_size=1, max_size=15)
every_pack = pytest.mark.parametrize("name", sorted(PACKS))


@every_pack
@few
@given(known=children, back=st.integers(0, 30))
def test_an_extra_counted_visit_never_makes_the_next_date_earlier(
    name: str, known: list[Known], back: int
) -> None:
    more = [
        (episode, [*days, max([episode["start"], *days, TODAY - timedelta(days=back)])])
        for episode, days in known
    ]
    here, there = earliest(dues(build(known), PACKS[name])), earliest(dues(build(more), PACKS[name]))
    assert all(there[child] >= here[child] for child in there.keys() & here.keys())


@every_pack
@few
@given(known=children, weeks=st.tuples(st.integers(1, 12), st.integers(1, 12)))
def test_a_tighter_frequency_never_makes_a_date_later(
    name: str, known: list[Known], weeks: tuple[int, int]
) -> None:
    found = []
    for every in sorted(weeks):
        agreed = {"agreed_every": f"{every} weeks", "agreed_reason": "worries"}
        found.append(
            earliest(dues(build([(episode | agreed, days) for episode, days in known]), PACKS[name]))
        )
    assert found[0].keys() == found[1].keys()
    assert all(found[0][child] <= found[1][child] for child in found[0])


@few
@given(known=children)
def test_a_second_pack_never_loosens_the_first(known: list[Known]) -> None:
    caseload = build(known)
    together = earliest(dues(caseload, *PACKS.values()))
    for pack in PACKS.values():
        alone = earliest(dues(caseload, pack))
        assert all(together[child] <= alone[child] for child in alone)


@every_pack
@few
@given(
    known=st.lists(
        st.tuples(st.sampled_from(KINDS), st.integers(0, 24), st.lists(st.integers(0, 24), max_size=4)),
        min_size=1,
        max_size=15,
    ),
    weeks=st.integers(1, 2),
)
def test_shifting_every_date_by_whole_weeks_shifts_every_due_alike(
    name: str, known: list[tuple[str, int, list[int]]], weeks: int
) -> None:
    # From 2 June to the end of August there is no bank holiday. Clauses in months do not shift by weeks.
    base, shift = date(2026, 6, 29), timedelta(weeks=weeks)

    def on(day: date) -> dict[str, dict[str, date]]:
        moved = [
            ({"kind": kind, "start": day - timedelta(days=start)}, [day - timedelta(days=n) for n in days])
            for kind, start, days in known
        ]
        return dues(build(moved, day), PACKS[name], today=day)

    here, there = on(base), on(base + shift)
    months = {"A.4"}
    assert {
        (child, id_): due + shift
        for child, own in here.items()
        for id_, due in own.items()
        if id_ not in months
    } == {(child, id_): due for child, own in there.items() for id_, due in own.items() if id_ not in months}
