"""What every mail of one run speaks of, by the people who are told: the one value that mails are cut from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.diary.said import Cycle
from bot.digest.lower_level import LowerLevel
from bot.digest.management import Management
from bot.digest.said import SaidDone
from bot.digest.supervised import Supervised
from bot.digest.words import Identify, child_label, plain
from bot.errors import Problem
from bot.policy.judgement import Concern, DueVisit


@dataclass(frozen=True, slots=True)
class Child:
    """A child as mails need one."""

    child_id: str
    label: str
    household: str | None
    restricted: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who visits or manages."""

    worker_id: str
    name: str
    email: str
    role: str | None
    manager_id: str | None
    buddy_id: str | None
    team: str = ""  # as workers.csv names it


@dataclass(frozen=True, slots=True)
class Leave:
    """Time off: planned leave, or sickness that may have no end."""

    start: date
    end: date | None
    planned: bool
    buddy_id: str | None

    def holds(self, when: date) -> bool:
        """Both days are included."""
        return self.start <= when and (self.end is None or when <= self.end)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of the visits: held, missed or still to come."""

    visit_id: str
    child_id: str
    worker_id: str | None
    at: datetime
    status: str
    missed: bool  # the child was not seen, or too briefly: a visit to try again


@dataclass(frozen=True, slots=True)
class Wanting:
    """Why a visit does not count, for one clause."""

    visit_id: str
    child_id: str
    worker_id: str | None
    at: datetime
    clause: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordBy:
    """When a visit's record must be finished, and which clause says so."""

    clause: str
    due: date
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanOwed:
    """One child on one plan kind of one worker's, and the earliest day something is due; null: nothing is."""

    child_id: str
    plan: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """The caseload and its judgement, by the people who are told."""

    today: date
    names: Identify
    children: Mapping[str, Child]
    people: Mapping[str, Person]
    owed: Mapping[str | None, tuple[DueVisit, ...]]  # by worker; null: nobody's
    held: Mapping[str, frozenset[str]]  # worker → children with an open episode
    holders: Mapping[str, frozenset[str]]  # child → workers of its open episodes
    no_worker: tuple[str, ...]  # children with an open episode that names nobody who is there
    risks: Mapping[str, tuple[str, ...]]  # by household, each said in full
    leave: Mapping[str, tuple[Leave, ...]]  # not yet over, by worker
    # by the visit's own worker; where the row names none, by who holds the child
    unfinished: Mapping[str | None, tuple[Attempt, ...]]
    wanting: Mapping[str | None, tuple[Wanting, ...]]
    record_by: Mapping[str, RecordBy]  # by visit
    latest: Mapping[str, Attempt]  # child → the last attempt that is past
    coming: Mapping[str, Attempt]  # child → the next visit with a date
    unrecorded: Mapping[str, Attempt]  # child → latest visit that may be done and is not in the record
    last_worker: Mapping[str, str]  # child → who last went
    not_counted: Mapping[str, tuple[Wanting, ...]]  # by child
    concerns: Mapping[str, tuple[Concern, ...]]  # by child
    plans: Mapping[str, tuple[PlanOwed, ...]]  # by worker
    problems: tuple[tuple[Problem, str | None], ...]  # each with the child on whose row it stands, if known
    warnings: tuple[str, ...]  # of the rule packs
    about_records: tuple[str, ...]  # what the policies say of recording, with the clause
    said: Mapping[Cycle, SaidDone] = field(default_factory=dict)  # visits that somebody says are done
    management: Management = field(default_factory=Management)
    supervised: Supervised = field(default_factory=Supervised)
    lower_level: Mapping[str, tuple[LowerLevel, ...]] = field(default_factory=dict)  # by worker
    about_week: tuple[str, ...] = ()  # what the policies say of a week's list, and of work that waits
    about_step_down: tuple[str, ...] = ()
    now: datetime | None = None  # the London moment that hours are counted from; null: they are not

    def is_away(self, worker_id: str, when: date) -> bool:
        """Whether somebody is on leave or off sick on a day."""
        return any(leave.holds(when) for leave in self.leave.get(worker_id, ()))

    def is_away_throughout(self, worker_id: str, first: date, last: date) -> bool:
        """Whether somebody is known to be on leave or off sick on each day of a span, both ends included.

        Of an absence without an end nobody knows that: whoever is off today may be back tomorrow.
        """
        known = [leave for leave in self.leave.get(worker_id, ()) if leave.end is not None]
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return all(any(leave.holds(day) for leave in known) for day in days)

    def name(self, worker_id: str | None) -> str:
        """A worker's name, or the id where the caseload has none."""
        if worker_id is None:
            return "nobody"
        person = self.people.get(worker_id)
        return person.name if person else plain(worker_id)

    def child(self, child_id: str) -> Child:
        """A child; of one that the caseload does not describe nothing is known, so it reads as restricted."""
        return self.children.get(child_id) or Child(
            child_id, child_label(child_id, None, self.names), None, restricted=True
        )

    def risks_of(self, child: Child) -> tuple[str, ...]:
        """The risks at the child's address."""
        return self.risks.get(child.household, ()) if child.household else ()
