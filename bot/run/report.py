"""What a run did, as values: for the person at the terminal, the service's counters and the demo's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.errors import Problem

Did = Literal["put", "moved", "changed", "done", "removed", "left", "told"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing done in one diary or left as a person wants it, in words, and why; and the entry, if any."""

    what: str
    why: str
    did: Did = "told"
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one diary in a run."""

    mailbox: str
    worker_id: str
    created: int = 0
    changed: int = 0
    removed: int = 0
    released: int = 0
    unchanged: int = 0
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    refused: bool = False  # the guard held it back
    again: bool = False  # some of it may succeed on another try
    made_again: int = 0  # entries that the store says stand, and that went in a run it does not remember

    @property
    def writes(self) -> int:
        """How many entries were written, of whatever kind."""
        return self.created + self.changed + self.removed + self.released


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one mail."""

    person: str
    recipient: str
    subject: str
    job: str
    state: str  # sent, sent before, waiting, uncertain, failed
    error: str | None = None


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """A mail that reaches nobody, and the manager (worker_id) who is told of it, if anybody is."""

    person: str
    recipient: str
    job: str
    why: str
    manager: str = ""
    redirected: bool = False  # to the box that mail.redirect_to names, and not to the person's own

    def __str__(self) -> str:
        check = "the address in workers.csv"
        told = f"{self.manager}, who manages them, is told" if self.manager else "nobody else is told"
        if self.redirected:
            check, told = "mail.redirect_to in the settings", "no mail reaches anybody while that is wrong"
        return (
            f"{self.person}: a mail to {self.recipient} could not be delivered. {self.why} Check {check}; "
            f"{told}."
        )


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the outbox in one go."""

    posted: tuple[Posted, ...] = ()
    not_delivered: tuple[NotDelivered, ...] = ()
    looked_for: int = 0  # mails that were uncertain, and that Outlook was asked for
    sent_before: int = 0  # mails that had gone already, as this store did not know
    forecast: str = ""  # when the last will go, where not all could go at once
    stopped: bool = False  # nothing goes just now: the rest was not tried one by one
    refused: bool = False  # a sender's mailbox takes or sends nothing until somebody mends it
    again_at: datetime | None = None  # when the next mail's turn comes (aware), where one waits for it
    unread: str = ""  # why it is not known which mails came back
    left: str = ""  # how many mails wait at the end, and when they will go

    @property
    def sent(self) -> int:
        """Mails that Microsoft took."""
        return sum(one.state == "sent" for one in self.posted)

    @property
    def said(self) -> tuple[str, ...]:
        """What an operator should know of, beside what went wrong with each mail."""
        looked_for = (
            f"{self.looked_for} mail(s) were left uncertain before: each was looked for, and none sent twice."
        )
        sent_before = (
            f"{self.sent_before} mail(s) had been sent already, as the sender's mailbox shows and the store "
            "does not: it was lost, or an older one was put back. None was sent again. Notices are told "
            "anew: of whom it told what, the store does not know either."
        )
        known = (looked_for if self.looked_for else "", sent_before if self.sent_before else "")
        return tuple(one for one in (*known, self.unread, self.left) if one)


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run from beginning to end."""

    today: date
    kept: tuple[Kept, ...]
    posted: tuple[Posted, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    owed: int
    set_aside: tuple[str, ...]  # visits that stand in no diary, and why
    lifted: tuple[str, ...] = ()  # what guards said that somebody lifted for this run, and who
    not_delivered: tuple[NotDelivered, ...] = ()  # mails that reach nobody
    of_mails: tuple[str, ...] = ()  # how many were uncertain before, and what else an operator should know
    of_sheets: tuple[str, ...] = ()  # preparation sheets that could not be put where they belong
    forecast: str = ""  # when the last mail was to go, where not all could go at once
    mails_made: int = 0  # put in the outbox by this run
    of_senders: tuple[str, ...] = ()  # which of several senders cannot be used, and the mend
    found_beside: tuple[Problem, ...] = ()  # of the problems, those that `check` cannot find
    mails_left: str = ""  # how many mails wait at the end, and when they will go

    @property
    def writes(self) -> int:
        """Calendar entries written."""
        return sum(one.writes for one in self.kept)

    @property
    def mails_sent(self) -> int:
        """Mails that Microsoft took."""
        return sum(one.state == "sent" for one in self.posted)

    @property
    def mails_waiting(self) -> int:
        """Mails that did not go yet."""
        return sum(one.state in ("waiting", "uncertain") for one in self.posted)

    @property
    def errors(self) -> tuple[str, ...]:
        """What could not be done, mailbox by mailbox and mail by mail; what is so for all of them, once."""
        kept = [error for one in self.kept for error in one.errors]
        mails = [one.error for one in self.posted if one.error]
        return tuple(dict.fromkeys((*kept, *mails, *map(str, self.not_delivered))))

    @property
    def restored(self) -> tuple[str, ...]:
        """What an operator must know where an older store was put back; nothing where none was."""
        again = [one.made_again for one in self.kept if one.made_again]
        if not again:
            return ()
        return (
            "An older copy of the store was put back: it does not remember what was last taken out of "
            f"{len(again)} of {len(self.kept)} diaries. Entries made again there because they are still "
            f"owed: {sum(again)}. The bot had taken them out since, or a person had: whoever did deletes "
            "theirs once more.",
        )

    @property
    def again(self) -> bool:
        """Whether the day's run is still owed."""
        return still_owed(self.kept)

    @property
    def nothing_done(self) -> bool:
        """Whether diaries were to be kept and not one of them was."""
        return _none(self.kept)


def still_owed(kept: Sequence[Kept]) -> bool:
    """Whether some of what was not done may succeed on another try today, or nothing was done at all.

    What somebody must mend first is left to the next day's run: asking for it again every ten minutes would
    change nothing, and say the same each time.
    """
    return _none(kept) or any(one.again for one in kept)


def _none(kept: Sequence[Kept]) -> bool:
    return bool(kept) and all(one.errors for one in kept)
