"""Invented digests of a manager."""

from __future__ import annotations

from dataclasses import replace

from bot.digest.approvals import CLOSES, Awaited, AwaitedGroup
from bot.digest.changes import Change
from bot.digest.in_time import NO_TREND, Kept
from bot.digest.leave import LeaveAhead
from bot.digest.manager import Cover, ManagerDigest, Overdue
from bot.digest.mending import Fault, Mending, Unheld
from bot.digest.owed import Owed, Week
from bot.digest.raised import grouped
from bot.digest.risk import AtRisk
from bot.digest.said import SaidDone
from bot.digest.team import Figures, PlanLine, WorkerLine
from bot.rendering.sample.supervision import supervision_sheets
from bot.rendering.sample.visits import DAY, TODAY, at, concern, due_visits, owed, twelve_weeks


def manager_digests() -> tuple[ManagerDigest, ...]:
    """Much to do, nothing overdue, nothing due at all, and a manager without a team."""
    full = _full_digest()
    quiet = replace(
        full,
        team=replace(full.team, overdue=0, due_this_week=0, perhaps_done=0, oldest_days=0),
        workers=tuple(
            replace(w, overdue=0, due_this_week=0, due_next_week=0, oldest_days=0, at_risk=())
            for w in full.workers
        ),
        overdue=(),
        concerns=(),
        approvals=(),
        changes=(),
        trend=NO_TREND,
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
    covered = (
        LeaveAhead(TODAY + 7 * DAY, TODAY + 11 * DAY, True, False, "Amira Khan", 2, 1, arranged=1),
        LeaveAhead(TODAY + 21 * DAY, TODAY + 21 * DAY, True, False, "Priya Nair", 1, 0, cover_away=True),
    )
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
        supervision=supervision_sheets()[:6],
        plans=(
            PlanLine("Child protection", 18, 11, 4, 3, Kept(30, 4, 1, 2)),
            PlanLine("Child in need", 27, 19, 6, 2),
            PlanLine("In our care", 16, 11, 4, 1),
        ),
        workers=(
            WorkerLine("W1", "Amira Khan", 15, 3, 4, 2, 3, 6, (), 4, Kept(40, 6, 3, 6), _risks(rows)),
            WorkerLine("W3", "Priya Nair", 14, 2, 3, 5, 2, 4, away, 0, Kept(24, 3, 1, 1)),
            WorkerLine("W2", "Sam Okoro", 17, 1, 5, 3, 2, 1, covered, None, Kept(24, 1, 1, 0)),
            WorkerLine("W4", "Oluwaseun Bankole-Fitzgerald", 15, 0, 2, 6, 0, 0, ()),
            WorkerLine("W5", "Tom Reeve", 0, 0, 0, 0, 0, 0, ()),
        ),
        overdue=(
            Overdue("Amira Khan", (*rows[:3], _said_and_planned(rows[1]))),
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
        trend=twelve_weeks(),
        approvals=_approvals(),
        changes=(
            Change("20102", "T.B. 20102", TODAY - 3 * DAY, "Priya Nair", "Amira Khan", TODAY - DAY, 1, None),
            Change(
                "20290", "E.O. 20290", TODAY - 5 * DAY, "", "Sam Okoro", TODAY + 2 * DAY, 0, at(TODAY, 15)
            ),
            Change("20291", "D.O. 20291", TODAY - 5 * DAY, "", "Sam Okoro", None, 0, None),
        ),
    )


def _risks(rows: tuple[Owed, ...]) -> tuple[AtRisk, ...]:
    late = replace(rows[4], planned=at(TODAY + 4 * DAY, 15))
    arranged = replace(owed("K.S. 20418", TODAY + 8 * DAY, "B.2"), planned=at(TODAY + 3 * DAY, 15))
    return (
        AtRisk("2 due, nobody covers", rows[5:7], (arranged, replace(arranged, child="K.T. 20420"))),
        AtRisk("1 planned too late", (late,)),
        AtRisk("11 homes by Fri 27 Nov, 3 days at work"),
        AtRisk("1 to try again", rows[3:4]),
    )


def _approvals() -> tuple[AwaitedGroup, ...]:
    late = "The visit is going out of timescale"
    closes = "The visit, or the manager's record of the discussion"
    first = Awaited("20417", "J.S. 20417", "Amira Khan", "C.8e", late, closes, TODAY - 6 * DAY, None)
    asked = replace(
        first, child_id="20418", child="K.S. 20418", asked_on=TODAY - 2 * DAY, sooner=TODAY - 8 * DAY
    )
    signed = replace(first, clause="D.15", says="Signed off by who may", workers="", since=None)
    return (
        AwaitedGroup("C.8e", late, closes, (first, asked)),
        AwaitedGroup("D.15", signed.says, CLOSES, (replace(signed, asked_on=TODAY - 7 * DAY),)),
    )


def _said_and_planned(row: Owed) -> Owed:
    """Said to be done with time left to record it, and planned for another day."""
    said = SaidDone(
        "Said to be done on Sun 22 Nov, 10:12, not yet recorded: 20 hours left (C.3).", over=False
    )
    return replace(row, child="L.S. 20419", said_done=said, planned=at(TODAY + DAY, 15))


def _places(column: str, number: int) -> tuple[str, ...]:
    return tuple(f"visits.csv:{row}:{column}" for row in range(17, 17 + number))
