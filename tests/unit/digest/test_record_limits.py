"""Every outstanding record has its deadline in a list, and not only the one that presses most (C.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.caseload.plain import read
from bot.digest.gathering import gather
from bot.digest.known import Attempt, Known
from bot.digest.record_limits import record_limits
from bot.digest.records import records
from bot.policy.due import judge
from bot.policy.judgement import RecordWithin
from bot.run.snapshot import load_packs
from bot.settings import HOME

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
C3 = RecordWithin("C.3", "Recorded within 48 hours.", 48, "hours", frozenset({"child_protection"}), True)
LOOSER = RecordWithin("X.3", "Recorded within 5 days.", 5, "days", frozenset({"child_protection"}))


def known(council: Any) -> Known:
    return replace(gather(*council.given(), "number"), now=datetime.combine(MONDAY, time(9)))


def visited(council: Any, child: str, *days_ago: int) -> None:
    """Not recorded; another one is, since a council that never finishes a record is not asked to."""
    for days in days_ago:
        at = datetime.combine(MONDAY - days * DAY, time(11))
        council.visit(child, at.date(), finalised_at=None, worker_id="W1", at=at, at_timed=True)
    council.visit(child, MONDAY - 20 * DAY, finalised_at=datetime.combine(MONDAY, time()), worker_id="W1")


def listed(council: Any) -> list[tuple[str, str, int | None]]:
    return [(f"{row.at:%a}", row.clause, row.hours) for row in records(known(council), "W1").listed]


def test_both_records_of_one_child_say_how_many_hours_are_left_or_gone(council: Any) -> None:
    """C.3: what is owed is the earliest; the second of the child is as urgent as anybody's first."""
    council.records = (C3,)
    council.child("1", "AB", "W1", plan="child_protection")
    visited(council, "1", 4, 1)
    council.record_owed("1", "V0", clause="C.3", due=MONDAY - 2 * DAY)
    (first, second) = records(known(council), "W1").listed
    assert (first.clause, first.days_late) == ("C.3", 2)
    assert (second.clause, second.by_at, second.hours) == (
        "C.3",
        datetime.combine(MONDAY + DAY, time(11)),
        26,
    )


def test_a_record_whose_time_is_over_says_so_whichever_is_owed_first(council: Any) -> None:
    council.records = (C3,)
    council.child("1", "AB", "W1", plan="child_protection")
    visited(council, "1", 4, 3)
    assert listed(council) == [("Thu", "C.3", -46), ("Fri", "C.3", -22)]


def test_of_several_clauses_the_one_that_ends_first_is_named(council: Any) -> None:
    council.records = (LOOSER, C3)
    council.child("1", "AB", "W1", plan="child_protection")
    visited(council, "1", 1)
    assert listed(council) == [("Sun", "C.3", 26)]


@pytest.mark.parametrize(
    "plan",
    [
        {"kind": "child_in_need"},
        {"start": datetime.combine(MONDAY, time())},
        {"end": MONDAY - 2 * DAY},
        {"excluded_reason": "short breaks"},
    ],
)
def test_no_clause_asks_for_the_record_of_a_visit_outside_its_plans(
    council: Any, plan: dict[str, Any]
) -> None:
    council.records = (C3,)
    council.child("1", "AB", "W1", plan="child_protection")
    visited(council, "1", 1)
    council.episodes[0] |= plan
    assert listed(council) == [("Sun", "", None)]


def test_a_plan_that_has_ended_since_still_asks_for_the_record_of_its_visit(council: Any) -> None:
    council.records = (C3,)
    council.child("1", "AB", "W1", plan="child_protection")
    visited(council, "1", 1)
    council.episodes[0]["end"] = MONDAY - DAY
    assert listed(council) == [("Sun", "C.3", 26)]


def test_older_records_are_counted_as_before(council: Any) -> None:
    council.records = (C3,)
    council.child("1", "AB", "W1", plan="child_protection", start=MONDAY - 200 * DAY)
    visited(council, "1", 100)
    found = records(known(council), "W1")
    assert (found.listed, found.older) == ((), 1)


def test_of_what_is_owed_the_same_is_reckoned_as_the_policy_does() -> None:
    """The example's records that are owed: without the claim each has the deadline that the claim gives."""
    caseload = read(HOME / "config" / "caseload", MONDAY)
    judgement = judge(caseload, load_packs(("cp-statutory-visits",), HOME / "rules"), MONDAY)
    rows = caseload.visits.select("visit_id", "child_id", "worker_id", "at", "status")
    visits = [Attempt(*row, missed=False) for row in rows.iter_rows()]
    owed = record_limits(judgement, (), caseload.episodes)
    mine = [one for one in visits if one.visit_id in owed and one.at.date() >= MONDAY - 84 * DAY]
    assert mine
    unclaimed = replace(judgement, claims=judgement.claims.clear())
    assert record_limits(unclaimed, mine, caseload.episodes) == {
        one.visit_id: owed[one.visit_id] for one in mine
    }
