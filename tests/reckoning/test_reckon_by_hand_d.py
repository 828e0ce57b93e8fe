"""Pack D: dates reckoned by hand."""

import pytest

from reckoning.by_hand import D, clauses, dues, episode, only, seen, told


def born(day: str) -> list[dict]:
    return [{"child_id": "C1", "date_of_birth": day}]


def owed(rows: list[dict]) -> list[tuple]:
    return [(it["kind"], it["setting"], it["due"], it["governed_by"]) for it in rows]


# --- D.1 to D.4 --------------------------------------------------------------------------------------


def test_early_help_contact_and_visit(tmp_path):
    # Allocated Thu 28 May 2026: 29 May, 1, 2, 3, 4 Jun. The visit: 4 Jun + 28 = 2 Jul.
    plan = [episode("early_help", "2026-05-28")]
    assert owed(dues(tmp_path, [D], "2026-05-28", episodes=plan)) == [
        ("contact", None, "2026-06-04", ["D.1a"]),
        ("visit", None, "2026-07-02", ["D.1b"]),
    ]
    plan[0]["first_contact"] = "2026-06-01"  # + 28 = 29 Jun
    assert owed(dues(tmp_path, [D], "2026-06-01", episodes=plan)) == [("visit", None, "2026-06-29", ["D.1b"])]


def test_referral_decision_and_referrer(tmp_path):
    # Received Fri 28 Aug 2026; Mon 31 is a bank holiday: Tue 1 Sep.
    plan = [episode("referral", "2026-08-28")]
    assert owed(dues(tmp_path, [D], "2026-08-28", episodes=plan)) == [
        ("decision", None, "2026-09-01", ["D.2a"])
    ]
    plan[0]["decision_at"] = "2026-09-01"
    rows = dues(tmp_path, [D], "2026-09-01", episodes=plan)
    assert owed(rows) == [("concern", None, "2026-09-01", [])]
    assert (rows[0]["status"], rows[0]["worker_id"]) == ("due", "W1")
    assert told(rows) == {"D.2c": ["worker"]}


def test_section_47_within_2_working_days(tmp_path):
    # Christmas Eve 2026, Thu: Tue 29 and Wed 30 Dec.
    found = only(dues(tmp_path, [D], "2026-12-24", episodes=[episode("section_47", "2026-12-24")]))
    assert clauses(found) == {"D.2b": "2026-12-30"}
    assert (found["act_by"], found["remind_on"]) == ("2026-12-30", "2026-12-29")


def test_child_protection_48_hours_then_10_working_days(tmp_path):
    plan = [episode("child_protection", "2026-06-05")]  # Fri + 2 days = Sun 7 Jun: act by Fri 5
    found = only(dues(tmp_path, [D], "2026-06-05", episodes=plan))
    assert (found["due"], found["due_at"], found["act_by"]) == ("2026-06-07", None, "2026-06-05")
    found = only(dues(tmp_path, [D], "2026-06-08", episodes=plan, visits=[seen("2026-06-05")]))
    assert clauses(found) == {"D.4b": "2026-06-19"}
    assert found["must"] == ["at_home"]  # one of two would be a half, not most


# --- D.5 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visits", "clause", "due"),
    [
        ([], "D.5a", "2026-06-01"),
        (["2026-06-01"], "D.5b", "2026-06-08"),
        (["2026-06-03"], "D.5b", "2026-06-08"),
        (["2026-06-01", "2026-06-05"], "D.5c", "2026-06-12"),
        (["2026-06-08"], "D.5c", "2026-06-15"),  # closes both stages already due
        (["2026-06-01", "2026-06-08", "2026-06-28"], "D.5c", "2026-07-05"),  # day 27
        (["2026-06-01", "2026-06-08", "2026-06-29"], "D.5d", "2026-08-10"),  # day 28: + 42
    ],
)
def test_in_our_care_stage_by_stage(tmp_path, visits, clause, due):
    plan = [episode("in_our_care", "2026-06-01")]
    today = visits[-1] if visits else "2026-06-01"
    found = only(dues(tmp_path, [D], today, episodes=plan, visits=[seen(day) for day in visits]))
    assert clauses(found) == {clause: due}


@pytest.mark.parametrize(
    ("start", "agreed", "due"),
    [
        # Visits 2, 8 and 30 Nov 2026. Placed 2 Nov 2025: past the first year.
        ("2025-11-02", {}, "2027-01-11"),
        ("2025-11-02", {"lower_frequency_agreed_on": "2026-10-01"}, "2027-01-11"),  # not permanent
        (
            "2025-11-02",
            {"permanence_agreed_on": "2026-09-01", "lower_frequency_agreed_on": "2026-10-01"},
            "2027-02-28",  # 30 Nov + 3 months, clamped
        ),
        (
            "2025-11-02",
            {"permanence_agreed_on": "2026-09-01", "lower_frequency_agreed_on": "2026-10-01"}
            | {"agreed_every": "8 weeks"},
            "2027-01-25",  # 56 days
        ),
        (
            "2025-11-02",
            {"permanence_agreed_on": "2026-11-01", "lower_frequency_agreed_on": "2026-10-01"},
            "2027-01-11",  # agreed before permanence
        ),
        (
            "2025-12-02",  # the visit lies in the first year: the review waits
            {"permanence_agreed_on": "2026-09-01", "lower_frequency_agreed_on": "2026-10-01"},
            "2027-01-11",
        ),
        (
            "2025-11-02",
            {"permanence_agreed_on": "2026-09-01", "lower_frequency_agreed_on": "2027-01-11"},
            "2027-01-11",  # the review is on the day: that visit stays owed
        ),
    ],
)
def test_in_our_care_after_the_first_year(tmp_path, start, agreed, due):
    plan = [episode("in_our_care", start, **agreed)]
    visits = [seen("2026-11-02"), seen("2026-11-08"), seen("2026-11-30")]
    found = only(dues(tmp_path, [D], "2026-12-01", episodes=plan, visits=visits))
    assert clauses(found) == {"D.5d": due}


def test_in_our_care_with_a_series_of_short_breaks(tmp_path):
    # In care since 2 Mar 2026, breaks at "Elms" since Mon 6 Apr; seen at Elms Mon 1 Jun, then in care.
    plan = [
        episode("in_our_care", "2026-03-02", setting="Oaks"),
        episode("short_breaks", "2026-04-06", setting="Elms", worker_id="W2"),
    ]
    visits = [
        seen("2026-03-02"),
        seen("2026-03-09"),
        seen("2026-06-01", setting="Elms", announced="no"),
        seen("2026-07-06", setting="Oaks", sleeping_arrangements_seen="yes"),
    ]
    rows = dues(tmp_path, [D], "2026-07-07", episodes=plan, visits=visits)
    # D.5d: 6 Jul + 42. D.5e: 1 Jun + 6 months. Limit there: 1 Jun 2027, not before 1 Dec + 6 months.
    # D.6: 1 Jun closed D.6a only (D.6b was due 6 Jul); 6 Jul closed D.6b: + 6 months = 6 Jan 2027.
    assert owed(rows) == [
        ("visit", None, "2026-08-17", ["D.5d"]),
        ("visit", "Elms", "2026-12-01", ["D.5e"]),
        ("visit", None, "2027-01-06", ["D.6c"]),
    ]
    assert [it["must"] for it in rows] == [[], [], []]
    # Sleeping arrangements: 6 Jul 2027 is not before 6 Jan + 6 months = 6 Jul. Without that: 6 Apr 2027 is.
    visits[-1]["sleeping_arrangements_seen"] = ""
    rows = dues(tmp_path, [D], "2026-07-07", episodes=plan, visits=visits)
    assert clauses(rows[-1]) == {"D.6c": "2027-01-06", "D.6d": "2027-04-06"}
    assert rows[-1]["must"] == ["sleeping_arrangements"]


# --- D.6 to D.10 -------------------------------------------------------------------------------------


def test_short_breaks(tmp_path):
    # Placed Mon 30 Nov 2026: 7 Dec; then 28 Feb 2027 (clamped); then every 6 months.
    plan = [episode("short_breaks", "2026-11-30")]
    assert clauses(only(dues(tmp_path, [D], "2026-11-30", episodes=plan))) == {"D.6a": "2026-12-07"}
    found = only(dues(tmp_path, [D], "2026-12-08", episodes=plan, visits=[seen("2026-12-07")]))
    assert clauses(found)["D.6b"] == "2027-02-28"
    visits = [seen("2026-12-07"), seen("2027-02-26", sleeping_arrangements_seen="yes")]
    found = only(dues(tmp_path, [D], "2027-02-26", episodes=plan, visits=visits))
    assert clauses(found) == {"D.6c": "2027-08-26"}


@pytest.mark.parametrize(
    ("kind", "more", "visits", "clause", "due"),
    [
        ("adoptive_placement", {}, [], "D.7a", "2026-01-12"),
        ("adoptive_placement", {}, ["2026-01-10"], "D.7b", "2026-01-17"),
        ("adoptive_placement", {"first_review": "2026-01-17"}, ["2026-01-10"], "D.7b", "2026-01-17"),
        ("adoptive_placement", {"first_review": "2026-01-16"}, ["2026-01-10"], "D.7c", "2026-02-21"),
        ("private_fostering", {}, [], "D.8a", "2026-01-12"),
        ("private_fostering", {}, ["2026-01-10"], "D.8b", "2026-02-21"),
        ("private_fostering", {}, ["2027-01-04"], "D.8b", "2027-02-15"),
        ("private_fostering", {}, ["2027-01-05"], "D.8b", "2027-03-30"),
        ("temporary_carer", {}, [], "D.9a", "2026-01-12"),
        ("temporary_carer", {"first_review": "2026-01-30"}, ["2026-01-26"], "D.9b", "2026-02-23"),
        (
            "temporary_carer",
            {"first_review": "2026-01-30", "approved_on": "2026-02-10", "agreed_every": "6 weeks"},
            ["2026-01-26"],
            "D.9c",
            "2026-03-09",
        ),
        (
            "interim_care_order_home",
            {"first_review": "2026-01-30", "approved_on": "2026-02-10"},
            ["2026-01-26"],
            "D.9b",  # approval ends it for temporary carers only
            "2026-02-23",
        ),
        ("care_order_home", {}, [], "D.10a", "2026-01-12"),
        (
            "care_order_home",
            {"lower_frequency_agreed_on": "2026-02-01"},
            ["2026-02-02"],
            "D.10b",
            "2026-03-16",
        ),
        (
            "care_order_home",
            {"lower_frequency_agreed_on": "2026-02-01"},
            ["2027-01-31"],
            "D.10c",
            "2027-04-30",
        ),
    ],
)
def test_placements(tmp_path, kind, more, visits, clause, due):
    plan = [episode(kind, "2026-01-05", **more)]
    today = visits[-1] if visits else "2026-01-05"
    found = only(dues(tmp_path, [D], today, episodes=plan, visits=[seen(day) for day in visits]))
    assert clauses(found) == {clause: due}


def test_own_frequency_shorter_than_the_stage(tmp_path):
    plan = [episode("private_fostering", "2026-01-05", agreed_every="10 working days", agreed_reason="plan")]
    found = only(dues(tmp_path, [D], "2026-01-12", episodes=plan, visits=[seen("2026-01-12")]))
    assert clauses(found) == {"D.0": "2026-01-26", "D.8b": "2026-02-23"}
    assert found["governed_by"] == ["D.0"]


def test_own_frequency_longer_than_six_weeks_before_it_holds(tmp_path):
    # Seen Mon 9 Feb 2026, a lower frequency agreed: 3 months, 9 May. 2 months, 9 Apr, from 30 Mar: + 6 weeks
    # is 23 Mar, not after that day, so it does not take the clause over, and is no later than the clause.
    more = {"lower_frequency_agreed_on": "2025-10-25", "agreed_every": "2 months", "agreed_reason": "plan"}
    plan = [episode("care_order_home", "2025-01-30", agreed_from="2026-03-30", **more)]
    found = only(dues(tmp_path, [D], "2026-02-10", episodes=plan, visits=[seen("2026-02-09")]))
    assert clauses(found) == {"D.0": "2026-04-09", "D.10c": "2026-05-09"}
    # From 22 Mar it takes over.
    plan[0]["agreed_from"] = "2026-03-22"
    found = only(dues(tmp_path, [D], "2026-02-10", episodes=plan, visits=[seen("2026-02-09")]))
    assert clauses(found) == {"D.10c": "2026-04-09"}
