"""A manager's weekly digest: how the team stands, who needs help, and what only a manager can mend.

A manager sees the own team, that is the workers who name this manager, and nobody else's children.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.caseload.model import Caseload
from bot.digest import words
from bot.digest.approvals import AwaitedGroup, awaited
from bot.digest.changes import Change, changes
from bot.digest.gathering import gather
from bot.digest.in_time import NO_TREND, LookedBack, Trend
from bot.digest.known import Known
from bot.digest.mending import Mending, mending, unheld_of
from bot.digest.owed import Owed, Week, owed
from bot.digest.papers.supervision import Supervision, supervision
from bot.digest.raised import RaisedGroup, grouped, raised
from bot.digest.team import Figures, PlanLine, WorkerLine, figures, hardest_first, line, plan_lines
from bot.digest.worker import readers
from bot.policy.judgement import DueVisit, Judgement

NEVER = LookedBack()  # nothing is known of the weeks before: no share, no trend

SUPERVISED = frozenset({"C.8f", "D.0", "D.15"})  # what asks for a supervision sheet


@dataclass(frozen=True, slots=True)
class Overdue:
    """One worker's overdue visits, oldest first."""

    worker: str
    rows: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """Visits of one worker who is away, and who goes instead."""

    worker: str
    cover: str
    rows: tuple[Owed, ...]

    @property
    def number(self) -> int:
        """How many visits."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class ManagerDigest:
    """One manager's team, this week."""

    manager_id: str
    name: str
    email: str
    today: date
    week: Week
    team: Figures
    plans: tuple[PlanLine, ...]
    workers: tuple[WorkerLine, ...]  # every worker of the team, those with nothing owed too
    overdue: tuple[Overdue, ...]
    concerns: tuple[RaisedGroup, ...]  # those told to anyone beside the worker
    to_workers_only: int  # concerns put to the worker alone
    cover: tuple[Cover, ...]
    mending: Mending
    warnings: tuple[str, ...]  # of the rule packs
    said_done: tuple[Owed, ...] = ()  # somebody says so and the record does not, the most pressing first
    supervision: tuple[Supervision, ...] = ()  # a sheet a worker, where the chosen packs ask for one
    trend: Trend = NO_TREND  # the last twelve weeks
    approvals: tuple[AwaitedGroup, ...] = ()  # wanted, or asked for, and not in the record
    changes: tuple[Change, ...] = ()  # children who came to a worker of the team in the last week

    @property
    def leave_without_cover(self) -> int:
        """Times off, now or near, in which nobody goes to the children."""
        return sum(1 for worker in self.workers for leave in worker.leave if leave.uncovered)

    @property
    def at_risk(self) -> tuple[WorkerLine, ...]:
        """The workers for whose coming fortnight there is a reason to worry."""
        return tuple(worker for worker in self.workers if worker.at_risk)

    @property
    def approvals_awaited(self) -> int:
        """How many approvals are not in the record."""
        return sum(len(group.rows) for group in self.approvals)

    @property
    def waiting(self) -> tuple[str, ...]:
        """What nobody but the manager can do, each in a few words."""
        asked = (
            (self.approvals_awaited, "approval to record", "approvals to record"),
            (sum(group.number for group in self.cover), "visit that needs cover", "visits that need cover"),
            (self.leave_without_cover, "time off without cover", "times off without cover"),
            (len(self.mending.unheld), "child without a worker", "children without a worker"),
        )
        return tuple(words.count(number, one, many) for number, one, many in asked if number)


def weekly(
    manager_id: str,
    visits: Sequence[DueVisit],
    judgement: Judgement,
    caseload: Caseload,
    today: date,
    *,
    names: words.Identify,
    back: LookedBack = NEVER,
) -> ManagerDigest:
    """One manager's digest. For many, :func:`weeklies` reads the caseload once."""
    known = gather(visits, judgement, caseload, today, names)
    return digest_for(known, manager_id, back)


def weeklies(
    visits: Sequence[DueVisit],
    judgement: Judgement,
    caseload: Caseload,
    today: date,
    *,
    names: words.Identify,
    back: LookedBack = NEVER,
) -> tuple[ManagerDigest, ...]:
    """Every manager's digest, in the order of :func:`managers`."""
    known = gather(visits, judgement, caseload, today, names)
    return tuple(digest_for(known, manager, back) for manager in managers(known))


def managers(known: Known) -> tuple[str, ...]:
    """Who gets a digest: whoever of workers.csv manages a worker, and whoever has a manager's role."""
    leads = {known.people[worker].manager_id for worker in readers(known)}
    return tuple(w for w, person in sorted(known.people.items()) if w in leads or person.role == "manager")


def team_of(known: Known, manager_id: str) -> tuple[str, ...]:
    """The workers who name this manager and who visit children."""
    team = (worker for worker in readers(known) if known.people[worker].manager_id == manager_id)
    return tuple(sorted(team, key=lambda worker: (known.name(worker), worker)))


def digest_for(known: Known, manager_id: str, back: LookedBack = NEVER) -> ManagerDigest:
    """The digest of one manager, from what is known of all; ``back``: the twelve weeks before."""
    week = Week.of(known.today)
    team = team_of(known, manager_id)
    theirs = {worker: owed(known, known.owed.get(worker, ())) for worker in team}
    lines = tuple(sorted((line(known, w, theirs[w], week, back) for w in team), key=hardest_first))
    everything = tuple(row for rows in theirs.values() for row in rows)
    person = known.people.get(manager_id)
    children = children_of(known, team) | unheld_of(known, team)
    approvals = awaited(known, children)
    asked = {(row.child_id, row.clause) for group in approvals for row in group.rows}
    concerns = [one for one in raised(known, children) if (one.child_id, one.clause) not in asked]
    return ManagerDigest(
        manager_id=manager_id,
        name=known.name(manager_id),
        email=person.email if person else "",
        today=known.today,
        week=week,
        team=figures(lines, _held(known, team), everything, week),
        plans=plan_lines(known, team, everything, week, back),
        workers=lines,
        overdue=tuple(
            _overdue(known, worker, theirs[worker])
            for worker in (row.worker_id for row in lines)
            if _late(theirs[worker])
        ),
        said_done=_said_done(everything),
        supervision=_supervision(known, (row.worker_id for row in lines)),
        concerns=grouped(concern for concern in concerns if concern.to != ("worker",)),
        to_workers_only=sum(1 for concern in concerns if concern.to == ("worker",)),
        cover=_cover(row for row in everything if row.by <= week.next_ends),
        mending=mending(known, team),
        warnings=known.warnings,
        trend=back.of(team),
        approvals=approvals,
        changes=changes(known, team),
    )


def _supervision(known: Known, workers: Iterable[str]) -> tuple[Supervision, ...]:
    if not SUPERVISED & known.supervised.holds:
        return ()
    sheets = (supervision(known, worker) for worker in workers)
    return tuple(sheet for sheet in sheets if sheet.cases)


def _said_done(rows: Iterable[Owed]) -> tuple[Owed, ...]:
    said = [row for row in rows if row.said_done]
    return tuple(
        sorted(said, key=lambda row: (not row.said_done or not row.said_done.over, row.due, row.child))
    )


def _late(rows: Iterable[Owed]) -> bool:
    return any(row.days_late for row in rows)


def _overdue(known: Known, worker: str, rows: Iterable[Owed]) -> Overdue:
    return Overdue(known.name(worker), tuple(row for row in rows if row.days_late))


def _cover(rows: Iterable[Owed]) -> tuple[Cover, ...]:
    groups: dict[tuple[str, str], list[Owed]] = {}
    for row in rows:
        if row.cover:
            groups.setdefault((row.worker, row.cover), []).append(row)
    return tuple(Cover(worker, cover, tuple(of)) for (worker, cover), of in groups.items())


def children_of(known: Known, team: Iterable[str]) -> frozenset[str]:
    """Every child that the team holds or owes anything."""
    team = tuple(team)
    return _held(known, team) | {visit.child_id for worker in team for visit in known.owed.get(worker, ())}


def _held(known: Known, team: Iterable[str]) -> frozenset[str]:
    held = (known.held.get(worker, frozenset()) for worker in team)
    return frozenset().union(*held)
