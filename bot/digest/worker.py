"""A worker's Monday list: the least that must happen this week, hardest deadline first (C.7d).

Nothing owed is said too: a mail that does not come could as well be a mail that got lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.caseload.model import Caseload
from bot.digest import words
from bot.digest.gathering import gather
from bot.digest.known import Known
from bot.digest.leave import LeaveAhead, leave_ahead
from bot.digest.owed import Owed, Week, owed, together
from bot.digest.own_weeks import OwnWeeks
from bot.digest.raised import Raised, raised
from bot.digest.records import Record, records
from bot.digest.step_down import NOTHING_WAITS, StepDown, step_down
from bot.policy.judgement import DueVisit, Judgement

CASEWORKERS = ("social_worker", "early_help_practitioner", "personal_adviser")


@dataclass(frozen=True, slots=True)
class WorkerList:
    """One worker's week."""

    worker_id: str
    name: str
    email: str
    today: date
    week: Week
    children: int  # with an open plan or placement
    overdue: tuple[Owed, ...]
    this_week: tuple[Owed, ...]
    next_week: tuple[Owed, ...]
    later: int
    next_due: date | None  # the soonest of the later ones
    covering: tuple[Owed, ...]  # other workers' visits that this worker is named to cover
    records: tuple[Record, ...]
    older_records: int  # unfinished records too old to list one by one
    concerns: tuple[Raised, ...]
    leave: tuple[LeaveAhead, ...]
    about_records: tuple[str, ...] = ()  # what the policies say of recording
    about_week: tuple[str, ...] = ()  # and of such a list
    about_step_down: tuple[str, ...] = ()  # and of work that waits
    waiting: StepDown = NOTHING_WAITS
    own_weeks: OwnWeeks | None = None  # null: too little fell due to speak of

    @property
    def try_again(self) -> int:
        """How many visits are second attempts."""
        return sum(1 for row in (*self.overdue, *self.this_week, *self.next_week) if row.try_again)

    @property
    def unfinished(self) -> int:
        """How many records are to be finished."""
        return sum(1 for record in self.records if record.unfinished) + self.older_records

    @property
    def nothing_owed(self) -> bool:
        """Nothing overdue, nothing this week."""
        return not (self.overdue or self.this_week or self.covering)


def monday_list(
    worker_id: str,
    visits: Sequence[DueVisit],
    judgement: Judgement,
    caseload: Caseload,
    today: date,
    *,
    names: words.Identify,
) -> WorkerList:
    """One worker's list. For many, :func:`monday_lists` reads the caseload once."""
    return list_for(gather(visits, judgement, caseload, today, names), worker_id)


def monday_lists(
    visits: Sequence[DueVisit],
    judgement: Judgement,
    caseload: Caseload,
    today: date,
    *,
    names: words.Identify,
) -> tuple[WorkerList, ...]:
    """Every worker's list, in the order of :func:`readers`."""
    known = gather(visits, judgement, caseload, today, names)
    return tuple(list_for(known, worker_id) for worker_id in readers(known))


def readers(known: Known) -> tuple[str, ...]:
    """Who gets a list: whoever of workers.csv has a caseworker's role, holds a child, or owes something."""
    return tuple(
        worker_id
        for worker_id, person in sorted(known.people.items())
        if person.role in CASEWORKERS or worker_id in known.held or worker_id in known.owed
    )


def list_for(known: Known, worker_id: str, own: OwnWeeks | None = None) -> WorkerList:
    """The list of one worker, from what is known of all, and how the worker's last twelve weeks went."""
    week = Week.of(known.today)
    mine = known.owed.get(worker_id, ())
    near = owed(known, (v for v in mine if min(v.act_by, v.due) <= week.next_ends))
    far = owed(known, (v for v in mine if min(v.act_by, v.due) > week.next_ends))
    written = records(known, worker_id)
    person = known.people.get(worker_id)
    return WorkerList(
        worker_id=worker_id,
        name=known.name(worker_id),
        email=person.email if person else "",
        today=known.today,
        week=week,
        children=len(known.held.get(worker_id, ())),
        overdue=together(row for row in near if row.days_late),
        this_week=together(row for row in near if not row.days_late and row.by <= week.ends),
        next_week=together(row for row in near if not row.days_late and row.by > week.ends),
        later=len(far),
        next_due=min((row.due for row in far), default=None),
        covering=owed(known, _covered_by(known, worker_id, week)),
        records=written.listed,
        older_records=written.older,
        concerns=raised(known, known.held.get(worker_id, frozenset()) | {v.child_id for v in mine}),
        leave=leave_ahead(known, worker_id, mine),
        about_records=known.about_records,
        about_week=known.about_week,
        about_step_down=known.about_step_down,
        waiting=step_down(known, worker_id),
        own_weeks=own if own and own.worth_a_word else None,
    )


def _covered_by(known: Known, worker_id: str, week: Week) -> Iterable[DueVisit]:
    """Visits that fell to this worker; a restricted child's never, whatever the record says.

    Nor one that falls due while this worker is away from today on: the manager is told that nobody covers. Of
    one that is overdue already, whoever is back within the week can still make it.
    """
    return (
        visit
        for visits in known.owed.values()
        for visit in visits
        if visit.needs_cover
        and visit.cover_id == worker_id
        and visit.worker_id != worker_id
        and visit.due <= week.next_ends
        and not known.child(visit.child_id).restricted
        and not known.is_away_throughout(
            worker_id, known.today, week.ends if visit.days_late(known.today) else visit.due
        )
    )
