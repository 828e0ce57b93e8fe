"""Pack A, and packs together: dates reckoned by hand, from a calendar on the wall."""

from reckoning.by_hand import A, B, C, D, clauses, dues, episode, only, row, seen, told

CIN, CP = "child_in_need", "child_protection"


# --- pack A ------------------------------------------------------------------------------------------


def test_initial_home_visit_within_7_days_of_referral(tmp_path):
    # Referred Mon 1 Jun 2026: Mon 8 Jun. Reminded the Friday before.
    found = only(dues(tmp_path, [A], "2026-06-01", episodes=[episode("referral", "2026-06-01")]))
    assert clauses(found) == {"A.1": "2026-06-08"}
    assert (found["act_by"], found["remind_on"]) == ("2026-06-08", "2026-06-05")
    assert found["must"] == ["alone", "at_home"]


def test_referral_visited_owes_nothing(tmp_path):
    rows = dues(
        tmp_path, [A], "2026-06-05", episodes=[episode("referral", "2026-06-01")], visits=[seen("2026-06-03")]
    )
    assert rows == []


def test_child_in_need_every_three_weeks(tmp_path):
    # Tue 2 Jun + 21 = Tue 23 Jun; the visit at school of 9 Jun does not count for a child at home.
    found = only(
        dues(
            tmp_path,
            [A],
            "2026-06-10",
            episodes=[episode(CIN, "2026-05-20")],
            visits=[seen("2026-06-02"), seen("2026-06-09", at_home="no")],
        )
    )
    assert found["due"] == "2026-06-23"


def test_child_not_living_at_home_may_be_visited_elsewhere(tmp_path):
    found = only(
        dues(
            tmp_path,
            [A],
            "2026-06-10",
            children=[{"child_id": "C1", "date_of_birth": "2015-03-10", "living_at_home": "no"}],
            episodes=[episode(CIN, "2026-05-20")],
            visits=[seen("2026-06-02"), seen("2026-06-09", at_home="no")],
        )
    )
    assert found["due"] == "2026-06-30"  # Tue 9 Jun + 21
    assert found["must"] == ["alone"]


def test_a_due_sunday_is_acted_on_by_friday_and_reminded_thursday(tmp_path):
    # Plan Thu 4 Jun + 10 = Sun 14 Jun.
    found = only(dues(tmp_path, [A], "2026-06-05", episodes=[episode(CP, "2026-06-04")]))
    assert (found["due"], found["act_by"], found["remind_on"]) == ("2026-06-14", "2026-06-12", "2026-06-11")


def test_due_on_christmas_day_stays_there(tmp_path):
    # Tue 15 Dec 2026 + 10 = Fri 25 Dec. Act by Thu 24, reminded Wed 23.
    found = only(dues(tmp_path, [A], "2026-12-16", episodes=[episode(CP, "2026-12-15")]))
    assert (found["due"], found["act_by"], found["remind_on"]) == ("2026-12-25", "2026-12-24", "2026-12-23")


def test_only_holidays_left_needs_cover_on_the_next_working_day(tmp_path):
    # Today Fri 25 Dec, due Mon 28 Dec (Boxing Day's substitute): no day at work; next is Tue 29 Dec.
    found = only(dues(tmp_path, [A], "2026-12-25", episodes=[episode(CP, "2026-12-18")]))
    assert found["due"] == "2026-12-28"
    assert (found["act_by"], found["remind_on"]) == ("2026-12-29", "2026-12-29")
    assert (found["needs_cover"], found["cover_id"]) == (True, "W2")


def test_overdue_on_a_saturday_acts_on_monday(tmp_path):
    # CP from Mon 1 Jun: due Thu 11 Jun; today Sat 13 Jun.
    found = only(dues(tmp_path, [A], "2026-06-13", episodes=[episode(CP, "2026-06-01")]))
    assert found["status"] == "overdue"
    assert (found["act_by"], found["remind_on"], found["needs_cover"]) == ("2026-06-15", "2026-06-15", False)
    assert told([found]) == {"A.8b": ["manager", "iro"]}


def test_part_time_worker_acts_on_her_last_day(tmp_path):
    # W3 works Mon to Wed. CP from Tue 2 Jun: due Fri 12 Jun; her last day is Wed 10, reminded Tue 9.
    found = only(dues(tmp_path, [A], "2026-06-03", episodes=[episode(CP, "2026-06-02", worker_id="W3")]))
    assert (found["due"], found["act_by"], found["remind_on"]) == ("2026-06-12", "2026-06-10", "2026-06-09")


def test_part_time_worker_without_a_day_left_needs_cover(tmp_path):
    # Today Thu 11 Jun, due Fri 12: W3 is not at work on either; Fri 12 is the last working day.
    found = only(dues(tmp_path, [A], "2026-06-11", episodes=[episode(CP, "2026-06-02", worker_id="W3")]))
    assert (found["act_by"], found["remind_on"]) == ("2026-06-12", "2026-06-11")
    assert (found["needs_cover"], found["cover_id"]) == (True, None)


def test_leave_brings_the_act_forward(tmp_path):
    # Due Thu 11 Jun, leave Mon 8 to Fri 12: act by Fri 5, reminded Thu 4.
    leave = [{"worker_id": "W1", "start": "2026-06-08", "end": "2026-06-12", "kind": "planned"}]
    found = only(dues(tmp_path, [A], "2026-06-02", episodes=[episode(CP, "2026-06-01")], absences=leave))
    assert (found["act_by"], found["remind_on"], found["needs_cover"]) == ("2026-06-05", "2026-06-04", False)


def test_from_the_first_day_of_leave_it_is_the_buddys(tmp_path):
    leave = [
        {"worker_id": "W1", "start": "2026-06-08", "end": "2026-06-12", "kind": "planned", "buddy_id": "W3"}
    ]
    found = only(dues(tmp_path, [A], "2026-06-08", episodes=[episode(CP, "2026-06-01")], absences=leave))
    assert (found["act_by"], found["remind_on"]) == ("2026-06-11", "2026-06-08")
    assert (found["needs_cover"], found["cover_id"]) == (True, "W3")


def test_a_restricted_childs_buddy_is_not_told(tmp_path):
    leave = [{"worker_id": "W1", "start": "2026-06-08", "kind": "unplanned"}]
    children = [{"child_id": "C1", "date_of_birth": "2015-03-10", "restricted": "yes"}]
    rows = dues(
        tmp_path,
        [A],
        "2026-06-12",
        children=children,
        episodes=[episode(CP, "2026-06-01")],
        absences=leave,
    )
    assert (only(rows)["needs_cover"], only(rows)["cover_id"]) == (True, None)
    assert told(rows) == {"A.8b": ["manager"]}


def test_postponed_is_rescheduled_within_3_working_days(tmp_path):
    # Postponed from Thu 2 Apr 2026; Good Friday 3, Easter Monday 6: Tue 7, Wed 8, Thu 9 Apr.
    rows = dues(
        tmp_path,
        [A],
        "2026-04-02",
        episodes=[episode(CIN, "2026-04-01")],
        visits=[row("postponed", "2026-04-02", reason="ill", planned_for="2026-04-20")],
    )
    assert clauses(only(rows)) == {"A.7": "2026-04-09", "A.2": "2026-04-22"}
    assert told(rows) == {"A.7": ["manager", "iro"]}


def test_two_missed_in_a_row(tmp_path):
    plan = [episode(CIN, "2026-06-01")]
    rows = [row("failed", "2026-06-03"), row("postponed", "2026-06-04"), row("cancelled", "2026-06-05")]
    assert "A.8a" in told(dues(tmp_path, [A], "2026-06-06", episodes=plan, visits=rows))
    rows.insert(1, seen("2026-06-04", seen="no"))
    assert "A.8a" not in told(dues(tmp_path, [A], "2026-06-06", episodes=plan, visits=rows))


def test_access_problem_until_seen(tmp_path):
    plan = [episode(CIN, "2026-06-01")]
    failed = row("failed", "2026-06-03", access_problem="yes")
    assert "A.8c" in told(dues(tmp_path, [A], "2026-06-04", episodes=plan, visits=[failed]))
    rows = [failed, seen("2026-06-03")]
    assert "A.8c" not in told(dues(tmp_path, [A], "2026-06-04", episodes=plan, visits=rows))


def test_unrecorded_visit_from_the_day_after(tmp_path):
    plan, rows = [episode(CIN, "2026-06-01")], [row("scheduled", "2026-06-03")]
    assert told(dues(tmp_path, [A], "2026-06-03", episodes=plan, visits=rows)) == {}
    assert told(dues(tmp_path, [A], "2026-06-04", episodes=plan, visits=rows)) == {"A.9": ["worker"]}


def test_third_birthday_before_due_shows_both_sides(tmp_path):
    # Three on Wed 10 Jun 2026; due Thu 11 Jun.
    child = [{"child_id": "C1", "date_of_birth": "2023-06-10"}]
    plan = [episode(CP, "2026-06-01")]
    before = only(dues(tmp_path, [A], "2026-06-09", children=child, episodes=plan))
    on_the_day = only(dues(tmp_path, [A], "2026-06-10", children=child, episodes=plan))
    assert before["must"] == ["alone", "at_home", "awake"]
    assert on_the_day["must"] == ["alone", "at_home"]


def test_unannounced_limit_shows_when_the_visit_after_next_is_too_late(tmp_path):
    # Plan 1 Jun, limit 1 Sep. Seen 4 Aug: due 25 Aug, the next after it 15 Sep, too late: shows.
    plan = [episode(CIN, "2026-06-01")]
    found = only(dues(tmp_path, [A], "2026-08-05", episodes=plan, visits=[seen("2026-08-04")]))
    assert clauses(found) == {"A.2": "2026-08-25", "A.4": "2026-09-01"}
    assert "unannounced" in found["must"]
    # Seen 14 Jul: due 4 Aug, the next after it 25 Aug, in time: does not show.
    found = only(dues(tmp_path, [A], "2026-07-15", episodes=plan, visits=[seen("2026-07-14")]))
    assert clauses(found) == {"A.2": "2026-08-04"}


def test_own_frequency_by_core_group(tmp_path):
    # Weekly from Tue 2 Jun: Tue 9 Jun, before A.2's 23 Jun; never before agreed_from.
    plan = episode(CIN, "2026-05-20", agreed_every="1 week", agreed_reason="core_group")
    found = only(dues(tmp_path, [A], "2026-06-03", episodes=[plan], visits=[seen("2026-06-02")]))
    assert clauses(found) == {"A.5": "2026-06-09", "A.2": "2026-06-23"}
    plan["agreed_from"] = "2026-06-15"
    found = only(dues(tmp_path, [A], "2026-06-03", episodes=[plan], visits=[seen("2026-06-02")]))
    assert found["due"] == "2026-06-15"
    plan["agreed_every"] = "4 weeks"
    found = only(dues(tmp_path, [A], "2026-06-03", episodes=[plan], visits=[seen("2026-06-02")]))
    assert clauses(found) == {"A.2": "2026-06-23"}


def test_two_visits_by_somebody_else(tmp_path):
    plan = [episode(CIN, "2026-05-20", worker_since="2026-06-01")]
    rows = [seen("2026-06-02", worker_id="W2"), seen("2026-06-05", worker_id="W3")]
    found = dues(tmp_path, [A, B], "2026-06-06", episodes=plan, visits=rows)
    assert told(found) == {"A.0": ["manager"], "B.0": ["manager"]}


# --- together ----------------------------------------------------------------------------------------


def test_four_packs_on_one_plan(tmp_path):
    # CP agreed Mon 1 Jun at 10:00: D.4a Wed 3 Jun 10:00, A.3 11 Jun, B.1 and C.1 15 Jun.
    found = only(dues(tmp_path, [A, B, C, D], "2026-06-01", episodes=[episode(CP, "2026-06-01T10:00")]))
    assert clauses(found) == {
        "D.4a": "2026-06-03",
        "A.3": "2026-06-11",
        "B.1": "2026-06-15",
        "C.1": "2026-06-15",
    }
    assert (found["governed_by"], found["due_at"]) == (["D.4a"], "2026-06-03T10:00")


def test_a_visit_before_the_plan_does_not_carry_over(tmp_path):
    found = only(
        dues(
            tmp_path,
            [A],
            "2026-06-02",
            episodes=[episode(CIN, "2026-05-01", end="2026-05-31"), episode(CP, "2026-06-01")],
            visits=[seen("2026-05-31")],
        )
    )
    assert clauses(found) == {"A.3": "2026-06-11"}
