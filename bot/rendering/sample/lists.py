"""Invented Monday lists of a worker."""

from __future__ import annotations

from dataclasses import replace

from bot.digest.leave import LeaveAhead
from bot.digest.morning import Morning
from bot.digest.owed import Week
from bot.digest.own_weeks import OwnWeeks
from bot.digest.records import Record
from bot.digest.step_down import StepDown, Waiting
from bot.digest.worker import WorkerList
from bot.rendering.sample.visits import DAY, TODAY, at, concern, due_visits, owed


def worker_lists() -> tuple[WorkerList, ...]:
    """A full week, an empty one, and one in which nothing may identify a child."""
    full = _full_list()
    empty = replace(
        full,
        overdue=(),
        this_week=(),
        next_week=(),
        later=1,
        next_due=TODAY + 20 * DAY,
        covering=(),
        records=(),
        older_records=0,
        concerns=(),
        leave=(),
        waiting=StepDown(),
        own_weeks=OwnWeeks(12, 5, 0, 0),
    )
    hidden = replace(
        full,
        overdue=tuple(
            replace(
                row,
                child="A child",
                siblings=("A child",) * (1 + number % 2),
                said_done=row.said_done and replace(row.said_done, over=False),
            )
            for number, row in enumerate(full.overdue)
        ),
        this_week=(),
    )
    return (full, empty, hidden, replace(empty, next_week=full.next_week))


def mornings() -> tuple[Morning, ...]:
    """A busy morning, one with a record alone, and one in which nothing may identify a child."""
    rows = due_visits()
    today = tuple(replace(row, due=TODAY, act_by=TODAY, days_late=0) for row in rows[:2])
    full = Morning(
        worker_id="W1",
        name="Amira Khan",
        email="amira.khan@council.example",
        today=TODAY,
        due_today=today,
        due_tomorrow=(owed("D.W. 20318", TODAY + DAY, "B.2"),),
        covering=(owed("O.G. 20127", TODAY + DAY, "B.1", worker="Priya Nair"),),
        records=(
            _record("R.P. 20147", 1, clause="C.3", by=TODAY + DAY, by_at=at(TODAY + DAY, 11), hours=27),
            _record("H.J. 20144", 5, clause="C.3", by=TODAY + DAY),
        ),
        overdue=tuple(row for row in rows if row.days_late),
        covering_overdue=(
            owed(
                "V.D. 20163",
                TODAY - DAY,
                "B.2",
                worker="Priya Nair",
                setting="Northdale House",
                planned=at(TODAY + DAY, 15),
            ),
        ),
        late_records=1,
    )
    alone = replace(
        full, due_today=(), due_tomorrow=(), covering=(), overdue=(), covering_overdue=(), late_records=2
    )
    hidden = replace(
        full,
        due_today=tuple(replace(row, child="A child") for row in today),
        records=(),
        overdue=(replace(full.overdue[0], child="A child"),),
        covering_overdue=(),
        late_records=0,
    )
    return (full, alone, hidden)


def _full_list() -> WorkerList:
    rows = due_visits()
    return WorkerList(
        worker_id="W1",
        name="Amira Khan",
        email="amira.khan@council.example",
        today=TODAY,
        week=Week.of(TODAY),
        children=15,
        overdue=tuple(row for row in rows if row.days_late),
        this_week=tuple(row for row in rows if not row.days_late),
        next_week=(owed("D.W. 20318", TODAY + 8 * DAY, "B.2"), owed("F.C. 20319", TODAY + 10 * DAY, "B.1")),
        later=5,
        next_due=TODAY + 16 * DAY,
        covering=(
            owed(
                "O.G. 20127",
                TODAY + DAY,
                "B.1",
                worker="Priya Nair",
                planned=at(TODAY + DAY, 10),
                planned_in_leave=True,
            ),
        ),
        records=(
            _record(
                "T.B. 20102",
                4,
                clause="C.3",
                by=TODAY - 2 * DAY,
                by_at=at(TODAY - 2 * DAY, 11),
                days_late=2,
                hours=-45,
            ),
            _record("H.J. 20144", 5, clause="C.3", by=TODAY + DAY),
            _record("R.P. 20147", 1, clause="C.3", by=TODAY + DAY, by_at=at(TODAY + DAY, 11), hours=27),
            _record("C.L. 20160", 6, held=False),
            _record("A.M. 20151", 3, unfinished=False, wanting=("C.4: seen alone has no answer",)),
        ),
        older_records=2,
        concerns=(concern("J.S. 20417", "Amira Khan"),),
        about_week=("Each week starts with a list of the least that must happen (C.7d)",),
        about_step_down=("Low-level work is moved towards closure (C.7h)",),
        waiting=StepDown(
            (
                Waiting("20311", "P.R. 20311", "Child in need", TODAY - 420 * DAY, 60, TODAY - 46 * DAY, 46),
                Waiting("20340", "E.V. 20340", "Early help", TODAY - 50 * DAY, 7, None, 50),
            ),
            1,
        ),
        own_weeks=OwnWeeks(24, 21, 2, 6),
        about_records=("every visit is recorded in a case note (B.11)",),
        leave=(
            LeaveAhead(TODAY + 7 * DAY, TODAY + 11 * DAY, True, False, "Sam Okoro", 3, 1, arranged=2),
            LeaveAhead(TODAY + 21 * DAY, TODAY + 21 * DAY, True, False, "", 0, 0),
        ),
    )


def _record(child: str, days_ago: int, **more: object) -> Record:
    row = Record(
        child_id=child.rsplit(maxsplit=1)[-1],
        child=child,
        worker="Amira Khan",
        at=at(TODAY - days_ago * DAY, 11),
        unfinished=True,
        held=True,
        clause="",
        by=None,
        by_at=None,
        days_late=0,
        wanting=(),
    )
    return replace(row, **more)  # type: ignore[arg-type]  # the fields are Record's own, by name
