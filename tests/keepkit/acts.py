"""What people do in their diaries in a history, one act at a time."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.store import ledger
from keepkit.children import address
from keepkit.expected import WORKERS, Expected
from keepkit.people import Event

ACTS = (
    *("move", "move", "move", "delete", "delete", "copy", "strip", "recolour", "retitle"),
    *("mark done", "mark done", "mark done", "give colour back"),
    *("silence", "own appointment", "rename category", "delete category"),
)


def act(expected: Expected, what: str, which: int, days: int, hour: int) -> bool:
    """One act of somebody's; tells whether there was anything to do it with."""
    worker, office = WORKERS[which % 4], expected.office
    if what == "own appointment" and worker not in expected.closed:
        at = datetime.combine(expected.council.today + timedelta(days=days), time(hour))
        expected.own_appointment(worker, at)
        return True
    if what in ("own appointment", "rename category", "delete category"):
        if worker in expected.closed or not office.has_category(worker, "Visit"):
            return False
        expected.category_goes(worker, renamed=what == "rename category")
        return True
    open_ = [one for one in WORKERS if one not in expected.closed]
    made = [one for one in office.everywhere(open_) if one.made_by_bot and _can(what, one)]
    if not made:
        return False
    made.sort(key=lambda one: (one.worker, one.subject, one.starts, one.id))
    return _on(expected, made[which % len(made)], what, days, hour)


def _can(what: str, event: Event) -> bool:
    coloured = "Visit" in event.categories
    return {"mark done": coloured, "give colour back": not coloured}.get(what, True)


def _on(expected: Expected, event: Event, what: str, days: int, hour: int) -> bool:
    starts = datetime.combine(event.starts.date() + timedelta(days=days), time(hour))
    office = expected.office
    match what:
        case "move":
            expected.moves(event, starts)
        case "delete":
            expected.deletes(event)
        case "copy":
            office.copy(event, starts)
        case "strip":
            if not _is_remembered(expected, event):
                return False  # with neither tag nor memory nobody could know it for ours
            office.strip(event)
        case "recolour":
            expected.recolours(event, "Court")
        case "retitle":
            office.retitle(event)
        case "mark done":
            expected.says_done(event)
        case "give colour back":
            expected.takes_sign_back(event)
        case "silence":
            office.dismiss_alarm(event)
    return True


def _is_remembered(expected: Expected, event: Event) -> bool:
    rows = ledger.rows_by_mailbox(expected.bench.world.store).get(address(event.worker), ())
    return any(row.event_id == event.id for row in rows)
