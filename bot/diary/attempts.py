"""Visits that took place or were tried since the last that counted, and why they do not count.

Whoever goes next is told on the entry what was missing; and once the record says of an attempt that it does
not count, whoever had said that the visit is done has their answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.caseload.model import Caseload
from bot.diary.words import does_not_count
from bot.policy.judgement import DueVisit, Judgement
from bot.policy.together import collected


@dataclass(frozen=True, slots=True)
class _Attempt:
    visit_id: str
    at: datetime
    held: bool
    clause: str
    reason: str
    answered_at: datetime | None  # when the record said so; null: it is not finished


@dataclass(frozen=True)
class Attempts:
    """The lookup; made by :func:`attempts_in`."""

    by_child: Mapping[str, tuple[_Attempt, ...]]

    def _since(self, visit: DueVisit) -> Iterable[_Attempt]:
        clauses = {clause.id for clause in visit.clauses}
        for one in self.by_child.get(visit.child_id, ()):
            if one.clause in clauses and (visit.last_seen is None or one.at.date() > visit.last_seen):
                yield one

    def not_counted(self, visit: DueVisit, today: date) -> tuple[str, ...]:
        """Say of each visit since the last counted one that took place why it does not count for this."""
        found: dict[tuple[date, str], set[str]] = defaultdict(set)
        for one in self._since(visit):
            if one.held:
                found[one.at.date(), one.reason].add(one.clause)
        return tuple(does_not_count(on, today, clauses, why) for (on, why), clauses in found.items())

    def answered_at(self, visit: DueVisit) -> datetime | None:
        """Give when the record last said of an attempt that it does not count; null where it has not."""
        return max((one.answered_at for one in self._since(visit) if one.answered_at), default=None)


def attempts_in(judgement: Judgement, caseload: Caseload) -> Attempts:
    """Look up every attempt of the last weeks that does not count."""
    columns = caseload.visits.select("visit_id", "child_id", "status", "seen", "finalised_at")
    rows = (
        judgement.uncounted.lazy()
        .join(columns.lazy(), on=["visit_id", "child_id"])
        .sort("at", "visit_id", "clause")
        .select("child_id", "visit_id", "at", "clause", "reason", "status", "seen", "finalised_at")
        .pipe(collected)
    )
    found: dict[str, list[_Attempt]] = defaultdict(list)
    for child_id, visit_id, at, clause, reason, status, seen, finalised_at in rows.iter_rows():
        finished = finalised_at is not None or status == "failed" or seen is False
        answered = max(_until(at), _until(finalised_at or at)) if finished else None
        found[child_id].append(_Attempt(visit_id, at, status == "completed", clause, reason, answered))
    return Attempts({child: tuple(attempts) for child, attempts in found.items()})


def _until(moment: datetime) -> datetime:
    """A bare day reaches to its end."""
    return datetime.combine(moment.date(), time(23, 59, 59)) if moment.time() == time.min else moment
