"""Who asked us to stay away, and until when: a mailbox for itself, or all of Microsoft 365.

Coming early is punished with a longer wait. So a wait is counted from when its answer had arrived, which is
later than when it was given; it is never shortened by a later answer; and everything asks here before it is
sent, whoever was told.
"""

from __future__ import annotations

import threading
from typing import Final

from bot.outlook.timer import Timer

EVERYBODY: Final = ""  # stands for all of Microsoft 365 where a mailbox's name would


class Waits:
    """Until when nothing may be asked, by mailbox. Safe to use from several threads."""

    def __init__(self, timer: Timer) -> None:
        self._timer = timer
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def stay_away(self, mailbox: str, seconds: float) -> None:
        """From now on for so many seconds."""
        with self._lock:
            now = self._timer.now()
            if len(self._until) > 1000:
                self._until = {who: until for who, until in self._until.items() if until > now}
            name = mailbox.casefold()
            self._until[name] = max(now + seconds, self._until.get(name, 0.0))

    def told(self, mailbox: str) -> float:
        """For how many seconds more this mailbox itself was told to be left alone, whatever holds for all."""
        with self._lock:
            return max(self._until.get(mailbox.casefold(), 0.0) - self._timer.now(), 0.0)

    def left(self, mailbox: str) -> float:
        """For how many seconds more this mailbox may not be asked; 0 where it may."""
        with self._lock:
            until = max(self._until.get(mailbox.casefold(), 0.0), self._until.get(EVERYBODY, 0.0))
            return max(until - self._timer.now(), 0.0) if until else 0.0
