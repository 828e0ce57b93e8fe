"""Time off that is near: who covers, and how much falls due in it (C.8a, C.8b)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.digest.known import Known
from bot.policy.judgement import DueVisit

AHEAD = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class LeaveAhead:
    """A worker's leave or sickness, now or in the coming four weeks."""

    start: date
    end: date | None  # null: not known when it ends
    planned: bool
    now: bool
    cover: str  # a name; empty: nobody is named
    due_in_it: int
    for_the_manager: int  # of them restricted: no buddy is told, the manager arranges
    arranged: int = 0  # of them with a date before the leave begins
    cover_away: bool = False  # whoever is named is off as well: at its begin, or when something is due in it

    @property
    def uncovered(self) -> bool:
        """Nobody is named, or the one who is named is away too."""
        return not self.cover or self.cover_away


def arranged_before(known: Known, visit: DueVisit, start: date) -> datetime | None:
    """The moment that a visit is to be made, where that is before leave begins."""
    coming = known.coming.get(visit.child_id) if visit.kind == "visit" else None
    return coming.at if coming and coming.at.date() < start else None


def leave_ahead(known: Known, worker_id: str, visits: Iterable[DueVisit]) -> tuple[LeaveAhead, ...]:
    """The worker's time off with what of ``visits`` falls due in it."""
    person = known.people.get(worker_id)
    usual = person.buddy_id if person else None
    owing = [visit for visit in visits if visit.kind not in {"recording", "concern"}]
    rows = []
    for leave in known.leave.get(worker_id, ()):
        if leave.start > known.today + AHEAD:
            continue
        inside = [visit for visit in owing if leave.holds(visit.due)]
        within = [known.child(visit.child_id) for visit in inside]
        cover = leave.buddy_id or usual
        begins = max(leave.start, known.today)
        days = {begins} | {max(visit.due, begins) for visit in inside}
        rows.append(
            LeaveAhead(
                start=leave.start,
                end=leave.end,
                planned=leave.planned,
                now=leave.holds(known.today),
                cover=known.name(cover) if cover else "",
                due_in_it=len(within),
                for_the_manager=sum(1 for child in within if child.restricted),
                arranged=sum(1 for visit in inside if arranged_before(known, visit, leave.start)),
                cover_away=cover is not None and any(known.is_away(cover, day) for day in days),
            )
        )
    return tuple(rows)
