"""Visits that did not come off: which one sets a new date, and when that date is cleared."""

from __future__ import annotations

import polars as pl

from bot.errors import Problem
from bot.policy.agreed import last_counted
from bot.policy.clauses import AfterAttempt
from bot.policy.compiled import BASES, KINDS, Part, as_claims, in_scope
from bot.policy.history import History
from bot.policy.lookup import look_up
from bot.policy.pack import Pack
from bot.policy.period import add
from bot.policy.scene import Scene
from bot.policy.together import collected


def tried(history: History, pack: Pack) -> pl.LazyFrame:
    """Every attempt of kind ``visit`` in an episode of the pack that was not plainly a visit, once a child.

    ``what`` says how it went: failed, postponed, cancelled; completed but unseen, or only a brief look.
    """
    scene = history.scene
    looks = scene.looks
    apart = looks.select(
        ask=pl.col("is_visit")
        & (pl.col("status") != "scheduled")
        & ~pl.col(f"counts_{history.number(pack.counts)}")
    )["ask"]
    pairs = history.belongs.lazy().filter(look_up(apart, "vi"))
    within = scene.episodes.lazy().filter(in_scope(pack)).select("ep", "child")
    status = pl.col("status").cast(pl.String)
    return (
        pairs.join(within, on="ep")
        .unique(["child", "vi"])
        .with_columns(
            status=scene.visit("vi", "status"),
            day=scene.visit("vi", "day"),
            at=scene.visit("vi", "at"),
            seen=scene.raw("vi", "seen").fill_null(value=False),
            brief=scene.raw("vi", "brief").fill_null(value=False),
            access_problem=scene.raw("vi", "access_problem").fill_null(value=False),
            planned_for=scene.raw("vi", "planned_for"),
            reason=scene.raw("vi", "reason"),
            row=scene.raw("vi", "row"),
            notified_on=scene.raw("vi", "notified_on"),
        )
        .with_columns(
            what=pl.when(status != "completed")
            .then(status)
            .when(~pl.col("seen"))
            .then(pl.lit("unseen"))
            .when("brief")
            .then(pl.lit("brief"))
            .otherwise(pl.lit("other"))
        )
    )


def open_attempts(history: History, part: Part) -> pl.DataFrame:
    """The attempt of each child that sets this clause's date now."""
    pack, rule = part.pack, part.clause.after_attempt
    assert rule is not None
    counted = last_counted(history, part).select("child", "last", "last_day")
    frame = tried(history, pack).join(counted, on="child", how="left")
    if rule.take == "earliest":
        frame = frame.filter(
            pl.col("what").is_in(list(rule.of)), ~(pl.col("last_day") >= pl.col("day")).fill_null(value=False)
        )
        frame = frame.sort("child", "vi").unique("child", keep="first", maintain_order=True)
    else:
        frame = frame.filter(
            pl.col("what").is_in(list(_among(pack, rule))),
            (pl.col("vi") > pl.col("last")).fill_null(value=True),
        )
        frame = frame.sort("child", "vi").unique("child", keep="last", maintain_order=True)
        frame = frame.filter(pl.col("what").is_in(list(rule.of)))
    return frame.pipe(collected)


def unplanned(history: History, pack: Pack, attempts: pl.LazyFrame) -> pl.LazyFrame:
    """Attempts without a new day of today or later; a visit planned for a day outside the plan is none."""
    scene = history.scene
    covered = scene.episodes.lazy().filter(in_scope(pack)).select("ep", "child")
    within = history.belongs.lazy().join(covered, on="ep")
    ahead = scheduled(scene).select("vi", "day").join(within, on="vi").filter(pl.col("day") >= scene.on)
    return attempts.filter(~(pl.col("planned_for") >= scene.on).fill_null(value=False)).join(
        ahead, on="child", how="anti"
    )


def scheduled(scene: Scene) -> pl.LazyFrame:
    """Visits planned and not yet recorded otherwise."""
    return scene.looks.lazy().with_row_index("vi").filter(pl.col("is_visit"), pl.col("status") == "scheduled")


def _among(pack: Pack, rule: AfterAttempt) -> tuple[str, ...]:
    others = [clause.after_attempt for clause in pack.clauses if clause.id in rule.latest_among]
    return tuple({what: None for one in (rule, *others) if one for what in one.of})


def without_reason(part: Part, attempts: pl.DataFrame) -> list[Problem]:
    """The open attempts that want a reason and have none."""
    rule = part.clause.after_attempt
    assert rule is not None
    return [
        Problem(
            f"visits.csv:{row}:reason",
            f"a visit recorded as {status} has no reason, which {part.clause.id} asks for",
            "Record why it did not go ahead.",
            "warning",
        )
        for row, status in attempts.filter(
            pl.col("what").is_in(list(rule.reason_wanted)),
            (pl.col("reason").str.strip_chars() == "").fill_null(value=True),
        )
        .select("row", "what")
        .sort("row")
        .iter_rows()
    ]


def attempt_claims(history: History, part: Part, attempts: pl.DataFrame) -> pl.DataFrame:
    """The date by which to try again, for each child whose latest attempt asks for it."""
    rule = part.clause.after_attempt
    assert rule is not None
    frame = attempts.lazy()
    if rule.cleared_by_plan:
        frame = unplanned(history, part.pack, frame)
    claims = as_claims(
        frame,
        kind=pl.lit(KINDS.index("visit")),
        clause=pl.lit(history.compiled.clause(part.clause.id)),
        pack=pl.lit(part.number),
        base=pl.col("at"),
        base_is=pl.lit(BASES.index("attempt")),
        base_vi=pl.col("vi"),
        n=pl.lit(rule.within.n),
        unit=pl.lit(rule.within.unit),
        due=add(pl.col("day"), rule.within, history.scene.work),
        recurring=pl.lit(value=False),
    )
    return claims.pipe(collected)
