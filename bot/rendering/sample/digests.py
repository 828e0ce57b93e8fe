"""Invented digests of a manager."""

from __future__ import annotations

from dataclasses import replace

from bot.digest.leave import LeaveAhead
from bot.digest.manager import Cover, ManagerDigest, Overdue
from bot.digest.mending import Fault, Mending, Unheld
from bot.digest.owed import Week
from bot.digest.raised import grouped
from bot.digest.team import Figures, PlanLine, WorkerLine
from bot.rendering.sample.supervision import supervision_sheets
from bot.rendering.sample.visits import DAY, TODAY, concern, due_visits, owed


def manager_digests() -> tuple[ManagerDigest, ...]:
    """Much to do, nothing overdue, nothing due at all, and a manager without a team."""
    full = _full_digest()
    quiet = replace(
        full,
        team=replace(full.team, overdue=0, due_this_week=0, perhaps_done=0, oldest_days=0),
        workers=tuple(
            replace(w, overdue=0, due_this_week=0, due_next_week=0, oldest_days=0) for w in full.workers
        ),
        overdue=(),
        concerns=(),
        to_workers_only=0,
        cover=(),
        supervision=(),
        mending=Mending((), 0, (), 0, 0),
        warnings=(),
    )
    nobody = replace(quiet, team=Figures(0, 0, 0, 0, 0, 0, 0), plans=(), workers=())
    in_time = replace(
        full,
        team=replace(full.team, overdue=0, perhaps_done=0, oldest_days=0),
        workers=tuple(replace(worker, overdue=0, oldest_days=0) for worker in full.workers),
        overdue=(),
    )
    return (full, in_time, quiet, nobody)


def _full_digest() -> ManagerDigest:
    rows = due_visits()
    away = (LeaveAhead(TODAY - 3 * DAY, None, False, True, "", 4, 0),)
    return ManagerDigest(
        manager_id="M1",
        name="Grace Adeyemi",
        email="grace.adeyemi@council.example",
        today=TODAY,
        week=Week.of(TODAY),
        team=Figures(
            children=61,
            in_time=41,
            due_this_week=14,
            overdue=6,
            perhaps_done=1,
            not_recorded=7,
            oldest_days=6,
            said_done=1,
        ),
        said_done=tuple(row for row in rows if row.said_done),
        supervision=supervision_sheets()[:4],
        plans=(
            PlanLine("Child protection", 18, 11, 4, 3),
            PlanLine("Child in need", 27, 19, 6, 2),
            PlanLine("In our care", 16, 11, 4, 1),
        ),
        workers=(
            WorkerLine("W1", "Amira Khan", 15, 3, 4, 2, 3, 6, ()),
            WorkerLine("W3", "Priya Nair", 14, 2, 3, 5, 2, 4, away),
            WorkerLine("W2", "Sam Okoro", 17, 1, 5, 3, 2, 1, ()),
            WorkerLine("W4", "Oluwaseun Bankole-Fitzgerald", 15, 0, 2, 6, 0, 0, ()),
            WorkerLine("W5", "Tom Reeve", 0, 0, 0, 0, 0, 0, ()),
        ),
        overdue=(
            Overdue("Amira Khan", rows[:3]),
            Overdue(
                "Priya Nair",
                (owed("O.G. 20127", TODAY - 4 * DAY, "D.5d", try_again=rows[0].try_again, setting="A"),),
            ),
        ),
        concerns=grouped((concern("J.S. 20417", "Amira Khan"), concern("O.G. 20127", "Priya Nair"))),
        to_workers_only=3,
        cover=(
            Cover("Priya Nair", "nobody is named to cover", (owed("O.G. 20127", TODAY - 4 * DAY, "D.5d"),)),
            Cover("Priya Nair", "Sam Okoro covers", (owed("V.D. 20163", TODAY + 2 * DAY, "B.2"),)),
        ),
        mending=Mending(
            faults=(
                Fault("seen is blank", "Write yes or no.", "value ignored", _places("seen", 14)),
                Fault("the reason is blank", "Write why it was put off.", "warning", _places("reason", 1)),
            ),
            elsewhere=4,
            unheld=(
                Unheld("20222", "B.T. 20222", "Sam Okoro", TODAY - 2 * DAY, 2),
                Unheld("20223", "C.T. 20223", "", TODAY + 2 * DAY, 0),
            ),
            unheld_elsewhere=1,
            workers_in_no_team=1,
        ),
        warnings=("visiting-policy was due for review by 31 Jul 2020 (B.13).",),
    )


def _places(column: str, number: int) -> tuple[str, ...]:
    return tuple(f"visits.csv:{row}:{column}" for row in range(17, 17 + number))
