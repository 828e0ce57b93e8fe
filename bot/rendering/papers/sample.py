"""Invented papers that fill every branch of their templates, for ``check`` to render. Nobody here exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from bot.digest.owed import Owed, Why
from bot.digest.papers.agreement import Agreement
from bot.digest.papers.family_diary import Coming, FamilyDiary
from bot.digest.papers.often import Often
from bot.digest.papers.people import NOBODY, Reach
from bot.digest.papers.record import Agreed, Request, Risk, Row, Stay
from bot.digest.papers.sheet import Rule, Sheet, Skeleton
from bot.digest.words import must
from bot.policy.period import parse
from bot.rendering.papers import making
from bot.rendering.sample.supervision import supervision_sheets
from bot.rendering.sample.visits import DAY, TODAY, concern

WORKER = Reach("W1", "Amira Khan", "01632 960101", "amira.khan@council.example")
MANAGER = Reach("M1", "Grace Adeyemi", "01632 960102", "grace.adeyemi@council.example")


def renderings(folder: Path) -> Iterator[Callable[[], str]]:
    """Every invented paper through its template."""
    for sheet in sheets():
        yield partial(making.preparation_sheet, sheet, folder)
        yield partial(making.write_up, sheet, folder)
    for diary in diaries():
        for large in (False, True):
            yield partial(making.agreement, diary.agreement, folder, large=large)
            yield partial(making.family_diary, diary, folder, large=large)
    for supervised in supervision_sheets():
        yield partial(making.supervision_sheet, supervised, folder)


def sheets() -> tuple[Sheet, ...]:
    """Everything to say, almost nothing, a restricted record of nobody known, and a child not yet born."""
    full = _full_sheet()
    bare = replace(
        full,
        age="",
        worker=NOBODY,
        manager=NOBODY,
        owed=(replace(full.owed[1], siblings=()),),
        no_access=(),
        records=(),
        risk_rules=(),
        risks_to_workers=(),
        risks_to_child=(),
        skeleton=None,
        past=(),
        missed=(),
        counted=0,
        agreed=(),
        requests=(),
        stays=(),
        concerns=(),
        holds=frozenset(),
    )
    later = replace(full, skeleton=replace(full.skeleton, of_last_visit=False)) if full.skeleton else full
    return (
        full,
        bare,
        replace(
            bare,
            restricted=True,
            owed=(replace(full.owed[0], needs=()),),
            stays=tuple(replace(stay, agency_told=True) for stay in full.stays),
        ),
        replace(later, restricted=True, may_have=(WORKER, MANAGER), protection=False, age="not yet born"),
    )


def diaries() -> tuple[FamilyDiary, ...]:
    """For parents, for carers, for a young person; full, empty, and of a worker of whom nothing is known."""
    full = FamilyDiary(
        Agreement("20417", "J.S. 20417", "parents", WORKER, MANAGER, Often(parse("10 working days"))),
        (
            Coming(_at(TODAY + DAY, 15), True, "in_person", True, ""),
            Coming(_at(TODAY + 8 * DAY, 0), False, "video", None, "Sam Okoro"),
        ),
    )
    carers = replace(full.agreement, reader="carers", often=Often(parse("6 weeks")))
    young = replace(
        full.agreement, reader="young_person", often=None, worker=NOBODY, manager=NOBODY, child=""
    )
    return full, FamilyDiary(carers, ()), FamilyDiary(young, ())


def _at(when: date, hour: int) -> datetime:
    return datetime(when.year, when.month, when.day, hour)


def _full_sheet() -> Sheet:
    return Sheet(
        child_id="20417",
        child="J.S. 20417",
        today=TODAY,
        age="7 years",
        worker=WORKER,
        manager=MANAGER,
        restricted=False,
        may_have=(),
        owed=_owed(),
        no_access=(
            Rule("B.7", "Another visit is tried within 2 working days."),
            Rule("E.4", "Agreed before."),
        ),
        records=(Rule("C.3", "The visit is recorded within 48 hours."), Rule("E.7", "Recorded in time.")),
        risk_rules=(Rule("E.5", "A danger is passed on."), Rule("V.1", "The landlord is told.")),
        risks_to_workers=(Risk("dog loose in the garden", True, True, TODAY - 50 * DAY),),
        risks_to_child=(Risk("unsafe sleeping arrangements", False, False, TODAY - 30 * DAY),),
        skeleton=Skeleton("see the bedroom, ask about sleep", TODAY - 10 * DAY, of_last_visit=True),
        past=(_row("V2", TODAY - 10 * DAY), _row("V1", TODAY - 24 * DAY, announced=False, seen=False)),
        missed=(_row("V3", TODAY - 5 * DAY, status="failed", access_problem=True, reason="nobody in"),),
        unannounced=1,
        counted=2,
        agreed=(Agreed("2 weeks", TODAY - 60 * DAY, "worries"), Agreed("1 month", None, "")),
        requests=(Request("child", TODAY - 2 * DAY, TODAY + DAY), Request("", TODAY - DAY, None)),
        stays=(
            Stay(TODAY, None, True, "grandmother, number on file", False),
            Stay(TODAY + 9 * DAY, TODAY + 12 * DAY, False, "", None),
        ),
        protection=True,
        concerns=(concern("J.S. 20417", "Amira Khan"),),
        holds=frozenset({"B.10", "B.7", "C.3"}),
        policies=("Visiting policy", "Guidance on home visits"),
    )


def _owed() -> tuple[Owed, ...]:
    visit = Owed(
        child_id="20417",
        child="J.S. 20417",
        worker="Amira Khan",
        what="Visit",
        setting="",
        due=TODAY - 2 * DAY,
        due_at=None,
        act_by=TODAY,
        days_late=2,
        needs=("See the child alone for part of the visit (B.4)", f"{must('unannounced')} (A.4)"),
        why=(
            Why("B.1", "a child is seen", "10 working days after the visit", TODAY - 2 * DAY, governs=True),
        ),
        planned=_at(TODAY + DAY, 10),
        try_again="The visit of Wed 18 Nov did not take place.",
        perhaps_done="The record of the visit of Thu 19 Nov is not finished.",
        not_counted=("The visit of Tue 10 Nov does not count for B.1: it was by video.",),
        risks=(),
        cover="Sam Okoro covers",
        household="H1",
        siblings=("K.S. 20418",),
        child_protection=True,
    )
    talk = replace(
        visit,
        what="Return interview",
        setting="Foster home",
        due=TODAY + DAY,
        due_at=_at(TODAY + DAY, 16),
        act_by=TODAY + DAY,
        days_late=0,
        needs=(),
        planned=None,
        try_again="",
        perhaps_done="",
        not_counted=(),
        cover="",
    )
    return visit, talk


def _row(
    visit_id: str,
    when: date,
    *,
    status: str = "completed",
    seen: bool = True,
    announced: bool = True,
    access_problem: bool = False,
    reason: str = "",
) -> Row:
    return Row(
        visit_id=visit_id,
        at=_at(when, 11),
        timed=True,
        status=status,
        kind="visit",
        channel="in_person",
        seen=seen,
        alone=None,
        at_home=True,
        bedroom=False,
        announced=announced,
        access_problem=access_problem,
        reason=reason,
        worker_id="W1",
        planned_for=None,
        next_plan="",
    )
