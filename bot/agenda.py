"""What should have happened by now and has not: the whole of the service's timetable, as a pure function.

The service only asks, often. A run missed while the machine was off is simply still due; one that was done
is not due again. Only the latest slot of a job is ever due: a Monday list of last week helps nobody.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, time, timedelta
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
class Through:
    """A job that happens again and again through every day, from one London time to another.

    Its slot is the time. A slot is due until the next would begin: what was missed at noon is looked at in
    the afternoon, and what was missed in the evening is not looked at by night.
    """

    job: str
    starts: time
    ends: time  # no slot begins later
    every: timedelta


@dataclass(frozen=True, slots=True)
class DueRun:
    """A job that should have happened at ``since`` (naive London)."""

    job: str
    slot: str
    since: datetime


STORE_LOST = timedelta(days=1)  # what a week began with is sent after a store was lost so long ago at most


def due_runs(
    now: datetime,
    done: Container[tuple[str, str]],
    timetable: tuple[Daily | Weekly | Through, ...],
    *,
    begun: datetime | None = None,
) -> tuple[DueRun, ...]:
    """The latest slot of each job that lies at or before ``now`` (naive London) and is not in ``done``.

    A daily job is due only on its own day, a weekly one until its week ends on Sunday night, one through the
    day until its next slot. In the order of the timetable, so that diaries are right before the lists that
    speak of them go out.

    ``begun``: since when there is anything to know of ``done``; null: always. A weekly job that was due more
    than a day before is nobody's: on the Sunday of a first start nobody wants last Monday's list. Within the
    day it is done, since on a Monday morning the store may have been lost.
    """
    due = []
    for item in timetable:
        found = _latest(item, now)
        if found is None or found.since > now or (found.job, found.slot) in done:
            continue
        if isinstance(item, Weekly) and begun is not None and found.since < begun - STORE_LOST:
            continue
        due.append(found)
    return tuple(due)


def _latest(item: Daily | Weekly | Through, now: datetime) -> DueRun | None:
    """The slot that ``now`` is in or before; null where it is in none."""
    today = now.date()
    match item:
        case Daily(job=job, at=at):
            return DueRun(job, today.isoformat(), datetime.combine(today, at))
        case Weekly(job=job, day=day, at=at):
            monday = today - timedelta(days=today.weekday())
            since = datetime.combine(monday + timedelta(days=WEEKDAYS.index(day)), at)
            return DueRun(job, monday.isoformat(), since)
        case Through(job=job, starts=starts, ends=ends, every=every):
            first = datetime.combine(today, starts)
            if now < first:
                return None
            since = first + (min(now, datetime.combine(today, ends)) - first) // every * every
            return DueRun(job, since.isoformat(timespec="minutes"), since) if now < since + every else None


_MAIL_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30))


def mail_again(tries: int) -> timedelta:
    """How long a mail, or all mail, waits after so many tries in vain before this one."""
    return _MAIL_AGAIN[min(tries, len(_MAIL_AGAIN) - 1)]
