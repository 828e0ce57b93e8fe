"""Records still to be finished (B.11, C.3, E.7), and boxes that keep a visit from counting (C.4).

A visit that was to be made and is recorded neither as held nor as missed (A.9) is a record to finish too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digest import words
from bot.digest.known import Attempt, Known, RecordBy, Wanting

BLANK = "has no answer"  # how judging says that a box was left blank; anything else no pen can mend
LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
LISTED = timedelta(weeks=12)  # an older record is counted, so that this week's work is not buried under it


@dataclass(frozen=True, slots=True)
class Record:
    """One visit with something left to write."""

    child_id: str
    child: str
    worker: str
    at: datetime
    unfinished: bool  # else it is finished and a box is blank
    held: bool  # else it is still marked as to come
    clause: str  # the clause that sets a time for it; empty: none does
    by: date | None
    by_at: datetime | None
    days_late: int
    wanting: tuple[str, ...]  # "C.4: seen alone has no answer"
    hours: int | None = None  # whole hours left, below nothing once they are over; null: not counted in hours

    @property
    def hours_over(self) -> int:
        """Hours since the time to record it ended."""
        return -self.hours if self.hours is not None and self.hours < 0 else 0


@dataclass(frozen=True, slots=True)
class Records:
    """The recent ones, oldest first, and how many older there are."""

    listed: tuple[Record, ...]
    older: int


def records(known: Known, worker_id: str) -> Records:
    """A worker's own visits with something left to write, oldest deadline first."""
    unfinished = {attempt.visit_id: attempt for attempt in known.unfinished.get(worker_id, ())}
    wanting: dict[str, list[Wanting]] = {}
    for want in known.wanting.get(worker_id, ()):
        if BLANK in want.reason:
            wanting.setdefault(want.visit_id, []).append(want)
    since = known.today - LISTED
    old = [a for a in unfinished.values() if a.at.date() < since and a.visit_id not in known.record_by]
    rows = [
        _unfinished(known, attempt, known.record_by.get(attempt.visit_id), wanting.get(attempt.visit_id, ()))
        for attempt in unfinished.values()
        if attempt not in old
    ]
    rows += [
        _box_blank(known, wants)
        for visit_id, wants in wanting.items()
        if visit_id not in unfinished and wants[0].at.date() >= since
    ]
    ranked = sorted(rows, key=lambda row: (not row.unfinished, row.by or date.max, row.at, row.child))
    return Records(tuple(ranked), len(old))


def _unfinished(known: Known, attempt: Attempt, limit: RecordBy | None, wants: Iterable[Wanting]) -> Record:
    child = known.child(attempt.child_id)
    return Record(
        child_id=child.child_id,
        child=child.label,
        worker=known.name(attempt.worker_id),
        at=attempt.at,
        unfinished=True,
        held=attempt.status == "completed",
        clause=limit.clause if limit else "",
        by=limit.due if limit else None,
        by_at=limit.due_at if limit else None,
        days_late=max(0, (known.today - limit.due).days) if limit else 0,
        wanting=_reasons(wants),
        hours=_hours(limit.due_at, known.now) if limit and limit.due_at and known.now else None,
    )


def _hours(ends: datetime, now: datetime) -> int:
    """Elapsed hours between two London moments, begun ones of those that are over counted whole (C.3)."""
    one, other = (moment.replace(tzinfo=LONDON).astimezone(UTC) for moment in (ends, now))
    return (one - other) // HOUR


def _box_blank(known: Known, wants: list[Wanting]) -> Record:
    child = known.child(wants[0].child_id)
    return Record(
        child_id=child.child_id,
        child=child.label,
        worker=known.name(wants[0].worker_id),
        at=wants[0].at,
        unfinished=False,
        held=True,
        clause="",
        by=None,
        by_at=None,
        days_late=0,
        wanting=_reasons(wants),
    )


def _reasons(wants: Iterable[Wanting]) -> tuple[str, ...]:
    """Each reason once, with the clauses that do not count the visit for it."""
    clauses: dict[str, list[str]] = {}
    for want in wants:
        clauses.setdefault(words.plain(want.reason), []).append(want.clause)
    return tuple(f"{', '.join(sorted(set(ids)))}: {reason}" for reason, ids in clauses.items())
