"""What causes are found in, and the clause each is told under: the council's own where a pack has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from bot.caseload.model import WEEKDAYS, Caseload
from bot.digest import words
from bot.digest.gathering import coming
from bot.digest.grouping import by_key
from bot.digest.known import Attempt, Known
from bot.errors import Problem
from bot.policy.judgement import DueVisit, Judgement
from bot.policy.pack import Pack

NO_JOURNEY = ("recording", "concern")  # kinds of due dates that nobody has to go anywhere for
GUIDE = {  # whose clause it is where no chosen pack speaks of the situation: good practice all the same
    "due_in_planned_absence": "C.8a",
    "due_in_unplanned_absence": "C.8b",
    "covered_while_absent": "C.8c",
    "risk_at_address": "E.5",
}
OWN_SITUATIONS = tuple(GUIDE)  # told by what is recorded of leave and risks, in words of their own


@dataclass(frozen=True)
class Facts:
    """One reading of the caseload, judged, and what settings say of notices."""

    known: Known
    caseload: Caseload
    judgement: Judgement
    packs: Sequence[Pack]
    ahead: int  # working days before planned leave on which its cover is told
    allowed: Callable[[str], bool]  # whether mail may go to an address
    out_of_office: frozenset[str] = frozenset()  # workers whose Outlook says that they are away today

    @property
    def today(self) -> date:
        """The day everything is reckoned for."""
        return self.known.today

    @cached_property
    def owed(self) -> Mapping[str, tuple[DueVisit, ...]]:
        """By child: what is owed, soonest first, whoever owes it."""
        visits = (one for of in self.known.owed.values() for one in of if one.kind not in NO_JOURNEY)
        return by_key((one.child_id, one) for one in sorted(visits, key=lambda one: one.due))

    @cached_property
    def arranged_today(self) -> Mapping[tuple[str, str], tuple[Attempt, ...]]:
        """By worker and child: the visits that a family expects today."""
        return arranged_today(self.known, self.caseload)

    @cached_property
    def put_off(self) -> Mapping[tuple[str, date], date]:
        """By child and the day a visit was to be: the day for which it is planned anew."""
        rows = self.caseload.visits.filter(
            (pl.col("kind") == "visit") & pl.col("planned_for").is_not_null()
        ).sort("at")
        columns = rows.select("child_id", pl.col("at").dt.date(), "planned_for").iter_rows()
        return {(child, day): planned for child, day, planned in columns}

    def clause_of(self, situation: str) -> str:
        """The id under which a situation is told."""
        for pack in self.packs:
            for clause in pack.clauses:
                if clause.holds_on(self.today) and any(rule.when == situation for rule in clause.concerns):
                    return clause.id
        return GUIDE[situation]


@dataclass
class Found:
    """Collects what is in the way of telling: a notice without a reader is a problem, never a silence."""

    problems: list[Problem] = field(default_factory=list)

    def no_manager(self, worker_id: str, clause: str) -> None:
        """A notice for the manager of a worker who has none."""
        self.add(
            Problem(
                f"workers.csv:{worker_id}:manager_id",
                f"a notice ({clause}) is for this worker's manager, and none of workers.csv is named",
                "Fill in manager_id; until then nobody hears of it but this list.",
                "excluded",
            )
        )

    def add(self, problem: Problem) -> None:
        """Add a problem once."""
        if problem not in self.problems:
            self.problems.append(problem)


def works_on(caseload: Caseload, worker_id: str) -> tuple[str, ...]:
    """The worker's own days of the week; not known: Monday to Friday."""
    found = caseload.workers.filter(pl.col("worker_id") == worker_id)["works"].to_list()
    return tuple(found[0]) if found and found[0] is not None else WEEKDAYS[:5]


def arranged_today(known: Known, caseload: Caseload) -> dict[tuple[str, str], tuple[Attempt, ...]]:
    """By worker and child: the visits that a family expects today; a row that names nobody is the holder's.

    A day that was planned anew is no appointment once a later attempt has taken its place, and none is one
    where the child was visited today already.
    """
    found: list[tuple[tuple[str, str], Attempt]] = []
    for visit in coming(caseload.visits, known.today):
        latest = known.latest.get(visit.child_id)
        made = latest is not None and latest.status == "completed" and latest.at.date() == known.today
        replaced = visit.status != "scheduled" and (latest is None or latest.visit_id != visit.visit_id)
        if visit.at.date() == known.today and not made and not replaced:
            goes = [visit.worker_id] if visit.worker_id else sorted(known.holders.get(visit.child_id, ()))
            found += [((worker, visit.child_id), visit) for worker in goes]
    return by_key(found)


def journeys(known: Known, worker_id: str) -> tuple[DueVisit, ...]:
    """What a worker owes that has to be done with the child, whoever does it."""
    return tuple(visit for visit in known.owed.get(worker_id, ()) if visit.kind not in NO_JOURNEY)


def working_days_before(facts: Facts, day: date, count: int) -> date:
    """The ``count``-th working day before ``day``."""
    for _ in range(count):
        day -= timedelta(days=1)
        while not facts.judgement.work.is_working(day):
            day -= timedelta(days=1)
    return day


def due_words(known: Known, visit: DueVisit) -> str:
    """``Visit due Fri 27 Nov``, ``Visit OVERDUE 3 days, was due Fri 20 Nov``."""
    what = words.kind(visit.kind)
    late = visit.days_late(known.today)
    day = words.day(visit.due, known.today)
    if late:
        return f"{what} OVERDUE {words.count(late, 'day')}, was due {day}"
    if visit.due == known.today:
        return f"{what} due TODAY"
    return f"{what} due {day}"
