"""An entry as it should stand in a worker's calendar: the value that planning compares and Outlook shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache


class Role(StrEnum):
    """What an entry is for; part of its key."""

    REMINDER = "reminder"  # on remind_on, rings in the morning
    MARKER = "marker"  # all day on the due day itself
    TYPE_UP = "type_up"  # a record that is owed (C.3), of a visit in the record or one said to be done


class Colour(StrEnum):
    """The guide's four colours (C.7b); the category names in Outlook are settings."""

    VISIT = "visit"  # yellow
    CHILD_PROTECTION = "child_protection"  # red
    TYPE_UP = "type_up"  # orange
    MINUTES = "minutes"  # blue: others' minutes


@dataclass(frozen=True, slots=True)
class Clause:
    """Why, one line a clause: "B.1 · at least every 10 working days · from Fri 20 Nov · due Fri 4 Dec"."""

    id: str
    says: str
    counted: str  # "10 working days after the visit on Fri 20 Nov 2026"
    due: date
    governs: bool


@dataclass(frozen=True, slots=True)
class Body:
    """What the entry's text says, as a value; ``rendering`` makes HTML of it with templates/entry.html.j2."""

    heading: str  # "Visit due Fri 4 Dec" / "3 days late: was due Tue 1 Dec"
    child: str  # as identified by the setting: "J.S. 20417", "20417" or ""
    why: tuple[Clause, ...]
    must: tuple[str, ...]  # plain words: "See the child alone"
    risk: tuple[str, ...]  # each risk to workers at the address, and whether a joint visit
    siblings_owed: int  # how many children of the household are owed, this one included; 0 or 1: none said
    if_no_access: str  # E.4: what to do, whom to call, in words
    call: tuple[str, ...]  # "Manager: name, phone"
    cover: str  # "" or who covers and why
    wrong: str  # "Wrong? Tell …"
    where: str = ""  # the living situation a clause runs for, where a child has more than one
    not_counted: tuple[str, ...] = ()  # visits since the last that counted, and why each does not
    sheet: str = ""  # how the worker gets the preparation sheet
    sheet_link: str = ""  # where it lies, guarded by the council's own rights; empty: nowhere
    note: str = ""  # what a person has said on an entry of the visit, and what follows


@dataclass(frozen=True, slots=True)
class CategoryNames:
    """What the four colours are called in Outlook's category list; none of them names a plan."""

    visit: str = "Visit"
    child_protection: str = "Visit (red)"
    type_up: str = "Type up"
    minutes: str = "Others' minutes"

    def of(self, colour: Colour) -> str:
        """Give the name of one colour."""
        return {
            Colour.VISIT: self.visit,
            Colour.CHILD_PROTECTION: self.child_protection,
            Colour.TYPE_UP: self.type_up,
            Colour.MINUTES: self.minutes,
        }[colour]

    def is_ours(self, category: str) -> bool:
        """Tell whether a category is one of the four; Outlook keeps no two names that differ only in case."""
        return category.casefold() in _folded(self)


@lru_cache(maxsize=8)
def _folded(names: CategoryNames) -> frozenset[str]:
    return frozenset(names.of(colour).casefold() for colour in Colour)


@dataclass(frozen=True, slots=True)
class Entry:
    """One calendar entry wanted in one mailbox.

    ``on`` is the London day it stands on; ``starts``/``ends`` are naive London times (an all-day entry runs
    from midnight to the next midnight). ``alarm_minutes`` is Outlook's reminder, minutes before ``starts``;
    null: silent. ``create`` false: wanted only where it already stands (the marker of a day that has passed
    is never put into a diary that did not show it). ``answered_at``: when the record last said of an attempt
    that it does not count; who said before then that the visit is done has their answer. ``said_at``: of the
    entry for the record of a visit that is said to be done, when that was said.
    """

    key: str  # hex HMAC: nothing about a child can be read from it
    mailbox: str  # the worker's e-mail address
    role: Role
    due: date
    on: date
    starts: datetime
    ends: datetime
    all_day: bool
    subject: str
    body: Body
    colour: Colour
    alarm_minutes: int | None
    create: bool = True
    answered_at: datetime | None = None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Achieved:
    """What an entry says once its visit is recorded: wherever it stands it stays, without colour or alarm.

    It names no mailbox and no time. The key alone says which entries it is for, in whatever diary they are,
    because the cycle is over and a person may have put the entry anywhere.
    """

    key: str
    role: Role
    seen_on: date
    subject: str
    body: Body
