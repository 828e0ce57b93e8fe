"""A small council by hand: children, workers, and what judging them would give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from bot.caseload.model import Caseload, empty
from bot.diary.actions import Known, Seen
from bot.diary.day import DiaryRules
from bot.diary.entries import Wanted
from bot.diary.entry import Achieved, Body, Colour, Entry, Role
from bot.diary.settle import PlanRules, digest
from bot.policy.judgement import Asked, Claims, ClauseDue, Cycles, Dues, DueVisit, Judgement, Uncounted
from bot.policy.worktime import for_england

TODAY = date(2026, 11, 30)  # a Monday
RULES = DiaryRules(key_secret=b"a secret of the council's own")
PLAN = PlanRules(today=TODAY, template="t1")
SAYS = {
    "B.1": "Child protection plan: seen at least every 10 working days",
    "B.7": "A child not seen is tried again within 2 working days",
}


def frame(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=empty(name).schema) if rows else empty(name)


def caseload(**frames: tuple[dict[str, Any], ...]) -> Caseload:
    given = {
        "children": (
            {"child_id": "20417", "initials": "JS", "household_id": "H1"},
            {"child_id": "20418", "initials": "AS", "household_id": "H1"},
            {"child_id": "20419", "initials": "BS", "household_id": "H1"},
            {"child_id": "30000", "initials": "RR", "restricted": True},
        ),
        "workers": (
            {"worker_id": "W1", "name": "Ann Worker", "email": "ann@x.gov.uk", "manager_id": "M1"},
            {"worker_id": "W2", "name": "Bo Buddy", "email": "bo@x.gov.uk", "manager_id": "M1"},
            {"worker_id": "M1", "name": "Mo Manager", "email": "mo@x.gov.uk", "phone": "020 7946 0001"},
        ),
    } | frames
    made = {name: frame(name, *rows) for name, rows in given.items()}
    return Caseload(**({"episodes": empty("episodes"), "visits": empty("visits")} | made))


def visit(child_id: str = "20417", **changes: Any) -> DueVisit:
    due = changes.get("due", date(2026, 12, 4))
    plain = DueVisit(
        child_id=child_id,
        worker_id="W1",
        kind="visit",
        setting=None,
        due=due,
        due_at=None,
        act_by=due,
        remind_on=due - timedelta(days=1),
        status="upcoming",
        governed_by=("B.1",),
        clauses=(
            ClauseDue("B.1", due, None, SAYS["B.1"], datetime(2026, 11, 20), "visit", "10 working days"),
        ),
        must=("alone", "bedroom"),
        needs_cover=False,
        cover_id=None,
        concerns=(),
        child_protection=False,
        cycle="visit:V1",
        last_seen=None,
    )
    return replace(plain, **changes)


def late(child_id: str = "20417", days: int = 3, **changes: Any) -> DueVisit:
    due = TODAY - timedelta(days=days)
    return visit(
        child_id, **({"due": due, "act_by": TODAY, "remind_on": TODAY, "status": "overdue"} | changes)
    )


def judgement(*seen: dict[str, Any], says: dict[str, str] | None = None) -> Judgement:
    return Judgement(
        today=TODAY,
        claims=Claims.create_empty(),
        due=Dues.create_empty(),
        seen=pl.DataFrame(list(seen), schema=Cycles.create_empty().schema) if seen else Cycles.create_empty(),
        uncounted=Uncounted.create_empty(),
        concerns=(),
        problems=(),
        says=SAYS if says is None else says,
        warnings=(),
        work=for_england(),
        asked=Asked.create_empty().lazy(),
    )


def closed(child_id: str = "20417", **changes: Any) -> dict[str, Any]:
    row = {"child_id": child_id, "kind": "visit", "setting": None, "cycle": "visit:V1", "visit_id": "V2"}
    return row | {"seen_on": date(2026, 11, 27)} | changes


BODY = Body("Visit due", "", (), (), (), 0, "", (), "", "")


def entry(key: str = "aa", on: date = date(2026, 12, 3), **changes: Any) -> Entry:
    """A reminder for Friday 4 December, standing on the day before."""
    starts = datetime.combine(on, time(9))
    plain = Entry(
        key=key,
        mailbox="ann@x.gov.uk",
        role=Role.REMINDER,
        due=date(2026, 12, 4),
        on=on,
        starts=starts,
        ends=starts + timedelta(minutes=15),
        all_day=False,
        subject="Visit due Fri 4 Dec · J.S. 20417",
        body=BODY,
        colour=Colour.VISIT,
        alarm_minutes=0,
    )
    return replace(plain, **changes)


def achieved(key: str = "aa") -> Achieved:
    return Achieved(key, Role.REMINDER, date(2026, 11, 27), "Seen Fri 27 Nov · J.S. 20417", BODY)


def wanted(*entries: Entry, done: tuple[Achieved, ...] = (), elsewhere: tuple[str, ...] = ()) -> Wanted:
    keys = frozenset(one.key for one in entries) | frozenset(elsewhere)
    return Wanted({"ann@x.gov.uk": entries} if entries else {}, {one.key: one for one in done}, (), keys)


def standing(one: Entry, **changes: Any) -> Seen:
    """The entry as the mailbox shows it when nobody has touched it."""
    plain = Seen(
        id=f"id-{one.key}",
        etag="e1",
        key=one.key,
        subject=one.subject,
        starts=one.starts,
        ends=one.ends,
        all_day=one.all_day,
        categories=(PLAN.names.of(one.colour),),
        alarm_minutes=one.alarm_minutes,
    )
    return replace(plain, **changes)


def remembered(one: Entry, **changes: Any) -> Known:
    """The ledger's row of an entry that was put where it should be."""
    plain = Known(
        mailbox=one.mailbox,
        key=one.key,
        generation=1,
        state="live",
        event_id=f"id-{one.key}",
        etag="e1",
        due=one.due,
        placed=one.starts,
        digest=digest(one, PLAN.template),
        achieved=False,
    )
    return replace(plain, **changes)
