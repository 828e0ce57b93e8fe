"""A worker's own twelve weeks, shown kindly: what fell due and was in time, and how many in a row."""

from __future__ import annotations

import re
from datetime import date, timedelta

import polars as pl
import pytest

from bot.digest.own_weeks import A_ROW, FEW, OwnWeeks, own_weeks
from bot.policy.looking_back import FellDue
from bot.rendering import mail
from bot.rendering.sample import worker_lists

TODAY = date(2026, 11, 23)  # a Monday
DAY = timedelta(days=1)


def fell_due(*outcomes: str, last: date = TODAY - DAY, worker: str | None = "W1") -> pl.DataFrame:
    """One row a day up to ``last``, oldest first."""
    rows = [
        {
            "child_id": "C1",
            "worker_id": worker,
            "plan_kind": "child_in_need",
            "kind": "visit",
            "setting": None,
            "due": last - (len(outcomes) - number - 1) * DAY,
            "done_on": None,
            "recorded": False,
            "outcome": outcome,
            "days_late": 0,
        }
        for number, outcome in enumerate(outcomes)
    ]
    return pl.DataFrame(rows, schema=FellDue.create_empty().schema)


def of(*outcomes: str) -> OwnWeeks:
    return own_weeks(fell_due(*outcomes), TODAY)["W1"]


def said(own: OwnWeeks | None) -> str:
    import dataclasses

    listed = dataclasses.replace(worker_lists()[0], own_weeks=own)
    text = mail.worker_list(listed, mail.MailWords("Wrong?", "")).text
    found = re.search(r"YOUR LAST 12 WEEKS \(up to Sun \d+ \w+\)\n(.*)\n", text)
    return found.group(1) if found else ""


def test_a_visit_never_made_counts_against_the_share() -> None:
    assert (of("in_time", "not_done", "late", "in_time").in_time, of("in_time", "not_done").fell_due) == (
        2,
        2,
    )


def test_a_streak_is_of_the_latest_and_ends_at_the_first_that_was_not_in_time() -> None:
    assert of("in_time", "late", "in_time", "in_time").streak == 2
    assert of("in_time", "in_time", "not_done").streak == 0


def test_what_only_wants_its_record_neither_breaks_a_streak_nor_makes_one() -> None:
    """C.4: it counts when it is finalised; until then nobody can say."""
    assert of("in_time", "not_recorded", "in_time", "not_recorded").streak == 2


def test_days_of_a_week_that_is_not_over_are_not_counted_yet() -> None:
    rows = fell_due("in_time", "not_done", last=TODAY)
    assert own_weeks(rows, TODAY)["W1"].fell_due == 1


def test_what_fell_due_before_the_worker_held_the_child_is_nobodys() -> None:
    assert own_weeks(fell_due("not_done", worker=None), TODAY) == {}


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (OwnWeeks(FEW - 1, 0, 0, 0), ""),
        (
            OwnWeeks(8, 6, 0, A_ROW),
            "6 of 8 visits that fell due were made in time, the latest 3 one after the other.",
        ),
        (OwnWeeks(8, 6, 0, A_ROW - 1), "6 of 8 visits that fell due were made in time."),
        (
            OwnWeeks(8, 2, 0, 0),
            "8 visits fell due, and 2 were made in time. "
            "If that is more than the weeks hold, supervision is the place to say so.",
        ),
        (
            OwnWeeks(8, 6, 1, 0),
            "6 of 8 visits that fell due were made in time. 1 more was made, as far as is known, "
            "and will count once the record is finished.",
        ),
    ],
)
def test_it_is_said_kindly_and_not_at_all_where_little_fell_due(own: OwnWeeks, words: str) -> None:
    assert said(own if own.worth_a_word else None) == words
