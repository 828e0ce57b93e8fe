"""Subjects are read over shoulders: a date, and of the child no more than the setting allows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diary import words
from bot.policy.judgement import KINDS, MUSTS, ClauseDue

FRIDAY = date(2026, 12, 4)
TODAY = date(2026, 12, 1)
OWED = [kind for kind in KINDS if kind != "concern"]
# What would give away a plan or an event in a child's life, in the caseload's words and in people's.
TELLING = re.compile(
    r"refer|early|help|section|\bs47|need|protect|\bCP|care|break|adopt|foster|carer|court|order|missing|return|"
    r"interview|leaver|plan|risk|restricted",
    re.IGNORECASE,
)


def test_a_subject_names_the_day_and_the_child_as_the_issue_shows_it():
    who = words.child("20417", "JS", "initials_and_number")
    assert words.due_subject("visit", FRIDAY, TODAY, who) == "Visit due Fri 4 Dec · J.S. 20417"


def test_what_is_late_says_how_late_and_since_when():
    who = words.child("20417", "J.S.", "initials_and_number")
    subject = words.late_subject("visit", TODAY, FRIDAY, who)
    assert subject == "Visit 3 days late · was due Tue 1 Dec · J.S. 20417"
    assert words.late_subject("visit", date(2026, 12, 3), FRIDAY, "").startswith("Visit 1 day late · ")


def test_what_is_done_says_so_in_a_word_and_not_by_its_colour_alone():
    assert words.done_subject("visit", date(2026, 12, 3), FRIDAY, "20417") == "Seen Thu 3 Dec · 20417"


def test_the_year_is_said_where_it_is_not_this_one():
    assert words.due_subject("visit", date(2027, 1, 8), TODAY, "") == "Visit due Fri 8 Jan 2027"


@pytest.mark.parametrize(
    ("identify", "said"), [("initials_and_number", "J.S. 20417"), ("number", "20417"), ("nothing", "")]
)
def test_a_setting_says_how_far_a_child_is_named(identify, said):
    assert words.child("20417", "JS", identify) == said


@pytest.mark.parametrize("typed", ["John Smith", "john", "John", "J. Smith", "<b>", "=1+1", "12/03/2015", ""])
def test_a_name_typed_into_the_initials_column_is_left_out(typed):
    assert words.child("20417", typed, "initials_and_number") == "20417"


@pytest.mark.parametrize("typed", ["JS", "J.S.", "J S", "J-S", " J.S "])
def test_initials_are_written_one_way_however_they_were_typed(typed):
    assert words.child("20417", typed, "initials_and_number") == "J.S. 20417"


@given(
    kind=st.sampled_from(OWED),
    due=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    today=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    children=st.integers(0, 9),
)
def test_no_subject_gives_away_a_plan_or_why_a_child_is_seen(kind, due, today, children):
    more = words.owed_here(children)
    said = [words.due_subject(kind, due, today, "", more), words.done_subject(kind, due, today, "")]
    if due < today:
        said.append(words.late_subject(kind, due, today, "", more))
    for subject in said:
        assert not TELLING.search(subject)


@given(st.text(max_size=20))
def test_of_what_stands_in_the_initials_column_no_word_is_ever_readable(typed):
    said = words.child("", typed, "initials_and_number")
    assert not re.search(r"\w\w", said)


@pytest.mark.parametrize("name", MUSTS)
def test_every_must_has_words_of_its_own(name):
    assert len(words.must(name).split()) > 2


def clause(step: str, base_is: str = "visit", due_at: datetime | None = None) -> ClauseDue:
    return ClauseDue("X.1", FRIDAY, due_at, "says", datetime(2026, 11, 20, 14, 30), base_is, step)


def test_a_clause_says_how_its_date_was_counted():
    assert words.counted(clause("10 working days")) == "10 working days after the visit on Fri 20 Nov 2026"
    assert words.counted(clause("0 days", "start")) == "on the day of the start on Fri 20 Nov 2026"
    assert words.counted(clause("4 weeks", "first contact")).startswith("4 weeks after the first contact on")


def test_a_clause_that_counts_hours_says_the_time_it_counts_from():
    timed = clause("48 hours", "start", datetime(2026, 11, 22, 14, 30))
    assert words.counted(timed) == "48 hours after the start on Fri 20 Nov 2026 14:30"


def test_b7_a_retry_that_the_other_clauses_cut_short_says_so():
    cut = ClauseDue(
        "B.7", date(2026, 11, 20), None, "says", datetime(2026, 11, 19), "attempt", "2 working days"
    )
    assert words.counted(cut).endswith(", and no later than the rest ask")
    assert words.counted(replace(cut, due=date(2026, 11, 23))).endswith("the attempt on Thu 19 Nov 2026")
