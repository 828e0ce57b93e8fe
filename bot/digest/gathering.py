"""Cuts the frames to the rows that mails speak of, once for all mails of a run.

A council has hundreds of mails and one caseload: the frames are asked in columns, a few times in all, and
only what somebody will read becomes a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from bot.caseload.model import Caseload
from bot.diary.people import known_in
from bot.digest.grouping import by_key
from bot.digest.known import Attempt, Child, Known, Leave, Person, PlanOwed, Wanting
from bot.digest.lower_level import lower_level
from bot.digest.management import management
from bot.digest.record_limits import record_limits
from bot.digest.supervised import supervised
from bot.digest.tracing import traced
from bot.digest.words import Identify, child_label, phrase, plain
from bot.policy.judgement import DueVisit, Judgement


def gather(
    visits: Sequence[DueVisit], judgement: Judgement, caseload: Caseload, today: date, names: Identify
) -> Known:
    """Everything that the mails of one run speak of."""
    owners = _owners(caseload.episodes, today)
    unfinalised = _unfinalised(caseload.visits, judgement.claims)
    latest = _latest(caseload.visits)
    holder = {child: worker for child, worker in reversed(owners) if worker is not None}
    unfinished = [*unfinalised, *_passed(caseload.visits, today)]
    wanting = _wanting(judgement, caseload.visits)
    who = known_in(caseload, today)
    return Known(
        today=today,
        names=names,
        children=_children(caseload.children, names),
        people=_people(caseload.workers),
        owed=by_key((visit.worker_id, visit) for visit in visits),
        held=_sets((worker, child) for child, worker in owners if worker is not None),
        holders=_sets((child, worker) for child, worker in owners if worker is not None),
        no_worker=_held_by_nobody(owners, caseload.workers["worker_id"]),
        risks=who.risks,
        leave=_leave(caseload.absences, today),
        unfinished=by_key((a.worker_id or holder.get(a.child_id), a) for a in unfinished),
        wanting=by_key((w.worker_id or holder.get(w.child_id), w) for w in wanting),
        not_counted=by_key((w.child_id, w) for w in wanting),
        record_by=record_limits(judgement, unfinalised, caseload.episodes),
        latest={a.child_id: a for a in latest},
        coming={a.child_id: a for a in reversed(coming(caseload.visits, today))},
        unrecorded={a.child_id: a for a in sorted(unfinished, key=lambda a: a.at)},
        last_worker={a.child_id: a.worker_id for a in latest if a.worker_id},
        concerns=by_key((c.child_id, c) for c in judgement.concerns),
        plans=_plans(caseload.episodes, judgement.claims, today),
        problems=traced(caseload, judgement),
        warnings=judgement.warnings,
        management=management(caseload, judgement, _open(caseload.episodes, today), who, today),
        about_records=_about(judgement, "records"),
        about_week=_about(judgement, "week"),
        about_step_down=_about(judgement, "step_down"),
        lower_level=lower_level(_open(caseload.episodes, today), caseload.visits, today),
        supervised=supervised(caseload, judgement, _open(caseload.episodes, today)),
    )


def _about(judgement: Judgement, place: str) -> tuple[str, ...]:
    """What the policies say that is read beside something, each with its clause."""
    return tuple(f"{phrase(judgement.says[id_])} ({id_})" for id_ in judgement.shown_with.get(place, ()))


def _sets(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(values) for key, values in by_key(pairs).items()}


def _held_by_nobody(owners: Iterable[tuple[str, str | None]], workers: Iterable[str]) -> tuple[str, ...]:
    """Children with an open plan that names nobody, or only somebody who is no longer among the workers."""
    there = frozenset(workers)
    return tuple(sorted({child for child, worker in owners if worker is None or worker not in there}))


def _owners(episodes: pl.DataFrame, today: date) -> list[tuple[str, str | None]]:
    """Each child with an open episode, and who holds it."""
    held = _open(episodes, today).select("child_id", "worker_id").unique(maintain_order=True)
    return list(held.iter_rows())


def _open(episodes: pl.DataFrame, today: date) -> pl.DataFrame:
    begun = pl.col("start").dt.date() <= today
    return episodes.filter(begun & (pl.col("end").is_null() | (pl.col("end") >= today)))


def _plans(episodes: pl.DataFrame, claims: pl.DataFrame, today: date) -> dict[str, tuple[PlanOwed, ...]]:
    """Each worker's children on each plan kind, with the earliest day that the plan makes due."""
    plan = ["worker_id", "child_id", "plan_kind"]
    held = _open(episodes, today).rename({"kind": "plan_kind"}).drop_nulls("worker_id").select(plan)
    earliest = (
        claims.filter(~pl.col("kind").is_in(["recording", "concern"])).group_by(plan).agg(pl.col("due").min())
    )
    rows = held.unique().join(earliest, on=plan, how="left").sort(plan)
    return by_key((worker, PlanOwed(child, kind, due)) for worker, child, kind, due in rows.iter_rows())


def _children(frame: pl.DataFrame, names: Identify) -> dict[str, Child]:
    rows = frame.select("child_id", "initials", "household_id", "restricted").iter_rows()
    return {
        child: Child(child, child_label(child, initials, names), household, restricted is True)
        for child, initials, household, restricted in rows
    }


def _people(frame: pl.DataFrame) -> dict[str, Person]:
    rows = frame.select("worker_id", "name", "email", "role", "manager_id", "buddy_id", "team").iter_rows()
    return {
        worker: Person(worker, plain(name or worker), email, role, manager, buddy, plain(team or ""))
        for worker, name, email, role, manager, buddy, team in rows
    }


def _leave(frame: pl.DataFrame, today: date) -> dict[str, tuple[Leave, ...]]:
    open_ended = pl.col("end").is_null() & (pl.col("kind") == "unplanned")
    rows = frame.filter(open_ended | (pl.col("end") >= today)).sort("start")
    return by_key(
        (worker, Leave(start, end, kind == "planned", buddy))
        for worker, start, end, kind, buddy in rows.select(
            "worker_id", "start", "end", "kind", "buddy_id"
        ).iter_rows()
    )


def _attempts(frame: pl.DataFrame) -> list[Attempt]:
    """As values. A completed visit that does not say whether the child was seen is not one to try again."""
    unseen = ~pl.col("seen").fill_null(value=True) | pl.col("brief").fill_null(value=False)
    missed = (pl.col("status") != "completed") | unseen
    rows = frame.select("visit_id", "child_id", "worker_id", "at", "status", missed.alias("missed"))
    return [Attempt(*row) for row in rows.iter_rows()]


def _latest(visits: pl.DataFrame) -> list[Attempt]:
    """Each child's latest attempt; of two at one moment the completed one is the later."""
    done = pl.col("status") == "completed"
    tried = visits.filter((pl.col("kind") == "visit") & (pl.col("status") != "scheduled"))
    return _attempts(tried.sort("at", done).unique("child_id", keep="last", maintain_order=True))


def _unfinalised(visits: pl.DataFrame, claims: pl.DataFrame) -> list[Attempt]:
    """Completed visits with no finished record; none where the council's data never says so."""
    told = visits["finalised_at"].is_not_null().any() or (claims["kind"] == "recording").any()
    if not told:
        return []
    unfinished = (
        (pl.col("status") == "completed") & (pl.col("kind") == "visit") & pl.col("finalised_at").is_null()
    )
    return _attempts(visits.filter(unfinished).sort("at"))


def _passed(visits: pl.DataFrame, today: date) -> list[Attempt]:
    """Visits that were to happen and are recorded neither as held nor as missed."""
    passed = (pl.col("status") == "scheduled") & (pl.col("at").dt.date() < today)
    return _attempts(visits.filter(passed & (pl.col("kind") == "visit")))


def coming(visits: pl.DataFrame, today: date) -> list[Attempt]:
    """Visits with a date from today on, scheduled or planned anew, soonest first."""
    scheduled = visits.filter((pl.col("status") == "scheduled") & (pl.col("at").dt.date() >= today))
    anew = visits.filter(
        pl.col("status").is_in(["failed", "postponed", "cancelled"]) & (pl.col("planned_for") >= today)
    ).with_columns(pl.col("planned_for").cast(visits.schema["at"]).alias("at"))
    return _attempts(pl.concat([scheduled, anew]).filter(pl.col("kind") == "visit").sort("at"))


def _wanting(judgement: Judgement, visits: pl.DataFrame) -> list[Wanting]:
    """Visits that took place and do not count, clause by clause; missed ones are said by their attempt."""
    held = visits.filter((pl.col("status") == "completed") & (pl.col("kind") == "visit")).select("visit_id")
    rows = judgement.uncounted.join(held, on="visit_id", how="semi").sort("at", "visit_id", "clause")
    columns = rows.select("visit_id", "child_id", "worker_id", "at", "clause", "reason")
    return [Wanting(*row) for row in columns.iter_rows()]
