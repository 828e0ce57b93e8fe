"""How much is asked at once, how long is waited, and when nothing is asked any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Temporary
from bot.outlook.answer import Answer, Ask
from bot.outlook.calendar import list_many
from bot.outlook.faults import retry_after
from bot.outlook.limiter import GOOD_BEFORE_MORE, Limiter
from bot.outlook.patience import LONGEST, REST, Patience
from bot.outlook.timer import Timer
from bot.outlook.waits import EVERYBODY, Waits

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CONCURRENCY = "Application is over its MailboxConcurrency limit."


class Slept(Timer):
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        super().__init__(self._move)
        self.at = 1000.0

    def _move(self, seconds: float) -> None:
        self.at += seconds

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


def test_a_refusal_for_too_many_leaves_half_the_places_and_they_come_back_one_by_one() -> None:
    limiter = Limiter(4)
    limiter.too_many(limiter.era)
    assert limiter.allowed == 2
    limiter.went_well(GOOD_BEFORE_MORE)
    assert limiter.allowed == 3
    limiter.went_well(GOOD_BEFORE_MORE - 1)
    assert limiter.allowed == 3
    limiter.went_well(1)
    assert limiter.allowed == 4


def test_refusals_of_requests_that_were_under_way_together_count_once() -> None:
    limiter = Limiter(16)
    era = limiter.era
    for _ in range(5):
        limiter.too_many(era)
    assert limiter.allowed == 8


def test_the_more_often_one_more_was_too_many_the_longer_until_it_is_tried_again() -> None:
    limiter, tries = Limiter(4), []
    limiter.too_many(limiter.era)
    for _ in range(3):
        good = 0
        while limiter.allowed < 3:
            limiter.went_well(1)
            good += 1
        tries.append(good)
        limiter.too_many(limiter.era)
        assert limiter.allowed == 2
    assert tries == [100, 200, 400]


@given(st.lists(st.one_of(st.just("no"), st.integers(1, 500)), max_size=60), st.integers(1, 8))
def test_there_are_never_fewer_places_than_one_nor_more_than_the_setting(told: list[Any], most: int) -> None:
    limiter = Limiter(most)
    for one in told:
        limiter.too_many(limiter.era) if one == "no" else limiter.went_well(one)
        assert 1 <= limiter.allowed <= most


@pytest.mark.parametrize(
    ("message", "fewer"),
    [
        (CONCURRENCY, True),
        ("Application is over its request limit.", True),
        ("", True),
        ("Application is over its RequestCount limit.", False),
        ("Application is over its IncomingBytes limit.", False),
    ],
)
def test_only_what_may_mean_too_many_at_once_leaves_fewer_places(
    connection: Any, message: str, fewer: bool
) -> None:
    body = {"error": {"code": "ApplicationThrottled", "message": message}}
    answer = Answer(429, {"retry-after": "3"}, body)
    connection.heed("/users/w1@council.test/events", answer, connection.limiter.era)
    assert connection.limiter.allowed == (2 if fewer else 4)
    assert connection.waits.left("W1@council.test") == 3
    assert connection.waits.left("w2@council.test") == 0


def test_a_throttled_batch_is_a_wait_for_everybody(connection: Any) -> None:
    connection.heed("/$batch", Answer(429, {"retry-after": "3"}), connection.limiter.era)
    assert connection.waits.left("w1@council.test") == 3


@given(st.lists(st.tuples(st.sampled_from(["a", "B", EVERYBODY]), st.floats(0, 500), st.floats(0, 90))))
def test_a_wait_is_never_over_before_its_time_whatever_is_told_later(
    told: list[tuple[str, float, float]],
) -> None:
    timer = Slept()
    waits = Waits(timer)
    until = {"a": 0.0, "b": 0.0}
    for who, seconds, passes in told:
        waits.stay_away(who, seconds)
        until = {
            box: max(end, timer.at + seconds) if who in (EVERYBODY, box, box.upper()) else end
            for box, end in until.items()
        }
        timer.sleep(passes)
        for box, end in until.items():
            assert waits.left(box) == pytest.approx(max(end - timer.at, 0.0), abs=1e-6)


@given(st.integers(0, 600), st.integers(-7200, 7200), st.floats(0, 0.999), st.booleans())
def test_a_date_is_never_read_as_less_than_was_meant_however_wrong_our_clock_is(
    seconds: int, wrong_by: int, fraction: float, knows: bool
) -> None:
    """Their clock is in the answer's Date; without one a date in our past tells nothing rather than "now"."""
    theirs = NOW + timedelta(seconds=fraction)
    until = theirs + timedelta(seconds=seconds)
    whole = until.replace(microsecond=0) + timedelta(seconds=until.microsecond > 0)
    headers = {"retry-after": format_datetime(whole, usegmt=True)}
    if knows:
        headers["date"] = format_datetime(theirs.replace(microsecond=0), usegmt=True)
    wait = retry_after(Answer(429, headers), theirs + timedelta(seconds=wrong_by))
    if knows:
        assert wait is not None
        assert seconds <= wait <= seconds + 3
    else:
        assert wait is None or wait > 0


@pytest.mark.parametrize("said", ["soon", "nan", "inf", "", "Tue, 99 Foo 2026 00:00:00 GMT"])
def test_a_wait_that_is_no_time_is_none(said: str) -> None:
    assert retry_after(Answer(429, {"retry-after": said}), NOW) is None


def test_three_requests_in_a_row_without_an_answer_end_the_asking_and_one_may_try_again_later() -> None:
    timer = Slept()
    patience = Patience(timer, 3)
    for pause in (1.0, 3.0, 9.0):
        patience.check()
        began = timer.at
        timer.sleep(0.5)
        assert patience.failed(began, Temporary("No line.")) == pause
        timer.sleep(pause)
    with pytest.raises(Temporary, match=r"No line\. The next run tries again"):
        patience.check()
    timer.sleep(REST)
    patience.check()
    patience.answered()
    assert patience.ended is None


def test_requests_under_way_together_fail_together_and_count_once() -> None:
    timer = Slept()
    patience = Patience(timer, 3)
    began = timer.at
    timer.sleep(1)
    for _ in range(4):
        patience.failed(began, Temporary("No line."))
    assert patience.failures == 1


def test_where_each_try_takes_long_the_second_is_the_last() -> None:
    timer = Slept()
    patience = Patience(timer, 3)
    for _ in range(2):
        began = timer.at
        timer.sleep(LONGEST)  # and so the pauses between are the least of it
        timer.sleep(patience.failed(began, Temporary("No line.")))
    assert patience.ended is not None


def test_a_line_that_is_dead_costs_a_run_four_seconds_and_every_mailbox_says_so(
    connection: Any, wire: Any
) -> None:
    def answer(request: Any) -> requests.Response:
        raise requests.exceptions.ConnectTimeout

    wire.answer = answer
    boxes = [f"w{number}@council.test" for number in range(150)]
    lists = list_many(connection, boxes)
    assert all(str(lists[box]).startswith(f"{box}: Microsoft Graph could not be reached") for box in boxes)
    assert sum(wire.slept) == 4
    asked = len(wire.seen)
    for box in boxes[:10]:
        with pytest.raises(Temporary, match="could not be reached"):
            connection.get_json(f"/users/{box}/messages")
    assert len(wire.seen) == asked, "and nothing more is tried in this run"


def test_a_mailbox_told_to_wait_is_not_asked_alone_before_that_either(
    connection: Any, wire: Any, graph: Any
) -> None:
    path = "/users/sender@council.test/messages"
    wire.answer = lambda request: graph.refusal(429, "TooManyRequests", Retry_After="20")
    connection.ask(Ask("POST", path, {}))
    wire.answer = lambda request: graph.reply(202)
    assert connection.ask(Ask("POST", path, {})).good
    assert wire.slept == [20]


def test_a_mailbox_told_to_wait_longer_than_a_run_is_asked_nothing_more_in_it(
    connection: Any, wire: Any, graph: Any
) -> None:
    path = "/users/sender@council.test/messages"
    wire.answer = lambda request: graph.refusal(429, "TooManyRequests", Retry_After="900")
    connection.ask(Ask("POST", path, {}))
    with pytest.raises(Temporary, match="slow down") as caught:
        connection.ask(Ask("POST", path, {}))
    assert caught.value.retry_at == connection.clock() + timedelta(seconds=900)
    assert len(wire.seen) == 1
    assert wire.slept == []
