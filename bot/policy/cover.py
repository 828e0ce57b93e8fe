"""Who covers a visit whose worker is not there: the absence's buddy before the worker's usual one."""

from __future__ import annotations

import polars as pl

from bot.policy.lookup import look_up
from bot.policy.scene import Scene
from bot.policy.together import collected


def cover(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` (worker, due, act_by, needs_cover…) with ``cover_id``, in the same order.

    The absence that holds the day to act decides; where none does (a worker who never works that day), the
    first one between today and the due date.

    Nobody but the worker and the manager may see a restricted child's record, so that no buddy is named.
    """
    if not rows["needs_cover"].any():
        return rows.with_columns(cover_id=pl.lit(None, pl.String))
    names = pl.LazyFrame({"worker_id": scene.worker_ids}).with_row_index("worker")
    workers = scene.caseload.workers.lazy().select("worker_id", usual="buddy_id")
    usual = names.join(workers, on="worker_id").select("worker", "usual")
    absences = (
        scene.caseload.absences.lazy()
        .join(names, on="worker_id")
        .select("worker", "start", "end", absence_buddy="buddy_id")
    )
    numbered = (  # without the lists, which are dear to join
        rows.lazy().select("child", "worker", "due", "act_by", "needs_cover").with_row_index("place_in_order")
    )
    on_leave = (
        numbered.filter("needs_cover")
        .select("place_in_order", "worker", "act_by", until=pl.max_horizontal("due", pl.lit(scene.today)))
        .join(absences, on="worker")
        .with_columns(
            then=_touches(pl.col("act_by"), pl.col("act_by")),
            meanwhile=_touches(pl.lit(scene.today), pl.col("until")),
        )
        .filter(pl.any_horizontal("then", "meanwhile"))
        .filter(pl.col("then") | ~pl.col("then").any().over("place_in_order"))
        .sort("start")
        .group_by("place_in_order", maintain_order=True)
        .agg(pl.col("absence_buddy").drop_nulls().first())
    )
    closed = look_up(scene.children["restricted"], "child").fill_null(value=False)
    found = (
        numbered.filter("needs_cover")
        .select("place_in_order", "worker", closed=closed)
        .filter(~pl.col("closed"))
        .join(on_leave, on="place_in_order", how="left")
        .join(usual, on="worker", how="left")
        .select("place_in_order", cover_id=pl.coalesce("absence_buddy", "usual"))
    )
    cover_ids = numbered.join(found, on="place_in_order", how="left", maintain_order="left").select(
        "cover_id"
    )
    return rows.with_columns(cover_ids.pipe(collected))


def _touches(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Whether an absence has a day in the span; one without an end goes on."""
    return (pl.col("start") <= last) & (pl.col("end") >= first).fill_null(value=True)
