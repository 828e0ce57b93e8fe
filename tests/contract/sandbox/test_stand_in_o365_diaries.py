"""The real O365 library against the stand-in: calendars, series, meetings, files and automatic replies."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from O365 import Account

LONDON = ZoneInfo("Europe/London")
FIRST, LAST = (dt.datetime(2026, month, 1, tzinfo=LONDON) for month in (10, 12))


@pytest.fixture
def schedule(account: Account, words: Any) -> Any:
    return account.schedule(resource=words.worker)


def _new(calendar: Any, subject: str, day: int = 24) -> Any:
    event = calendar.new_event(subject=subject)
    event.start = dt.datetime(2026, 10, day, 9, tzinfo=LONDON)
    event.end = dt.datetime(2026, 10, day, 10, tzinfo=LONDON)
    return event


def test_it_keeps_calendars_beside_the_default_one(schedule: Any) -> None:
    made = schedule.new_calendar("Court")
    assert made.name == "Court"
    assert sorted(one.name for one in schedule.list_calendars()) == ["Calendar", "Court"]
    found = schedule.get_calendar(calendar_name="Court")
    assert found.calendar_id == made.calendar_id
    assert _new(found, "Hearing").save()
    assert [one.subject for one in found.get_events(limit=5, include_recurring=False)] == ["Hearing"]
    assert list(schedule.get_default_calendar().get_events(limit=5, include_recurring=False)) == []
    assert found.update()
    assert found.delete()
    assert [one.name for one in schedule.list_calendars()] == ["Calendar"]


def test_it_makes_a_series_and_reads_its_occurrences(schedule: Any) -> None:
    calendar = schedule.get_default_calendar()
    event = _new(calendar, "Team meeting")
    event.recurrence.set_weekly(
        1, days_of_week=["saturday"], first_day_of_week="monday", start=dt.date(2026, 10, 24), occurrences=3
    )
    assert event.save()
    found = list(calendar.get_events(include_recurring=True, start_recurring=FIRST, end_recurring=LAST))
    assert [(one.start.date().day, one.start.hour) for one in found] == [(24, 9), (31, 9), (7, 9)]
    assert {one.event_type.value for one in found} == {"occurrence"}
    master = calendar.get_event(found[0].series_master_id)
    assert [one.start.date() for one in master.get_occurrences(start=FIRST, end=LAST)] == [
        one.start.date() for one in found
    ]
    assert found[1].delete()
    left = calendar.get_events(include_recurring=True, start_recurring=FIRST, end_recurring=LAST)
    assert [one.start.date().day for one in left] == [24, 7]


def test_it_invites_others(schedule: Any, call: Any, words: Any) -> None:
    event = _new(schedule.get_default_calendar(), "Panel")
    event.attendees.add([("Cy Dee", words.colleague)])
    assert event.save()
    (copy,) = call("GET", f"users/{words.colleague}/events").json()["value"]
    assert (copy["subject"], copy["isOrganizer"]) == ("Panel", False)
    again = schedule.get_default_calendar().get_event(event.object_id)
    assert [one.address for one in again.attendees] == [words.colleague]


def test_it_brings_a_large_attachment_in_pieces(
    account: Account, call: Any, words: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Pieces go over a session of its own, which is not signed in and looks for the authority here.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(call.running.ca_file))
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(range(256)) * 15_000)
    message = account.new_message(resource=words.worker)
    message.to.add(words.manager)
    message.subject = "Large"
    message.body = "See the file"
    assert message.save_draft()
    message.attachments.add(str(large))
    assert message.save_draft()
    path = f"users/{words.worker}/messages/{message.object_id}/attachments"
    kept = call("GET", path).json()["value"]
    assert [(one["name"], one["size"]) for one in kept] == [("large.bin", 3_840_000)]
