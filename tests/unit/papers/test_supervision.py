"""The supervision sheet: hard-to-see cases and visiting requirements (C.8f), frequencies to review (D.0), and
sign-offs awaited (D.15).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from paperkit.household import ALL, TODAY, WORKERS, caseload, coming, pack, seen, supervision_of
from paperkit.reading import words

from bot.digest.manager import ManagerDigest, weekly
from bot.digest.papers.supervision import Case, Supervision
from bot.policy.due import judge, visits
from bot.rendering.mail import MailWords, manager_digest
from bot.rendering.papers import making
from bot.run.addressing import children_in

DAY = timedelta(days=1)
PACKS = ("cp-statutory-visits", "measures-of-practice")
LAST = date(2026, 11, 16)  # a Monday: under C.1 the next visit is due a week from today
SENIOR = [
    *WORKERS,
    {"worker_id": "S1", "name": "Dilys Coyle", "role": "service_manager"},
    {"worker_id": "D1", "name": "Niamh Oyelaran", "role": "assistant_director"},
]


def sheet(*names: str, worker: str = "W1", **rows: Any) -> Supervision:
    known = caseload(**({"visits": [seen(LAST)], "workers": SENIOR} | rows))
    return supervision_of(known, *names or PACKS, worker=worker)


def case(*names: str, **rows: Any) -> Case:
    (found,) = sheet(*names, **rows).cases
    return found


def signs(*names: str, **rows: Any) -> list[str]:
    return [sign.says for sign in case(*names, **rows).signs]


def plan(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "start": date(2026, 8, 3), "worker_id": "W1", **more}


def supervised(held_on: date, reviewed: bool | None = None, **more: Any) -> dict[str, Any]:
    return {"worker_id": "W1", "held_on": held_on, "frequency_reviewed": reviewed, **more}


# C.8f: visiting requirements and hard-to-see cases in supervision


def test_a_child_seen_in_time_and_alone_is_not_hard_to_see_c8f() -> None:
    assert signs() == []
    assert sheet().hard == ()


def test_an_overdue_child_is_hard_to_see_and_the_clause_is_named_c8f() -> None:
    (sign,) = case(visits=[seen(date(2026, 11, 2))]).signs
    assert sign.says == "7 days overdue, was due Mon 16 Nov"
    assert sign.clauses == ("C.1", "D.4b")


def test_an_overdue_visit_that_was_perhaps_made_says_so_c8f() -> None:
    unfinished = seen(date(2026, 11, 12), finalised_at=None)
    (sign,) = case("cp-statutory-visits", visits=[seen(date(2026, 11, 2)), unfinished]).signs
    assert sign.says.endswith("Was it made? The record of the visit of Thu 12 Nov is not finished.")


def test_attempts_since_the_last_counted_visit_are_counted_c8f() -> None:
    rows = [
        coming(date(2026, 11, 13), status="failed"),  # before it: no longer a sign
        seen(LAST),
        coming(date(2026, 11, 18), status="failed", reason="nobody in"),
        coming(date(2026, 11, 19), status="cancelled"),
        seen(date(2026, 11, 20), seen=False),
        seen(date(2026, 11, 21), brief=True),
    ]
    found = case("visiting-policy", visits=rows)
    assert [one.at.day for one in found.tried] == [18, 19, 20, 21]
    (sign,) = [one for one in found.signs if "attempts" in one.says]
    assert sign.says == "4 attempts since last seen came to nothing, the latest on Sat 21 Nov"


def test_an_attempt_on_the_day_that_the_child_was_then_seen_is_no_sign_c8f() -> None:
    rows = [coming(datetime(2026, 11, 16, 9), status="failed"), seen(datetime(2026, 11, 16, 15))]
    assert signs(visits=rows) == []


def test_a_visit_put_off_ahead_of_its_day_is_an_attempt_already_c8f() -> None:
    assert signs(visits=[seen(LAST), coming(TODAY + 2 * DAY, status="postponed")]) == [
        "1 attempt since last seen came to nothing, the latest on Wed 25 Nov"
    ]


def test_before_any_visit_attempts_count_from_the_start_of_the_plan_c8f() -> None:
    rows = [coming(date(2026, 7, 30), status="failed"), coming(date(2026, 8, 5), status="failed")]
    assert [one.at.month for one in case(visits=rows).tried] == [8]


def test_a_problem_of_access_is_told_with_its_day_and_ends_with_a_counted_visit_c8f_a8c() -> None:
    shut = coming(date(2026, 11, 18), status="failed", access_problem=True)
    assert "no way in on Wed 18 Nov" in signs(visits=[seen(LAST), shut])
    assert case("short-guide", visits=[seen(LAST), shut]).signs[-1].clauses == ("A.8c",)
    assert signs(visits=[seen(LAST), shut, seen(date(2026, 11, 20))]) == []


def test_a_child_of_three_not_seen_alone_is_hard_to_see_and_how_often_running_c8f_a8d() -> None:
    rows = [seen(LAST - 14 * DAY), seen(LAST - 7 * DAY, seen_alone=False), seen(LAST, seen_alone=False)]
    assert signs(visits=rows) == ["not seen alone at the last 2 visits"]
    blank = seen(LAST, seen_alone=None)
    assert signs("visiting-policy", visits=[blank]) == ["not shown as seen alone at the last visit"]


@pytest.mark.parametrize(("born", "told"), [(LAST - 1096 * DAY, True), (date(2023, 11, 17), False)])
def test_a_child_under_three_need_not_be_seen_alone_c8f(born: date, told: bool) -> None:
    child = {"child_id": "C1", "initials": "JS", "date_of_birth": born}
    assert bool(signs(children=[child], visits=[seen(LAST, seen_alone=False)])) is told


def test_a_visit_planned_past_its_date_is_foreseeably_late_c8f_c8e() -> None:
    found = case(visits=[seen(LAST), coming(date(2026, 12, 4))])
    assert [one.says for one in found.signs] == ["planned for Fri 4 Dec, after it is due on Mon 30 Nov"]
    assert found.signs[0].clauses == ("C.8e",)


def test_a_worker_away_over_the_whole_window_without_cover_is_foreseeably_late_c8f_c8a() -> None:
    off = {"worker_id": "W1", "start": TODAY, "end": date(2026, 12, 4), "kind": "planned"}
    nobody = [{**one, "buddy_id": None} for one in SENIOR]
    assert signs(absences=[off], workers=nobody) == [
        "the worker is away until it is due on Mon 30 Nov, and nobody is there to cover"
    ]


def test_every_visiting_requirement_stands_with_its_clause_interval_and_day_c8f() -> None:
    found = sheet(
        episodes=[
            plan("child_protection", child_id="C1"),
            plan("child_in_need", child_id="C2"),
            plan("child_in_need", child_id="C3", agreed_every="1 week", agreed_from=date(2026, 8, 3),
                 agreed_reason="supervision"),
        ],
        visits=[seen(LAST, child_id=child) for child in ("C1", "C2", "C3")],
        children=[{"child_id": child, "initials": "JS"} for child in ("C1", "C2", "C3")],
    )  # fmt: skip
    assert [(row.clauses, row.says, row.own, row.children) for row in found.requirements] == [
        (("C.1", "D.4b"), "Visit, 14 days, 10 working days", False, (("J.S. C1", date(2026, 11, 30)),)),
        (("D.0",), "Visit, 1 week", True, (("J.S. C3", date(2026, 11, 23)),)),
        (("D.3",), "Visit, 20 working days", False, (("J.S. C2", date(2026, 12, 14)),)),
    ]
    own = next(one for one in found.cases if one.child_id == "C3").own
    assert [(one.every, one.reason) for one in own] == [("1 week", "supervision")]


def test_a_wish_to_be_seen_once_is_no_frequency_of_the_childs_own_d0() -> None:
    found = sheet(requests=[{"asked_on": TODAY - 3 * DAY, "by": "child"}])
    assert [(row.clauses, row.own) for row in found.requirements] == [(("D.0",), False)]


def test_a_child_whom_no_clause_asks_to_visit_is_not_left_out_c8f() -> None:
    found = case("visiting-policy", episodes=[plan("private_fostering")])
    assert found.owed == ()
    assert "No clause of your policies asks for a visit now." in page(
        "visiting-policy", episodes=[plan("private_fostering")]
    )


def test_another_workers_children_are_not_on_it_c8f() -> None:
    episodes = [
        plan("child_protection", child_id="C1"),
        plan("child_protection", child_id="C2", worker_id="W2"),
    ]
    assert [one.child_id for one in sheet(episodes=episodes, visits=[]).cases] == ["C1"]
    assert sheet(episodes=episodes, visits=[], worker="S1").cases == ()


def test_the_hardest_to_see_stands_first_c8f() -> None:
    found = sheet(
        episodes=[plan("child_protection", child_id=child) for child in ("C1", "C2", "C3")],
        visits=[
            seen(LAST, child_id="C1"),
            seen(date(2026, 11, 2), child_id="C2"),
            coming(date(2026, 11, 18), child_id="C2", status="failed"),
            seen(date(2026, 10, 5), child_id="C3"),  # later by weeks, and with one sign alone
        ],
    )
    assert [one.child_id for one in found.cases] == ["C2", "C3", "C1"]


# D.0: frequency reviewed at each supervision


def test_a_frequency_not_reviewed_at_the_last_supervision_shows_d0() -> None:
    found = sheet(supervisions=[supervised(date(2026, 10, 1), True), supervised(date(2026, 11, 10), False)])
    assert [(one.review.on, one.review.reviewed) for one in found.not_reviewed] == [
        (date(2026, 11, 10), False)
    ]


def test_a_blank_is_not_a_review_d0() -> None:
    assert sheet(supervisions=[supervised(date(2026, 11, 10))]).not_reviewed


def test_a_frequency_reviewed_at_the_last_supervision_does_not_show_d0() -> None:
    found = sheet(supervisions=[supervised(date(2026, 10, 1), False), supervised(date(2026, 11, 10), True)])
    assert found.not_reviewed == found.never_discussed == ()


def test_a_supervision_that_is_still_to_come_reviews_nothing_d0() -> None:
    found = sheet(supervisions=[supervised(date(2026, 11, 10), False), supervised(TODAY + DAY, True)])
    assert found.not_reviewed


def test_a_child_of_whom_no_supervision_is_recorded_is_said_to_have_none_d0() -> None:
    elsewhere = supervised(date(2026, 11, 10), True, worker_id="W2")
    found = sheet(supervisions=[elsewhere])  # of the worker before: this one has not reviewed it
    assert [one.child_id for one in found.never_discussed] == ["C1"]
    assert found.recorded
    assert not sheet().recorded


# D.15: assessment and temporary approval by the service manager, with parents by the assistant director


def awaited(kind: str, *approvals: dict[str, Any], **more: Any) -> list[str]:
    found = case(episodes=[plan(kind, **more)], approvals=[{"clause": "D.15", **one} for one in approvals])
    return [f"{one.what}: {one.says}" for one in found.awaited]


@pytest.mark.parametrize("kind", ["temporary_carer", "interim_care_order_home"])
def test_assessment_and_temporary_approval_are_awaited_from_the_service_manager_d15(kind: str) -> None:
    assert awaited(kind) == [
        "Assessment: not recorded as completed",
        "Temporary approval by the service manager: not asked for",
    ]
    signed = {"recorded_on": date(2026, 8, 7), "by": "S1"}
    assert awaited(kind, signed, assessment_done_on=date(2026, 9, 1)) == []


def test_a_placement_with_parents_is_awaited_from_the_assistant_director_d15() -> None:
    assert awaited("care_order_home") == ["Placement with parents by the assistant director: not asked for"]
    assert awaited("care_order_home", {"recorded_on": date(2026, 8, 7), "by": "D1"}) == []


def test_a_sign_off_by_somebody_else_stays_awaited_and_says_by_whom_d15() -> None:
    done = {"assessment_done_on": date(2026, 9, 1)}
    for by, said in (
        ("D1", "recorded on Fri 7 Aug by Niamh Oyelaran (assistant director)"),
        ("X9", "recorded on Fri 7 Aug by X9, whose role the caseload does not say"),
        (None, "recorded on Fri 7 Aug without a name"),
    ):
        assert awaited("temporary_carer", {"recorded_on": date(2026, 8, 7), "by": by}, **done) == [
            f"Temporary approval by the service manager: {said}"
        ]


def test_what_was_asked_for_and_not_recorded_is_awaited_d15() -> None:
    asked = {"asked_on": date(2026, 11, 16)}
    assert awaited("care_order_home", asked) == [
        "Placement with parents by the assistant director: asked for on Mon 16 Nov, not recorded"
    ]
    later = {"recorded_on": TODAY + DAY, "by": "D1"}
    assert awaited("care_order_home", asked, later) != []


def test_an_earlier_placements_sign_off_is_not_this_ones_d15() -> None:
    before = plan("care_order_home") | {"start": date(2026, 1, 5), "end": date(2026, 6, 1)}
    signed = {"clause": "D.15", "recorded_on": date(2026, 1, 7), "by": "D1"}
    assert case(episodes=[before, plan("care_order_home")], approvals=[signed]).awaited
    again = {**signed, "recorded_on": date(2026, 7, 31)}  # ahead of the placement, as it should be
    assert not case(episodes=[before, plan("care_order_home")], approvals=[signed, again]).awaited


def test_another_clauses_approval_signs_nothing_off_d15() -> None:
    other = {"clause": "C.8e", "recorded_on": date(2026, 8, 7), "by": "D1"}
    assert case(episodes=[plan("care_order_home")], approvals=[other]).awaited


def test_no_other_placement_needs_a_sign_off_and_no_other_pack_asks_for_one_d15() -> None:
    assert case(episodes=[plan("in_our_care")]).sign_offs == ()
    assert case("cp-statutory-visits", episodes=[plan("care_order_home")]).sign_offs == ()


# The paper


def page(*names: str, **rows: Any) -> str:
    return words(making.supervision_sheet(sheet(*names, **rows)))


def test_the_paper_tells_all_of_it_with_the_clauses() -> None:
    said = page(
        episodes=[plan("child_protection"), plan("care_order_home")],
        visits=[seen(date(2026, 11, 2)), coming(date(2026, 11, 18), status="failed", reason="nobody in")],
        supervisions=[supervised(date(2026, 11, 10), False)],
    )
    for wanted in (
        "Hard to see (C.8f)",
        "7 days overdue, was due Mon 16 Nov (C.1, D.4b)",
        "Wed 18 Nov 2026: did not take place; nobody in",
        "How often each child is to be visited (C.8f)",
        "C.1 Visit: 14 days after the visit on Mon 2 Nov 2026 Mon 16 Nov 2026 (governs), 7 days late",
        "Is the frequency right? (D.0)",
        "Tue 10 Nov 2026: not reviewed.",
        "Sign-offs (D.15)",
        "Awaited. Placement with parents by the assistant director: not asked for.",
    ):
        assert wanted in said, wanted


def test_clauses_of_other_councils_are_marked_as_good_practice() -> None:
    said = page("visiting-policy")
    assert "Hard to see (C.8f*)" in said
    assert "Sign-offs" not in said


def test_a_restricted_child_is_on_it_and_the_paper_says_whose_it_is() -> None:
    children = [{"child_id": "C1", "initials": "JS", "restricted": True}]
    assert "J.S. C1" in page(children=children)
    assert "it is for Amira Khan and Grace Adeyemi only" in page(children=children)
    assert "only" not in page().split("What keeps")[0]


def test_everybody_it_speaks_of_is_known_to_the_last_door() -> None:
    assert children_in(sheet(*ALL)) == {"C1"}


# In the manager's digest


def digest(*names: str, **rows: Any) -> ManagerDigest:
    known = caseload(**({"visits": [seen(LAST)], "workers": SENIOR} | rows))
    judgement = judge(known, [pack(name) for name in names or PACKS], TODAY)
    return weekly("M1", visits(judgement), judgement, known, TODAY, names="initials_and_number")


def test_the_managers_digest_carries_the_sheet_of_every_worker_who_has_children_c8f() -> None:
    episodes = [
        plan("child_protection", child_id="C1"),
        plan("child_protection", child_id="C2", worker_id="W2"),
    ]
    assert [one.worker_id for one in digest(episodes=episodes).supervision] == ["W2", "W1"]
    assert [one.worker_id for one in digest().supervision] == ["W1"]


@pytest.mark.parametrize(("name", "carried"), [("short-guide", 0), ("visiting-policy", 0), (PACKS[0], 1)])
def test_only_where_a_chosen_pack_asks_for_one(name: str, carried: int) -> None:
    assert len(digest(name).supervision) == carried


@pytest.mark.parametrize("rendering", ["html", "text"])
def test_the_digest_says_what_the_sheet_says_in_a_line_each_c8f_d0_d15(rendering: str) -> None:
    made = manager_digest(
        digest(
            episodes=[plan("child_protection"), plan("care_order_home")],
            visits=[seen(date(2026, 11, 2)), coming(date(2026, 11, 18), status="failed")],
            supervisions=[supervised(date(2026, 11, 10), False)],
        ),
        MailWords("Wrong?", ""),
    )
    said = words("<body>" + made.html) if rendering == "html" else " ".join(made.text.split())
    for wanted in (
        "7 days overdue, was due Mon 16 Nov (C.1, D.4b); 1 attempt since last seen came to nothing",
        "not reviewed in supervision on Tue 10 Nov (D.0)",
        "Placement with parents by the assistant director: not asked for (D.15)",
        "C.1, D.4b Visit, 14 days, 10 working days: J.S. C1 Mon 16 Nov",
    ):
        assert wanted in said, wanted


def test_each_part_stands_only_where_a_chosen_pack_has_its_clause() -> None:
    rows: dict[str, Any] = {"visits": [seen(date(2026, 11, 2))], "episodes": [plan("child_protection")]}
    of_c = manager_digest(digest(PACKS[0], **rows), MailWords("Wrong?", "")).text.split("FOR SUPERVISION")[1]
    assert "HARD TO SEE" in of_c
    assert "D.0" not in of_c
    of_d = manager_digest(digest(PACKS[1], **rows), MailWords("Wrong?", "")).text.split("FOR SUPERVISION")[1]
    assert "HARD TO SEE" not in of_d
    assert "whose frequency was reviewed is not known (D.0)" in of_d
