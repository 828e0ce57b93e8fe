"""An entry on the wire: private, free, marked as ours, and at the right hour in every week of the year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Temporary
from bot.outlook.event import Draft, Standing
from bot.outlook.wire import (
    KEY_PROPERTY,
    OWNER_PROPERTY,
    having,
    shows,
    standing,
    to_change,
    to_create,
    to_release,
    view,
)

LONDON = ZoneInfo("Europe/London")


def draft(**changes: object) -> Draft:
    fields = {
        "key": "ab12",
        "subject": "Visit due Fri 4 Dec · J.S. 20417",
        "html": "<p>Why</p>",
        "starts": datetime(2026, 12, 3, 9, 0),
        "ends": datetime(2026, 12, 3, 9, 15),
        "all_day": False,
        "categories": ("Visit",),
        "alarm_minutes": 0,
        **changes,
    }
    return Draft(**fields)  # type: ignore[arg-type]


def event(starts: str, zone: str, **changes: object) -> dict[str, object]:
    return {
        "id": "AAkALg=",
        "@odata.etag": 'W/"1"',
        "subject": "x",
        "start": {"dateTime": starts, "timeZone": zone},
        "end": {"dateTime": starts, "timeZone": zone},
        "isAllDay": False,
        "categories": [],
        "isReminderOn": False,
        "reminderMinutesBeforeStart": 15,
        **changes,
    }


@pytest.mark.fact("bot-private-and-harmless")
def test_an_entry_is_private_shows_as_free_and_carries_owner_and_key() -> None:
    body = to_create(draft(), "t1")
    assert (body["sensitivity"], body["showAs"], body["transactionId"]) == ("private", "free", "t1")
    assert body["singleValueExtendedProperties"] == [
        {"id": OWNER_PROPERTY, "value": "visit-bot"},
        {"id": KEY_PROPERTY, "value": "ab12"},
    ]
    assert not {"attendees", "isOnlineMeeting", "location"} & set(body)


def test_a_change_never_speaks_of_the_transaction() -> None:
    assert "transactionId" not in to_change(draft())


def test_a_silent_entry_turns_the_alarm_off_and_one_at_nought_minutes_keeps_it() -> None:
    assert to_change(draft(alarm_minutes=None))["isReminderOn"] is False
    ringing = to_change(draft(alarm_minutes=0))
    assert (ringing["isReminderOn"], ringing["reminderMinutesBeforeStart"]) == (True, 0)


def test_an_all_day_entry_runs_from_midnight_to_midnight_in_london() -> None:
    body = to_change(draft(all_day=True, starts=datetime(2026, 7, 3), ends=datetime(2026, 7, 4)))
    assert body["start"] == {"dateTime": "2026-07-03T00:00:00", "timeZone": "GMT Standard Time"}
    with pytest.raises(ValueError, match="midnight"):
        to_change(draft(all_day=True))


def test_a_released_entry_keeps_nothing_that_says_it_is_ours() -> None:
    body = to_release(("Their own",))
    assert {p["value"] for p in body["singleValueExtendedProperties"]} == {"released"}
    assert body["categories"] == ["Their own"]
    assert "categories" not in to_release(None)
    released = event("2026-12-03T09:00:00", "UTC", **body)
    assert standing(released).key is None


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), st.booleans())
def test_a_london_time_reads_the_same_whether_answered_in_london_or_in_utc(
    naive: datetime, in_utc: bool
) -> None:
    naive = naive.replace(microsecond=0)
    aware = naive.replace(tzinfo=LONDON)
    if aware.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != naive:
        return  # the hour that is skipped in spring
    shown = aware.astimezone(UTC) if in_utc else aware
    text = f"{shown.replace(tzinfo=None).isoformat(timespec='seconds')}.0000000"
    read = standing(event(text, "UTC" if in_utc else "GMT Standard Time"))
    assert read.starts == naive
    assert read.starts.tzinfo is None


@pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2026, 7, 3)])
@pytest.mark.parametrize("zone", ["UTC", "GMT Standard Time"])
def test_an_all_day_entrys_midnight_floats_over_the_clock_changes(day: datetime, zone: str) -> None:
    read = standing(event(day.isoformat(), zone, isAllDay=True))
    assert read.starts == day


def test_an_all_day_entry_answered_as_the_moment_of_londons_midnight_is_that_day() -> None:
    read = standing(event("2026-07-02T23:00:00.0000000", "UTC", isAllDay=True))
    assert read.starts == datetime(2026, 7, 3)


def test_half_past_eleven_at_night_utc_in_july_is_tomorrow_in_london() -> None:
    assert standing(event("2026-07-02T23:30:00", "UTC")).starts == datetime(2026, 7, 3, 0, 30)


def test_a_time_in_a_zone_nobody_knows_is_an_error_not_a_guess() -> None:
    with pytest.raises(Temporary, match="could not be understood"):
        standing(event("2026-07-02T23:30:00", "Middle Earth Standard Time"))


@pytest.mark.parametrize("missing", ["id", "@odata.etag", "start", "end"])
def test_an_event_with_something_missing_is_an_error(missing: str) -> None:
    broken = {name: value for name, value in event("2026-07-02T09:00:00", "UTC").items() if name != missing}
    with pytest.raises(Temporary):
        standing(broken)


def test_the_alarm_is_only_there_when_it_is_on() -> None:
    assert standing(event("2026-07-02T09:00:00", "UTC")).alarm_minutes is None
    assert standing(event("2026-07-02T09:00:00", "UTC", isReminderOn=True)).alarm_minutes == 15


def test_a_key_is_found_whatever_the_case_of_the_propertys_id() -> None:
    properties = [{"id": KEY_PROPERTY.upper(), "value": "ab12"}]
    read = standing(event("2026-07-02T09:00:00", "UTC", singleValueExtendedProperties=properties))
    assert read.key == "ab12"


def test_bodies_and_attendees_are_never_asked_for() -> None:
    asked = view()
    assert "body" not in asked
    assert "attendees" not in asked


def test_a_quote_in_a_value_cannot_end_the_filter() -> None:
    assert "eq 'a'' or 1 eq 1'" in having(KEY_PROPERTY, "a' or 1 eq 1")


def test_an_entry_shows_a_draft_whatever_the_order_of_its_categories() -> None:
    wanted = draft(categories=("Visit", "Home"))
    now = Standing("1", "e", "ab12", wanted.subject, wanted.starts, wanted.ends, False, ("Home", "Visit"), 0)
    assert shows(now, wanted)
    assert not shows(now, draft(categories=("Visit", "Home"), starts=wanted.starts + timedelta(days=1)))
