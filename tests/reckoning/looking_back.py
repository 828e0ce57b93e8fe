"""What fell due in the last 84 days, reckoned by living through every day again.

Readings taken (issue 6, C.4, "How time is counted"):
 1. Each day is judged twice: with what was done before it, and with what was done on it too. A due date that
    is later or gone between the two was met that day.
 2. A plan's last day is judged at its end, and the next morning: what was due by then and is no longer asked
    was never done. What is still owed today and was due before today is not done either.
 3. A record counts as it is today, whenever it was written; a visit that is still `scheduled` was so always;
    one postponed or cancelled counts from the day it was to be.
 4. Not done, but it would be if the records were finalised and their blank boxes ticked: done, not recorded.
 5. Another attempt that fails moves the day to try again (B.7) and meets nothing.
 6. A worker holds the child on a day unless every plan that asks was given to them later.
 7. A limit must (A.4, D.5e, D.6d) makes no visit by itself, and so none that fell due.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from reckoning.group import Key, due_of, groups_of, turn_to_contact
from reckoning.model import Case, Owed, Visit
from reckoning.reading import read_cases
from reckoning.reckon import LETTERS

ONE = timedelta(days=1)
KINDS = ("visit", "contact", "return_interview")
BOXES = (  # those that a reckoning reads
    "seen",
    "seen_alone",
    "at_home",
    "bedroom_seen",
    "sleeping_arrangements_seen",
)
Asked = dict[Key, list[Owed]]
Row = tuple[str, str | None, str, str | None, date, date | None, str, int]


def fell_due(folder: Path, packs: list[str], today: date) -> list[Row]:
    """(child, worker, kind, setting, due, done on, outcome, days late), sorted."""
    letters = "".join(sorted({LETTERS[pack] for pack in packs}))
    rows = [row for case in read_cases(Path(folder), today) for row in of_child(case, letters, today)]
    return sorted(rows, key=str)


def of_child(case: Case, letters: str, today: date) -> list[Row]:
    case = replace(case, visits=[as_recorded(visit, today) for visit in case.visits])
    since, yesterday = today - 84 * ONE, today - ONE
    rows: list[Row] = []

    def add(asked: Asked, key: Key, on: date, done: date | None, outcome: str, late: int) -> None:
        clauses = asked[key]
        worker = holder(case, clauses, key[1], due_of(clauses))
        rows.append((case.child.child_id, worker, key[0], key[2], due_of(clauses), done, outcome, late))

    def missed(asked: Asked, key: Key, until: date) -> None:
        due = due_of(asked[key])
        done = done_unrecorded(case, letters, key, due, until)
        outcome = "not_recorded" if done else "not_done"
        add(asked, key, until, done, outcome, max(0, ((done or until) - due).days))

    for day in days_of(case, letters, today):
        before, after = owed(case, letters, day, day - ONE), owed(case, letters, day, day)
        for key, clauses in before.items():
            due = due_of(clauses)
            if since <= due <= yesterday and is_later(after, key, due):
                late = max(0, (day - due).days)
                add(before, key, day, day, "late" if late else "in_time", late)
    for end in sorted({it.end for it in case.episodes if it.end and since <= it.end < today}):
        before, after = owed(case, letters, end, end), owed(case, letters, end + ONE, end)
        for key, clauses in before.items():
            due = due_of(clauses)
            if since <= due <= end and is_later(after, key, due):
                missed(before, key, end)
    now = owed(case, letters, today, None)
    for key, clauses in now.items():
        if due_of(clauses) < today:
            missed(now, key, today)
    return rows


def is_later(asked: Asked, key: Key, due: date) -> bool:
    return key not in asked or due_of(asked[key]) > due


def as_recorded(visit: Visit, today: date) -> Visit:
    """Finalised by today is finalised on every day."""
    done = visit.finalised is not None and visit.finalised <= today
    return replace(visit, finalised=min(visit.day, visit.finalised) if done else None)


def in_full(visit: Visit) -> Visit:
    if visit.status != "completed":
        return visit
    ticked = {box: True for box in BOXES if getattr(visit, box) is None}
    return replace(visit, finalised=visit.day, **ticked)


def days_of(case: Case, letters: str, today: date) -> list[date]:
    """The days on which something was done, in whatever way."""
    days = {it.day for it in case.visits if did_something(case, it) and not (it.brief and letters == "B")}
    days |= {it.first_contact for it in case.episodes if it.first_contact and it.kind == "early_help"}
    return sorted(day for day in days if day <= today)


def did_something(case: Case, visit: Visit) -> bool:
    """Whether a row could meet anything; one that cannot only moves the day to try again."""
    kinds = {it.kind for it in case.episodes}
    if visit.kind == "return_interview":
        return visit.status in ("completed", "failed") and "missing" in kinds  # D.11
    if visit.status == "failed":
        return any(it.support_declined_on for it in case.episodes)  # D.12c
    if visit.status != "completed" or visit.kind not in ("visit", "contact"):
        return False
    seen = visit.seen is True and visit.channel in (None, "in_person")
    return seen or visit.kind == "contact" or bool(kinds & {"early_help", "care_leaver"})  # D.1a, D.12b


def owed(case: Case, letters: str, today: date, known: date | None) -> Asked:
    """What is owed on a day, by what was done up to another."""
    if known is not None:
        visits = [it for it in case.visits if it.status == "scheduled" or it.day <= known]
        episodes = [
            replace(it, first_contact=None) if it.first_contact and it.first_contact > known else it
            for it in case.episodes
        ]
        case = replace(case, visits=visits, episodes=episodes)
    groups = turn_to_contact(case, groups_of(case, letters, today, with_limits=False), today)
    return {key: clauses for key, clauses in groups.items() if key[0] in KINDS}


def done_unrecorded(case: Case, letters: str, key: Key, due: date, until: date) -> date | None:
    """Not done by the record as it is; perhaps by the record as it would be in full."""
    written = replace(case, visits=[in_full(visit) for visit in case.visits])
    done = {it.day for it in case.visits if it.status == "completed" and it.day <= until}
    for day in sorted(done):
        now = owed(case, letters, day, day)
        still_owed = key in now and due_of(now[key]) == due
        if still_owed and is_later(owed(written, letters, day, day), key, due):
            return day
    return None


def holder(case: Case, clauses: list[Owed], worker: str | None, due: date) -> str | None:
    """Whose the row is: nobody's that is known, where the worker was given the child after the due day."""
    since = [clause.episode.worker_since for clause in clauses if clause.episode]
    if not since:
        theirs = [it for it in case.episodes if it.worker_id == worker]
        since = [min(theirs, key=lambda it: it.began).worker_since] if theirs else []
    later = bool(since) and all(day is not None and day > due for day in since)
    return None if later else worker
