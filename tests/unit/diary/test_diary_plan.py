"""The planner's table, rule by rule: wanted × seen × known gives the smallest safe change."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from diarykit.makers import PLAN, TODAY, achieved, entry, remembered, standing, wanted

from bot.diary.actions import (
    Adopt,
    Change,
    Create,
    Dismiss,
    Forget,
    Look,
    Remove,
    Untag,
    already_gone,
    forgets,
    intent,
    outcome,
)
from bot.diary.entry import Colour, Role
from bot.diary.plan import looked, plan_mailbox

BOX = "ann@x.gov.uk"
ONE = entry()
MARKER = entry(
    "bb",
    role=Role.MARKER,
    on=date(2026, 12, 4),
    starts=datetime(2026, 12, 4),
    ends=datetime(2026, 12, 5),
    all_day=True,
    alarm_minutes=None,
)
MONDAY = datetime(2026, 12, 7, 14)  # where a person may have put it


def plan(want, seen=(), known=(), rules=PLAN):
    return plan_mailbox(BOX, want, seen, known, rules)


def actions(*args, **kwargs):
    return plan(*args, **kwargs).actions


def change(*args, **kwargs) -> Change:
    (action,) = actions(*args, **kwargs)
    assert isinstance(action, Change)
    return action


def test_what_stands_as_it_should_is_left_alone():
    assert plan(wanted(ONE), [standing(ONE)], [remembered(ONE)]).unchanged == 1
    assert (
        actions(wanted(ONE, MARKER), [standing(MARKER), standing(ONE)], [remembered(ONE), remembered(MARKER)])
        == ()
    )


def test_what_is_wanted_and_unknown_is_made_once_under_a_transaction_id():
    (made,) = actions(wanted(ONE))
    assert isinstance(made, Create)
    assert made.write.categories == ("Visit",)
    assert made.write.alarm_minutes == 0
    begun = intent(BOX, made)
    (again,) = actions(wanted(ONE), known=[begun], rules=replace(PLAN, today=TODAY + timedelta(days=1)))
    assert isinstance(again, Create)
    assert again.transaction_id == made.transaction_id


def test_what_was_made_although_its_answer_was_lost_is_adopted_without_a_write():
    (made,) = actions(wanted(ONE))
    (action,) = actions(wanted(ONE), [standing(ONE)], [intent(BOX, made)])
    assert isinstance(action, Adopt)
    assert actions(wanted(ONE), [standing(ONE)], [outcome(BOX, action)]) == ()


def test_a_marker_of_a_past_day_is_not_made():
    assert actions(wanted(replace(MARKER, create=False))) == ()


def test_a_changed_due_date_changes_the_entry_and_adds_none():
    moved = entry(on=date(2026, 12, 10), due=date(2026, 12, 11), subject="Visit due Fri 11 Dec · J.S. 20417")
    action = change(wanted(moved), [standing(ONE)], [remembered(ONE)])
    assert action.write.starts == moved.starts
    assert action.record.due == moved.due
    assert {"due", "place", "words"} <= set(action.why)


def test_a_persons_move_stays_while_its_day_is_today_or_later():
    seen = standing(ONE, starts=MONDAY, ends=MONDAY + timedelta(hours=1))
    assert actions(wanted(ONE), [seen], [remembered(ONE)]) == ()
    same_day = replace(PLAN, today=MONDAY.date())
    late = replace(
        ONE, on=MONDAY.date(), starts=datetime(2026, 12, 7, 9), subject="Visit 3 days late · was due …"
    )
    action = change(wanted(late), [seen], [remembered(ONE)], same_day)
    assert (action.write.starts, action.write.ends) == (seen.starts, seen.ends)
    assert action.write.subject == late.subject


def test_a_persons_move_is_over_once_its_day_is_past_and_the_visit_still_owed():
    seen = standing(ONE, starts=MONDAY, ends=MONDAY + timedelta(hours=1))
    late = replace(ONE, on=date(2026, 12, 8), starts=datetime(2026, 12, 8, 9))
    action = change(wanted(late), [seen], [remembered(ONE)], replace(PLAN, today=date(2026, 12, 8)))
    assert action.write.starts == late.starts
    assert action.write.alarm_minutes == 0


def test_a_persons_move_is_reset_by_a_changed_due_date_alone():
    seen = standing(ONE, starts=MONDAY, ends=MONDAY + timedelta(hours=1))
    other_day = replace(
        ONE, on=date(2026, 12, 2), starts=datetime(2026, 12, 2, 9)
    )  # the worker goes on leave
    assert actions(wanted(other_day), [seen], [remembered(ONE)]) == ()
    other_due = replace(ONE, due=date(2026, 12, 5))
    assert change(wanted(other_due), [seen], [remembered(ONE)]).write.starts == ONE.starts


def test_our_own_shift_to_another_day_is_followed():
    shifted = replace(
        ONE, on=date(2026, 12, 4), starts=datetime(2026, 12, 4, 9), ends=datetime(2026, 12, 4, 9, 15)
    )
    action = change(wanted(shifted), [standing(ONE)], [remembered(ONE)])
    assert action.write.starts == shifted.starts
    assert action.why == ("place",)


def test_our_own_shift_whose_answer_was_lost_is_not_taken_for_a_persons_move():
    shifted = replace(ONE, starts=datetime(2026, 12, 4, 9), ends=datetime(2026, 12, 4, 9, 15))
    begun = intent(BOX, change(wanted(shifted), [standing(ONE)], [remembered(ONE)]))
    back = replace(ONE, starts=datetime(2026, 12, 2, 9), ends=datetime(2026, 12, 2, 9, 15))
    for stands in (ONE, shifted):  # whether it was carried out or not
        assert change(wanted(back), [standing(stands)], [begun]).write.starts == back.starts


def test_a_persons_move_after_a_change_whose_answer_was_lost_stays():
    moved = entry(on=date(2026, 12, 10), due=date(2026, 12, 11), subject="Visit due Fri 11 Dec · J.S. 20417")
    begun = intent(BOX, change(wanted(moved), [standing(ONE)], [remembered(ONE)]))
    seen = standing(moved, starts=MONDAY, ends=MONDAY + timedelta(hours=1))
    assert change(wanted(moved), [seen], [begun]).write.starts == MONDAY


def test_a_length_that_a_person_has_set_stays():
    seen = standing(ONE, ends=ONE.ends + timedelta(hours=1))
    assert actions(wanted(ONE), [seen], [remembered(ONE)]) == ()


def test_an_alarm_that_a_person_dismissed_does_not_ring_again_the_same_day():
    silent = standing(ONE, alarm_minutes=None)
    assert actions(wanted(ONE), [silent], [remembered(ONE)]) == ()
    new_words = replace(ONE, body=replace(ONE.body, cover="Bo covers."))
    assert change(wanted(new_words), [silent], [remembered(ONE)]).write.alarm_minutes is None


def test_an_alarm_rings_again_when_the_entry_is_put_on_another_day():
    shifted = replace(ONE, starts=datetime(2026, 12, 4, 9), ends=datetime(2026, 12, 4, 9, 15))
    assert (
        change(wanted(shifted), [standing(ONE, alarm_minutes=None)], [remembered(ONE)]).write.alarm_minutes
        == 0
    )


def test_a_sibling_that_becomes_the_first_begins_to_ring():
    silent = replace(ONE, alarm_minutes=None)
    assert change(wanted(ONE), [standing(silent)], [remembered(silent)]).write.alarm_minutes == 0


def test_a_changed_text_is_written_since_it_cannot_be_read_back():
    new_words = replace(ONE, body=replace(ONE.body, risk=("Dog",)))
    assert change(wanted(new_words), [standing(ONE)], [remembered(ONE)]).why == ("body",)
    assert change(wanted(ONE), [standing(ONE)], [remembered(ONE)], replace(PLAN, template="t2")).why == (
        "body",
    )


def test_a_persons_own_categories_stay_beside_ours():
    seen = standing(ONE, categories=("Court", "Visit"))
    assert actions(wanted(ONE), [seen], [remembered(ONE)]) == ()
    red = replace(ONE, colour=Colour.CHILD_PROTECTION)
    assert change(wanted(red), [seen], [remembered(ONE)]).write.categories == ("Court", "Visit (red)")
    recoloured = standing(ONE, categories=("Court",))
    assert change(wanted(ONE), [recoloured], [remembered(ONE)]).write.categories == ("Court", "Visit")


def test_c7b_a_colour_that_a_person_took_out_is_not_put_back_and_is_reported():
    seen = standing(ONE, categories=())
    found = plan(wanted(ONE), [seen], [remembered(ONE)])
    assert found.said_done == ("aa",)
    (remember,) = found.actions
    assert isinstance(remember, Adopt), "nothing is written to the mailbox"
    again = plan(wanted(ONE), [seen], [remembered(ONE, said_done_at=remember.record.said_done_at)])
    assert (again.actions, again.said_done) == ((), ("aa",))
    next_visit = replace(ONE, due=date(2026, 12, 5))
    assert change(wanted(next_visit), [seen], [remembered(ONE)]).write.categories == ("Visit",)


def test_a_subject_that_a_person_changed_is_set_right():
    action = change(wanted(ONE), [standing(ONE, subject="Visit John Smith")], [remembered(ONE)])
    assert action.write.subject == ONE.subject


def test_what_the_list_does_not_show_is_looked_for_by_id():
    (look,) = actions(wanted(ONE), [], [remembered(ONE)])
    assert isinstance(look, Look)
    assert looked(look, standing(ONE), PLAN) == ()
    assert looked(look, standing(ONE, key=None), PLAN)[0].why == ("tag",)


def test_what_a_person_deleted_stays_away_until_its_due_date_changes():
    (look,) = actions(wanted(ONE), [], [remembered(ONE)])
    (dismiss,) = looked(look, None, PLAN)
    assert isinstance(dismiss, Dismiss)
    row = outcome(BOX, dismiss)
    assert actions(wanted(ONE), [], [row]) == ()
    (made,) = actions(wanted(replace(ONE, due=date(2026, 12, 11))), [], [row])
    assert isinstance(made, Create)
    assert made.record.generation > row.generation


def test_deleted_and_due_on_another_day_is_made_anew_at_once():
    (look,) = actions(wanted(replace(ONE, due=date(2026, 12, 11))), [], [remembered(ONE)])
    (made,) = looked(look, None, PLAN)
    assert isinstance(made, Create)


def test_with_a_memory_that_is_older_than_the_diary_nobody_is_taken_to_have_deleted_anything():
    (look,) = actions(wanted(ONE), [], [remembered(ONE)])
    (made,) = looked(look, None, PLAN, memory_is_older=True)
    assert isinstance(made, Create)
    assert looked(look, standing(ONE), PLAN, memory_is_older=True) == (), "what stands is left as it is"
    (look,) = actions(wanted(), [], [remembered(ONE)])
    assert looked(look, None, PLAN, memory_is_older=True) == (Forget("aa"),)


def test_who_deletes_the_entry_of_a_visit_that_was_made_does_not_do_without_its_reminder():
    done = replace(remembered(ONE), achieved=True)
    (look,) = actions(wanted(ONE), [], [done])
    (made,) = looked(look, None, PLAN)
    assert isinstance(made, Create)
    dismissed = replace(done, state="dismissed", event_id=None)
    (made,) = actions(wanted(ONE), [], [dismissed])
    assert isinstance(made, Create)
    assert made.record.generation > dismissed.generation


def test_what_a_person_took_back_from_the_bin_is_kept():
    row = replace(remembered(ONE), state="dismissed", event_id=None)
    (action,) = actions(wanted(ONE), [standing(ONE)], [row])
    assert isinstance(action, Adopt)


def test_a_persons_copy_is_let_go_and_never_deleted():
    copy = standing(ONE, id="copy", starts=MONDAY)
    (action,) = actions(wanted(ONE), [standing(ONE), copy], [remembered(ONE)])
    assert action == Untag("aa", "copy", "e1", "copy")
    assert not forgets(action)


def test_the_remembered_id_outranks_the_tag():
    copy = standing(ONE, id="a-copy-that-sorts-first")
    (action,) = actions(wanted(ONE), [copy, standing(ONE)], [remembered(ONE)])
    assert action == Remove("aa", copy.id, "e1", ONE.subject, "duplicate")
    (look,) = actions(wanted(ONE), [copy], [remembered(ONE)])
    assert isinstance(look, Look)
    assert [step.do for step in looked(look, standing(ONE, starts=MONDAY, ends=MONDAY), PLAN)] == ["untag"]


def test_a_copy_is_kept_where_a_person_deleted_the_first():
    copy = standing(ONE, id="copy", starts=MONDAY, ends=MONDAY + timedelta(minutes=15))
    (look,) = actions(wanted(ONE), [copy], [remembered(ONE)])
    (adopted,) = looked(look, None, PLAN)
    assert isinstance(adopted, Adopt)
    assert actions(wanted(ONE), [copy], [outcome(BOX, adopted)]) == ()


def test_a_stripped_tag_is_restored():
    assert change(wanted(ONE), [standing(ONE, key=None)], [remembered(ONE)]).why == ("tag",)


def test_one_event_on_two_pages_of_the_list_is_one():
    assert actions(wanted(ONE), [standing(ONE), standing(ONE)], [remembered(ONE)]) == ()


def test_a_lost_store_adopts_what_stands_and_doubles_nothing():
    action = change(wanted(ONE), [standing(ONE)])
    assert action.why == ("body",)
    assert actions(wanted(ONE), [standing(ONE)], [outcome(BOX, action)]) == ()


def test_a_lost_store_keeps_a_move_where_the_entry_names_the_same_due_date():
    seen = standing(ONE, starts=datetime(2026, 12, 4, 14), ends=datetime(2026, 12, 4, 15))
    action = change(wanted(ONE), [seen])
    assert action.write.starts == seen.starts
    assert actions(wanted(ONE), [seen], [outcome(BOX, action)]) == ()
    other = standing(ONE, starts=seen.starts, subject="Visit due Tue 8 Dec · J.S. 20417")
    assert change(wanted(ONE), [other]).write.starts == ONE.starts


def test_c7b_what_is_achieved_loses_its_colour_and_alarm_and_keeps_its_place_and_the_persons_categories():
    seen = standing(ONE, starts=MONDAY, ends=MONDAY + timedelta(hours=1), categories=("Visit", "Court"))
    action = change(wanted(done=(achieved(),)), [seen], [remembered(ONE)])
    assert action.write.categories == ("Court",)
    assert action.write.alarm_minutes is None
    assert action.write.subject == "Seen Fri 27 Nov · J.S. 20417"
    assert (action.write.starts, action.write.ends) == (seen.starts, seen.ends)
    after = replace(seen, categories=("Court",), alarm_minutes=None, subject=action.write.subject)
    assert actions(wanted(done=(achieved(),)), [after], [outcome(BOX, action)]) == ()


def test_an_achieved_cycle_is_never_put_into_a_diary_that_did_not_show_it():
    assert actions(wanted(done=(achieved(),))) == ()


def test_an_achieved_entry_is_let_go_in_the_end_and_not_deleted():
    row = replace(remembered(ONE), achieved=True)
    (action,) = actions(wanted(), [standing(ONE, categories=())], [row])
    assert action == Untag("aa", "id-aa", "e1", "released")
    assert forgets(action)
    (again,) = actions(wanted(), [standing(ONE, categories=())], [])  # the store was lost in between
    assert again == action
    assert actions(wanted(), [], [row]) == (Forget("aa"),)


def test_a_visit_that_turns_out_not_to_count_is_owed_again_in_its_old_entry():
    row = replace(remembered(ONE), achieved=True, digest="-:x")
    seen = standing(ONE, categories=(), alarm_minutes=None, subject="Seen Fri 27 Nov · J.S. 20417")
    action = change(wanted(ONE), [seen], [row])
    assert action.write.categories == ("Visit",)
    assert action.write.subject == ONE.subject
    assert action.write.alarm_minutes == 0


def test_what_is_wanted_no_more_is_removed():
    (action,) = actions(wanted(), [standing(ONE)], [remembered(ONE)])
    assert action == Remove("aa", "id-aa", "e1", ONE.subject, "unwanted", remembered(ONE))
    assert forgets(action)


def test_what_is_wanted_no_more_and_not_in_the_list_is_looked_for_before_it_is_forgotten():
    (look,) = actions(wanted(), [], [remembered(ONE)])
    assert looked(look, None, PLAN) == (Forget("aa"),)
    assert looked(look, standing(ONE), PLAN) == (
        Remove("aa", "id-aa", "e1", ONE.subject, "unwanted", remembered(ONE)),
    )


def test_a_removal_of_ours_whose_answer_was_lost_is_not_taken_for_a_persons_deletion():
    (remove,) = actions(wanted(), [standing(ONE)], [remembered(ONE)])
    begun = intent(BOX, remove)
    (look,) = actions(wanted(ONE), [], [begun])  # the case has come back
    (made,) = looked(look, None, PLAN)
    assert isinstance(made, Create)
    assert made.record.generation > remembered(ONE).generation
    (kept,) = looked(look, standing(ONE), PLAN)
    assert isinstance(kept, Adopt)


def test_an_old_store_does_not_delete_what_was_let_go_since():
    (look,) = actions(wanted(), [], [remembered(ONE)])
    assert looked(look, standing(ONE, key="released", categories=()), PLAN) == (Forget("aa"),)


@pytest.mark.fact("bot-transaction-version")
def test_a_creation_said_to_exist_that_is_gone_is_made_under_another_transaction_id():
    (made,) = actions(wanted(ONE))
    (second,) = actions(wanted(ONE), known=[already_gone(BOX, made)])
    assert isinstance(second, Create)
    assert second.transaction_id != made.transaction_id


def test_a_creation_that_had_been_done_before_has_its_words_written_again():
    (made,) = actions(wanted(ONE))
    row = outcome(BOX, made, "id-aa", "e1", existed=True)
    assert change(wanted(ONE), [standing(ONE)], [row]).why == ("body",)


MANY = tuple(entry(f"{number:02}") for number in range(20))


@pytest.mark.parametrize(("missing", "refused"), [(5, False), (6, False), (7, True), (20, True)])
def test_the_removal_of_much_at_once_is_refused_with_number_limit_and_way_out(missing, refused):
    seen, known = [standing(one) for one in MANY], [remembered(one) for one in MANY]
    found = plan(wanted(*MANY[missing:]), seen, known)
    assert bool(found.refusal) == refused
    if refused:
        said = str(found.refusal)
        assert f"{missing} of 20" in said
        assert "at most 6" in said
        assert "--force" in said


def test_a_small_diary_may_lose_five():
    few = MANY[:5]
    assert not plan(wanted(), [standing(one) for one in few], [remembered(one) for one in few]).refusal


def test_what_goes_to_another_worker_is_not_counted_as_lost():
    seen, known = [standing(one) for one in MANY], [remembered(one) for one in MANY]
    found = plan(wanted(elsewhere=tuple(one.key for one in MANY)), seen, known)
    assert found.counts() == {"remove": 20}
    assert not found.refusal


def test_an_empty_list_that_memory_contradicts_removes_nothing_and_is_noted():
    found = plan(wanted(*MANY), [], [remembered(one) for one in MANY])
    assert found.counts() == {"look": 20}
    assert found.writes == 0
    assert "20 of 20" in found.notes[0]


def test_what_was_under_way_is_over_once_it_is_found_done():
    row = replace(remembered(ONE), placing=datetime(2026, 12, 2, 9))
    (action,) = actions(wanted(ONE), [standing(ONE)], [row])
    assert isinstance(action, Adopt)
    assert outcome(BOX, action).placing is None


def test_a_generation_is_never_used_twice_even_on_one_day():
    row = replace(remembered(ONE), state="dismissed", event_id=None, generation=TODAY.toordinal())
    (made,) = actions(wanted(replace(ONE, due=date(2026, 12, 11))), [], [row])
    assert made.record.generation == row.generation + 1


def test_an_entry_remembered_under_one_key_is_never_taken_for_another():
    two = entry("bb")
    swapped = standing(ONE, key="bb")
    found = actions(wanted(ONE, two), [swapped], [remembered(ONE)])
    assert [(action.do, action.key) for action in found] == [("change", "aa"), ("create", "bb")]


def test_a_colour_taken_out_by_hand_does_not_make_an_entry_achieved():
    (action,) = actions(wanted(), [standing(ONE, categories=())], [remembered(ONE)])
    assert action.do == "remove"
    mended = standing(ONE, categories=("Visit",), subject="Seen Fri 27 Nov")
    (action,) = actions(wanted(), [mended], [replace(remembered(ONE), achieved=True)])
    assert action.do == "untag"


def test_an_entry_that_stands_is_no_longer_under_removal_once_it_is_changed():
    (remove,) = actions(wanted(), [standing(ONE)], [remembered(ONE)])
    begun = intent(
        BOX, change(wanted(replace(ONE, due=date(2026, 12, 5))), [standing(ONE)], [intent(BOX, remove)])
    )
    assert (begun.state, begun.event_id) == ("live", "id-aa")


def test_a_stray_that_carries_our_mark_but_no_key_is_left_alone():
    found = plan(wanted(), [standing(ONE, key=None, id="stray")])
    assert found.actions == ()
    assert found.notes


def test_a_plan_can_be_saved_and_read_again_unchanged():
    other = entry("cc", colour=Colour.CHILD_PROTECTION)
    seen = [
        standing(MARKER),
        standing(MARKER, id="zz", starts=MONDAY),
        standing(entry("dd")),
        standing(entry("ee")),
    ]
    known = [
        remembered(ONE),
        remembered(entry("dd")),
        replace(remembered(MARKER), due=date(2026, 12, 1)),
        replace(remembered(entry("ff")), state="dismissed"),
        replace(remembered(entry("gg")), achieved=False),
        remembered(entry("hh")),
    ]
    done = (replace(achieved(), key="hh"),)
    found = plan(wanted(ONE, MARKER, other, entry("ee"), done=done), seen, known)
    assert found.counts() == {"change": 2, "create": 1, "forget": 1, "look": 3, "remove": 1, "untag": 1}
    assert [one["do"] for one in json.loads(found.to_json())["actions"]] == [one.do for one in found.actions]
    assert len(found.lines()) == len(found.actions)
    assert not any("id-" in line for line in found.lines())


def test_a_plan_s_lines_are_in_the_order_of_days_and_then_of_words():
    late, soon = (
        replace(entry(key), starts=datetime(2026, 12, day, 9), ends=datetime(2026, 12, day, 10))
        for key, day in (("aa", 9), ("zz", 2))
    )
    seen = [standing(replace(entry("dd"), subject=name), key=key) for key, name in (("dd", "W"), ("ee", "B"))]
    known = [remembered(entry("dd")), remembered(entry("ee"))]
    lines = plan(wanted(late, soon), seen, known).lines()
    assert [line.split(":")[0] for line in lines] == ["create", "create", "look", "remove"]
    assert "2 Dec" in lines[0]
    assert "9 Dec" in lines[1]
    assert lines[2:] == tuple(sorted(lines[2:]))
