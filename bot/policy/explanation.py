"""An explanation as a value, and as plain values for JSON: what is owed to one child and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A plan or placement of the child that is open today."""

    kind: str
    start: date
    end: date | None
    setting: str | None
    worker_id: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that was not counted: "weekend", the bank holiday's name, or "closed"."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Sum:
    """One clause's date: of which plan, from what, how far, over which days that do not count, to when.

    ``reckoned`` is the anchor plus the interval; where ``due`` is another day, ``moved`` says why.
    """

    clause: str
    says: str
    cites: str
    pack: str
    kind: str
    plan: OpenPlan | None  # null: of no one plan
    base: datetime
    base_is: str
    base_visit: str | None
    step: str
    calendar: str
    skipped: tuple[LeftOut, ...]
    reckoned: date
    moved: str | None
    due: date
    due_at: datetime | None
    governs: bool
    arithmetic: str  # all of it in a sentence


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Something the visit has to include, and the clauses that ask for it."""

    must: str
    clauses: tuple[str, ...]

    def words(self) -> str:
        """ "alone (A.6a, B.4)"."""
        return f"{self.must.replace('_', ' ')} ({', '.join(self.clauses)})"


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing owed, with its sums."""

    kind: str
    worker_id: str | None
    setting: str | None
    due: date
    status: str
    act_by: date
    remind_on: date
    needs_cover: bool
    cover_id: str | None
    must: tuple[AskedFor, ...]
    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A visit that did not count for a clause, and the box that was not ticked."""

    visit_id: str
    at: datetime
    clause: str
    reason: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What a policy says about the visit without setting a date."""

    clause: str
    says: str
    cites: str
    pack: str


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A clause that asks nothing of this child now, and why."""

    clause: str
    says: str
    why: str
    of_open_plan: bool  # whether the child has a plan or placement that the clause is for


@dataclass(frozen=True, slots=True)
class ToMend:
    """Something amiss in the child's own records, and what was done about it."""

    where: str
    what: str
    mend: str
    effect: str


@dataclass(frozen=True, slots=True)
class Raised:
    """An open concern."""

    clause: str
    to: tuple[str, ...]
    says: str
    closes: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that makes a child's dates, as a value."""

    child_id: str
    today: date
    plans: tuple[OpenPlan, ...]
    owed: tuple[Owed, ...]
    concerns: tuple[Raised, ...]
    not_counted: tuple[NotCounted, ...]
    guidance: tuple[Guide, ...]
    not_asked: tuple[NotAsked, ...]
    to_mend: tuple[ToMend, ...]

    def json(self) -> dict[str, Any]:
        """The same as plain values for JSON."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
