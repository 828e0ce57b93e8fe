"""Packs B and C: dates reckoned by hand."""

import pytest

from reckoning.by_hand import A, B, C, clauses, dues, episode, only, row, seen, told

CIN, CP = "child_in_need", "child_protection"


# --- pack B ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "start", "due"),
    [
        (CP, "2026-12-18", "2027-01-06"),  # Fri; 21 22 23 24 | 29 30 31 | 4 5 6 Jan
        (CP, "2026-06-13", "2026-06-26"),  # a Saturday: Mon 15 is working day 1
        (CP, "2026-04-02", "2026-04-20"),  # Easter: 7 8 9 10 | 13 .. 17 | 20
        (CIN, "2026-06-01", "2026-06-29"),  # 20 working days without holidays: 4 weeks
        (CIN, "2026-08-10", "2026-09-08"),  # Mon 31 Aug is a bank holiday
    ],
)
def test_working_days(tmp_path, kind, start, due):
    assert only(dues(tmp_path, [B], start, episodes=[episode(kind, start)]))["due"] == due


def test_brief_visit_does_not_count_and_is_tried_again(tmp_path):
    # Brief on Fri 5 Jun: again by Tue 9 Jun; B.1 from Mon 1 Jun stays Mon 15 Jun.
    found = only(
        dues(
            tmp_path,
            [B],
            "2026-06-06",
            episodes=[episode(CP, "2026-06-01")],
            visits=[seen("2026-06-05", brief="yes")],
        )
    )
    assert clauses(found) == {"B.7": "2026-06-09", "B.1": "2026-06-15"}


def test_retry_is_never_later_than_the_other_clauses(tmp_path):
    # Failed Mon 15 Jun, the day B.1 falls due: not Wed 17.
    plan = [episode(CP, "2026-06-01")]
    found = only(dues(tmp_path, [B], "2026-06-15", episodes=plan, visits=[row("failed", "2026-06-15")]))
    assert clauses(found) == {"B.7": "2026-06-15", "B.1": "2026-06-15"}
    assert found["governed_by"] == ["B.1", "B.7"]


def test_cancelled_until_replanned(tmp_path):
    # Cancelled for Fri 5 Jun: Tue 9 Jun, unless a new visit of today or later is in the diary.
    plan, cancelled = [episode(CP, "2026-06-01")], row("cancelled", "2026-06-05", reason="ill")
    found = only(dues(tmp_path, [B], "2026-06-03", episodes=plan, visits=[cancelled]))
    assert clauses(found) == {"B.8": "2026-06-09", "B.1": "2026-06-15"}
    rows = [cancelled, row("scheduled", "2026-06-10")]
    assert clauses(only(dues(tmp_path, [B], "2026-06-03", episodes=plan, visits=rows))) == {
        "B.1": "2026-06-15"
    }


def test_planned_later_than_due_is_a_concern(tmp_path):
    postponed = row("postponed", "2026-06-05", reason="ill", planned_for="2026-06-16")
    rows = dues(tmp_path, [B], "2026-06-05", episodes=[episode(CP, "2026-06-01")], visits=[postponed])
    assert clauses(only(rows)) == {"B.1": "2026-06-15"}
    assert told(rows) == {"B.8": ["manager"]}


def test_request_of_a_child(tmp_path):
    # Asked Fri 22 May 2026; Mon 25 May is the spring bank holiday: Tue 26, Wed 27.
    plan, asked = [episode(CIN, "2026-05-18")], [{"child_id": "C1", "asked_on": "2026-05-22"}]
    found = only(dues(tmp_path, [B], "2026-05-22", episodes=plan, requests=asked))
    assert found["governed_by"] == ["B.3"]
    assert found["due"] == "2026-05-27"
    rows = [seen("2026-05-22")]
    found = only(dues(tmp_path, [B], "2026-05-22", episodes=plan, requests=asked, visits=rows))
    assert found["governed_by"] == ["B.2"]


def test_every_other_visit_musts(tmp_path):
    plan = [episode(CP, "2026-06-01")]
    assert only(dues(tmp_path, [B], "2026-06-02", episodes=plan))["must"] == []
    previous = seen("2026-06-02", seen_alone="no", bedroom_seen="no")
    found = only(dues(tmp_path, [B], "2026-06-03", episodes=plan, visits=[previous]))
    assert found["must"] == ["alone", "at_home", "bedroom"]


def test_contact_while_the_family_is_away(tmp_path):
    # B.1: Mon 15 Jun, in the absence of 8 to 20 Jun. A phone call on Fri 12 Jun restarts: Fri 26 Jun.
    child = [{"child_id": "C1", "date_of_birth": "2023-01-05"}]
    plan = [episode(CP, "2026-06-01")]
    away = [{"child_id": "C1", "start": "2026-06-08", "end": "2026-06-20"}]
    rows = dues(tmp_path, [B], "2026-06-05", children=child, episodes=plan, away=away)
    assert (only(rows)["kind"], only(rows)["due"], only(rows)["must"]) == (
        "contact",
        "2026-06-15",
        ["awake", "observed"],
    )
    assert told(rows) == {"B.9": ["worker"]}
    call = row("completed", "2026-06-12", kind="contact", channel="phone")
    rows = dues(tmp_path, [B], "2026-06-12", children=child, episodes=plan, away=away, visits=[call])
    assert (only(rows)["kind"], only(rows)["due"]) == ("visit", "2026-06-26")
    assert told(rows) == {}


def test_excluded_episode_is_outside_pack_b_only(tmp_path):
    plan = [episode(CIN, "2026-06-01", excluded_reason="short breaks only")]
    assert dues(tmp_path, [B], "2026-06-02", episodes=plan) == []
    assert clauses(only(dues(tmp_path, [A, B], "2026-06-02", episodes=plan))) == {"A.2": "2026-06-22"}


# --- pack C ------------------------------------------------------------------------------------------


def test_fourteen_calendar_days_over_christmas(tmp_path):
    # Fri 11 Dec + 14 = Fri 25 Dec, regardless of public holidays.
    found = only(dues(tmp_path, [C], "2026-12-12", episodes=[episode(CP, "2026-12-11")]))
    assert clauses(found) == {"C.1": "2026-12-25"}
    assert found["must"] == ["at_home"]


def test_half_of_the_visits_at_home(tmp_path):
    # One of one at home: elsewhere makes one of two, a half. One of two: elsewhere makes one of three.
    plan = [episode(CP, "2026-06-01")]
    rows = [seen("2026-06-02")]
    assert only(dues(tmp_path, [C], "2026-06-10", episodes=plan, visits=rows))["must"] == []
    rows.append(seen("2026-06-05", at_home="no"))
    assert only(dues(tmp_path, [C], "2026-06-10", episodes=plan, visits=rows))["must"] == ["at_home"]


def test_unfinalised_visit_does_not_count_and_is_due_for_recording(tmp_path):
    # Seen Tue 9 Jun at 16:30, not finalised: record by Thu 11 Jun 16:30; C.1 still from 1 Jun.
    rows = dues(
        tmp_path,
        [C],
        "2026-06-10",
        episodes=[episode(CP, "2026-06-01")],
        visits=[seen("2026-06-09T16:30", finalised_at="", worker_id="W2")],
    )
    assert [(it["kind"], it["worker_id"], it["due"], it["due_at"]) for it in rows] == [
        ("recording", "W2", "2026-06-11", "2026-06-11T16:30"),
        ("visit", "W1", "2026-06-15", None),
    ]


@pytest.mark.parametrize(
    ("today", "to"),
    [
        ("2026-06-11", None),
        ("2026-06-12", ["worker"]),
        ("2026-06-14", ["worker"]),
        ("2026-06-15", ["worker", "manager"]),
    ],
)
def test_late_recording(tmp_path, today, to):
    # Due Thu 11 Jun: the worker is told on Fri 12, the manager one working day later, Mon 15.
    ended = episode(CP, "2026-05-01", end="2026-06-09")
    rows = dues(tmp_path, [C], today, episodes=[ended], visits=[seen("2026-06-09", finalised_at="")])
    assert told(rows).get("C.3") == to


def test_48_hours_over_the_change_of_clocks(tmp_path):
    # Sat 28 Mar 2026 23:30 GMT + 48 h = Tue 31 Mar 00:30 BST.
    ended = episode(CP, "2026-03-01", end="2026-03-28")
    visits = [seen("2026-03-28T23:30", finalised_at="")]
    found = only(dues(tmp_path, [C], "2026-03-29", episodes=[ended], visits=visits))
    assert (found["due"], found["due_at"]) == ("2026-03-31", "2026-03-31T00:30")


def test_foreseeable_timescale_needs_the_manager(tmp_path):
    # C.1: Mon 15 Jun. Today due and nothing scheduled; then scheduled; planned past due; discussed.
    plan = [episode(CP, "2026-06-01")]
    assert told(dues(tmp_path, [C], "2026-06-15", episodes=plan)) == {"C.8e": ["manager"]}
    today = [row("scheduled", "2026-06-15")]
    assert told(dues(tmp_path, [C], "2026-06-15", episodes=plan, visits=today)) == {}
    late = [row("scheduled", "2026-06-16")]
    assert told(dues(tmp_path, [C], "2026-06-10", episodes=plan, visits=late)) == {"C.8e": ["manager"]}
    talk = [{"child_id": "C1", "clause": "C.8e", "asked_on": "2026-06-09", "recorded_on": "2026-06-10"}]
    assert told(dues(tmp_path, [C], "2026-06-10", episodes=plan, visits=late, approvals=talk)) == {}


def test_planned_leave_over_the_due_day_tells_the_manager_once(tmp_path):
    plan = [episode(CP, "2026-06-01")]
    leave = [{"worker_id": "W1", "start": "2026-06-11", "end": "2026-06-19", "kind": "planned"}]
    assert told(dues(tmp_path, [C], "2026-06-08", episodes=plan, absences=leave)) == {"C.8a": ["manager"]}
    leave[0]["manager_told_on"] = "2026-06-05"
    assert told(dues(tmp_path, [C], "2026-06-08", episodes=plan, absences=leave)) == {}
    # From the first day of the leave the worker is away over all that remains: foreseeable.
    assert told(dues(tmp_path, [C], "2026-06-11", episodes=plan, absences=leave)) == {"C.8e": ["manager"]}


def test_unplanned_absence_on_the_due_day(tmp_path):
    ill = [{"worker_id": "W1", "start": "2026-06-15", "kind": "unplanned"}]
    rows = dues(tmp_path, [C], "2026-06-15", episodes=[episode(CP, "2026-06-01")], absences=ill)
    assert told(rows) == {"C.8b": ["manager"], "C.8e": ["manager"]}
    assert only(rows)["cover_id"] == "W2"
