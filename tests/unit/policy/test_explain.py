"""For one child: every clause that applies, step by step, and why each of the others does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.caseload.model import Caseload
from bot.policy.due import judge
from bot.policy.explain import explain
from bot.policy.explanation import Explanation
from bot.policy.pack import Pack
from bot.policy.worktime import OwnDays

TODAY = date(2026, 11, 30)
RULES = Path(__file__).parents[3] / "rules"
EVERY_PACK = sorted(file.stem for file in RULES.glob("*.yaml"))
Make, Packs = Callable[..., Caseload], Callable[[str], Pack]


def explained(known: Caseload, packs: list[Pack], today: date = TODAY, **more: object) -> Explanation:
    return explain(known, packs, judge(known, packs, today, **more), "C1")  # type: ignore[arg-type]


def test_an_explanation_says_the_sum_with_the_days_left_out(caseload: Make, pack: Packs) -> None:
    known = caseload(episodes=[{"kind": "child_protection", "start": date(2026, 12, 20), "worker_id": "W1"}])
    packs = [pack("visiting-policy")]
    today = date(2026, 12, 21)
    explanation = explained(known, packs, today)
    text = explanation.text()
    assert "the start on Sun 20 Dec 2026 + 10 working days" in text
    assert "25 Dec–28 Dec" in text
    assert "= Wed 6 Jan 2027" in text
    assert "B.2" in text.partition("not open for this child:")[2]
    assert {one["clause"]: one["why"] for one in explanation.json()["not_asked"]}["B.2"] == (
        "no plan of kind “child in need” is open today"
    )
    assert explanation.json()["owed"][0]["sums"][0]["due"] == "2027-01-06"


def test_the_days_left_out_are_those_of_the_judgement_the_council_s_closures_among_them(
    caseload: Make, pack: Packs
) -> None:
    known = caseload(episodes=[{"kind": "child_in_need", "start": date(2026, 11, 26), "worker_id": "W1"}])
    closed = explained(known, [pack("measures-of-practice")], own_days=OwnDays((date(2026, 12, 3),)))
    assert "3 Dec" in closed.text()
    assert closed.owed[0].due == date(2026, 12, 29), "20 working days without 3, 25 and 28 December"


def test_each_must_names_the_clauses_that_ask_for_it(caseload: Make, pack: Packs) -> None:
    """A.6a and B.4 both want the child alone; B.6 the bedroom."""
    known = caseload(
        children=[{"date_of_birth": date(2015, 1, 1)}],
        episodes=[{"kind": "child_protection", "start": date(2026, 11, 2), "worker_id": "W1"}],
        visits=[{"at": date(2026, 11, 20), "status": "completed", "seen": True, "at_home": True}],
    )
    (owed,) = explained(known, [pack("short-guide"), pack("visiting-policy")]).owed
    assert {one.must: one.clauses for one in owed.must} == {
        "alone": ("A.6a", "B.4"),
        "at_home": ("A.0", "A.3", "B.6"),
        "bedroom": ("B.6",),
    }


def test_what_others_owe_does_not_stand_in_a_child_s_explanation(caseload: Make, pack: Packs) -> None:
    episodes = [
        {"child_id": child, "kind": kind, "start": date(2026, 11, 2), "worker_id": "W1"}
        for child, kind in (("C1", "child_in_need"), ("C2", "child_protection"))
    ]
    text = explained(caseload(episodes=episodes), [pack("measures-of-practice")]).text()
    assert "C2" not in text
    assert "D.4" not in text.partition("not open for this child:")[0]


@pytest.mark.parametrize("name", EVERY_PACK)
def test_every_clause_of_a_pack_is_spoken_of_once(name: str, caseload: Make, pack: Packs) -> None:
    """Asked for, raised, holding for the visit, or silent with the reason: no clause is passed over."""
    known = caseload(
        children=[{"household_id": "H1"}],
        episodes=[
            {"kind": kind, "start": date(2026, 11, 2), "worker_id": "W1"} for kind in pack(name).covers
        ],
        risks=[{"household_id": "H1", "risk": "a dog", "to": "workers", "recorded_on": date(2026, 11, 20)}],
    )
    found = explained(known, [pack(name)])
    told = [
        {sum_.clause for owed in found.owed for sum_ in owed.sums},
        {clause for owed in found.owed for must in owed.must for clause in must.clauses},
        {concern.clause for concern in found.concerns},
        {guide.clause for guide in found.guidance},
        {one.clause for one in found.not_asked},
    ]
    wanted = {
        id_
        for clause in pack(name).clauses
        for id_ in clause.every_id
        if id_ != clause.id or not any(clock.stages for clock in clause.clocks)
    }
    stages_without_ids = {
        clause.id
        for clause in pack(name).clauses
        if any(clock.stages and not any(stage.id for stage in clock.stages) for clock in clause.clocks)
    }
    assert set().union(*told) >= wanted | stages_without_ids
    assert not told[4] & set().union(*told[:4]), "what asks something does not stand among the silent"


def test_an_explanation_can_be_read_by_a_machine(caseload: Make, pack: Packs) -> None:
    known = caseload(
        episodes=[{"kind": "child_in_need", "start": date(2026, 11, 2), "worker_id": "W1"}],
        visits=[{"visit_id": "V1", "at": date(2026, 11, 20), "status": "completed", "seen": False}],
    )
    found = explained(known, [pack("measures-of-practice"), pack("ddscp-home-visits")]).json()
    (sum_,) = found["owed"][0]["sums"]
    assert (sum_["base"], sum_["base_is"], sum_["step"]) == ("2026-11-02T00:00", "start", "20 working days")
    assert found["not_counted"][0]["reason"] == "the child was not seen"
    assert "E.4" in {guide["clause"] for guide in found["guidance"]}
