"""A morning's mail comes only where something is due today or tomorrow, and only to who is at work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.digest.gathering import gather
from bot.digest.known import Known
from bot.digest.morning import Morning, morning_for
from bot.digest.records import records
from bot.rendering import mail

DAY = timedelta(days=1)
WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def council(council: Any) -> Any:
    council.today = WEDNESDAY
    return council


def known(council: Any) -> Known:
    return gather(*council.given(), "number")


def sent(council: Any, worker: str = "W1") -> Morning | None:
    return morning_for(known(council), worker)


def test_nothing_due_by_tomorrow_is_no_mail(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", WEDNESDAY + 2 * DAY)
    assert sent(council) is None


def test_today_and_tomorrow_are_told_apart(council: Any) -> None:
    for number, ahead in (("1", 1), ("2", 0)):
        council.child(number, "AB", "W1")
        council.owe(number, WEDNESDAY + ahead * DAY)
    found = sent(council)
    assert found is not None
    assert [[row.child_id for row in rows] for rows in (found.due_today, found.due_tomorrow)] == [
        ["2"],
        ["1"],
    ]


def test_what_must_be_done_today_because_the_worker_is_off_then_is_due_today(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", WEDNESDAY + 9 * DAY, act_by=WEDNESDAY)
    found = sent(council)
    assert found is not None
    assert len(found.due_today) == 1


def test_an_overdue_visit_alone_is_no_reason_for_a_mail_and_stands_first_in_one(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", WEDNESDAY - DAY)
    assert sent(council) is None
    council.child("2", "AB", "W1")
    council.owe("2", WEDNESDAY)
    found = sent(council)
    assert found is not None
    assert [row.child_id for row in found.overdue] == ["1"]
    assert [row.child_id for row in found.due_today] == ["2"]


def test_what_is_overdue_is_listed_hardest_first_and_counted_in_the_subject(council: Any) -> None:
    for number, ahead in (("1", -1), ("2", -9), ("3", 1)):
        council.child(number, "AB", "W1")
        council.owe(number, WEDNESDAY + ahead * DAY)
    found = sent(council)
    assert found is not None
    assert [row.child_id for row in found.overdue] == ["2", "1"]
    made = mail.morning(found, mail.MailWords("Wrong?", ""))
    assert made.subject == "Today and tomorrow: 1 due, 2 overdue · 25 Nov"
    assert "* 2: OVERDUE 9 days, was due Mon 16 Nov, Visit" in made.text
    assert made.text.index("* 2: OVERDUE") < made.text.index("* 1: OVERDUE") < made.text.index("DUE TOMORROW")


def test_an_overdue_visit_to_cover_is_listed_and_never_a_restricted_childs(council: Any) -> None:
    for number, restricted in (("1", False), ("2", True)):
        council.child(number, "AB", "W1", restricted=restricted)
        council.owe(number, WEDNESDAY - 2 * DAY, needs_cover=True, cover_id="W2")
    assert sent(council, "W2") is None
    council.child("3", "AB", "W2")
    council.owe("3", WEDNESDAY)
    found = sent(council, "W2")
    assert found is not None
    assert [row.child_id for row in found.covering_overdue] == ["1"]
    text = mail.morning(found, mail.MailWords("Wrong?", "")).text
    assert "* You cover for Amira Khan: 1: OVERDUE 2 days" in text


def test_records_that_are_late_are_counted_c3(council: Any) -> None:
    """C.3: recorded within 48 hours."""
    council.child("1", "AB", "W1")
    visit = council.visit("1", WEDNESDAY - 6 * DAY, finalised_at=None, worker_id="W1")
    council.record_owed("1", visit, clause="C.3", due=WEDNESDAY - 4 * DAY)
    assert sent(council) is None
    council.owe("1", WEDNESDAY)
    found = sent(council)
    assert found is not None
    assert (found.records, found.late_records) == ((), 1)


def test_a_record_to_finish_by_tomorrow_is_due_c3(council: Any) -> None:
    """C.3: recorded within 48 hours."""
    council.child("1", "AB", "W1")
    visit = council.visit("1", WEDNESDAY - DAY, finalised_at=None, worker_id="W1")
    council.record_owed("1", visit, clause="C.3", due=WEDNESDAY + DAY)
    found = sent(council)
    assert found is not None
    assert [row.clause for row in found.records] == ["C.3"]


@pytest.mark.parametrize("off", [{"works": ["mon", "tue"]}, {}])
def test_who_is_not_at_work_today_gets_none(council: Any, off: dict[str, Any]) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", WEDNESDAY)
    assert sent(council) is not None
    council.workers[1].update(off)
    if not off:
        council.absences.append({"worker_id": "W1", "start": WEDNESDAY, "end": WEDNESDAY, "kind": "planned"})
    assert sent(council) is None


def test_whoever_covers_is_told_of_the_visit_and_never_of_a_restricted_child(council: Any) -> None:
    for number, restricted in (("1", False), ("2", True)):
        council.child(number, "AB", "W1", restricted=restricted)
        council.owe(number, WEDNESDAY, needs_cover=True, cover_id="W2")
    found = sent(council, "W2")
    assert found is not None
    assert [row.child_id for row in found.covering] == ["1"]


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 25, 7, 15), 26),
        (datetime(2026, 11, 26, 9, 59), 0),
        (datetime(2026, 11, 26, 10, 30), -1),
        (datetime(2026, 11, 27, 12), -26),
    ],
)
def test_the_hours_left_or_gone_for_a_record_are_said_c3(council: Any, now: datetime, hours: int) -> None:
    """C.3: 48 hours after the visit; a begun hour too late is an hour too late."""
    council.child("1", "AB", "W1")
    visit = council.visit("1", WEDNESDAY - DAY, finalised_at=None, worker_id="W1")
    council.record_owed("1", visit, clause="C.3", due=WEDNESDAY + DAY)
    limit = known(council).record_by[visit]
    due_at = datetime.combine(WEDNESDAY + DAY, time(10))
    one = replace(known(council), now=now, record_by={visit: replace(limit, due_at=due_at)})
    (row,) = records(one, "W1").listed
    assert row.hours == hours
    assert row.hours_over == max(0, -hours)


def test_hours_are_elapsed_hours_when_the_clocks_go_back_c3(council: Any) -> None:
    """On 25 October 2026 a day has 25 hours."""
    council.child("1", "AB", "W1")
    visit = council.visit("1", date(2026, 10, 24), finalised_at=None, worker_id="W1")
    council.record_owed("1", visit, clause="C.3", due=date(2026, 10, 26))
    limit = replace(known(council).record_by[visit], due_at=datetime(2026, 10, 26, 9))
    one = replace(known(council), now=datetime(2026, 10, 24, 10), record_by={visit: limit})
    assert records(one, "W1").listed[0].hours == 48
