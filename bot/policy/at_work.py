"""The day to act and the day to be reminded: when the child's worker is really there.

A frame of each worker's days at work and one backward as-of join; no loop over workers or days. Workers
without leave ahead share the days of their pattern.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from bot.caseload.model import WEEKDAYS
from bot.policy.scene import Scene
from bot.policy.together import collected

WEEKDAYS_ONLY = 0b11111
BEYOND = timedelta(days=30)  # no run of closures and holidays is longer
NO_LIMIT = date(2200, 1, 1)
LATELY = timedelta(days=60)  # an absence that ended longer ago has long been followed by a day at work


def act_and_remind(scene: Scene, dues: pl.DataFrame) -> pl.DataFrame:
    """``dues`` (worker, due) with act_by, remind_on, needs_cover, in the same order."""
    today = scene.today
    first_working = scene.work.next_from(today)
    keys = _keys(scene)
    rows = (
        dues.lazy()
        .with_row_index("place")
        .join(keys, on="worker", how="left", nulls_equal=True)
        .with_columns(key=pl.col("key").fill_null(-WEEKDAYS_ONLY))
        .pipe(collected)
    )
    at_work = _days_at_work(scene, rows, keys)
    first = at_work.group_by("key").agg(first_at_work=pl.col("day").min())
    working = pl.DataFrame({"working": scene.work.within(today, _last(rows, today) + BEYOND)})
    late = pl.col("due") < today
    found = (
        _latest(rows.rename({"due": "until"}), at_work, "act")
        .rename({"until": "due"})
        .join(first, on="key", how="left")
        .sort("due")
        .join_asof(working.with_columns(last_working=pl.col("working")), left_on="due", right_on="working")
        .join_asof(
            working.with_columns(next_working=pl.col("working")),
            left_on="due",
            right_on="working",
            strategy="forward",
        )
        .with_columns(
            needs_cover=pl.when(late)
            .then((pl.col("first_at_work") != first_working).fill_null(value=True))
            .otherwise(pl.col("act").is_null())
        )
        .with_columns(
            act_by=pl.when(late)
            .then(pl.lit(first_working))
            .otherwise(pl.coalesce("act", "last_working", "next_working"))
        )
        .with_columns(until=pl.col("act_by").dt.offset_by("-1d"))
    )
    reminded = _latest(found, at_work, "before").with_columns(
        remind_on=pl.coalesce(
            "before", pl.when("needs_cover").then(pl.lit(first_working)).otherwise("first_at_work"), "act_by"
        )
    )
    return reminded.sort("place").select(*dues.columns, "act_by", "remind_on", "needs_cover")


def _latest(rows: pl.DataFrame, at_work: pl.DataFrame, name: str) -> pl.DataFrame:
    """The last day at work from today to ``until``, by worker."""
    return (
        rows.sort("until")
        .join_asof(
            at_work.with_columns(pl.col("day").alias(name)).sort("day"),
            left_on="until",
            right_on="day",
            by="key",
            check_sortedness=False,
        )
        .drop("day", strict=False)
    )


def _last(rows: pl.DataFrame, today: date) -> date:
    latest = rows["due"].max()
    return max(latest, today) if isinstance(latest, date) else today


def _keys(scene: Scene) -> pl.LazyFrame:
    """Which days each worker shares: minus the pattern, or the worker's own number where leave is ahead."""
    bits = {name: 1 << place for place, name in enumerate(WEEKDAYS)}
    mask = (
        pl.col("works")
        .list.eval(pl.element().replace_strict(bits, default=0, return_dtype=pl.Int64))
        .list.unique()
    )
    workers = scene.caseload.workers.lazy().select("worker_id", mask=mask.list.sum())
    absent = (
        scene.caseload.absences.lazy()
        .filter((pl.col("end") >= scene.today).fill_null(value=True))
        .select("worker_id", absent=pl.lit(value=True))
        .unique()
    )
    names = pl.LazyFrame({"worker_id": scene.worker_ids}).with_row_index("worker")
    return (
        names.join(workers, on="worker_id", how="left")
        .join(absent, on="worker_id", how="left")
        .with_columns(mask=pl.col("mask").fill_null(WEEKDAYS_ONLY) & WEEKDAYS_ONLY)
        .select(
            "worker",
            "worker_id",
            "mask",
            key=pl.when("absent").then(pl.col("worker").cast(pl.Int64)).otherwise(-pl.col("mask")),
        )
    )


def back_today(scene: Scene) -> pl.LazyFrame:
    """Absences (worker, absent_id, first, last) after which today is the worker's first day at work."""
    today = scene.today
    absences = scene.caseload.absences.lazy().join(_keys(scene), on="worker_id")
    ended = absences.filter(pl.col("end") < today, pl.col("end") >= today - LATELY)
    working = scene.work.within(today - LATELY, today)
    since = (
        ended.select(
            "worker", "mask", last="end", day=pl.date_ranges(pl.col("end").dt.offset_by("1d"), today)
        )
        .explode("day")
        .filter(pl.col("day").is_in(working.implode()), (pl.col("mask") & _bit(pl.col("day"))) != 0)
        .join(
            absences.select("worker", "start", until=pl.col("end").fill_null(NO_LIMIT)),
            on="worker",
        )
        .group_by("worker", "last", "day")
        .agg(away=pl.col("day").is_between("start", "until").any())
        .filter(~pl.col("away"))
        .group_by("worker", "last")
        .agg(first_at_work=pl.col("day").min())
        .filter(pl.col("first_at_work") == today)
    )
    return ended.select("worker", absent_id="worker_id", first="start", last="end").join(
        since.select("worker", "last"), on=["worker", "last"]
    )


def _bit(day: pl.Expr) -> pl.Expr:
    """The weekday as the bit that a working pattern's mask has for it."""
    return day.dt.weekday().replace_strict({n + 1: 1 << n for n in range(7)}, return_dtype=pl.Int64)


def _days_at_work(scene: Scene, rows: pl.DataFrame, keys: pl.LazyFrame) -> pl.DataFrame:
    """(key, day) for every day at work from today to the key's last due date, sorted."""
    today = scene.today
    first_working = scene.work.next_from(today)
    until = (
        rows.lazy()
        .group_by("key")
        .agg(pl.col("due").max().alias("until"))
        .with_columns(pl.max_horizontal("until", pl.lit(first_working)))
    )
    days = scene.work.within(today, max(_last(rows, today), first_working))
    calendar = pl.LazyFrame({"day": days}).with_columns(bit=_bit(pl.col("day")))
    patterns = keys.select("key", "mask").unique("key")
    default = pl.LazyFrame(
        {"key": [-WEEKDAYS_ONLY], "mask": [WEEKDAYS_ONLY]}, schema={"key": pl.Int64, "mask": pl.Int64}
    )
    every = pl.concat([patterns.with_columns(pl.col("mask").cast(pl.Int64)), default]).unique("key")
    at_work = (
        until.join(every, on="key")
        .join(calendar, how="cross")
        .filter(pl.col("day") <= pl.col("until"), (pl.col("mask") & pl.col("bit")) != 0)
        .select("key", "day")
    )
    away = (
        scene.caseload.absences.lazy()
        .filter((pl.col("end") >= today).fill_null(value=True))
        .join(keys.select("worker_id", "key"), on="worker_id")
        .join(until, on="key")
        .with_columns(
            first=pl.max_horizontal("start", pl.lit(today)),
            last=pl.min_horizontal(pl.col("end").fill_null(NO_LIMIT), "until"),
        )
        .filter(pl.col("first") <= pl.col("last"))
        .select("key", day=pl.date_ranges("first", "last"))
        .explode("day")
        .unique()
    )
    return at_work.join(away, on=["key", "day"], how="anti").sort("key", "day").pipe(collected)
