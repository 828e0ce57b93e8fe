"""One child's record as papers need it: cut from the frames once, so that no paper reads a column by itself.

A paper is about one child, carried to a door and left on a table. What it may hold is decided where it is
made (``sheet``, ``agreement``, ``family_diary``); here is only what the record says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from bot.caseload.model import Caseload
from bot.digest.words import plain

TAKEN_PLACE = "completed"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the child's visits: held, missed, or still to come."""

    visit_id: str
    at: datetime
    timed: bool
    status: str
    kind: str
    channel: str
    seen: bool | None
    alone: bool | None
    at_home: bool | None
    bedroom: bool | None
    announced: bool | None
    access_problem: bool
    reason: str
    worker_id: str | None
    planned_for: date | None
    next_plan: str

    @property
    def day(self) -> date:
        """The day it was made or was to be made."""
        return self.at.date()

    @property
    def held(self) -> bool:
        """Whether somebody went and wrote it down as done."""
        return self.status == TAKEN_PLACE


@dataclass(frozen=True, slots=True)
class Request:
    """A wish to be seen sooner that nobody has answered yet."""

    by: str
    asked_on: date
    wanted_by: date | None


@dataclass(frozen=True, slots=True)
class Stay:
    """The family away from home, now or soon; ``end`` null: still away."""

    start: date
    end: date | None
    abroad: bool | None
    contact_details: str
    agency_told: bool | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A frequency of the child's own."""

    every: str
    since: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk at the address: to whoever goes there, or to the child."""

    says: str
    to_workers: bool
    joint_visit: bool
    recorded_on: date


@dataclass(frozen=True, slots=True)
class Record:
    """Everything of one child that a paper may draw on, as it stands on ``today``."""

    child_id: str
    today: date
    born: date | None
    restricted: bool
    plans: tuple[str, ...]  # kinds of its open episodes
    begun: date | None  # the earliest start among them
    holders: tuple[str, ...]  # who is allocated, of the earliest open episode first
    visits: tuple[Row, ...]  # in order of time
    of_household: tuple[Row, ...]  # those of brothers and sisters at the same address
    requests: tuple[Request, ...]
    stays: tuple[Stay, ...]
    agreed: tuple[Agreed, ...]
    risks: tuple[Risk, ...]

    @property
    def past(self) -> tuple[Row, ...]:
        """Visits made, latest first."""
        return tuple(r for r in reversed(self.visits) if r.held and r.kind == "visit" and r.day <= self.today)


def record_of(caseload: Caseload, child_id: str, today: date) -> Record:
    """The record of ``child_id``; raises LookupError where the caseload has no such child."""
    described = _mine(caseload.children, child_id)
    if described.is_empty():
        raise LookupError(child_id)
    found = described.row(0, named=True)
    running = _mine(caseload.episodes, child_id).filter(
        pl.col("start").dt.date() <= today, pl.col("end").is_null() | (pl.col("end") >= today)
    )
    rows = tuple(running.sort("start", "episode").iter_rows(named=True))
    return Record(
        child_id=child_id,
        today=today,
        born=found["date_of_birth"],
        restricted=found["restricted"] is True,
        plans=tuple(dict.fromkeys(row["kind"] for row in rows)),
        begun=min((row["start"].date() for row in rows), default=None),
        holders=tuple(dict.fromkeys(row["worker_id"] for row in rows if row["worker_id"])),
        visits=_visits(_mine(caseload.visits, child_id)),
        of_household=_visits(_siblings(caseload, child_id, found["household_id"])),
        requests=_requests(caseload, child_id, today),
        stays=_stays(_mine(caseload.away, child_id), today),
        agreed=tuple(agreed_in(row) for row in rows if row["agreed_every_n"]),
        risks=_risks(caseload.risks, found["household_id"], today),
    )


def _mine(frame: pl.DataFrame, child_id: str) -> pl.DataFrame:
    return frame.filter(pl.col("child_id") == child_id)


def _siblings(caseload: Caseload, child_id: str, household: str | None) -> pl.DataFrame:
    if household is None:
        return caseload.visits.clear()
    others = caseload.children.filter(pl.col("household_id") == household, pl.col("child_id") != child_id)
    return caseload.visits.filter(pl.col("child_id").is_in(others["child_id"].to_list()))


def _visits(frame: pl.DataFrame) -> tuple[Row, ...]:
    ordered = frame.sort("at", "row")
    return tuple(
        Row(
            visit_id=row["visit_id"],
            at=row["at"],
            timed=row["at_timed"],
            status=row["status"],
            kind=row["kind"],
            channel=row["channel"],
            seen=row["seen"],
            alone=row["seen_alone"],
            at_home=row["at_home"],
            bedroom=row["bedroom_seen"],
            announced=row["announced"],
            access_problem=row["access_problem"] is True,
            reason=plain(row["reason"] or ""),
            worker_id=row["worker_id"],
            planned_for=row["planned_for"],
            next_plan=plain(row["next_plan"] or ""),
        )
        for row in ordered.iter_rows(named=True)
    )


def _requests(caseload: Caseload, child_id: str, today: date) -> tuple[Request, ...]:
    """Those not refused and not met by a visit since."""
    seen = [r.day for r in _visits(_mine(caseload.visits, child_id)) if r.held and r.seen and r.day <= today]
    latest = max(seen, default=None)
    rows = _mine(caseload.requests, child_id).filter(pl.col("asked_on") <= today).sort("asked_on")
    return tuple(
        Request(plain(row["by"] or ""), row["asked_on"], row["wanted_by"])
        for row in rows.iter_rows(named=True)
        if (row["refused_on"] is None or row["refused_on"] > today)
        and (latest is None or latest < row["asked_on"])
    )


def _stays(frame: pl.DataFrame, today: date) -> tuple[Stay, ...]:
    rows = frame.filter(pl.col("end").is_null() | (pl.col("end") >= today)).sort("start")
    return tuple(
        Stay(row["start"], row["end"], row["abroad"], plain(row["contact_details"] or ""), row["agency_told"])
        for row in rows.iter_rows(named=True)
    )


def agreed_in(row: dict[str, Any]) -> Agreed:
    """The frequency that a row of episodes agrees for its child; the row has one."""
    number, unit = row["agreed_every_n"], row["agreed_every_unit"]
    return Agreed(
        every=f"{number} {unit[:-1] if number == 1 else unit}",
        since=row["agreed_from"],
        reason=plain((row["agreed_reason"] or "").replace("_", " ")),
    )


def _risks(frame: pl.DataFrame, household: str | None, today: date) -> tuple[Risk, ...]:
    """Those that stand today. One that does not say to whom is told to workers: once too often is better."""
    if household is None:
        return ()
    rows = frame.filter(
        pl.col("household_id") == household,
        pl.col("recorded_on") <= today,
        pl.col("ends").is_null() | (pl.col("ends") >= today),
    ).sort("recorded_on", "risk")
    return tuple(
        Risk(
            says=plain(row["risk"]),
            to_workers=row["to"] != "child" or row["joint_visit"] is True,
            joint_visit=row["joint_visit"] is True,
            recorded_on=row["recorded_on"],
        )
        for row in rows.iter_rows(named=True)
    )
