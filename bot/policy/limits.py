"""Musts that are wanted only now and then: unannounced every three months, sleeping arrangements yearly.

A limit makes no visit of its own. It shows on a visit that is owed anyway, when the visit after that one
would come too late.
"""

from __future__ import annotations

import polars as pl

from bot.policy.clauses import Limit
from bot.policy.compiled import BASES, Part, as_claims, in_scope, met, no_claims
from bot.policy.conditions import select
from bot.policy.history import History
from bot.policy.owed import OBJECT, VISIT, visit_objects
from bot.policy.period import DAYS, HOURS, MONTHS, WEEKS, WORKING_DAYS, YEARS, add, add_each
from bot.policy.scene import codes

LONGEST_DAY = {HOURS: 1, DAYS: 1, WORKING_DAYS: 3, WEEKS: 7, MONTHS: 31, YEARS: 366}  # days a unit may take


def limit_claims(history: History, part: Part, claims: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Claims of the limits that now press, and the musts that go with them (object columns, must, clause)."""
    made, musts = [no_claims()], []
    objects = visit_objects(claims)
    for limit in part.clause.limits:
        pressing = _pressing(history, part, limit, claims, objects)
        made.append(
            as_claims(
                pressing.lazy(),
                kind=pl.lit(VISIT),
                clause=pl.lit(history.compiled.clause(part.clause.id)),
                pack=pl.lit(part.number),
                due=pl.col("by"),
                n=pl.lit(limit.at_least_every.n),
                unit=pl.lit(limit.at_least_every.unit),
                recurring=pl.lit(value=False),
                limit=pl.lit(value=True),
            )
        )
        number = pl.lit(history.compiled.clause(part.clause.id), pl.UInt16)
        musts.append(pressing.select(*OBJECT, must=pl.lit(limit.must), clause=number))
    return pl.concat(made), pl.concat(musts)


def _pressing(
    history: History,
    part: Part,
    limit: Limit,
    claims: pl.DataFrame,
    objects: pl.DataFrame,
) -> pl.DataFrame:
    standing = _standing(history, part, limit, objects)
    standing = standing.with_columns(
        by=add(pl.col("base").dt.date(), limit.at_least_every, history.scene.work),
        later=pl.max_horizontal("due", pl.lit(history.scene.today)),
    )
    standing = _near(standing, claims)
    visits = claims.filter(pl.col("kind") == VISIT)
    work = history.scene.work
    after = add_each(pl.col("later"), pl.col("n"), pl.col("unit"), work)
    owed = (
        visits.lazy()
        .select(*OBJECT, "recurring", "n", "unit", "then_n", "then_unit", claim_due="due")
        .join(standing.lazy(), on=OBJECT, nulls_equal=True)
        .filter(pl.col("claim_due") == pl.col("due"))
    )
    governing = (
        owed.filter("recurring")
        .with_columns(after=after)
        .group_by(OBJECT)
        .agg(governing=pl.col("after").min())
    )
    following = owed.filter(pl.col("then_n").is_not_null()).select(
        *OBJECT, "later", n="then_n", unit="then_unit"
    )
    running = (
        visits.lazy()
        .filter("recurring")
        .select("child", "n", "unit")
        .join(standing.lazy().select(*OBJECT, "later"), on="child")
        .select(*OBJECT, "later", "n", "unit")
    )
    shortest = (
        pl.concat([running, following])
        .with_columns(after=after)
        .group_by(OBJECT)
        .agg(shortest=pl.col("after").min())
    )
    return (
        standing.lazy()
        .join(governing, on=OBJECT, how="left", nulls_equal=True)
        .join(shortest, on=OBJECT, how="left", nulls_equal=True)
        .filter(
            (pl.col("by") < pl.coalesce("governing", "shortest")).fill_null(pl.col("by") <= pl.col("due"))
        )
        .collect()
    )


def _near(standing: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Those whose limit could press under the longest interval there is; spares the sums of the others."""
    following = claims.select(n="then_n", unit="then_unit")  # what runs once a first visit was made
    intervals = pl.concat([claims.select("n", "unit"), following]).unique().drop_nulls()
    longest = max((LONGEST_DAY[unit] * n for n, unit in intervals.iter_rows()), default=0)
    return standing.filter(pl.col("by") <= pl.col("later") + pl.duration(days=longest + 31))


def _standing(history: History, part: Part, limit: Limit, objects: pl.DataFrame) -> pl.DataFrame:
    """The objects a limit may stand on, each with what its limit counts from."""
    scene, pack = history.scene, part.pack
    by_setting = limit.by == "setting"
    facts = history.facts(met(pack, part.clause, limit))
    frame = pl.concat([scene.episodes, facts], how="horizontal").lazy()
    mine = select(scene, frame.filter(in_scope(pack, part.clause)), limit.when)
    if limit.of == "child":
        starts = mine.group_by("child").agg(pl.col("start").min(), ep=pl.col("ep").first())
        first = objects.unique("child", keep="first", maintain_order=True)
        standing = starts.join(first.lazy(), on="child")
    else:
        place = pl.col("place") if by_setting else pl.lit(None, pl.UInt32)
        starts = mine.select("child", "ep", "start", "worker", place=place)
        standing = starts.join(
            objects.lazy().select("child", "worker", "place", "kind", "due"),
            on=["child", "worker", "place"],
            nulls_equal=True,
        )
    if by_setting:
        latest = _latest_in_each_setting(history, part, limit)
        standing = standing.join(latest, on=["child", "place"], how="left")
    else:
        latest = frame.filter(in_scope(pack)).group_by("child").agg(last=pl.col("last").max())
        standing = standing.join(latest, on="child", how="left")
    return (
        standing.with_columns(
            base=pl.coalesce(scene.visit("last", "at"), "start"),
            base_vi=pl.col("last"),
            base_is=pl.when(pl.col("last").is_null())
            .then(BASES.index("start"))
            .otherwise(BASES.index("visit")),
        )
        .select(*OBJECT, "ep", "due", "base", "base_vi", "base_is")
        .collect()
    )


def _latest_in_each_setting(history: History, part: Part, limit: Limit) -> pl.LazyFrame:
    """By child and place, the latest visit that met the limit there, whichever open episode it counted in."""
    scene = history.scene
    pairs = history.counted(met(part.pack, part.clause, limit)).lazy()
    mine = scene.episodes.lazy().filter(in_scope(part.pack)).select("ep", "child")
    return (
        pairs.join(mine, on="ep")
        .with_columns(setting=scene.raw("vi", "setting"))
        .join(codes(scene.settings, "setting", "place"), on="setting")
        .group_by("child", "place")
        .agg(last=pl.col("vi").max())
    )
