"""From the engine's small numbers back to the caseload's own names."""

from __future__ import annotations

import polars as pl

from bot.caseload.model import UNITS
from bot.policy.compiled import BASES, KINDS, Compiled
from bot.policy.lookup import look_up, names
from bot.policy.scene import Scene


def clause_pairs(rows: pl.DataFrame, ids: pl.Series, kind: pl.DataType) -> pl.Series:
    """The list of (id, due) of each row, in order of due date."""
    flat = (
        rows.select("clause_ids", "clause_dues")
        .with_row_index("place")
        .explode("clause_ids", "clause_dues")
        .drop_nulls()
        .select("place", pair=pl.struct(id=look_up(ids, "clause_ids"), due="clause_dues"))
        .group_by("place", maintain_order=True)
        .agg("pair")
    )
    places = pl.DataFrame({"place": pl.int_range(len(rows), dtype=pl.UInt32, eager=True)})
    joined = places.join(flat, on="place", how="left", maintain_order="left")
    return joined.select(pl.col("pair").fill_null(pl.lit([], kind)))["pair"]


def named_lists(numbers: pl.Series, ids: pl.Series) -> pl.Series:
    """Each list of clause numbers as one of ids, empty where there is none; quicker than list by list."""
    flat = (
        numbers.alias("id")
        .to_frame()
        .with_row_index("place")
        .explode("id")
        .drop_nulls()
        .select("place", id=look_up(ids, "id"))
        .group_by("place", maintain_order=True)
        .agg("id")
    )
    places = pl.DataFrame({"place": pl.int_range(len(numbers), dtype=pl.UInt32, eager=True)})
    joined = places.join(flat, on="place", how="left", maintain_order="left")
    return joined.select(pl.col("id").fill_null(pl.lit([], pl.List(pl.String))))["id"]


def named_claims(scene: Scene, compiled: Compiled, claims: pl.DataFrame) -> pl.DataFrame:
    """``Claims`` with the caseload's own names."""
    units = pl.Series(UNITS)
    unit = look_up(units, "unit")
    singular = unit.str.strip_suffix("s")
    step = pl.format("{} {}", "n", pl.when(pl.col("n") == 1).then(singular).otherwise(unit))
    episodes = scene.episodes
    base_is = look_up(names(BASES), "base_is")
    tried = (base_is == "visit") & (scene.raw("base_vi", "status") != "completed")
    return claims.select(
        child_id=look_up(scene.children["child_id"], "child"),
        episode=look_up(episodes["episode"], "ep"),
        plan_kind=look_up(episodes["kind"], "ep"),
        worker_id=look_up(scene.worker_ids, "worker"),
        setting=look_up(scene.settings, "place"),
        kind=look_up(names(KINDS), "kind"),
        clause=look_up(names(compiled.ids), "clause"),
        base="base",
        base_is=pl.when(tried).then(pl.lit("attempt")).otherwise(base_is),  # D.12c counts attempts
        base_visit=scene.raw("base_vi", "visit_id"),
        step=step.fill_null("the day wanted"),
        due="due",
        due_at="due_at",
        recurring=pl.col("recurring").fill_null(value=False),
    )
