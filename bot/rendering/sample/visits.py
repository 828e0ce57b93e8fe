"""What the invented papers share: one day, and the visits and concerns of one invented team."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.digest.in_time import NOTHING, Kept, Trend, WeekKept
from bot.digest.owed import Owed, Week, Why
from bot.digest.raised import Raised
from bot.digest.said import SaidDone

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def owed(child: str, due: date, clause: str, **more: object) -> Owed:
    """A visit due by a clause; ``more`` are fields of Owed."""
    says = {
        "B.1": "a child on a child protection plan is seen at least every 10 working days",
        "B.2": "a child in need is seen at least every 20 working days",
        "D.5d": "a child in our care is seen every 6 weeks in the first year",
        "D.11": "a child who went missing is offered an interview within 72 hours of return",
    }
    late = max(0, (TODAY - due).days)
    row = Owed(
        child_id=child.rsplit(maxsplit=1)[-1],
        child=child,
        worker="Amira Khan",
        what="Visit",
        setting="",
        due=due,
        due_at=None,
        act_by=max(due, TODAY),
        days_late=late,
        needs=("See the child alone for part of the visit", "See the child's bedroom"),
        why=(
            Why(clause, says[clause], "10 working days after the visit on Fri 6 Nov 2026", due, governs=True),
        ),
        planned=None,
        try_again="",
        perhaps_done="",
        not_counted=(),
        risks=(),
        cover="",
        household=None,
        siblings=(),
        child_protection=clause == "B.1",
    )
    return replace(row, **more)  # type: ignore[arg-type]  # the fields are Owed's own, by name


SAID = SaidDone(
    "Said to be done on Thu 19 Nov, 10:12, not yet recorded: the time to record it ended 45 hours ago (C.3).",
    over=True,
)


def due_visits() -> tuple[Owed, ...]:
    """Late, due and planned ones, with everything that may be said of one."""
    later = Why(
        "C.0", "the level set for this child", "2 weeks after the visit on Fri 6 Nov 2026", TODAY, False
    )
    first = owed("J.S. 20417", TODAY - 6 * DAY, "B.1", household="H1", siblings=("K.S. 20418",))
    return (
        replace(
            first,
            risks=("Do not go alone: joint visit. Dog loose in the garden (recorded Fri 2 Oct 2026)",),
            try_again="The visit of Wed 18 Nov did not take place.",
            not_counted=("The visit of Tue 10 Nov does not count for B.1: it was by video.",),
            why=(*first.why, later),
        ),
        owed("K.S. 20418", TODAY - 3 * DAY, "B.1", household="H1", siblings=("J.S. 20417",), said_done=SAID),
        owed(
            "T.B. 20102",
            TODAY - DAY,
            "B.2",
            perhaps_done="The record of the visit of Thu 19 Nov is not finished.",
        ),
        owed("R.N. 20333", TODAY, "D.11", what="Return interview", needs=(), due_at=at(TODAY, 16)),
        owed("E.O. 20290", TODAY + 2 * DAY, "B.2", planned=at(TODAY + DAY, 15)),
        owed(
            "M.A. 20355",
            TODAY + 6 * DAY,
            "D.5d",
            act_by=TODAY + 3 * DAY,
            setting="Foster home",
            planned=at(TODAY + 8 * DAY, 14),
            planned_in_leave=True,
        ),
        owed("L.P. 20276", TODAY + 4 * DAY, "B.2", cover="Sam Okoro covers", due_at=at(TODAY + 4 * DAY, 10)),
    )


def twelve_weeks() -> Trend:
    """Getting better, but for a week in which nothing fell due and one that went badly."""
    weeks = [Kept(5, 2, 1, 1), Kept(6, 1, 0, 2), NOTHING, Kept(8), Kept(2, 3, 1, 1), Kept(7, 1, 1, 0)]
    weeks += [Kept(9, 1), Kept(8, 0, 1, 0), Kept(10, 1), Kept(9, 1), Kept(12, 0, 0, 1), Kept(12, 0, 1, 1)]
    monday = Week.of(TODAY).starts
    return Trend(
        tuple(WeekKept(monday - (12 - n) * 7 * DAY, kept) for n, kept in enumerate(weeks)), Kept(not_done=1)
    )


def at(when: date, hour: int) -> datetime:
    """That day at the full hour."""
    return datetime(when.year, when.month, when.day, hour)


def concern(child: str, workers: str) -> Raised:
    """Two visits that did not take place."""
    return Raised(
        child_id=child.rsplit(maxsplit=1)[-1],
        child=child,
        workers=workers,
        clause="A.8a",
        says="Two visits in a row did not take place",
        closes="a visit that counts",
        since=TODAY - 4 * DAY,
        told="manager and IRO",
        to=("manager", "iro"),
    )
