"""Taking the colour out by hand starts the recording clock (C.7b, C.3); the case record stays the truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from diarykit.makers import PLAN, RULES, TODAY, caseload, judgement, late, remembered, standing, visit

from bot.diary.actions import Adopt, Change, Create, Remove
from bot.diary.day import day_of
from bot.diary.entries import owed_on
from bot.diary.entry import Role
from bot.diary.plan import plan_mailbox
from bot.diary.said import remembered as said_before
from bot.diary.said import said_done, with_type_ups
from bot.policy.judgement import Claims, RecordWithin

ANN, BO = "ann@x.gov.uk", "bo@x.gov.uk"
SIGN = datetime(2026, 11, 30, 10, 12)
C3 = RecordWithin(
    "C.3", "The visit is recorded within 48 hours.", 48, "hours", frozenset({"child_protection"})
)


def judged(*, plan="child_protection", records=(C3,), uncounted=()):
    base = judgement()
    claim = {"child_id": "20417", "plan_kind": plan, "kind": "visit", "clause": "B.1", "due": TODAY}
    claims = pl.DataFrame([claim], schema_overrides=dict(Claims.create_empty().schema))
    missed = pl.DataFrame(list(uncounted), schema=base.uncounted.schema) if uncounted else base.uncounted
    return replace(base, claims=claims, records=records, uncounted=missed)


PLAIN = judged()


class Diary:
    """One run's view of Ann's and Bo's diaries."""

    def __init__(self, *visits, today=TODAY, cases=None, judged=None):
        self.today = today
        self.day = day_of(replace(judged or PLAIN, today=today), cases or caseload(), RULES, today)
        self.rules = replace(PLAN, today=today)
        self.visits = visits
        self.base = owed_on(self.day, visits)

    def entry(self, role, mailbox=ANN, wanted=None):
        found = [one for one in (wanted or self.base).of(mailbox) if one.role is role]
        assert len(found) <= 1
        return found[0] if found else None

    def stands(self, role=Role.REMINDER, mailbox=ANN, **changes):
        entry = self.entry(role, mailbox)
        return standing(entry, categories=(self.rules.names.of(entry.colour),), **changes)

    def look(self, seen, known, mailbox=ANN):
        self.said = said_done(self.base, {mailbox: seen}, {mailbox: known}, self.day, self.rules)
        self.wanted = with_type_ups(self.base, self.said, self.day)
        return plan_mailbox(mailbox, self.wanted, seen, known, self.rules)

    def type_up(self, mailbox=ANN):
        return self.entry(Role.TYPE_UP, mailbox, self.wanted)


def colourless(diary, role=Role.REMINDER, **changes):
    return replace(diary.stands(role), categories=(), changed_at=SIGN, **changes)


def known(diary, role=Role.REMINDER, **changes):
    return remembered(diary.entry(role), **changes)


def both(diary, **sign):
    seen = [colourless(diary, **sign), diary.stands(Role.MARKER)]
    return seen, [known(diary), known(diary, Role.MARKER)]


def test_c3_colour_taken_out_makes_one_orange_entry_due_48_hours_after_the_sign():
    here = Diary(visit())
    plan = here.look(*both(here))
    (said,) = here.said
    assert (said.at, said.mailbox, said.record.due_at) == (SIGN, ANN, SIGN + timedelta(hours=48))
    made = [one for one in plan.actions if isinstance(one, Create)]
    assert [one.write.categories for one in made] == [("Type up",)]
    entry = here.type_up()
    assert entry.subject == "Type up · J.S. 20417 · by Wed 2 Dec"
    assert (entry.due, entry.on, entry.alarm_minutes) == (date(2026, 12, 2), date(2026, 12, 1), 0)
    assert "10:12" in entry.body.heading
    assert "not yet recorded" in entry.body.note
    assert [why.id for why in entry.body.why] == ["C.3"]
    assert entry.body.why[0].counted == ("48 hours after it was said to be done on Mon 30 Nov 2026 10:12")


def test_the_visit_itself_stays_owed_and_keeps_its_place_and_nothing_of_it_is_written():
    here = Diary(visit())
    plan = here.look(*both(here))
    key = here.entry(Role.REMINDER).key
    (mine,) = [one for one in plan.actions if one.key == key]
    assert isinstance(mine, Adopt)
    assert mine.record.said_done_at == SIGN


@pytest.mark.parametrize("role", [Role.REMINDER, Role.MARKER])
def test_either_entry_of_a_visit_can_give_the_sign_and_both_give_one(role):
    here = Diary(visit())
    rows = both(here)[1]
    one = [colourless(here, role), here.stands(Role.MARKER if role is Role.REMINDER else Role.REMINDER)]
    here.look(one, rows)
    assert len(here.said) == 1
    here.look([colourless(here), colourless(here, Role.MARKER)], rows)
    assert len(here.said) == 1


def test_the_moment_is_remembered_so_that_a_later_change_of_the_entry_moves_no_deadline():
    here = Diary(visit())
    later = colourless(here)
    later = replace(later, changed_at=SIGN + timedelta(hours=20))
    here.look([later], [known(here, said_done_at=SIGN)])
    assert here.said[0].at == SIGN


def test_without_a_time_from_exchange_the_day_counts_and_the_last_day_is_two_days_on():
    here = Diary(visit())
    here.look([replace(colourless(here), changed_at=None)], [known(here)])
    record = here.said[0].record
    assert (record.due, record.due_at) == (date(2026, 12, 2), None)


def test_where_no_clause_sets_a_time_the_orange_entry_asks_without_a_deadline():
    here = Diary(visit(), judged=judged(records=()))
    here.look(*both(here))
    assert here.said[0].record is None
    assert here.type_up().subject == "Type up · J.S. 20417 · said done Mon 30 Nov"


def test_a_plan_that_the_pack_does_not_cover_has_no_deadline():
    here = Diary(visit(), judged=judged(plan="in_our_care"))
    here.look(*both(here))
    assert here.said[0].record is None


def test_the_next_run_finds_all_as_it_stands_and_does_nothing():
    here = Diary(visit())
    seen, _ = both(here)
    here.look(*both(here))
    up = here.type_up()
    rows = [known(here, said_done_at=SIGN), known(here, Role.MARKER), remembered(up, said_done_at=SIGN)]
    stands = standing(up, categories=("Type up",))
    assert here.look([*seen, stands], rows).actions == ()


def test_colour_put_back_by_hand_ends_the_sign_and_takes_the_orange_entry_out():
    here = Diary(visit())
    here.look(*both(here))
    up = here.type_up()
    rows = [known(here, said_done_at=SIGN), known(here, Role.MARKER), remembered(up, said_done_at=SIGN)]
    plan = here.look([here.stands(), here.stands(Role.MARKER), standing(up, categories=("Type up",))], rows)
    assert here.said == ()
    gone = [one for one in plan.actions if isinstance(one, Remove)]
    assert [one.key for one in gone] == [up.key]
    (reminder,) = [one for one in plan.actions if one.key == here.entry(Role.REMINDER).key]
    assert isinstance(reminder, Adopt)
    assert reminder.record.said_done_at is None


def test_another_colour_put_in_its_place_is_no_sign():
    here = Diary(visit())
    plan = here.look([replace(colourless(here), categories=("Court",))], [known(here)])
    assert here.said == ()
    (change,) = [one for one in plan.actions if isinstance(one, Change)]
    assert set(change.write.categories) == {"Court", "Visit"}


def test_a_changed_due_date_ends_the_sign_and_brings_the_colour_back():
    here = Diary(visit())
    rows = [known(here, said_done_at=SIGN)]
    seen = [colourless(here)]
    moved = Diary(visit(due=date(2026, 12, 3)))
    plan = moved.look(seen, rows)
    assert moved.said == ()
    (change,) = [one for one in plan.actions if isinstance(one, Change)]
    assert (change.write.categories, change.record.said_done_at) == (("Visit",), None)


@pytest.mark.parametrize("title", ["DONE {}", "{} done", "✓ {}", "{} ✔", "Done: {}"])
def test_a_title_marked_as_done_is_the_same_sign_and_the_bot_takes_the_colour_out(title):
    here = Diary(visit())
    subject = title.format(here.stands().subject)
    plan = here.look([replace(here.stands(), subject=subject, changed_at=SIGN)], [known(here)])
    assert len(here.said) == 1
    (change,) = [one for one in plan.actions if isinstance(one, Change)]
    assert (change.write.categories, change.write.subject) == ((), here.stands().subject)
    assert change.record.said_done_at == SIGN


@pytest.mark.parametrize("title", ["{} abandoned", "Not yet: {}", "{} - who has done these before?"])
def test_a_title_that_only_speaks_of_it_is_no_sign(title):
    here = Diary(visit())
    here.look([replace(here.stands(), subject=title.format(here.stands().subject))], [known(here)])
    assert here.said == ()


def test_a_category_that_the_mailbox_lost_is_nobodys_sign():
    here = Diary(visit())
    here.rules = replace(here.rules, colours_gone={ANN: frozenset({"visit"})})
    plan = here.look([colourless(here)], [known(here)])
    assert here.said == ()
    assert any(isinstance(one, Change) and one.write.categories == ("Visit",) for one in plan.actions)


def attempted(at, *, status, seen=None, finalised_at=None):
    """A visit in the record that does not count for B.1."""
    row = {
        "child_id": "20417",
        "visit_id": "V9",
        "worker_id": "W1",
        "clause": "B.1",
        "at": at,
        "reason": "not seen",
    }
    columns = {
        "visit_id": "V9",
        "child_id": "20417",
        "at": at,
        "status": status,
        "seen": seen,
        "kind": "visit",
    }
    return judged(uncounted=(row,)), caseload(visits=(columns | {"finalised_at": finalised_at},))


@pytest.mark.parametrize(
    ("at", "more", "answered"),
    [
        (SIGN + timedelta(hours=1), {"status": "failed"}, True),
        (SIGN - timedelta(days=4), {"status": "failed"}, False),
        (
            SIGN - timedelta(hours=1),
            {"status": "completed", "seen": False, "finalised_at": SIGN + timedelta(hours=3)},
            True,
        ),
        (SIGN - timedelta(hours=1), {"status": "completed", "seen": True}, False),
        (datetime(2026, 11, 30), {"status": "failed"}, True),
    ],
    ids=["failed since", "failed before", "recorded since, not seen", "not finished", "failed that day"],
)
def test_a_record_since_the_sign_of_an_attempt_that_does_not_count_is_the_answer_to_it(at, more, answered):
    found, cases = attempted(at, **more)
    here = Diary(visit(), cases=cases, judged=found)
    plan = here.look([colourless(here)], [known(here, said_done_at=SIGN)])
    assert bool(here.said) != answered
    coloured = [one for one in plan.actions if isinstance(one, Change) and one.write.categories]
    assert bool(coloured) == answered


def test_one_visit_is_typed_up_once_the_record_that_is_begun_has_its_own_entry():
    begun = visit(
        kind="recording",
        cycle="visit:V9",
        clauses=tuple(replace(one, id="C.3", base=SIGN) for one in visit().clauses),
    )
    here = Diary(visit(last_seen=date(2026, 11, 20)), begun)
    here.look(*both(here))
    assert len(here.said) == 1
    assert here.type_up().body.why[0].id == "C.3"
    assert here.type_up().said_at is None


def test_an_older_record_that_is_not_finished_is_another_visits():
    older = visit(
        kind="recording",
        cycle="visit:V1",
        clauses=tuple(replace(one, id="C.3", base=datetime(2026, 11, 20)) for one in visit().clauses),
    )
    here = Diary(visit(last_seen=date(2026, 11, 20)), older)
    here.look(*both(here))
    assert [one.role for one in here.wanted.of(ANN)].count(Role.TYPE_UP) == 2


def test_once_the_48_hours_are_over_the_orange_entry_says_how_late_and_comes_to_today():
    here = Diary(visit(due=date(2026, 12, 10)), today=date(2026, 12, 4))
    here.look([colourless(here)], [known(here, said_done_at=SIGN)])
    assert here.type_up().subject == "Type up · J.S. 20417 · 2 days late · was due Wed 2 Dec"
    assert here.type_up().on == date(2026, 12, 4)
    assert here.said[0].left(datetime(2026, 12, 2, 15, 12)) == timedelta(hours=-5)


def test_an_overdue_visit_that_is_said_done_stays_overdue():
    here = Diary(late())
    here.look([colourless(here)], [known(here, said_done_at=SIGN)])
    assert here.entry(Role.REMINDER).subject.startswith("Visit 3 days late")
    assert here.type_up() is not None


def test_the_orange_entry_waits_for_a_day_at_work():
    cases = caseload(
        absences=({"worker_id": "W1", "start": TODAY, "end": date(2026, 12, 3), "kind": "planned"},)
    )
    here = Diary(visit(due=date(2026, 12, 10)), cases=cases)
    here.look([colourless(here)], [known(here)])
    assert here.type_up().on == date(2026, 12, 4)


def test_whoever_covers_and_takes_the_colour_out_is_the_one_to_type_it_up():
    cases = caseload(
        absences=({"worker_id": "W1", "start": TODAY, "end": date(2026, 12, 9), "kind": "planned"},)
    )
    here = Diary(visit(needs_cover=True, cover_id="W2"), cases=cases)
    here.look(
        [replace(here.stands(mailbox=BO), categories=(), changed_at=SIGN)],
        [remembered(here.entry(Role.REMINDER, BO))],
        BO,
    )
    assert here.type_up(BO) is not None
    assert here.type_up(ANN) is None


@pytest.mark.parametrize("restricted", [False, True])
def test_a_child_given_to_somebody_else_stays_to_be_typed_up_by_whoever_made_the_visit(restricted):
    cases = caseload(children=({"child_id": "20417", "initials": "JS", "restricted": restricted},))
    before = Diary(visit(), cases=cases)
    rows = [known(before, said_done_at=SIGN)]
    after = Diary(visit(worker_id="W2"), cases=cases)
    after.look([colourless(before)], rows)
    assert (after.type_up() is None) == restricted
    if not restricted:
        again = Diary(visit(worker_id="W2"), cases=cases)
        again.look([standing(after.type_up())], [remembered(after.type_up(), said_done_at=SIGN)])
        assert again.type_up() == after.type_up()


def test_a_list_knows_what_was_said_without_reading_a_diary():
    here = Diary(visit())
    rows = [known(here, said_done_at=SIGN), known(here, Role.MARKER)]
    (said,) = said_before([visit()], rows, here.day)
    assert (said.at, said.visit.child_id, said.record.id) == (SIGN, "20417", "C.3")
    assert said_before([visit(cycle="visit:V2")], rows, here.day) == ()


def test_a_lost_store_reads_the_sign_off_the_entry():
    here = Diary(visit())
    here.look([colourless(here)], [])
    assert here.said[0].at == SIGN


def test_only_visits_are_typed_up_a_contact_said_to_be_done_is_told_in_lists_alone():
    here = Diary(visit(kind="contact"))
    here.look([colourless(here)], [known(here)])
    assert [one.record for one in here.said] == [None]
    assert here.type_up() is None
