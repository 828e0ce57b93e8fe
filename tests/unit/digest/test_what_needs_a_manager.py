"""A manager is told what is at risk, which approvals are awaited, who took whom over, before it is late."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from bot.digest.in_time import Kept, LookedBack, looked_back
from bot.digest.manager import ManagerDigest, weekly
from bot.digest.team import WorkerLine
from bot.policy.looking_back import FellDue

DAY = timedelta(days=1)
LATE = "foreseeably_late"


def digest(council: Any, back: LookedBack | None = None) -> ManagerDigest:
    more = {} if back is None else {"back": back}
    return weekly("M1", *council.given(), names="number", **more)


def line(council: Any, worker: str = "W1") -> WorkerLine:
    return next(row for row in digest(council).workers if row.worker_id == worker)


def why(council: Any, worker: str = "W1") -> list[str]:
    return [reason.why for reason in line(council, worker).at_risk]


# at risk in the coming fortnight


def test_a_visit_due_in_leave_that_nobody_covers_is_at_risk(council: Any) -> None:
    """C.8a: a named buddy does the visits."""
    council.child("1", "AB", "W2")
    council.owe("1", council.today + 9 * DAY, act_by=council.today + 4 * DAY)
    council.absences.append(
        {
            "worker_id": "W2",
            "start": council.today + 7 * DAY,
            "end": council.today + 11 * DAY,
            "kind": "planned",
        }
    )
    (reason,) = line(council, "W2").at_risk
    assert reason.why == "1 due, nobody covers"
    assert [row.child for row in reason.rows] == ["1"]
    council.absences[0]["buddy_id"] = "W1"
    assert why(council, "W2") == []


def test_a_visit_with_a_date_before_the_leave_begins_is_said_and_is_not_counted_as_at_risk(
    council: Any,
) -> None:
    """Both fall due in leave that nobody covers; one is to be made on the Thursday before."""
    begins = council.today + 7 * DAY
    for number in "12":
        council.child(number, "AB", "W2")
        council.owe(number, begins + 2 * DAY, act_by=council.today + 4 * DAY)
    council.absences.append({"worker_id": "W2", "start": begins, "end": begins + 4 * DAY, "kind": "planned"})
    council.visit("1", begins - 4 * DAY, status="scheduled")
    (reason,) = line(council, "W2").at_risk
    assert reason.why == "1 due, nobody covers"
    assert [[row.child for row in rows] for rows in (reason.rows, reason.arranged)] == [["2"], ["1"]]
    (leave,) = line(council, "W2").leave
    assert (leave.due_in_it, leave.arranged) == (2, 1)
    council.visit("2", begins - DAY, status="scheduled")
    assert why(council, "W2") == []
    council.visits[0]["at"] = council.visits[1]["at"] = datetime.combine(begins, time(10))
    assert why(council, "W2") == ["2 due, nobody covers"], "a date in the leave itself is kept by nobody"


def test_cover_by_somebody_who_is_away_on_the_very_day_is_no_cover(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today + 9 * DAY, act_by=council.today + 4 * DAY)
    away = {"kind": "planned", "end": council.today + 11 * DAY}
    council.absences.append({"worker_id": "W1", "start": council.today + 7 * DAY, **away})
    assert why(council) == []
    council.absences.append({"worker_id": "W2", "start": council.today + 9 * DAY, "buddy_id": "W1", **away})
    assert why(council) == ["1 due, nobody covers"]
    assert digest(council).leave_without_cover == 2  # each is the other's cover


def test_a_visit_planned_for_after_it_is_due_is_at_risk(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today + 2 * DAY)
    council.visit("1", council.today + 4 * DAY, status="scheduled")
    assert why(council) == ["1 planned too late"]


def test_a_retry_that_is_owed_is_at_risk_until_it_is_late(council: Any) -> None:
    """B.7: a child who was not seen is visited again."""
    council.child("1", "AB", "W1")
    council.owe("1", council.today + DAY)
    council.visit("1", council.today - DAY, status="failed")
    assert why(council) == ["1 to try again"]
    council.due.clear()
    council.owe("1", council.today - DAY)
    assert why(council) == []


def test_more_homes_than_the_days_at_work_allow_are_a_risk_and_a_household_is_one_home(council: Any) -> None:
    council.workers[1]["works"] = ["mon", "tue"]
    for number in range(7):
        council.child(str(number), "AB", "W1", household_id=f"H{number}")
        council.owe(str(number), council.today + DAY)
    assert why(council) == ["7 homes by Tue 24 Nov, 2 days at work"]
    council.children[6]["household_id"] = "H0"
    assert why(council) == []


def test_what_is_due_after_the_fortnight_is_not_yet_at_risk(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today + 14 * DAY)
    council.visit("1", council.today + 16 * DAY, status="scheduled")
    assert why(council) == []


def test_of_two_workers_who_are_equally_late_the_one_more_at_risk_stands_first(council: Any) -> None:
    council.child("1", "AB", "W2")
    council.owe("1", council.today + 2 * DAY)
    council.visit("1", council.today + 4 * DAY, status="scheduled")
    council.child("2", "AB", "W1")
    council.owe("2", council.today + 2 * DAY)
    assert [row.worker_id for row in digest(council).workers] == ["W2", "W1"]


def test_a_workers_load_says_how_many_cases_are_the_most_difficult(council: Any) -> None:
    """C.7g: a visit is as difficult as the highest of the child's open episodes."""
    for number, difficulty in (("1", 3), ("2", 1), ("3", None)):
        council.child(number, "AB", "W1")
        council.episodes[-1]["difficulty"] = difficulty
    council.episodes.append({**council.episodes[0], "episode": 9, "difficulty": 2})
    found = line(council)
    assert (found.children, found.difficult, line(council, "W2").difficult) == (3, 1, None)


# approvals awaited


def test_a_visit_going_out_of_timescale_awaits_approval_whether_or_not_it_was_asked_for(council: Any) -> None:
    """C.8e: the manager's advice is sought, and the manager records it."""
    for number in "12":
        council.child(number, "AB", "W1")
        council.raise_concern(number, "C.8e", ("manager",), "Going out of timescale", "the record", LATE)
    council.says = {"C.8e": "Where a visit is going to be late"}
    council.approvals.append({"child_id": "2", "clause": "C.8e", "asked_on": council.today - 2 * DAY})
    found = digest(council)
    (group,) = found.approvals
    assert [(row.child, row.asked_on) for row in group.rows] == [("1", None), ("2", council.today - 2 * DAY)]
    assert found.concerns == ()
    assert found.waiting == ("2 approvals to record",)


def test_an_approval_awaited_names_the_day_before_the_timescale_by_which_the_child_is_owed_a_visit(
    council: Any,
) -> None:
    """C.8e: its day is the timescale's; B.3 may ask for the child before."""
    for number, days in (("1", -6), ("2", -4)):
        council.child(number, "AB", "W1")
        council.owe(number, council.today + days * DAY)
        council.raise_concern(number, "C.8e", ("manager",), "Going out of timescale", "the record", LATE)
    (group,) = digest(council).approvals
    assert [(row.child, row.sooner) for row in group.rows] == [("1", council.today - 6 * DAY), ("2", None)]


def test_a_request_that_the_visit_itself_has_answered_is_awaited_no_more(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.says, council.approval_clauses = {"C.8e": "Late"}, frozenset({"C.8e"})
    council.approvals.append({"child_id": "1", "clause": "C.8e", "asked_on": council.today - 2 * DAY})
    assert digest(council).approvals == ()


@pytest.mark.parametrize(
    ("recorded", "awaited"), [(None, True), (-3, True), (-2, False), (-1, False), (2, True)]
)
def test_a_sign_off_is_awaited_until_it_is_recorded_d15(
    council: Any, recorded: int | None, awaited: bool
) -> None:
    council.child("1", "AB", "W1")
    council.says = {"D.15": "Signed off by who may."}
    row = {"child_id": "1", "clause": "D.15"}
    council.approvals.append({**row, "asked_on": council.today - 2 * DAY})
    if recorded is not None:
        council.approvals.append({**row, "recorded_on": council.today + recorded * DAY})
    assert bool(digest(council).approvals) == awaited


def test_a_sign_off_that_no_chosen_pack_asks_for_is_not_awaited(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.approvals.append({"child_id": "1", "clause": "D.15", "asked_on": council.today - 2 * DAY})
    assert digest(council).approvals == ()


# changes of worker


def moved(council: Any, days_ago: int, **more: Any) -> None:
    council.child("1", "AB", "W1", **more)
    council.episodes[-1]["worker_since"] = council.today - days_ago * DAY


def test_a_child_who_changed_worker_is_told_with_who_went_before_and_what_is_due_next(council: Any) -> None:
    moved(council, 3)
    council.visit("1", council.today - 20 * DAY, worker_id="W2")
    council.visit("1", council.today - 40 * DAY, worker_id="W1")
    council.owe("1", council.today - DAY)
    (found,) = digest(council).changes
    assert (found.before, found.now, found.since) == ("Sam Okoro", "Amira Khan", council.today - 3 * DAY)
    assert (found.due, found.days_late, found.planned) == (council.today - DAY, 1, None)


def test_where_the_visits_do_not_tell_who_went_before_nobody_is_named(council: Any) -> None:
    moved(council, 3)
    council.visit("1", council.today - 10 * DAY, worker_id="W1")
    council.visit("1", council.today - DAY, worker_id="W2")
    assert [row.before for row in digest(council).changes] == [""]


@pytest.mark.parametrize(("days_ago", "told"), [(0, True), (7, True), (8, False), (-1, False)])
def test_a_change_is_told_for_a_week(council: Any, days_ago: int, told: bool) -> None:
    moved(council, days_ago)
    assert bool(digest(council).changes) == told


def test_the_first_worker_of_a_plan_took_nobody_over(council: Any) -> None:
    moved(council, 3, start=council.today - 3 * DAY)
    assert digest(council).changes == ()


# the last twelve weeks


def fell(*rows: tuple[str | None, date, str]) -> pl.DataFrame:
    given = [
        {"child_id": "1", "worker_id": worker, "plan_kind": "child_in_need", "due": due, "outcome": outcome}
        for worker, due, outcome in rows
    ]
    return pl.DataFrame(given, schema=FellDue.create_empty().schema)


def test_the_share_is_of_what_fell_due_and_not_done_is_no_record_to_finish(council: Any) -> None:
    last = council.today - 3 * DAY
    outcomes = ("in_time", "late", "not_recorded", "not_done")
    back = looked_back(fell(*(("W1", last, outcome) for outcome in outcomes)), council.today)
    council.child("1", "AB", "W1")
    found = digest(council, back)
    assert found.trend.whole == Kept(1, 1, 1, 1)
    assert found.trend.whole.share == 25
    assert found.workers[0].kept == found.plans[0].kept == found.trend.weeks[-1].kept == Kept(1, 1, 1, 1)


def test_the_twelve_weeks_are_whole_ones_and_what_is_owed_from_before_counts_against_them(
    council: Any,
) -> None:
    first, last = council.today - 84 * DAY, council.today - DAY
    rows = [("W1", first, "in_time"), ("W1", last, "in_time"), ("W1", first - DAY, "not_done")]
    back = looked_back(fell(*rows, ("W1", council.today, "not_done")), council.today)
    trend = back.of(["W1"])
    assert back.worker("W1") == trend.whole
    assert [week.kept.fell_due for week in trend.weeks] == [1, *[0] * 10, 1]
    assert (trend.older, trend.whole) == (Kept(not_done=1), Kept(in_time=2, not_done=1))
    assert (trend.earlier.share, trend.lately.share) == (100, 100)


def test_another_teams_weeks_are_not_in_the_trend(council: Any) -> None:
    council.manager("M2", "Bola Hart")
    council.worker("W9", "Jo Bright", manager_id="M2")
    back = looked_back(
        fell(("W9", council.today - DAY, "late"), (None, council.today, "late")), council.today
    )
    assert digest(council, back).trend.whole == Kept()


def test_a_hundred_per_cent_means_all() -> None:
    assert (Kept(in_time=999, late=1).share, Kept(in_time=3).share, Kept().share) == (99, 100, 0)


def test_a_concern_about_a_child_without_a_worker_goes_to_the_team_that_saw_it_last(council: Any) -> None:
    council.child("1", "AB", None)
    council.visit("1", council.today - 30 * DAY, worker_id="W1")
    council.raise_concern("1", "A.8b", ("manager",), "Not seen", "a visit")
    assert [group.clause for group in digest(council).concerns] == ["A.8b"]


def test_a_planned_time_of_day_is_kept(council: Any) -> None:
    moved(council, 3)
    council.owe("1", council.today + 3 * DAY)
    ten = datetime(2026, 11, 25, 10)
    council.visit("1", ten.date(), status="scheduled", at=ten, at_timed=True)
    assert [row.planned for row in digest(council).changes] == [ten]
