"""Visits that did not count for a clause, and which box was not ticked: said to who can tick it."""

from __future__ import annotations

import polars as pl

from bot.policy.clauses import Clause
from bot.policy.compiled import KINDS, counting
from bot.policy.counting import BY_EPISODE, asked_of_episode, why_not
from bot.policy.counts import Counting
from bot.policy.history import History, of_both
from bot.policy.judgement import Uncounted
from bot.policy.lookup import look_up
from bot.policy.scene import recent_from
from bot.policy.stages import Clock
from bot.policy.together import each_collected


def uncounted(history: History, claims: pl.DataFrame) -> pl.DataFrame:
    """Attempts of the last weeks, after the last counted visit, with the reason for each clause owed."""
    scene = history.scene
    looks = scene.looks
    recent = recent_from(scene.today)
    late = looks.select(
        late=pl.col("day").is_between(recent, pl.lit(scene.today))
        & ~((pl.col("status") == "scheduled") & (pl.col("day") == scene.today))
    )["late"]
    pairs = history.belongs.filter(late.gather(history.belongs["vi"]))
    standing = claims.filter(
        pl.col("kind").is_in([KINDS.index(kind) for kind in ("visit", "contact")]), pl.col("ep").is_not_null()
    )
    standing = _asked_by_own_clock(history, standing).select("ep", "clause", "worker", "pack")
    asking: dict[Counting, list[pl.DataFrame]] = {}
    for part in history.parts():
        pack, clause = part.pack, part.clause
        for clock in clause.clocks:
            if clock.owes not in {"visit", "contact"} or clock.after_end or clock.together:
                continue
            owed = standing.filter(
                pl.col("clause").is_in(_numbers(history, clause, clock)), pl.col("pack") == part.number
            )
            if len(owed):
                asking.setdefault(counting(pack, clause, clock), []).append(owed)
    found = []
    for what, frames in asking.items():
        last = history.facts(what)["last"]
        rows = pairs.lazy().filter((pl.col("vi") > look_up(last, "ep")).fill_null(value=True))
        if not asked_of_episode(what):
            rows = rows.filter(~look_up(looks[f"counts_{history.number(what)}"], "vi"))
        rows = rows.join(pl.concat(frames).lazy(), on="ep")
        found.append(_in_words(history, rows, why_not(what, scene.today)))
    return pl.concat(each_collected(found)) if found else Uncounted.create_empty()


def _asked_by_own_clock(history: History, standing: pl.DataFrame) -> pl.DataFrame:
    """Without the dates that stand under a second clause id: what counts for them, the asking clock says.

    D.12b's date is D.12c's where support is declined, and then an attempt counts for it.
    """
    same = ["ep", "pack", "clause", "due", "base_vi"]
    for part in history.parts():
        for clock in part.clause.clocks:
            if clock.also_as:
                lent = standing.filter(
                    pl.col("clause").is_in(_numbers(history, part.clause, clock)),
                    pl.col("pack") == part.number,
                )
                for id_ in clock.also_as:
                    copies = lent.with_columns(clause=pl.lit(history.compiled.clause(id_), pl.UInt16))
                    standing = standing.join(copies, on=same, how="anti", nulls_equal=True)
    return standing


def _numbers(history: History, clause: Clause, clock: Clock) -> list[int]:
    """The clause ids under which a clock asks, as numbers."""
    return [
        history.compiled.clause(id_) for id_ in {step.id or clock.id or clause.id for step in clock.steps}
    ]


def _in_words(history: History, rows: pl.LazyFrame, reason: pl.Expr) -> pl.LazyFrame:
    """The attempts with the reason; of the caseload's columns only those that the reason looks at."""
    scene = history.scene
    asked = set(reason.meta.root_names()) & set(scene.caseload.visits.columns)
    child, ids = look_up(scene.episodes["child"], "ep"), pl.Series(history.compiled.ids)
    return (
        rows.with_columns(of_both(scene))
        .with_columns(holds.alias(ask) for ask, holds in BY_EPISODE.items())
        .with_columns(scene.raw("vi", name).alias(name) for name in sorted(asked))
        .with_columns(
            day=scene.visit("vi", "day"),
            while_away=pl.lit(value=False),
            date_of_birth=look_up(scene.children["date_of_birth"], child),
            living_at_home=look_up(scene.children["living_at_home"], child),
        )
        .select(
            child_id=look_up(scene.children["child_id"], child),
            visit_id=scene.raw("vi", "visit_id"),
            worker_id=pl.coalesce(scene.raw("vi", "worker_id"), look_up(scene.worker_ids, "worker")),
            clause=look_up(ids, "clause"),
            at=scene.raw("vi", "at"),
            reason=reason,
        )
        .filter(pl.col("reason") != "")
    )
