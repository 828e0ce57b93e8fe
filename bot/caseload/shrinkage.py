"""Holds a caseload against the last one that was accepted: what has gone, and whether so much can be right.

Children are counted by who is gone from the caseload altogether, never by how many there are, so that a child
who moved to another worker's list has gone nowhere and fifty new ones do not hide fifty lost. Visits are
history and hardly ever go: they are counted for the children who are still there, one child at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from bot.caseload.model import SCHEMAS, Caseload
from bot.verdict import Verdict, over

NOBODY = ""  # where a plan names none of the caseload's workers
_COUNTED_APART = ("children", "episodes", "visits")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may go between one accepted caseload and the next. Shares of what there was."""

    children: float = 0.20
    episodes: float = 0.20
    visits: float = 0.02
    one_list: float = 0.50
    rows: float = 0.50  # of any other table
    floor: int = 5  # so many may always go: a small team is not held up by one family
    visits_floor: int = 20


@dataclass(frozen=True, slots=True)
class ChildBefore:
    """A child with an open plan in an accepted caseload."""

    workers: frozenset[str]  # whose lists; NOBODY among them where a plan names no worker
    visits: int
    missing_since: date | None = None  # the day of the first accepted caseload without the child
    missing_in: datetime | None = None  # when that caseload was written


@dataclass(frozen=True)
class Sizes:
    """How large a caseload is, and whose list each child with an open plan is on."""

    today: date
    tables: Mapping[str, int]
    open_episodes: int
    children: Mapping[str, ChildBefore]
    present: frozenset[str] = frozenset()  # children with any plan, open or ended; not remembered
    visits: Mapping[str, int] = field(default_factory=dict)  # rows of every child; not remembered

    def missing(self, before: Mapping[str, ChildBefore]) -> tuple[str, ...]:
        """Children of an earlier caseload who have no plan in this one, neither open nor ended."""
        return tuple(sorted(child for child in before if child not in self.present))


def measure(caseload: Caseload, today: date) -> Sizes:
    """Take the sizes of a caseload on a day. A plan is open to the end of its last day."""
    episodes, workers = caseload.episodes, caseload.workers["worker_id"]
    opened = episodes.filter(pl.col("end").is_null() | (pl.col("end") >= today))
    held = opened.select(
        "child_id",
        pl.when(pl.col("worker_id").is_in(workers.implode())).then("worker_id").fill_null(NOBODY),
    ).unique()
    lists: dict[str, set[str]] = defaultdict(set)
    for child, worker in held.iter_rows():
        lists[child].add(worker)
    counts = dict(caseload.visits.group_by("child_id").len().iter_rows())
    return Sizes(
        today=today,
        tables={name: getattr(caseload, name).height for name in SCHEMAS},
        open_episodes=opened.height,
        children={
            child: ChildBefore(frozenset(workers), counts.get(child, 0)) for child, workers in lists.items()
        },
        present=frozenset(episodes["child_id"].unique()),
        visits=counts,
    )


def shrunken(before: Sizes, now: Sizes, limits: Limits) -> tuple[Verdict, ...]:
    """Every limit that is passed between the last accepted caseload and this one."""
    then = {child: was for child, was in before.children.items() if was.missing_since is None}
    since = f"since the caseload of {before.today:%a %d %b %Y}"
    gone = set(now.missing(then))
    still = [(child, was.visits) for child, was in then.items() if child not in gone]
    lost = sum(max(0, visits - now.visits.get(child, 0)) for child, visits in still)
    return (
        *over(
            "guard.max_children_gone_share",
            f"children are gone {since}",
            len(gone),
            len(then),
            share=limits.children,
            floor=limits.floor,
        ),
        *over(
            "guard.max_episodes_gone_share",
            f"open plans are gone or ended {since}",
            max(0, before.open_episodes - now.open_episodes),
            before.open_episodes,
            share=limits.episodes,
            floor=limits.floor,
        ),
        *over(
            "guard.max_visits_gone_share",
            f"visits of children who are still there are gone {since}",
            lost,
            sum(visits for _, visits in still),
            share=limits.visits,
            floor=limits.visits_floor,
        ),
        *_lists(then, now, since, limits),
        *_tables(before, now, since, limits),
    )


def _lists(then: Mapping[str, ChildBefore], now: Sizes, since: str, limits: Limits) -> Iterator[Verdict]:
    """A worker's whole list: those of it who are on nobody's now. Who moved to a colleague is not lost."""
    lists: dict[str, list[str]] = defaultdict(list)
    for child, was in then.items():
        for worker in was.workers - {NOBODY}:
            lists[worker].append(child)
    placed = {child for child, held in now.children.items() if held.workers - {NOBODY}}
    for worker, children in sorted(lists.items()):
        yield from over(
            "guard.max_list_gone_share",
            f"children of {worker}'s list are on nobody's {since}",
            sum(child not in placed for child in children),
            len(children),
            share=limits.one_list,
            floor=limits.floor,
        )


def _tables(before: Sizes, now: Sizes, since: str, limits: Limits) -> Iterator[Verdict]:
    for name, rows in sorted(before.tables.items()):
        if name not in _COUNTED_APART:
            yield from over(
                "guard.max_rows_gone_share",
                f"rows of {name} are gone {since}",
                max(0, rows - now.tables.get(name, 0)),
                rows,
                share=limits.rows,
                floor=limits.floor,
            )
