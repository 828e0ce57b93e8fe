"""How teams stand, in numbers that add up: of one team, of a service, of what no team holds.

Visits, records, times off and what fell due belong to one worker, and a worker to one team: they are summed.
A child with two plans may be held by two teams; children and concerns are therefore kept as sets, so that in
a sum nobody is counted twice. Nothing here is of one child: a set is only ever counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.digest.in_time import NOTHING, Kept, LookedBack
from bot.digest.known import Known
from bot.digest.leave import leave_ahead
from bot.digest.mending import team_before, unheld_of
from bot.digest.owed import Week
from bot.digest.worker import readers

NOT_VISITS = ("recording", "concern")
WORKER_ALONE = ("worker",)


@dataclass(frozen=True, slots=True)
class Standing:
    """Some workers together; ``a + b`` of two that share no worker is both."""

    teams: int = 0
    workers: int = 0
    children: frozenset[str] = field(default=frozenset(), repr=False)
    overdue: int = 0  # visits
    oldest_days: int = 0  # of the oldest overdue visit
    due: int = 0  # visits due this week
    not_recorded: int = 0
    concerns: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)  # child and clause
    without_cover: int = 0  # times off, now or near, in which nobody goes
    unheld: frozenset[str] = field(default=frozenset(), repr=False)  # children without a worker
    kept: Kept = NOTHING  # of the last twelve weeks

    def __add__(self, other: Standing) -> Standing:
        """Both together."""
        return Standing(
            teams=self.teams + other.teams,
            workers=self.workers + other.workers,
            children=self.children | other.children,
            overdue=self.overdue + other.overdue,
            oldest_days=max(self.oldest_days, other.oldest_days),
            due=self.due + other.due,
            not_recorded=self.not_recorded + other.not_recorded,
            concerns=self.concerns | other.concerns,
            without_cover=self.without_cover + other.without_cover,
            unheld=self.unheld | other.unheld,
            kept=self.kept + other.kept,
        )


def of_team(known: Known, team: Sequence[str], back: LookedBack) -> Standing:
    """The workers of one manager."""
    unheld = unheld_of(known, team)
    return _standing(known, team, back, teams=1 if team else 0, workers=len(team), unheld=unheld)


def of_no_team(known: Known, back: LookedBack) -> Standing:
    """What no manager's digest shows, of the whole caseload: so that nobody is left out of every sum."""
    everyone = readers(known)
    in_teams = frozenset(worker for worker in everyone if known.people[worker].manager_id in known.people)
    tables = (known.owed, known.held, known.unfinished, back.by_worker)
    others = {worker for table in tables for worker in table} | set(everyone)
    unheld = frozenset(child for child in known.no_worker if not team_before(known, child) & in_teams)
    found = _standing(
        known,
        sorted(others - in_teams, key=str),
        back,
        workers=len(everyone) - len(in_teams),
        unheld=unheld,
    )
    traced = frozenset(known.no_worker) - unheld
    return replace(found, children=(found.children - traced) | unheld)


def _standing(
    known: Known,
    whose: Iterable[str | None],
    back: LookedBack,
    *,
    workers: int,
    unheld: frozenset[str],
    teams: int = 0,
) -> Standing:
    whose, ends = tuple(whose), Week.of(known.today).ends
    owed = [visit for worker in whose for visit in known.owed.get(worker, ())]
    visits = [visit for visit in owed if visit.kind not in NOT_VISITS]
    late = [visit.days_late(known.today) for visit in visits if visit.due < known.today]
    there = [worker for worker in whose if worker is not None]
    held = frozenset().union(*(known.held.get(worker, frozenset()) for worker in there))
    spoken_of = held | {visit.child_id for visit in owed}
    return Standing(
        teams=teams,
        workers=workers,
        children=held | {visit.child_id for visit in visits},
        overdue=len(late),
        oldest_days=max(late, default=0),
        due=sum(1 for visit in visits if visit.due >= known.today and min(visit.act_by, visit.due) <= ends),
        not_recorded=sum(len({row.visit_id for row in known.unfinished.get(worker, ())}) for worker in whose),
        concerns=frozenset(
            (child, concern.id)
            for child in spoken_of | unheld
            for concern in known.concerns.get(child, ())
            if concern.to != WORKER_ALONE
        ),
        without_cover=sum(
            1
            for worker in there
            for leave in leave_ahead(known, worker, known.owed.get(worker, ()))
            if leave.uncovered
        ),
        unheld=unheld,
        kept=sum((back.worker(worker) for worker in whose), NOTHING),
    )
