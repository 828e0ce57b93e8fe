"""What planning looks at and what it decides, as values: they can be printed, saved, approved and compared.

An action carries all that is needed to carry it out and to remember it, so that the shell which does so
decides nothing. :func:`intent` is what to remember before the call, :func:`outcome` what to remember after.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from bot.diary.entry import Achieved, Body, Entry

_TRANSACTIONS = uuid.UUID("6d1f4b0e-53a5-4a0c-9f0e-2c9f2f6a7b11")


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry of ours as it stands in a mailbox now. Times are naive London."""

    id: str
    etag: str
    key: str | None
    subject: str
    starts: datetime
    ends: datetime
    all_day: bool
    categories: tuple[str, ...]
    alarm_minutes: int | None
    changed_at: datetime | None = None  # when anybody last changed it; null: Exchange did not say


@dataclass(frozen=True, slots=True)
class Known:
    """One entry as we remember it.

    *intent*: its creation (no ``event_id``) or its removal was begun, and the answer never recorded. *live*:
    it stands. *dismissed*: a person has deleted it, and its due date has not changed since. ``placed`` is
    where we last put it; ``placing`` is where a change was about to put it whose answer was never recorded:
    an entry found there was put there by us, and was not moved by a person. ``said_done_at`` is when a person
    said on the entry that the visit is done, which the record does not say yet.
    """

    mailbox: str
    key: str
    generation: int
    state: Literal["intent", "live", "dismissed"]
    event_id: str | None
    etag: str | None
    due: date
    placed: datetime
    digest: str
    achieved: bool
    placing: datetime | None = None
    said_done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """An entry as it shall stand after a write; ``categories`` holds people's own beside ours."""

    key: str
    subject: str
    body: Body
    starts: datetime
    ends: datetime
    all_day: bool
    categories: tuple[str, ...]
    alarm_minutes: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """What to remember of an entry once it stands."""

    generation: int
    due: date
    placed: datetime
    digest: str
    achieved: bool
    said_done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Create:
    """Make an entry. Because of its transaction id, a request that is repeated makes no second one."""

    key: str
    write: Write
    record: Record
    do: Literal["create"] = "create"

    @property
    def transaction_id(self) -> str:
        """Give the id under which this creation happens at most once in its mailbox."""
        return transaction_id(self.key, self.record.generation)


@dataclass(frozen=True, slots=True)
class Change:
    """Make an entry say and stand as it should, if nobody has touched it since (If-Match)."""

    key: str
    event_id: str
    etag: str
    write: Write
    record: Record
    was: Known | None
    why: tuple[str, ...]  # what differs: "due", "place", "words", "colour", "alarm", "tag", "body"
    do: Literal["change"] = "change"


@dataclass(frozen=True, slots=True)
class Adopt:
    """Remember an entry that already stands as it should; nothing is written to the mailbox."""

    key: str
    event_id: str
    etag: str
    record: Record
    do: Literal["adopt"] = "adopt"


@dataclass(frozen=True, slots=True)
class Look:
    """Ask by id for an entry that the list did not show; :func:`bot.diary.plan.looked` says what follows."""

    key: str
    event_id: str
    known: Known
    target: Entry | Achieved | None  # null: it is wanted no more
    rivals: tuple[Seen, ...] = ()  # others that carry its key
    do: Literal["look"] = "look"


@dataclass(frozen=True, slots=True)
class Untag:
    """Let go of an entry without touching what it says: a person's copy, or one whose time has passed."""

    key: str
    event_id: str
    etag: str
    why: Literal["copy", "released"]
    do: Literal["untag"] = "untag"


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete an entry that is wanted no more, or the second of two that are alike."""

    key: str
    event_id: str
    etag: str
    subject: str
    why: Literal["unwanted", "duplicate"]
    was: Known | None = None
    do: Literal["remove"] = "remove"


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Remember that a person has deleted an entry: it stays away until its due date changes."""

    key: str
    known: Known
    subject: str = ""  # of what is still owed under it; empty where nothing is
    do: Literal["dismiss"] = "dismiss"


@dataclass(frozen=True, slots=True)
class Forget:
    """Drop what is remembered of an entry that is gone or released."""

    key: str
    do: Literal["forget"] = "forget"


Action = Create | Change | Adopt | Look | Untag | Remove | Dismiss | Forget


def transaction_id(key: str, generation: int) -> str:
    """Give the transaction id of one generation of one entry; like the key it says nothing about a child."""
    return str(uuid.uuid5(_TRANSACTIONS, f"{key}:{generation}"))


def intent(mailbox: str, action: Action) -> Known | None:
    """Give what to remember before an action's call; null where nothing needs to be."""
    match action:
        case Create(key=key, record=record):
            return _known(mailbox, key, record, "intent")
        case Change(was=Known() as was, event_id=found, write=write, record=record):
            placing = write.starts if write.starts == record.placed else was.placing
            return replace(was, state="live", event_id=found, placing=placing)
        case Remove(why="unwanted", was=Known() as was):
            return replace(was, state="intent", generation=was.generation + 1)
        case _:
            return None


def outcome(
    mailbox: str,
    action: Action,
    event_id: str | None = None,
    etag: str | None = None,
    *,
    existed: bool = False,
) -> Known | None:
    """Give what to remember once an action is done; ``event_id`` and ``etag`` are those of the answer.

    ``existed``: the creation had been done before, with words that we can no longer be sure of; the next run
    writes them again.
    """
    match action:
        case Create(key=key, record=record) if existed:
            unsure = replace(record, digest="")
            return _known(mailbox, key, unsure, "live", event_id=event_id, etag=etag)
        case Create(key=key, record=record):
            return _known(mailbox, key, record, "live", event_id=event_id, etag=etag)
        case Change(key=key, record=record) | Adopt(key=key, record=record):
            found, version = event_id or action.event_id, etag or action.etag
            return _known(mailbox, key, record, "live", event_id=found, etag=version)
        case Dismiss(known=known):
            return replace(known, state="dismissed", event_id=None, etag=None, placing=None)
        case _:
            return None


def forgets(action: Action) -> bool:
    """Tell whether an action, once done, ends what is remembered under its key."""
    match action:
        case Forget() | Untag(why="released") | Remove(why="unwanted"):
            return True
        case _:
            return False


def already_gone(mailbox: str, create: Create) -> Known:
    """Give what to remember where a creation was answered "exists", but the entry it made is gone.

    The transaction id is used up, and the next run creates under the next generation. Where a person deleted
    the entry before we had recorded it, they see it once more: better shown twice than never.
    """
    used = replace(create.record, generation=create.record.generation + 1)
    return _known(mailbox, create.key, used, "intent")


def _known(
    mailbox: str,
    key: str,
    record: Record,
    state: Literal["intent", "live"],
    *,
    event_id: str | None = None,
    etag: str | None = None,
) -> Known:
    return Known(
        mailbox=mailbox,
        key=key,
        generation=record.generation,
        state=state,
        event_id=event_id,
        etag=etag,
        due=record.due,
        placed=record.placed,
        digest=record.digest,
        achieved=record.achieved,
        said_done_at=record.said_done_at,
    )
