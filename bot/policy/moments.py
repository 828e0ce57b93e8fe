"""The moments at which a caseload is looked at again, to find what fell due: few, and none too few.

What is owed changes between two days by what was done and by plans that ended; everything else about a day
follows from its date. So a child is looked at before and after each day on which something was done, on each
plan's last day and the morning after, and now.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil

import polars as pl

from bot.policy.compiled import counting
from bot.policy.conditions import day_of
from bot.policy.counts import Counting
from bot.policy.history import History
from bot.policy.lookup import look_up
from bot.policy.together import collected, each_collected

TO_PEOPLE = ("visit", "contact", "return_interview")  # the kinds for which somebody goes or calls
BEFORE, AFTER, NOW = (pl.lit(side, pl.UInt8) for side in range(3))
YEAR = 366.0


def moments(history: History, since: date) -> pl.DataFrame:
    """Before and after each day on which something was done or a plan ended; and now."""
    today = history.scene.today
    episodes = history.scene.episodes.lazy()
    ends = episodes.filter(pl.col("end").is_between(since, today - timedelta(days=1)))
    steps = (
        pl.concat(
            [
                _days_done(history, since).with_columns(ended=pl.lit(value=False)),
                ends.select("child", day="end").unique().with_columns(ended=pl.lit(value=True)),
            ]
        )
        .pipe(collected)
        .with_row_index("step")
        .lazy()
    )
    next_day, day_before = (pl.col("day").dt.offset_by(by) for by in ("1d", "-1d"))
    ended, day = pl.col("ended"), pl.col("day")
    before = steps.with_columns(on=day, upto=pl.when(ended).then(day).otherwise(day_before), side=BEFORE)
    after = steps.with_columns(on=pl.when(ended).then(next_day).otherwise(day), upto=day, side=AFTER)
    now = (
        episodes.filter(pl.col("open") | pl.col("returned_day").is_not_null())
        .select("child")
        .unique()
        .with_columns(on=pl.lit(today), upto=pl.lit(date.max), side=NOW)
    )
    return pl.concat([before, after, now], how="diagonal").sort("child", "step", "side").pipe(collected)


def _days_done(history: History, since: date) -> pl.LazyFrame:
    """The days on which something was done that counts for any clause, from when it may have been early."""
    scene = history.scene
    running = [
        (part, clock) for part in history.parts() for clock in part.clause.clocks if clock.owes in TO_PEOPLE
    ]
    plans: dict[tuple[Counting, bool], set[str]] = {}
    for part in history.parts():
        plans.setdefault((part.pack.counts, False), set()).update(part.pack.covers)
    for part, clock in running:
        way = (counting(part.pack, part.clause, clock), clock.after_end)
        plans.setdefault(way, set()).update(part.pack.kinds_of(part.clause))
    kind = scene.episodes["kind"]
    counted = [
        history.counting(what, after_return=returned).filter(look_up(kind.is_in(sorted(of)), "ep"))
        for (what, returned), of in plans.items()
    ]
    found = [those.select("vi") for those in each_collected(counted)]
    visits = pl.concat([history.belongs.select("vi").clear(), *found])["vi"].unique()
    days = pl.LazyFrame([scene.looks[name].gather(visits) for name in ("child", "day")])
    by_record = [
        scene.episodes.lazy()
        .filter(pl.col("kind").is_in(sorted(part.pack.kinds_of(part.clause))))
        .select("child", day=day_of(column))
        .drop_nulls()
        for part, clock in running
        for column in clock.closed_by
    ]
    longest = [(kind, _longest(history, kind)) for kind in scene.kinds]
    reach = (
        scene.episodes.lazy()
        .join(pl.LazyFrame(longest, schema={"kind": pl.String, "reach": pl.Int64}, orient="row"), on="kind")
        .group_by("child")
        .agg(pl.col("reach").max())
    )
    return (
        pl.concat([days, *by_record])
        .filter(pl.col("day") <= scene.today)
        .unique()
        .join(reach, on="child")
        .filter(pl.col("day") + pl.duration(days="reach") >= since)
        .select("child", "day")
    )


def _longest(history: History, kind: str) -> int:
    """The longest that any clause gives a child with such a plan, in days and rather too many."""
    steps = [
        stage
        for part in history.parts()
        if kind in part.pack.kinds_of(part.clause)
        for clock in part.clause.clocks
        for stage in clock.steps
    ]
    asked = [period for stage in steps for period in (stage.within, stage.every) if period]
    asked += [stage.as_agreed.at_most for stage in steps if stage.as_agreed]
    days = [period.days for period in asked] + [YEAR for stage in steps if stage.only_as_agreed]
    return ceil(max(days, default=0) * 1.2) + 10  # bank holidays make working days longer
