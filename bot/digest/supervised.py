"""What supervision asks after, cut from the frames once for every sheet of a run (C.8f, D.0, D.15).

Only what a sheet would say becomes a value: attempts since a child was last seen, visits without a word
alone, the last supervision that spoke of a child, and who signed off which placement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from bot.caseload.model import Caseload
from bot.digest.grouping import by_key
from bot.digest.papers.record import Agreed, agreed_in
from bot.digest.words import plain
from bot.policy.judgement import Judgement

ALONE_FROM = "3y"  # from this age a child is seen alone (A.6a, A.8d)
SIGNED_OFF = {  # D.15: whose sign-off a placement of a kind needs
    "temporary_carer": "service_manager",
    "interim_care_order_home": "service_manager",
    "care_order_home": "assistant_director",
}
PUT_OFF = ("postponed", "cancelled")  # told ahead of the day


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt since the child was last seen that came to nothing, or met a closed door."""

    at: datetime
    status: str
    missed: bool  # the child was not seen, or too briefly
    access_problem: bool
    reason: str


@dataclass(frozen=True, slots=True)
class NotAlone:
    """The last visits, in a row, in which the record does not show the child seen alone."""

    visits: int
    said: bool  # the record of the last says no; else it says nothing


@dataclass(frozen=True, slots=True)
class Discussed:
    """The last supervision that spoke of a child."""

    on: date
    reviewed: bool | None  # the frequency of visits; null: the record does not say


@dataclass(frozen=True, slots=True)
class Placement:
    """An open placement that somebody has to sign off (D.15)."""

    child_id: str
    kind: str
    start: date
    assessed_on: date | None
    approved_on: date | None
    after: date | None  # the end of an earlier one of the kind: what was signed before it is of that one


@dataclass(frozen=True, slots=True)
class Signature:
    """A row of approvals.csv for D.15."""

    asked_on: date | None
    recorded_on: date | None
    by: str | None  # as the row has it: a worker_id, or a name


@dataclass(frozen=True, slots=True)
class Supervised:
    """The facts, by child or worker."""

    holds: frozenset[str] = frozenset()  # the ids of every clause of the chosen packs
    recorded: bool = False  # whether the caseload has any supervision at all
    begun: Mapping[str, date] = field(default_factory=dict)  # child → start of its earliest open plan
    tried: Mapping[str, tuple[Tried, ...]] = field(default_factory=dict)
    not_alone: Mapping[str, NotAlone] = field(default_factory=dict)
    agreed: Mapping[tuple[str, str], tuple[Agreed, ...]] = field(default_factory=dict)  # (worker, child)
    discussed: Mapping[tuple[str, str], Discussed] = field(default_factory=dict)  # (worker, child)
    placements: Mapping[str, tuple[Placement, ...]] = field(default_factory=dict)  # by worker
    signatures: Mapping[str, tuple[Signature, ...]] = field(default_factory=dict)  # by child


def supervised(caseload: Caseload, judgement: Judgement, running: pl.DataFrame) -> Supervised:
    """The facts on the day of ``judgement``; ``running``: the rows of episodes that are open then."""
    today = judgement.today
    begun = running.group_by("child_id").agg(begun=pl.col("start").dt.date().min())
    visits = caseload.visits.filter(pl.col("kind") == "visit").join(begun, on="child_id")
    return Supervised(
        holds=frozenset(judgement.says),
        recorded=not caseload.supervisions.is_empty(),
        begun=dict(begun.iter_rows()),
        tried=_tried(visits, judgement.due, today),
        not_alone=_not_alone(visits, caseload.children, today),
        agreed=_agreed(running),
        discussed=_discussed(caseload.supervisions, today),
        placements=_placements(running, caseload.episodes),
        signatures=_signatures(caseload.approvals),
    )


def _tried(visits: pl.DataFrame, due: pl.DataFrame, today: date) -> dict[str, tuple[Tried, ...]]:
    """In order of time. A visit put off is known of before its day."""
    seen = due.filter(pl.col("kind") == "visit").group_by("child_id").agg(pl.col("last_seen").max())
    day = pl.col("at").dt.date()
    unseen = ~pl.col("seen").fill_null(value=True) | pl.col("brief").fill_null(value=False)
    nothing = pl.col("status").is_in(["failed", *PUT_OFF]) | ((pl.col("status") == "completed") & unseen)
    shut = pl.col("access_problem").fill_null(value=False)
    since = (day > pl.col("last_seen")).fill_null(day >= pl.col("begun"))
    rows = visits.join(seen, on="child_id", how="left").filter(
        nothing | (shut & (pl.col("status") != "scheduled")),
        since,
        (day <= today) | pl.col("status").is_in(PUT_OFF),
    )
    columns = rows.sort("at", "row").select(
        "child_id", "at", "status", nothing.alias("missed"), shut.alias("shut"), "reason"
    )
    return by_key(
        (child, Tried(at, status, missed, shut, plain(reason or "")))
        for child, at, status, missed, shut, reason in columns.iter_rows()
    )


def _not_alone(visits: pl.DataFrame, children: pl.DataFrame, today: date) -> dict[str, NotAlone]:
    alone = pl.col("seen_alone").fill_null(value=False)
    last_alone = pl.col("at").filter(alone).max()
    rows = (
        visits.filter(
            pl.col("status") == "completed",
            pl.col("seen").fill_null(value=False),
            pl.col("channel") == "in_person",
            pl.col("at").dt.date() <= today,
            pl.col("at").dt.date() >= pl.col("begun"),
        )
        .sort("at", "row")
        .group_by("child_id")
        .agg(
            number=(pl.col("at") > last_alone).fill_null(value=True).sum(),
            said=(~pl.col("seen_alone")).last().fill_null(value=False),
            last=pl.col("at").last().dt.date(),
        )
        .filter(pl.col("number") > 0)
        .join(children.select("child_id", "date_of_birth"), on="child_id")
        .filter((pl.col("date_of_birth").dt.offset_by(ALONE_FROM) <= pl.col("last")).fill_null(value=True))
    )
    return {
        child: NotAlone(number, said)
        for child, number, said in rows.select("child_id", "number", "said").iter_rows()
    }


def _agreed(running: pl.DataFrame) -> dict[tuple[str, str], tuple[Agreed, ...]]:
    rows = running.filter(pl.col("agreed_every_n").is_not_null(), pl.col("worker_id").is_not_null())
    return by_key(((row["worker_id"], row["child_id"]), agreed_in(row)) for row in rows.iter_rows(named=True))


def _discussed(supervisions: pl.DataFrame, today: date) -> dict[tuple[str, str], Discussed]:
    """The last of each; of two rows of one day, one that says the frequency was reviewed is believed."""
    rows = supervisions.filter(pl.col("held_on") <= today).sort(
        "held_on", "frequency_reviewed", nulls_last=False
    )
    columns = rows.select("worker_id", "child_id", "held_on", "frequency_reviewed")
    return {(worker, child): Discussed(on, said) for worker, child, on, said in columns.iter_rows()}


def _placements(running: pl.DataFrame, episodes: pl.DataFrame) -> dict[str, tuple[Placement, ...]]:
    mine = running.filter(pl.col("kind").is_in(list(SIGNED_OFF)), pl.col("worker_id").is_not_null())
    ended = episodes.filter(pl.col("end").is_not_null()).select("child_id", "kind", "end")
    before = (
        mine.select("episode", "child_id", "kind", start=pl.col("start").dt.date())
        .join(ended, on=["child_id", "kind"])
        .filter(pl.col("end") <= pl.col("start"))
        .group_by("episode")
        .agg(after=pl.col("end").max())
    )
    rows = mine.join(before, on="episode", how="left").sort("start", "episode")
    columns = rows.select(
        "worker_id",
        "child_id",
        "kind",
        pl.col("start").dt.date(),
        "assessment_done_on",
        "approved_on",
        "after",
    )
    return by_key((worker, Placement(*rest)) for worker, *rest in columns.iter_rows())


def _signatures(approvals: pl.DataFrame) -> dict[str, tuple[Signature, ...]]:
    """In order of time; one that was only asked for comes before what was recorded."""
    rows = approvals.filter(pl.col("clause") == "D.15").sort("recorded_on", "asked_on", nulls_last=False)
    columns = rows.select("child_id", "asked_on", "recorded_on", "by")
    return by_key((child, Signature(*rest)) for child, *rest in columns.iter_rows())
