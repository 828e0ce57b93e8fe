"""What the bot leaves as a person wants it is told, so that nobody wonders why it did nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

from diarykit.makers import PLAN, entry, remembered, standing, wanted

from bot.diary.actions import Dismiss, Look
from bot.diary.mailbox import Left
from bot.diary.plan import looked, plan_mailbox
from bot.run.words import left_lines, line

BOX = "ann@x.gov.uk"
ONE = entry()
ELSEWHERE = datetime(2026, 12, 7, 14)


def left(target, seen=(), known=()):
    return plan_mailbox(BOX, wanted(target), seen, known, PLAN).left


def test_an_entry_that_a_person_moved_is_told_with_where_it_stands():
    there = standing(ONE, starts=ELSEWHERE, ends=ELSEWHERE + timedelta(minutes=15))
    assert left(ONE, [there], [remembered(ONE)]) == (Left(ONE.subject, "moved", ELSEWHERE, there.id),)


def test_an_entry_whose_colour_a_person_took_out_is_told():
    there = standing(ONE, categories=())
    assert [one.decided for one in left(ONE, [there], [remembered(ONE)])] == ["said_done"]


def test_an_entry_that_a_person_deleted_is_told_on_that_run_and_on_later_ones():
    (look,) = plan_mailbox(BOX, wanted(ONE), [], [remembered(ONE)], PLAN).actions
    assert isinstance(look, Look)
    (dismiss,) = looked(look, None, PLAN)
    assert dismiss == Dismiss(look.key, look.known, ONE.subject)
    assert line(dismiss).did == "left"
    gone = replace(remembered(ONE), state="dismissed", event_id=None, etag=None)
    assert left(ONE, [], [gone]) == (Left(ONE.subject, "deleted"),)
    assert line(dismiss).what == left_lines(plan_mailbox(BOX, wanted(ONE), [], [gone], PLAN))[0].what


def test_what_the_bot_itself_moves_or_makes_anew_is_not_told_as_left():
    assert left(ONE, [standing(ONE)], [remembered(ONE)]) == ()
    assert left(ONE) == ()
    next_visit = replace(ONE, due=date(2026, 12, 9))
    there = standing(ONE, starts=ELSEWHERE, ends=ELSEWHERE + timedelta(minutes=15))
    assert left(next_visit, [there], [remembered(ONE)]) == ()
    gone = replace(remembered(ONE), state="dismissed", event_id=None, etag=None)
    assert left(next_visit, [], [gone]) == ()


def test_what_is_left_is_written_down_with_the_plan():
    there = standing(ONE, starts=ELSEWHERE, ends=ELSEWHERE + timedelta(minutes=15))
    plan = plan_mailbox(BOX, wanted(ONE), [there], [remembered(ONE)], PLAN)
    assert len(json.loads(plan.to_json())["left"]) == len(plan.left)
