"""Packs E and F: dates reckoned by hand."""

import pytest

from reckoning.by_hand import A, C, D, E, F, clauses, dues, episode, only, row, seen, told

BEFORE_ASSESSMENT, UNDER_THE_ORDER = "CLA.with_parents_before_assessment", "CLA.care_order_with_parents"
TEMPORARY = "CLA.temp_connected_person_or_ICO_with_parents"


def owed(tmp_path, today: str, kind: str, start: str, *visits: str, **more: str) -> dict[str, str]:
    """The clauses of pack F and their dates, for one episode and its counted visits."""
    plan, seen_on = [episode(kind, start, **more)], [seen(day) for day in visits]
    found = dues(tmp_path, [F], today, episodes=plan, visits=seen_on)
    return clauses(only(found)) if found else {}


# --- pack F ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visits", "permanence", "due"),
    [
        ([], "", "2026-01-12"),  # placed Mon 5 Jan 2026: a week
        (["2026-01-08"], "", "2026-02-19"),  # 8 Jan + 42
        (["2027-01-04"], "2026-06-01", "2027-02-15"),  # still in the first year
        (["2027-01-05"], "", "2027-02-16"),  # a year, nothing agreed: + 42
        (["2027-01-05"], "2027-02-16", "2027-02-16"),  # six weeks ends on the day of the agreement
        (["2027-01-05"], "2027-02-15", "2027-04-05"),  # six weeks would end after it: 3 months
    ],
)
def test_in_our_care(tmp_path, visits, permanence, due):
    today = visits[-1] if visits else "2026-01-05"
    found = owed(tmp_path, today, "in_our_care", "2026-01-05", *visits, permanence_agreed_on=permanence)
    assert found == {"CLA.default": due}


@pytest.mark.parametrize(
    ("visits", "more", "expected"),
    [
        ([], {}, {BEFORE_ASSESSMENT: "2026-01-12", UNDER_THE_ORDER: "2026-01-12"}),
        (["2026-01-08"], {}, {BEFORE_ASSESSMENT: "2026-01-15", UNDER_THE_ORDER: "2026-02-19"}),
        (
            ["2026-01-08"],
            {"first_review": "2026-01-15"},
            {BEFORE_ASSESSMENT: "2026-01-15", UNDER_THE_ORDER: "2026-02-19"},
        ),
        (
            ["2026-01-08"],
            {"first_review": "2026-01-14"},
            {BEFORE_ASSESSMENT: "2026-02-19", UNDER_THE_ORDER: "2026-02-19"},
        ),
        (
            ["2026-01-08"],
            {"assessment_done_on": "2026-01-09"},
            {BEFORE_ASSESSMENT: "2026-01-15", UNDER_THE_ORDER: "2026-02-19"},
        ),
        (["2026-01-08"], {"assessment_done_on": "2026-01-08"}, {UNDER_THE_ORDER: "2026-02-19"}),
    ],
)
def test_at_home_under_a_care_order(tmp_path, visits, more, expected):
    assert owed(tmp_path, "2026-01-08", "care_order_home", "2026-01-05", *visits, **more) == expected


@pytest.mark.parametrize("kind", ["temporary_carer", "interim_care_order_home"])
def test_temporary_carers_and_interim_orders(tmp_path, kind):
    assert owed(tmp_path, "2026-01-05", kind, "2026-01-05") == {TEMPORARY: "2026-01-12"}
    more = {"first_review": "2026-01-30", "approved_on": "2026-02-10", "final_hearing": "2026-02-10"}
    # 26 Jan + 7 = 2 Feb, after the review: + 28 = 23 Feb. Approval and hearing change nothing here.
    found = owed(tmp_path, "2026-01-26", kind, "2026-01-05", "2026-01-26", **more)
    assert found == {TEMPORARY: "2026-02-23"}


@pytest.mark.parametrize(
    ("kind", "start", "visits", "more", "expected"),
    [
        ("short_breaks", "2026-08-24", [], {}, {"CLA.short_breaks": "2026-08-31"}),
        ("short_breaks", "2026-08-24", ["2026-08-31"], {}, {"CLA.short_breaks": "2027-02-28"}),
        ("adoptive_placement", "2026-01-05", [], {}, {"ADOPT.placed": "2026-01-12"}),
        ("adoptive_placement", "2026-01-05", ["2026-01-10"], {}, {"ADOPT.placed": "2026-01-17"}),
        (
            "adoptive_placement",
            "2026-01-05",
            ["2026-01-10"],
            {"first_review": "2026-01-17"},
            {"ADOPT.placed": "2026-01-17"},
        ),
        ("adoptive_placement", "2026-01-05", ["2026-01-10"], {"first_review": "2026-01-16"}, {}),
        (
            "adoptive_placement",
            "2026-01-05",
            ["2026-01-10"],
            {"first_review": "2026-01-16", "agreed_every": "3 weeks"},
            {"ADOPT.placed": "2026-01-31"},
        ),
        (
            "adoptive_placement",
            "2026-01-05",
            ["2026-01-10"],
            {"first_review": "2026-01-16", "agreed_every": "3 weeks", "agreed_from": "2026-02-02"},
            {"ADOPT.placed": "2026-02-02"},
        ),
        # Thu 2 Apr, Easter: Tue 7 is the first working day, Wed 15 the seventh. 2 Apr + 42 = 14 May.
        (
            "private_fostering",
            "2026-04-02",
            [],
            {},
            {"PF.initial": "2026-04-15", "PF.ongoing": "2026-05-14"},
        ),
        ("private_fostering", "2026-04-02", ["2026-04-09"], {}, {"PF.ongoing": "2026-05-21"}),
        ("private_fostering", "2026-04-02", ["2027-04-01"], {}, {"PF.ongoing": "2027-05-13"}),
        ("private_fostering", "2026-04-02", ["2027-04-02"], {}, {"PF.ongoing": "2027-06-25"}),
        ("care_leaver", "2026-12-24", [], {}, {"CL.personal_adviser": "2026-12-31"}),
        ("care_leaver", "2026-12-24", ["2026-12-31"], {}, {"CL.personal_adviser": "2027-02-28"}),
        (
            "other_living_arrangement",
            "2026-01-05",
            [],
            {},
            {"CLA.other_persons_arrangements": "2026-01-12"},
        ),
        (
            "other_living_arrangement",
            "2026-01-05",
            ["2027-01-04"],
            {},
            {"CLA.other_persons_arrangements": "2027-02-15"},
        ),
        (
            "other_living_arrangement",
            "2026-01-05",
            ["2027-01-05"],
            {},
            {"CLA.other_persons_arrangements": "2027-04-05"},
        ),
        # Mon 21 Dec 2026: 22, 23, 24 are three; 29, 30, 31 six (28 stands for Boxing Day); 4 to 7 Jan ten.
        ("detained_formerly_in_care", "2026-12-21", [], {}, {"CLA.detained_former": "2027-01-07"}),
        ("detained_formerly_in_care", "2026-12-21", ["2026-12-23"], {}, {}),
    ],
)
def test_every_other_kind(tmp_path, kind, start, visits, more, expected):
    assert owed(tmp_path, visits[-1] if visits else start, kind, start, *visits, **more) == expected


def test_a_request_within_a_week(tmp_path):
    plan = [episode("in_our_care", "2026-05-04")]
    asked = [{"child_id": "C1", "asked_on": "2026-06-05", "by": "child"}]
    visits = [seen("2026-06-03")]
    found = dues(tmp_path, [F], "2026-06-05", episodes=plan, visits=visits, requests=asked)
    # Fri 5 Jun + 7; CLA.default 3 Jun + 42.
    assert clauses(only(found)) == {"CLA.on_request_and_notice": "2026-06-12", "CLA.default": "2026-07-15"}
    asked[0]["wanted_by"] = "2026-06-08"
    found = dues(tmp_path, [F], "2026-06-05", episodes=plan, visits=visits, requests=asked)
    assert clauses(only(found))["CLA.on_request_and_notice"] == "2026-06-08"
    # Pack D's is 2 working days (Tue 9 Jun) without a day of the child's own.
    asked[0]["wanted_by"] = ""
    found = dues(tmp_path, [D, F], "2026-06-05", episodes=plan, visits=visits, requests=asked)
    assert clauses(only(found))["D.0"] == "2026-06-09"
    visits.append(seen("2026-06-05"))
    found = dues(tmp_path, [F], "2026-06-05", episodes=plan, visits=visits, requests=asked)
    assert clauses(only(found)) == {"CLA.default": "2026-07-17"}


def test_return_interview(tmp_path):
    plan = [episode("missing", "2026-06-03", end="2026-06-05", returned_at="2026-06-05T21:15")]
    found = only(dues(tmp_path, [F], "2026-06-06", episodes=plan))
    assert (found["kind"], clauses(found), found["due_at"]) == (
        "return_interview",
        {"MISSING.rhi": "2026-06-08"},
        "2026-06-08T21:15",
    )
    declined = row("failed", "2026-06-07", kind="return_interview", reason="declined")
    assert dues(tmp_path, [F], "2026-06-08", episodes=plan, visits=[declined]) == []


def test_the_law_stands_beside_the_councils_own(tmp_path):
    # A temporary carer: D.9b and the law say 26 Jan + 28; no must of its own, none of another pack's.
    plan = [episode("temporary_carer", "2026-01-05", first_review="2026-01-30")]
    rows = dues(tmp_path, [A, D, F], "2026-01-26", episodes=plan, visits=[seen("2026-01-26")])
    assert clauses(only(rows)) == {TEMPORARY: "2026-02-23", "D.9b": "2026-02-23"}
    assert rows[0]["must"] == []


def test_a_clause_of_the_law_is_none_of_pack_c(tmp_path):
    # C.8a is for visits under pack C: leave over the due day (12 Jan) that nobody was told of is not said.
    leave = [{"worker_id": "W1", "start": "2026-01-10", "end": "2026-01-20", "kind": "planned"}]
    plan = [episode("in_our_care", "2026-01-05")]
    assert told(dues(tmp_path, [C, F], "2026-01-06", episodes=plan, absences=leave)) == {}


# --- pack E ------------------------------------------------------------------------------------------


def dangerous(tmp_path, today: str, packs: list[str] | None = None, kind: str = "referral", **risk: str):
    known = {"household_id": "H1", "risk": "dog", "to": "workers", "recorded_on": "2026-06-02"} | risk
    child = [{"child_id": "C1", "date_of_birth": "2015-03-10", "household_id": "H1"}]
    plan = [episode(kind, "2026-06-01")]
    return dues(tmp_path, packs or [E], today, children=child, episodes=plan, risks=[known])


def test_a_dangerous_address(tmp_path):
    rows = dangerous(tmp_path, "2026-06-02")
    assert (only(rows)["kind"], rows[0]["due"], rows[0]["clauses"]) == ("concern", "2026-06-02", [])
    assert told(rows) == {"E.5": ["worker", "manager"]}
    assert told(dangerous(tmp_path, "2026-06-02", to="")) == {"E.5": ["worker", "manager"]}
    assert dangerous(tmp_path, "2026-06-01") == [], "not recorded yet"
    assert dangerous(tmp_path, "2026-06-02", to="child") == []
    assert dangerous(tmp_path, "2026-06-02", household_id="H2") == []
    assert dangerous(tmp_path, "2026-06-02", kind="allotment") == []
    assert told(dangerous(tmp_path, "2026-06-09", ends="2026-06-09")) == {"E.5": ["worker", "manager"]}
    assert dangerous(tmp_path, "2026-06-10", ends="2026-06-09") == []


def test_a_dangerous_address_is_told_on_the_visit_owed(tmp_path):
    rows = dangerous(tmp_path, "2026-06-03", [A, E])
    assert clauses(only(rows)) == {"A.1": "2026-06-08"}
    assert told(rows) == {"E.5": ["worker", "manager"]}
