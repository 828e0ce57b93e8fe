"""What should stand in each diary, for each visit that is owed and each that was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from diarykit.makers import RULES, SAYS, TODAY, caseload, closed, judgement, late, visit

from bot.diary import entries
from bot.diary.day import DiaryRules
from bot.diary.entry import Colour, Role

ANN, BO = "ann@x.gov.uk", "bo@x.gov.uk"


def wanted(*visits, seen=(), cases=None, rules=RULES, says=None):
    return entries.wanted(judgement(*seen, says=says), visits, cases or caseload(), rules, TODAY)


def only(found, role=Role.REMINDER, mailbox=ANN):
    (one,) = [entry for entry in found.of(mailbox) if entry.role is role]
    return one


def test_a_visit_rings_on_the_morning_of_the_day_before_as_c7a_asks():
    reminder = only(wanted(visit()))
    assert (reminder.on, reminder.due) == (date(2026, 12, 3), date(2026, 12, 4))
    assert (reminder.starts, reminder.ends) == (datetime(2026, 12, 3, 9), datetime(2026, 12, 3, 9, 15))
    assert (reminder.alarm_minutes, reminder.all_day) == (0, False)
    assert reminder.subject == "Visit due Fri 4 Dec · J.S. 20417"


def test_the_due_day_itself_has_a_silent_marker_in_the_same_colour():
    marker = only(wanted(visit()), Role.MARKER)
    assert (marker.starts, marker.ends) == (datetime(2026, 12, 4), datetime(2026, 12, 5))
    assert marker.all_day
    assert marker.alarm_minutes is None
    assert marker.colour is Colour.VISIT


def test_the_time_the_length_and_the_marker_are_settings():
    rules = DiaryRules(key_secret=b"s", reminder_time=time(8, 30), reminder_minutes_long=30, marker=False)
    (reminder,) = wanted(visit(), rules=rules).of(ANN)
    assert (reminder.starts, reminder.ends) == (datetime(2026, 12, 3, 8, 30), datetime(2026, 12, 3, 9))


@pytest.mark.parametrize(
    ("changes", "colour"),
    [
        ({}, Colour.VISIT),
        ({"child_protection": True}, Colour.CHILD_PROTECTION),
        ({"kind": "contact"}, Colour.VISIT),
        ({"kind": "recording", "child_protection": True}, Colour.TYPE_UP),
    ],
)
def test_visits_are_yellow_child_protection_red_and_type_up_orange_as_c7b_asks(changes, colour):
    assert {entry.colour for entry in wanted(visit(**changes)).of(ANN)} == {colour}


def test_a_recording_that_is_owed_is_one_entry_of_its_own_kind():
    (entry,) = wanted(visit(kind="recording")).of(ANN)
    assert entry.role is Role.TYPE_UP
    assert entry.subject == "Type up · J.S. 20417 · by Fri 4 Dec"
    assert entry.alarm_minutes == 0


def test_an_overdue_visit_stands_on_the_day_to_act_and_says_how_late_it_is():
    reminder = only(wanted(late(act_by=TODAY + timedelta(days=1))))
    assert reminder.on == TODAY + timedelta(days=1)
    assert reminder.subject == "Visit 3 days late · was due Fri 27 Nov · J.S. 20417"
    assert reminder.body.heading == "Visit 3 days late: was due Fri 27 Nov 2026"


def test_the_marker_of_a_day_that_has_passed_stays_as_it_was_and_is_never_made_anew():
    before, after = only(wanted(visit()), Role.MARKER), only(wanted(late(days=1)), Role.MARKER)
    assert before.create
    assert not after.create
    assert after.subject == "Visit due Sun 29 Nov · J.S. 20417"
    assert "late" not in after.body.heading


def test_a_marker_says_the_same_on_every_day_until_it_is_done():
    owed = [visit(due=date(2026, 12, 18))]
    now = entries.wanted(judgement(), owed, caseload(), RULES, TODAY)
    later = entries.wanted(judgement(), owed, caseload(), RULES, date(2026, 12, 20))
    first, second = only(now, Role.MARKER), only(later, Role.MARKER)
    assert (first.subject, first.body, first.starts) == (second.subject, second.body, second.starts)


def test_a_cycle_keeps_its_key_whatever_its_date_and_another_cycle_has_another():
    key = only(wanted(visit())).key
    assert only(wanted(visit(due=date(2026, 12, 11)))).key == key
    assert only(wanted(late())).key == key
    assert only(wanted(visit(cycle="visit:V2"))).key != key
    assert only(wanted(visit()), Role.MARKER).key != key


def test_of_siblings_in_one_household_the_first_alone_rings_and_says_how_many():
    found = wanted(
        visit("20419"), visit("20417"), visit("20418", due=date(2026, 12, 5), remind_on=date(2026, 12, 3))
    )
    reminders = [entry for entry in found.of(ANN) if entry.role is Role.REMINDER]
    ringing = [entry for entry in reminders if entry.alarm_minutes is not None]
    assert len(reminders) == 3
    (first,) = ringing
    assert first.subject == "Visit due Fri 4 Dec · J.S. 20417 · 3 owed in this household"
    assert first.body.siblings_owed == 3
    assert {entry.body.siblings_owed for entry in reminders if entry is not first} == {0}


def test_siblings_reminded_on_different_days_each_ring():
    found = wanted(visit("20417"), visit("20418", due=date(2026, 12, 11)))
    assert [entry.alarm_minutes for entry in found.of(ANN) if entry.role is Role.REMINDER] == [0, 0]


def test_children_of_different_workers_each_ring():
    found = wanted(visit("20417"), visit("20418", worker_id="W2"))
    assert only(found).alarm_minutes == 0
    assert only(found, mailbox=BO).alarm_minutes == 0


def test_two_living_situations_of_one_child_each_ring_and_say_which_inside_only():
    found = wanted(visit(setting="foster home"), visit(setting="short breaks"), visit(kind="contact"))
    reminders = [entry for entry in found.of(ANN) if entry.role is Role.REMINDER]
    assert [entry.alarm_minutes for entry in reminders] == [0, 0, 0]
    assert {entry.body.where for entry in reminders} == {"foster home", "short breaks", ""}
    assert not any("foster" in entry.subject for entry in reminders)


def test_the_text_says_why_what_must_be_seen_and_whom_to_call():
    body = only(wanted(visit())).body
    (clause,) = body.why
    assert (clause.id, clause.governs) == ("B.1", True)
    assert clause.counted == "10 working days after the visit on Fri 20 Nov 2026"
    assert body.must == ("See the child alone for part of the visit", "See the child's bedroom")
    assert body.call == ("Your manager: Mo Manager, 020 7946 0001",)
    assert body.wrong == "Wrong? Tell your manager."


def test_the_text_says_how_to_get_the_preparation_sheet_and_carries_none_of_it_b10():
    said = only(wanted(visit())).body.sheet
    assert said.endswith("not kept here. Ask your manager for them, with number 20417.")
    other = replace(RULES, sheet_from="the duty desk", identify="nothing")
    assert only(wanted(visit(), rules=other)).body.sheet.endswith("Ask the duty desk for them.")
    assert only(wanted(visit(), rules=replace(RULES, sheet_from=""))).body.sheet == ""


@pytest.mark.parametrize(
    ("kind", "has_one"),
    [
        ("visit", True),
        ("contact", True),
        ("return_interview", True),
        ("decision", False),
        ("recording", False),
    ],
)
def test_only_what_is_prepared_for_has_a_sheet_b10(kind, has_one):
    assert all(bool(entry.body.sheet) is has_one for entry in wanted(visit(kind=kind)).of(ANN))


def test_e4_the_text_says_by_when_and_when_to_try_again():
    said = only(wanted(visit())).body.if_no_access
    assert "Fri 4 Dec 2026" in said
    assert f"{SAYS['B.7']} (B.7)." in said


def test_e4_once_late_the_text_says_which_day_was_the_last():
    assert "was Fri 27 Nov 2026" in only(wanted(late())).body.if_no_access


def test_e4_without_a_retry_clause_the_text_still_says_what_to_do():
    assert "ring your manager" in only(wanted(visit(), says={})).body.if_no_access


def test_a_manager_who_is_not_known_is_said_not_to_be_known():
    cases = caseload(workers=({"worker_id": "W1", "email": ANN},))
    assert only(wanted(visit(), cases=cases)).body.call == (
        "Your manager (the caseload does not say who that is)",
    )


@pytest.mark.parametrize(
    ("risk", "shown"),
    [
        ({"to": "workers"}, True),
        ({"to": "child"}, False),
        ({"to": None}, True),
        ({"to": "child", "joint_visit": True}, True),
        ({"to": "workers", "ends": TODAY}, True),
        ({"to": "workers", "ends": TODAY - timedelta(days=1)}, False),
        ({"to": "workers", "recorded_on": TODAY + timedelta(days=1)}, False),
        ({"to": "workers", "household_id": "H2"}, False),
    ],
)
def test_e5_a_risk_at_the_address_is_on_the_reminder_while_it_lasts(risk, shown):
    row = {"household_id": "H1", "risk": "dog", "recorded_on": date(2026, 11, 2)} | risk
    said = only(wanted(visit(), cases=caseload(risks=(row,)))).body.risk
    assert bool(said) == shown
    assert ("joint visit" in "".join(said)) == (shown and bool(risk.get("joint_visit")))


def test_when_a_visit_is_recorded_what_stood_for_it_says_that_the_child_was_seen():
    owed = {entry.key for entry in wanted(visit()).of(ANN)}
    done = wanted(visit(cycle="visit:V2"), seen=[closed()]).achieved
    assert {key for key, one in done.items() if one.role is not Role.TYPE_UP} == owed
    said = {one.role: one.subject for one in done.values()}
    assert {said[Role.REMINDER], said[Role.MARKER]} == {"Seen Fri 27 Nov · J.S. 20417"}
    assert said[Role.TYPE_UP] == "Recorded · J.S. 20417 · visit of Fri 27 Nov"
    assert all(one.body.why == one.body.must == one.body.risk == () for one in done.values())


@pytest.mark.parametrize(("days", "kept"), [(0, True), (28, True), (29, False)])
def test_an_achieved_entry_is_kept_for_28_days(days, kept):
    assert bool(wanted(seen=[closed(seen_on=TODAY - timedelta(days=days))]).achieved) == kept


def test_a_visit_that_belongs_in_no_diary_is_handed_back_with_the_reason():
    found = wanted(visit(worker_id=None), visit("20418", worker_id="W9"))
    assert not found.entries
    assert [one.child_id for one in found.unplaced] == ["20417", "20418"]
    assert "no worker" in found.unplaced[0].reason
    assert "W9" in found.unplaced[1].reason


def test_a_concern_is_told_in_the_digest_and_has_no_day():
    found = wanted(visit(kind="concern"))
    assert not found.entries
    assert not found.unplaced


AWAY_NOW = ({"worker_id": "W1", "start": TODAY, "end": None, "kind": "unplanned"},)


def covered(cases=None, **changes):
    return wanted(visit(needs_cover=True, cover_id="W2", **changes), cases=cases)


def test_c8a_before_the_leave_the_buddys_entry_is_provisional_and_the_workers_stays():
    found = covered()
    assert only(found).alarm_minutes == 0
    assert "Bo Buddy covers from your first day away" in only(found).body.cover
    buddys = only(found, mailbox=BO)
    assert buddys.subject.endswith(" · cover, provisional")
    assert buddys.key == only(found).key


def test_c8a_from_the_first_day_of_leave_the_visit_is_the_buddys_to_make():
    found = covered(caseload(absences=AWAY_NOW))
    assert only(found, mailbox=BO).subject == "Visit due Fri 4 Dec · J.S. 20417 · cover"
    assert only(found, mailbox=BO).alarm_minutes == 0
    assert only(found).alarm_minutes is None
    assert "stay responsible" in only(found).body.cover


@pytest.mark.parametrize(
    ("act_by", "stands_on"),
    [
        (TODAY + timedelta(days=14), TODAY),
        (date(2026, 12, 21), date(2026, 12, 18)),
        (date(2026, 12, 29), date(2026, 12, 24)),
    ],
    ids=["near: at once", "far: the Friday before", "far: the last working day before Christmas"],
)
def test_c8b_an_absence_without_an_end_does_not_put_every_visit_to_come_on_today(act_by, stands_on):
    found = covered(due=act_by, act_by=act_by, remind_on=TODAY, cases=caseload(absences=AWAY_NOW))
    assert {entry.on for box in (ANN, BO) for entry in found.of(box) if entry.role == Role.REMINDER} == {
        stands_on
    }


def test_of_siblings_the_one_that_rings_is_one_that_is_still_the_workers_to_make():
    away = AWAY_NOW
    found = wanted(
        visit("20417", needs_cover=True, cover_id="W2"),
        visit("20418", needs_cover=True),
        cases=caseload(absences=away),
    )
    ringing = [entry for entry in found.of(ANN) if entry.alarm_minutes is not None]
    assert [entry.body.child for entry in ringing] == ["A.S. 20418"]


def test_a_restricted_child_stands_in_no_buddys_diary():
    found = covered(child_id="30000")
    assert not found.of(BO)
    assert "restricted" in only(found).body.cover
    assert "Bo" not in only(found).body.cover


def test_where_nobody_is_named_to_cover_the_worker_is_told_so():
    found = wanted(visit(needs_cover=True))
    assert "Nobody is named" in only(found).body.cover


def test_a_buddy_who_is_not_known_is_handed_back():
    found = wanted(visit(needs_cover=True, cover_id="W9"))
    assert only(found)
    assert "W9" in found.unplaced[0].reason


def test_a_buddys_own_visit_to_the_same_child_is_never_doubled_by_cover():
    own, other = visit(worker_id="W2"), visit(needs_cover=True, cover_id="W2")
    found = wanted(other, own)
    assert "cover" not in only(found, mailbox=BO).subject
    assert len(found.of(BO)) == 2


def test_the_order_of_the_caseload_does_not_matter():
    visits = [visit("20417"), visit("20418"), late("20419"), visit("30000", due=date(2026, 12, 9))]
    assert wanted(*visits) == wanted(*reversed(visits))
