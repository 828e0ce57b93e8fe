"""Filters: what may be compared with what, and how a value stands for one of several."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("subject in ('One','Three')", ["One", "Three"]),
        ("importance eq 'high' or subject in ('Two')", ["Two", "Three"]),
        ("isAllDay eq false and subject ne 'One'", ["Two", "Three"]),
        ("lastModifiedDateTime ge 2020-01-01T00:00:00Z", ["One", "Two", "Three"]),
        ("reminderMinutesBeforeStart lt 10", ["Two"]),
        ("categories/any(c: c eq 'Visit')", ["One"]),
        ("not (subject eq 'One')", ["Two", "Three"]),
        ("startswith(subject,'T') and contains(subject,'o')", ["Two"]),
    ],
)
def test_events_are_found_by_what_they_say(call: Any, words: Any, condition: str, found: list[str]) -> None:
    call.made(words.event("One", categories=["Visit"]))
    call.made(words.event("Two", reminderMinutesBeforeStart=5))
    call.made(words.event("Three", importance="high"))
    listed = call("GET", f"users/{words.worker}/events?$filter={condition}").json()["value"]
    assert [one["subject"] for one in listed] == found


@pytest.mark.parametrize(
    ("what", "condition"),
    [
        ("messages", "isRead eq 'false'"),
        ("messages", "receivedDateTime ge '2026-12-04T00:00:00Z'"),
        ("events", "start/dateTime ge 2026-12-04T00:00:00Z"),
        ("events", "subject eq 5"),
        ("events", "reminderMinutesBeforeStart eq '15'"),
        ("events", "subject in ('One'"),
        ("events", "subject in 'One'"),
    ],
)
def test_values_of_another_type_are_refused(call: Any, words: Any, what: str, condition: str) -> None:
    path = f"users/{words.worker}/{what}?$filter={condition}"
    assert call.refused("GET", path) == (400, "BadRequest")


def test_that_messages_are_not_searched_is_said(call: Any, words: Any) -> None:
    path = f'users/{words.worker}/messages?$search="visit"'
    assert call.refused("GET", path) == (501, "NotSupported")
