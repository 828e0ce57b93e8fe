"""By when each unfinished record is to be finished (C.3), and not only the one that presses most.

What is owed is one record a child and worker, the earliest: that is what a diary is for. A list is of every
record that is outstanding, and the second of a child is as late as the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

import polars as pl

from bot.digest.known import Attempt, RecordBy
from bot.digest.records import LISTED
from bot.policy.judgement import Judgement, RecordWithin
from bot.policy.recording import record_by


def record_limits(
    judgement: Judgement, unfinished: Iterable[Attempt], episodes: pl.DataFrame
) -> dict[str, RecordBy]:
    """By visit: the clause that sets a time for its record, and when that ends; where several do, the first.

    Of what is too old to be listed only the record that is owed has one.
    """
    owed = _owed(judgement.claims)
    since = judgement.today - LISTED
    others = [one for one in unfinished if one.visit_id not in owed and one.at.date() >= since]
    return _of_the_others(judgement, others, episodes) | owed


def _owed(claims: pl.DataFrame) -> dict[str, RecordBy]:
    rows = claims.filter((pl.col("kind") == "recording") & pl.col("base_visit").is_not_null()).sort(
        "due", descending=True
    )
    return {
        visit: RecordBy(clause, due, due_at)
        for visit, clause, due, due_at in rows.select("base_visit", "clause", "due", "due_at").iter_rows()
    }


def _of_the_others(
    judgement: Judgement, visits: list[Attempt], episodes: pl.DataFrame
) -> dict[str, RecordBy]:
    if not visits or not judgement.records:
        return {}
    children = {one.child_id for one in visits}
    plans: dict[str, list[tuple[str, date, date | None, str | None]]] = {}
    mine = episodes.filter(pl.col("child_id").is_in(children)).select(
        "child_id", "kind", pl.col("start").dt.date(), "end", "excluded_reason"
    )
    for child, *plan in mine.iter_rows():
        plans.setdefault(child, []).append((plan[0], plan[1], plan[2], plan[3]))

    @cache
    def limit(at: datetime, place: int) -> RecordBy:
        within = judgement.records[place]
        return RecordBy(within.clause, *record_by(at, within, judgement.work))

    found: dict[str, RecordBy] = {}
    for visit in visits:
        day = visit.at.date()
        kinds = [
            (kind, excluded is not None)
            for kind, start, end, excluded in plans.get(visit.child_id, ())
            if start <= day and (end is None or day <= end)
        ]
        limits = [limit(visit.at, n) for n, one in enumerate(judgement.records) if _asks(one, kinds)]
        if limits:
            found[visit.visit_id] = min(limits, key=lambda one: (one.due, str(one.due_at or ""), one.clause))
    return found


def _asks(within: RecordWithin, plans: Iterable[tuple[str, bool]]) -> bool:
    """Whether a clause asks for the record of a visit in these plans (kind, whether one is excluded)."""
    return any(
        kind in within.plan_kinds and not (within.leaves_out_excluded and excluded)
        for kind, excluded in plans
    )
