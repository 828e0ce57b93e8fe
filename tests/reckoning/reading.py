"""Reads the CSV folder. A bad required cell sets the row aside, a bad optional one reads as blank."""

import csv
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from reckoning.model import (
    Absence,
    Approval,
    Away,
    Case,
    Child,
    Episode,
    Interval,
    Request,
    Risk,
    Visit,
    Worker,
)

STATUSES = {"completed", "failed", "postponed", "cancelled", "scheduled"}
CHANNELS = {"in_person", "video", "phone", "text", "email"}
REASONS = {"child_request", "complaint", "worries", "plan", "court", "core_group", "supervision", "review"}
WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
FIRST_FOUR = {"children.csv", "episodes.csv", "visits.csv", "workers.csv"}


class Unreadable(Exception):
    """A required cell is blank or cannot be read."""


Row = dict[str, str]


def rows_of(folder: Path, name: str) -> list[Row]:
    path = folder / name
    if not path.exists():
        if name in FIRST_FOUR:
            raise FileNotFoundError(path)
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {(key or "").strip(): (value or "").strip() for key, value in row.items() if isinstance(key, str)}
            for row in csv.DictReader(file)
            if any(isinstance(value, str) and value.strip() for value in row.values())
        ]


# --- cells -------------------------------------------------------------------------------------------


def text(row: Row, column: str) -> str | None:
    return row.get(column, "") or None


def needed(row: Row, column: str) -> str:
    value = text(row, column)
    if value is None:
        raise Unreadable(column)
    return value


def moment_or_day(cell: str | None) -> tuple[date | None, datetime | None]:
    """`YYYY-MM-DD` gives (day, None); `YYYY-MM-DDTHH:MM` gives (day, moment); anything else (None, None)."""
    cell = cell or ""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell, re.ASCII):
            return date.fromisoformat(cell), None
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", cell, re.ASCII):
            moment = datetime.fromisoformat(cell)
            return moment.date(), moment
    except ValueError:
        pass
    return None, None


def day(row: Row, column: str) -> date | None:
    return moment_or_day(text(row, column))[0]


def needed_day(row: Row, column: str) -> date:
    value = day(row, column)
    if value is None:
        raise Unreadable(column)
    return value


def yes_no(row: Row, column: str) -> bool | None:
    return {"yes": True, "no": False}.get(row.get(column, ""))


def one_of(row: Row, column: str, allowed: set[str]) -> str | None:
    value = text(row, column)
    return value if value in allowed else None


def needed_one_of(row: Row, column: str, allowed: set[str]) -> str:
    value = one_of(row, column, allowed)
    if value is None:
        raise Unreadable(column)
    return value


def interval(row: Row, column: str) -> Interval | None:
    """`5 working days`, `2 weeks`, `3 months`."""
    match = re.fullmatch(r"(\d{1,3}) (working day|day|week|month|year)s?", row.get(column, ""), re.ASCII)
    if not match or int(match[1]) == 0:
        return None
    return Interval(int(match[1]), match[2] + "s")


def pattern(row: Row, column: str) -> frozenset[int] | None:
    words = row.get(column, "").split()
    if not words or any(word not in WEEKDAYS for word in words):
        return None
    return frozenset(WEEKDAYS[word] for word in words)


# --- rows --------------------------------------------------------------------------------------------


def read_child(row: Row) -> Child:
    return Child(
        child_id=needed(row, "child_id"),
        born=day(row, "date_of_birth"),
        living_at_home=yes_no(row, "living_at_home"),
        restricted=yes_no(row, "restricted"),
        household_id=text(row, "household_id"),
    )


def read_worker(row: Row) -> Worker:
    needed(row, "email")
    return Worker(needed(row, "worker_id"), text(row, "buddy_id"), pattern(row, "works"))


def read_episode(row: Row, workers: dict[str, Worker]) -> Episode:
    start, start_moment = moment_or_day(text(row, "start"))
    if start is None:
        raise Unreadable("start")
    end = day(row, "end")
    returned, returned_moment = moment_or_day(text(row, "returned_at"))
    return Episode(
        child_id=needed(row, "child_id"),
        kind=needed(row, "kind"),
        start=start,
        start_moment=start_moment,
        end=end if end is None or end >= start else None,
        worker_id=one_of(row, "worker_id", set(workers)),
        worker_since=day(row, "worker_since"),
        setting=text(row, "setting"),
        first_review=day(row, "first_review"),
        permanence_agreed_on=day(row, "permanence_agreed_on"),
        lower_frequency_agreed_on=day(row, "lower_frequency_agreed_on"),
        approved_on=day(row, "approved_on"),
        final_hearing=day(row, "final_hearing"),
        agreed_every=interval(row, "agreed_every"),
        agreed_from=day(row, "agreed_from"),
        agreed_reason=one_of(row, "agreed_reason", REASONS),
        first_contact=day(row, "first_contact"),
        decision_at=day(row, "decision_at"),
        referrer_told_at=day(row, "referrer_told_at"),
        returned=returned,
        returned_moment=returned_moment,
        breaks_every=interval(row, "breaks_every"),
        assessment_done_on=day(row, "assessment_done_on"),
        support_declined_on=day(row, "support_declined_on"),
        excluded_reason=text(row, "excluded_reason"),
    )


def read_visit(row: Row, number: int, workers: dict[str, Worker], today: date) -> Visit:
    at, moment = moment_or_day(text(row, "at"))
    if at is None:
        raise Unreadable("at")
    status = needed_one_of(row, "status", STATUSES)
    if status in ("completed", "failed") and at > today:
        raise Unreadable("at")
    return Visit(
        visit_id=needed(row, "visit_id"),
        child_id=needed(row, "child_id"),
        day=at,
        moment=moment,
        status=status,
        kind=text(row, "kind") or "visit",
        channel=one_of(row, "channel", CHANNELS),
        seen=yes_no(row, "seen"),
        seen_alone=yes_no(row, "seen_alone"),
        at_home=yes_no(row, "at_home"),
        bedroom_seen=yes_no(row, "bedroom_seen"),
        sleeping_arrangements_seen=yes_no(row, "sleeping_arrangements_seen"),
        announced=yes_no(row, "announced"),
        brief=yes_no(row, "brief"),
        reason=text(row, "reason"),
        access_problem=yes_no(row, "access_problem"),
        finalised=day(row, "finalised_at"),
        worker_id=one_of(row, "worker_id", set(workers)),
        setting=text(row, "setting"),
        planned_for=day(row, "planned_for"),
        row=number,
    )


def read_absence(row: Row, workers: dict[str, Worker]) -> Absence:
    return Absence(
        worker_id=needed_one_of(row, "worker_id", set(workers)),
        start=needed_day(row, "start"),
        end=day(row, "end"),
        kind=needed_one_of(row, "kind", {"planned", "unplanned"}),
        buddy_id=one_of(row, "buddy_id", set(workers)),
        manager_told_on=day(row, "manager_told_on"),
    )


def read_away(row: Row) -> Away:
    return Away(
        needed(row, "child_id"), needed_day(row, "start"), day(row, "end"), text(row, "contact_details")
    )


def read_request(row: Row) -> Request:
    return Request(
        needed(row, "child_id"), needed_day(row, "asked_on"), day(row, "wanted_by"), day(row, "refused_on")
    )


def read_approval(row: Row) -> Approval:
    return Approval(
        needed(row, "child_id"), needed(row, "clause"), day(row, "asked_on"), day(row, "recorded_on")
    )


def read_risk(row: Row) -> Risk:
    needed(row, "risk")
    return Risk(
        needed(row, "household_id"),
        one_of(row, "to", {"workers", "child"}) != "child",
        needed_day(row, "recorded_on"),
        day(row, "ends"),
    )


def readable(rows: list[Row], read: Callable, identity: Callable | None = None) -> list:
    """The rows that can be read, in order; of two with the same identity the first."""
    kept, known = [], set()
    for row in rows:
        try:
            thing = read(row)
        except Unreadable:
            continue
        if identity is not None:
            if identity(thing) in known:
                continue
            known.add(identity(thing))
        kept.append(thing)
    return kept


# --- the whole folder --------------------------------------------------------------------------------


def read_cases(folder: Path, today: date) -> list[Case]:
    workers = {
        worker.worker_id: worker
        for worker in readable(rows_of(folder, "workers.csv"), read_worker, lambda it: it.worker_id)
    }
    for worker in workers.values():
        if worker.buddy_id not in workers:
            worker.buddy_id = None
    absences = readable(rows_of(folder, "absences.csv"), lambda row: read_absence(row, workers))
    children = readable(rows_of(folder, "children.csv"), read_child, lambda it: it.child_id)
    cases = {child.child_id: Case(child, workers=workers, absences=absences) for child in children}

    numbers = iter(range(10**9))
    episodes = readable(
        rows_of(folder, "episodes.csv"),
        lambda row: read_episode(row, workers),
    )
    visits = readable(
        rows_of(folder, "visits.csv"),
        lambda row: read_visit(row, next(numbers), workers, today),
        lambda it: it.visit_id,
    )
    for column, things in [
        ("episodes", episodes),
        ("visits", visits),
        ("away", readable(rows_of(folder, "away.csv"), read_away)),
        ("requests", readable(rows_of(folder, "requests.csv"), read_request)),
        ("approvals", readable(rows_of(folder, "approvals.csv"), read_approval)),
    ]:
        for thing in things:
            if thing.child_id in cases:
                getattr(cases[thing.child_id], column).append(thing)
    risks = readable(rows_of(folder, "risks.csv"), read_risk)
    for case in cases.values():
        case.risks = [risk for risk in risks if risk.household_id == case.child.household_id]
    return list(cases.values())
