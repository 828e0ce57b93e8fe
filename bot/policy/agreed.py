"""Clauses that one child has for itself: a frequency agreed for it, and requests to be seen sooner."""

from __future__ import annotations

import polars as pl

from bot.errors import Problem
from bot.policy.compiled import BASES, KINDS, Part, as_claims, counting, in_scope, no_claims
from bot.policy.counts import Counting
from bot.policy.history import History
from bot.policy.period import add
from bot.policy.stepping import agreed_known, own_date
from bot.policy.together import collected

VISIT, START = KINDS.index("visit"), BASES.index("start")


def own_frequency(history: History, part: Part, claims: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """The child's own frequency in every open episode of the pack; never later than the pack's own clause."""
    rule = part.clause.own_frequency
    assert rule is not None
    if history.scene.episodes["agreed_every_n"].null_count() == len(history.scene.episodes):
        return no_claims(), []
    asked = history.scene.episodes.lazy().filter(in_scope(part.pack, part.clause), agreed_known())
    mine = claims.lazy().filter(pl.col("pack") == part.number)
    again = mine.filter("staged").sort("ep", "due").unique("ep", keep="first", maintain_order=True)
    once = (
        mine.filter(~pl.col("staged"), ~pl.col("recurring"), pl.col("kind") == VISIT)
        .group_by("ep")
        .agg(pl.col("due").min())
    )
    alone = _anchored(history, part).join(once, on="ep", how="left")
    facts = ("ep", "kind", "anchor", "anchor_vi", "due", "longer")
    governing = pl.concat(
        [
            again.select(facts),
            alone.with_columns(longer=pl.lit(value=False)).join(again, on="ep", how="anti").select(facts),
        ]
    )
    found = (
        asked.drop("kind")
        .join(governing, on="ep")
        .with_columns(own=own_date(history, pl.col("anchor").dt.date()), pack=pl.lit(part.number))
        .sort("ep")
        .pipe(collected)
    )
    problems = []
    later = found.filter((pl.col("own") > pl.col("due")) & ~pl.col("longer"))
    for row in later["row"]:
        what = f"the agreed frequency gives a later date than {part.pack.name} asks"
        mend = "Agree a shorter one, or record the review that allows a lower frequency."
        problems.append(Problem(f"episodes.csv:{row}:agreed_every", what, mend, "value ignored"))
    if rule.reasons:
        other = found.filter(~pl.col("agreed_reason").is_in(list(rule.reasons)).fill_null(value=False))
        for row, reason in other.select("row", "agreed_reason").iter_rows():
            given = reason or "left blank"
            what = f"the reason {given} is not one that {part.clause.id} of {part.pack.name} knows"
            mend = f"Use one of: {', '.join(rule.reasons)}. The frequency runs all the same."
            problems.append(Problem(f"episodes.csv:{row}:agreed_reason", what, mend, "warning"))
    kept = found.lazy().filter((pl.col("own") <= pl.col("due")).fill_null(value=True), ~pl.col("longer"))
    made = as_claims(
        kept,
        clause=pl.lit(history.compiled.clause(part.clause.id)),
        place=pl.lit(None),
        base=pl.col("anchor"),
        base_is=pl.when(pl.col("anchor_vi").is_null()).then(START).otherwise(BASES.index("visit")),
        base_vi=pl.col("anchor_vi"),
        n=pl.col("agreed_every_n"),
        unit=pl.col("agreed_unit"),
        due=pl.col("own"),
        recurring=pl.lit(value=True),
        staged=pl.lit(value=False),
    )
    return made.pipe(collected), problems


def _anchored(history: History, part: Part) -> pl.LazyFrame:
    """The last counted visit of each episode, else its start: by the pack's visit clause, if it has one."""
    ways: dict[str, Counting] = {}
    for other in history.parts_in_force():
        clocks = [clock for clock in other.clause.clocks if clock.owes == "visit" and not clock.after_end]
        if other.number == part.number and clocks:
            plain = [clock for clock in clocks if clock.by is None and not clock.together]
            for kind in part.pack.kinds_of(other.clause) if plain else ():
                ways.setdefault(kind, counting(other.pack, other.clause, plain[0]))
    kinds: dict[Counting, list[str]] = {}
    for kind in part.pack.kinds_of(part.clause):
        kinds.setdefault(ways.get(kind, part.pack.counts), []).append(kind)
    scene = history.scene
    return pl.concat(
        pl.concat([scene.episodes, history.facts(way)], how="horizontal")
        .lazy()
        .filter(pl.col("kind").is_in(those))
        .select(
            "ep",
            kind=pl.lit(VISIT, pl.UInt8),
            anchor=pl.coalesce("last_at", "start"),
            anchor_vi="last",
        )
        for way, those in kinds.items()
    )


def last_counted(history: History, part: Part) -> pl.LazyFrame:
    """Each child in the pack, with the latest visit that counted in any of its open episodes there."""
    scene = history.scene
    facts = history.facts(counting(part.pack, part.clause))
    return (
        pl.concat([scene.episodes, facts], how="horizontal")
        .lazy()
        .filter(in_scope(part.pack))
        .group_by("child")
        .agg(last=pl.col("last").max())
        .with_columns(last_day=scene.visit("last", "day"))
    )


def requests(history: History, part: Part) -> pl.DataFrame:
    """Open requests to be seen, each a date of its own."""
    assert part.clause.requests is not None
    scene = history.scene
    if scene.caseload.requests.is_empty():
        return no_claims()
    within = part.clause.requests.within
    asked = scene.caseload.requests.lazy().join(
        scene.children.lazy().select("child", "child_id"), on="child_id"
    )
    open_ = (
        asked.filter(
            pl.col("asked_on") <= scene.on, ~(pl.col("refused_on") <= scene.on).fill_null(value=False)
        )
        .join(last_counted(history, part), on="child")
        .filter(~(pl.col("last_day") >= pl.col("asked_on")).fill_null(value=False))
    )
    in_time = pl.col("wanted_by").is_null()
    return as_claims(
        open_,
        kind=pl.lit(VISIT),
        clause=pl.lit(history.compiled.clause(part.clause.id)),
        pack=pl.lit(part.number),
        base=pl.col("asked_on").cast(pl.Datetime("us")),
        base_is=pl.lit(BASES.index("request")),
        n=pl.when(in_time).then(within.n),
        unit=pl.when(in_time).then(within.unit),
        due=pl.coalesce("wanted_by", add(pl.col("asked_on"), within, scene.work)),
        recurring=pl.lit(value=False),
    ).pipe(collected)
