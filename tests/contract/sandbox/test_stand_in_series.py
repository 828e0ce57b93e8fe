"""Events that happen again, and meetings with others: people's own, which a bot must leave alone."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.tenant import recurrence

YEAR = "startDateTime=2026-01-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z&$top=500"


def _repeat(
    start: str, kind: str, *, until: str | None = None, times: int = 0, **pattern: Any
) -> dict[str, Any]:
    ends: dict[str, Any] = {"type": "noEnd"}
    ends = {"type": "endDate", "endDate": until} if until else ends
    ends = {"type": "numbered", "numberOfOccurrences": times} if times else ends
    return {"pattern": {"type": kind, "interval": 1} | pattern, "range": ends | {"startDate": start}}


def _event(words: Any, day: str, repeat: dict[str, Any], zone: str = "Europe/London") -> dict[str, Any]:
    sides = {
        side: {"dateTime": f"{day}T{hour}:00:00", "timeZone": zone}
        for side, hour in (("start", "09"), ("end", "10"))
    }
    return words.event("Again", recurrence=repeat, **sides)


def _days(call: Any, words: Any, window: str = YEAR) -> list[str]:
    found = call("GET", f"users/{words.worker}/calendarView?{window}").json()["value"]
    return [one["start"]["dateTime"][:10] for one in found]


@pytest.mark.parametrize(
    ("start", "repeat", "days"),
    [
        (
            "2026-03-02",
            {"kind": "daily", "interval": 2, "times": 3},
            ["2026-03-02", "2026-03-04", "2026-03-06"],
        ),
        (
            "2026-03-03",
            {"kind": "weekly", "interval": 2, "daysOfWeek": ["Tuesday", "friday"], "until": "2026-03-21"},
            ["2026-03-03", "2026-03-06", "2026-03-17", "2026-03-20"],
        ),
        (
            "2026-01-31",
            {"kind": "absoluteMonthly", "dayOfMonth": 31, "times": 3},
            ["2026-01-31", "2026-02-28", "2026-03-31"],
        ),
        (
            "2026-09-29",
            {"kind": "relativeMonthly", "daysOfWeek": ["tuesday"], "index": "last"},
            ["2026-09-29", "2026-10-27", "2026-11-24", "2026-12-29"],
        ),
        (
            "2026-06-01",
            {"kind": "absoluteYearly", "dayOfMonth": 1, "month": 6, "times": 5},
            ["2026-06-01"],
        ),
        (
            "2026-05-11",
            {"kind": "relativeYearly", "daysOfWeek": ["monday"], "index": "second", "month": 5},
            ["2026-05-11"],
        ),
        # Begun on a day that the pattern does not have: the first fitting one is the first.
        (
            "2026-03-02",
            {"kind": "weekly", "daysOfWeek": ["wednesday"], "times": 2},
            ["2026-03-04", "2026-03-11"],
        ),
    ],
)
def test_the_calendar_view_shows_every_occurrence(
    call: Any, words: Any, start: str, repeat: dict[str, Any], days: list[str]
) -> None:
    made = call.made(_event(words, start, _repeat(start, **repeat)))
    assert (made["type"], made["start"]["dateTime"][:10]) == ("seriesMaster", days[0])
    assert _days(call, words) == days
    listed = call("GET", f"users/{words.worker}/events").json()["value"]
    assert [one["type"] for one in listed] == ["seriesMaster"]
    instances = call("GET", f"users/{words.worker}/events/{made['id']}/instances?{YEAR}").json()["value"]
    assert [one["start"]["dateTime"][:10] for one in instances] == days
    assert {one["seriesMasterId"] for one in instances} == {made["id"]}
    assert call("GET", f"users/{words.worker}/events/{instances[0]['id']}").json()["type"] == "occurrence"


@given(
    start=st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)),
    interval=st.integers(1, 5),
    days=st.sets(st.integers(0, 6), min_size=1),
    opens=st.integers(0, 6),
    index=st.sampled_from([("first", 1), ("second", 2), ("third", 3), ("fourth", 4), ("last", -1)]),
    kind=st.sampled_from(["daily", "weekly", "relativeMonthly", "relativeYearly"]),
)
@pytest.mark.asks_nothing("pure arithmetic")
def test_dates_are_those_that_another_reckoning_finds(
    start: dt.date, interval: int, days: set[int], opens: int, index: tuple[str, int], kind: str
) -> None:
    names = [recurrence.WEEKDAYS[day] for day in sorted(days)]
    pattern = {"type": kind, "interval": interval, "daysOfWeek": names, "month": 2}
    pattern |= {"firstDayOfWeek": recurrence.WEEKDAYS[opens], "index": index[0]}
    span = {"type": "noEnd", "startDate": start.isoformat()}
    sent = {"pattern": pattern, "range": span}
    found = list(islice(recurrence.dates(recurrence.completed(sent, start, "UTC")), 12))
    begin = dt.datetime.combine(start, dt.time())
    weekdays = sorted(days)
    rule = {
        "daily": lambda: rrule.rrule(rrule.DAILY, begin, interval),
        "weekly": lambda: rrule.rrule(rrule.WEEKLY, begin, interval, wkst=opens, byweekday=weekdays),
        "relativeMonthly": lambda: rrule.rrule(
            rrule.MONTHLY, begin, interval, byweekday=weekdays, bysetpos=index[1]
        ),
        "relativeYearly": lambda: rrule.rrule(
            rrule.YEARLY, begin, interval, bymonth=2, byweekday=weekdays, bysetpos=index[1]
        ),
    }[kind]()
    assert found == [moment.date() for moment in islice(rule, 12)]


def test_the_wall_clock_is_kept_when_the_clocks_change(call: Any, words: Any) -> None:
    call.made(_event(words, "2026-10-24", _repeat("2026-10-24", "daily", times=2)))
    found = call("GET", f"users/{words.worker}/calendarView?{YEAR}").json()["value"]
    assert [one["start"]["dateTime"][11:13] for one in found] == ["08", "09"]


def test_one_occurrence_is_changed_moved_or_taken_out_alone(call: Any, words: Any) -> None:
    made = call.made(_event(words, "2026-03-02", _repeat("2026-03-02", "daily", times=4)))
    user = f"users/{words.worker}"
    one, two, three, _ = call("GET", f"{user}/events/{made['id']}/instances?{YEAR}").json()["value"]
    moved = {
        side: {"dateTime": f"2026-05-01T{hour}:00:00", "timeZone": "UTC"}
        for side, hour in (("start", "09"), ("end", "10"))
    }
    changed = call("PATCH", f"{user}/events/{one['id']}", {"subject": "Other", **moved}).json()
    assert (changed["id"], changed["type"], changed["subject"]) == (one["id"], "exception", "Other")
    assert call("DELETE", f"{user}/events/{two['id']}").status_code == 204
    assert call.refused("GET", f"{user}/events/{two['id']}") == (404, "ErrorItemNotFound")
    assert _days(call, words) == ["2026-03-04", "2026-03-05", "2026-05-01"]
    call("PATCH", f"{user}/events/{made['id']}", {"subject": "All"})
    shown = call("GET", f"{user}/calendarView?{YEAR}").json()["value"]
    assert [one["subject"] for one in shown] == ["All", "All", "Other"]
    path = f"{user}/events/{made['id']}?$select=cancelledOccurrences&$expand=exceptionOccurrences"
    master = call("GET", path).json()
    assert [gone[-10:] for gone in master["cancelledOccurrences"]] == ["2026-03-03"]
    assert [one["id"] for one in master["exceptionOccurrences"]] == [one["id"]]
    assert call("DELETE", f"{user}/events/{made['id']}").status_code == 204
    assert _days(call, words) == []
    assert call.refused("GET", f"{user}/events/{three['id']}") == (404, "ErrorItemNotFound")


@pytest.mark.parametrize(
    ("repeat", "code"),
    [
        ({"kind": "weekly"}, "ErrorPropertyValidationFailure"),
        ({"kind": "daily", "interval": 0}, "ErrorPropertyValidationFailure"),
        ({"kind": "absoluteMonthly", "dayOfMonth": 32}, "ErrorPropertyValidationFailure"),
        ({"kind": "daily", "until": "2026-02-01"}, "ErrorRecurrenceHasNoOccurrence"),
        ({"kind": "hourly"}, "RequestBodyRead"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused(
    call: Any, words: Any, repeat: dict[str, Any], code: str
) -> None:
    sent = _event(words, "2026-03-02", _repeat("2026-03-02", **repeat))
    assert call.refused("POST", f"users/{words.worker}/events", sent) == (400, code)
    single = call.made(words.event())
    path = f"users/{words.worker}/events/{single['id']}/instances?{YEAR}"
    assert call.refused("GET", path)[0] == 400


def test_a_series_is_busy_on_each_of_its_days(call: Any, words: Any) -> None:
    call.made(_event(words, "2026-03-02", _repeat("2026-03-02", "daily")))
    asked = {"schedules": [words.worker], "availabilityViewInterval": 60} | {
        side: {"dateTime": f"2028-03-03T{hour}:00:00", "timeZone": "UTC"}
        for side, hour in (("startTime", "08"), ("endTime", "11"))
    }
    (told,) = call("POST", f"users/{words.worker}/calendar/getSchedule", asked).json()["value"]
    assert told["availabilityView"] == "020"


def _asked(*addresses: str) -> list[dict[str, Any]]:
    return [{"type": "Required", "emailAddress": {"address": one}} for one in addresses]


def _uid(call: Any, who: str) -> dict[str, Any]:
    (found,) = call("GET", f"users/{who}/events").json()["value"]
    return found


def test_an_invitation_stands_tentatively_with_whoever_is_asked(call: Any, words: Any) -> None:
    made = call.made(words.event("Panel", attendees=_asked(words.colleague, "x@elsewhere.example")))
    assert made["isOrganizer"] is True
    assert [(one["type"], one["status"]["response"]) for one in made["attendees"]] == [
        ("required", "none")
    ] * 2
    copy = _uid(call, words.colleague)
    assert copy["id"] != made["id"]
    assert (copy["iCalUId"], copy["subject"]) == (made["iCalUId"], "Panel")
    assert (copy["isOrganizer"], copy["showAs"]) == (False, "tentative")
    assert copy["responseStatus"]["response"] == "notResponded"
    assert copy["organizer"]["emailAddress"]["address"] == words.worker
    assert call.refused("POST", f"users/{words.worker}/events", words.event(attendees=_asked("nobody"))) == (
        400,
        "ErrorInvalidRecipients",
    )


def test_a_copy_follows_its_meeting_and_says_when_it_is_called_off(call: Any, words: Any) -> None:
    made = call.made(words.event("Panel", attendees=_asked(words.colleague, words.manager)))
    path = f"users/{words.worker}/events/{made['id']}"
    later = {
        side: {"dateTime": f"2026-12-05T{hour}:00:00", "timeZone": "UTC"}
        for side, hour in (("start", "09"), ("end", "10"))
    }
    call("PATCH", path, {"subject": "Panel, moved", **later})
    copy = _uid(call, words.colleague)
    assert (copy["subject"], copy["start"]["dateTime"][:10]) == ("Panel, moved", "2026-12-05")
    call("PATCH", path, {"attendees": _asked(words.colleague)})
    assert _uid(call, words.manager)["subject"] == "Canceled: Panel, moved"
    assert _uid(call, words.colleague)["isCancelled"] is False
    call("DELETE", path)
    gone = _uid(call, words.colleague)
    assert (gone["isCancelled"], gone["subject"]) == (True, "Canceled: Panel, moved")


def test_a_meeting_that_happens_again_is_followed_too(call: Any, words: Any) -> None:
    sent = _event(words, "2026-03-02", _repeat("2026-03-02", "daily", times=3))
    made = call.made(sent | {"attendees": _asked(words.colleague)})
    user = f"users/{words.worker}/events"
    one, two, _ = call("GET", f"{user}/{made['id']}/instances?{YEAR}").json()["value"]
    call("PATCH", f"{user}/{one['id']}", {"subject": "Longer"})
    call("DELETE", f"{user}/{two['id']}")
    shown = call("GET", f"users/{words.colleague}/calendarView?{YEAR}").json()["value"]
    assert [one["subject"] for one in shown] == ["Longer", "Canceled: Again", "Again"]
