"""When each sender may send its next mail: never more in a minute than Exchange lets leave one mailbox.

Exchange punishes who comes too early, so the bot keeps the limit itself, over one process after another: what
was asked for before is read from the store. A pure value: moments come in, moments come out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

A_MINUTE: Final = 30  # mails that Exchange Online lets leave one mailbox in any minute
WINDOW: Final = timedelta(seconds=61)  # a second more: what counts is when each had arrived, not when it left


class Pace:
    """The last mails of each sender, and so when the next may follow. All moments are aware."""

    def __init__(
        self, asked: Mapping[str, Iterable[datetime]], now: datetime, a_minute: int = A_MINUTE
    ) -> None:
        """``asked``: each sender, with when it was asked to send of late. A moment beyond the next minute was
        written by a clock that ran wrong, and counts for nothing."""
        self._a_minute = a_minute
        self._asked = {
            sender: deque(sorted(at for at in moments if at <= now + WINDOW), maxlen=a_minute)
            for sender, moments in asked.items()
        }

    @property
    def senders(self) -> tuple[str, ...]:
        """Everybody who sends."""
        return tuple(self._asked)

    def free_at(self, sender: str, now: datetime) -> datetime:
        """The moment, ``now`` or later, from which this sender may send one more."""
        asked = self._asked.setdefault(sender, deque(maxlen=self._a_minute))
        free = asked[0] + WINDOW if len(asked) == self._a_minute else now
        return max(free, now)

    def of_late(self, sender: str) -> int:
        """How many of the last mails this sender sent, for whoever takes the least busy first."""
        return len(self._asked.get(sender, ()))

    def ask(self, sender: str, at: datetime) -> None:
        """One more is asked for at that moment."""
        self._asked.setdefault(sender, deque(maxlen=self._a_minute)).append(at)

    def last_of(self, mails: int, now: datetime, able: Mapping[str, datetime] | None = None) -> datetime:
        """When the last of so many mails may go, if nothing else is sent meanwhile.

        ``able``: who may send at all, and each from when on; null: everybody, from now on.
        """
        ahead = Pace(self._asked, now, self._a_minute)
        begins = dict.fromkeys(ahead.senders, now) if able is None else able
        for _ in range(mails):
            now, sender = min((max(ahead.free_at(one, now), at), one) for one, at in begins.items())
            ahead.ask(sender, now)
        return now
