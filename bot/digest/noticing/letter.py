"""One person's notices as a mail reads them: what says the same stands once, with every child it is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.digest import words
from bot.digest.known import Known
from bot.digest.notices import Letter, Line, Telling
from bot.digest.noticing.welcome import Welcome


@dataclass(frozen=True, slots=True)
class NoticeGroup:
    """Notices under one clause that say the same and ask the same."""

    clause: str
    says: str
    closes: str
    asks: str
    urgent: bool
    lines: tuple[Line, ...]
    told_before: int = 0  # of a list: others that still stand and are not repeated here


@dataclass(frozen=True, slots=True)
class NoticeMail:
    """What one person is told now."""

    person: str
    name: str  # empty: somebody in no row of workers.csv
    today: date
    whose: str  # whose visits these are to the reader: "team", "own" or "reviewed"
    number: int  # of notices
    urgent: int  # of them
    groups: tuple[NoticeGroup, ...]
    welcome: Welcome | None = None  # for somebody new


def mail_of(known: Known, person: str, letter: Letter | None, welcome: Welcome | None = None) -> NoticeMail:
    """The mail of one person; either part may be missing, not both."""
    tellings = letter.tellings if letter else ()
    whose = {one.notice.to.team for one in tellings}
    there = known.people.get(person)
    return NoticeMail(
        person=person,
        name=there.name if there else "",
        today=known.today,
        whose=whose.pop() if len(whose) == 1 else "several" if whose else "own",
        number=len(tellings),
        urgent=sum(one.notice.urgent for one in tellings),
        groups=_groups(tellings, known.today),
        welcome=welcome,
    )


def _groups(tellings: Iterable[Telling], today: date) -> tuple[NoticeGroup, ...]:
    found: dict[tuple[str, str, str, str, bool], list[Telling]] = {}
    for one in tellings:
        found.setdefault(one.notice.heading, []).append(one)
    return tuple(
        NoticeGroup(
            clause,
            says,
            closes,
            words.plain(asks),
            urgent,
            lines=tuple(_with_first_told(line, one, today) for one in of for line in one.notice.lines),
            told_before=max(one.told_before for one in of),
        )
        for (clause, says, closes, asks, urgent), of in found.items()
    )


def _with_first_told(line: Line, telling: Telling, today: date) -> Line:
    if not telling.again:
        return line
    told = f"Reminder: you were first told on {words.day(telling.first_told, today)}"
    return Line(line.child_id, line.child, (told, *line.words))
