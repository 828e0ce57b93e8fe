"""Time as waits are measured by: seconds that only grow, whatever happens to the clock on the wall.

A wait that Microsoft asked for must not end early because somebody set this machine's clock. A sleep that is
given from outside is taken at its word (so many seconds have passed), so that tests need not wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class Timer:
    """Seconds since some moment, and a way to let them pass."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._said_to_have_passed = 0.0

    def now(self) -> float:
        """Seconds; only differences mean anything."""
        return time.monotonic() + self._said_to_have_passed

    def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""
        until = self.now() + seconds
        self._sleep(seconds)
        self._said_to_have_passed += max(until - self.now(), 0.0)
