"""More than one calendar in a mailbox, and files with the events in them."""

from __future__ import annotations

import base64
from typing import Any

import pytest

DAY = "startDateTime=2026-12-04T00:00:00Z&endDateTime=2026-12-05T00:00:00Z"


@pytest.fixture
def second(call: Any, words: Any) -> dict[str, Any]:
    made = call("POST", f"users/{words.worker}/calendars", {"name": "Court", "color": "LightRed"})
    assert made.status_code == 201
    return made.json()


def test_a_calendar_is_made_renamed_and_deleted_with_its_events(call: Any, words: Any, second: Any) -> None:
    path = f"users/{words.worker}/calendars"
    one = f"{path}/{second['id']}"
    assert (second["color"], second["isDefaultCalendar"], second["isRemovable"]) == ("lightRed", False, True)
    assert [c["name"] for c in call("GET", path).json()["value"]] == ["Calendar", "Court"]
    renamed = call("PATCH", one, {"name": "Hearings"}).json()
    assert renamed["name"] == "Hearings"
    assert renamed["changeKey"] != second["changeKey"]
    assert call("GET", f"{path}?$filter=name eq 'hearings'").json()["value"][0]["id"] == second["id"]
    made = call("POST", f"{one}/events", words.event()).json()
    assert call("DELETE", one).status_code == 204
    assert call.refused("GET", one) == (404, "ErrorItemNotFound")
    assert call.refused("GET", f"users/{words.worker}/events/{made['id']}") == (404, "ErrorItemNotFound")


def test_a_name_stands_for_one_calendar(call: Any, words: Any, second: Any) -> None:
    path = f"users/{words.worker}/calendars"
    for name in ("court", "Calendar"):
        assert call.refused("POST", path, {"name": name}) == (409, "ErrorFolderExists")
    assert call.refused("POST", path, {"color": "auto"}) == (400, "ErrorInvalidArgument")
    assert call("PATCH", f"{path}/{second['id']}", {"name": "Court"}).status_code == 200
    call("POST", f"users/{words.colleague}/calendars", {"name": "Court"})


def test_the_default_calendar_stays_and_keeps_its_name(call: Any, words: Any, second: Any) -> None:
    default = call("GET", f"users/{words.worker}/calendar").json()
    one = f"users/{words.worker}/calendars/{default['id']}"
    assert call.refused("DELETE", one) == (400, "ErrorDeleteDistinguishedFolder")
    assert call.refused("PATCH", one, {"name": "Mine"}) == (400, "ErrorInvalidPropertySet")
    assert (
        call("PATCH", f"users/{words.worker}/calendar", {"color": "lightTeal"}).json()["color"] == "lightTeal"
    )
    assert call("GET", one).json()["color"] == "lightTeal"
    assert "_calendar" not in call("GET", f"users/{words.worker}/mailboxSettings").json()


MARK = "String {36d9ee56-50b3-4810-a2a4-b7a4d31ecf66} Name Mark"


def test_a_calendar_carries_extended_properties_and_shows_those_that_are_asked_for(
    call: Any, words: Any, second: Any
) -> None:
    """Microsoft names the calendar among what can carry them, with Calendars.ReadWrite."""
    for one in ("calendar", f"calendars/{second['id']}"):
        path = f"users/{words.worker}/{one}"
        asked = f"{path}?$select=id&$expand=singleValueExtendedProperties($filter=id eq '{MARK}')"
        assert "singleValueExtendedProperties" not in call("GET", asked).json()
        for value in ("first", "second"):
            sent = {"singleValueExtendedProperties": [{"id": MARK, "value": value}]}
            assert call("PATCH", path, sent).status_code == 200
            (shown,) = call("GET", asked).json()["singleValueExtendedProperties"]
            assert shown == {"id": MARK, "value": value}
        assert "singleValueExtendedProperties" not in call("GET", path).json()
    assert call.refused("PATCH", path, {"singleValueExtendedProperties": [{"id": MARK}]})[0] == 400


def test_each_calendar_has_its_own_events(call: Any, words: Any, second: Any) -> None:
    """`/events` and `/calendar/…` speak of the default calendar."""
    user, one = f"users/{words.worker}", f"users/{words.worker}/calendars/{second['id']}"
    call.made(words.event("Ours"))
    made = call("POST", f"{one}/events", words.event("Hearing")).json()
    for base, subject in ((user, "Ours"), (f"{user}/calendar", "Ours"), (one, "Hearing")):
        assert [e["subject"] for e in call("GET", f"{base}/events").json()["value"]] == [subject]
        assert [e["subject"] for e in call("GET", f"{base}/calendarView?{DAY}").json()["value"]] == [subject]
    for base in (user, one):
        shown = call("GET", f"{base}/events/{made['id']}?$expand=calendar").json()
        assert shown["calendar"]["name"] == "Court"
    assert call.refused("GET", f"{user}/calendar/events/{made['id']}") == (404, "ErrorItemNotFound")
    busy = {"schedules": [words.worker], "availabilityViewInterval": 60} | {
        side: {"dateTime": f"2026-12-04T{hour}:00:00", "timeZone": "UTC"}
        for side, hour in (("startTime", "09"), ("endTime", "10"))
    }
    (told,) = call("POST", f"{user}/calendar/getSchedule", busy).json()["value"]
    assert [item["subject"] for item in told["scheduleItems"]] == ["Ours"]


def test_a_calendar_outlives_the_stand_in(stand_in: Any, words: Any, tmp_path: Any) -> None:
    call = stand_in(tmp_path)
    made = call("POST", f"users/{words.worker}/calendars", {"name": "Court"}).json()
    path = f"users/{words.worker}/calendars/{made['id']}"
    call("POST", f"{path}/events", words.event("Hearing"))
    link = call("GET", f"{path}/calendarView/delta?{DAY}").json()["@odata.deltaLink"].partition("?")[2]
    call.running.stop()
    call = stand_in(tmp_path)
    assert call("GET", path).json()["name"] == "Court"
    assert [e["subject"] for e in call("GET", f"{path}/events").json()["value"]] == ["Hearing"]
    assert call("GET", f"{path}/calendarView/delta?{link}").json()["value"] == []


def test_files_stand_with_an_event(call: Any, words: Any) -> None:
    made = call.made(words.event())
    one = f"users/{words.worker}/events/{made['id']}"
    file = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "map.txt",
        "contentBytes": base64.b64encode(b"left, then right").decode(),
    }
    kept = call("POST", f"{one}/attachments", file)
    assert (kept.status_code, kept.json()["size"]) == (201, 16)
    assert call("GET", one).json()["hasAttachments"] is True
    assert [a["name"] for a in call("GET", f"{one}/attachments?$select=name").json()["value"]] == ["map.txt"]
    path = f"{one}/attachments/{kept.json()['id']}"
    assert base64.b64decode(call("GET", path).json()["contentBytes"]) == b"left, then right"
    big = file | {"contentBytes": base64.b64encode(bytes(3_000_001)).decode()}
    assert call.refused("POST", f"{one}/attachments", big) == (413, "RequestEntityTooLarge")
    item = {"@odata.type": "#microsoft.graph.itemAttachment", "name": "x"}
    assert call.refused("POST", f"{one}/attachments", item) == (501, "NotSupported")
    assert call("DELETE", path).status_code == 204
    assert call("GET", one).json()["hasAttachments"] is False
    assert call.refused("GET", path) == (404, "ErrorItemNotFound")
