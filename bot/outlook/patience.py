"""When to stop asking Microsoft 365 at all: it cannot be reached, and a run must say so soon.

Each request would otherwise wait out its own tries, and a run against a dead line take minutes to say what it
knew after seconds. Requests that were under way together fail together, and count once.
"""

from __future__ import annotations

import threading
from typing import Final

from bot.errors import Temporary
from bot.outlook.faults import AGAIN, LeftToTheNextRun
from bot.outlook.manners import BACKOFF
from bot.outlook.timer import Timer

LONGEST: Final = 15.0  # seconds after the first failure; then the second is the last
REST: Final = 60.0  # seconds in which nothing is asked any more; then one request may try again


class Patience:
    """Counts requests in a row that got no answer. Safe to use from several threads."""

    def __init__(self, timer: Timer, tries: int) -> None:
        self._timer = timer
        self._tries = tries
        self._lock = threading.Lock()
        self._failures = 0
        self._first = self._last = 0.0
        self._error: LeftToTheNextRun | None = None

    def check(self) -> None:
        """Raise what ended the asking, while that is so."""
        with self._lock:
            if self._error is None:
                return
            if self._timer.now() - self._last >= REST:
                self._error, self._failures = None, self._tries - 1
                return
            raise LeftToTheNextRun(str(self._error), self._error.retry_at)

    @property
    def ended(self) -> LeftToTheNextRun | None:
        """What ended the asking, if it has ended."""
        return self._error

    @property
    def failures(self) -> int:
        """How many requests in a row got no answer."""
        return self._failures

    def answered(self) -> None:
        """Somebody is there."""
        with self._lock:
            self._failures, self._error = 0, None

    def failed(self, began: float, error: Temporary) -> float:
        """A request begun at that moment of the timer got no answer: seconds to wait before another try."""
        with self._lock:
            now = self._timer.now()
            if self._failures and began <= self._last:
                return max(self._last + self._pause() - now, 0.0)
            self._first = self._first if self._failures else began
            self._failures += 1
            self._last = now
            if self._failures >= self._tries or (self._failures > 1 and now - self._first >= LONGEST):
                words = str(error)
                self._error = LeftToTheNextRun(
                    words if AGAIN in words else f"{words} {AGAIN}", error.retry_at
                )
            return self._pause()

    def _pause(self) -> float:
        return BACKOFF[min(self._failures, len(BACKOFF)) - 1]
