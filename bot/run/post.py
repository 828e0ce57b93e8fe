"""Delivers the outbox: what is uncertain is looked for, and what waits is sent as each sender's turn comes.

Senders are never asked for more than Exchange lets leave them; whoever is told to stay away stays away while
the others go on; a mail whose draft lies with a sender stays with that sender.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.errors import BotError, Temporary
from bot.outlook.faults import SignInRefused
from bot.run.keep import Progress, silent
from bot.run.mailing import End, Mailing
from bot.run.report import Delivery, NotDelivered, Posted
from bot.run.senders import Senders, clock_of, counted
from bot.run.undelivered import Undeliverable
from bot.run.world import World
from bot.store import outbox, sending
from bot.store.outbox import OutboxRow

PATIENCE: Final = 2  # so many mails in a row that could not go now: the rest are not tried one by one
TOLD_TO_WAIT: Final = 5  # so often one mail is put back because its sender must wait
_NOT_EITHER: Final = "The mails before it could not go either; the next run tries again."
_STAYS_AWAY: Final = "Its sender was told to slow down; a run after that sends it."


def silently(_: str) -> None:
    """Said to nobody."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a delivery goes about it. One that a person asked for sends everything, at any hour, and waits for
    its turn; the service's own sends what is to be tried by now, and comes again for the rest."""

    by_itself: bool = False  # the service's own
    quiet: bool = False  # what is not urgent is held
    looks: bool = True  # for what came back, too
    progress: Progress = silent
    tell: Callable[[str], None] = silently  # told when the last mail will go, where that takes a while
    refused: Mapping[str, str] = field(
        default_factory=dict
    )  # senders that are known to send nothing, and why


ASKED_FOR: Final = Manner()


def deliver(world: World, fence: int, clock: Callable[[], datetime], manner: Manner = ASKED_FOR) -> Delivery:
    """Send what waits in the outbox. One that cannot go now waits; one that never will is said so.

    ``clock`` gives the run's own time (naive London). Raises SignInRefused where nothing can go at all.
    """
    work = _Work(world, fence, clock, manner)
    work.settle()
    work.send_all()
    if manner.looks and not work.in_vain:
        work.look_for_what_came_back()
    if work.not_delivered:  # whoever is told of them is told now
        work.send_all()
    return work.delivery


@dataclass(frozen=True, slots=True)
class _Turn:
    """A mail's place in the queue, who may send it, and from when on."""

    place: int
    sender: str
    at: datetime


class _Work:
    """One delivery: what was done, and when each sender may be asked again."""

    def __init__(self, world: World, fence: int, clock: Callable[[], datetime], manner: Manner) -> None:
        self._world, self._fence, self._manner = world, fence, manner
        self._timer = world.connection.timer
        self._began = world.connection.clock()
        self._started = self._timer.now()
        self._senders = Senders(world, self._began, manner.refused)
        self._mailing = Mailing(world, fence, clock, self._moment)
        self._undeliverable = Undeliverable(world, fence, clock)
        self._told_to_wait: dict[int, int] = {}  # how often, by mail
        self._posted: dict[int, Posted] = {}
        self._looked_for = 0
        self._sent_before = 0
        self._forecast = ""
        self._unread = ""
        self._again_at: datetime | None = None
        self.in_vain = 0
        self.not_delivered: list[NotDelivered] = []

    @property
    def delivery(self) -> Delivery:
        """What came of it."""
        return Delivery(
            posted=tuple(self._posted.values()),
            not_delivered=tuple(self.not_delivered),
            looked_for=self._looked_for,
            sent_before=self._sent_before,
            forecast=self._forecast,
            stopped=self.in_vain >= PATIENCE or self._senders.all_refused,
            refused=bool(self._senders.refused),
            left=self._left(),
            again_at=self._again_at,
            unread=self._unread,
        )

    def settle(self) -> None:
        """Find out what became of every mail that is uncertain."""
        sending.doubt(self._world.store, self._fence)
        for row in outbox.doubtful(self._world.store, self._by):
            if self.in_vain >= PATIENCE:
                self._note(row, "uncertain", _NOT_EITHER)
                continue
            self._looked_for += 1
            end = self._mailing.look_for(row)
            self._senders.remember(self._fence, self._moment())
            if end.row.state != "waiting":
                self._ended(end)

    def send_all(self) -> None:
        """Send what waits, in its order, as each sender's turn comes."""
        rows = outbox.waiting(self._world.store, self._by, urgent_alone=self._manner.quiet)
        queue = [row for row in rows if row.id not in self._posted]
        of = len(queue)
        self._foresee(of)
        while queue and self.in_vain < PATIENCE:
            now = self._moment()
            turn = self._next_turn(queue, now)
            if turn is None or (turn.at > now and self._manner.by_itself):
                self._again_at = turn.at if turn else self._senders.first_able(now)
                break
            if turn.at > now:
                self._timer.sleep((turn.at - now).total_seconds())
                continue
            end = self._mailing.send(queue.pop(turn.place), turn.sender, self._senders)
            self._senders.remember(self._fence, self._moment())
            if self._goes_on(end, turn.sender):
                queue.insert(turn.place, end.row)
            else:
                self._ended(end)
                self._manner.progress(of - len(queue), of, "mails")
        for row in queue:
            self._note(row, "waiting", self._why_not(row))

    def look_for_what_came_back(self) -> None:
        """Ask the senders' mailboxes for reports that a mail reached nobody."""
        try:
            self.not_delivered += self._undeliverable.look(self._moment())
        except SignInRefused:
            raise
        except Temporary:
            pass  # the next look goes as far back
        except BotError as error:
            self._unread = f"Whether mails came back could not be read. {error}"

    @property
    def _by(self) -> datetime | None:
        return self._began if self._manner.by_itself else None

    def _moment(self) -> datetime:
        """The clock's time, aware: nobody who sets the clock meanwhile changes how long anybody waits."""
        return self._began + timedelta(seconds=self._timer.now() - self._started)

    def _next_turn(self, queue: list[OutboxRow], now: datetime) -> _Turn | None:
        """The first mail that may go now, or the one that may go soonest; null where none may in this run."""
        soonest: _Turn | None = None
        for place, row in enumerate(queue):
            for sender in self._senders.able(self._mailing.sender_of(row) if row.draft_id else None):
                turn = _Turn(place, sender, self._senders.free_at(sender, now))
                if soonest is None or turn.at < soonest.at:
                    soonest = turn
            if soonest is not None and soonest.at <= now:
                return soonest
        return soonest

    def _goes_on(self, end: End, sender: str) -> bool:
        """Whether a mail that did not go is tried again in this delivery: later, or by another sender."""
        if end.sender_refused:
            self._senders.refused[sender] = str(end.error)
            return end.row.draft_id is None and not self._senders.all_refused
        if end.told_to_wait:
            self._told_to_wait[end.row.id] = self._told_to_wait.get(end.row.id, 0) + 1
            return self._told_to_wait[end.row.id] < TOLD_TO_WAIT
        return False

    def _foresee(self, mails: int) -> None:
        forecast = self._senders.forecast(mails, self._moment())
        if forecast is not None and not forecast.at_once:
            self._forecast = str(forecast)
            self._manner.tell(self._forecast)

    def _left(self) -> str:
        """How many mails wait at the end, and when they will go."""
        left = sum(one.state in ("waiting", "uncertain") for one in self._posted.values())
        if not left or self._manner.by_itself:
            return ""
        wait = f"{counted(left)} {'waits' if left == 1 else 'wait'}"
        if self._senders.all_refused:
            return (
                f"{wait} until the sender's mailbox is mended; then the next `run` goes on, or the service."
            )
        now = self._moment()
        again = outbox.standing(self._world.store).again_at or now
        when = clock_of(max(self._senders.first_able(now) or now, again))
        return f"{wait}: a `run` from {when} on sends {'it' if left == 1 else 'them'}, or the service then."

    def _why_not(self, row: OutboxRow) -> str | None:
        sender = self._mailing.sender_of(row)
        if row.draft_id and sender in self._senders.refused:
            return self._senders.refused[sender]
        if self.in_vain >= PATIENCE or self._senders.all_refused:
            return _NOT_EITHER
        return None if self._manner.by_itself else _STAYS_AWAY

    def _ended(self, end: End) -> None:
        row, error = end.row, end.error
        if row.state == "failed":
            reached = self._undeliverable.tell(
                row.id, row.mail, "failed", str(error), to_manager=end.nobody_there
            )
            if end.nobody_there:
                self.not_delivered.append(reached)
            self.in_vain = 0
            self._note(row, "failed", str(error))
            return
        if error is None or end.told_to_wait:
            self.in_vain = 0
        else:
            self.in_vain += 1
        self._sent_before += end.sent_before
        self._note(row, "sent before" if end.sent_before else row.state, str(error) if error else None)

    def _note(self, row: OutboxRow, state: str, why: str | None) -> None:
        said = {
            "waiting": "a mail waits.",
            "uncertain": "it is not known whether a mail went, and it is looked for before it is sent.",
            "failed": "a mail was given up.",
        }
        error = f"{row.mail.person}: {said[state]} {why}" if why is not None and state in said else None
        mail = row.mail
        self._posted[row.id] = Posted(mail.person, mail.recipient, mail.subject, mail.job, state, error)
