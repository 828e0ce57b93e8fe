"""Invented digests that fill every branch of the templates, so that ``check`` can render them before a run.

A council edits templates; what is wrong in one must be found while somebody looks, not at 07:00 on a Monday.
Nobody here exists.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.diary.entry import Body, Clause
from bot.digest.leave import LeaveAhead
from bot.digest.manager import Cover, ManagerDigest, Overdue
from bot.digest.mending import Fault, Mending, Unheld
from bot.digest.owed import Owed, Week, Why
from bot.digest.raised import Raised, grouped
from bot.digest.records import Record
from bot.digest.said import SaidDone
from bot.digest.team import Figures, PlanLine, WorkerLine
from bot.digest.worker import WorkerList

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


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
    )
    hidden = replace(
        full,
        overdue=tuple(replace(row, child="A child", siblings=("A child",)) for row in full.overdue),
        this_week=(),
    )
    return (full, empty, hidden)


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


def entry_bodies() -> tuple[Body, ...]:
    """An entry with everything to say, and one with as little as can be."""
    why = tuple(
        Clause(
            name, "a child is seen at least every 2 weeks", "2 weeks after the visit", TODAY, name == "B.1"
        )
        for name in ("B.1", "C.0")
    )
    full = Body(
        heading="Visit due Mon 23 Nov 2026",
        child="J.S. 20417",
        why=why,
        must=("See the child alone for part of the visit",),
        risk=("Dog loose in the garden",),
        siblings_owed=2,
        if_no_access="Try again by Wed 25 Nov.",
        call=("Manager: Grace Adeyemi",),
        cover="Sam Okoro covers",
        wrong="Wrong? Tell your manager.",
        where="Foster home",
    )
    return (full, Body("Seen", "", (), (), (), 0, "", (), "", "Wrong?"))


def _owed(child: str, due: date, clause: str, **more: object) -> Owed:
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


def _rows() -> tuple[Owed, ...]:
    later = Why(
        "C.0", "the level set for this child", "2 weeks after the visit on Fri 6 Nov 2026", TODAY, False
    )
    first = _owed("J.S. 20417", TODAY - 6 * DAY, "B.1", household="H1", siblings=("K.S. 20418",))
    return (
        replace(
            first,
            risks=("Do not go alone: joint visit. Dog loose in the garden (recorded Fri 2 Oct 2026)",),
            try_again="The visit of Wed 18 Nov did not take place.",
            not_counted=("The visit of Tue 10 Nov does not count for B.1: it was by video.",),
            why=(*first.why, later),
        ),
        _owed("K.S. 20418", TODAY - 3 * DAY, "B.1", household="H1", siblings=("J.S. 20417",), said_done=SAID),
        _owed(
            "T.B. 20102",
            TODAY - DAY,
            "B.2",
            perhaps_done="The record of the visit of Thu 19 Nov is not finished.",
        ),
        _owed("R.N. 20333", TODAY, "D.11", what="Return interview", needs=(), due_at=_at(TODAY, 16)),
        _owed("E.O. 20290", TODAY + 2 * DAY, "B.2", planned=_at(TODAY + DAY, 15)),
        _owed("M.A. 20355", TODAY + 6 * DAY, "D.5d", act_by=TODAY + 3 * DAY, setting="Foster home"),
        _owed(
            "L.P. 20276", TODAY + 4 * DAY, "B.2", cover="Sam Okoro covers", due_at=_at(TODAY + 4 * DAY, 10)
        ),
    )


def _at(when: date, hour: int) -> datetime:
    return datetime(when.year, when.month, when.day, hour)


def _full_list() -> WorkerList:
    rows = _rows()
    return WorkerList(
        worker_id="W1",
        name="Amira Khan",
        email="amira.khan@council.example",
        today=TODAY,
        week=Week.of(TODAY),
        children=15,
        overdue=tuple(row for row in rows if row.days_late),
        this_week=tuple(row for row in rows if not row.days_late),
        next_week=(_owed("D.W. 20318", TODAY + 8 * DAY, "B.2"), _owed("F.C. 20319", TODAY + 10 * DAY, "B.1")),
        later=5,
        next_due=TODAY + 16 * DAY,
        covering=(_owed("O.G. 20127", TODAY + DAY, "B.1", worker="Priya Nair"),),
        records=(
            _record(
                "T.B. 20102", 4, clause="C.3", by=TODAY - 2 * DAY, by_at=_at(TODAY - 2 * DAY, 11), days_late=2
            ),
            _record("H.J. 20144", 5, clause="C.3", by=TODAY + DAY),
            _record("C.L. 20160", 6, held=False),
            _record("A.M. 20151", 3, unfinished=False, wanting=("C.4: seen alone has no answer",)),
        ),
        older_records=2,
        concerns=(_concern("J.S. 20417", "Amira Khan"),),
        about_records=("every visit is recorded in a case note (B.11)",),
        leave=(
            LeaveAhead(TODAY + 7 * DAY, TODAY + 11 * DAY, True, False, "Sam Okoro", 3, 1),
            LeaveAhead(TODAY + 21 * DAY, TODAY + 21 * DAY, True, False, "", 0, 0),
        ),
    )


def _record(child: str, days_ago: int, **more: object) -> Record:
    row = Record(
        child_id=child.rsplit(maxsplit=1)[-1],
        child=child,
        worker="Amira Khan",
        at=_at(TODAY - days_ago * DAY, 11),
        unfinished=True,
        held=True,
        clause="",
        by=None,
        by_at=None,
        days_late=0,
        wanting=(),
    )
    return replace(row, **more)  # type: ignore[arg-type]  # the fields are Record's own, by name


def _concern(child: str, workers: str) -> Raised:
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


def _full_digest() -> ManagerDigest:
    rows = _rows()
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
                (_owed("O.G. 20127", TODAY - 4 * DAY, "D.5d", try_again=rows[0].try_again, setting="A"),),
            ),
        ),
        concerns=grouped((_concern("J.S. 20417", "Amira Khan"), _concern("O.G. 20127", "Priya Nair"))),
        to_workers_only=3,
        cover=(
            Cover("Priya Nair", "nobody is named to cover", (_owed("O.G. 20127", TODAY - 4 * DAY, "D.5d"),)),
            Cover("Priya Nair", "Sam Okoro covers", (_owed("V.D. 20163", TODAY + 2 * DAY, "B.2"),)),
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
