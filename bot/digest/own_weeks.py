"""A worker's own last twelve weeks, said kindly: how much that fell due was in time, and how many in a row.

It is the reader's own figure and nobody else's: no rank, no colour, no word of blame. A few visits make no
share, and a low one is a question of the load as often as of anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import takewhile

import polars as pl

from bot.digest.owed import Week

FEW = 5  # where less fell due than this, a share says nothing
A_ROW = 3  # fewer in a row are not worth a word


@dataclass(frozen=True, slots=True)
class OwnWeeks:
    """What fell due in the twelve weeks before this one, and what became of it."""

    fell_due: int
    in_time: int
    not_recorded: int  # made, as far as is known: they count once their record is finished
    streak: int  # the latest of those that are decided, in time one after the other

    @property
    def worth_a_word(self) -> bool:
        """Whether there is enough to speak of."""
        return self.fell_due >= FEW

    @property
    def mostly_in_time(self) -> bool:
        """At least half of it."""
        return 2 * self.in_time >= self.fell_due

    @property
    def in_a_row(self) -> int:
        """The streak, where it is one; else 0."""
        return self.streak if self.streak >= A_ROW else 0


def own_weeks(rows: pl.DataFrame, today: date) -> dict[str, OwnWeeks]:
    """Each worker's, of ``rows`` (``FellDue``): those due before the week that a mail of today speaks of."""
    mine = rows.filter(pl.col("due") < Week.of(today).starts).drop_nulls("worker_id").sort("due", "done_on")
    outcomes = mine.group_by("worker_id", maintain_order=True).agg("outcome")
    return {worker: _of(given) for worker, given in outcomes.iter_rows()}


def _of(outcomes: list[str]) -> OwnWeeks:
    decided = [one for one in reversed(outcomes) if one != "not_recorded"]
    return OwnWeeks(
        fell_due=len(outcomes),
        in_time=outcomes.count("in_time"),
        not_recorded=outcomes.count("not_recorded"),
        streak=sum(1 for _ in takewhile(lambda one: one == "in_time", decided)),
    )
