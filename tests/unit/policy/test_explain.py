"""For one child: every clause that applies, step by step, and why each of the others does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.caseload.model import Caseload
from bot.caseload.plain import read
from bot.policy.asks_where import WORDS
from bot.policy.due import judge
from bot.policy.explain import explain
from bot.policy.explained import in_words
from bot.policy.explanation import Explanation
from bot.policy.pack import Pack
from bot.policy.vocabulary import MUST_CONDITIONS
from bot.policy.worktime import OwnDays

TODAY = date(2026, 11, 30)
RULES = Path(__file__).parents[3] / "rules"
EXAMPLE, EXAMPLE_DAY = RULES.parent / "config" / "caseload", date(2026, 11, 23)
EVERY_PACK = sorted(file.stem for file in RULES.glob("*.yaml"))
Make, Packs = Callable[..., Caseload], Callable[[str], Pack]


def explained(known: Caseload, packs: list[Pack], today: date = TODAY, **more: object) -> Explanation:
    return explain(known, packs, judge(known, packs, today, **more), "C1")  # type: ignore[arg-type]


def test_an_explanation_says_the_sum_with_the_days_left_out(caseload: Make, pack: Packs) -> None:
    known = caseload(episodes=[{"kind": "child_protection", "start": date(2026, 12, 20), "worker_id": "W1"}])
    packs = [pack("visiting-policy")]
    today = date(2026, 12, 21)
    explanation = explained(known, packs, today)
    text = in_words(explanation)
    assert "the plan agreed on Sun 20 Dec 2026 + 10 working days" in text
    assert "Christmas Day 25 Dec; Boxing Day (observed) 28 Dec" in text
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
    assert "3 Dec" in in_words(closed)
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
    text = in_words(explained(caseload(episodes=episodes), [pack("measures-of-practice")]))
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


def test_a_day_left_out_is_called_by_its_name(caseload: Make, pack: Packs) -> None:
    known = caseload(episodes=[{"kind": "child_in_need", "start": date(2026, 12, 14), "worker_id": "W1"}])
    today, closed = date(2026, 12, 15), OwnDays((date(2026, 12, 29), date(2026, 12, 30)))
    found = explained(known, [pack("measures-of-practice")], today, own_days=closed)
    text = in_words(found)
    assert (
        "Christmas Day 25 Dec; Boxing Day (observed) 28 Dec; New Year's Day 1 Jan; closed 29 Dec–30 Dec"
        in text
    )
    # 14 Dec + 20 working days: 18 Dec is 4, 24 Dec 8, 31 Dec 9, 8 Jan 14, 15 Jan 19, Mon 18 Jan 20.
    assert text.count("= Mon 18 Jan 2027") == 1
    (sum_,) = found.json()["owed"][0]["sums"]
    assert {"day": "2026-12-28", "why": "Boxing Day (observed)"} in sum_["skipped"]
    assert sum_["calendar"].startswith("working days")


@pytest.mark.parametrize("name", EVERY_PACK)
def test_interval_and_days_left_out_make_up_the_span_of_every_sum(name: str, pack: Packs) -> None:
    """Of every child of the example caseload: a sum can be checked with a calendar and nothing else."""
    known = read(EXAMPLE, EXAMPLE_DAY)
    packs = [pack(name)]
    judgement = judge(known, packs, EXAMPLE_DAY)
    sums = [
        sum_
        for child in judgement.due["child_id"].unique(maintain_order=True)[:60]
        for owed in explain(known, packs, judgement, child).owed
        for sum_ in owed.sums
    ]
    for sum_ in sums:
        assert (sum_.due == sum_.reckoned) == (sum_.moved is None), sum_
        number, unit = sum_.step.split(" ", 1)
        if unit.startswith("working day"):
            days = (sum_.reckoned - sum_.base.date()).days
            assert days - len(sum_.skipped) == int(number), sum_
        elif unit.startswith(("day", "week")) and number != "the":
            assert not sum_.skipped
            days = int(number) * (7 if unit.startswith("week") else 1)
            assert sum_.reckoned == sum_.base.date() + timedelta(days=days), sum_


def test_a_date_that_is_not_the_sum_says_why(caseload: Make, pack: Packs) -> None:
    """A.5: the child's own frequency is never before the day from which it was agreed."""
    plan = {"kind": "child_in_need", "start": date(2026, 11, 2), "worker_id": "W1"}
    own = {"agreed_every_n": 3, "agreed_every_unit": "days", "agreed_from": date(2026, 12, 4)}
    known = caseload(
        episodes=[plan | own | {"agreed_reason": "core_group"}],
        visits=[
            {"visit_id": "V1", "at": date(2026, 11, 27), "status": "completed", "seen": True, "at_home": True}
        ],
    )
    text = in_words(explained(known, [pack("short-guide")]))
    assert (
        "the visit on Fri 27 Nov 2026 (V1) + 3 days = Mon 30 Nov 2026, "
        "but not before the day from which it was agreed: Fri 4 Dec 2026"
    ) in text


def test_a_sum_says_of_which_placement_it_is(caseload: Make, pack: Packs) -> None:
    known = caseload(
        episodes=[
            {"kind": "in_our_care", "start": date(2026, 11, 2 + n), "worker_id": "W1", "setting": setting}
            for n, setting in enumerate(("S1", "S2"))
        ]
    )
    found = explained(known, [pack("measures-of-practice")])
    by_setting = {sum_.plan.setting for owed in found.owed for sum_ in owed.sums if sum_.plan}
    assert by_setting == {"S1", "S2"}
    assert "for: in our care in S2 since Tue 3 Nov 2026" in in_words(found)


def test_a_clause_that_asks_nothing_says_where_it_would(caseload: Make, pack: Packs) -> None:
    known = caseload(
        children=[{"date_of_birth": date(2015, 1, 1)}],
        episodes=[{"kind": "child_in_need", "start": date(2026, 11, 2), "worker_id": "W1"}],
    )
    packs = [pack("short-guide"), pack("visiting-policy"), pack("measures-of-practice")]
    why = {one.clause: one.why for one in explained(known, packs).not_asked}
    assert why["A.6b"] == "it asks only where the child is still under 3"
    assert why["B.4"] == "it asks only where at the last visit that counted the child was not seen alone"


def test_every_condition_of_the_language_can_be_said() -> None:
    assert set(WORDS) == set(MUST_CONDITIONS)


def test_what_is_amiss_in_the_child_s_own_records_stands_in_its_explanation(
    caseload: Make, pack: Packs
) -> None:
    """D.14 asks for a social worker; another child's row is none of this child's business."""
    known = caseload(
        episodes=[
            {
                "child_id": "C1",
                "kind": "child_in_need",
                "start": date(2026, 11, 2),
                "worker_id": "W9",
                "row": 2,
            },
            {
                "child_id": "C2",
                "kind": "child_in_need",
                "start": date(2026, 11, 2),
                "worker_id": "W9",
                "row": 3,
            },
        ],
        workers=[{"worker_id": "W9", "email": "w9@council.example", "role": "personal_adviser"}],
    )
    found = explained(known, [pack("measures-of-practice")])
    assert [one.where for one in found.to_mend] == ["episodes.csv:2:worker_id"]
    why = {one.clause: one.why for one in found.not_asked}["D.14"]
    assert why == "W9 is recorded as personal adviser, and it asks for social worker"


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


def test_the_attempt_from_which_a_date_counts_is_called_one_and_is_not_among_what_did_not_count(
    caseload: Make, pack: Packs
) -> None:
    """D.12c: where support is declined attempts count, and D.12b's date is the same sum."""
    born, declined = date(2005, 1, 10), date(2026, 5, 1)
    by_phone = {"status": "failed", "kind": "contact", "channel": "phone"}
    known = caseload(
        children=[{"date_of_birth": born}],
        episodes=[
            {
                "kind": "care_leaver",
                "start": date(2024, 12, 2),
                "worker_id": "W1",
                "support_declined_on": declined,
            }
        ],
        visits=[{"at": day, **by_phone} for day in (date(2026, 10, 20), date(2026, 10, 23))],
    )
    found = explained(known, [pack("measures-of-practice")])
    plain = found.json()
    assert {(one["clause"], one["base_is"], one["base_visit"]) for one in plain["owed"][0]["sums"]} == {
        ("D.12b", "attempt", "V2"),
        ("D.12c", "attempt", "V2"),
    }
    assert plain["not_counted"] == []
    text = in_words(found)
    assert text.count("the attempt on Fri 23 Oct 2026 (V2) + 6 months = Fri 23 Apr 2027") == 2
    assert "Did not count" not in text
