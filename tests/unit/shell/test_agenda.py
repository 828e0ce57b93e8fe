"""The agenda says what should have happened by now and has not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import Daily, Through, Weekly, due_runs

TIMETABLE = (
    Daily("diaries", time(6, 30)),
    Through("notices", time(7, 0), time(18, 0), timedelta(hours=1)),
    Weekly("worker_list", "mon", time(7, 30)),
    Weekly("manager_digest", "mon", time(8, 0)),
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31))


def names(now: datetime, done: set[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
    return [(due.job, due.slot) for due in due_runs(now, done or set(), TIMETABLE)]


def test_on_monday_morning_each_job_is_due_from_its_own_minute() -> None:
    monday = date(2026, 11, 23)
    at = lambda h, m: datetime.combine(monday, time(h, m))  # noqa: E731
    last_week = {("worker_list", "2026-11-16"), ("manager_digest", "2026-11-16")}
    looked = {("notices", at(hour, 0).isoformat(timespec="minutes")) for hour in (7, 8)}
    last_week |= looked
    assert names(at(6, 29), last_week) == []
    assert names(at(6, 30), last_week) == [("diaries", "2026-11-23")]
    assert names(at(7, 30), last_week) == [("diaries", "2026-11-23"), ("worker_list", "2026-11-23")]
    assert names(at(8, 0), last_week)[-1] == ("manager_digest", "2026-11-23")


def test_c7d_a_monday_list_missed_on_monday_is_due_on_wednesday_and_only_once() -> None:
    wednesday = datetime(2026, 11, 25, 9, 0)
    assert ("worker_list", "2026-11-23") in names(wednesday)
    assert ("worker_list", "2026-11-23") not in names(wednesday, {("worker_list", "2026-11-23")})


@pytest.mark.parametrize(
    ("begun", "owed"),
    [
        ("2026-11-29T10:00", False),  # a first start on Sunday
        ("2026-11-24T09:00", False),
        ("2026-11-23T07:00", True),
        ("2026-11-23T16:00", True),  # a store lost on Monday, and begun anew that day
        ("2026-11-09T16:00", True),
    ],
)
def test_a_new_service_leaves_alone_the_lists_of_a_week_that_began_long_before_it(
    begun: str, owed: bool
) -> None:
    sunday, since = datetime(2026, 11, 29, 10), datetime.fromisoformat(begun)
    due = {one.job for one in due_runs(sunday, set(), TIMETABLE, begun=since)}
    assert (
        {"worker_list", "manager_digest"} <= due
        if owed
        else {"worker_list", "manager_digest"}.isdisjoint(due)
    )
    assert "diaries" in due, "diaries are kept at once"
    asked = {one.job for one in due_runs(sunday, set(), TIMETABLE)}
    assert {"worker_list", "manager_digest"} <= asked, "whoever asks has this week's"


@given(MOMENTS, st.integers(0, 60 * 24 * 21))
def test_a_store_that_is_a_week_old_or_more_changes_nothing_of_what_is_due(
    now: datetime, minutes: int
) -> None:
    begun = now - timedelta(days=8, minutes=minutes)
    assert due_runs(now, set(), TIMETABLE, begun=begun) == due_runs(now, set(), TIMETABLE)


def test_last_weeks_list_is_never_sent_this_week() -> None:
    before_the_hour = datetime(2026, 11, 30, 7, 0)
    assert all(job in {"diaries", "notices"} for job, _slot in names(before_the_hour))


@given(MOMENTS)
def test_what_is_due_lies_in_the_past_of_the_same_week(now: datetime) -> None:
    monday = now.date() - timedelta(days=now.weekday())
    for due in due_runs(now, set(), TIMETABLE):
        assert due.since <= now
        assert due.since.date() >= monday


@given(MOMENTS, st.integers(1, 60 * 24 * 10))
def test_asking_every_minute_and_doing_what_is_due_does_each_slot_once(start: datetime, minutes: int) -> None:
    """However long the machine slept, a job in its slot is done once."""
    done: list[tuple[str, str]] = []
    for now in (start, start + timedelta(minutes=1), start + timedelta(minutes=minutes)):
        done += [(due.job, due.slot) for due in due_runs(now, set(done), TIMETABLE)]
    assert len(done) == len(set(done))
    assert not due_runs(start + timedelta(minutes=minutes), set(done), TIMETABLE)


THROUGH = st.builds(
    Through,
    job=st.just("notices"),
    starts=st.times(time(0), time(11)).map(lambda one: one.replace(second=0, microsecond=0)),
    ends=st.times(time(12), time(23, 50)).map(lambda one: one.replace(second=0, microsecond=0)),
    every=st.integers(5, 720).map(lambda minutes: timedelta(minutes=minutes)),
)


@given(THROUGH, MOMENTS)
def test_a_look_is_due_from_its_minute_until_the_next_would_begin(item: Through, now: datetime) -> None:
    first, last = (datetime.combine(now.date(), at) for at in (item.starts, item.ends))
    slots = []
    while first <= last:
        slots.append(first)
        first += item.every
    wanted = [slot for slot in slots if slot <= now < slot + item.every]
    found = due_runs(now, set(), (item,))
    assert [due.since for due in found] == wanted
    assert all(due.slot == due.since.isoformat(timespec="minutes") for due in found)


@given(THROUGH, st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_asked_every_five_minutes_each_look_of_a_day_is_done_once_and_none_by_night(
    item: Through, day: date
) -> None:
    done: list[tuple[str, str]] = []
    now = datetime.combine(day, time(0))
    while now.date() == day:
        for due in due_runs(now, set(done), (item,)):
            assert item.starts <= due.since.time() <= item.ends
            done.append((due.job, due.slot))
        now += timedelta(minutes=5)
    length = datetime.combine(day, item.ends) - datetime.combine(day, item.starts)
    assert len(done) == len(set(done)) == length // item.every + 1


def test_a_look_missed_at_noon_is_made_up_in_its_hour_and_one_of_the_evening_never() -> None:
    monday = date(2026, 11, 23)
    at = lambda h, m: names(datetime.combine(monday, time(h, m)))  # noqa: E731
    assert ("notices", "2026-11-23T12:00") in at(12, 59)
    assert ("notices", "2026-11-23T12:00") not in at(13, 0)
    assert ("notices", "2026-11-23T18:00") in at(18, 30)
    assert not [slot for job, slot in at(19, 0) if job == "notices"]
    assert not [slot for job, slot in at(6, 59) if job == "notices"]
