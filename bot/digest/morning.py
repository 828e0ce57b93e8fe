"""A morning's short mail: what is due today or tomorrow, and nothing on a day that asks for nothing.

The Monday list is for planning; this is for the doorstep. It goes only to who is at work, and never on the
day of the list, so that a mail from the bot keeps meaning that something is to be done. What is overdue is no
reason for it, since it would go every day; but whoever reads of today reads first what is owed since before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.digest.known import Known
from bot.digest.owed import Owed, owed, together
from bot.digest.records import Record, records

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Morning:
    """One worker's day."""

    worker_id: str
    name: str
    email: str
    today: date
    due_today: tuple[Owed, ...]
    due_tomorrow: tuple[Owed, ...]
    covering: tuple[Owed, ...]  # other workers' visits of these two days that fell to this worker
    records: tuple[Record, ...]  # to be finished by tomorrow
    overdue: tuple[Owed, ...] = ()  # owed before all these, and no reason for a mail by themselves
    covering_overdue: tuple[Owed, ...] = ()  # the same of other workers' visits that fell to this worker
    late_records: int = 0

    @property
    def tomorrow(self) -> date:
        """The day after."""
        return self.today + DAY

    @property
    def all_overdue(self) -> int:
        """What is overdue, the worker's own and what is covered."""
        return len(self.overdue) + len(self.covering_overdue)

    @property
    def all_records(self) -> int:
        """What is to be recorded by tomorrow, late or not."""
        return len(self.records) + self.late_records

    @property
    def something(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.due_today or self.due_tomorrow or self.covering or self.records)


def morning_for(known: Known, worker_id: str) -> Morning | None:
    """The mail of one worker; None where nothing is due by tomorrow, or the worker is not at work today."""
    if known.today not in known.management.at_work.get(worker_id, ()):
        return None
    tomorrow = known.today + DAY
    mine = known.owed.get(worker_id, ())
    rows = owed(known, (visit for visit in mine if min(visit.act_by, visit.due) <= tomorrow))
    theirs = (
        visit
        for visits in known.owed.values()
        for visit in visits
        if visit.cover_id == worker_id and visit.worker_id != worker_id and visit.needs_cover
    )
    covering = owed(
        known,
        (visit for visit in theirs if visit.due <= tomorrow and not known.child(visit.child_id).restricted),
    )
    unfinished = [
        record
        for record in records(known, worker_id).listed
        if record.unfinished and record.by is not None and record.by <= tomorrow
    ]
    person = known.people.get(worker_id)
    found = Morning(
        worker_id=worker_id,
        name=known.name(worker_id),
        email=person.email if person else "",
        today=known.today,
        due_today=together(row for row in rows if not row.days_late and row.by <= known.today),
        due_tomorrow=together(row for row in rows if not row.days_late and row.by == tomorrow),
        covering=together(row for row in covering if not row.days_late),
        records=tuple(record for record in unfinished if not record.days_late),
        overdue=together(row for row in rows if row.days_late),
        covering_overdue=together(row for row in covering if row.days_late),
        late_records=sum(1 for record in unfinished if record.days_late),
    )
    return found if found.something else None
