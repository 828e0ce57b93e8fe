"""What somebody is told when it happens: what is so today against what they were told before.

A notice is of one cause, to one person. It is told once: who was told is remembered until the cause is gone,
so that it is silent while it lasts and new when it comes again. Some are repeated each working day until the
record answers them (C.8e). What is remembered can be read by nobody: a key is an HMAC of the cause.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

WELCOME = "welcome"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told: a worker_id; for somebody in no row of it a name without meaning, and an address."""

    person: str
    address: str = ""
    team: str = ""  # "team", "own" or "reviewed": whose visits these are to the reader


@dataclass(frozen=True, slots=True)
class Line:
    """One child of a notice, and what there is to say of it."""

    child_id: str
    child: str  # as the setting shows a child
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """One cause, told to one person. ``cause`` is all that makes it the same one tomorrow.

    ``duties``: what this reader is asked to do beyond reading; one that was not asked before makes the notice
    new once more, one that is asked no more does not.
    """

    cause: tuple[str, ...]
    about: str  # "child C1", "worker W1" or "household H1": what could not be looked at keeps its notices
    kind: str
    clause: str
    says: str
    closes: str
    asks: str  # what the reader in particular is asked to do; empty: nothing beyond reading
    to: Reader
    lines: tuple[Line, ...]
    since: date | None
    urgent: bool = False  # goes at once, and takes along whatever waits for that person
    daily: bool = False  # told again each working day until its cause is gone
    duties: tuple[str, ...] = ()
    in_list: bool = False  # one line of a list that grows: a later mail says how many were told before

    @property
    def heading(self) -> tuple[str, str, str, str, bool]:
        """What stands over it in a mail: notices under one heading are read together."""
        return self.clause, self.says, self.closes, self.asks, self.urgent


@dataclass(frozen=True, slots=True)
class Told:
    """What the store remembers of one notice and person. Moments are naive London."""

    key: str
    person: str
    about: str
    kind: str
    first_told_at: datetime
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Seal:
    """Makes keys that nobody can read a cause from, the same for the same cause."""

    secret: bytes

    def of(self, *parts: str) -> str:
        """The HMAC-SHA256 of the parts, in hexadecimal."""
        return hmac.new(self.secret, "\n".join(("notice", *parts)).encode(), hashlib.sha256).hexdigest()

    def key(self, notice: Notice) -> str:
        """The key of a notice's cause: of its kind, what it is, child or household, and since when."""
        return self.of(notice.kind, *notice.cause)

    def keys(self, notice: Notice) -> tuple[str, ...]:
        """That key, and one for each thing that the reader is asked to do."""
        duties = (self.of(notice.kind, *notice.cause, "asked", duty) for duty in sorted(notice.duties))
        return (self.key(notice), *duties)


@dataclass(frozen=True, slots=True)
class Telling:
    """One notice that is due to be told: for the first time, or once more."""

    notice: Notice
    told: Told  # as it is to be remembered
    again: bool
    duties: tuple[Told, ...] = ()  # what the reader is asked to do, remembered with it
    told_before: int = 0  # others of the same list that stand and that this reader was told of before

    @property
    def rows(self) -> tuple[Told, ...]:
        """All that is to be remembered."""
        return (self.told, *self.duties)

    @property
    def first_told(self) -> date:
        """The day it was told first."""
        return self.told.first_told_at.date()


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that one person is told now."""

    to: Reader
    tellings: tuple[Telling, ...]

    @property
    def urgent(self) -> bool:
        """Whether any of it cannot wait."""
        return any(one.notice.urgent for one in self.tellings)


@dataclass(frozen=True, slots=True)
class Sorted:
    """What is so today, against what was told."""

    opened: tuple[Telling, ...]
    again: tuple[Telling, ...]  # told before, and repeated today
    still: tuple[Told, ...]  # told before, still so, and silent
    closed: tuple[Told, ...]  # told before, and over


@dataclass(frozen=True, slots=True)
class Post:
    """The letters that go now, and how many notices wait for their reader's next one."""

    letters: tuple[Letter, ...]
    held: int


def sort_out(
    notices: Iterable[Notice],
    remembered: Iterable[Told],
    seal: Seal,
    now: datetime,
    *,
    works_today: bool,
    unknown: Collection[str] = (),
) -> Sorted:
    """Hold what is so against what was told.

    ``unknown``: what could not be looked at this time, as ``about`` has it; what was told of it is neither
    over nor said again. ``works_today``: whether this is a working day, on which daily ones are repeated.
    """
    before = {(one.key, one.person): one for one in remembered}
    opened: list[Telling] = []
    again: list[Telling] = []
    still: list[Told] = []
    there: set[tuple[str, str]] = set()
    silent: Counter[tuple[str | bool, ...]] = Counter()
    for notice in notices:
        which = [(key, notice.to.person) for key in seal.keys(notice)]
        if which[0] in there:
            continue
        there.update(which)
        old = [before[one] for one in which if one in before]
        if len(old) < len(which):
            opened.append(_telling(notice, which, seal, now))
        elif notice.daily and works_today and old[0].told_at.date() != now.date():
            again.append(_telling(notice, which, seal, now, first=old[0].first_told_at))
        else:
            still += old
            silent[_list_of(notice)] += notice.in_list
    hidden = {seal.of("about", about) for about in unknown}
    gone = [one for which, one in before.items() if which not in there and one.kind != WELCOME]
    return Sorted(
        tuple(
            replace(one, told_before=silent[_list_of(one.notice)]) if one.notice.in_list else one
            for one in opened
        ),
        tuple(again),
        (*still, *(one for one in gone if one.about in hidden)),
        tuple(one for one in gone if one.about not in hidden),
    )


def _list_of(notice: Notice) -> tuple[str | bool, ...]:
    return (notice.to.person, notice.kind, *notice.heading)


def _telling(
    notice: Notice,
    which: Sequence[tuple[str, str]],
    seal: Seal,
    now: datetime,
    *,
    first: datetime | None = None,
) -> Telling:
    about = seal.of("about", notice.about)
    rows = [Told(key, person, about, notice.kind, first or now, now) for key, person in which]
    return Telling(notice, rows[0], again=first is not None, duties=tuple(rows[1:]))


def letters(
    found: Sorted,
    remembered: Iterable[Told],
    now: datetime,
    merge: timedelta,
    *,
    hears_now: Callable[[Reader], bool] = lambda _: True,
) -> Post:
    """One letter a person. Nothing urgent, and a letter less than ``merge`` ago: it waits for the next look.

    ``hears_now``: who is written to in this run at all; what the others are owed stays owed.
    """
    latest: dict[str, datetime] = {}
    for one in remembered:
        if one.kind != WELCOME:
            latest[one.person] = max(one.told_at, latest.get(one.person, one.told_at))
    mine: dict[str, list[Telling]] = {}
    for telling in (*found.opened, *found.again):
        mine.setdefault(telling.notice.to.person, []).append(telling)
    post: list[Letter] = []
    held = 0
    for person, tellings in sorted(mine.items()):
        letter = Letter(tellings[0].notice.to, in_order(tellings))
        if not hears_now(letter.to):
            continue
        if letter.urgent or not _just_now(latest.get(person), now, merge):
            post.append(letter)
        else:
            held += len(tellings)
    return Post(tuple(post), held)


def in_order(tellings: Sequence[Telling]) -> tuple[Telling, ...]:
    """What cannot wait first; then by clause, and the longest open first."""
    return tuple(
        sorted(
            tellings,
            key=lambda one: (
                not one.notice.urgent,
                one.notice.clause,
                one.notice.says,
                one.notice.since or date.max,
                [line.child for line in one.notice.lines],
            ),
        )
    )


def _just_now(told: datetime | None, now: datetime, merge: timedelta) -> bool:
    return told is not None and timedelta(0) <= now - told < merge
