"""What another policy would mean for the same children, before anybody switches it on.

Judging is done by the engine for each policy alone; here the dates are laid side by side, and the work that
each asks for is added up by team: a visit every 10 working days is half a visit a week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from bot.caseload.model import Caseload
from bot.policy.judgement import Judgement
from bot.policy.period import parse

OWED = ("child_id", "kind", "setting")
WEEK = 7.0  # days
NO_TEAM = "(no team)"


@dataclass(frozen=True, slots=True)
class Date:
    """When one policy wants something of a child, and by which clauses."""

    due: date
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One thing owed to one child, under each policy that asks for it."""

    child_id: str
    kind: str
    setting: str | None
    dates: Mapping[str, Date]

    def differs(self, policies: int) -> bool:
        """Whether the policies part: by date, or because one of them asks for nothing."""
        return len(self.dates) < policies or len({one.due for one in self.dates.values()}) > 1

    @property
    def apart(self) -> int | None:
        """Calendar days between the earliest and the latest date; None where only one policy has one."""
        days = [one.due for one in self.dates.values()]
        return (max(days) - min(days)).days if len(days) > 1 else None


def compare(judgements: Mapping[str, Judgement]) -> tuple[SideBySide, ...]:
    """Every (child, kind, setting) that any of the policies owes, in order of the earliest date."""
    found: dict[tuple[str, str, str | None], dict[str, Date]] = {}
    for name, judgement in judgements.items():
        for key, one in _dates(judgement).items():
            found.setdefault(key, {})[name] = one
    rows = [SideBySide(*key, dates) for key, dates in found.items()]
    return tuple(sorted(rows, key=lambda row: (_first(row), row.child_id, row.kind, row.setting or "")))


def _first(row: SideBySide) -> date:
    return min(one.due for one in row.dates.values())


def _dates(judgement: Judgement) -> dict[tuple[str, str, str | None], Date]:
    """The earliest date of each kind and setting; a concern is no date."""
    rows = (
        judgement.due.filter(pl.col("kind") != "concern")
        .sort("due")
        .unique(OWED, keep="first", maintain_order=True)
        .select(*OWED, "due", "governed_by")
    )
    return {
        (child, kind, setting): Date(due, tuple(by)) for child, kind, setting, due, by in rows.iter_rows()
    }


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing owed whose date another policy changes; None where one of the two asks for nothing."""

    child_id: str
    kind: str
    setting: str | None
    team: str
    before: Date | None
    after: Date | None


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """What a team would have to do: visits and contacts a week as they recur, and what is late today."""

    team: str
    a_week_before: float
    a_week_after: float
    overdue_before: int
    overdue_after: int


@dataclass(frozen=True, slots=True)
class Impact:
    """What switching a policy would do on the day it is judged for."""

    today: date
    becomes_overdue: tuple[Moved, ...]
    earlier: tuple[Moved, ...]
    later: tuple[Moved, ...]
    added: tuple[Moved, ...]
    dropped: tuple[Moved, ...]
    teams: tuple[TeamLoad, ...]


def impact(caseload: Caseload, before: Judgement, after: Judgement) -> Impact:
    """Who is affected by going from one judgement to the other; both are of one day."""
    teams = _teams(caseload, before, after)
    moved = [
        Moved(
            row.child_id,
            row.kind,
            row.setting,
            teams.get(row.child_id, NO_TEAM),
            row.dates.get("before"),
            row.dates.get("after"),
        )
        for row in compare({"before": before, "after": after})
        if row.differs(2)
    ]
    today = after.today
    both = [one for one in moved if one.before and one.after]
    return Impact(
        today=today,
        becomes_overdue=tuple(
            one for one in moved if _late(one.after, today) and not _late(one.before, today)
        ),
        earlier=tuple(one for one in both if one.before and one.after and one.after.due < one.before.due),
        later=tuple(one for one in both if one.before and one.after and one.after.due > one.before.due),
        added=tuple(one for one in moved if one.before is None),
        dropped=tuple(one for one in moved if one.after is None),
        teams=_loads(teams, before, after),
    )


def _late(one: Date | None, today: date) -> bool:
    return one is not None and one.due < today


def _teams(caseload: Caseload, *judgements: Judgement) -> dict[str, str]:
    """Each child's team: that of the worker who is owed of first."""
    team_of = dict(caseload.workers.select("worker_id", "team").iter_rows())
    first: dict[str, str] = {}
    for judgement in judgements:
        for child, worker in judgement.due.select("child_id", "worker_id").iter_rows():
            first.setdefault(child, team_of.get(worker) or NO_TEAM)
    return first


def _loads(teams: Mapping[str, str], before: Judgement, after: Judgement) -> tuple[TeamLoad, ...]:
    rates = _a_week(before, teams), _a_week(after, teams)
    late = _overdue(before, teams), _overdue(after, teams)
    names = sorted({*rates[0], *rates[1], *late[0], *late[1]})
    return tuple(
        TeamLoad(
            team,
            rates[0].get(team, 0.0),
            rates[1].get(team, 0.0),
            late[0].get(team, 0),
            late[1].get(team, 0),
        )
        for team in names
    )


def _a_week(judgement: Judgement, teams: Mapping[str, str]) -> dict[str, float]:
    """Visits and contacts a week by team: each object runs by the shortest of its recurring intervals."""
    steps = (
        judgement.claims.filter("recurring", pl.col("kind").is_in(["visit", "contact"]))
        .select(*OWED, "step")
        .unique()
    )
    fastest: dict[tuple[str, str, str | None], float] = {}
    for child, kind, setting, step in steps.iter_rows():
        key = (child, kind, setting)
        fastest[key] = max(fastest.get(key, 0.0), WEEK / parse(step).days)
    total: dict[str, float] = {}
    for (child, _, _), rate in fastest.items():
        team = teams.get(child, NO_TEAM)
        total[team] = total.get(team, 0.0) + rate
    return total


def _overdue(judgement: Judgement, teams: Mapping[str, str]) -> dict[str, int]:
    total: dict[str, int] = {}
    late = judgement.due.filter(pl.col("due") < judgement.today, pl.col("kind") != "concern")
    for (child,) in late.select("child_id").iter_rows():
        team = teams.get(child, NO_TEAM)
        total[team] = total.get(team, 0) + 1
    return total
