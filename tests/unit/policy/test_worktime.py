"""Working days: Monday to Friday, no bank holiday in England, no closure of the council's own."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from bot.policy.worktime import for_england


@pytest.mark.parametrize(
    "day",
    [
        date(2020, 5, 8),  # Early May moved to Victory in Europe day
        date(2021, 12, 27),  # substitutes for Christmas on a Saturday and Boxing Day on a Sunday
        date(2021, 12, 28),
        date(2022, 6, 2),  # Spring moved, and the Platinum Jubilee beside it
        date(2022, 6, 3),
        date(2022, 9, 19),  # State Funeral
        date(2023, 5, 8),  # Coronation
        date(2026, 12, 28),  # substitute for Boxing Day on a Saturday
        date(2027, 3, 26),  # Good Friday
    ],
)
def test_a_bank_holiday_is_no_working_day(day: date) -> None:
    assert day.weekday() < 5
    assert not for_england().is_working(day)


@pytest.mark.parametrize("day", [date(2020, 5, 4), date(2022, 5, 30), date(2026, 12, 24), date(2027, 3, 25)])
def test_a_day_that_looks_like_one_is_a_working_day(day: date) -> None:
    assert for_england().is_working(day)


def test_a_closure_of_the_council_is_no_working_day() -> None:
    closed = date(2026, 12, 29)
    assert for_england().is_working(closed)
    assert not for_england([closed]).is_working(closed)


def test_an_anchor_on_a_weekend_counts_the_next_working_day_as_the_first() -> None:
    saturday = date(2026, 11, 28)
    assert for_england().after(saturday, 1) == date(2026, 11, 30)


@pytest.mark.parametrize("count", [1, 2, 10, 20])
def test_columns_count_as_a_calendar_does(count: int) -> None:
    work = for_england([date(2026, 12, 29)])
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(120)]
    frame = pl.DataFrame({"day": days})
    assert frame.select(work.plus(pl.col("day"), count)).to_series().to_list() == [
        work.after(day, count) for day in days
    ]


def test_counting_the_day_itself_as_the_first() -> None:
    work = for_england()
    frame = pl.DataFrame({"day": [date(2026, 11, 30), date(2026, 11, 28)]})  # a Monday; a Saturday
    found = frame.select(work.plus_from_first(pl.col("day"), 5)).to_series().to_list()
    assert found == [date(2026, 12, 4), date(2026, 12, 4)]
