"""Which diaries a visit belongs in, and what whoever goes is told of cover (C.8a).

Where it belongs in none that there is, that is handed back with the reason: nothing disappears silently.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.diary.people import People, Worker
from bot.policy.judgement import DueVisit


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A visit that is owed and stands in no diary it should stand in, and why."""

    child_id: str
    kind: str
    worker_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Placed:
    """One visit in one diary: its worker's, or that of the buddy who covers."""

    visit: DueVisit
    mailbox: str
    note: str  # what the subject adds for a buddy
    cover: str
    silent: bool


def place(visit: DueVisit, people: People) -> tuple[list[Placed], list[Unplaced]]:
    """Find the diaries that a visit belongs in: its worker's, and its buddy's where it needs cover (C.8a).

    A restricted child stays with the worker; the manager is asked to arrange cover.
    """
    placed, reasons = [], []
    worker = people.workers.get(visit.worker_id or "")
    record = people.children.get(visit.child_id)
    restricted = record is None or record.restricted
    wants_buddy = visit.needs_cover and visit.cover_id is not None and not restricted
    buddy = people.workers.get(visit.cover_id or "") if wants_buddy else None
    away = visit.worker_id in people.away
    if worker:
        cover = _cover_words(buddy, away=away, restricted=restricted) if visit.needs_cover else ""
        placed.append(Placed(visit, worker.email, "", cover, silent=away and buddy is not None))
    elif visit.worker_id:
        reasons.append(f"worker {visit.worker_id} is not in the caseload's list of workers")
    else:
        reasons.append("no worker is named for it")
    if buddy and not (worker and worker.email == buddy.email):
        placed.append(_covered(visit, buddy, worker, away=away))
    elif wants_buddy and not buddy:
        reasons.append(f"worker {visit.cover_id}, who is to cover, is not in the caseload's list of workers")
    return placed, [Unplaced(visit.child_id, visit.kind, visit.worker_id, reason) for reason in reasons]


def _cover_words(buddy: Worker | None, *, away: bool, restricted: bool) -> str:
    """Tell the worker who goes when they cannot."""
    why = "You are away." if away else "You are not at work on any day that is left for this."
    if restricted:
        return f"{why} The record is restricted to you and your manager, who is asked to arrange cover."
    if buddy is None:
        return f"{why} Nobody is named to cover: agree it with your manager."
    if away:
        return f"{why} {buddy.called} covers. You stay responsible: on your return, check that it was done."
    return f"{why} {buddy.called} covers from your first day away, if it is not done before."


def _covered(visit: DueVisit, buddy: Worker, worker: Worker | None, *, away: bool) -> Placed:
    """Put a visit into the diary of whoever covers; provisional until the leave has begun."""
    whose = worker.called if worker else "the child's worker"
    if away:
        return Placed(visit, buddy.email, "cover", f"You cover this for {whose}, who is away.", silent=False)
    words = f"Provisional: you cover this if {whose} has not done it before going away."
    return Placed(visit, buddy.email, "cover, provisional", words, silent=False)
