"""On which dates something happens that happens again: Graph's patternedRecurrence as arithmetic on dates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice
from typing import Any

from bot.sandbox.tenant.refusal import GraphError, bad_request

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_NEEDS = {
    "daily": (),
    "weekly": ("daysOfWeek",),
    "absoluteMonthly": ("dayOfMonth",),
    "relativeMonthly": ("daysOfWeek",),
    "absoluteYearly": ("dayOfMonth", "month"),
    "relativeYearly": ("daysOfWeek", "month"),
}
LAST_YEAR = 4500
MOST = 999  # occurrences of a numbered range
_LOOKED_AT = 60  # how many of the first occurrences are tried against one another


def _invalid(words: str) -> GraphError:
    return bad_request(words, "ErrorPropertyValidationFailure")


def completed(sent: dict[str, Any], starts: date, zone_name: str) -> dict[str, Any]:
    """A recurrence as Graph keeps it, with everything that was left out; what cannot be is refused."""
    pattern, span = sent.get("pattern") or {}, sent.get("range") or {}
    for part, found in (("pattern", pattern), ("range", span)):
        if found.get("type") is None:
            raise _invalid(f"The property 'recurrence/{part}/type' is required.")
    whole: dict[str, Any] = {"interval": 1, "month": 0, "dayOfMonth": 0, "daysOfWeek": []}
    whole |= {"firstDayOfWeek": "sunday", "index": "first"}
    whole |= {name: value for name, value in pattern.items() if value is not None}
    for name in _NEEDS[whole["type"]]:
        if not whole[name]:
            raise _invalid(f"The property 'recurrence/pattern/{name}' is required for '{whole['type']}'.")
    if whole["interval"] < 1 or not 0 <= whole["dayOfMonth"] <= 31 or not 0 <= whole["month"] <= 12:
        raise _invalid("A property of 'recurrence/pattern' is out of its range.")
    first = _day(span.get("startDate"), "startDate")
    if first != starts:
        raise _invalid("The range's 'startDate' needs to be the date on which the event starts.")
    kept: dict[str, Any] = {"type": span["type"], "startDate": first.isoformat(), "endDate": "0001-01-01"}
    kept |= {"recurrenceTimeZone": span.get("recurrenceTimeZone") or zone_name, "numberOfOccurrences": 0}
    if span["type"] == "endDate":
        last = _day(span.get("endDate"), "endDate")
        if last < first:
            raise bad_request(
                "The end date of the recurrence is earlier than its start date.",
                "ErrorRecurrenceHasNoOccurrence",
            )
        kept["endDate"] = last.isoformat()
    elif span["type"] == "numbered":
        times = span.get("numberOfOccurrences") or 0
        if not 1 <= times <= MOST:
            raise _invalid(f"The property 'numberOfOccurrences' needs to be from 1 to {MOST}.")
        kept["numberOfOccurrences"] = times
    return {"pattern": whole, "range": kept}


def _day(sent: Any, name: str) -> date:
    try:
        return date.fromisoformat(sent or "")
    except ValueError:
        raise _invalid(f"The property 'recurrence/range/{name}' is not a date: '{sent}'.") from None


def dates(recurrence: dict[str, Any]) -> Iterator[date]:
    """Every date, earliest first; without an end where the range has none, so take no more than you need."""
    pattern, span = recurrence["pattern"], recurrence["range"]
    first = date.fromisoformat(span["startDate"])
    last = date.fromisoformat(span["endDate"]) if span["type"] == "endDate" else date(LAST_YEAR, 1, 1)
    found: Iterator[date] = (day for day in _endless(pattern, first) if day >= first)
    if span["type"] == "numbered":
        found = islice(found, span["numberOfOccurrences"])
    for day in found:
        if day > last:
            return
        yield day


def first_dates(recurrence: dict[str, Any]) -> list[date]:
    """Enough of them to see how close they lie."""
    return list(islice(dates(recurrence), _LOOKED_AT))


def _endless(pattern: dict[str, Any], first: date) -> Iterator[date]:
    kind, interval = pattern["type"], pattern["interval"]
    if kind == "daily":
        for n in range((date(LAST_YEAR, 1, 1) - first).days // interval):
            yield first + timedelta(days=n * interval)
    elif kind == "weekly":
        yield from _weekly(pattern, first)
    else:
        yearly = kind.endswith("Yearly")
        months = 12 * interval if yearly else interval
        begin = first.year * 12 + (pattern["month"] if yearly else first.month) - 1
        for n in count(begin, months):
            year, month = divmod(n, 12)
            if year > LAST_YEAR:
                return
            yield from _in_month(pattern, year, month + 1)


def _weekly(pattern: dict[str, Any], first: date) -> Iterator[date]:
    opens = WEEKDAYS.index(pattern["firstDayOfWeek"])
    week = first - timedelta(days=(first.weekday() - opens) % 7)
    days = sorted({(WEEKDAYS.index(name) - opens) % 7 for name in pattern["daysOfWeek"]})
    while week.year <= LAST_YEAR:
        for day in days:
            yield week + timedelta(days=day)
        week += timedelta(weeks=pattern["interval"])


def _in_month(pattern: dict[str, Any], year: int, month: int) -> Iterator[date]:
    length = monthrange(year, month)[1]
    if pattern["type"].startswith("absolute"):
        # The 31st of a short month is its last day, as Exchange has it.
        yield date(year, month, min(pattern["dayOfMonth"], length))
        return
    wanted = {WEEKDAYS.index(name) for name in pattern["daysOfWeek"]}
    fitting = [day for n in range(1, length + 1) if (day := date(year, month, n)).weekday() in wanted]
    yield fitting[_ORDINALS[pattern["index"]]]
