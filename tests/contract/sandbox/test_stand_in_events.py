"""Events in the stand-in behave as GRAPH.md says Graph's do."""

from __future__ import annotations

from typing import Any

import pytest


def test_an_event_is_made_read_changed_and_deleted(call: Any, words: Any) -> None:
    made = call.made(words.event("One", showAs="Free", sensitivity="Private"))
    path = f"users/{words.worker}/events/{made['id']}"
    assert made["showAs"] == "free"  # enumerations come in any case
    assert made["sensitivity"] == "private"
    assert call("PATCH", path, {"subject": "Two"}).json()["subject"] == "Two"
    read = call("GET", path).json()
    assert (read["subject"], read["showAs"]) == ("Two", "free")
    assert call("DELETE", path).status_code == 204
    assert call.refused("GET", path) == (404, "ErrorItemNotFound")
    assert call.refused("DELETE", path) == (404, "ErrorItemNotFound")


@pytest.mark.parametrize("zone", ["Europe/London", "GMT Standard Time"])
@pytest.mark.fact("view-in-utc")
def test_both_kinds_of_zone_name_are_taken_and_utc_is_given_back_unless_asked(
    call: Any, words: Any, zone: str
) -> None:
    """calendarView answers in UTC unless `Prefer: outlook.timezone`."""
    moments = {
        side: {"dateTime": f"2026-07-02T{hour}:00:00", "timeZone": zone}
        for side, hour in (("start", "09"), ("end", "10"))
    }
    made = call.made(words.event(**moments))
    assert made["start"] == {"dateTime": "2026-07-02T08:00:00.0000000", "timeZone": "UTC"}
    answer = call(
        "GET",
        f"users/{words.worker}/calendarView?startDateTime=2026-07-02T00:00:00Z&endDateTime=2026-07-03T00:00:00Z",
        headers={"Prefer": f'outlook.timezone="{zone}"'},
    )
    assert answer.headers["Preference-Applied"] == f'outlook.timezone="{zone}"'
    assert answer.json()["value"][0]["start"] == {"dateTime": "2026-07-02T09:00:00.0000000", "timeZone": zone}


def test_a_zone_that_does_not_exist_is_refused(call: Any, words: Any) -> None:
    there = words.event(start={"dateTime": "2026-12-04T09:00:00", "timeZone": "Middle Earth"})
    expected = (400, "TimeZoneNotSupportedException")
    assert call.refused("POST", f"users/{words.worker}/events", there) == expected
    prefer = {"Prefer": 'outlook.timezone="Middle Earth"'}
    assert call.refused("GET", f"users/{words.worker}/events", headers=prefer) == expected


def test_a_changed_event_has_another_etag_and_an_old_one_is_refused(call: Any, words: Any) -> None:
    """412 ErrorIrresolvableConflict: If-Match with a version that is no longer."""
    made = call.made(words.event())
    path, old = f"users/{words.worker}/events/{made['id']}", {"If-Match": made["@odata.etag"]}
    changed = call("PATCH", path, {"subject": "Mine"}, headers=old)
    assert changed.status_code == 200
    assert changed.json()["@odata.etag"] != made["@odata.etag"]
    refused = (412, "ErrorIrresolvableConflict")
    assert call.refused("PATCH", path, {"subject": "Too late"}, headers=old) == refused
    assert call.refused("DELETE", path, headers=old) == refused
    assert call("GET", path).json()["subject"] == "Mine"
    assert call("DELETE", path, headers={"If-Match": changed.json()["@odata.etag"]}).status_code == 204


@pytest.mark.parametrize("status", [400, 409])
@pytest.mark.fact("transaction-once", "transaction-duplicate-status")
def test_a_transaction_id_makes_one_event_only(stand_in: Any, words: Any, status: int) -> None:
    """transactionId: a repeated POST makes no second event; the duplicate comes back as 400 or 409."""
    call = stand_in(duplicate_transaction=status)
    made = call.made(words.event(transactionId="abc/1"))
    assert made["transactionId"] == "abc/1"
    again = ("POST", f"users/{words.worker}/events", words.event(transactionId="abc/1"))
    assert call.refused(*again) == (status, "ErrorDuplicateTransactionId")
    assert len(call("GET", f"users/{words.worker}/events").json()["value"]) == 1
    call.made(words.event(transactionId="abc/1"), who=words.colleague)  # another mailbox


@pytest.mark.fact("transaction-duplicate-id")
def test_a_duplicate_may_tell_the_id_that_exists(stand_in: Any, words: Any) -> None:
    """transactionId: sometimes with the existing id."""
    call = stand_in(duplicate_tells_id=True)
    made = call.made(words.event(transactionId="t"), headers={"Prefer": 'IdType="ImmutableId"'})
    answer = call("POST", f"users/{words.worker}/events", words.event(transactionId="t"))
    assert made["id"] in answer.json()["error"]["message"]


@pytest.mark.parametrize(("outlives", "status"), [(True, 409), (False, 201)])
@pytest.mark.fact("transaction-after-delete")
def test_whether_a_transaction_id_outlives_its_event_is_a_setting(
    stand_in: Any, words: Any, outlives: bool, status: int
) -> None:
    """transactionId: whether it can be reused after a delete is unknown."""
    call = stand_in(transactions_outlive_events=outlives)
    made = call.made(words.event(transactionId="t"))
    call("DELETE", f"users/{words.worker}/events/{made['id']}")
    assert call("POST", f"users/{words.worker}/events", words.event(transactionId="t")).status_code == status


@pytest.mark.fact("transaction-immutable")
def test_a_transaction_id_is_immutable(call: Any, words: Any) -> None:
    """transactionId: set on create, immutable after."""
    made = call.made(words.event(transactionId="t"))
    path = f"users/{words.worker}/events/{made['id']}"
    assert call.refused("PATCH", path, {"transactionId": "u"}) == (400, "ErrorInvalidPropertySet")


def _all_day(start: str, end: str, zone: str = "Europe/London", other: str | None = None) -> dict[str, Any]:
    return {
        "isAllDay": True,
        "start": {"dateTime": start, "timeZone": zone},
        "end": {"dateTime": end, "timeZone": other or zone},
    }


@pytest.mark.parametrize(
    ("start", "end", "zones"),
    [
        ("2026-12-04T09:00:00", "2026-12-05T09:00:00", ("Europe/London", None)),
        ("2026-12-04T00:00:00", "2026-12-04T12:00:00", ("Europe/London", None)),
        ("2026-12-04T00:00:00", "2026-12-04T00:00:00", ("Europe/London", None)),
        ("2026-12-04T00:00:00", "2026-12-05T00:00:00", ("Europe/London", "UTC")),
    ],
)
@pytest.mark.fact("all-day-midnight")
def test_an_all_day_event_is_from_midnight_to_midnight_in_one_zone(
    call: Any, words: Any, start: str, end: str, zones: tuple[str, str | None]
) -> None:
    """All-day: start and end at midnight, same zone, end exclusive."""
    path = f"users/{words.worker}/events"
    sent = words.event(**_all_day(start, end, *zones))
    assert call.refused("POST", path, sent) == (400, "ErrorInvalidRequest")
    made = call.made(words.event())
    assert call.refused("PATCH", f"{path}/{made['id']}", {"isAllDay": True}) == (400, "ErrorInvalidRequest")


@pytest.mark.fact("all-day-midnight")
def test_an_all_day_event_is_shown_at_midnight_in_whatever_zone_is_asked(call: Any, words: Any) -> None:
    """All-day: midnight in the zone sent, though it is summer there."""
    made = call.made(words.event(**_all_day("2026-07-02T00:00:00", "2026-07-03T00:00:00")))
    assert made["start"] == {"dateTime": "2026-07-02T00:00:00.0000000", "timeZone": "UTC"}
    answer = call(
        "GET",
        f"users/{words.worker}/events/{made['id']}",
        headers={"Prefer": 'outlook.timezone="GMT Standard Time"'},
    )
    assert answer.json()["end"]["dateTime"] == "2026-07-03T00:00:00.0000000"
    for day, seen in (("01", 0), ("02", 1), ("03", 0)):
        window = f"startDateTime=2026-07-{day}T00:00:00%2B01:00&endDateTime=2026-07-{day}T23:00:00%2B01:00"
        assert len(call("GET", f"users/{words.worker}/calendarView?{window}").json()["value"]) == seen


def test_an_end_before_the_start_is_refused(call: Any, words: Any) -> None:
    sent = words.event(end={"dateTime": "2026-12-04T08:00:00", "timeZone": "Europe/London"})
    expected = (400, "ErrorCalendarEndDateIsEarlierThanStartDate")
    assert call.refused("POST", f"users/{words.worker}/events", sent) == expected


def test_a_refused_change_changes_nothing(call: Any, words: Any) -> None:
    made = call.made(words.event())
    path = f"users/{words.worker}/events/{made['id']}"
    wrong = {"subject": "New", "end": {"dateTime": "2026-12-01T08:00:00", "timeZone": "UTC"}}
    assert call("PATCH", path, wrong).status_code == 400
    assert call("GET", path).json() == made | {"@odata.context": call("GET", path).json()["@odata.context"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"reminderMinutes": 5},
        {"showAs": "asleep"},
        {"isReminderOn": "maybe"},
        {"reminderMinutesBeforeStart": "15"},
        {"categories": "Visit"},
        {"start": "2026-12-04"},
        {"body": {"type": "html", "content": "x"}},
    ],
)
@pytest.mark.fact("unknown-properties-refused")
def test_a_property_that_graph_does_not_know_or_cannot_read_is_refused(
    call: Any, words: Any, wrong: dict[str, Any]
) -> None:
    assert call.refused("POST", f"users/{words.worker}/events", words.event(**wrong)) == (
        400,
        "RequestBodyRead",
    )


@pytest.mark.fact("enums-any-case", "words-for-booleans", "sdk-spelling")
def test_what_real_clients_send_is_taken(call: Any, words: Any) -> None:
    """Input enums are case-insensitive; O365 sends booleans as strings; the SDK sends @odata.type."""
    sent = words.event(
        isOnlineMeeting="false",
        attendees=[],
        location={"displayName": ""},
        importance="HIGH",
        **{"@odata.type": "#microsoft.graph.event"},
    )
    made = call("POST", f"users/{words.worker.replace('@', '%40')}/events", sent).json()
    assert (made["isOnlineMeeting"], made["importance"]) == (False, "high")


def test_what_the_stand_in_does_not_do_it_says(call: Any, words: Any) -> None:
    sent = words.event(isOnlineMeeting=True)
    assert call.refused("POST", f"users/{words.worker}/events", sent) == (501, "NotSupported")


def test_exchange_keeps_its_own_version_of_a_body(call: Any, words: Any) -> None:
    """What is read back is not what was sent, and nothing in it runs."""
    sent = words.event(body={"contentType": "HTML", "content": "<p onclick=x()>Why<script>1</script></p>"})
    body = call.made(sent)["body"]["content"]
    assert body.startswith("<html>")
    assert "<p>Why</p>" in body
    assert "script" not in body
    made = call.made(words.event(body={"contentType": "text", "content": "a < b"}))
    path = f"users/{words.worker}/events/{made['id']}"
    assert made["bodyPreview"] == "a < b"
    text = call("GET", path, headers={"Prefer": 'outlook.body-content-type="text"'}).json()["body"]
    assert text == {"contentType": "text", "content": "a < b"}


@pytest.mark.fact("ids-case")
def test_ids_are_case_sensitive(call: Any, words: Any) -> None:
    """Ids: case-sensitive."""
    made = call.made(words.event())
    path = f"users/{words.worker}/events/"
    assert call.refused("GET", path + made["id"].swapcase()) == (404, "ErrorItemNotFound")
    assert call.refused("GET", path + "short") == (400, "ErrorInvalidIdMalformed")


@pytest.mark.fact("ids-immutable-on-request")
def test_an_event_answers_to_both_its_ids(call: Any, words: Any) -> None:
    """Ids: `Prefer: IdType="ImmutableId"` gives the one that does not change."""
    made = call.made(words.event())
    prefer = {"Prefer": 'IdType="ImmutableId"'}
    kept = call("GET", f"users/{words.worker}/events/{made['id']}", headers=prefer)
    assert kept.headers["Preference-Applied"] == 'IdType="ImmutableId"'
    assert kept.json()["id"] != made["id"]
    assert call("GET", f"users/{words.worker}/events/{kept.json()['id']}").json()["id"] == made["id"]
