"""Invented supervision sheets: everything to say, nothing amiss, no supervision recorded, no child at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.digest.papers.record import Agreed
from bot.digest.papers.supervision import Case, Requirement, Review, Sign, Supervision
from bot.digest.signing import SignOff
from bot.digest.supervised import Tried
from bot.rendering.sample.visits import DAY, TODAY, at, concern, due_visits, owed

HOLDS = frozenset({"C.8f", "D.0", "D.15"})


def supervision_sheets() -> tuple[Supervision, ...]:
    """As the digest and the paper take them."""
    full = _full()
    well = replace(
        full,
        worker_id="W2",
        name="Sam Okoro",
        cases=(_case("E.O. 20290", TODAY + 2 * DAY, Review(TODAY - 9 * DAY, reviewed=True)),),
        requirements=full.requirements[:1],
    )
    unknown = replace(
        well, manager="", recorded=False, cases=(replace(well.cases[0], review=Review(None, None)),)
    )
    never = replace(well, cases=(replace(well.cases[0], review=Review(None, None)),))
    none_of_two = replace(never, cases=(never.cases[0], replace(never.cases[0], child="N.W. 20400")))
    others = replace(full, holds=frozenset({"B.1"}), manager="", policies=())
    nobody = replace(well, cases=(), requirements=())
    return (full, well, unknown, never, none_of_two, others, nobody)


def _full() -> Supervision:
    late = due_visits()[0]
    hard = Case(
        child_id="20417",
        child="J.S. 20417",
        plans=("Child protection", "In our care"),
        restricted=True,
        owed=(late,),
        last_seen=TODAY - 17 * DAY,
        own=(Agreed("2 weeks", TODAY - 60 * DAY, "worries"), Agreed("1 month", None, "")),
        signs=(
            Sign("6 days overdue, was due Tue 17 Nov", ("B.1",)),
            Sign("2 attempts since last seen came to nothing, the latest on Wed 18 Nov", ()),
        ),
        tried=(
            Tried(at(TODAY - 9 * DAY, 10), "completed", missed=False, access_problem=True, reason=""),
            Tried(at(TODAY - 5 * DAY, 15), "failed", missed=True, access_problem=True, reason="nobody in"),
        ),
        concerns=(concern("J.S. 20417", "Amira Khan"), replace(concern("J.S. 20417", ""), since=None)),
        review=Review(TODAY - 12 * DAY, reviewed=False),
        sign_offs=(
            SignOff("Assessment", "completed on Mon 2 Nov", awaited=False),
            SignOff("Temporary approval by the service manager", "asked for on Mon 16 Nov", awaited=True),
        ),
    )
    unseen = replace(
        hard,
        child_id="20102",
        child="T.B. 20102",
        restricted=False,
        plans=(),
        last_seen=None,
        own=(),
        signs=(Sign("not seen alone at the last 2 visits", ("A.8d",)),),
        tried=(),
        concerns=(),
        review=Review(TODAY - 12 * DAY, reviewed=None),
        sign_offs=(),
    )
    unowed = replace(unseen, child_id="20103", child="U.B. 20103", signs=(), owed=())
    well = _case("E.O. 20290", TODAY + 2 * DAY, Review(TODAY - 9 * DAY, reviewed=True))
    new = _case("N.W. 20400", TODAY + 5 * DAY, Review(None, None))
    return Supervision(
        worker_id="W1",
        name="Amira Khan",
        manager="Grace Adeyemi",
        today=TODAY,
        cases=(hard, unseen, well, new, unowed),
        requirements=(
            Requirement(("B.1",), "Visit, 10 working days", False, (("J.S. 20417", TODAY - 6 * DAY),)),
            Requirement(
                ("C.0",), "Visit, 1 week", True, (("T.B. 20102", TODAY), ("N.W. 20400", TODAY + DAY))
            ),
        ),
        recorded=True,
        holds=HOLDS,
        policies=("Protocol on visits", "Measures of practice"),
    )


def _case(child: str, due: date, review: Review) -> Case:
    row = owed(child, due, "B.2", setting="Foster home")
    return Case(
        child_id=row.child_id,
        child=child,
        plans=("Child in need",),
        restricted=False,
        owed=(row,),
        last_seen=TODAY - 20 * DAY,
        own=(),
        signs=(),
        tried=(),
        concerns=(),
        review=review,
        sign_offs=(),
    )
