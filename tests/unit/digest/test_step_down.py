"""C.7h: lower-level cases open or quiet longest stand in the list, so that they move towards closure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.digest.lower_level import ABOVE, LOWER
from bot.digest.step_down import LISTED
from bot.digest.worker import WorkerList, monday_list

DAY = timedelta(days=1)


def listed(council: Any) -> WorkerList:
    return monday_list("W1", *council.given(), names="number")


def waiting(council: Any) -> list[str]:
    return [row.child_id for row in listed(council).waiting.listed]


@pytest.mark.parametrize("plan", LOWER)
def test_a_lower_level_case_open_for_half_a_year_is_shown_c7h(council: Any, plan: str) -> None:
    council.child("1", "AB", "W1", plan=plan, start=council.today - 182 * DAY)
    council.visit("1", council.today - 3 * DAY)
    council.child("2", "CD", "W1", plan=plan, start=council.today - 181 * DAY)
    council.visit("2", council.today - 3 * DAY)
    assert waiting(council) == ["1"]


def test_one_that_nobody_has_been_in_touch_with_for_four_weeks_is_shown_c7h(council: Any) -> None:
    for number, days in (("1", 28), ("2", 27)):
        council.child(number, "AB", "W1", start=council.today - 60 * DAY)
        council.visit(number, council.today - days * DAY, kind="contact", channel="phone")
    (row,) = listed(council).waiting.listed
    assert (row.child_id, row.days_quiet, row.weeks_open) == ("1", 28, 8)


@pytest.mark.parametrize("plan", ABOVE)
def test_a_child_on_a_plan_above_is_no_lower_level_case(council: Any, plan: str) -> None:
    council.child("1", "AB", "W1", start=council.today - 400 * DAY)
    council.episodes.append({**council.episodes[-1], "episode": 99, "kind": plan, "worker_id": "W2"})
    assert waiting(council) == []


def test_the_one_that_has_waited_longest_by_either_measure_comes_first_c7h(council: Any) -> None:
    council.child("1", "AB", "W1", start=council.today - 370 * DAY)  # open for two half-years
    council.visit("1", council.today - 2 * DAY)
    council.child("2", "CD", "W1", start=council.today - 100 * DAY)  # quiet for three times four weeks
    council.visit("2", council.today - 90 * DAY)
    assert waiting(council) == ["2", "1"]


def test_the_list_is_short_and_says_how_many_more_there_are(council: Any) -> None:
    for number in range(LISTED + 2):
        council.child(str(number), "AB", "W1", start=council.today - 300 * DAY)
    assert (len(listed(council).waiting.listed), listed(council).waiting.more) == (LISTED, 2)


def test_what_happened_before_the_plan_began_is_no_sign_of_life(council: Any) -> None:
    council.child("1", "AB", "W1", start=council.today - 40 * DAY)
    council.visit("1", council.today - 41 * DAY)
    (row,) = listed(council).waiting.listed
    assert (row.last, row.days_quiet) == (None, 40)


def test_a_closed_case_waits_for_nothing(council: Any) -> None:
    council.child("1", "AB", "W1", start=council.today - 400 * DAY)
    council.episodes[-1]["end"] = council.today - DAY
    assert waiting(council) == []
