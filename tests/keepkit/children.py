"""A small council in memory, and what judging its caseload would say: judging itself takes too long here.

What is injected is the reading and the judgement, and nothing after it: entries, plans, calls and store are
the real ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

import polars as pl
from diarykit import makers

from bot.diary.entry import Role
from bot.diary.key import entry_key
from bot.policy.judgement import Claims, ClauseDue, Cycles, DueVisit, Judgement, RecordWithin
from bot.run.snapshot import Snapshot

DOMAIN = "northdale.example"
SENDER = f"visit-bot@{DOMAIN}"
SECRET = "k" * 64
MONDAY = date(2026, 11, 23)
PLAN = "child_protection"
RECORD = RecordWithin("C.3", "Visits are recorded within 48 hours", 48, "hours", frozenset({PLAN}))


def address(worker: str) -> str:
    """By worker id, or as it is."""
    return worker if "@" in worker else f"{worker.lower()}@{DOMAIN}"


@dataclass
class Case:
    """A child's case: whose it is and when the child must next be seen."""

    number: int
    worker: str
    due: date
    cycle: int = 0
    risk: str = ""
    open: bool = True

    @property
    def child_id(self) -> str:
        return f"{20000 + self.number}"

    def key(self, role: Role, cycle: int | None = None) -> str:
        which = f"visit:V{self.cycle if cycle is None else cycle}"
        return entry_key(
            SECRET.encode(), child_id=self.child_id, kind="visit", setting=None, cycle=which, role=role
        )

    def keys(self) -> frozenset[str]:
        """Of every cycle so far, this one with it."""
        return frozenset(self.key(role, cycle) for role in Role for cycle in range(self.cycle + 1))


@dataclass
class Council:
    today: date
    workers: list[str]
    cases: list[Case]
    seen: list[tuple[str, int, date]] = field(default_factory=list)  # child, cycle closed, on
    away_on: date | None = None  # everybody is away that day: what would stand on it stands a day earlier
    _judged: tuple[str, Snapshot] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, *, cases: int, workers: int = 3, today: date = MONDAY, spread: int = 9) -> Council:
        names = [f"W{number}" for number in range(1, workers + 1)]
        made = [
            Case(n, names[n % workers], today + timedelta(days=n % spread - 1 if spread > 1 else 3))
            for n in range(cases)
        ]
        return cls(today, names, made)

    def record_visit(self, case: Case, next_due: date) -> None:
        self.seen.append((case.child_id, case.cycle, self.today))
        case.cycle, case.due = case.cycle + 1, next_due

    def uncount_visit(self, case: Case, due: date) -> None:
        """A visit turns out not to have counted: the cycle before is open again."""
        case.cycle, case.due = case.cycle - 1, due
        self.seen = [one for one in self.seen if one[:2] != (case.child_id, case.cycle)]

    def leave(self, worker: str, heir: str) -> None:
        """A worker leaves the council; their cases are somebody else's."""
        self.workers.remove(worker)
        for case in self.cases:
            if case.worker == worker:
                case.worker = heir

    def snapshot(self) -> Snapshot:
        """Judged anew only where something changed: many runs of a test look at one and the same day."""
        state = repr(self)
        if self._judged is None or self._judged[0] != state:
            self._judged = (state, self._snapshot())
        return self._judged[1]

    def _snapshot(self) -> Snapshot:
        owed = [case for case in self.cases if case.open]
        caseload = makers.caseload(
            children=tuple(
                {"child_id": case.child_id, "initials": "JS", "household_id": f"H{case.number}"}
                for case in self.cases
            ),
            workers=tuple(
                {"worker_id": one, "name": f"Worker {one}", "email": address(one)} for one in self.workers
            ),
            risks=tuple(
                {"household_id": f"H{case.number}", "risk": case.risk, "to": "workers", "recorded_on": MONDAY}
                for case in owed
                if case.risk
            ),
        )
        visits = tuple(self._visit(case) for case in owed)
        return Snapshot(self.today, caseload, (), self._judgement(), visits)

    def _visit(self, case: Case) -> DueVisit:
        late = case.due < self.today
        remind_on = max(case.due - timedelta(days=1), self.today)
        if remind_on == self.away_on:
            remind_on -= timedelta(days=1)
        base = datetime.combine(case.due - timedelta(days=14), datetime.min.time())
        says = makers.SAYS["B.1"]
        return makers.visit(
            case.child_id,
            worker_id=case.worker,
            due=case.due,
            act_by=max(case.due, self.today),
            remind_on=remind_on,
            status="overdue" if late else "due" if case.due == self.today else "upcoming",
            clauses=(ClauseDue("B.1", case.due, None, says, base, "visit", "10 working days"),),
            cycle=f"visit:V{case.cycle}",
        )

    def _judgement(self) -> Judgement:
        """Every child is on a plan whose visits are to be recorded within 48 hours (C.3)."""
        closed = [
            makers.closed(child, cycle=f"visit:V{cycle}", visit_id=f"V{cycle + 1}", seen_on=on)
            for child, cycle, on in self.seen
        ]
        return replace(
            _no_judgement(),
            today=self.today,
            seen=_cycles(closed),
            claims=_claims([case.child_id for case in self.cases]),
            records=(RECORD,),
        )


def _claims(children: list[str]) -> pl.DataFrame:
    """As much of what makes visits due as a record's time is looked up by."""
    rows = [{"child_id": one, "kind": "visit", "plan_kind": PLAN} for one in children]
    return pl.DataFrame(rows, schema=Claims.create_empty().schema)


def _cycles(rows: list[dict[str, object]]) -> pl.DataFrame:
    schema = Cycles.create_empty().schema
    return pl.DataFrame(rows, schema=schema) if rows else Cycles.create_empty()


@lru_cache
def _no_judgement() -> Judgement:
    return makers.judgement()
