"""One thing owed, as a person reads it: what, by when, what it must include, why, and what to mind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.diary.said import cycle_of
from bot.digest import words
from bot.digest.known import Attempt, Child, Known
from bot.digest.said import SaidDone
from bot.policy.judgement import DueVisit

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday. On a weekend the week meant is the coming one."""

    starts: date

    @classmethod
    def of(cls, today: date) -> Week:
        """The week that a mail of today speaks of."""
        monday = today - timedelta(days=today.weekday())
        return cls(monday + timedelta(weeks=1) if today.weekday() >= SATURDAY else monday)

    @property
    def ends(self) -> date:
        """Its Sunday."""
        return self.starts + timedelta(days=6)

    @property
    def eve(self) -> date:
        """The Sunday before it: the last day of the twelve weeks that are looked back on."""
        return self.starts - timedelta(days=1)

    @property
    def next_ends(self) -> date:
        """The Sunday after."""
        return self.ends + timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Why:
    """One clause's say: its id, its words, and from what it counts."""

    clause: str
    says: str
    counted: str
    due: date
    governs: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """A visit, contact, interview or decision that is owed."""

    child_id: str
    child: str  # as the setting shows a child
    worker: str  # whose it is
    what: str  # "Visit", "Return interview"
    setting: str
    due: date
    due_at: datetime | None
    act_by: date
    days_late: int
    needs: tuple[str, ...]
    why: tuple[Why, ...]
    planned: datetime | None  # the next date in the record
    try_again: str  # how the last attempt went, where the visit is to be tried again
    perhaps_done: str  # a visit since the last counted one that the record does not finish
    not_counted: tuple[str, ...]  # visits that took place and do not count here, and why
    risks: tuple[str, ...]
    cover: str  # who goes instead; empty: the worker
    household: str | None
    siblings: tuple[str, ...]  # others of the household owed by the same worker
    child_protection: bool
    said_done: SaidDone | None = None  # somebody took its colour out, and the record does not know of it
    planned_in_leave: bool = False  # on a day on which the worker who owes it and is to go is away
    uncovered: bool = False  # the worker cannot go, and nobody else is there to

    @property
    def planned_late(self) -> bool:
        """Whether it is planned for a day after it is due; of what is overdue already that is plain."""
        return not self.days_late and self.planned is not None and self.planned.date() > self.due

    @property
    def by(self) -> date:
        """The day that matters to the reader: the last at work, or the due day where that is earlier."""
        return min(self.act_by, self.due)


def owed(known: Known, visits: Iterable[DueVisit]) -> tuple[Owed, ...]:
    """What is owed of ``visits``, hardest deadline first, siblings beside one another."""
    mine = [v for v in visits if v.kind not in {"recording", "concern"}]
    homes: dict[str, dict[str, str]] = {}
    for visit in mine:
        child = known.child(visit.child_id)
        if child.household:
            homes.setdefault(child.household, {})[child.child_id] = child.label
    return together(_one(known, visit, homes) for visit in mine)


def together(rows: Iterable[Owed]) -> tuple[Owed, ...]:
    """Hardest first; a household stands where its hardest child does, so that one journey serves all."""
    ranked = sorted(rows, key=lambda row: (row.by, row.due, not row.child_protection, row.child, row.what))
    first: dict[str, int] = {}
    for place, row in enumerate(ranked):
        first.setdefault(row.household or f"alone {place}", place)
    order = {id(row): first[row.household or f"alone {place}"] for place, row in enumerate(ranked)}
    return tuple(sorted(ranked, key=lambda row: order[id(row)]))


def _one(known: Known, visit: DueVisit, homes: Mapping[str, Mapping[str, str]]) -> Owed:
    child = known.child(visit.child_id)
    family = homes.get(child.household, {}) if child.household else {}
    is_visit = visit.kind == "visit"
    coming = known.coming.get(child.child_id) if is_visit else None
    return Owed(
        child_id=child.child_id,
        child=child.label,
        worker=known.name(visit.worker_id),
        what=words.kind(visit.kind),
        setting=words.plain(visit.setting or ""),
        due=visit.due,
        due_at=visit.due_at,
        act_by=visit.act_by,
        days_late=visit.days_late(known.today),
        needs=words.musts(visit),
        why=_why(visit),
        planned=coming.at if coming else None,
        try_again=_try_again(known, visit) if is_visit else "",
        said_done=known.said.get(cycle_of(visit)),
        perhaps_done=_perhaps_done(known, visit) if is_visit else "",
        not_counted=_not_counted(known, visit),
        risks=known.risks_of(child),
        cover=_cover(known, visit, child),
        planned_in_leave=_in_own_leave(known, visit, coming),
        uncovered=_uncovered(known, visit, child),
        household=child.household,
        siblings=tuple(sorted(label for sibling, label in family.items() if sibling != child.child_id)),
        child_protection=visit.child_protection,
    )


def _why(visit: DueVisit) -> tuple[Why, ...]:
    reasons = [
        Why(
            clause=clause.id,
            says=words.phrase(clause.says),
            counted=words.counted(clause),
            due=clause.due,
            governs=clause.id in visit.governed_by and clause.due == visit.due,
        )
        for clause in visit.clauses
    ]
    return tuple(sorted(reasons, key=lambda why: (not why.governs, why.due, why.clause)))


def _since_last_seen(attempt: Attempt | None, visit: DueVisit) -> bool:
    return attempt is not None and (visit.last_seen is None or attempt.at.date() > visit.last_seen)


def _to_try_again(latest: Attempt, visit: DueVisit) -> bool:
    """Whether an attempt is still to be made good.

    A brief visit may count by one policy and not by another: it is tried again where a clause counts from it
    as from an attempt (B.7), whatever was counted last.
    """
    counted_from = any(
        clause.base_is == "attempt" and clause.base.date() == latest.at.date() for clause in visit.clauses
    )
    return counted_from or _since_last_seen(latest, visit)


def _try_again(known: Known, visit: DueVisit) -> str:
    latest = known.latest.get(visit.child_id)
    if latest is None or not latest.missed or not _to_try_again(latest, visit):
        return ""
    return f"The visit of {words.day(latest.at.date(), known.today)} {words.attempt(latest.status)}."


def _perhaps_done(known: Known, visit: DueVisit) -> str:
    unfinished = known.unrecorded.get(visit.child_id)
    if unfinished is None or not _since_last_seen(unfinished, visit):
        return ""
    when = words.day(unfinished.at.date(), known.today)
    if unfinished.status == "scheduled":
        return f"A visit was to be made on {when}, and the record does not say how it went."
    return f"The record of the visit of {when} is not finished."


def _not_counted(known: Known, visit: DueVisit) -> tuple[str, ...]:
    """What took place and does not count for a clause of this visit, unless it is said otherwise already."""
    clauses = {clause.id for clause in visit.clauses}
    said = {known.latest.get(visit.child_id), known.unrecorded.get(visit.child_id)}
    told = {
        attempt.visit_id
        for attempt in said
        if attempt and (attempt.status == "scheduled" or (attempt.missed and _to_try_again(attempt, visit)))
    }
    found: dict[tuple[date, str], set[str]] = {}
    for want in known.not_counted.get(visit.child_id, ()):
        if want.clause in clauses and want.visit_id not in told:
            found.setdefault((want.at.date(), words.plain(want.reason)), set()).add(want.clause)
    return tuple(
        words.does_not_count(when, known.today, ids, reason) for (when, reason), ids in found.items()
    )


def _in_own_leave(known: Known, visit: DueVisit, coming: Attempt | None) -> bool:
    """Whether the worker has planned to go on a day of the worker's own time off; another may go then."""
    owes = visit.worker_id
    if coming is None or owes is None or coming.worker_id not in {None, owes}:
        return False
    return known.is_away(owes, coming.at.date())


def _cover(known: Known, visit: DueVisit, child: Child) -> str:
    """Who goes where the worker cannot; a restricted child's cover is for the manager to arrange."""
    if not visit.needs_cover:
        return ""
    if child.restricted:
        return "cover is for the manager to arrange: the record is restricted"
    if visit.cover_id is None:
        return "nobody is named to cover"
    if _cover_is_away(known, visit):
        return f"{known.name(visit.cover_id)}, who is named to cover, is away too: nobody covers"
    return f"{known.name(visit.cover_id)} covers"


def _cover_is_away(known: Known, visit: DueVisit) -> bool:
    return visit.cover_id is not None and known.is_away(visit.cover_id, max(visit.act_by, known.today))


def _uncovered(known: Known, visit: DueVisit, child: Child) -> bool:
    return visit.needs_cover and (child.restricted or visit.cover_id is None or _cover_is_away(known, visit))
