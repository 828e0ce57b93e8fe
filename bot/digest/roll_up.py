"""What whoever is above managers is told: one line for each who reports to them, in numbers that add up.

It follows ``manager_id`` to any depth. Children are counted here, never listed: a list of other people's
cases is nobody's business, and a restricted child is nobody's but its worker's and manager's. The one
exception is a concern that a policy addresses to the service manager, about a child who is not restricted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.digest.in_time import LookedBack, Trend
from bot.digest.known import Known
from bot.digest.manager import ManagerDigest, children_of, digest_for, managers
from bot.digest.owed import Week
from bot.digest.raised import RaisedGroup, grouped, raised
from bot.digest.standing import Standing, of_no_team, of_team
from bot.digest.worker import readers

ABOVE = ("service_manager", "assistant_director")  # whose role is to have managers reporting to them
ADDRESSED = "service_manager"


@dataclass(frozen=True, slots=True)
class RollUpLine:
    """One who reports to the reader, with everybody who reports to them in turn."""

    worker_id: str
    name: str
    team: str  # as workers.csv names it; empty: it does not
    standing: Standing


@dataclass(frozen=True, slots=True)
class RollUp:
    """How everything stands below one person, this week."""

    worker_id: str
    name: str
    email: str
    today: date
    week: Week
    lines: tuple[RollUpLine, ...]  # the reader's own team, where there is one, among them
    whole: Standing  # of all lines, nobody twice
    no_team: Standing  # of the whole caseload: what stands in nobody's line
    trend: Trend
    concerns: tuple[RaisedGroup, ...]  # addressed to the reader as service manager
    unlisted: int  # the same about restricted children
    circle: bool  # the reader reports to somebody who reports to the reader
    warnings: tuple[str, ...]
    own: ManagerDigest | None = None  # of the reader's own team, in the same mail

    @property
    def shared(self) -> int:
        """How many times a child stands in a further line: in the lines, and once in the sum."""
        return sum(len(line.standing.children) for line in self.lines) - len(self.whole.children)


class Tree:
    """Who reports to whom, and how each team stands: worked out once for all roll-ups of a run."""

    def __init__(self, known: Known, back: LookedBack) -> None:
        self._known = known
        self._back = back
        self._reports: dict[str, list[str]] = defaultdict(list)
        self._workers: dict[str, list[str]] = defaultdict(list)
        for worker, person in sorted(known.people.items()):
            if person.manager_id in known.people and person.manager_id != worker:
                self._reports[str(person.manager_id)].append(worker)
        for worker in readers(known):
            self._workers[str(known.people[worker].manager_id)].append(worker)
        self._teams: dict[str, Standing] = {}

    @cached_property
    def leads(self) -> frozenset[str]:
        """Everybody who has a line: whoever manages a team, or is above somebody who does, or is meant to."""
        people = self._known.people
        found = set(managers(self._known)) | {w for w, person in people.items() if person.role in ABOVE}
        new = found
        while new:
            above = {str(people[w].manager_id) for w in new if people[w].manager_id in people}
            new = above - found
            found = found | new
        return frozenset(found)

    @property
    def readers(self) -> tuple[str, ...]:
        """Who gets a roll-up: whoever a lead reports to, and whoever's role it is."""
        people = self._known.people
        return tuple(w for w in sorted(self.leads) if people[w].role in ABOVE or self.under(w))

    def under(self, person: str) -> tuple[str, ...]:
        """The leads who report to a person directly."""
        return tuple(w for w in self._reports[person] if w in self.leads)

    def branch(self, top: str, without: str) -> tuple[str, ...]:
        """A lead and every lead below, each once; never the reader (``without``), who may report to one."""
        found, ahead = dict.fromkeys([without]), [top]
        while ahead:
            person = ahead.pop()
            if person not in found:
                found[person] = None
                ahead += reversed(self.under(person))
        return tuple(found)[1:]

    def workers(self, person: str) -> tuple[str, ...]:
        """The workers of one person's own team."""
        return tuple(self._workers[person])

    def team(self, person: str) -> Standing:
        """How one person's own team stands."""
        if person not in self._teams:
            self._teams[person] = of_team(self._known, self._workers[person], self._back)
        return self._teams[person]

    @cached_property
    def no_team(self) -> Standing:
        """What stands in no team."""
        return of_no_team(self._known, self._back)

    def in_circle(self, person: str) -> bool:
        """Whether following ``manager_id`` upwards from a person comes back to them."""
        seen, above = set[str](), self._above(person)
        while above is not None and above not in seen and above != person:
            seen.add(above)
            above = self._above(above)
        return above == person

    def addressed(self, manager: str) -> str | None:
        """Who a manager's service manager is: the nearest above of that role, else who is directly above."""
        seen, above = {manager}, self._above(manager)
        nearest = above
        while above is not None and above not in seen:
            if self._known.people[above].role == ADDRESSED:
                return above
            seen.add(above)
            above = self._above(above)
        return nearest

    def _above(self, person: str) -> str | None:
        above = self._known.people[person].manager_id
        return above if above in self._known.people else None


def roll_up_for(known: Known, tree: Tree, person: str, back: LookedBack) -> RollUp:
    """The roll-up of one person, with the digest of the own team where there is one."""
    branches = {top: tree.branch(top, person) for top in tree.under(person)}
    own = tree.workers(person)
    lines = [_line(known, tree, top, branch) for top, branch in branches.items()]
    lines.sort(key=lambda row: (-row.standing.overdue, -row.standing.oldest_days, row.name))
    if own:
        lines.insert(0, _line(known, tree, person, (person,)))
    below = [lead for branch in branches.values() for lead in branch]
    listed, unlisted = _addressed(known, tree, person, below)
    someone = known.people[person]
    return RollUp(
        worker_id=person,
        name=someone.name,
        email=someone.email,
        today=known.today,
        week=Week.of(known.today),
        lines=tuple(lines),
        whole=sum((line.standing for line in lines), Standing()),
        no_team=tree.no_team,
        trend=back.of(worker for lead in (person, *below) for worker in tree.workers(lead)),
        concerns=listed,
        unlisted=unlisted,
        circle=tree.in_circle(person),
        warnings=known.warnings,
        own=digest_for(known, person, back) if own else None,
    )


def _line(known: Known, tree: Tree, top: str, branch: Iterable[str]) -> RollUpLine:
    standing = sum((tree.team(lead) for lead in branch), Standing())
    return RollUpLine(top, known.name(top), known.people[top].team, standing)


def _addressed(
    known: Known, tree: Tree, person: str, below: Iterable[str]
) -> tuple[tuple[RaisedGroup, ...], int]:
    """Concerns that a policy puts to this service manager; of restricted children only how many."""
    teams = [lead for lead in below if tree.addressed(lead) == person]
    children = frozenset(child for lead in teams for child in children_of(known, tree.workers(lead)))
    rows = [row for row in raised(known, children) if ADDRESSED in row.to]
    listed = [row for row in rows if not known.child(row.child_id).restricted]
    return grouped(listed), len(rows) - len(listed)
