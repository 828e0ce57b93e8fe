"""Concerns that are open, in the words of their clause: what, since when, who is told, what closes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.digest import words
from bot.digest.known import Known


@dataclass(frozen=True, slots=True)
class Raised:
    """One open concern about one child."""

    child_id: str
    child: str
    workers: str  # who holds the child
    clause: str
    says: str
    closes: str
    since: date | None
    told: str
    to: tuple[str, ...]


def raised(known: Known, children: Iterable[str]) -> tuple[Raised, ...]:
    """The concerns open about ``children``, longest open first within a clause."""
    rows = [
        Raised(
            child_id=child_id,
            child=known.child(child_id).label,
            workers=", ".join(sorted(known.name(w) for w in known.holders.get(child_id, ()))),
            clause=concern.id,
            says=words.phrase(concern.says),
            closes=words.phrase(concern.closes),
            since=concern.since,
            told=words.told(concern.to),
            to=concern.to,
        )
        for child_id in children
        for concern in known.concerns.get(child_id, ())
    ]
    return tuple(sorted(rows, key=lambda row: (row.clause, row.since or date.max, row.child)))


@dataclass(frozen=True, slots=True)
class RaisedGroup:
    """Concerns that say the same thing, so that a manager reads it once."""

    clause: str
    says: str
    closes: str
    told: str
    rows: tuple[Raised, ...]


def grouped(rows: Iterable[Raised]) -> tuple[RaisedGroup, ...]:
    """One group for each thing said, in the order of ``rows``."""
    groups: dict[tuple[str, str, str, str], list[Raised]] = {}
    for row in rows:
        groups.setdefault((row.clause, row.says, row.closes, row.told), []).append(row)
    return tuple(RaisedGroup(*said, tuple(of)) for said, of in groups.items())
