"""The desk beside the diaries: what a worker does in the case record, so that the bot can be seen to follow.

The stand-in knows mailboxes and no caseload. Whoever starts the page with a caseload hands it a `Desk`; it
keeps the records wherever they are, answers in words what was written, and refuses what a case system would.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

VisitKind = Literal["visit", "contact", "return_interview"]
VISIT_KINDS: tuple[VisitKind, ...] = ("visit", "contact", "return_interview")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that cannot be written down as it was said."""

    where: str  # the field of the form
    what: str
    why: str
    mend: str

    def __str__(self) -> str:
        return f"{self.what} {self.why} {self.mend}"


class DeskRefused(Exception):
    """Nothing was written; every mistake is told at once."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__(" ".join(str(one) for one in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that a child is owed, and why by then."""

    kind: str
    words: str  # "Visit due Fri 4 Dec", "Visit 3 days late"
    due: date
    late: bool
    why: str


@dataclass(frozen=True, slots=True)
class Child:
    """A child on somebody's list: the case number and what the bot calls them, never a name."""

    id: str
    called: str
    last_seen: date | None
    owed: tuple[Owed, ...]
    cover_for: str = ""  # the colleague whose child it is
    to_finalise: tuple[date, ...] = ()  # visits whose record waits


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could cover."""

    mailbox: str
    name: str
    away: bool


@dataclass(frozen=True, slots=True)
class Away:
    """An absence that has begun and not ended."""

    first: date
    last: date | None
    covered_by: str
    planned: bool


@dataclass(frozen=True, slots=True)
class Worktable:
    """What lies before one worker today."""

    mailbox: str
    name: str
    today: date
    children: tuple[Child, ...]
    colleagues: tuple[Colleague, ...]
    usual_buddy: str | None  # a mailbox
    away: Away | None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an entry in a diary is about."""

    child: str
    called: str
    kind: str
    due: date


@dataclass(frozen=True, slots=True)
class VisitForm:
    """A visit as the worker tells it; null: not said."""

    at: datetime
    took_place: bool
    kind: VisitKind = "visit"
    seen: bool | None = None
    alone: bool | None = None
    awake: bool | None = None
    observed: bool | None = None
    at_home: bool | None = None
    bedroom: bool | None = None
    announced: bool | None = None
    finalised: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PostponeForm:
    """A visit that cannot be kept: from which day to which, and why."""

    planned: date
    to: date | None
    reason: str
    told: bool = False  # the manager and the reviewing officer know


@dataclass(frozen=True, slots=True)
class Written:
    """What was written down, and what the bot will make of it."""

    words: str
    then: str


class Desk(Protocol):
    """What the page needs of a caseload. Every act raises `DeskRefused` instead of writing half of it."""

    def table(self, mailbox: str) -> Worktable | None:
        """What lies before the worker whose mailbox it is; null where it is nobody's who visits."""

    def meaning(self, mailbox: str, tags: Collection[str]) -> Meaning | None:
        """What an entry is about that carries these tags; null where nothing is owed under it."""

    def record_visit(self, mailbox: str, child: str, form: VisitForm) -> Written:
        """Write down a visit that was made, or tried."""

    def finalise(self, mailbox: str, child: str) -> Written:
        """Finalise the records of a child's visits."""

    def postpone(self, mailbox: str, child: str, form: PostponeForm) -> Written:
        """Write down that a visit is put off."""

    def off_sick(self, mailbox: str, first: date, last: date | None, covered_by: str | None) -> Written:
        """Put a worker off sick; without a last day until they are back."""

    def back(self, mailbox: str, on: date) -> Written:
        """End the absence: at work again on that day."""


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
