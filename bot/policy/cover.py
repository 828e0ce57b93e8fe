"""Who covers a visit whose worker is not there: the absence's buddy before the worker's usual one."""

from __future__ import annotations

import polars as pl

from bot.policy.scene import Scene


def cover(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` (worker, due, act_by, needs_cover…) with ``cover_id``, in the same order.

    The absence that holds the day to act decides; where none does (a worker who never works that day), the
    first one between today and the due date.

    Nobody but the worker and the manager may see a restricted child's record, so that no buddy is named.
    """
    names = pl.LazyFrame({"worker_id": scene.worker_ids}).with_row_index("worker")
    workers = scene.caseload.workers.lazy().select("worker_id", usual="buddy_id")
    usual = names.join(workers, on="worker_id").select("worker", "usual")
    absences = (
        scene.caseload.absences.lazy()
        .join(names, on="worker_id")
        .select("worker", "start", "end", absence_buddy="buddy_id")
    )
    numbered = rows.lazy().with_row_index("place_in_order")
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
    restricted = scene.children.lazy().select("child", closed="restricted")
    return (
        numbered.join(on_leave, on="place_in_order", how="left")
        .join(usual, on="worker", how="left")
        .join(restricted, on="child", how="left")
        .sort("place_in_order")
        .with_columns(
            cover_id=pl.when(pl.col("needs_cover") & ~pl.col("closed").fill_null(value=False)).then(
                pl.coalesce("absence_buddy", "usual")
            )
        )
        .drop("place_in_order", "absence_buddy", "usual", "closed")
        .collect()
    )


def _touches(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Whether an absence has a day in the span; one without an end goes on."""
    return (pl.col("start") <= last) & (pl.col("end") >= first).fill_null(value=True)
