"""Approvals that a manager is waited for: visits going out of timescale (C.8e), and what was asked for.

The first kind is a concern that only the record of the discussion closes, whether or not anybody asked; the
second is a row of approvals.csv that was asked and has no answer yet, of any clause of the packs chosen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.digest import words
from bot.digest.known import Known

CLOSES = "the record of the approval, in approvals.csv"


@dataclass(frozen=True, slots=True)
class Awaited:
    """One approval that is not in the record yet."""

    child_id: str
    child: str
    workers: str  # who holds the child
    clause: str
    says: str
    closes: str
    since: date | None  # what makes it necessary stands since then; null: only the request is known
    asked_on: date | None  # null: nobody asked for it yet
    sooner: date | None = None  # the day before that by which another clause asks for the child


@dataclass(frozen=True, slots=True)
class AwaitedGroup:
    """Approvals under one clause, so that its words are read once."""

    clause: str
    says: str
    closes: str
    rows: tuple[Awaited, ...]


def awaited(known: Known, children: Iterable[str]) -> tuple[AwaitedGroup, ...]:
    """The approvals awaited about ``children``; those that nobody asked for yet stand first."""
    rows = [row for child_id in sorted(children) for row in _of(known, child_id)]
    groups: dict[tuple[str, str, str], list[Awaited]] = {}
    for row in sorted(rows, key=lambda row: (row.clause, row.asked_on is not None, row.since or date.max)):
        groups.setdefault((row.clause, row.says, row.closes), []).append(row)
    return tuple(AwaitedGroup(*said, tuple(of)) for said, of in groups.items())


def _of(known: Known, child_id: str) -> list[Awaited]:
    """A request under a clause whose concern is closed is past: the visit was made in time after all."""
    asked = {one.clause: one for one in known.management.requested.get(child_id, ())}
    workers = ", ".join(sorted(known.name(w) for w in known.holders.get(child_id, ())))
    label = known.child(child_id).label
    open_ = [concern for concern in known.concerns.get(child_id, ()) if concern.asks_approval]
    rows = [
        Awaited(
            child_id=child_id,
            child=label,
            workers=workers,
            clause=concern.id,
            says=words.phrase(concern.says),
            closes=words.phrase(concern.closes),
            since=concern.since,
            asked_on=asked[concern.id].asked_on if concern.id in asked else None,
            sooner=_sooner(known, child_id, concern.since),
        )
        for concern in open_
    ]
    said = known.management.approval_clauses | {concern.id for concern in open_}
    return rows + [
        Awaited(child_id, label, workers, one.clause, words.phrase(one.says), CLOSES, None, one.asked_on)
        for one in asked.values()
        if one.clause not in said
    ]


def _sooner(known: Known, child_id: str, ends: date | None) -> date | None:
    dues = (
        visit.due
        for worker in known.holders.get(child_id, ())
        for visit in known.owed.get(worker, ())
        if visit.child_id == child_id and visit.kind not in {"recording", "concern"}
    )
    first = min(dues, default=None)
    return first if first is not None and ends is not None and first < ends else None
