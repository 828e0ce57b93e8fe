"""Musts that are wanted only now and then: unannounced every three months, sleeping arrangements yearly.

A limit makes no visit of its own. It shows on a visit that is owed anyway, when the visit after that one
would come too late.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from bot.policy.clauses import Limit
from bot.policy.compiled import BASES, Part, as_claims, in_scope, met, no_claims
from bot.policy.conditions import select
from bot.policy.history import History
from bot.policy.owed import OBJECT, VISIT, visit_objects
from bot.policy.period import DAYS, HOURS, MONTHS, WEEKS, WORKING_DAYS, YEARS, add, add_each
from bot.policy.scene import codes
from bot.policy.together import each_collected

PRESSING = {
    "child": pl.UInt32,
    "kind": pl.UInt8,
    "worker": pl.UInt32,
    "place": pl.UInt32,
    "must": pl.String,
    "clause": pl.UInt16,
}
LONGEST_DAY = {HOURS: 1, DAYS: 1, WORKING_DAYS: 3, WEEKS: 7, MONTHS: 31, YEARS: 366}  # days a unit may take


class Pressing(NamedTuple):
    """What presses: the claims, and the must that each puts on an object."""

    claims: pl.DataFrame
    musts: pl.DataFrame


def limit_claims(history: History, parts: Sequence[Part], claims: pl.DataFrame) -> Pressing:
    """Claims of the limits that now press, and the musts that go with them."""
    limits = [(part, limit) for part in parts for limit in part.clause.limits]
    if not limits:
        return Pressing(no_claims(), pl.DataFrame(schema=PRESSING))
    objects, visits = visit_objects(claims), claims.filter(pl.col("kind") == VISIT)
    longest = _longest(claims)
    standing = each_collected(_standing(history, part, limit, objects, longest) for part, limit in limits)
    pressing = each_collected(_pressing(history, visits, one) for one in standing)
    made, musts = [], []
    for (part, limit), rows in zip(limits, pressing, strict=True):
        number = history.compiled.clause(part.clause.id)
        made.append(
            as_claims(
                rows.lazy(),
                kind=pl.lit(VISIT),
                clause=pl.lit(number),
                pack=pl.lit(part.number),
                due=pl.col("by"),
                n=pl.lit(limit.at_least_every.n),
                unit=pl.lit(limit.at_least_every.unit),
                recurring=pl.lit(value=False),
                limit=pl.lit(value=True),
            )
        )
        musts.append(rows.select(*OBJECT, must=pl.lit(limit.must), clause=pl.lit(number, pl.UInt16)))
    return Pressing(pl.concat(each_collected(made)), pl.concat(musts))


def _pressing(history: History, visits: pl.DataFrame, standing: pl.DataFrame) -> pl.LazyFrame:
    """Those whose next visit but one would come too late."""
    after = add_each(pl.col("later"), pl.col("n"), pl.col("unit"), history.scene.work)
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
    )


def _longest(claims: pl.DataFrame) -> int:
    """The longest interval there is, in days: what cannot press under it is spared the sums."""
    following = claims.select(n="then_n", unit="then_unit")  # what runs once a first visit was made
    intervals = pl.concat([claims.select("n", "unit"), following]).unique().drop_nulls()
    return max((LONGEST_DAY[unit] * n for n, unit in intervals.iter_rows()), default=0)


def _standing(
    history: History, part: Part, limit: Limit, objects: pl.DataFrame, longest: int
) -> pl.LazyFrame:
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
        .with_columns(
            by=add(pl.col("base").dt.date(), limit.at_least_every, scene.work),
            later=pl.max_horizontal("due", pl.lit(scene.today)),
        )
        .filter(pl.col("by") <= pl.col("later") + pl.duration(days=longest + 31))
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
