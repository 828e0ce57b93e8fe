"""What only a manager is told of the work itself, cut from the frames once for every digest of a run:
how hard a child's case is, who took whom over, which days are left to work, which approvals were asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from bot.caseload.model import Caseload
from bot.diary.people import People
from bot.digest.grouping import by_key
from bot.policy.judgement import Judgement

LATELY = timedelta(days=7)  # a change of worker is told for so long: in one digest, or two where days meet
AHEAD = timedelta(days=16)  # the end of next week is never further off


@dataclass(frozen=True, slots=True)
class Requested:
    """An approval that was asked for and is not in the record (approvals.csv)."""

    clause: str
    says: str
    asked_on: date


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A child whose plan went to another worker in the last week."""

    child_id: str
    since: date
    worker_id: str
    before: str | None  # who went to see the child last before that, if it was somebody else


@dataclass(frozen=True, slots=True)
class Management:
    """The facts, by child or worker."""

    difficulty: Mapping[str, int] = field(default_factory=dict)  # child → hardest of its open plans, 1 to 3
    taken_over: Mapping[str, tuple[TakenOver, ...]] = field(default_factory=dict)  # by the new worker
    at_work: Mapping[str, tuple[date, ...]] = field(
        default_factory=dict
    )  # worker → days, the coming fortnight
    requested: Mapping[str, tuple[Requested, ...]] = field(default_factory=dict)  # by child
    approval_clauses: frozenset[str] = frozenset()  # those whose concern says itself when one is wanted


def management(
    caseload: Caseload, judgement: Judgement, episodes: pl.DataFrame, who: People, today: date
) -> Management:
    """Cut the facts. ``episodes``: the open ones; ``who``: everybody as they are today."""
    return Management(
        difficulty=_difficulty(episodes),
        taken_over=_taken_over(episodes, caseload.visits, today),
        at_work=_at_work(caseload.workers, judgement, who, today),
        requested=_requested(caseload.approvals, judgement.says, today),
        approval_clauses=judgement.approvals,
    )


def _difficulty(episodes: pl.DataFrame) -> dict[str, int]:
    """A visit is as difficult as the highest of the child's open episodes (C.7g)."""
    given = episodes.drop_nulls("difficulty").group_by("child_id").agg(pl.col("difficulty").max())
    return dict(given.select("child_id", "difficulty").iter_rows())


def _taken_over(
    episodes: pl.DataFrame, visits: pl.DataFrame, today: date
) -> dict[str, tuple[TakenOver, ...]]:
    """Plans that are older than their worker's part in them; a first worker takes nothing over."""
    moved = (
        episodes.drop_nulls("worker_id")
        .filter(
            pl.col("worker_since").is_between(today - LATELY, today),
            pl.col("start").dt.date() < pl.col("worker_since"),
        )
        .group_by("child_id", "worker_id")
        .agg(pl.col("worker_since").max())
        .sort("child_id", "worker_id")
    )
    went = (
        visits.drop_nulls("worker_id")
        .filter(pl.col("kind") == "visit", pl.col("status") != "scheduled")
        .join(moved.select("child_id").unique(), on="child_id", how="semi")
        .select("child_id", "at", before="worker_id")
    )
    others = (
        moved.join(went, on="child_id")
        .filter(pl.col("before") != pl.col("worker_id"), pl.col("at").dt.date() <= pl.col("worker_since"))
        .sort("at")
        .unique(["child_id", "worker_id"], keep="last", maintain_order=True)
        .select("child_id", "worker_id", "before")
    )
    rows = moved.join(others, on=["child_id", "worker_id"], how="left", maintain_order="left")
    return by_key(
        (worker, TakenOver(child, since, worker, before))
        for child, worker, since, before in rows.select(
            "child_id", "worker_id", "worker_since", "before"
        ).iter_rows()
    )


def _at_work(
    workers: pl.DataFrame, judgement: Judgement, who: People, today: date
) -> dict[str, tuple[date, ...]]:
    """The days on which each is at work, from today on."""
    days = judgement.work.within(today, today + AHEAD).to_list()
    return {
        worker: tuple(day for day in days if who.is_there(worker, day)) for worker in workers["worker_id"]
    }


def _requested(
    approvals: pl.DataFrame, says: Mapping[str, str], today: date
) -> dict[str, tuple[Requested, ...]]:
    """Of the clauses in ``says``; one that was answered on the day it was asked or later is settled."""
    of_packs = approvals.filter(pl.col("clause").is_in(list(says)))
    answered = of_packs.group_by("child_id", "clause").agg(
        answered=pl.col("recorded_on").filter(pl.col("recorded_on") <= today).max()
    )
    open_ = (
        of_packs.filter(pl.col("asked_on") <= today, pl.col("recorded_on").is_null())
        .join(answered, on=["child_id", "clause"], how="left")
        .filter((pl.col("answered") < pl.col("asked_on")).fill_null(value=True))
        .group_by("child_id", "clause")
        .agg(pl.col("asked_on").max())
        .sort("child_id", "clause")
    )
    return by_key(
        (child, Requested(clause, says[clause], asked_on))
        for child, clause, asked_on in open_.select("child_id", "clause", "asked_on").iter_rows()
    )
