"""What only people can mend: cells that could not be read, children nobody holds, workers in no team.

Nothing that was set aside disappears: what can be traced to a manager's team is listed there, and the rest
is counted in every digest, so that somebody asks for it. What cannot be traced is only counted, since a
record may be restricted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.digest.known import Known
from bot.digest.worker import readers
from bot.errors import Problem


@dataclass(frozen=True, slots=True)
class Unheld:
    """A child with an open plan that names no worker, or only one who has left."""

    child_id: str
    child: str
    last_seen_by: str
    due: date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing found wrong, and every place where it stands, so that it is read once."""

    what: str
    mend: str
    effect: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mending:
    """What a manager is asked to put right, and how much nobody could be asked for."""

    faults: tuple[Fault, ...]
    elsewhere: int  # problems of the whole caseload that could not be traced to any team
    unheld: tuple[Unheld, ...]
    unheld_elsewhere: int
    workers_in_no_team: int


def mending(known: Known, team: Iterable[str]) -> Mending:
    """What of the data this team's manager can have mended."""
    team = frozenset(team)
    unheld = {child: team_before(known, child) for child in known.no_worker}
    problems = [(problem, _workers(known, child)) for problem, child in known.problems]
    everyone = frozenset(readers(known))
    in_a_team = frozenset(w for w in everyone if known.people[w].manager_id in known.people)
    return Mending(
        faults=_faults(problem for problem, workers in problems if workers & team),
        elsewhere=sum(1 for _, workers in problems if not workers & in_a_team),
        unheld=tuple(_unheld(known, child) for child in sorted(unheld_of(known, team))),
        unheld_elsewhere=sum(1 for last in unheld.values() if not last & in_a_team),
        workers_in_no_team=len(everyone - in_a_team),
    )


def _faults(problems: Iterable[Problem]) -> tuple[Fault, ...]:
    places: dict[tuple[str, str, str], list[str]] = {}
    for problem in problems:
        places.setdefault((problem.what, problem.mend, problem.effect), []).append(problem.where)
    faults = [Fault(*said, tuple(dict.fromkeys(where))) for said, where in places.items()]
    return tuple(sorted(faults, key=lambda fault: (-len(fault.places), fault.what, fault.places)))


def _workers(known: Known, child: str | None) -> frozenset[str]:
    """Those who can mend a child's rows: who holds the child, or else who went last."""
    if child is None:
        return frozenset()
    return (known.holders.get(child, frozenset()) & known.people.keys()) or team_before(known, child)


def unheld_of(known: Known, team: Iterable[str]) -> frozenset[str]:
    """The children without a worker who are a team's by the record."""
    team = frozenset(team)
    return frozenset(child for child in known.no_worker if team_before(known, child) & team)


def team_before(known: Known, child: str) -> frozenset[str]:
    """Whose a child without a worker is by the record: another plan's worker's, or the last visitor's."""
    holders = known.holders.get(child, frozenset()) & known.people.keys()
    if holders:
        return holders
    last = known.last_worker.get(child)
    if last is None or last not in known.people or known.child(child).restricted:
        return frozenset()  # to have visited once is no right to a restricted record
    return frozenset({last})


def _unheld(known: Known, child: str) -> Unheld:
    dues = [
        visit.due
        for worker, visits in known.owed.items()
        if worker not in known.people
        for visit in visits
        if visit.child_id == child
    ]
    due = min(dues, default=None)
    last = known.last_worker.get(child)
    return Unheld(
        child_id=child,
        child=known.child(child).label,
        last_seen_by=known.name(last) if last else "",
        due=due,
        days_late=max(0, (known.today - due).days) if due else 0,
    )
