"""Who is told of what on a day, reckoned a second time from the files and docs/notices.md alone.

Written without the code it is held against; what is due and which concerns are open come from the reckoning
of the policies, which is as independent. A notice is (address, clause, child); what makes it the same notice
tomorrow is its ``mark``. What was told and is still so is silent; what is so again after a day on which it
was not is new.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from reckoning import pack_a, pack_c
from reckoning.concerns import is_at_work
from reckoning.counting import counted, visits_in, was_seen
from reckoning.group import objects
from reckoning.model import Absence
from reckoning.reading import read_cases
from reckoning.worktime import first_working_day_from, is_working_day

DOMAIN = "northdale.example"
AHEAD = 5
DAY = timedelta(days=1)
WELCOME = "C.8g"
Told = tuple[str, str, str]  # address, clause, child


@dataclass(frozen=True)
class Open:
    """Something that stands today, told to one address. ``children`` stand in it as they are today."""

    address: str
    clause: str
    mark: tuple[str, ...]
    children: tuple[str, ...]
    daily: bool = False


@dataclass
class Memory:
    """What this second reckoning remembers from day to day."""

    told: set[tuple[str, str, tuple[str, ...]]] = field(default_factory=set)
    known: set[str] = field(default_factory=set)


class Day:
    """One morning's files."""

    def __init__(self, folder: Path, today: date) -> None:
        self.today = today
        self.cases = {case.child.child_id: case for case in read_cases(folder, today)}
        self.workers = {row["worker_id"]: row for row in _rows(folder, "workers")}
        self.children = {row["child_id"]: row for row in _rows(folder, "children")}
        self.risks = _rows(folder, "risks")
        self.owed = [
            (row["worker_id"], row["child_id"], date.fromisoformat(row["due"]), row)
            for case in self.cases.values()
            for row in objects(case, "ACE", today)
            if row["kind"] not in ("recording", "concern")
        ]
        self.absences = next(iter(self.cases.values())).absences
        self.concerns = [
            (child, concern["id"], concern["to"])
            for child, case in self.cases.items()
            for row in objects(case, "ACE", today)
            for concern in row["concerns"]
        ]

    def worker_of(self, child: str) -> str:
        return next(ep.worker_id or "" for ep in self.cases[child].episodes if ep.holds(self.today))

    def manager_of(self, worker: str) -> str:
        return self.workers[worker]["manager_id"]

    def address(self, who: str) -> str:
        return self.workers[who]["email"]

    def restricted(self, child: str) -> bool:
        return self.cases[child].child.restricted is True


def told_today(folder: Path, today: date, memory: Memory) -> Counter[Told]:
    """Everything told on a day, and what is remembered of it for the next."""
    day = Day(folder, today)
    standing = [*_concerns(day), *_sick(day), *_waiting(day), *_leave(day), *_back(day), *_risks(day)]
    found: Counter[Told] = Counter()
    now: set[tuple[str, str, tuple[str, ...]]] = set()
    for one in standing:
        which = (one.address, one.clause, one.mark)
        if which in now:
            continue
        now.add(which)
        if which not in memory.told or (one.daily and is_working_day(today)):
            found.update((one.address, one.clause, child) for child in one.children)
    memory.told = now
    for address in _newcomers(day, memory):
        found[address, WELCOME, ""] += 1
    return found


# --- concerns ----------------------------------------------------------------------------------------


def _concerns(day: Day) -> Iterator[Open]:
    for child, clause, to in day.concerns:
        if clause in ("C.8a", "C.8b", "C.8c", "E.5") or to == ["worker"]:
            continue
        since = _since(day, child, clause)
        for address in _told_of(day, child, clause, to):
            yield Open(address, clause, (child, since.isoformat()), (child,), daily=clause == "C.8e")


def _told_of(day: Day, child: str, clause: str, to: list[str]) -> set[str]:
    manager = day.manager_of(day.worker_of(child))
    to_manager = {day.address(manager)} if manager else set()
    told: set[str] = set()
    if "manager" in to:
        told |= to_manager
    if "iro" in to:
        iro = day.children[child]["iro_email"]
        told |= {iro} if iro.endswith(f"@{DOMAIN}") else to_manager
    return told


def _since(day: Day, child: str, clause: str) -> date:
    case, today = day.cases[child], day.today
    episodes = pack_a.covered(case, today)
    seen = counted(case, episodes, was_seen, today)
    rows = [row for row in visits_in(case, episodes) if row.kind == "visit"]
    match clause:
        case "A.0" | "A.8d":
            return seen[-1].day
        case "A.7":
            return min(row.day for row in pack_a.postponements(case, today))
        case "A.8a":
            return [row for row in rows if row.status in ("failed", "cancelled")][-1].day
        case "A.8b":
            return max([episodes[0].start, *(visit.day for visit in seen)])
        case "A.8c":
            return [row for row in rows if row.status != "scheduled" and row not in seen][-1].day
        case "C.3":
            return min(due for _, due, _ in pack_c.unrecorded(case, today))
        case "C.8e":
            return min(owed.due for owed in pack_c.of_plan(case, pack_c.covered(case, today)[0], today))
    raise AssertionError(clause)


# --- absences ----------------------------------------------------------------------------------------


def _sick(day: Day) -> Iterator[Open]:
    """On a day off what fell due up to the last working day is on that day's list already."""
    opens = first_working_day_from(day.today + DAY)
    last = day.today
    while not is_working_day(last):
        last -= DAY
    for worker in day.workers:
        manager = day.manager_of(worker)
        off = [one for one in _absences(day, worker) if one.kind == "unplanned" and one.holds(day.today)]
        if off and manager:
            for who, child, due, _ in day.owed:
                if who == worker and due < opens:
                    mark = (worker, str(last if due <= last else day.today), child)
                    yield Open(day.address(manager), "C.8b", mark, (child,))


def _waiting(day: Day) -> Iterator[Open]:
    """Visits that somebody off sick was to make today, of children not on the list of what is due."""
    listed = {(one.address, one.children) for one in _sick(day)}
    for child, case in day.cases.items():
        tried = [row for row in case.visits if row.kind == "visit" and row.status != "scheduled"]
        latest = max(tried, key=lambda row: (row.day, row.status == "completed"), default=None)
        if latest and latest.day == day.today and latest.status == "completed":
            continue
        for row in case.visits:
            fixed = row.status == "scheduled" and row.day == day.today
            anew = row is latest and row.status != "completed" and row.planned_for == day.today
            worker = row.worker_id or day.worker_of(child)
            if row.kind != "visit" or not (fixed or anew) or worker not in day.workers:
                continue
            off = [one for one in _absences(day, worker) if one.kind == "unplanned" and one.holds(day.today)]
            asked = day.worker_of(child) if day.restricted(child) else worker
            manager = day.manager_of(asked)
            sick_list = day.address(day.manager_of(worker)) if day.manager_of(worker) else ""
            if off and manager and (sick_list, (child,)) not in listed:
                yield Open(day.address(manager), "C.8b", (worker, str(day.today), row.visit_id), (child,))


def _leave(day: Day) -> Iterator[Open]:
    for worker, absence, buddy in _leave_told(day):
        manager = day.manager_of(worker)
        for who, child, due, _ in day.owed:
            if who == worker and absence.holds(max(due, day.today)):
                mark = (worker, str(absence.start), str(absence.end), buddy, child)
                if manager:
                    yield Open(day.address(manager), "C.8a", mark, (child,))
                if buddy and not day.restricted(child) and not _is_gone(day, buddy, absence):
                    yield Open(day.address(buddy), "C.8a", mark, (child,))


def _is_gone(day: Day, buddy: str, absence: Absence) -> bool:
    """Known to be away today and on every day up to the end of the leave: nothing of it can be asked."""
    assert absence.end is not None
    days = [day.today + n * DAY for n in range((absence.end - day.today).days + 1)]
    known = [one for one in _absences(day, buddy) if one.end is not None]
    return all(any(one.holds(when) for one in known) for when in days)


def _leave_told(day: Day) -> Iterator[tuple[str, Absence, str]]:
    """Planned leave that is not over and begins within five working days."""
    for worker in day.workers:
        for absence in _absences(day, worker):
            if absence.kind != "planned" or absence.end is None or absence.end < day.today:
                continue
            opens = absence.start
            for _ in range(AHEAD):
                opens -= DAY
                while not is_working_day(opens):
                    opens -= DAY
            if opens <= day.today:
                yield worker, absence, _buddy(day, worker, absence)


def _back(day: Day) -> Iterator[Open]:
    for worker in day.workers:
        for absence in {(one.start, one.end): one for one in _absences(day, worker)}.values():
            if absence.end is None or not day.today - 21 * DAY <= absence.end < day.today:
                continue
            children = _meanwhile(day, worker, absence)
            if children and _is_just_back(day, worker, absence.end):
                mark = (worker, str(absence.start), str(absence.end))
                yield Open(day.address(worker), "C.8c", mark, tuple(sorted(children)))


def _is_just_back(day: Day, worker: str, end: date) -> bool:
    """From the first day at work until two working days later."""
    case = next(iter(day.cases.values()))
    days = [end + n * DAY for n in range(1, (day.today - end).days + 1)]
    back = next((one for one in days if is_at_work(case, worker, one)), None)
    return back is not None and sum(is_working_day(one) for one in days if one > back) <= 2


def _meanwhile(day: Day, worker: str, absence: Absence) -> set[str]:
    found = {
        child for who, child, due, _ in day.owed if who == worker and absence.start <= due <= absence.end
    }
    for child, case in day.cases.items():
        if day.worker_of(child) != worker:
            continue
        for row in case.visits:
            if absence.holds(row.day) and row.kind == "visit":
                by_another = row.worker_id not in (None, worker) and row.channel in (None, "in_person")
                if row.status != "completed" or by_another:
                    found.add(child)
    return found


def _absences(day: Day, worker: str) -> list[Absence]:
    return [one for one in day.absences if one.worker_id == worker]


def _buddy(day: Day, worker: str, absence: Absence) -> str:
    named = absence.buddy_id or day.workers[worker]["buddy_id"]
    return named if named in day.workers and named != worker else ""


# --- risks and newcomers -----------------------------------------------------------------------------


def _risks(day: Day) -> Iterator[Open]:
    for risk in day.risks:
        over = bool(risk["ends"]) and date.fromisoformat(risk["ends"]) < day.today
        if risk["to"] == "child" or over or date.fromisoformat(risk["recorded_on"]) > day.today:
            continue
        home = [child for child in day.cases if day.cases[child].child.household_id == risk["household_id"]]
        told: dict[str, set[str]] = {}
        for child in home:
            for who in {day.worker_of(child), *_may_cover(day, child)}:
                for one in (who, day.manager_of(who)):
                    if one:
                        told.setdefault(day.address(one), set()).add(child)
        mark = (risk["household_id"], risk["recorded_on"], risk["risk"])
        for address, children in told.items():
            yield Open(address, "E.5", mark, tuple(sorted(children)))


def _may_cover(day: Day, child: str) -> set[str]:
    if day.restricted(child):
        return set()
    mine = [(who, due, row) for who, of, due, row in day.owed if of == child]
    found = {row["cover_id"] for _, _, row in mine if row["needs_cover"] and row["cover_id"]}
    leave = [(worker, absence, buddy) for worker, absence, buddy in _leave_told(day)]
    for worker in day.workers:
        leave += [
            (worker, one, _buddy(day, worker, one))
            for one in _absences(day, worker)
            if one.kind == "unplanned" and one.holds(day.today)
        ]
    for worker, absence, buddy in leave:
        if buddy and any(who == worker and absence.holds(max(due, day.today)) for who, due, _ in mine):
            found.add(buddy)
    return found & day.workers.keys()


def _newcomers(day: Day, memory: Memory) -> Iterator[str]:
    first = not memory.known
    for who, row in day.workers.items():
        if who in memory.known:
            continue
        memory.known.add(who)
        lately = bool(row["started"]) and day.today - date.fromisoformat(row["started"]) <= 28 * DAY
        if row["role"] == "social_worker" and (lately or not first):
            yield row["email"]


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
