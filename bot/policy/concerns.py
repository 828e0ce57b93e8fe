"""What somebody has to be told: each situation a policy knows, as the children it holds for today.

A situation answers with one row a child: since when, and any difference in who is told. The packs say who
is told, by which clause, and what closes it.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from bot.policy import lateness
from bot.policy.agreed import last_counted
from bot.policy.asked import Asked
from bot.policy.attempts import open_attempts, scheduled, tried
from bot.policy.compiled import KINDS
from bot.policy.lookup import look_up


def _seen_by_someone_else(asked: Asked) -> pl.LazyFrame:
    scene = asked.history.scene
    allocated = pl.max_horizontal("worker_since", "start_day")
    others = []
    for number in ("last", *(f"back_{k}" for k in range(1, asked.rule.count))):
        by = scene.raw(number, "worker_id")
        others.append((by != pl.col("worker_id")) & (scene.visit(number, "day") >= allocated))
    return asked.episodes().filter(pl.all_horizontal(others)).select("child", since="last_day")


def _missed_in_a_row(asked: Asked) -> pl.LazyFrame:
    scene = asked.history.scene
    looks = scene.looks
    told = looks.select(
        ask=pl.col("is_visit") & pl.col("status").is_in(["completed", "failed", "cancelled"])
    )["ask"]
    missed = looks["status"].is_in(["failed", "cancelled"])
    children = looks.filter(told & missed).select("child").unique().lazy()
    return (
        asked.pairs()
        .join(children, on="child", how="semi")
        .filter(look_up(told, "vi"))
        .sort("child", "vi")
        .group_by("child")
        .agg(pl.col("vi").tail(asked.rule.count))
        .filter(pl.col("vi").list.len() == asked.rule.count)
        .explode("vi")
        .with_columns(missed=look_up(missed, "vi"), day=scene.visit("vi", "day"))
        .group_by("child")
        .agg(pl.col("missed").all(), since=pl.col("day").max())
        .filter("missed")
        .select("child", "since")
    )


def _not_seen_for(asked: Asked) -> pl.LazyFrame:
    seen = pl.max_horizontal("start_day", "last_day")
    lately = pl.lit(asked.history.scene.today).dt.offset_by(f"-{asked.rule.days}d")
    return asked.episodes().filter(seen <= lately).select("child", since=seen)


def _access_problem(asked: Asked) -> pl.LazyFrame:
    counted = last_counted(asked.history, asked.part)
    return (
        tried(asked.history, asked.pack)
        .join(counted, on="child", how="left")
        .filter((pl.col("vi") > pl.col("last")).fill_null(value=True))
        .sort("child", "vi")
        .unique("child", keep="last", maintain_order=True)
        .filter("access_problem")
        .select("child", since="day")
    )


def _not_seen_alone(asked: Asked) -> pl.LazyFrame:
    scene = asked.history.scene
    old_enough = pl.col("date_of_birth").dt.offset_by(f"{asked.rule.from_age}y") <= pl.col("last_day")
    return (
        last_counted(asked.history, asked.part)
        .filter(pl.col("last").is_not_null())
        .join(scene.children.lazy().select("child", "date_of_birth"), on="child")
        .filter(old_enough, ~scene.raw("last", "seen_alone").fill_null(value=False))
        .select("child", since="last_day")
    )


def _scheduled_time_passed(asked: Asked) -> pl.LazyFrame:
    passed = scheduled(asked.history.scene).filter(pl.col("day") < asked.history.scene.today)
    return asked.pairs().join(passed, on=["child", "vi"]).group_by("child").agg(since=pl.col("day").min())


def _attempt_open(asked: Asked) -> pl.LazyFrame:
    attempts = open_attempts(asked.history, asked.part).lazy()
    told = pl.when(pl.col("notified_on").is_not_null()).then(
        pl.format("They were told on {}.", pl.col("notified_on").dt.strftime("%a %-d %b %Y"))
    )
    return attempts.select("child", since="day", note=told)


def _planned_too_late(asked: Asked) -> pl.LazyFrame:
    attempts = open_attempts(asked.history, asked.part).lazy()
    others = (
        asked.claims.lazy()
        .filter(
            (pl.col("kind") == KINDS.index("visit")) | pl.col("was_visit"),
            pl.col("clause") != asked.number_of(asked.part.clause.id),
        )
        .group_by("child")
        .agg(pl.col("due").min())
    )
    return (
        attempts.join(others, on="child")
        .filter(pl.col("planned_for") > pl.col("due"))
        .select("child", since="day")
    )


def _recording_overdue(asked: Asked) -> pl.LazyFrame:
    today, work = asked.history.scene.today, asked.history.scene.work
    manager_from = work.plus(pl.col("due").dt.offset_by("1d"), 1)
    both = pl.lit([*asked.rule.to, *asked.rule.then_to])
    return (
        asked.claims.lazy()
        .filter(pl.col("kind") == KINDS.index("recording"), pl.col("due") < today)
        .group_by("child")
        .agg(pl.col("due").min())
        .select(
            "child",
            since="due",
            to=pl.when(manager_from <= today).then(both).otherwise(pl.lit(list(asked.rule.to))),
        )
    )


def _referrer_not_told(asked: Asked) -> pl.LazyFrame:
    today = asked.history.scene.today
    decided = pl.col("decision_at").dt.date()
    told = (pl.col("referrer_told_at").dt.date() <= today).fill_null(value=False)
    return asked.episodes().filter(decided <= today, ~told).select("child", since=decided)


def _contact_details_missing(asked: Asked) -> pl.LazyFrame:
    scene = asked.history.scene
    blank = (pl.col("contact_details").str.strip_chars() == "").fill_null(value=True)
    return (
        scene.caseload.away.lazy()
        .filter(pl.col("start") > scene.today, blank)
        .join(scene.children.lazy().select("child", "child_id"), on="child_id")
        .join(asked.episodes().select("child").unique(), on="child", how="semi")
        .select("child", since=pl.lit(scene.today))
    )


def _risk_at_address(asked: Asked) -> pl.LazyFrame:
    """A risk to workers that stands today, for each child of the household."""
    scene = asked.history.scene
    today = scene.today
    standing = scene.caseload.risks.lazy().filter(
        (pl.col("to") == "workers").fill_null(value=True),
        pl.col("recorded_on") <= today,
        (pl.col("ends") >= today).fill_null(value=True),
    )
    return (
        scene.children.lazy()
        .select("child", "household_id")
        .join(standing.select("household_id", since="recorded_on"), on="household_id")
        .join(asked.episodes().select("child").unique(), on="child", how="semi")
        .group_by("child")
        .agg(pl.col("since").max())
    )


SITUATIONS: dict[str, Callable[[Asked], pl.LazyFrame]] = {
    "seen_by_someone_else": _seen_by_someone_else,
    "missed_in_a_row": _missed_in_a_row,
    "not_seen_for": _not_seen_for,
    "access_problem": _access_problem,
    "not_seen_alone": _not_seen_alone,
    "scheduled_time_passed": _scheduled_time_passed,
    "attempt_open": _attempt_open,
    "planned_too_late": _planned_too_late,
    "recording_overdue": _recording_overdue,
    "referrer_not_told": _referrer_not_told,
    "contact_details_missing": _contact_details_missing,
    "risk_at_address": _risk_at_address,
    "due_in_planned_absence": lateness.due_in_planned_absence,
    "due_in_unplanned_absence": lateness.due_in_unplanned_absence,
    "covered_while_absent": lateness.covered_while_absent,
    "foreseeably_late": lateness.foreseeably_late,
}
