"""When the service leaves people in peace: a mail made at night waits until morning, unless it is urgent.

Only the service keeps to it. A run that a person asked for is asked for now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.agenda import WEEKDAYS


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day until another, over midnight if need be; and whole days. London time."""

    starts: time
    ends: time
    days: frozenset[str] = frozenset()

    def holds(self, now: datetime) -> bool:
        """Whether it is quiet at that moment (naive London). Equal times mean: at no hour."""
        if WEEKDAYS[now.weekday()] in self.days:
            return True
        at = now.time()
        if self.starts <= self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends

    def over_at(self, now: datetime) -> datetime:
        """The first moment, ``now`` or later, at which it is not quiet.

        With every day quiet there is none: then a week from ``now`` is given.
        """
        moment = now
        for _ in range(16):
            if not self.holds(moment):
                return moment
            midnight = datetime.combine(moment.date() + timedelta(days=1), time())
            end = datetime.combine(moment.date(), self.ends)
            is_whole_day = WEEKDAYS[moment.weekday()] in self.days
            moment = end if moment < end and not is_whole_day else midnight
        return now + timedelta(days=7)
