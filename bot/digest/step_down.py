"""Lower-level cases open or quiet longest, so that they move towards closure and do not only wait (C.7h)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.digest import words
from bot.digest.known import Known
from bot.digest.lower_level import LowerLevel

LONG_OPEN = timedelta(weeks=26)  # half a year: the second review of most plans is past
LONG_QUIET = timedelta(weeks=4)
LISTED = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case to ask of: what would have to happen for it to be closed?"""

    child_id: str
    child: str
    plan: str
    since: date
    weeks_open: int
    last: date | None  # the last time anybody was in touch; null: not yet
    days_quiet: int


@dataclass(frozen=True, slots=True)
class StepDown:
    """The few that have waited longest, and how many others wait."""

    listed: tuple[Waiting, ...] = ()
    more: int = 0


NOTHING_WAITS = StepDown()


def step_down(known: Known, worker_id: str) -> StepDown:
    """A worker's lower-level cases that are open for half a year or quiet for four weeks, longest first.

    How long is measured in those two: a case quiet for three months comes before one open for a year.
    """
    mine = [_one(known, case) for case in known.lower_level.get(worker_id, ())]
    waiting = sorted((row for row in mine if _long(row) >= 1), key=lambda row: (-_long(row), row.child))
    return StepDown(tuple(waiting[:LISTED]), len(waiting[LISTED:]))


def _one(known: Known, case: LowerLevel) -> Waiting:
    return Waiting(
        child_id=case.child_id,
        child=known.child(case.child_id).label,
        plan=words.plan(case.plan),
        since=case.since,
        weeks_open=(known.today - case.since).days // 7,
        last=case.last,
        days_quiet=(known.today - (case.last or case.since)).days,
    )


def _long(row: Waiting) -> float:
    return max(row.weeks_open * 7 / LONG_OPEN.days, row.days_quiet / LONG_QUIET.days)
