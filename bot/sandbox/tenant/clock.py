"""The stand-in's own clock: a month of diaries must be playable in a minute, so its date can be moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock:
    """The real time of day on a date that can be set, and for sign-in a clock that can run wrong."""

    def __init__(self, shift: timedelta = timedelta(0), skew: timedelta = timedelta(0)) -> None:
        self.shift = shift
        self.skew = skew

    def now(self) -> datetime:
        """The moment that mailboxes live in; aware, UTC."""
        return datetime.now(UTC) + self.shift + self.skew

    def wall(self) -> datetime:
        """The moment that tokens live in: it does not jump with the date, or every token would expire."""
        return datetime.now(UTC) + self.skew

    def today(self) -> date:
        """The date in London."""
        return self.now().astimezone(LONDON).date()

    def set_today(self, day: date) -> None:
        """Move to that date, keeping the time of day."""
        real = datetime.now(LONDON).date()
        self.shift = timedelta(days=(day - real).days)
