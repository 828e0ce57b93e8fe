"""What judging a caseload gives, as columns for the many and as values for one child.

``claims`` is the long frame everything else is grouped from: one row for each clause that owes something.
``due`` groups the claims; ``seen`` says which visit closed which cycle, so that an achieved reminder can
lose its colour; ``uncounted`` says which visits did not count and why. All dates are London calendar days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import dataframely as dy
import polars as pl

from bot.errors import Problem
from bot.policy.worktime import WorkTime

KINDS = ("visit", "contact", "return_interview", "decision", "recording", "concern")
STATUSES = ("overdue", "due", "upcoming")
APPROVED = "foreseeably_late"  # the situation that a recorded approval closes
MUSTS = (
    "alone",
    "at_home",
    "awake",
    "bedroom",
    "observed",
    "sleeping_arrangements",
    "unannounced",
)


class Claims(dy.Schema):
    """One row a clause that owes something: from what it counts, by how much, and the day it gives."""

    child_id = dy.String()
    episode = dy.UInt32(nullable=True)  # null: of no one episode (a request, A.7, B.7, D.13's gap)
    plan_kind = dy.String(nullable=True)  # the episode's kind
    worker_id = dy.String(nullable=True)
    setting = dy.String(nullable=True)
    kind = dy.String()  # one of KINDS
    clause = dy.String()
    base = dy.Datetime()  # the anchor
    base_is = dy.String()  # "visit", "start", "attempt", "request", "first contact", …
    base_visit = dy.String(nullable=True)  # visit_id, where the anchor is a visit
    step = dy.String()  # "10 working days", "48 hours"
    due = dy.Date()
    due_at = dy.Datetime(nullable=True)
    recurring = dy.Bool()  # whether the clause asks again and again in steps of this length


class Dues(dy.Schema):
    """One row for each child, kind, worker and setting owed: what `due --json` prints, and more."""

    child_id = dy.String()
    worker_id = dy.String(nullable=True)
    kind = dy.String()
    setting = dy.String(nullable=True)
    due = dy.Date()
    due_at = dy.Datetime(nullable=True)
    act_by = dy.Date()
    remind_on = dy.Date()
    status = dy.String()
    governed_by = dy.List(dy.String())
    clauses = dy.List(dy.Struct({"id": dy.String(), "due": dy.Date()}))
    must = dy.List(dy.String())
    needs_cover = dy.Bool()
    cover_id = dy.String(nullable=True)
    concerns = dy.List(dy.Struct({"id": dy.String(), "to": dy.List(dy.String())}))
    child_protection = dy.Bool()  # any claim comes from a child protection plan: red in Outlook
    cycle = dy.String()  # "visit:ID" or "start:EPISODE_START_ISO": what a reminder's key is made of
    last_seen = dy.Date(nullable=True)  # the child's latest counted visit under any of these clauses


class Cycles(dy.Schema):
    """One row a closed cycle; ``cycle`` is what ``Dues.cycle`` was on the days before ``seen_on``."""

    child_id = dy.String()
    kind = dy.String()
    setting = dy.String(nullable=True)
    cycle = dy.String()
    visit_id = dy.String()
    seen_on = dy.Date()


class Uncounted(dy.Schema):
    """One row for each recent visit and clause that did not count it, with the reason in words."""

    child_id = dy.String()
    visit_id = dy.String()
    worker_id = dy.String(nullable=True)
    clause = dy.String()
    at = dy.Datetime()
    reason = dy.String()  # "seen alone has no answer", "the record is not finalised", …


class Asked(dy.Schema):
    """One row a must and the clause that asks for it, of what is owed to a child."""

    child_id = dy.String()
    worker_id = dy.String(nullable=True)
    kind = dy.String()
    setting = dy.String(nullable=True)
    must = dy.String()  # one of MUSTS
    clause = dy.String()


@dataclass(frozen=True, slots=True)
class ClauseDue:
    """One clause's say in a due visit, with what is needed to explain it."""

    id: str
    due: date
    due_at: datetime | None
    says: str  # the clause in plain words, from the pack
    base: datetime
    base_is: str
    step: str


@dataclass(frozen=True, slots=True)
class Concern:
    """An open concern: its clause, who is told, what it is and what closes it, without names."""

    child_id: str
    id: str
    to: tuple[str, ...]  # worker, manager, iro, service_manager
    says: str
    closes: str
    since: date | None
    situation: str = ""  # of bot.policy.concerns.SITUATIONS: what it is, whatever clause says so
    kept_from: tuple[str, ...] = ()  # whom the clause names and a restricted record is kept from
    figures: tuple[int, ...] = ()  # what the clause measures the situation by: so many, days, years of age
    of_clauses: tuple[str, ...] = ()  # the timescales that it is about (C.8e)

    @property
    def asks_approval(self) -> bool:
        """Whether it stays open until a manager's approval is recorded under its clause (C.8e)."""
        return self.situation == APPROVED


@dataclass(frozen=True, slots=True)
class AskedBy:
    """One must of a due visit, and the clauses that ask for it."""

    must: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueVisit:
    """One row of ``Dues`` as a value, for the rooms that deal with people one at a time."""

    child_id: str
    worker_id: str | None
    kind: str
    setting: str | None
    due: date
    due_at: datetime | None
    act_by: date
    remind_on: date
    status: str
    governed_by: tuple[str, ...]
    clauses: tuple[ClauseDue, ...]
    must: tuple[str, ...]
    needs_cover: bool
    cover_id: str | None
    concerns: tuple[Concern, ...]
    child_protection: bool
    cycle: str
    last_seen: date | None
    asked: tuple[AskedBy, ...] = ()  # who asks for each must

    def days_late(self, today: date) -> int:
        """Calendar days past ``due``; 0 where it is not overdue."""
        return max(0, (today - self.due).days)


@dataclass(frozen=True, slots=True)
class RecordWithin:
    """A clause in force that sets a time for the record of a visit (C.3), and on which plans."""

    clause: str
    says: str
    n: int
    unit: str  # of UNITS: "hours" are counted in hours, everything else in days
    plan_kinds: frozenset[str]
    leaves_out_excluded: bool = False  # whether plans with an excluded_reason are outside the policy


@dataclass(frozen=True)
class Judgement:
    """What one pass over a caseload found."""

    today: date
    claims: pl.DataFrame  # Claims
    due: pl.DataFrame  # Dues
    seen: pl.DataFrame  # Cycles
    uncounted: pl.DataFrame  # Uncounted
    concerns: tuple[Concern, ...]
    problems: tuple[Problem, ...]
    says: dict[str, str]  # clause id → plain words, of every clause in the packs chosen
    warnings: tuple[str, ...]  # of the packs: past review_by, unverified clauses in use
    work: WorkTime  # the working days that every date was counted in
    asked: pl.LazyFrame  # Asked; reckoned when it is collected, since dates alone do not need it
    shown_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what beside which clause ids
    records: tuple[RecordWithin, ...] = ()  # the times set for records
    approvals: frozenset[str] = frozenset()  # clauses whose concern a recorded approval closes (C.8e)
