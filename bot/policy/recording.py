"""Records that are owed: a visit that took place and whose record is not finalised."""

from __future__ import annotations

from datetime import date, datetime, time

import polars as pl

from bot.caseload.model import UNITS
from bot.policy.compiled import BASES, KINDS, Part, as_claims, in_scope
from bot.policy.history import History
from bot.policy.judgement import RecordWithin
from bot.policy.lookup import number_among
from bot.policy.period import HOURS, Period, add, deadline
from bot.policy.worktime import WorkTime


def recording_claims(history: History, part: Part) -> pl.LazyFrame:
    """For whoever made them, the earliest of the visits not yet finalised; ended plans too."""
    assert part.clause.recording is not None
    scene, period = history.scene, part.clause.recording.within
    owed = (
        scene.looks.lazy()
        .with_row_index("vi")
        .filter(pl.col("is_visit"), pl.col("status") == "completed", ~pl.col("finalised"))
    )
    plans = (
        scene.episodes.lazy()
        .filter(in_scope(part.pack, part.clause, ended_too=True))
        .select("child", "ep", "worker", "start_day", "end")
    )
    frame = (
        owed.join(plans, on="child")
        .filter(pl.col("day") >= pl.col("start_day"), (pl.col("day") <= pl.col("end")).fill_null(value=True))
        .sort("vi", "ep")
        .unique("vi", keep="last", maintain_order=True)
        .with_columns(worker_id=scene.raw("vi", "worker_id"))
        .with_columns(
            worker=pl.coalesce(number_among(scene.worker_ids, "worker_id"), "worker"),
        )
    )
    due = add(pl.col("day"), period, scene.work)
    moment = pl.lit(None, pl.Datetime("us"))
    if period.unit == HOURS:
        moment = deadline(pl.col("at"), pl.col("at_timed"), period.n)
        due = pl.coalesce(moment.dt.date(), due)
    made = as_claims(
        frame,
        kind=pl.lit(KINDS.index("recording")),
        clause=pl.lit(history.compiled.clause(part.clause.id)),
        pack=pl.lit(part.number),
        base=pl.col("at"),
        base_is=pl.lit(BASES.index("visit")),
        base_vi=pl.col("vi"),
        n=pl.lit(period.n),
        unit=pl.lit(period.unit),
        due=due,
        due_at=moment,
        recurring=pl.lit(value=False),
    )
    earliest = made.sort("due", "due_at", "base_vi", nulls_last=True)
    return earliest.unique(["child", "worker"], keep="first", maintain_order=True)


def times_set(history: History) -> tuple[RecordWithin, ...]:
    """The clauses in force that say by when a visit is recorded, and for which plans."""
    return tuple(
        RecordWithin(
            part.clause.id,
            part.clause.says,
            part.clause.recording.within.n,
            UNITS[part.clause.recording.within.unit],
            frozenset(part.pack.kinds_of(part.clause)),
            part.pack.leaves_out_excluded,
        )
        for part in history.parts_in_force()
        if part.clause.recording
    )


def record_by(moment: datetime, within: RecordWithin, work: WorkTime) -> tuple[date, datetime | None]:
    """The last day in time for the record of a visit at a London moment, and the time where hours count.

    The sums are those of :func:`recording_claims`: hours are elapsed hours (a day is 25 of them in October),
    working days those of England. A moment at midnight is a bare day.
    """
    timed = moment.time() != time.min
    period = Period(within.n, UNITS.index(within.unit))
    frame = pl.DataFrame({"at": [moment]}, schema={"at": pl.Datetime("us")})
    hours = pl.lit(None, pl.Datetime("us"))
    if period.unit == HOURS:
        hours = deadline(pl.col("at"), pl.lit(timed), period.n)
    day, at = frame.select(day=add(pl.col("at").dt.date(), period, work), at=hours).row(0)
    return (at.date(), at) if at else (day, None)
