"""Packs side by side, and what a changed one would do to children, workers and teams."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.caseload.model import Caseload
from bot.policy.comparing import Date, compare, impact
from bot.policy.due import judge
from bot.policy.pack import Pack, read_pack

TODAY = date(2026, 11, 30)
HEAD = "title: T\nsource: {title: S}\ncovers: [child_in_need, child_protection]\nclauses:\n"


def every(period: str, kinds: str = "child_in_need, child_protection") -> Pack:
    clause = f"  - {{id: X.1, says: s, cites: c, for: [{kinds}], clocks: [{{every: {period}}}]}}\n"
    return read_pack("x.yaml", HEAD + clause)


@pytest.fixture
def known(caseload: Callable[..., Caseload]) -> Caseload:
    return caseload(
        workers=[
            {"worker_id": "W1", "email": "w1@council.test", "team": "North"},
            {"worker_id": "W2", "email": "w2@council.test", "team": "South"},
        ],
        episodes=[
            {"child_id": "C1", "kind": "child_in_need", "start": "2026-11-09", "worker_id": "W1"},
            {"child_id": "C2", "kind": "child_in_need", "start": "2026-11-26", "worker_id": "W1"},
            {"child_id": "C3", "kind": "child_protection", "start": "2026-11-26", "worker_id": "W2"},
        ],
    )


def test_each_child_has_its_date_under_each_pack(known: Caseload) -> None:
    judgements = {
        "long": judge(known, [every("4 weeks")], TODAY),
        "short": judge(known, [every("2 weeks", "child_in_need")], TODAY),
    }
    rows = {row.child_id: row for row in compare(judgements)}
    assert list(rows) == ["C1", "C2", "C3"], "the earliest first"
    assert rows["C1"].dates["long"] == Date(date(2026, 12, 7), ("X.1",))
    assert rows["C1"].dates["short"] == Date(date(2026, 11, 23), ("X.1",))
    assert rows["C1"].apart == 14
    assert rows["C3"].differs(2), "only one of them asks for a visit"
    assert rows["C3"].apart is None
    assert not any(row.differs(2) for row in compare({"a": judgements["long"], "b": judgements["long"]}))


def test_a_shorter_interval_tells_who_is_late_at_once_and_what_each_team_has_to_do(known: Caseload) -> None:
    before, after = judge(known, [every("4 weeks")], TODAY), judge(known, [every("2 weeks")], TODAY)
    found = impact(known, before, after)
    assert [one.child_id for one in found.becomes_overdue] == ["C1"]
    assert [one.child_id for one in found.earlier] == ["C1", "C2", "C3"]
    assert found.later == found.added == found.dropped == ()
    north, south = found.teams
    assert (north.team, north.a_week_before, north.a_week_after) == ("North", 0.5, 1.0)
    assert (north.overdue_before, north.overdue_after) == (0, 1)
    assert (south.team, south.a_week_before, south.a_week_after) == ("South", 0.25, 0.5)


def test_what_is_no_longer_asked_for_is_listed_and_not_lost(known: Caseload) -> None:
    before = judge(known, [every("4 weeks")], TODAY)
    after = judge(known, [every("4 weeks", "child_in_need")], TODAY)
    found = impact(known, before, after)
    assert [(one.child_id, one.after) for one in found.dropped] == [("C3", None)]
    assert [one.child_id for one in impact(known, after, before).added] == ["C3"]


def test_the_same_pack_changes_nothing(known: Caseload) -> None:
    same = judge(known, [every("4 weeks")], TODAY)
    found = impact(known, same, same)
    moved = (found.becomes_overdue, found.earlier, found.later, found.added, found.dropped)
    assert moved == ((), (), (), (), ())
    assert all(team.a_week_before == team.a_week_after for team in found.teams)
