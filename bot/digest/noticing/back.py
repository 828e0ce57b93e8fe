"""The first day back: which visits others made in the absence, and whether each is recorded (C.8c).

The allocated worker stays responsible, and checks. An absence is often ended in the record a day or two after
the return, so the list is told until two working days after the first day back, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from bot.caseload.model import WEEKDAYS
from bot.digest import words
from bot.digest.notices import Line, Notice, Reader
from bot.digest.noticing.facts import Facts, due_words, journeys, works_on

LATELY = timedelta(days=21)  # no return is looked for after an absence that ended longer ago
STILL = 2  # working days after the first day back on which the list still goes
OTHERWISE = {
    "failed": "did not take place",
    "postponed": "was postponed",
    "cancelled": "was cancelled",
    "scheduled": "was to be made, and the record does not say how it went",
}


def first_days_back(facts: Facts) -> Iterator[Notice]:
    """Each worker who is just back and for whom anything was due or done meanwhile."""
    today = facts.today
    recently = (pl.col("end") < today) & (pl.col("end") >= today - LATELY)
    rows = facts.caseload.absences.filter(recently).select("worker_id", "start", "end").unique()
    clause = facts.clause_of("covered_while_absent")
    for worker_id, start, end in rows.sort("worker_id", "start", "end").iter_rows():
        if worker_id not in facts.known.people:
            continue
        first = _first_day(facts, worker_id, end)
        if first is None or today > facts.judgement.work.after(first, STILL):
            continue
        lines = _lines(facts, worker_id, start, end)
        if lines:
            yield Notice(
                cause=(worker_id, start.isoformat(), end.isoformat()),
                about=f"worker {worker_id}",
                kind="back",
                clause=clause,
                says=f"While you were away ({_days(start, end, today)}): what was "
                "made, and what fell due and was not",
                closes="A few days back at work",
                asks="They stay yours: check that each took place and is in the record.",
                to=Reader(worker_id, team="own"),
                lines=lines,
                since=first,
            )


def _days(start: date, end: date, today: date) -> str:
    first = words.day(start, today)
    return first if start == end else f"{first} to {words.day(end, today)}"


def _first_day(facts: Facts, worker_id: str, end: date) -> date | None:
    """The first day at work after an absence, up to today; null while there is none."""
    works = works_on(facts.caseload, worker_id)
    spans = facts.caseload.absences.filter(pl.col("worker_id") == worker_id).select("start", "end").rows()
    day = end + timedelta(days=1)
    while day <= facts.today:
        away = any(begun <= day and (over is None or day <= over) for begun, over in spans)
        if facts.judgement.work.is_working(day) and WEEKDAYS[day.weekday()] in works and not away:
            return day
        day += timedelta(days=1)
    return None


def _lines(facts: Facts, worker_id: str, start: date, end: date) -> tuple[Line, ...]:
    known = facts.known
    mine = sorted(known.held.get(worker_id, frozenset()))
    told: dict[str, list[str]] = {}
    told_of = (
        facts.caseload.visits["finalised_at"].is_not_null().any()
    )  # whether records say they are finished
    rows = (
        facts.caseload.visits.filter(
            pl.col("child_id").is_in(mine),
            pl.col("kind") == "visit",
            pl.col("at").dt.date().is_between(start, end),
        )
        .sort("at", "visit_id")
        .select("child_id", "at", "status", "worker_id", "finalised_at", "channel")
    )
    for child_id, at, status, by, finalised, channel in rows.iter_rows():
        day = words.day(at.date(), facts.today)
        if status in OTHERWISE:
            told.setdefault(child_id, []).append(f"The visit of {day} {OTHERWISE[status]}")
        elif by is not None and by != worker_id and channel == "in_person":
            record = "recorded" if finalised is not None or not told_of else "its record is NOT FINISHED"
            told.setdefault(child_id, []).append(f"Visited on {day} by {known.name(by)}: {record}")
    for visit in journeys(known, worker_id):
        if start <= visit.due <= end:
            words_ = f"{due_words(known, visit)}: fell due while you were away, and nothing recorded counts"
            told.setdefault(visit.child_id, []).append(words_)
    labels = {child_id: known.child(child_id).label for child_id in told}
    return tuple(Line(child, labels[child], tuple(said)) for child, said in sorted(told.items()))
