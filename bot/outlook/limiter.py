"""How many requests Outlook may work on for us at once: never more than the setting, fewer when told so.

Microsoft's documents disagree on what four at once are counted of, and others may be using the same places.
So a refusal for too many at once leaves fewer places, and places come back slowly while all goes well: the
more slowly, the more often the last one was too many. One limiter stands before all of Outlook.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

GOOD_BEFORE_MORE: Final = 100  # requests that go well before one more is tried at once
GOOD_AT_MOST: Final = 6400


class Limiter:
    """So many places; whoever needs more than are free waits, in turn."""

    def __init__(self, at_once: int = 4) -> None:
        if at_once < 1:
            raise ValueError("at least one request at once")
        self.at_once = at_once
        self._allowed = at_once
        self._taken = 0
        self._good = 0
        self._needed = GOOD_BEFORE_MORE
        self._raised = False  # one more was tried since the last refusal
        self._era = 0
        self._changed = threading.Condition()
        self._turn = threading.Lock()  # held while waiting, so that a batch is not starved by single requests

    @property
    def allowed(self) -> int:
        """How many may be at work now."""
        return self._allowed

    @property
    def era(self) -> int:
        """Which refusals were known when a request was sent; to be given back with what became of it."""
        return self._era

    @contextmanager
    def places(self, wanted: int) -> Iterator[None]:
        """Hold ``wanted`` places (all there are, if more are asked for) for the length of a request."""
        with self._turn, self._changed:
            self._changed.wait_for(lambda: self._fits(wanted))
            taken = self._take(wanted)
        try:
            yield
        finally:
            self.give_back(taken)

    def take(self, wanted: int) -> int:
        """Take ``wanted`` places (all there are, if more are asked for) if they are free; how many, or 0."""
        with self._changed:
            return self._take(wanted) if self._fits(wanted) else 0

    def give_back(self, taken: int) -> None:
        """Free places that were taken."""
        with self._changed:
            self._taken -= taken
            self._changed.notify_all()

    def has_room(self) -> bool:
        """Whether a place is free."""
        return self._fits(1)

    def wait_for(self, wanted: int) -> None:
        """Return when so many places are free."""
        with self._changed:
            self._changed.wait_for(lambda: self._fits(wanted))

    def too_many(self, era: int) -> None:
        """A request sent in that era was refused because too many were at work; one sent before we knew of
        another refusal tells nothing new."""
        with self._changed:
            if era < self._era:
                return
            self._era += 1
            self._good = 0
            if self._raised:
                self._needed = min(self._needed * 2, GOOD_AT_MOST)
                self._allowed = max(self._allowed - 1, 1)
            else:
                self._allowed = max(self._allowed // 2, 1)
            self._raised = False

    def went_well(self, how_many: int) -> None:
        """So many requests were answered without such a refusal."""
        with self._changed:
            if self._allowed == self.at_once:
                return
            self._good += how_many
            if self._good >= self._needed:
                self._good = 0
                self._allowed += 1
                self._raised = True
                self._changed.notify_all()

    def _fits(self, wanted: int) -> bool:
        return self._taken + min(max(wanted, 1), self._allowed) <= self._allowed

    def _take(self, wanted: int) -> int:
        taken = min(max(wanted, 1), self._allowed)
        self._taken += taken
        return taken
