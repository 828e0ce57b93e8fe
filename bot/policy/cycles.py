"""Visit cycles: from one counted visit to the next, so that a reminder keeps its key and can be achieved.

An object's cycle is named after the latest visit its clauses count from, or after the start of the plan.
``closed`` says, for visits of the last weeks, which cycle each one ended.
"""

from __future__ import annotations

import polars as pl

from bot.policy.compiled import BASES, KINDS, counting, in_scope
from bot.policy.conditions import select
from bot.policy.counts import Counting
from bot.policy.history import History
from bot.policy.lookup import look_up
from bot.policy.owed import OBJECT
from bot.policy.scene import Scene, recent_from
from bot.policy.together import collected, each_collected

VISIT_BASE = BASES.index("visit")
RECORDING = KINDS.index("recording")


def started(moment: pl.Expr) -> pl.Expr:
    """The name of the cycle that a start opens."""
    return pl.format("start:{}", moment.dt.strftime("%Y-%m-%dT%H:%M"))


def current(scene: Scene, claims: pl.DataFrame) -> pl.DataFrame:
    """Each object's cycle and the day of its latest counted visit."""
    anchored = pl.col("base_is") == VISIT_BASE
    starts = pl.coalesce(look_up(scene.episodes["start"], "ep"), "base")
    named = claims.lazy().with_columns(vi=pl.when(anchored).then("base_vi"), begun=starts)
    recording = pl.col("kind") == RECORDING
    begun = pl.col("begun").min()
    earliest = (
        named.filter(recording).sort("due", "base_vi").group_by(OBJECT).agg(pl.col("vi").first(), begun)
    )
    latest = named.filter(~recording).group_by(OBJECT).agg(pl.col("vi").max(), begun)
    return (
        pl.concat([earliest, latest])
        .with_columns(
            cycle=pl.coalesce(pl.format("visit:{}", scene.raw("vi", "visit_id")), started(pl.col("begun"))),
            last_seen=scene.visit("vi", "day"),
        )
        .drop("vi", "begun")
        .pipe(collected)
    )


def closed(history: History) -> pl.DataFrame:
    """(child, kind, place, cycle, vi) for every counted visit of the last weeks."""
    scene = history.scene
    recent = recent_from(scene.today)
    scopes: dict[tuple[Counting, str, str | None, bool], list[pl.LazyFrame]] = {}
    for part in history.parts():
        pack, clause = part.pack, part.clause
        for clock in clause.clocks:
            if clock.owes == "decision" or clock.together:
                continue
            key = (counting(pack, clause, clock), clock.owes, clock.by, clock.after_end)
            mine = select(
                scene,
                scene.episodes.lazy().filter(
                    in_scope(pack, clause, ended_too=True),
                    pl.col("open") | (pl.col("end") >= recent) | pl.lit(clock.after_end),
                ),
                clock.when_of_plan,
            )
            place = pl.col("place") if clock.by else pl.lit(None, pl.UInt32)
            kind = pl.lit(KINDS.index(clock.owes), pl.UInt8)
            scopes.setdefault(key, []).append(
                mine.select("ep", "child", "worker", "start", place=place, kind=kind)
            )
    of_each = each_collected(pl.concat(frames).unique("ep") for frames in scopes.values())
    covered = {key: rows for key, rows in zip(scopes, of_each, strict=True) if len(rows)}
    found = each_collected(
        _late_and_before(history, what, rows, after_return=after_end)
        for (what, _, _, after_end), rows in covered.items()
    )
    if not any(len(rows) for rows in found):
        return pl.DataFrame(
            schema={
                "child": pl.UInt32,
                "kind": pl.UInt8,
                "place": pl.UInt32,
                "cycle": pl.String,
                "vi": pl.UInt32,
            }
        )
    same = _like_the_row_above(*OBJECT)
    cycles = (
        pl.concat(found)
        .lazy()
        .sort(*OBJECT, "vi")
        .filter(~(same & (pl.col("vi") == pl.col("vi").shift(1))).fill_null(value=False))
        .with_columns(before=pl.when(same).then(pl.col("vi").shift(1)))
        .filter("late")
        .pipe(collected)
    )
    return _named(scene, cycles, pl.concat(covered.values()))


def _late_and_before(
    history: History, what: Counting, covered: pl.DataFrame, *, after_return: bool
) -> pl.LazyFrame:
    """What counted of the last weeks in these episodes, and in each the one before the first of it."""
    scene = history.scene
    is_late = scene.looks["day"] >= recent_from(scene.today)
    pairs = history.counting(what, after_return=after_return)
    if len(covered) < len(scene.episodes) // 2:  # a look at every pair, which few have to pay back
        pairs = pairs.filter(look_up(scene.episodes["ep"].is_in(covered["ep"].implode()), "ep"))
    next_late = (pl.col("ep") == pl.col("ep").shift(-1)) & pl.col("late").shift(-1)
    return (
        pairs.with_columns(late=look_up(is_late, "vi"))
        .filter((pl.col("late") | next_late).fill_null(value=False))
        .join(covered.lazy(), on="ep")
        .select(*OBJECT, "vi", "late")
    )


def _named(scene: Scene, cycles: pl.DataFrame, covered: pl.DataFrame) -> pl.DataFrame:
    """The cycles of whichever worker, once each, compared by number before there are names to compare."""
    first = cycles.lazy().filter(pl.col("before").is_null())
    later = cycles.lazy().filter(pl.col("before").is_not_null())
    starts = (
        covered.lazy().join(first, on="child", how="semi").group_by(OBJECT).agg(begun=pl.col("start").min())
    )
    begun = first.join(starts, on=OBJECT, nulls_equal=True).with_columns(begun=started(pl.col("begun")))
    once = ("vi", "kind", "place", "before", "begun")  # a child's visits are neighbours
    return (
        pl.concat([begun.select("child", *once), later.select("child", *once[:-1])], how="diagonal")
        .sort(once)
        .filter(~_like_the_row_above(*once))
        .select(
            "child",
            "kind",
            "place",
            cycle=pl.coalesce(pl.format("visit:{}", scene.raw("before", "visit_id")), "begun"),
            vi="vi",
        )
        .pipe(collected)
    )


def _like_the_row_above(*columns: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in columns)


def recorded(history: History) -> pl.DataFrame:
    """(child, vi, seen_on) of every record finalised in the last weeks, where a pack asks for recording."""
    scene = history.scene
    kinds = {
        kind for part in history.parts() if part.clause.recording for kind in part.pack.kinds_of(part.clause)
    }
    schema = {"child": pl.UInt32, "vi": pl.UInt32, "seen_on": pl.Date}
    if not kinds:
        return pl.DataFrame(schema=schema)
    plans = (
        scene.episodes.lazy().filter(pl.col("kind").is_in(sorted(kinds))).select("child", "start_day", "end")
    )
    return (
        scene.looks.lazy()
        .with_row_index("vi")
        .filter(pl.col("is_visit"), pl.col("status") == "completed", pl.col("day") <= scene.today)
        .with_columns(seen_on=scene.raw("vi", "finalised_at").dt.date())
        .filter(pl.col("seen_on").is_between(recent_from(scene.today), pl.lit(scene.today)))
        .join(plans, on="child")
        .filter(pl.col("day") >= pl.col("start_day"), (pl.col("day") <= pl.col("end")).fill_null(value=True))
        .select("child", "vi", "seen_on")
        .unique()
        .pipe(collected)
    )


def as_frame(history: History) -> pl.DataFrame:
    """The closed cycles with the caseload's own names: ``Cycles``."""
    scene = history.scene
    kinds, children = pl.Series(KINDS), scene.children["child_id"]
    seen = closed(history).select(
        child_id=look_up(children, "child"),
        kind=look_up(kinds, "kind"),
        setting=look_up(scene.settings, "place"),
        cycle="cycle",
        visit_id=scene.raw("vi", "visit_id"),
        seen_on=scene.visit("vi", "day"),
    )
    written = recorded(history).select(
        child_id=look_up(children, "child"),
        kind=pl.lit("recording"),
        setting=pl.lit(None, pl.String),
        cycle=pl.format("visit:{}", scene.raw("vi", "visit_id")),
        visit_id=scene.raw("vi", "visit_id"),
        seen_on="seen_on",
    )
    return pl.concat([seen, written])
