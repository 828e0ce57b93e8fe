"""Concerns about who is there: leave, sickness, cover, and a visit that is going to be late."""

from __future__ import annotations

import polars as pl

from bot.policy.agreed import last_counted
from bot.policy.asked import Asked
from bot.policy.at_work import act_and_remind, back_today
from bot.policy.attempts import scheduled, tried
from bot.policy.compiled import KINDS


def _absent(asked: Asked, kind: str) -> pl.LazyFrame:
    """Visits owed by a worker with an absence of the kind, in episodes the clause is for."""
    scene = asked.history.scene
    workers = scene.caseload.workers.lazy().select("worker_id", usual_buddy="buddy_id")
    names = pl.LazyFrame({"worker_id": scene.worker_ids}).with_row_index("worker")
    absences = (
        scene.caseload.absences.lazy()
        .filter(pl.col("kind") == kind)
        .join(names, on="worker_id")
        .join(workers, on="worker_id", how="left")
        .select("worker", "start", "end", "manager_told_on", buddy=pl.coalesce("buddy_id", "usual_buddy"))
    )
    mine = asked.episodes().select("child", "worker").unique()
    return (
        asked.objects.lazy()
        .filter(pl.col("kind") == KINDS.index("visit"))
        .select("child", "worker", "due")
        .join(mine, on=["child", "worker"], how="semi")
        .join(absences, on="worker")
    )


def due_in_planned_absence(asked: Asked) -> pl.LazyFrame:
    """Due in planned absence."""
    today = asked.history.scene.today
    when = pl.max_horizontal("due", pl.lit(today))
    inside = (when >= pl.col("start")) & (when <= pl.col("end")).fill_null(value=True)
    told = (pl.col("manager_told_on") <= today).fill_null(value=False)
    uncovered = pl.col("buddy").is_null() & (pl.col("start") > today)
    return _absent(asked, "planned").filter(inside, ~told | uncovered).select("child", since="start")


def due_in_unplanned_absence(asked: Asked) -> pl.LazyFrame:
    """Due in unplanned absence."""
    today = asked.history.scene.today
    absent = (pl.col("start") <= today) & (pl.col("end") >= today).fill_null(value=True)
    return _absent(asked, "unplanned").filter(absent, pl.col("due") <= today).select("child", since="due")


def covered_while_absent(asked: Asked) -> pl.LazyFrame:
    """On the worker's first day back at work: visits that somebody else made in the absence."""
    scene = asked.history.scene
    mine = asked.episodes().select("child", "ep", "worker").join(back_today(scene), on="worker")
    return (
        asked.history.belongs.lazy()
        .join(mine, on="ep")
        .with_columns(
            day=scene.visit("vi", "day"),
            by=scene.raw("vi", "worker_id"),
            status=scene.visit("vi", "status"),
            is_visit=scene.visit("vi", "is_visit"),
            channel=scene.raw("vi", "channel"),
        )
        .filter(
            pl.col("day").is_between("first", "last"),
            pl.col("by") != pl.col("absent_id"),
            pl.col("status") == "completed",
            "is_visit",
            (pl.col("channel") == "in_person").fill_null(value=True),
        )
        .group_by("child")
        .agg(since=pl.col("day").min())
    )


def foreseeably_late(asked: Asked) -> pl.LazyFrame:
    """Foreseeably late."""
    scene = asked.history.scene
    today = scene.today
    ids = [asked.number_of(id_) for id_ in asked.rule.of_clauses]
    owed = (
        asked.claims.filter(pl.col("clause").is_in(ids), pl.col("pack") == asked.part.number)
        .sort("due")
        .unique("ep", keep="first", maintain_order=True)
        .select("child", "worker", "ep", "due")
    )
    reach = act_and_remind(scene, owed.select("worker", "due"))
    covered = owed.with_columns(away=reach["needs_cover"] & (owed["due"] >= today)).lazy()
    ahead = scheduled(scene).filter(pl.col("day") >= today).select("child", "day")
    moved = tried(asked.history, asked.pack).join(last_counted(asked.history, asked.part), on="child")
    planned = moved.filter(pl.col("planned_for") >= today).select("child", day="planned_for")
    plans = pl.concat([ahead, planned]).group_by("child").agg(planned=pl.col("day").min())
    todays = ahead.filter(pl.col("day") == today).select("child", scheduled_today=pl.lit(value=True)).unique()
    late = (
        (pl.col("due") < today)
        | ((pl.col("due") == today) & pl.col("scheduled_today").is_null())
        | (pl.col("planned") > pl.col("due")).fill_null(value=False)
        | pl.col("away")
    )
    last = asked.episodes().select("ep", talked_from=pl.coalesce("last_day", "start_day"))
    approved = (
        scene.caseload.approvals.lazy()
        .filter(pl.col("clause") == asked.part.clause.id, pl.col("recorded_on") <= today)
        .join(scene.children.lazy().select("child", "child_id"), on="child_id")
        .group_by("child")
        .agg(asked_on=pl.col("asked_on").max())
    )
    return (
        covered.join(plans, on="child", how="left")
        .join(todays, on="child", how="left")
        .filter(late)
        .join(last, on="ep")
        .join(approved, on="child", how="left")
        .filter(~(pl.col("asked_on") >= pl.col("talked_from")).fill_null(value=False))
        .select("child", since="due")
    )
