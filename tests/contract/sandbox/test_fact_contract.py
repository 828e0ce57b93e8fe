"""The stand-in and Graph's own description of itself: nothing missing, nothing added."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

NOT_HERE = "Graph's own description (shared/graph/graph-slice.json) does not lie beside this checkout"


@pytest.mark.fact("answers-keep-the-contract")
def test_answers_of_every_kind_fit_graphs_description(call: Any, words: Any) -> None:
    """answers-keep-the-contract: `call` holds each answer against it; this says so where it cannot."""
    if words.contract() is None:
        pytest.skip(f"{NOT_HERE}: in no test of this folder was an answer held against it")
    who = f"users/{words.worker}"
    made = call.made(words.event(categories=["Visit"]))
    window = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2026-12-31T00:00:00Z"
    mail = {"subject": "Hi", "toRecipients": [{"emailAddress": {"address": words.colleague}}]}
    schedule = {
        "schedules": [words.worker],
        "startTime": {"dateTime": "2026-12-04T08:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": "2026-12-04T12:00:00", "timeZone": "UTC"},
    }
    asked = (
        ("GET", "users", None),
        ("GET", who, None),
        ("GET", f"{who}/manager", None),
        ("GET", f"{who}/mailboxSettings", None),
        ("GET", f"{who}/events", None),
        ("GET", f"{who}/events/{made['id']}", None),
        ("PATCH", f"{who}/events/{made['id']}", {"subject": "New"}),
        ("GET", f"{who}/calendarView?{window}", None),
        ("GET", f"{who}/outlook/masterCategories", None),
        ("POST", f"{who}/outlook/masterCategories", {"displayName": "Visit", "color": "preset3"}),
        ("POST", f"{who}/calendar/getSchedule", schedule),
        ("POST", f"{who}/messages", mail),
        ("POST", f"{who}/sendMail", {"message": mail}),
        ("GET", f"{who}/messages", None),
        ("GET", f"{who}/mailFolders/sentitems/messages", None),
        ("POST", "$batch", {"requests": [{"id": "1", "method": "GET", "url": f"/{who}/events"}]}),
        ("DELETE", f"{who}/events/{made['id']}", None),
        ("GET", f"{who}/events/{made['id']}", None),  # not there any more: an error has a shape too
    )
    before = call.checked
    for verb, path, body in asked:
        call(verb, path, body)
    unknown = 4  # people, one of them, a manager, and the messages of a folder
    assert call.checked - before >= len(asked) - unknown


@pytest.mark.fact("unknown-properties-refused")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("events", {"colour": "red"}),
        ("messages", {"to": []}),
        ("outlook/masterCategories", {"displayName": "X", "colour": "preset0"}),
        ("sendMail", {"message": {}, "copies": 2}),
        ("calendar/getSchedule", {"people": []}),
    ],
)
def test_what_graph_does_not_know_is_refused_wherever_it_is_sent(
    call: Any, words: Any, path: str, body: dict[str, Any]
) -> None:
    """unknown-properties-refused: a misspelt property would otherwise be lost without a word."""
    assert call.refused("POST", f"users/{words.worker}/{path}", body)[0] == 400


@pytest.mark.fact("unknown-properties-refused")
def test_annotations_of_odata_are_no_properties(call: Any, words: Any) -> None:
    """unknown-properties-refused: @odata.type and its like may come with anything."""
    noted = {"@odata.type": "#microsoft.graph.event", "categories@odata.type": "#Collection(String)"}
    assert call.made(words.event(categories=["A"], **noted))["categories"] == ["A"]


@pytest.mark.fact("words-for-booleans")
@pytest.mark.parametrize(
    ("word", "value"), [("false", False), ("False", False), ("true", True), ("TRUE", True)]
)
def test_a_boolean_may_be_a_word(call: Any, words: Any, word: str, value: bool) -> None:
    """words-for-booleans: in any case; another word is refused."""
    made = call.made(words.event(isReminderOn=word))
    assert made["isReminderOn"] is value
    path = f"users/{words.worker}/events"
    assert call.refused("POST", path, words.event(isReminderOn="maybe"))[0] == 400


@pytest.mark.fact("property-filter-needs-value", "property-values-caseless")
def test_the_name_of_a_property_compares_without_case_and_its_value_is_never_left_out(
    call: Any, words: Any
) -> None:
    """property-values-caseless: the set's GUID may be written in either case."""
    call.made(words.event(singleValueExtendedProperties=words.tagged("B07", "Key1")))
    for name in (words.owner, words.owner.replace("66f5a359", "66F5A359")):
        for value in ("b07", "B07"):
            condition = quote(
                f"singleValueExtendedProperties/any(ep: ep/id eq '{name}' and ep/value eq '{value}')"
            )
            found = call("GET", f"users/{words.worker}/events?$filter={condition}").json()["value"]
            assert len(found) == 1
