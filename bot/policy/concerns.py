"""What somebody has to be told: each situation a policy knows, as the children it holds for today.

A situation answers with one row a child: since when, and any difference in who is told. The packs say who
is told, by which clause, and what closes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from bot.policy.agreed import last_counted
from bot.policy.at_work import act_and_remind
from bot.policy.attempts import open_attempts, scheduled, tried
from bot.policy.clauses import ConcernRule
from bot.policy.compiled import KINDS, Part, counting, in_scope
from bot.policy.history import History
from bot.policy.lookup import look_up
from bot.policy.pack import Pack


@dataclass(frozen=True)
class Asked:
    """One concern of one clause, with everything a situation may look at."""

    history: History
    part: Part
    rule: ConcernRule
    claims: pl.DataFrame
    objects: pl.DataFrame

    @property
    def pack(self) -> Pack:
        """The clause's pack."""
        return self.part.pack

    def episodes(self) -> pl.LazyFrame:
        """The open episodes the clause is for, with what counts for it."""
        facts = self.history.facts(counting(self.pack, self.part.clause))
        frame = pl.concat([self.history.scene.episodes, facts], how="horizontal").lazy()
        return frame.filter(in_scope(self.pack, self.part.clause))

    def pairs(self) -> pl.LazyFrame:
        """Every visit of whatever outcome in those episodes: child and visit number, once."""
        mine = self.episodes().select("ep", "child")
        return self.history.belongs.lazy().join(mine, on="ep").select("child", "vi").unique()

    def number_of(self, clause_id: str) -> int:
        """The number of a clause id."""
        return self.history.compiled.clause(clause_id)


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
        pl.format("They were told on {}.", pl.col("notified_on"))
    )
    return attempts.select("child", since="day", note=told)


def _planned_too_late(asked: Asked) -> pl.LazyFrame:
    attempts = open_attempts(asked.history, asked.part).lazy()
    others = (
        asked.claims.lazy()
        .filter(
            pl.col("kind") == KINDS.index("visit"), pl.col("clause") != asked.number_of(asked.part.clause.id)
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


def _due_in_planned_absence(asked: Asked) -> pl.LazyFrame:
    today = asked.history.scene.today
    when = pl.max_horizontal("due", pl.lit(today))
    inside = (when >= pl.col("start")) & (when <= pl.col("end")).fill_null(value=True)
    told = (pl.col("manager_told_on") <= today).fill_null(value=False)
    uncovered = pl.col("buddy").is_null() & (pl.col("start") > today)
    return _absent(asked, "planned").filter(inside, ~told | uncovered).select("child", since="start")


def _due_in_unplanned_absence(asked: Asked) -> pl.LazyFrame:
    today = asked.history.scene.today
    absent = (pl.col("start") <= today) & (pl.col("end") >= today).fill_null(value=True)
    return _absent(asked, "unplanned").filter(absent, pl.col("due") <= today).select("child", since="due")


def _covered_while_absent(asked: Asked) -> pl.LazyFrame:
    """On the worker's first working day back: visits that somebody else made in the absence."""
    scene = asked.history.scene
    names = pl.LazyFrame({"worker_id": scene.worker_ids}).with_row_index("worker")
    ended = scene.caseload.absences.lazy().filter(pl.col("end") < scene.today).join(names, on="worker_id")
    back = act_and_remind(scene, ended.select("worker", due=pl.lit(scene.today)).collect()).select(
        at_work=~pl.col("needs_cover")
    )["at_work"]
    first_day = scene.work.plus(pl.col("end"), 1)
    returned = ended.filter(pl.lit(back), first_day == scene.today).select(
        "worker", absent_id="worker_id", first="start", last="end"
    )
    mine = asked.episodes().select("child", "ep", "worker").join(returned, on="worker")
    return (
        asked.history.belongs.lazy()
        .join(mine, on="ep")
        .with_columns(
            day=scene.visit("vi", "day"), by=scene.raw("vi", "worker_id"), status=scene.visit("vi", "status")
        )
        .filter(
            pl.col("day").is_between("first", "last"),
            pl.col("by") != pl.col("absent_id"),
            pl.col("status") == "completed",
        )
        .group_by("child")
        .agg(since=pl.col("day").min())
    )


def _foreseeably_late(asked: Asked) -> pl.LazyFrame:
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
    planned = moved.filter(
        (pl.col("vi") > pl.col("last")).fill_null(value=True), pl.col("planned_for") >= today
    ).select("child", day="planned_for")
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
    "due_in_planned_absence": _due_in_planned_absence,
    "due_in_unplanned_absence": _due_in_unplanned_absence,
    "covered_while_absent": _covered_while_absent,
    "foreseeably_late": _foreseeably_late,
}
