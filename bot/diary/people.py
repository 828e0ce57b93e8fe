"""Who is who, looked up once: the few things about children and workers that entries need from the frames."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import polars as pl

from bot.caseload.model import WEEKDAYS, Caseload
from bot.diary.words import full_day
from bot.policy.worktime import WorkTime


@dataclass(frozen=True, slots=True)
class Child:
    """A child, as far as an entry may know."""

    initials: str | None
    household_id: str | None
    restricted: bool


@dataclass(frozen=True, slots=True)
class Worker:
    """Someone who visits or manages."""

    worker_id: str
    name: str | None
    email: str
    phone: str | None
    manager_id: str | None

    @property
    def called(self) -> str:
        """Their name, or their address where the caseload has none."""
        return self.name or self.email


@dataclass(frozen=True)
class People:
    """The lookups; made by :func:`known_in`."""

    children: dict[str, Child]
    workers: dict[str, Worker]
    away: frozenset[str]  # worker ids on leave or off sick today
    weekdays: dict[str, frozenset[int]]  # worker → days they work, Monday is 0; absent: not known
    absences: dict[str, tuple[tuple[date, date | None], ...]]  # worker → not yet over, both days included
    risks: dict[str, tuple[str, ...]]  # household → what whoever goes there must know

    def is_at_work(self, worker_id: str | None, day: date, work: WorkTime) -> bool:
        """Tell whether somebody works on a day: a working day, of their own pattern, and not away."""
        return work.is_working(day) and self.is_there(worker_id, day)

    def is_there(self, worker_id: str | None, day: date) -> bool:
        """Tell whether a working day is one of somebody's own pattern on which they are not away."""
        who = worker_id or ""
        if day.weekday() not in self.weekdays.get(who, frozenset(range(5))):
            return False
        return not any(
            start <= day and (end is None or day <= end) for start, end in self.absences.get(who, ())
        )

    def risks_at(self, child: Child | None) -> tuple[str, ...]:
        """Give the risks to whoever goes to where this child's household lives."""
        return self.risks.get(child.household_id, ()) if child and child.household_id else ()


def known_in(caseload: Caseload, today: date) -> People:
    """Look up everyone in a caseload as they are on one day."""
    children = {
        row["child_id"]: Child(row["initials"], row["household_id"], bool(row["restricted"]))
        for row in caseload.children.select("child_id", "initials", "household_id", "restricted").iter_rows(
            named=True
        )
    }
    workers = {
        row["worker_id"]: Worker(**row)
        for row in caseload.workers.select("worker_id", "name", "email", "phone", "manager_id").iter_rows(
            named=True
        )
    }
    return People(
        children,
        workers,
        _away(caseload.absences, today),
        _weekdays(caseload.workers),
        _absences(caseload.absences, today),
        _risks(caseload.risks, today),
    )


def _away(absences: pl.DataFrame, today: date) -> frozenset[str]:
    current = absences.filter(pl.col("start") <= today, pl.col("end").is_null() | (pl.col("end") >= today))
    return frozenset(current["worker_id"])


def _weekdays(workers: pl.DataFrame) -> dict[str, frozenset[int]]:
    patterns = workers.filter(pl.col("works").list.len() > 0).select("worker_id", "works").iter_rows()
    return {worker: frozenset(map(WEEKDAYS.index, works)) for worker, works in patterns}


def _absences(absences: pl.DataFrame, today: date) -> dict[str, tuple[tuple[date, date | None], ...]]:
    found: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    ahead = absences.filter(pl.col("end").is_null() | (pl.col("end") >= today))
    for worker, start, end in ahead.select("worker_id", "start", "end").iter_rows():
        found[worker].append((start, end))
    return {worker: tuple(spans) for worker, spans in found.items()}


def _risks(risks: pl.DataFrame, today: date) -> dict[str, tuple[str, ...]]:
    """Give the current risks to workers. A blank ``to`` is read as one: better told once too often."""
    current = risks.filter(
        pl.col("recorded_on") <= today,
        pl.col("ends").is_null() | (pl.col("ends") >= today),
        pl.col("to").is_null() | (pl.col("to") == "workers") | pl.col("joint_visit").fill_null(value=False),
    ).sort("household_id", "recorded_on", "risk")
    said: dict[str, list[str]] = defaultdict(list)
    for row in current.iter_rows(named=True):
        pair = "Do not go alone: joint visit. " if row["joint_visit"] else ""
        said[row["household_id"]].append(f"{pair}{row['risk']} (recorded {full_day(row['recorded_on'])})")
    return {household: tuple(dict.fromkeys(lines)) for household, lines in said.items()}
