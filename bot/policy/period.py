"""Lengths of time as the policies write them, and how each is added to a day.

"10 working days", "3 weeks", "6 months" and "48 hours" are four different sums; a pack and a child's own
frequency both use them, so they are said once here: as a value for packs and as expressions for frames.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

import polars as pl
from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from bot.caseload.model import UNITS
from bot.policy.worktime import WorkTime

DAYS, WORKING_DAYS, WEEKS, MONTHS, YEARS, HOURS = range(len(UNITS))
ONE = {"day": "days", "working day": "working days", "week": "weeks", "month": "months", "year": "years"}
ONE["hour"] = "hours"
PATTERN = r"^\d{1,4} (days?|working days?|weeks?|months?|years?|hours?)$"
LONDON = "Europe/London"
LENGTH = {HOURS: 1 / 24, DAYS: 1.0, WORKING_DAYS: 1.4, WEEKS: 7.0, MONTHS: 365.25 / 12, YEARS: 365.25}


@dataclass(frozen=True, slots=True)
class Period:
    """So many of a unit; ``unit`` is an index into UNITS."""

    n: int
    unit: int

    def __str__(self) -> str:
        return in_words(self.n, UNITS[self.unit])

    @property
    def days(self) -> float:
        """About how many calendar days, to compare two lengths by; no date is reckoned with it."""
        return self.n * LENGTH[self.unit]


def in_words(n: int, unit: str) -> str:
    """ "1 week", "10 working days"."""
    return f"{n} {unit[:-1] if n == 1 else unit}"


def parse(text: Any) -> Period:
    """A period as a pack writes it; raises ValueError with what is wanted."""
    if isinstance(text, Period):
        return text
    if not isinstance(text, str) or not re.match(PATTERN, text):
        raise ValueError(
            f"{text!r} is not a length of time; write a number and a unit, such as '10 working days', "
            "'3 weeks', '48 hours'"
        )
    number, unit = text.split(" ", 1)
    period = Period(int(number), UNITS.index(ONE.get(unit, unit)))
    if period.n == 0 and period.unit != DAYS:
        raise ValueError(f"{text!r} is no time at all; only '0 days' (the same day) can be asked for")
    return period


PackPeriod = Annotated[
    Period,
    BeforeValidator(parse),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["10 working days", "6 months"]}),
]


def add(day: pl.Expr, period: Period, work: WorkTime, *, first_day: int = 0) -> pl.Expr:
    """``day`` plus a fixed period, as a calendar day. ``first_day`` 1 counts the day itself as day 1."""
    n, unit = period.n, period.unit
    if unit == WORKING_DAYS:
        return work.plus_from_first(day, n) if first_day else work.plus(day, n)
    if unit == MONTHS:
        sum_ = day.dt.offset_by(f"{n}mo")
    elif unit == YEARS:
        sum_ = day.dt.offset_by(f"{n}y")
    else:
        days = {DAYS: n, WEEKS: 7 * n, HOURS: -(-n // 24)}[unit]
        sum_ = day + pl.duration(days=days)
    return sum_.dt.offset_by("-1d") if first_day and n else sum_


def add_each(day: pl.Expr, n: pl.Expr, unit: pl.Expr, work: WorkTime) -> pl.Expr:
    """``day`` plus a period that differs by row; ``unit`` holds indexes into UNITS."""
    n = n.cast(pl.Int32)
    by_months = _plus_months(day, pl.when(unit == YEARS).then(n * 12).otherwise(n))
    whole = pl.when(unit == WEEKS).then(n * 7).when(unit == HOURS).then((n + 23) // 24).otherwise(n)
    return (
        pl.when(unit == WORKING_DAYS)
        .then(work.plus(day, pl.when(unit == WORKING_DAYS).then(n).otherwise(1)))
        .when(unit.is_in([MONTHS, YEARS]))
        .then(by_months)
        .otherwise(day + pl.duration(days=whole))
    )


def _plus_months(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    """Calendar months, held to the end of the month; by arithmetic, since each row has its own number."""
    count = day.dt.year() * 12 + day.dt.month().cast(pl.Int32) - 1 + months
    first = pl.date(count // 12, count % 12 + 1, 1)
    place = pl.min_horizontal(day.dt.day().cast(pl.Int32), first.dt.days_in_month().cast(pl.Int32))
    return first + pl.duration(days=place - 1)


def deadline(moment: pl.Expr, timed: pl.Expr, hours: int) -> pl.Expr:
    """The London time ``hours`` elapsed hours after a moment; null where no time of day is known.

    A moment inside the hour that spring skips is taken an hour later; one that autumn repeats, as the first.
    """
    known = pl.when(timed).then(moment)
    there = known.dt.replace_time_zone(LONDON, ambiguous="earliest", non_existent="null")
    skipped = known.dt.offset_by("1h").dt.replace_time_zone(LONDON, ambiguous="earliest", non_existent="null")
    return pl.coalesce(there, skipped).dt.offset_by(f"{hours}h").dt.replace_time_zone(None)
