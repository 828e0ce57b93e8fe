"""Days on which an invented worker would have gone out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

FULL_TIME = frozenset(range(5))
_CLOSED = {(12, 25), (12, 26), (1, 1)}


def back_to_work(day: date, at_work: Collection[int] = FULL_TIME) -> date:
    """The last day up to ``day`` on which somebody with this pattern is at work."""
    while day.weekday() not in at_work or (day.month, day.day) in _CLOSED:
        day -= timedelta(1)
    return day


def on_to_work(day: date, at_work: Collection[int] = FULL_TIME) -> date:
    """The first day from ``day`` on which somebody with this pattern is at work."""
    while day.weekday() not in at_work or (day.month, day.day) in _CLOSED:
        day += timedelta(1)
    return day


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
