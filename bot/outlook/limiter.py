"""How many requests Outlook may be working on for us at once.

Microsoft works on four at a time, and a batch keeps up to four busy by itself; so a batch takes all the
places and anything else takes one. One limiter stands before all of Outlook, whichever mailbox is meant.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Limiter:
    """So many places; whoever needs more than are free waits, in turn."""

    def __init__(self, at_once: int = 4) -> None:
        if at_once < 1:
            raise ValueError("at least one request at once")
        self.at_once = at_once
        self._free = at_once
        self._changed = threading.Condition()
        self._turn = threading.Lock()  # held while waiting, so that a batch is not starved by single requests

    @contextmanager
    def places(self, wanted: int) -> Iterator[None]:
        """Hold ``wanted`` places (all of them, if more are asked for) for the length of a request."""
        taken = min(max(wanted, 1), self.at_once)
        with self._turn, self._changed:
            self._changed.wait_for(lambda: self._free >= taken)
            self._free -= taken
        try:
            yield
        finally:
            with self._changed:
                self._free += taken
                self._changed.notify_all()
