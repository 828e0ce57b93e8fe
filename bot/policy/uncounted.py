"""Visits that did not count for a clause, and which box was not ticked: said to who can tick it."""

from __future__ import annotations

import polars as pl

from bot.policy.compiled import KINDS, counting
from bot.policy.counting import why_not
from bot.policy.history import History
from bot.policy.judgement import Uncounted
from bot.policy.lookup import look_up
from bot.policy.scene import recent_from


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
    found = []
    for part in history.parts():
        pack, clause = part.pack, part.clause
        for clock in clause.clocks:
            if clock.owes not in {"visit", "contact"} or clock.after_end or clock.together:
                continue
            ids = {part.id or clock.id or clause.id for part in clock.steps}
            owed = claims.filter(
                pl.col("clause").is_in([history.compiled.clause(id_) for id_ in ids]),
                pl.col("pack") == part.number,
                pl.col("kind").is_in([KINDS.index(kind) for kind in ("visit", "contact")]),
                pl.col("ep").is_not_null(),
            ).select("ep", "clause", "worker")
            if owed.is_empty():
                continue
            what = counting(pack, clause, clock)
            counted = looks[f"counts_{history.number(what)}"]
            last = history.facts(what)["last"]
            rows = (
                pairs.lazy()
                .filter(
                    (pl.col("vi") > look_up(last, "ep")).fill_null(value=True),
                )
                .with_columns(counts=look_up(counted, "vi"))
                .join(owed.lazy(), on="ep")
                .with_columns(place=look_up(scene.episodes["setting"], "ep"))
                .collect()
            )
            rows = rows.filter(~pl.col("counts")) if "in_this_setting" not in what.asks else rows
            found.append(
                _in_words(history, rows, why_not(what, scene.today), pl.Series(history.compiled.ids))
            )
    return pl.concat(found) if found else Uncounted.create_empty()


def _in_words(history: History, rows: pl.DataFrame, reason: pl.Expr, ids: pl.Series) -> pl.DataFrame:
    scene = history.scene
    orig = scene.looks["orig"].gather(rows["vi"])
    visits = scene.caseload.visits.gather(orig).with_columns(
        day=pl.col("at").dt.date(),
        same_setting=(pl.col("setting") == rows["place"]).fill_null(value=False),
        while_away=pl.lit(value=False),
        clause=ids.gather(rows["clause"]),
        its_worker=scene.worker_ids.gather(rows["worker"]),
    )
    children = scene.children.select("child_id", "date_of_birth", "living_at_home")
    return (
        visits.join(children, on="child_id", how="left", maintain_order="left")
        .select(
            "child_id",
            "visit_id",
            worker_id=pl.coalesce("worker_id", "its_worker"),
            clause="clause",
            at="at",
            reason=reason,
        )
        .filter(pl.col("reason") != "")
    )
