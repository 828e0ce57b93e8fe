"""Records that are owed: a visit that took place and whose record is not finalised."""

from __future__ import annotations

import polars as pl

from bot.policy.compiled import BASES, KINDS, Part, as_claims, in_scope, no_claims
from bot.policy.counting import BOXES
from bot.policy.history import History
from bot.policy.period import HOURS, add, deadline


def recording_claims(history: History, part: Part) -> pl.DataFrame:
    """For whoever made them, the earliest of the visits not yet finalised; ended plans too."""
    assert part.clause.recording is not None
    scene, period = history.scene, part.clause.recording.within
    finalised = BOXES["finalised"].ticked(scene.today)
    owed = (
        scene.looks.lazy()
        .with_row_index("vi")
        .filter(pl.col("is_visit"), pl.col("status") == "completed")
        .with_columns(finalised_at=scene.raw("vi", "finalised_at"))
        .filter(~finalised)
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
            worker=pl.coalesce(
                pl.col("worker_id").replace_strict(
                    scene.worker_ids, range(len(scene.worker_ids)), default=None, return_dtype=pl.UInt32
                ),
                "worker",
            )
        )
    )
    if frame.head(1).collect().is_empty():
        return no_claims()
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
    return made.sort("due", "due_at", "base_vi", nulls_last=True).unique(
        ["child", "worker"], keep="first", maintain_order=True
    )
