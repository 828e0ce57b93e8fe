"""How much of what fell due was done in time, week by week over twelve weeks.

The share is of what fell due, not of what was done: a visit that was never made counts against it for as long
as anybody looks back. "Not done" and "done, not recorded" are kept apart, since the one wants a journey and
the other an hour at a desk; neither is in time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from bot.digest.owed import Week
from bot.policy.looking_back import OUTCOMES

WEEKS = 12
HALF = WEEKS // 2


@dataclass(frozen=True, slots=True)
class Kept:
    """Visits that fell due, by what became of them: four numbers that can be added again."""

    in_time: int = 0
    late: int = 0
    not_recorded: int = 0  # made, as far as is known, and not in the record as the policy asks
    not_done: int = 0

    def __add__(self, other: Kept) -> Kept:
        """Both together."""
        return Kept(
            self.in_time + other.in_time,
            self.late + other.late,
            self.not_recorded + other.not_recorded,
            self.not_done + other.not_done,
        )

    @property
    def fell_due(self) -> int:
        """All of them."""
        return self.in_time + self.late + self.not_recorded + self.not_done

    @property
    def share(self) -> int:
        """Per cent in time, rounded down, so that 100 means all; 0 where nothing fell due."""
        return 100 * self.in_time // self.fell_due if self.fell_due else 0


NOTHING = Kept()


@dataclass(frozen=True, slots=True)
class WeekKept:
    """One week of the twelve."""

    starts: date
    kept: Kept


@dataclass(frozen=True, slots=True)
class Trend:
    """The twelve weeks before this one, of some workers together, oldest first."""

    weeks: tuple[WeekKept, ...] = ()
    older: Kept = NOTHING  # fell due before them and is owed to this day: it was owed in every one of them

    @property
    def whole(self) -> Kept:
        """All twelve weeks, and what was left undone before them."""
        return sum((week.kept for week in self.weeks), self.older)

    @property
    def earlier(self) -> Kept:
        """The first six weeks."""
        return sum((week.kept for week in self.weeks[:HALF]), NOTHING)

    @property
    def lately(self) -> Kept:
        """The last six weeks."""
        return sum((week.kept for week in self.weeks[HALF:]), NOTHING)


NO_TREND = Trend()


@dataclass(frozen=True, slots=True)
class LookedBack:
    """What fell due, by whose it was; made once for all mails of a run by :func:`looked_back`."""

    mondays: tuple[date, ...] = ()
    by_worker: Mapping[str | None, Mapping[date | None, Kept]] = field(default_factory=dict)  # null: older
    by_plan: Mapping[str, Mapping[str | None, Kept]] = field(default_factory=dict)

    def of(self, workers: Iterable[str | None]) -> Trend:
        """The trend of some workers together."""
        theirs = [self.by_worker[worker] for worker in set(workers) if worker in self.by_worker]

        def together(monday: date | None) -> Kept:
            return sum((counts[monday] for counts in theirs if monday in counts), NOTHING)

        return Trend(tuple(WeekKept(monday, together(monday)) for monday in self.mondays), together(None))

    def worker(self, worker: str | None) -> Kept:
        """One worker's twelve weeks."""
        return sum(self.by_worker.get(worker, {}).values(), NOTHING)

    def plan(self, workers: Iterable[str], plan: str) -> Kept:
        """One plan kind's twelve weeks, of some workers together."""
        of = self.by_plan.get(plan, {})
        return sum((of[worker] for worker in set(workers) if worker in of), NOTHING)


def looked_back(rows: pl.DataFrame, today: date) -> LookedBack:
    """Count ``rows`` (FellDue) in the twelve whole weeks before the week that a mail of today speaks of.

    What fell due in this week's days that are past is not counted yet: its week is not over.
    """
    starts = Week.of(today).starts
    mondays = tuple(starts - timedelta(weeks=number) for number in range(WEEKS, 0, -1))
    monday = pl.col("due").dt.truncate("1w")
    counted = rows.filter(pl.col("due") < starts).with_columns(
        week=pl.when(pl.col("due") >= mondays[0]).then(monday)
    )
    by_worker: dict[str | None, dict[date | None, Kept]] = defaultdict(dict)
    for worker, week, *outcomes in _counts(counted, "worker_id", "week"):
        by_worker[worker][week] = Kept(*outcomes)
    by_plan: dict[str, dict[str | None, Kept]] = defaultdict(dict)
    for plan, worker, *outcomes in _counts(counted.drop_nulls("plan_kind"), "plan_kind", "worker_id"):
        by_plan[plan][worker] = Kept(*outcomes)
    return LookedBack(mondays, dict(by_worker), dict(by_plan))


def _counts(rows: pl.DataFrame, *keys: str) -> Iterator[tuple[Any, ...]]:
    """How many of each outcome, in the order of Kept's fields."""
    number = [(pl.col("outcome") == outcome).sum().alias(outcome) for outcome in OUTCOMES]
    return rows.group_by(*keys).agg(number).sort(*keys).iter_rows()
