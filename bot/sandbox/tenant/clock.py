"""The stand-in's own clock: a month of diaries must be playable in a minute, so its date can be moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_RIGHT = timedelta(0)


def _never_wrong() -> timedelta:
    return _RIGHT


class Clock:
    """The real time of day on a date that can be set, and for sign-in a clock that can run wrong.

    Time can also be let pass without anybody waiting for it, so that a test of "come again in ten minutes"
    takes no ten minutes.
    """

    def __init__(self, shift: timedelta = _RIGHT, skew: timedelta = _RIGHT) -> None:
        self.shift = shift
        self.skew = skew
        self.wrong_by: Callable[[], timedelta] = _never_wrong  # what a fault adds to the skew
        self._passed = _RIGHT

    def now(self) -> datetime:
        """The moment that mailboxes live in; aware, UTC."""
        return self.wall() + self.shift

    def wall(self) -> datetime:
        """The moment that tokens live in: it does not jump with the date, or every token would expire."""
        return self._right() + self.wrong_by()

    def _right(self) -> datetime:
        return datetime.now(UTC) + self.skew + self._passed

    def moment(self) -> float:
        """Seconds that only ever grow, to measure waits by: no skew touches them."""
        return time.monotonic() + self._passed.total_seconds()

    def let_pass(self, seconds: float) -> None:
        """So much time has passed, without anybody having waited."""
        if seconds < 0:
            raise ValueError("time does not pass backwards")
        self._passed += timedelta(seconds=seconds)

    def today(self) -> date:
        """The date in London."""
        return self.now().astimezone(LONDON).date()

    def today_without_faults(self) -> date:
        """The date in London, by which faults know whether it is their day."""
        return (self._right() + self.shift).astimezone(LONDON).date()

    def set_today(self, day: date) -> None:
        """Move to that date, keeping the time of day."""
        real = datetime.now(LONDON).date()
        self.shift = timedelta(days=(day - real).days)
