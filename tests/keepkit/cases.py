"""What happens to children and workers in a history, and what people may expect no more after it."""

from __future__ import annotations

from datetime import timedelta

from keepkit.children import Case, Council
from keepkit.expected import WORKERS, Expected

_MOVING = (
    *("due date changes", "visit is recorded", "visit does not count"),
    *("case closes or opens", "reallocated"),
)
CHANGES = (*_MOVING, "visit does not count", "risk is recorded", "worker leaves", "worker comes")


def change(council: Council, expected: Expected, what: str, which: int, days: int) -> bool:
    """One change of the caseload; tells whether anything is different now."""
    due, workers = council.today + timedelta(days=days), council.workers
    case, heir = council.cases[which % len(council.cases)], workers[which % len(workers)]
    if what == "visit is recorded":  # rather one whose record an orange entry asks for
        case = next((one for one in council.cases if expected.signs.asks_for(one)), case)
    if what == "visit does not count" and case.cycle == 0:
        case = next((one for one in council.cases if one.cycle > 0), case)
    possible = {
        "due date changes": due != case.due,
        "visit is recorded": case.open,
        "visit does not count": case.cycle > 0,
        "reallocated": heir != case.worker,
        "worker leaves": len(workers) > 2,
        "worker comes": len(workers) < len(WORKERS),
    }
    if not possible.get(what, True):
        return False
    if what in _MOVING:
        expected.forget(case)
    match what:
        case "due date changes":
            case.due = due
        case "risk is recorded":
            case.risk = ("", "dog", "stairs")[which % 3]
        case "visit is recorded":
            council.record_visit(case, council.today + timedelta(days=1 + abs(days)))
        case "visit does not count":
            council.uncount_visit(case, due)
            expected.forget(case)
        case "case closes or opens":
            case.open = not case.open
        case "reallocated":
            case.worker = heir
        case "worker leaves":
            _leaves(council, expected, heir)
        case "worker comes":
            workers.append(next(one for one in WORKERS if one not in workers))
    return True


def _leaves(council: Council, expected: Expected, worker: str) -> None:
    mine: list[Case] = [case for case in council.cases if case.worker == worker]
    for case in mine:
        expected.forget(case)
    council.leave(worker, next(one for one in council.workers if one != worker))
