"""A small council, written out by hand: the caseload, and what judging it would give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest

from bot.caseload.model import Caseload, empty
from bot.errors import Problem
from bot.policy.judgement import (
    Asked,
    Claims,
    ClauseDue,
    Concern,
    Cycles,
    Dues,
    DueVisit,
    Judgement,
    RecordWithin,
    Uncounted,
)
from bot.policy.worktime import for_england

TODAY = date(2026, 11, 23)  # a Monday


def at(when: date, clock: time = time(0)) -> datetime:
    return datetime.combine(when, clock)


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a caseload frame: what a row does not say is null."""
    schema = empty(name).schema
    return pl.DataFrame(rows, schema=schema) if rows else empty(name)


@dataclass
class Council:
    """Collects people, children and what is owed; ``known`` is what digests are made from."""

    today: date = TODAY
    children: list[dict[str, Any]] = field(default_factory=list)
    episodes: list[dict[str, Any]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)
    workers: list[dict[str, Any]] = field(default_factory=list)
    absences: list[dict[str, Any]] = field(default_factory=list)
    risks: list[dict[str, Any]] = field(default_factory=list)
    approvals: list[dict[str, Any]] = field(default_factory=list)
    due: list[DueVisit] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)
    uncounted: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    says: dict[str, str] = field(default_factory=dict)  # clause id → words, of the packs chosen
    approval_clauses: frozenset[str] = frozenset()
    recordings: dict[int, str] = field(default_factory=dict)
    records: tuple[RecordWithin, ...] = ()

    def worker(self, worker_id: str, name: str, **more: Any) -> str:
        given = {"email": f"{worker_id.lower()}@council.example", "role": "social_worker", "manager_id": "M1"}
        self.workers.append({"worker_id": worker_id, "name": name} | given | more)
        return worker_id

    def manager(self, worker_id: str, name: str, **more: Any) -> str:
        return self.worker(worker_id, name, **{"role": "manager", "manager_id": None} | more)

    def child(
        self,
        child_id: str,
        initials: str,
        worker: str | None,
        *,
        plan: str = "child_in_need",
        start: date | None = None,
        **more: Any,
    ) -> str:
        self.children.append({"child_id": child_id, "initials": initials} | more)
        self.episodes.append(
            {
                "episode": len(self.episodes),
                "child_id": child_id,
                "kind": plan,
                "start": at(start or self.today - timedelta(days=90)),
                "start_timed": False,
                "worker_id": worker,
                "row": len(self.episodes) + 2,
            }
        )
        return child_id

    def visit(self, child_id: str, when: date, *, status: str = "completed", **more: Any) -> str:
        number = len(self.visits)
        given = {"kind": "visit", "channel": "in_person", "seen": status == "completed", "at_timed": False}
        row = {
            "visit_id": f"V{number}",
            "child_id": child_id,
            "at": at(when),
            "status": status,
            "row": number + 2,
        }
        self.visits.append(row | given | more)
        return f"V{number}"

    def owe(
        self,
        child_id: str,
        due: date,
        *,
        worker: str | None = None,
        kind: str = "visit",
        clause: str = "B.2",
        says: str = "a child in need is seen at least every 20 working days",
        act_by: date | None = None,
        more: tuple[ClauseDue, ...] = (),
        **rest: Any,
    ) -> DueVisit:
        held = next((e["worker_id"] for e in self.episodes if e["child_id"] == child_id), None)
        base = rest.pop("last_seen", due - timedelta(days=28))
        main = ClauseDue(clause, due, rest.pop("due_at", None), says, at(base), "visit", "20 working days")
        status = "overdue" if due < self.today else "due" if due == self.today else "upcoming"
        act = act_by or max(due, self.today)
        visit = DueVisit(
            child_id=child_id,
            worker_id=worker or held,
            kind=kind,
            setting=rest.pop("setting", None),
            due=due,
            due_at=main.due_at,
            act_by=act,
            remind_on=max(self.today, act - timedelta(days=1)),
            status=status,
            governed_by=(clause,),
            clauses=(main, *more),
            must=rest.pop("must", ("alone", "at_home")),
            needs_cover=rest.pop("needs_cover", False),
            cover_id=rest.pop("cover_id", None),
            concerns=(),
            child_protection=rest.pop("child_protection", False),
            cycle=f"start:{base.isoformat()}",
            last_seen=base,
        )
        assert not rest, rest
        self.due.append(visit)
        return visit

    def raise_concern(
        self, child_id: str, clause: str, to: tuple[str, ...], says: str, closes: str, situation: str = ""
    ) -> None:
        since = self.today - timedelta(days=4)
        self.concerns.append(Concern(child_id, clause, to, says, closes, since, situation=situation))

    def not_counted(self, child_id: str, visit_id: str, worker: str, clause: str, reason: str) -> None:
        when = next(row["at"] for row in self.visits if row["visit_id"] == visit_id)
        self.uncounted.append(
            {
                "child_id": child_id,
                "visit_id": visit_id,
                "worker_id": worker,
                "clause": clause,
                "at": when,
                "reason": reason,
            }
        )

    def record_owed(self, child_id: str, visit_id: str, *, clause: str, due: date) -> None:
        """A record that a clause sets a time for; its claim names the visit."""
        visit = self.owe(child_id, due, kind="recording", clause=clause, must=())
        self.recordings[id(visit)] = visit_id

    def caseload(self) -> Caseload:
        return Caseload(
            children=frame("children", self.children),
            episodes=frame("episodes", self.episodes),
            visits=frame("visits", self.visits),
            workers=frame("workers", self.workers),
            absences=frame("absences", self.absences),
            risks=frame("risks", self.risks),
            approvals=frame("approvals", self.approvals),
            problems=tuple(self.problems),
        )

    def judgement(self) -> Judgement:
        uncounted = pl.DataFrame(self.uncounted, schema=Uncounted.create_empty().schema)
        return Judgement(
            today=self.today,
            claims=self._claims(),
            due=Dues.create_empty(),
            seen=Cycles.create_empty(),
            uncounted=uncounted,
            concerns=tuple(self.concerns),
            problems=(),
            says=self.says,
            approvals=self.approval_clauses,
            warnings=self.warnings,
            work=for_england(),
            asked=Asked.create_empty().lazy(),
            records=self.records,
        )

    def _claims(self) -> pl.DataFrame:
        plans = {e["child_id"]: (e["episode"], e["kind"]) for e in self.episodes}
        rows = [
            {
                "child_id": visit.child_id,
                "episode": plans.get(visit.child_id, (None, None))[0],
                "plan_kind": plans.get(visit.child_id, (None, None))[1],
                "worker_id": visit.worker_id,
                "setting": visit.setting,
                "kind": visit.kind,
                "clause": clause.id,
                "base": clause.base,
                "base_is": clause.base_is,
                "base_visit": self.recordings.get(id(visit)),
                "step": clause.step,
                "due": clause.due,
                "due_at": clause.due_at,
                "recurring": True,
            }
            for visit in self.due
            for clause in visit.clauses
        ]
        return pl.DataFrame(rows, schema=Claims.create_empty().schema)

    def given(self) -> tuple[list[DueVisit], Judgement, Caseload, date]:
        """What the digests take, in their order."""
        return self.due, self.judgement(), self.caseload(), self.today


@pytest.fixture
def council() -> Council:
    made = Council()
    made.manager("M1", "Grace Adeyemi")
    made.worker("W1", "Amira Khan", buddy_id="W2")
    made.worker("W2", "Sam Okoro")
    return made


@pytest.fixture(scope="session")
def new_council() -> Callable[[], Council]:
    """For properties: an empty council for every example."""
    return Council
