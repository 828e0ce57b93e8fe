"""Holds today's caseload against the last accepted one, and remembers it once it is accepted.

A child who is missing from one export keeps the entries that stand: a row can be missed once, by a filter or
a lock in the case system, and an entry that vanished overnight is a visit that nobody is reminded of. Only a
second export without the child, on a later day, ends them; and from the first day on the child is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.caseload.shrinkage import NOBODY, ChildBefore, Limits, Sizes, measure, shrunken
from bot.errors import Problem
from bot.run.snapshot import Snapshot
from bot.run.world import World
from bot.settings import Guard
from bot.store import accepted
from bot.store.accepted import Accepted, Holding
from bot.verdict import Verdict

LISTED = timedelta(days=8)  # a weekly digest names every child gone since the one before


@dataclass(frozen=True, slots=True)
class Gone:
    """A child of an accepted caseload who is in none of this one's plans, neither open nor ended."""

    child_id: str
    workers: frozenset[str]
    since: date  # the day of the first caseload without the child
    keeps: bool  # the entries stay until another export says so too
    twice: bool = False  # a second export, of a later day, is without the child

    def problem(self, *, lifted: bool) -> Problem:
        """What is said of it to whoever can mend it; ``lifted``: the limit on how many may go was."""
        whose = " and ".join(sorted(self.workers)) or "nobody"
        if self.twice:
            then = "a second export was without it, and its entries go"
        elif self.keeps:
            then = "its entries stay until another day's export is without it too"
        elif lifted:
            then = "so much was gone that a limit was passed; the limit was lifted, and its entries go"
        else:
            then = "so much is gone that a limit is passed; its entries go only where that is lifted"
        return Problem(
            "episodes",
            f"child {self.child_id}, on the list of {whose}, is gone from the caseload since "
            f"{self.since:%a %d %b}: no plan of it is there, open or ended; {then}",
            "If the case was closed, nothing need be done (better export its end); if not, mend the export.",
            "warning",
        )


@dataclass(frozen=True)
class Comparison:
    """A caseload held against the last accepted one; everything is empty before there is one."""

    sizes: Sizes
    before: Mapping[str, ChildBefore]
    verdicts: tuple[Verdict, ...] = ()
    gone: tuple[Gone, ...] = ()
    kept: frozenset[str] = frozenset()  # keys of entries that stay although nothing wants them


def limits(guard: Guard) -> Limits:
    """The settings of shrinking, as the caseload takes them."""
    return Limits(
        children=guard.max_children_gone_share,
        episodes=guard.max_episodes_gone_share,
        visits=guard.max_visits_gone_share,
        one_list=guard.max_list_gone_share,
        rows=guard.max_rows_gone_share,
        floor=guard.max_gone_floor,
        visits_floor=guard.max_visits_gone_floor,
    )


def compare(world: World, snapshot: Snapshot) -> Comparison:
    """Hold a reading against what was accepted last. Nothing is written.

    Where a limit is passed no entry is kept for a child who is gone: the run is refused, or somebody has said
    that so many really are.
    """
    sizes = measure(snapshot.caseload, snapshot.today)
    last = accepted.last(world.store)
    if last is None:
        return Comparison(sizes, {})
    before = Sizes(last.today, last.tables, last.open_episodes, _children(last))
    verdicts = shrunken(before, sizes, limits(world.settings.guard))
    gone = tuple(
        _gone(child, before.children[child], snapshot, refused=bool(verdicts))
        for child in sizes.missing(before.children)
    )
    stays = {one.child_id for one in gone if one.keeps}
    of = accepted.children_of_entries(world.store) if stays else {}
    kept = frozenset(key for key, child in of.items() if child in stays)
    return Comparison(sizes, before.children, verdicts, gone, kept)


def accept(
    world: World,
    snapshot: Snapshot,
    found: Comparison,
    *,
    fence: int,
    run_id: int,
    children_of: Mapping[str, str],
) -> None:
    """Make this caseload the measure of the next. ``children_of``: the child of each entry wanted."""
    sizes = found.sizes
    holdings = [
        Holding(child, worker, held.visits)
        for child, held in sizes.children.items()
        for worker in held.workers
    ]
    for one in found.gone:
        if snapshot.today - one.since <= LISTED:
            was = found.before[one.child_id]
            first_seen = was.missing_in or snapshot.caseload.newest
            holdings += [
                Holding(one.child_id, worker, was.visits, one.since, first_seen) for worker in was.workers
            ]
    accepted.remember(
        world.store,
        fence,
        run_id,
        Accepted(sizes.today, sizes.tables, sizes.open_episodes, tuple(holdings)),
        problems=len(snapshot.problems),
        children_of=children_of,
    )


def _gone(child: str, was: ChildBefore, snapshot: Snapshot, *, refused: bool) -> Gone:
    since = was.missing_since or snapshot.today
    newest = snapshot.caseload.newest
    later_day = was.missing_since is not None and snapshot.today > was.missing_since
    later_export = was.missing_in is None or newest is None or newest > was.missing_in
    twice = later_day and later_export
    return Gone(child, was.workers - {NOBODY}, since, keeps=not twice and not refused, twice=twice)


def _children(last: Accepted) -> dict[str, ChildBefore]:
    found: dict[str, ChildBefore] = {}
    for one in last.holdings:
        known = found.get(one.child_id)
        workers = {one.worker_id} | (known.workers if known else set())
        found[one.child_id] = ChildBefore(frozenset(workers), one.visits, one.missing_since, one.missing_in)
    return found
