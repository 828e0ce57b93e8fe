"""Visits that somebody says are done and the record does not know of: kept apart from those not done.

To whoever reads a list both are owed, because the record is the truth; but the one wants an hour at a desk
and the other a journey. What is said is never taken for done: it counts as not done until it is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.diary.said import Said
from bot.digest import words

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SaidDone:
    """What a list says of one visit, and whether the time to record it is over."""

    words: str
    over: bool


def told(said: Said, now: datetime, today: date) -> SaidDone:
    """Say since when it is said to be done, and how long is left to record it. ``now``: a London moment.

    "Said to be done on Mon 30 Nov, 10:12, not yet recorded: 31 hours left to record it (C.3)."
    """
    begun = f"Said to be done on {words.moment(said.at, today)}, not yet recorded"
    left = said.left(now)
    if said.record is None or left is None:
        return SaidDone(f"{begun}.", over=False)
    clause = said.record.id
    if said.record.due_at is None:
        over = said.record.due < today
        until = words.day(said.record.due, today)
        return SaidDone(
            f"{begun}: the last day to record it {'was' if over else 'is'} {until} ({clause}).", over
        )
    over = left < timedelta(0)
    hours = words.count(abs(left) // HOUR, "hour")
    time = f"the time to record it ended {hours} ago" if over else f"{hours} left to record it"
    return SaidDone(f"{begun}: {time} ({clause}).", over)
