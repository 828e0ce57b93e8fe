"""Which days people work, so that ten working days means the same on a Sunday, at Christmas and in a closure.

A working day is Monday to Friday, not a bank holiday in England and not a day on which the council is
closed. An interval counted from a weekend or holiday takes the next working day as working day 1. Frames
count by two tables, looked up: Polars' own sum over a list of holidays copies the list to every row of a
lazy plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
import polars as pl

FIRST_YEAR, LAST_YEAR = 1990, 2100
FIRST_DAY = date(FIRST_YEAR, 1, 1)
PUBLISHED_UNTIL = date(2027, 12, 31)  # the last day whose bank holidays were read in the published list
WEEKEND = 5  # Saturday, as ``date.weekday`` counts


@dataclass(frozen=True, slots=True)
class OwnDays:
    """What a council says of its calendar beside its packs: days it is closed, and how far it has looked.

    Bank holidays can be worked out for any year, and the government may still change them: due dates after
    ``confirmed_until`` (not said: the packs', else what was read in the published list) are warned of.
    """

    closures: tuple[date, ...] = ()
    confirmed_until: date | None = None


NO_OWN_DAYS = OwnDays()


@dataclass(frozen=True, slots=True)
class WorkTime:
    """The days nobody is asked to work, besides weekends."""

    holidays: tuple[date, ...]

    def is_working(self, day: date) -> bool:
        """True where ``day`` is a working day."""
        return day.weekday() < WEEKEND and day not in self.holidays

    def next_from(self, day: date) -> date:
        """The first working day on or after ``day``."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``."""
        for _ in range(count):
            day = self.next_from(day + timedelta(days=1))
        return day

    def skipped(self, start: date, end: date) -> tuple[date, ...]:
        """The days after ``start`` up to ``end`` that do not count as working days."""
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return tuple(day for day in days if not self.is_working(day))

    def why_not(self, day: date) -> str:
        """Why a day is no working day: "weekend", the bank holiday's name, or "closed"."""
        if day.weekday() >= WEEKEND:
            return "weekend"
        return _names_of_bank_holidays().get(day, "closed")

    def within(self, start: date, end: date) -> pl.Series:
        """Every working day from ``start`` to ``end``, both included, in order."""
        days = pl.date_range(start, end, "1d", eager=True).alias("day")
        return days.filter((days.dt.weekday() <= WEEKEND) & ~days.is_in(list(self.holidays)))

    def plus(self, day: pl.Expr, count: int | pl.Expr) -> pl.Expr:
        """The ``count``-th working day after each ``day``."""
        days, so_far = _tables(self.holidays)
        return _at(days, _at(so_far, _place(day)).cast(pl.Int32) - 1 + count)

    def plus_from_first(self, day: pl.Expr, count: int | pl.Expr) -> pl.Expr:
        """Where the day itself, or the next working day, is working day 1."""
        days, so_far = _tables(self.holidays)
        return _at(days, _at(so_far, _place(day) - 1).cast(pl.Int32) - 1 + count)


def _place(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Int32) - (FIRST_DAY - date(1970, 1, 1)).days


def _at(column: pl.Series, place: pl.Expr) -> pl.Expr:
    """The column at a place; beyond its ends, its ends."""
    return pl.lit(column).gather(place.clip(0, len(column) - 1).cast(pl.UInt32))


@lru_cache(maxsize=8)
def _tables(holidays_: tuple[date, ...]) -> tuple[pl.Series, pl.Series]:
    """Every working day in order; and, for every day there is, how many there were up to it."""
    every = pl.date_range(FIRST_DAY, date(LAST_YEAR, 12, 31), "1d", eager=True).alias("day")
    working = (every.dt.weekday() <= WEEKEND) & ~every.is_in(list(holidays_))
    return every.filter(working), working.cast(pl.UInt32).cum_sum()


def for_england(closures: Sequence[date] = ()) -> WorkTime:
    """England's bank holidays and a council's own closures."""
    return WorkTime(tuple(sorted(set(_bank_holidays()) | set(closures))))


@lru_cache(maxsize=1)
def _bank_holidays() -> tuple[date, ...]:
    return tuple(sorted(_names_of_bank_holidays()))


@lru_cache(maxsize=1)
def _names_of_bank_holidays() -> Mapping[date, str]:
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return dict(holidays.country_holidays("GB", subdiv="ENG", years=years))
