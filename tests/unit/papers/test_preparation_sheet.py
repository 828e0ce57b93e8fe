"""The preparation sheet has every item the policies list, each with its clause, and what the record knows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from paperkit.household import ALL, TODAY, caseload, coming, papers, seen, sheet_page
from paperkit.reading import parts, words

from bot.digest.papers.sheet import prepare
from bot.policy.due import judge, visits
from bot.rendering.papers import making

DAY = timedelta(days=1)
LAST = date(2026, 11, 13)
SIBLING = {"child_id": "C2", "initials": "KS", "date_of_birth": date(2021, 2, 3), "household_id": "H1"}
CHILD = {"child_id": "C1", "initials": "JS", "date_of_birth": date(2019, 6, 1), "household_id": "H1"}
HOUSEHOLD = {"household_id": "H1", "recorded_on": date(2026, 10, 2)}


def page(*names: str, **rows: Any) -> str:
    return sheet_page(*names, **({"visits": [seen(LAST)]} | rows))


@pytest.mark.parametrize("number", ["i", "ii", "iii", "iv", "v", "vi", "vii"])
def test_each_thing_to_plan_is_there_with_its_clause_b10(number: str) -> None:
    (heading,) = [one for one in parts(page(), "h3") if one.startswith(f"{number}. ")]
    assert heading.endswith(f"(B.10 {number})")


def test_the_seven_questions_of_why_visit_are_there_e1() -> None:
    said = page()
    asked = [one for one in parts(said, "th") if one[:2] in {f"{n}." for n in range(1, 8)}]
    assert [int(one[0]) for one in asked] == [1, 2, 3, 4, 5, 6, 7]
    assert "Seven questions before you go (E.1)" in parts(said, "caption")


def test_the_emergency_part_comes_first_and_names_999_and_the_manager_e3a_e3b() -> None:
    said = page()
    assert parts(said, "h2")[0] == "If a child is in danger (E.3a, E.3b)"
    first = said.index('<section class="emergency">')
    assert all(first < said.index(part) for part in ("<h3>", "<table>", '<section class="box">'))
    emergency = parts(said, "section")[0]
    for wanted in ("ring 999", "safe and well", "in writing", "escalation", "Grace Adeyemi, 01632 960102"):
        assert wanted in emergency


@pytest.mark.parametrize(
    "heading",
    ["At the door and inside (E.2)", "By when, and if nobody opens (E.4)", "What works well (E.0)",
     "If you are worried before you go, or once you are there (E.3a)", "Danger at this address (E.5, E.2)"],
)  # fmt: skip
def test_what_the_guidance_asks_to_think_through_has_its_part(heading: str) -> None:
    assert heading in parts(page(), "h2")


def test_entry_who_is_there_who_goes_and_risk_from_others_are_thought_of_e2() -> None:
    assert [one for one in parts(page(), "h3") if one[:3] in {"Goi", "Who", "Ris"}] == [
        "Going in",
        "Who may be there",
        "Who goes",
        "Risk from others",
    ]


def test_it_says_what_the_policy_wants_seen_and_which_clause_asks() -> None:
    said = words(page(visits=[seen(LAST, seen_alone=False)]))
    assert "☐ See the child alone for part of the visit (A.6a, B.4)" in said
    assert "C.1 A child on a child protection plan is visited every 14 days" in said
    assert "14 days after the visit on Fri 13 Nov 2026 Fri 27 Nov 2026" in said


def test_it_says_by_when_how_soon_to_try_again_and_whom_to_ring_e4() -> None:
    said = words(page("visiting-policy", "ddscp-home-visits"))
    assert "The last day in time is Fri 27 Nov 2026" in said
    assert "another visit is tried within 2 working days. (B.7)" in said
    assert "ring your manager at once: Grace Adeyemi, 01632 960102" in said


def test_last_times_skeleton_plan_opens_what_comes_from_last_time_c6() -> None:
    said = words(page(visits=[seen(LAST, next_plan="see the bedroom")]))
    assert "From last time The plan left for this visit (Fri 13 Nov 2026): see the bedroom (C.6)" in said
    assert "A later visit left no plan" not in said


def test_an_older_plan_is_told_with_the_doubt_and_none_is_said_too_c6() -> None:
    older = [seen(LAST - 10 * DAY, next_plan="ask about sleep"), seen(LAST)]
    said = words(page(visits=older))
    assert "ask about sleep (C.6) A later visit left no plan" in said
    assert "No plan for this visit was left in the record (C.6)" in words(page())


def test_a_risk_to_workers_is_told_at_the_top_and_a_joint_visit_first_e5() -> None:
    dog = {**HOUSEHOLD, "risk": "dog loose in the garden", "to": "workers", "joint_visit": True}
    over = {**HOUSEHOLD, "risk": "an old quarrel", "to": "workers", "ends": date(2026, 11, 1)}
    box = parts(page(risks=[dog, over]), "section")[1]
    assert "Do not go alone: a joint visit is recorded" in box
    assert "Risk to whoever visits: dog loose in the garden (recorded Fri 2 Oct 2026)" in box
    assert "an old quarrel" not in box


def test_a_risk_to_the_child_is_told_as_that_and_one_to_nobody_named_as_to_workers() -> None:
    bed = {**HOUSEHOLD, "risk": "unsafe bed", "to": "child"}
    box = parts(page(risks=[bed, {**HOUSEHOLD, "risk": "loose stair"}]), "section")[1]
    assert "Risk to the child: unsafe bed" in box
    assert "Risk to whoever visits: loose stair" in box


@pytest.mark.parametrize("start", [TODAY - DAY, TODAY, TODAY + 30 * DAY])
def test_from_the_day_the_row_is_there_the_four_things_for_a_family_away_are_asked_b9_i12(
    start: date,
) -> None:
    stay = {"child_id": "C1", "start": start, "end": start + 6 * DAY, "abroad": True}
    said = words(page(away=[stay]))
    for letter in "abcd":
        assert f"(B.9 I.12 {letter})" in said
    assert "not told yet : ask it to see the child" in said
    assert "not recorded: ask" in said


def test_a_stay_that_is_over_is_not_told_and_details_known_are() -> None:
    over = {"child_id": "C1", "start": TODAY - 9 * DAY, "end": TODAY - DAY}
    assert "I.12" not in page(away=[over])
    known = {"child_id": "C1", "start": TODAY, "contact_details": "aunt, number on file", "agency_told": True}
    said = words(page(away=[known]))
    assert "reached: aunt, number on file" in said
    assert "where they go: told" in said


def test_an_agency_abroad_is_asked_only_for_a_child_on_a_protection_plan_i12a() -> None:
    stay = {"child_id": "C1", "start": TODAY, "abroad": True}
    need = [{"kind": "child_in_need", "start": date(2026, 8, 3), "worker_id": "W1"}]
    said = words(page("visiting-policy", away=[stay], episodes=need))
    assert "An agency abroad is asked only for a child on a protection plan (B.9 I.12 a)" in said


def test_a_child_who_asked_to_be_seen_is_told_until_seen_or_refused_b3() -> None:
    asked = {"child_id": "C1", "asked_on": TODAY - 2 * DAY, "by": "child", "wanted_by": TODAY + DAY}
    said = words(page(requests=[asked]))
    assert "Child asked on Sat 21 Nov 2026 to be seen by Tue 24 Nov 2026." in said
    assert "Asked for (B.3, D.0)" in said
    assert "asked on" not in page(requests=[{**asked, "refused_on": TODAY - DAY}])
    assert "asked on" not in page(requests=[asked], visits=[seen(TODAY - DAY)])


def test_attempts_that_failed_and_problems_of_access_are_told() -> None:
    tried = {"at": TODAY - 4 * DAY, "status": "failed", "access_problem": True, "reason": "nobody in"}
    said = words(page(visits=[seen(LAST), tried]))
    assert "Thu 19 Nov 2026: did not take place; a problem in getting access (nobody in)" in said
    assert "There are problems in getting access to the child (A.8c)" in said


def test_brothers_and_sisters_owed_too_each_need_a_record_of_their_own_a9() -> None:
    plans = [{"child_id": c, "kind": "child_protection", "start": date(2026, 8, 3), "worker_id": "W1"}
             for c in ("C1", "C2")]  # fmt: skip
    both = [seen(LAST, child_id="C1"), seen(LAST, child_id="C2")]
    said = words(page(children=[CHILD, SIBLING], episodes=plans, visits=both))
    assert (
        "Same household, owed too: K.S. C2. A visit counts only for the child it is recorded for (A.9)"
        in said
    )


def test_a_restricted_brother_or_sister_is_named_only_on_a_restricted_paper() -> None:
    """Nor is one of another worker's: nobody is told of children who are not theirs."""
    plan = {"kind": "child_protection", "start": date(2026, 8, 3)}
    both = [seen(LAST, child_id="C1"), seen(LAST, child_id="C2")]

    def named(mine: bool | None, other: bool | None, worker: str = "W1") -> bool:
        plans = [
            {**plan, "child_id": "C1", "worker_id": "W1"},
            {**plan, "child_id": "C2", "worker_id": worker},
        ]
        children = [{**CHILD, "restricted": mine}, {**SIBLING, "restricted": other}]
        return "C2" in words(page(children=children, episodes=plans, visits=both))

    assert named(None, None)
    assert named(True, True)
    assert not named(None, True)
    assert not named(None, None, worker="W2")


@pytest.mark.parametrize(
    ("born", "says"),
    [(date(2019, 6, 1), "7 years"), (date(2025, 9, 24), "13 months"), (date(2025, 9, 23), "14 months"),
     (date(2026, 10, 30), "0 months"), (date(2027, 1, 5), "not yet born"), (None, "")],
)  # fmt: skip
def test_the_age_is_told_as_people_tell_it_b10_vi(born: date | None, says: str) -> None:
    sheet = papers(caseload(children=[{**CHILD, "date_of_birth": born}])).sheet
    assert sheet is not None
    assert sheet.age == says


def test_no_date_of_birth_stands_on_it() -> None:
    assert "2019" not in page()


def test_a_restricted_childs_papers_say_that_they_are_for_worker_and_manager_only() -> None:
    sheet = papers(caseload(children=[{**CHILD, "restricted": True}], visits=[seen(LAST)])).sheet
    assert sheet is not None
    for made in (making.preparation_sheet(sheet), making.write_up(sheet)):
        assert "This paper is for Amira Khan and Grace Adeyemi only." in words(made)
    assert "Restricted record" not in page()


def test_a_clause_of_a_policy_that_is_not_the_councils_own_is_marked() -> None:
    said = words(page("visiting-policy"))
    assert "(B.10 i)" in said
    assert "(E.3a*, E.3b*)" in said
    assert "* Good practice from another council's or partnership's guidance" in said


def test_how_many_visits_came_unannounced_so_far_is_for_the_worker_to_know_c8d() -> None:
    visits_ = [seen(LAST - 20 * DAY, announced=False), seen(LAST - 10 * DAY), seen(LAST)]
    assert "Unannounced so far: 1 of 3 visits since the plan began (C.8d)" in words(page(visits=visits_))


def test_an_unannounced_visit_that_the_policy_wants_is_told_to_the_worker_a4() -> None:
    said = words(page("short-guide"))
    assert "☐ Go unannounced: tell nobody in the family beforehand (A.4)" in said
    assert "They must not: the policy wants this visit unannounced." in said


def test_a_visit_with_a_day_is_told_with_it() -> None:
    planned = coming(datetime(2026, 11, 25, 15, 30))
    assert "Planned for Wed 25 Nov, 15:30." in words(page(visits=[seen(LAST), planned])).replace("\xa0", " ")


def test_where_nothing_is_owed_there_is_nothing_to_prepare() -> None:
    ended = [{"kind": "child_in_need", "start": date(2026, 8, 3), "end": LAST, "worker_id": "W1"}]
    known = caseload(episodes=ended)
    judgement = judge(known, [], TODAY)
    assert prepare("C1", visits(judgement), judgement, known, [], names="number") is None


def test_a_child_that_is_not_in_the_caseload_is_not_prepared_for() -> None:
    known = caseload()
    judgement = judge(known, [], TODAY)
    with pytest.raises(LookupError):
        prepare("C9", visits(judgement), judgement, known, [], names="number")


def test_a_council_that_adds_guidance_of_its_own_reads_it_there() -> None:
    """``shown_with: no_access``, ``risk`` and ``records`` of a pack show on paper as in the reminder."""
    sheet = papers(caseload(visits=[seen(LAST)]), *ALL).sheet
    assert sheet is not None
    assert {rule.clause for rule in sheet.records} == {"C.3", "B.11", "C.4", "E.7"}
    assert {rule.clause for rule in sheet.no_access} == {"B.7", "A.7", "E.4"}
    assert {rule.clause for rule in sheet.risk_rules} == {"E.5"}
