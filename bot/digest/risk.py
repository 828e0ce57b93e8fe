"""What is at risk in the coming fortnight: not late yet, and going to be unless somebody acts.

Each reason is one that a manager can do something about: name cover, move work, bring a visit forward, see
that a missed one is tried again. What is late already is not at risk any more; it is listed as overdue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.digest import words
from bot.digest.known import Known
from bot.digest.leave import LeaveAhead
from bot.digest.owed import Owed, Week

JOURNEYS_A_DAY = 3
"""More than so many homes in a day at work is more than one person can see well; a household is one.

No setting: it changes no date and no list, only when a manager is asked to look (docs/operating.md).
"""
GOING = (words.kind("visit"), words.kind("return_interview"))  # a contact or a decision is made at a desk


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One reason, in few words, and the visits that it endangers; none where it is their number."""

    why: str
    rows: tuple[Owed, ...] = ()
    arranged: tuple[Owed, ...] = ()  # not among them: due in the same leave, with a date before it begins


def at_risk(
    known: Known, worker_id: str, rows: Sequence[Owed], week: Week, leave: Iterable[LeaveAhead]
) -> tuple[AtRisk, ...]:
    """The reasons of one worker, the one that leaves a child unseen most surely first."""
    leave = tuple(leave)
    near = [row for row in rows if not row.days_late and row.by <= week.next_ends]
    in_leave = {id(row): [off for off in leave if _falls_in(row, off)] for row in near}
    arranged = [row for row in near if not row.uncovered and _arranged(row, in_leave[id(row)])]
    away = [row for row in near if row not in arranged and (row.uncovered or in_leave[id(row)])]
    planned = [row for row in near if row.planned and row.planned.date() > row.due and row not in away]
    again = [row for row in near if row.try_again and row not in away]
    found = [
        AtRisk(f"{len(away)} due, nobody covers", tuple(away), tuple(arranged)) if away else None,
        AtRisk(f"{len(planned)} planned too late", tuple(planned)) if planned else None,
        _too_many(known, worker_id, rows, week),
        AtRisk(f"{len(again)} to try again", tuple(again)) if again else None,
    ]
    return tuple(reason for reason in found if reason)


def _falls_in(row: Owed, leave: LeaveAhead) -> bool:
    """Due in leave that nobody covers, as far as is known now."""
    return leave.uncovered and leave.start <= row.due and (leave.end is None or row.due <= leave.end)


def _arranged(row: Owed, leave: Sequence[LeaveAhead]) -> bool:
    """To be made before the leave begins that it falls due in."""
    planned = row.planned
    return bool(leave) and planned is not None and all(planned.date() < off.start for off in leave)


def _too_many(known: Known, worker_id: str, rows: Sequence[Owed], week: Week) -> AtRisk | None:
    """The day by which most is asked beyond what the days at work until then can hold."""
    days = known.management.at_work.get(worker_id, ())
    worst: tuple[int, AtRisk] | None = None
    going = [row for row in rows if row.what in GOING and row.by <= week.next_ends]
    for by in sorted({max(row.by, known.today) for row in going}):
        left = sum(1 for day in days if day <= by)
        homes = {row.household or (row.child_id, row.setting) for row in going if row.by <= by}
        beyond = len(homes) - left * JOURNEYS_A_DAY
        if left and beyond > (worst[0] if worst else 0):
            said = f"{len(homes)} homes by {words.day(by, known.today)}"
            worst = beyond, AtRisk(f"{said}, {words.count(left, 'day')} at work")
    return worst[1] if worst else None
