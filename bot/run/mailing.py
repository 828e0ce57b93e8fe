"""One mail on its way: claimed, drafted with our reference, remembered, and only then sent.

A mail that was left half-way, or whose answer was lost, is uncertain: Outlook is asked for its draft or its
sent copy before anything else is done, so that no answer lost on the way ever makes a second mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.agenda import mail_again
from bot.errors import BotError, Permanent, Temporary
from bot.outlook.faults import BadRecipient, SignInRefused
from bot.outlook.mail import (
    Found,
    Message,
    NotSent,
    Picture,
    SenderRefused,
    Throttled,
    draft,
    find_by_id,
    find_by_reference,
    send,
)
from bot.run.senders import Senders
from bot.run.world import World
from bot.store import sending
from bot.store.outbox import OutboxRow

_GONE: Final = (
    "Its draft is neither among the drafts nor among the sent messages, so it is not known whether it went. "
    "Ask the recipient; it is not sent again by itself."
)


@dataclass(frozen=True, slots=True)
class End:
    """What became of one mail: its row as it is now, and what went wrong, if anything."""

    row: OutboxRow
    error: BotError | None = None
    sent_before: bool = False  # not now, and not by this store

    @property
    def told_to_wait(self) -> bool:
        """Its sender may send no more just now; the mail is as good as any."""
        return isinstance(self.error, Throttled)

    @property
    def sender_refused(self) -> bool:
        """Its sender's mailbox takes or sends nothing until somebody mends it."""
        return isinstance(self.error, SenderRefused)

    @property
    def nobody_there(self) -> bool:
        """Nobody can have it at this address."""
        return isinstance(self.error, BadRecipient)


class Mailing:
    """Moves mails on, and writes down each step before the call that it announces."""

    def __init__(
        self, world: World, fence: int, clock: Callable[[], datetime], moment: Callable[[], datetime]
    ) -> None:
        """``clock``: the run's own time (naive London); ``moment``: the clock's (aware)."""
        self._world, self._fence = world, fence
        self._clock, self._moment = clock, moment

    def look_for(self, row: OutboxRow) -> End:
        """Find out what became of a mail that is uncertain: sent, waiting, uncertain still, or failed."""
        sender = self.sender_of(row)
        try:
            found = self._found(row, sender)
        except SignInRefused:
            raise
        except (Temporary, SenderRefused) as error:
            return self._put_off(row, "uncertain", error)
        except Permanent as error:
            return End(replace(row, state="failed"), error)
        if found is not None and found.where == "sent":
            return self._sent(row)
        bound = replace(row, draft_id=found.id, sender=sender) if found else replace(row, sender=None)
        return self._put_off(bound, "waiting", None)  # it has not gone, and waits for its turn

    def send(self, row: OutboxRow, sender: str, senders: Senders) -> End:
        """Send a mail that waits: sent, waiting still, uncertain, or failed (which is not yet written down).

        Raises SignInRefused where nothing can go at all.
        """
        store, connection = self._world.store, self._world.connection
        asked = False
        try:
            self._check_recipient(row)
            conversation = ""
            if row.draft_id is None:
                before = self._world.sent_before
                if before.went(row.mail.reference, sender, senders.able(None)):
                    return replace(self._sent(row), sent_before=True)
                before.take_away_draft(row.mail.reference, sender)
                sending.claim(store, self._fence, row.id, sender)
                made = draft(connection, sender, self._message(row), row.mail.reference)
                row, conversation = replace(row, draft_id=made.id, sender=sender), made.conversation
            now = self._moment()
            sending.drafted(
                store,
                self._fence,
                row.id,
                str(row.draft_id),
                sender=sender,
                conversation=conversation,
                asked_at=now,
            )
            asked = True
            senders.pace.ask(sender, now)
            send(connection, sender, str(row.draft_id))
        except SignInRefused:
            raise
        except (NotSent, SenderRefused) as error:
            return self._put_off(row, "waiting", error)
        except Temporary as error:
            return self._put_off(row, "uncertain" if asked else "waiting", error)
        except Permanent as error:
            return End(replace(row, state="failed"), error)
        return self._sent(row, self._moment())

    def sender_of(self, row: OutboxRow) -> str:
        """In whose mailbox its draft lies. Before there were several senders, nobody wrote it down."""
        return row.sender or self._world.settings.mail.sender

    def _found(self, row: OutboxRow, sender: str) -> Found | None:
        connection = self._world.connection
        found = find_by_id(connection, sender, row.draft_id) if row.draft_id else None
        found = found or find_by_reference(connection, sender, row.mail.reference)
        if found is None and row.draft_id:
            raise Permanent(_GONE)
        return found

    def _check_recipient(self, row: OutboxRow) -> None:
        """The settings may have changed since the mail was made."""
        mail = self._world.settings.mail
        if not mail.allows(row.mail.recipient):
            raise Permanent(
                "Its address is outside the domains that mail may go to now (mail.allowed_domains): it was "
                "not sent."
            )
        if mail.redirect_to and row.mail.recipient != mail.redirect_to:
            raise Permanent(
                "It was made before mail.redirect_to was set, and would not have gone there: it was not sent."
            )

    def _message(self, row: OutboxRow) -> Message:
        return Message(
            to=row.mail.recipient,
            subject=row.mail.subject,
            html=row.mail.html,
            text=row.mail.text,
            pictures=tuple(Picture(image.cid, image.png) for image in row.mail.images),
            reply_to=self._world.settings.mail.reply_to,
        )

    def _sent(self, row: OutboxRow, answered_at: datetime | None = None) -> End:
        sending.sent(self._world.store, self._fence, row.id, self._clock(), answered_at)
        return End(replace(row, state="sent"))

    def _put_off(self, row: OutboxRow, state: str, error: BotError | None) -> End:
        again = None
        if error is not None:
            again = self._moment() + mail_again(row.tries)
            if isinstance(error, Temporary) and error.retry_at is not None:
                again = max(again, error.retry_at)
        sending.put_off(
            self._world.store,
            self._fence,
            row.id,
            state,
            error=str(error) if error else None,
            not_before=again,
            draft_id=row.draft_id,
            sender=row.sender,
        )
        return End(replace(row, state=state, tries=row.tries + (error is not None)), error)
