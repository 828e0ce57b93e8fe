"""A team in numbers: each worker's line, each plan kind, and the whole; sums that a roll-up can add again.

"Not done" and "done, not recorded" are kept apart: an overdue visit with an unfinished record beside it is
a different week's work from one that never was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.digest import words
from bot.digest.in_time import NOTHING, Kept, LookedBack
from bot.digest.known import Known
from bot.digest.leave import LeaveAhead, leave_ahead
from bot.digest.owed import Owed, Week
from bot.digest.records import records
from bot.digest.risk import AtRisk, at_risk

DIFFICULT = 3  # the highest that a plan's difficulty can be (C.7g)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a team stands. A child with anything overdue is overdue, whatever else is in time."""

    children: int
    in_time: int  # children with nothing overdue and nothing due this week
    due_this_week: int  # children with something due this week and nothing overdue
    overdue: int  # children with something overdue
    perhaps_done: int  # of them: a visit may have been made that the record does not finish
    not_recorded: int  # records to finish
    oldest_days: int  # of the oldest overdue visit
    said_done: int = 0  # children with a visit that somebody says is done and the record does not know of


@dataclass(frozen=True, slots=True)
class PlanLine:
    """Children on one plan kind; a child on two plans stands in both lines."""

    plan: str
    children: int
    in_time: int
    due_this_week: int
    overdue: int
    kept: Kept = NOTHING  # of the last twelve weeks


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """One worker at a glance: visits, not children, since a visit is what has to be made."""

    worker_id: str
    name: str
    children: int
    overdue: int
    due_this_week: int
    due_next_week: int
    not_recorded: int
    oldest_days: int
    leave: tuple[LeaveAhead, ...]
    difficult: int | None = (
        None  # children whose case is the most difficult; null: nothing says how difficult
    )
    kept: Kept = NOTHING  # of the last twelve weeks
    at_risk: tuple[AtRisk, ...] = ()  # in this week and the next

    @property
    def endangered(self) -> int:
        """How many reasons for worry the coming fortnight holds, by what would be late for them."""
        return sum(max(1, len(reason.rows)) for reason in self.at_risk)


def line(known: Known, worker_id: str, rows: Sequence[Owed], week: Week, back: LookedBack) -> WorkerLine:
    """The line of one worker."""
    written = records(known, worker_id)
    held = known.held.get(worker_id, frozenset())
    hard = [known.management.difficulty[child] for child in held if child in known.management.difficulty]
    leave = leave_ahead(known, worker_id, known.owed.get(worker_id, ()))
    return WorkerLine(
        worker_id=worker_id,
        name=known.name(worker_id),
        children=len(held),
        overdue=sum(1 for row in rows if row.days_late),
        due_this_week=sum(1 for row in rows if not row.days_late and row.by <= week.ends),
        due_next_week=sum(1 for row in rows if week.ends < row.by <= week.next_ends),
        not_recorded=sum(1 for record in written.listed if record.unfinished) + written.older,
        oldest_days=max((row.days_late for row in rows), default=0),
        leave=leave,
        difficult=sum(1 for value in hard if value >= DIFFICULT) if hard else None,
        kept=back.worker(worker_id),
        at_risk=at_risk(known, worker_id, rows, week, leave),
    )


def hardest_first(row: WorkerLine) -> tuple[int, int, int, int, str]:
    """The order of a team: who is furthest behind stands first, then whose fortnight is most at risk."""
    return (-row.overdue, -row.oldest_days, -row.endangered, -row.due_this_week, row.name)


def figures(
    lines: Iterable[WorkerLine], children: frozenset[str], rows: Iterable[Owed], week: Week
) -> Figures:
    """The whole team, by child."""
    lines, rows = tuple(lines), tuple(rows)
    late = {row.child_id for row in rows if row.days_late}
    soon = {row.child_id for row in rows if row.by <= week.ends} - late
    everyone = children | {row.child_id for row in rows}
    return Figures(
        children=len(everyone),
        in_time=len(everyone - late - soon),
        due_this_week=len(soon),
        overdue=len(late),
        said_done=len({row.child_id for row in rows if row.said_done}),
        perhaps_done=len({row.child_id for row in rows if row.days_late and row.perhaps_done}),
        not_recorded=sum(worker.not_recorded for worker in lines),
        oldest_days=max((worker.oldest_days for worker in lines), default=0),
    )


def plan_lines(
    known: Known, team: Sequence[str], rows: Iterable[Owed], week: Week, back: LookedBack
) -> tuple[PlanLine, ...]:
    """Each plan kind, the one with most overdue first, by the day to act by as in the workers' lines."""
    by = {(row.child_id, row.due): row.by for row in rows}
    days: dict[str, dict[str, date]] = {}
    for worker in team:
        for held in known.plans.get(worker, ()):
            of_plan = days.setdefault(held.plan, {})
            earliest = by.get((held.child_id, held.due), held.due) if held.due else date.max
            of_plan[held.child_id] = min(earliest, of_plan.get(held.child_id, date.max))
    lines = [
        _plan_line(plan, tuple(of.values()), known.today, week, back.plan(team, plan))
        for plan, of in days.items()
    ]
    return tuple(sorted(lines, key=lambda row: (-row.overdue, -row.due_this_week, row.plan)))


def _plan_line(plan: str, dues: tuple[date, ...], today: date, week: Week, kept: Kept) -> PlanLine:
    late = sum(1 for due in dues if due < today)
    soon = sum(1 for due in dues if today <= due <= week.ends)
    return PlanLine(words.plan(plan), len(dues), len(dues) - late - soon, soon, late, kept)
