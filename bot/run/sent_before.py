"""What was sent before this process began, as the senders' own mailboxes say.

A store knows of every mail that it had sent; one that was lost, or an older one put back, does not, and would
send this week's lists once more. What another store had sent cannot change while this one is at work, so each
mailbox is asked once a process, before its first mail.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.errors import BotError
from bot.outlook.connection import Connection
from bot.outlook.sent_before import Held, discard, held_since

LOOK_BACK: Final = timedelta(days=8)  # no job makes a mail anew whose week is over


class SentBefore:
    """Asks the senders' mailboxes, and remembers what they said."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held: dict[str, Held] = {}

    def went(self, reference: str, sender: str, others: Sequence[str]) -> bool:
        """Whether this mail was sent already, by ``sender``, who is about to, or by one of ``others``.

        Raises SenderRefused, Throttled, Temporary or SignInRefused where the mailbox of ``sender`` cannot be
        asked. One of the others that cannot be asked just now is asked with the next mail.
        """
        self._ask(sender)
        for other in others:
            if not self._connection.waits.left(other):
                with contextlib.suppress(BotError):
                    self._ask(other)
        return any(reference in held.sent for held in self._held.values())

    def take_away_draft(self, reference: str, sender: str) -> None:
        """Take away what another store's run left half-way of this mail: it may say something else, and be
        to somebody else, than the mail that is to be sent now."""
        left = self._held[sender].drafts.get(reference)
        if left is not None:
            discard(self._connection, sender, left)

    def _ask(self, sender: str) -> None:
        if sender in self._held:
            return
        since = self._connection.clock() - LOOK_BACK
        self._held[sender] = held_since(self._connection, sender, since)
