"""The things a reckoning speaks of: children, episodes, visits, workers, and what is owed."""

from dataclasses import dataclass, field
from datetime import date, datetime, time


@dataclass(frozen=True)
class Interval:
    """So many days, working days, weeks, months or years."""

    number: int
    unit: str


@dataclass
class Child:
    child_id: str
    born: date | None
    living_at_home: bool | None
    restricted: bool | None
    household_id: str | None

    @property
    def lives_at_home(self) -> bool:
        return self.living_at_home is not False


@dataclass
class Episode:
    child_id: str
    kind: str
    start: date
    start_moment: datetime | None
    end: date | None
    worker_id: str | None
    worker_since: date | None
    setting: str | None
    first_review: date | None
    permanence_agreed_on: date | None
    lower_frequency_agreed_on: date | None
    approved_on: date | None
    final_hearing: date | None
    agreed_every: Interval | None
    agreed_from: date | None
    agreed_reason: str | None
    first_contact: date | None
    decision_at: date | None
    referrer_told_at: date | None
    returned: date | None
    returned_moment: datetime | None
    breaks_every: Interval | None
    assessment_done_on: date | None
    support_declined_on: date | None
    excluded_reason: str | None

    @property
    def began(self) -> datetime:
        """When it started; a bare date is the start of its day."""
        return self.start_moment or datetime.combine(self.start, time.min)

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass
class Visit:
    visit_id: str
    child_id: str
    day: date
    moment: datetime | None
    status: str
    kind: str
    channel: str | None
    seen: bool | None
    seen_alone: bool | None
    at_home: bool | None
    bedroom_seen: bool | None
    sleeping_arrangements_seen: bool | None
    announced: bool | None
    brief: bool | None
    reason: str | None
    access_problem: bool | None
    finalised: date | None
    worker_id: str | None
    setting: str | None
    planned_for: date | None
    row: int


@dataclass
class Worker:
    worker_id: str
    buddy_id: str | None
    works: frozenset[int] | None


@dataclass
class Absence:
    worker_id: str
    start: date
    end: date | None
    kind: str
    buddy_id: str | None
    manager_told_on: date | None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass
class Away:
    child_id: str
    start: date
    end: date | None
    contact_details: str | None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass
class Request:
    child_id: str
    asked_on: date
    wanted_by: date | None
    refused_on: date | None


@dataclass
class Approval:
    child_id: str
    clause: str
    asked_on: date | None
    recorded_on: date | None


@dataclass
class Risk:
    household_id: str
    to_workers: bool
    recorded_on: date
    ends: date | None

    def is_over(self, today: date) -> bool:
        return self.ends is not None and self.ends < today


@dataclass
class Case:
    """One child with everything recorded about it, and the team around it."""

    child: Child
    episodes: list[Episode] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)  # of the child's household
    workers: dict[str, Worker] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)

    def absences_of(self, worker_id: str | None) -> list[Absence]:
        return [absence for absence in self.absences if absence.worker_id == worker_id]


@dataclass
class Owed:
    """One clause's due date. `every` is its interval if it recurs, `follows` those that come after it."""

    clause: str
    due: date
    kind: str = "visit"
    worker_id: str | None = None
    setting: str | None = None
    every: Interval | None = None
    follows: tuple[Interval, ...] = ()
    due_at: datetime | None = None
    floats: bool = False  # of no one episode: stands on the child's earliest visit object
    must: str | None = None  # what a limit clause asks of the visit it stands on
    episode: Episode | None = None

    @property
    def pack(self) -> str:
        """Pack F's ids are the law's own (CLA.default), the others begin with their pack's letter."""
        return self.clause[0] if self.clause[1] == "." else "F"


@dataclass
class Limit:
    """A limit must: by `day` at the latest, a visit with `must`."""

    clause: str
    must: str
    day: date
    episode: Episode | None = None  # the short breaks it belongs to; None: the child's earliest visit
    setting: str | None = None
