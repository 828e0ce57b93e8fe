"""Whose turn it is to be asked about: each mailbox in turn, so that one huge diary holds nobody up.

Within a mailbox what was first stays first. Who was told to wait is passed over until the wait is over, and
the others go on. A mailbox whose batch was lost as a whole is asked about alone and in ever smaller batches
until it answers: whatever breaks the line in one mailbox must not break it for those that share its batch.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from bot.outlook.answer import Ask
from bot.outlook.batch import SIZE
from bot.outlook.timer import Timer
from bot.outlook.waits import Waits

ALONE: Final = (SIZE, 5, 1)  # how many of a mailbox go together after so many lost batches


@dataclass(frozen=True, slots=True)
class Turn:
    """The next question of one conversation."""

    index: int
    mailbox: str
    ask: Ask


class Turns:
    """Those who wait to be asked about."""

    def __init__(self, waits: Waits, timer: Timer, at_once_a_mailbox: int) -> None:
        self._waits = waits
        self._timer = timer
        self._at_once_a_mailbox = at_once_a_mailbox
        self._queues: dict[str, deque[Turn]] = {}
        self._order: deque[str] = deque()
        self._parked: list[tuple[float, int, Turn]] = []
        self._numbers = count()
        self._under_way: Counter[str] = Counter()  # batches that hold something of a mailbox
        self._touched: Counter[str] = Counter()  # paths of changes that are under way
        self._lost: Counter[str] = Counter()  # batches lost in a row that held something of a mailbox
        self._shaky: set[str] = set()  # mailboxes whose last answer was a refusal

    def __bool__(self) -> bool:
        """Whether anybody is left."""
        return bool(self._parked) or any(self._queues.values())

    def add(self, turn: Turn) -> None:
        """To the end of its mailbox's queue, when its own pause is over."""
        if turn.ask.after > 0:
            due = self._timer.now() + turn.ask.after
            heapq.heappush(self._parked, (due, next(self._numbers), turn))
        else:
            self._queue(turn.mailbox).append(turn)

    def put_back(self, turns: Sequence[Turn], *, drawn: bool = False) -> None:
        """To where they were: what was not asked has not had its turn. ``drawn``: they had not gone yet."""
        for turn in reversed(turns):
            self._queue(turn.mailbox).appendleft(turn)
            self._touched[turn.ask.path] -= turn.ask.changes and drawn

    def ready(self, *, ahead: bool = False) -> int:
        """How many may be asked now; ``ahead``: as soon as there is room."""
        self._unpark()
        return sum(
            len(queue)
            for mailbox, queue in self._queues.items()
            if queue and self._may_be_asked(mailbox, ahead)
        )

    def draw(self, most: int, *, ahead: bool = False) -> list[Turn]:
        """Up to so many, of each mailbox in turn; never two changes of one thing at the same time.

        Nothing else may change what they change until they ``came_back`` or are ``put_back``. ``ahead``: they
        go later, when their mailboxes may be asked. Mailboxes that refused the last question come last: in a
        chain nobody then stands behind them.
        """
        self._unpark()
        chosen: set[str] = set()
        first = next((mailbox for mailbox in self._order if self._may_join(mailbox, chosen, ahead)), None)
        if first is None:
            return []
        if lost := self._lost[first]:
            most = min(most, ALONE[min(lost, len(ALONE)) - 1])
        together = [first] if lost else [one for one in self._order if not self._lost[one]]
        group: list[Turn] = []
        more = True
        while more:
            more = False
            for mailbox in together:
                if len(group) < most and self._may_join(mailbox, chosen, ahead):
                    group.append(self._take(mailbox))
                    chosen.add(mailbox)
                    more = True
        self._order.rotate(-1 - self._order.index(group[-1].mailbox))
        return sorted(group, key=lambda turn: turn.mailbox in self._shaky)

    def _take(self, mailbox: str) -> Turn:
        turn = self._queues[mailbox].popleft()
        self._touched[turn.ask.path] += turn.ask.changes
        return turn

    def must_wait(self, turns: Sequence[Turn]) -> bool:
        """Whether anybody among them was told to wait."""
        return any(self._waits.left(turn.mailbox) > 0 for turn in turns)

    def has_room(self, turns: Sequence[Turn]) -> bool:
        """Whether none of their mailboxes is asked as much at once as it may be."""
        return all(self._under_way[turn.mailbox] < self._at_once_a_mailbox for turn in turns)

    def go(self, turns: Sequence[Turn]) -> None:
        """They are under way now, until they ``came_back``."""
        self._under_way.update({turn.mailbox for turn in turns})

    def came_back(self, turns: Sequence[Turn], *, lost: bool) -> None:
        """A batch is no longer under way; ``lost``: it got no answer as a whole."""
        for turn in turns:
            self._touched[turn.ask.path] -= turn.ask.changes
        for mailbox in {turn.mailbox for turn in turns}:
            self._under_way[mailbox] -= 1
            self._lost[mailbox] = self._lost[mailbox] + 1 if lost else 0

    def times_lost(self, mailbox: str) -> int:
        """How many batches in a row were lost that held something of this mailbox."""
        return self._lost[mailbox]

    def refused(self, mailbox: str, *, so: bool) -> None:
        """Whether the last question to a mailbox was refused."""
        (self._shaky.add if so else self._shaky.discard)(mailbox)

    def waits(self) -> bool:
        """Whether a wait or a pause is all that keeps somebody from being asked."""
        return bool(self._parked) or any(self._waits.left(mailbox) > 0 for mailbox in self.waiting())

    def waiting(self) -> list[str]:
        """The mailboxes that something is still to be asked of."""
        return [mailbox for mailbox, queue in self._queues.items() if queue]

    def until_next(self, *, together: float = 0.0) -> float:
        """In how many seconds somebody may be asked, as far as waits alone decide it; or, so that one batch
        serves them, whoever else may be asked within the seconds of ``together`` after that."""
        now = self._timer.now()
        waits = [left for mailbox in self.waiting() if (left := self._waits.left(mailbox))]
        pauses = [max(due - now, self._waits.left(turn.mailbox)) for due, _, turn in self._parked]
        seconds = sorted([*waits, *pauses]) or [0.0]
        return max(wait for wait in seconds if wait <= seconds[0] + together)

    def take_all(self, mailbox: str | None = None, method: str | None = None) -> list[Turn]:
        """Everybody who waits, or who waits for this mailbox (and this method): they are not asked about."""
        every = [turn for queue in self._queues.values() for turn in queue]
        every += [turn for _, _, turn in sorted(self._parked)]
        taken = [
            turn for turn in every if mailbox in (None, turn.mailbox) and method in (None, turn.ask.method)
        ]
        gone = {turn.index for turn in taken}
        for name, queue in self._queues.items():
            self._queues[name] = deque(turn for turn in queue if turn.index not in gone)
        self._parked = [one for one in self._parked if one[2].index not in gone]
        heapq.heapify(self._parked)
        return taken

    def _queue(self, mailbox: str) -> deque[Turn]:
        if mailbox not in self._queues:
            self._queues[mailbox] = deque()
            self._order.append(mailbox)
        return self._queues[mailbox]

    def _unpark(self) -> None:
        now = self._timer.now()
        while self._parked and self._parked[0][0] <= now:
            turn = heapq.heappop(self._parked)[2]
            self._queue(turn.mailbox).append(turn)

    def _may_be_asked(self, mailbox: str, ahead: bool) -> bool:
        room = ahead or self._under_way[mailbox] < self._at_once_a_mailbox
        return room and self._waits.left(mailbox) == 0

    def _may_join(self, mailbox: str, chosen: set[str], ahead: bool) -> bool:
        queue = self._queues[mailbox]
        if not queue or (queue[0].ask.changes and self._touched[queue[0].ask.path]):
            return False
        return mailbox in chosen or self._may_be_asked(mailbox, ahead)
