"""Batches under way: each in a lane of its own, there and back; only the caller's thread decides anything.

A lane holds its places of the limiter until its batch is back. What the answers say of waiting is heeded in
the lane itself, the moment they have arrived, and every lane looks once more before it sends: another may
have been told to wait since the batch was put together.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from bot.errors import Temporary
from bot.outlook.answer import Answer
from bot.outlook.batch import as_request, sort_out
from bot.outlook.connection import Connection
from bot.outlook.faults import judge
from bot.outlook.turns import Turn


@dataclass(slots=True)
class Batch:
    """Questions that travel together. ``outer``: what came back of the whole; ``answers``: of each."""

    turns: list[Turn]
    chained: bool
    places: int = 0
    era: int = 0
    renewals: int = 0
    outer: Answer | BaseException | None = None
    answers: list[Answer] = field(default_factory=list)

    @property
    def went_well(self) -> bool:
        """Everything in it was answered as asked, so that little is left to ask about it."""
        return bool(self.answers) and all(answer.good for answer in self.answers)

    @property
    def lost(self) -> bool:
        """It got no answer as a whole, and may have been carried out."""
        return not self.answers and isinstance(self.outer, Answer) and self.outer.status != 429


class Lanes:
    """What is under way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._back: SimpleQueue[Batch] = SimpleQueue()
        self.under_way = 0

    def send(self, batch: Batch) -> None:
        """Send a batch whose places are taken."""
        batch.era, batch.renewals = self._connection.limiter.era, self._connection.door.renewals
        self.under_way += 1
        if batch.places == self._connection.limiter.allowed:  # nothing can go beside it
            self._carry(batch)
        else:
            threading.Thread(target=self._carry, args=(batch,), name="outlook", daemon=True).start()

    def take_in(self, seconds: float | None) -> Batch | None:
        """The next batch that comes back within so many seconds; null waits for it."""
        if not self.under_way:
            return None
        try:
            batch = self._back.get(timeout=seconds) if seconds != 0 else self._back.get_nowait()
        except Empty:
            return None
        self.under_way -= 1
        self._connection.limiter.give_back(batch.places)
        return batch

    def _carry(self, batch: Batch) -> None:
        try:
            self._exchange(batch)
        except BaseException as error:  # handed to the caller's thread
            batch.outer = error
        self._back.put(batch)

    def _exchange(self, batch: Batch) -> None:
        if any(self._connection.waits.left(turn.mailbox) for turn in batch.turns):
            raise Temporary("A mailbox was told to wait while its batch was put together.")
        asks = [turn.ask for turn in batch.turns]
        batch.outer = self._connection.exchange(as_request(asks, chained=batch.chained))
        if judge(batch.outer, self._connection.clock()) is None:
            batch.answers = sort_out(batch.outer, len(batch.turns))
            for turn, answer in zip(batch.turns, batch.answers, strict=True):
                self._connection.heed(turn.ask.path, answer, batch.era)
