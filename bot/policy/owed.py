"""From claims to what is owed: who owes it, which claims stand together, and what governs.

One object a child, kind, worker and setting. A claim of no one episode joins the child's earliest visit
object; where the child has none, the worker of its earliest-started open episode owes it.
"""

from __future__ import annotations

import polars as pl

from bot.policy.compiled import KINDS, Compiled, in_scope
from bot.policy.scene import Scene
from bot.policy.together import collected

OBJECT = ("child", "kind", "worker", "place")
VISIT, CONTACT = KINDS.index("visit"), KINDS.index("contact")


def visit_objects(claims: pl.DataFrame) -> pl.DataFrame:
    """Each visit object with its due date, in the order in which a child's objects are read."""
    return (
        claims.lazy()
        .filter(pl.col("kind") == VISIT)
        .group_by(OBJECT)
        .agg(pl.col("due").min())
        .sort("child", "due", "worker", "place", nulls_last=False)
        .pipe(collected)
    )


def settle(scene: Scene, compiled: Compiled, standing: pl.DataFrame, floating: pl.DataFrame) -> pl.DataFrame:
    """Claims of no one episode given the worker and setting of the object they stand on."""
    if floating.is_empty():
        return standing
    objects = visit_objects(standing)
    first = objects.unique("child", keep="first", maintain_order=True)
    plain = objects.filter(pl.col("place").is_null()).unique("child", keep="first", maintain_order=True)
    gap = pl.col("recurring")  # one clock over several settings, not an attempt or a wish
    placed = pl.concat([_onto(floating.filter(~gap), first), _onto(floating.filter(gap), plain)])
    fallback = _earliest_episode(scene, compiled, placed.filter(~pl.col("found")))
    settled = (
        placed.join(fallback, on="child", how="left")
        .with_columns(
            worker=pl.when("found").then("worker").otherwise("its_worker"),
            ep=pl.when("found").then("ep").otherwise("its_ep"),
        )
        .select(standing.columns)
    )
    return pl.concat([standing, settled])


def _onto(claims: pl.DataFrame, objects: pl.DataFrame) -> pl.DataFrame:
    there = objects.select("child", worker_there="worker", place_there="place", found=pl.lit(value=True))
    return (
        claims.join(there, on="child", how="left")
        .with_columns(
            worker="worker_there", place="place_there", found=pl.col("found").fill_null(value=False)
        )
        .drop("worker_there", "place_there")
    )


def _earliest_episode(scene: Scene, compiled: Compiled, claims: pl.DataFrame) -> pl.DataFrame:
    covered = pl.any_horizontal([in_scope(pack) for pack in compiled.packs])
    return (
        scene.episodes.lazy()
        .filter("open", pl.col("child").is_in(claims["child"].unique().implode()))
        .with_columns(outside=~covered)
        .sort("child", "outside", "start", "episode")
        .unique("child", keep="first", maintain_order=True)
        .select("child", its_worker="worker", its_ep="ep")
        .pipe(collected)
    )


def while_away(scene: Scene, compiled: Compiled, claims: pl.DataFrame) -> pl.DataFrame:
    """Visit claims of a child away with the family turned into contacts, where their own pack says so.

    Other packs' claims on the same object stay a visit; a limit alone makes none and goes.
    """
    packs = [part.number for part in compiled.parts() if part.clause.while_away]
    if not packs or scene.caseload.away.is_empty():
        return claims.with_columns(was_visit=pl.lit(value=False))
    away = scene.caseload.away.join(scene.children.select("child", "child_id"), on="child_id").select(
        "child", "start", "end"
    )
    turns = (pl.col("kind") == VISIT) & pl.col("pack").is_in(packs) & ~pl.col("limit")
    objects = (
        claims.lazy()
        .filter(turns)
        .group_by(OBJECT)
        .agg(pl.col("due").min())
        .with_columns(on=pl.max_horizontal("due", scene.on))
        .join(away.lazy(), on="child")
        .filter(pl.col("on") >= pl.col("start"), (pl.col("on") <= pl.col("end")).fill_null(value=True))
        .select(*OBJECT, away=pl.lit(value=True))
        .unique()
    )
    return (
        claims.lazy()
        .join(objects, on=OBJECT, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(was_visit=turns & pl.col("away").fill_null(value=False))
        .with_columns(kind=pl.when("was_visit").then(pl.lit(CONTACT, pl.UInt8)).otherwise("kind"))
        .filter(~pl.col("limit") | ~pl.col("limit").all().over(OBJECT))
        .select(*claims.columns, "was_visit")
        .pipe(collected)
    )


def group(claims: pl.DataFrame) -> pl.DataFrame:
    """The objects: due, due_at, governing clauses and every clause and date once, each list in order."""
    once = (
        claims.lazy()
        .sort(*OBJECT, "due", "clause", "due_at", nulls_last=True)
        .unique([*OBJECT, "clause", "due"], keep="first", maintain_order=True)
        .with_columns(governs=pl.col("due") == pl.col("due").first().over(OBJECT))
    )
    return (
        once.group_by(OBJECT, maintain_order=True)
        .agg(
            pl.col("due").first(),
            due_at=pl.when("governs").then("due_at").min(),
            governed_by=pl.col("clause").filter("governs"),
            clause_ids="clause",
            clause_dues="due",
            from_visit=pl.col("was_visit").any(),
        )
        .pipe(collected)
    )
