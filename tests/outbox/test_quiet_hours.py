"""At night the service holds what is not urgent; a run that a person asks for sends at any hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outboxkit.office import NIGHT, PostOffice

from bot.agenda import WEEKDAYS
from bot.run.quiet import QuietHours

MOMENTS = st.datetimes(datetime(2026, 10, 20), datetime(2026, 11, 3))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(MOMENTS, TIMES, TIMES, st.frozensets(st.sampled_from(WEEKDAYS), max_size=6))
def test_it_is_over_at_the_first_moment_that_is_not_quiet(
    now: datetime, starts: time, ends: time, days: frozenset[str]
) -> None:
    hours = QuietHours(starts, ends, days)
    over = hours.over_at(now)
    assert not hours.holds(over)
    assert now <= over <= now + timedelta(days=8)
    if over > now:
        assert hours.holds(now)
        assert hours.holds(over - timedelta(microseconds=1))
    step = (over - now) / 50
    assert all(hours.holds(now + step * number) for number in range(50) if over > now)


@given(MOMENTS, TIMES)
def test_equal_times_mean_no_quiet_hour(now: datetime, at: time) -> None:
    assert not QuietHours(at, at).holds(now)


@given(MOMENTS)
def test_nights_are_from_seven_to_seven(now: datetime) -> None:
    assert QuietHours(time(19), time(7)).holds(now) == (now.hour >= 19 or now.hour < 7)


def test_the_service_holds_the_nights_mails_until_morning_and_sends_what_is_urgent(
    office: PostOffice,
) -> None:
    office.now = NIGHT
    office.put("W1")
    office.put("W2", urgent=True)
    done = office.tick()
    assert done is not None
    assert office.arrived("W1", "W2") == {"mail 2": 1}
    office.tick()  # looks for what came back
    assert office.tick() is None
    office.let_pass(8 * 3600)
    office.now = datetime(2026, 11, 24, 6, 59, 59)
    office.tick()
    assert office.tick() is None
    office.now = datetime(2026, 11, 24, 7, 0)
    office.tick()
    assert office.arrived("W1", "W2") == {"mail 1": 1, "mail 2": 1}


def test_a_run_that_a_person_asks_for_sends_at_any_hour(office: PostOffice) -> None:
    office.now = NIGHT
    office.put("W1")
    office.run()
    assert office.arrived("W1") == {"mail 1": 1}


def test_what_is_uncertain_is_looked_for_at_night_too_and_not_sent(office: PostOffice) -> None:
    office.put("W1")
    office.strike({"do": "503", "path": "/send", "times": None})
    office.run()
    office.mend()
    office.now = NIGHT
    office.let_pass(61)
    office.tick()
    assert (office.states, office.arrived("W1")) == ({"waiting": 1}, {})


@pytest.mark.parametrize(
    ("setting", "quiet"), [('quiet_days = ["mon"]', True), ('quiet_until = "19:00"', False)]
)
def test_whole_days_can_be_quiet_and_no_hour_at_all(
    open_office: Callable[..., PostOffice], setting: str, quiet: bool
) -> None:
    office = open_office(setting)
    if not quiet:
        office.now = NIGHT
    office.put("W1")
    office.tick()
    assert office.arrived("W1") == ({} if quiet else {"mail 1": 1})
