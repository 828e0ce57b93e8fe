"""What should have happened by now and has not: the whole of the service's timetable, as a pure function.

The service only asks, often. A run missed while the machine was off is simply still due; one that was done
is not due again. Only the latest slot of a job is ever due: a Monday list of last week helps nobody.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Daily:
    """A job that happens every day at a London time; its slot is the day."""

    job: str
    at: time


@dataclass(frozen=True, slots=True)
class Weekly:
    """A job that happens once a week from a weekday and London time on; its slot is that week's Monday."""

    job: str
    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    at: time


@dataclass(frozen=True, slots=True)
class DueRun:
    """A job that should have happened at ``since`` (naive London)."""

    job: str
    slot: str
    since: datetime


def due_runs(
    now: datetime, done: Container[tuple[str, str]], timetable: tuple[Daily | Weekly, ...]
) -> tuple[DueRun, ...]:
    """The latest slot of each job that lies at or before ``now`` (naive London) and is not in ``done``.

    A daily job is due only on its own day, a weekly one until its week ends on Sunday night. In the order
    of the timetable, so that diaries are right before the lists that speak of them go out.
    """
    due = []
    for item in timetable:
        since = _slot_start(item, now.date())
        slot = since.date() if isinstance(item, Daily) else _monday(since.date())
        if since <= now and (item.job, slot.isoformat()) not in done:
            due.append(DueRun(item.job, slot.isoformat(), since))
    return tuple(due)


def _slot_start(item: Daily | Weekly, today: date) -> datetime:
    if isinstance(item, Daily):
        return datetime.combine(today, item.at)
    return datetime.combine(_monday(today) + timedelta(days=WEEKDAYS.index(item.day)), item.at)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
