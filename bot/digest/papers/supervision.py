"""The supervision sheet: what a worker and a manager go through together, child by child (C.8f, D.0, D.15).

One value for the paper that `supervision` writes and for the section of the manager's digest. It says which
children are hard to see and by what signs, how often each is to be visited and by which clause, whose
frequency the last supervision did not review, and which placements nobody has signed off. It is for two
people, the worker and the worker's manager, who may both read of a ``restricted`` child.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from bot.digest import words
from bot.digest.grouping import by_key
from bot.digest.known import Known
from bot.digest.owed import Owed, owed
from bot.digest.papers.record import Agreed
from bot.digest.raised import Raised, raised
from bot.digest.signing import SignOff, sign_offs
from bot.digest.supervised import Tried
from bot.policy.judgement import DueVisit

FORESEEN = "C.8e"  # a child protection visit about to go out of timescale
OWN_FREQUENCY = frozenset({"A.5", "B.3", "C.0", "D.0"})


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign that a child is hard to see, and the clauses that speak of it for this child."""

    says: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """When the frequency of visits was last on the table (D.0)."""

    on: date | None  # the last supervision by this worker that spoke of the child; null: none is recorded
    reviewed: bool | None  # there; null: the record does not say

    @property
    def wanted(self) -> bool:
        """Whether it is to be reviewed now, because it was not at the last supervision."""
        return self.on is None or self.reviewed is not True


@dataclass(frozen=True, slots=True)
class Case:
    """One child of the worker's."""

    child_id: str
    child: str
    plans: tuple[str, ...]
    restricted: bool
    owed: tuple[Owed, ...]  # the visiting requirements: each with its clauses, what they count from, the day
    last_seen: date | None
    own: tuple[Agreed, ...]  # its own frequency, as agreed
    signs: tuple[Sign, ...]  # none: not hard to see
    tried: tuple[Tried, ...]  # attempts since it was last seen
    concerns: tuple[Raised, ...]
    review: Review
    sign_offs: tuple[SignOff, ...]  # done and awaited

    @property
    def awaited(self) -> tuple[SignOff, ...]:
        """What nobody has signed off yet."""
        return tuple(one for one in self.sign_offs if one.awaited)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What sets the next date of some of the children (C.8f)."""

    clauses: tuple[str, ...]
    says: str  # "Visit, 10 working days"
    own: bool  # it is, or is as short as, a frequency of the child's own
    children: tuple[tuple[str, date], ...]  # each with the day it is due


@dataclass(frozen=True, slots=True)
class Supervision:
    """One worker's sheet; cases that are hard to see come first, the hardest on top."""

    worker_id: str
    name: str
    manager: str
    today: date
    cases: tuple[Case, ...]
    requirements: tuple[Requirement, ...]  # each once, with the children whose next date it sets
    recorded: bool  # whether the caseload holds supervisions at all
    holds: frozenset[str]  # the ids of every clause of the chosen packs
    policies: tuple[str, ...] = ()

    @property
    def hard(self) -> tuple[Case, ...]:
        """The hard-to-see cases (C.8f)."""
        return tuple(case for case in self.cases if case.signs)

    @property
    def not_reviewed(self) -> tuple[Case, ...]:
        """Discussed at their last supervision without a review of how often they are visited (D.0)."""
        return tuple(case for case in self.cases if case.review.on and case.review.wanted)

    @property
    def never_discussed(self) -> tuple[Case, ...]:
        """Children of whom no supervision of this worker is recorded."""
        return tuple(case for case in self.cases if case.review.on is None)

    @property
    def awaited(self) -> tuple[Case, ...]:
        """Cases with a sign-off awaited (D.15)."""
        return tuple(case for case in self.cases if case.awaited)

    @property
    def unowed(self) -> tuple[Case, ...]:
        """Children whom no clause asks to visit."""
        return tuple(case for case in self.cases if not case.owed)

    @property
    def restricted(self) -> bool:
        """Whether a restricted child stands on it."""
        return any(case.restricted for case in self.cases)


def supervision(known: Known, worker_id: str, policies: Sequence[str] = ()) -> Supervision:
    """The sheet of one worker, from what is known of all. A worker who holds no child has an empty one."""
    facts = known.supervised
    mine = tuple(v for v in known.owed.get(worker_id, ()) if v.kind not in {"recording", "concern"})
    rows = by_key((row.child_id, row) for row in owed(known, mine))
    due = by_key((visit.child_id, visit) for visit in mine if visit.kind == "visit")
    children = known.held.get(worker_id, frozenset()) | rows.keys()
    cases = [_case(known, worker_id, child, rows.get(child, ()), due.get(child, ())) for child in children]
    person = known.people.get(worker_id)
    return Supervision(
        worker_id=worker_id,
        name=known.name(worker_id),
        manager=known.name(person.manager_id) if person and person.manager_id else "",
        today=known.today,
        cases=tuple(sorted(cases, key=_hardest_first)),
        requirements=_requirements(known, mine),
        recorded=facts.recorded,
        holds=facts.holds,
        policies=tuple(policies),
    )


def _hardest_first(case: Case) -> tuple[int, int, date, str, str]:
    late = max((row.days_late for row in case.owed), default=0)
    due = min((row.due for row in case.owed), default=date.max)
    return (-len(case.signs), -late, due, case.child, case.child_id)


def _case(
    known: Known, worker_id: str, child_id: str, rows: tuple[Owed, ...], due: tuple[DueVisit, ...]
) -> Case:
    facts, child = known.supervised, known.child(child_id)
    plans = (held.plan for held in known.plans.get(worker_id, ()) if held.child_id == child_id)
    concerns = raised(known, [child_id])
    discussed = facts.discussed.get((worker_id, child_id))
    return Case(
        child_id=child_id,
        child=child.label,
        plans=tuple(words.plan(plan) for plan in plans),
        restricted=child.restricted,
        owed=rows,
        last_seen=max((v.last_seen for v in due if v.last_seen), default=None),
        own=facts.agreed.get((worker_id, child_id), ()),
        signs=tuple(_signs(known, child_id, rows, concerns)),
        tried=facts.tried.get(child_id, ()),
        concerns=concerns,
        review=Review(discussed.on, discussed.reviewed) if discussed else Review(None, None),
        sign_offs=sign_offs(known, worker_id, child_id),
    )


def _signs(known: Known, child_id: str, rows: Iterable[Owed], concerns: Iterable[Raised]) -> Iterator[Sign]:
    """Why the child counts as hard to see; the plainest sign first."""
    visits = [row for row in rows if row.what == words.kind("visit")]
    told = {concern.clause for concern in concerns} | {why.clause for row in visits for why in row.why}
    late = max(visits, key=lambda row: row.days_late, default=None)
    if late and late.days_late:
        governing = tuple(dict.fromkeys(why.clause for why in late.why if why.governs))
        says = f"{words.count(late.days_late, 'day')} overdue, was due {words.day(late.due, known.today)}"
        yield Sign(f"{says}. Was it made? {late.perhaps_done}" if late.perhaps_done else says, governing)
    elif ahead := _foreseen(known, visits, told):
        yield Sign(ahead, _those(told, FORESEEN))
    tried = known.supervised.tried.get(child_id, ())
    missed = [one for one in tried if one.missed]
    if missed:
        latest = words.day(missed[-1].at.date(), known.today)
        says = (
            f"{words.count(len(missed), 'attempt')} since last seen came to nothing, the latest on {latest}"
        )
        yield Sign(says, _those(told, "A.8a", "A.7", "B.7", "B.8"))
    shut = [one for one in tried if one.access_problem]
    if shut:
        yield Sign(f"no way in on {words.day(shut[-1].at.date(), known.today)}", _those(told, "A.8c"))
    if alone := known.supervised.not_alone.get(child_id):
        times = "the last visit" if alone.visits == 1 else f"the last {alone.visits} visits"
        says = f"not seen alone at {times}" if alone.said else f"not shown as seen alone at {times}"
        yield Sign(says, _those(told, "A.8d"))


def _those(told: Set[str], *ids: str) -> tuple[str, ...]:
    """Only clauses that speak of this child now: another pack's may not cover its plan."""
    return tuple(id_ for id_ in ids if id_ in told)


def _foreseen(known: Known, rows: Sequence[Owed], told: Set[str]) -> str:
    """Why the next visit will foreseeably be late; empty: it need not be."""
    first = min(rows, key=lambda row: row.due, default=None)
    if first is None:
        return ""
    by = words.day(first.due, known.today)
    if first.planned and first.planned.date() > first.due:
        return f"planned for {words.day(first.planned.date(), known.today)}, after it is due on {by}"
    if any(row.uncovered for row in rows):
        return f"the worker is away until it is due on {by}, and nobody is there to cover"
    if FORESEEN in told:
        return f"foreseeably out of timescale, due {by}"
    return ""


def _requirements(known: Known, visits: Iterable[DueVisit]) -> tuple[Requirement, ...]:
    """By what sets the date, in the order of the clauses; of each the soonest first."""
    found = by_key(
        (
            (visit.governed_by, _interval(visit), _is_own(visit)),
            (known.child(visit.child_id).label, visit.due),
        )
        for visit in visits
    )
    return tuple(
        Requirement(clauses, says, own, tuple(sorted(of, key=lambda one: (one[1], one[0]))))
        for (clauses, says, own), of in sorted(found.items())
    )


def _is_own(visit: DueVisit) -> bool:
    """Whether a frequency of the child's own sets the date: not a wish to be seen once, under the same id."""
    return any(
        clause.id in OWN_FREQUENCY and clause.base_is != "request"
        for clause in visit.clauses
        if clause.id in visit.governed_by
    )


def _interval(visit: DueVisit) -> str:
    """What and how often, as the governing clauses count it: "Visit, 10 working days"."""
    steps = dict.fromkeys(clause.step for clause in visit.clauses if clause.id in visit.governed_by)
    return ", ".join((words.kind(visit.kind), *steps))
