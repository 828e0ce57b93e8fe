"""Which shape the next batch has: one that fills every place by itself, or a chain that takes one.

Where there is much to ask, chains: while one travels, the others keep the rest of the places at work, and the
last ones are as long as each other, so that all places end together. Where there is little, batches whose
items do not wait for one another, which are fewer; for that all places must be free, which is waited for a
moment and no longer.
"""

from __future__ import annotations

from time import monotonic
from typing import Final

from bot.outlook.batch import AT_ONCE, SIZE
from bot.outlook.limiter import Limiter

FEW: Final = 3 * SIZE  # up to so many go in batches that fill all places by themselves
FEWEST: Final = 5  # a chain of less is not worth a request of its own
DRAIN_SECONDS: Final = 0.25  # so long may places stay empty until such a batch has them all


class Shape:
    """Says how the next batch is cut, of so many who may be asked."""

    def __init__(self, limiter: Limiter, at_once_a_mailbox: int) -> None:
        self._limiter = limiter
        self._at_once_a_mailbox = at_once_a_mailbox
        self._shares: list[int] = []  # the sizes of the chains that are to come
        self._drained_by: float | None = None
        self._chaining = False  # chains are under way, and what is left of them goes in chains too

    def few(self, ready: int) -> bool:
        """Whether so many go in batches that fill all places."""
        lanes = self._limiter.allowed
        enough = min(lanes, self._at_once_a_mailbox) >= AT_ONCE
        if self._shares or (self._chaining and ready >= FEWEST * lanes):
            return False
        return enough and ready <= FEW * (lanes // AT_ONCE)

    def fills_all_places(self, ready: int, *, under_way: bool) -> bool:
        """Whether the next batch is one whose items do not wait for one another (a place is free)."""
        if not self.few(ready):
            self._drained_by = None
            return False
        if not under_way or self._limiter.allowed > AT_ONCE:
            return True
        self._drained_by = self._drained_by or monotonic() + DRAIN_SECONDS
        return monotonic() < self._drained_by

    def drained_in(self) -> float | None:
        """For how many seconds more empty places are waited for; null where they are not."""
        return None if self._drained_by is None else max(self._drained_by - monotonic(), 0.001)

    def went(self) -> None:
        """A batch was sent: whoever waits for empty places begins anew."""
        self._drained_by = None

    def share(self, ready: int) -> int:
        """How many go into the next chain: as many in each place, so that all places end together."""
        if not self._shares:
            lanes = self._limiter.allowed
            self._shares = [min(max(-(-ready // lanes), FEWEST), SIZE)] * lanes
            self._chaining = True
        return self._shares.pop()

    def nobody_left(self) -> None:
        """Nobody may be asked now: what comes after is cut anew."""
        self._shares.clear()
        self._drained_by = None
        self._chaining = False
