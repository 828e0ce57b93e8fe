"""Children who changed worker in the last week: visits slip when a child changes hands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.digest.known import Known
from bot.digest.management import TakenOver

NOT_VISITS = ("recording", "concern")


@dataclass(frozen=True, slots=True)
class Change:
    """One child who went to another worker, and what is owed to it next."""

    child_id: str
    child: str
    since: date
    before: str  # who went last before that; empty: the visits do not tell
    now: str
    due: date | None  # the earliest day on which the new worker owes something
    days_late: int
    planned: datetime | None  # the next date in the record


def changes(known: Known, team: Iterable[str]) -> tuple[Change, ...]:
    """The children taken over by workers of a team, the one owed soonest first."""
    rows = [_change(known, one) for w in team for one in known.management.taken_over.get(w, ())]
    return tuple(sorted(rows, key=lambda row: (row.due or date.max, row.since, row.child)))


def _change(known: Known, one: TakenOver) -> Change:
    dues = [
        visit.due
        for visit in known.owed.get(one.worker_id, ())
        if visit.child_id == one.child_id and visit.kind not in NOT_VISITS
    ]
    due = min(dues, default=None)
    coming = known.coming.get(one.child_id)
    child = known.child(one.child_id)
    return Change(
        child_id=child.child_id,
        child=child.label,
        since=one.since,
        before=known.name(one.before) if one.before else "",
        now=known.name(one.worker_id),
        due=due,
        days_late=max(0, (known.today - due).days) if due else 0,
        planned=coming.at if coming else None,
    )
