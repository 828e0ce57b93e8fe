"""A worker's Monday list holds the least that must happen this week, hardest deadline first (C.7d)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.diary.said import Said
from bot.digest.records import BLANK
from bot.digest.said import told
from bot.digest.worker import WorkerList, monday_list, monday_lists
from bot.policy.counting import BOXES
from bot.policy.judgement import ClauseDue

DAY = timedelta(days=1)


def listed(council: Any, worker: str = "W1", names: Any = "initials_and_number") -> WorkerList:
    return monday_list(worker, *council.given(), names=names)


def shown(rows: Any) -> list[str]:
    return [row.child for row in rows]


def test_the_oldest_overdue_visit_stands_first_with_its_days_late(council: Any) -> None:
    for number, late in (("1", 2), ("2", 9), ("3", 5)):
        council.child(number, "AB", "W1")
        council.owe(number, council.today - late * DAY)
    assert [(row.child, row.days_late) for row in listed(council).overdue] == [
        ("A.B. 2", 9),
        ("A.B. 3", 5),
        ("A.B. 1", 2),
    ]


def test_brothers_and_sisters_stand_together_at_the_hardest_ones_place(council: Any) -> None:
    for number, home, late in (("1", "H1", 9), ("2", "H2", 7), ("3", "H1", 2)):
        council.child(number, "AB", "W1", household_id=home)
        council.owe(number, council.today - late * DAY)
    rows = listed(council).overdue
    assert shown(rows) == ["A.B. 1", "A.B. 3", "A.B. 2"]
    assert rows[0].siblings == ("A.B. 3",)
    assert rows[2].siblings == ()


def test_a_sibling_held_by_another_worker_is_not_shown(council: Any) -> None:
    council.child("1", "AB", "W1", household_id="H1")
    council.child("2", "CD", "W2", household_id="H1")
    for number in "12":
        council.owe(number, council.today)
    assert listed(council).this_week[0].siblings == ()


def test_what_is_due_next_week_while_the_worker_is_away_is_this_weeks_work(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today + 9 * DAY, act_by=council.today + 4 * DAY)
    assert shown(listed(council).this_week) == ["A.B. 1"]


def test_what_is_due_later_is_counted_and_the_first_of_it_named(council: Any) -> None:
    for number, ahead in (("1", 20), ("2", 15)):
        council.child(number, "AB", "W1")
        council.owe(number, council.today + ahead * DAY)
    found = listed(council)
    assert (found.later, found.next_due) == (2, council.today + 15 * DAY)


def test_a_list_made_on_a_weekend_speaks_of_the_coming_week(council: Any) -> None:
    council.today = date(2026, 11, 28)
    council.child("1", "AB", "W1")
    council.owe("1", date(2026, 12, 4))
    found = listed(council)
    assert found.week.starts == date(2026, 11, 30)
    assert shown(found.this_week) == ["A.B. 1"]


def test_a_worker_with_nothing_owed_still_gets_a_list_that_says_so(council: Any) -> None:
    lists = {found.worker_id: found for found in monday_lists(*council.given(), names="number")}
    assert set(lists) == {"W1", "W2"}
    assert lists["W1"].nothing_owed


def test_a_worker_who_holds_no_role_but_a_child_gets_a_list(council: Any) -> None:
    council.worker("X9", "Jo Bright", role=None)
    council.child("1", "AB", "X9")
    assert "X9" in {found.worker_id for found in monday_lists(*council.given(), names="number")}


def test_after_a_failed_visit_the_list_says_to_try_again(council: Any) -> None:
    """B.7: a child who was not seen is visited again."""
    council.child("1", "AB", "W1")
    council.owe("1", council.today)
    council.visit("1", council.today - 3 * DAY, status="failed")
    assert "did not take place" in listed(council).this_week[0].try_again
    assert listed(council).try_again == 1


def test_a_failed_visit_before_the_last_counted_one_is_past(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today, last_seen=council.today - 2 * DAY)
    council.visit("1", council.today - 3 * DAY, status="failed")
    assert listed(council).this_week[0].try_again == ""


def test_not_done_and_done_but_not_recorded_are_told_apart(council: Any) -> None:
    """A.9: a visit whose day has passed, neither held nor missed, may have been made."""
    for number in "12":
        council.child(number, "AB", "W1")
        council.owe(number, council.today - DAY)
    council.visit("1", council.today - 2 * DAY, status="scheduled")
    found = listed(council)
    done = {row.child: row.perhaps_done for row in found.overdue}
    assert done == {
        "A.B. 1": "A visit was to be made on Sat 21 Nov, and the record does not say how it went.",
        "A.B. 2": "",
    }
    assert [(record.child, record.held) for record in found.records] == [("A.B. 1", False)]


def test_the_next_date_in_the_record_is_shown_beside_the_visit(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today + 3 * DAY)
    ten = datetime(2026, 11, 25, 10)
    council.visit("1", ten.date(), status="scheduled", at=ten, at_timed=True)
    assert listed(council).this_week[0].planned == ten


def test_unfinished_records_are_listed_with_the_visit_they_are_of(council: Any) -> None:
    """B.11 and E.7 set no time; C.3's 48 hours come with its claim."""
    council.child("1", "AB", "W1")
    visit = council.visit("1", council.today - 4 * DAY, worker_id="W1")
    council.visit("1", council.today - 40 * DAY, worker_id="W1", finalised_at=datetime(2026, 10, 15))
    council.record_owed("1", visit, clause="C.3", due=council.today - 2 * DAY)
    records = listed(council).records
    assert [(r.child, r.clause, r.days_late, r.unfinished) for r in records] == [("A.B. 1", "C.3", 2, True)]
    assert listed(council).unfinished == 1


def test_a_council_that_never_says_when_records_were_finished_is_not_told_that_all_are_unfinished(
    council: Any,
) -> None:
    council.child("1", "AB", "W1")
    council.visit("1", council.today - 4 * DAY, worker_id="W1")
    assert listed(council).records == ()


def test_old_unfinished_records_are_counted_and_do_not_bury_the_week(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.visit("1", council.today - 200 * DAY, worker_id="W1")
    council.visit("1", council.today - 4 * DAY, worker_id="W1", finalised_at=datetime(2026, 11, 20))
    found = listed(council)
    assert (found.records, found.older_records, found.unfinished) == ((), 1, 1)


def test_a_visit_that_does_not_count_names_the_box_that_is_wanting(council: Any) -> None:
    """C.4: until seen-alone has an answer the child reads as not seen."""
    council.child("1", "AB", "W1")
    council.owe("1", council.today)
    visit = council.visit("1", council.today - DAY, worker_id="W1", finalised_at=datetime(2026, 11, 22))
    council.not_counted("1", visit, "W1", "C.4", "“seen alone” has no answer")
    assert [record.wanting for record in listed(council).records] == [("C.4: “seen alone” has no answer",)]


def test_a_visit_that_no_pen_can_mend_is_said_on_what_is_still_owed_and_is_no_record_to_finish(
    council: Any,
) -> None:
    """A.3: only a visit at home counts; one elsewhere was made, and the child is still owed one."""
    council.child("1", "AB", "W1")
    council.owe("1", council.today, clause="A.3")
    visit = council.visit("1", council.today - 3 * DAY, worker_id="W1", finalised_at=datetime(2026, 11, 22))
    council.not_counted("1", visit, "W1", "A.3", "it was not at home")
    council.not_counted("1", visit, "W1", "Z.9", "a clause of another visit")
    found = listed(council)
    assert found.this_week[0].not_counted == (
        "The visit of Fri 20 Nov does not count for A.3: it was not at home.",
    )
    assert found.records == ()
    assert found.try_again == 0


def test_every_blank_box_of_the_policies_is_one_that_a_pen_can_mend() -> None:
    """Held against policy's own words: a record is listed by them."""
    blanks = {box.blank for box in BOXES.values() if getattr(box, "blank", "")}
    assert blanks
    assert all(BLANK in blank for blank in blanks)


def test_own_leave_ahead_names_who_covers_and_how_much_falls_due(council: Any) -> None:
    """C.8a: a named buddy does the visits; a restricted child's are for the manager to arrange."""
    council.child("1", "AB", "W1")
    council.child("2", "CD", "W1", restricted=True)
    council.absences.append(
        {
            "worker_id": "W1",
            "start": council.today + 7 * DAY,
            "end": council.today + 11 * DAY,
            "kind": "planned",
        }
    )
    for number in "12":
        council.owe(number, council.today + 8 * DAY)
    leave = listed(council).leave[0]
    assert (leave.cover, leave.due_in_it, leave.for_the_manager) == ("Sam Okoro", 2, 1)


def test_a_risk_at_the_address_stands_on_every_visit_there(council: Any) -> None:
    """E.5: a dangerous address is relayed to everyone who may go, the one who covers included."""
    council.child("1", "AB", "W1", household_id="H1")
    council.risks.append(
        {"household_id": "H1", "risk": "Dog", "to": "workers", "recorded_on": council.today - 30 * DAY}
    )
    council.owe("1", council.today, needs_cover=True, cover_id="W2")
    assert "Dog" in listed(council).this_week[0].risks[0]
    assert "Dog" in listed(council, "W2").covering[0].risks[0]


@pytest.mark.parametrize(
    ("due", "start", "end", "is_listed"),
    [
        (2, -1, None, True),
        (2, -1, 2, False),
        (2, -1, 1, True),
        (2, 1, 9, True),
        (-1, -1, 1, True),
        (-1, -1, 6, False),
    ],
)
def test_whoever_is_away_from_now_until_a_visit_is_due_is_not_told_to_cover_it_and_the_manager_is(
    council: Any, due: int, start: int, end: int | None, is_listed: bool
) -> None:
    """Who is there on any day on which it can still be made keeps the line."""
    council.child("1", "A.B.", "W1")
    day = timedelta(days=1)
    until = None if end is None else council.today + end * day
    council.absences.append(
        {"worker_id": "W2", "start": council.today + start * day, "end": until, "kind": "unplanned"}
    )
    council.owe("1", council.today + due * day, needs_cover=True, cover_id="W2")
    assert bool(listed(council, "W2").covering) == is_listed
    if not is_listed:
        (row, *_) = [*listed(council, "W1").overdue, *listed(council, "W1").this_week]
        assert (row.uncovered, row.cover) == (
            True,
            "Sam Okoro, who is named to cover, is away too: nobody covers",
        )


def test_b7_a_brief_visit_that_another_policy_counts_is_tried_again_where_a_clause_counts_from_it(
    council: Any,
) -> None:
    council.child("1", "A.B.", "W1")
    council.visit("1", council.today - DAY, seen=True, brief=True)
    seen = council.today - DAY
    again = ClauseDue(
        "B.7",
        council.today + DAY,
        None,
        "tried again",
        datetime.combine(seen, datetime.min.time()),
        "attempt",
        "2 working days",
    )
    council.owe("1", council.today + 2 * DAY, last_seen=seen, more=(again,))
    found = listed(council)
    assert [row.try_again for row in found.this_week] == [
        "The visit of Sun 22 Nov did not see the child, or only briefly."
    ]
    assert found.try_again == 1


def test_a_brief_visit_that_counts_and_from_which_nothing_is_tried_again_is_not_said_to_be(
    council: Any,
) -> None:
    council.child("1", "A.B.", "W1")
    visit = council.visit("1", council.today - DAY, seen=True, brief=True)
    council.not_counted("1", visit, "W1", "B.2", "it was brief")
    council.owe("1", council.today + 2 * DAY, last_seen=council.today - DAY)
    (row,) = listed(council).this_week
    assert row.try_again == ""
    assert [("B.2" in said, "brief" in said) for said in row.not_counted] == [(True, True)]


@pytest.mark.parametrize(
    ("due", "goes", "said"),
    [
        (3, "W1", (True, True)),
        (9, "W1", (False, True)),
        (3, "W2", (True, False)),
        (-1, "W1", (False, True)),
    ],
)
def test_a_visit_planned_for_after_it_is_due_or_in_the_workers_own_leave_says_so(
    council: Any, due: int, goes: str, said: tuple[bool, bool]
) -> None:
    """Somebody else may go in that time; of an overdue visit it is plain that any day is too late."""
    council.child("1", "A.B.", "W1")
    council.visit("1", council.today + 8 * DAY, status="scheduled", worker_id=goes)
    away = {"start": council.today + 7 * DAY, "end": council.today + 9 * DAY, "kind": "planned"}
    council.absences.append({"worker_id": "W1"} | away)
    council.owe("1", council.today + due * DAY)
    found = listed(council)
    (row,) = (*found.overdue, *found.this_week, *found.next_week)
    assert (row.planned_late, row.planned_in_leave) == said


def test_whoever_covers_sees_the_visit_and_whose_it_is(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today, needs_cover=True, cover_id="W2")
    assert [(row.child, row.worker) for row in listed(council, "W2").covering] == [("A.B. 1", "Amira Khan")]


@given(restricted=st.booleans(), kind=st.sampled_from(["visit", "contact", "decision", "return_interview"]))
@settings(max_examples=20, deadline=None)
def test_a_restricted_child_is_shown_to_its_own_worker_alone(
    new_council: Callable[[], Any], restricted: bool, kind: str
) -> None:
    council = new_council()
    council.worker("W1", "Amira Khan", buddy_id="W2")
    council.worker("W2", "Sam Okoro")
    council.child("777", "AB", "W1", restricted=restricted)
    council.owe("777", council.today, kind=kind, needs_cover=True, cover_id="W2")
    council.raise_concern("777", "A.8a", ("manager", "worker"), "Two visits in a row", "a visit")
    assert "777" in repr(listed(council, "W1"))
    assert ("777" in repr(listed(council, "W2"))) is not restricted
    assert ("Sam" in repr(listed(council, "W1").this_week)) is not restricted


@given(ahead=st.lists(st.integers(-40, 40), max_size=12), weekday=st.integers(0, 6), early=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_everything_owed_stands_in_the_list_exactly_once(
    new_council: Callable[[], Any], ahead: list[int], weekday: int, early: int
) -> None:
    council = new_council()
    council.today += weekday * DAY
    council.worker("W1", "Amira Khan")
    for number, days in enumerate(ahead):
        council.child(str(number), "AB", "W1")
        due = council.today + days * DAY
        council.owe(str(number), due, act_by=max(council.today, due - early * DAY))
    found = listed(council)
    rows = [*found.overdue, *found.this_week, *found.next_week]
    assert len(rows) + found.later == len(ahead)
    assert len({row.child for row in rows}) == len(rows)
    assert all(row.due < council.today for row in found.overdue)
    assert all(row.due >= council.today for row in (*found.this_week, *found.next_week))


@pytest.mark.parametrize(
    ("now", "says", "over"),
    [
        (datetime(2026, 11, 30, 20), "38 hours left to record it (C.3).", False),
        (datetime(2026, 12, 2, 9, 30), "0 hours left to record it (C.3).", False),
        (datetime(2026, 12, 2, 11, 30), "the time to record it ended 1 hour ago (C.3).", True),
    ],
)
def test_c3_a_visit_said_to_be_done_tells_the_hours_left_or_gone(
    council: Any, now: datetime, says: str, over: bool
) -> None:
    at = datetime(2026, 11, 30, 10, 12)
    clause = ClauseDue("C.3", date(2026, 12, 2), at + timedelta(hours=48), "", at, "said done", "48 hours")
    council.child("1", "AB", "W1")
    council.owe("1", council.today)
    found = told(Said(council.given()[0][0], "", at, clause), now, now.date())
    assert found.words == f"Said to be done on Mon 30 Nov, 10:12, not yet recorded: {says}"
    assert found.over == over


def test_a_visit_said_to_be_done_with_no_time_set_for_its_record_says_just_that(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today)
    said = Said(council.given()[0][0], "", datetime(2026, 11, 30), None)
    found = told(said, datetime(2026, 12, 2), date(2026, 12, 2))
    assert found.words == "Said to be done on Mon 30 Nov, not yet recorded."
