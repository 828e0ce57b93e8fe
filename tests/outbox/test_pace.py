"""Never more than thirty mails in any minute from one sender, however often the bot is started; several
senders share the work, and it is said when the last will go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keepkit.children import SENDER
from outboxkit.office import SECOND, PostOffice

from bot.run import senders
from bot.run.pace import WINDOW, Pace
from bot.store import sending

MINUTE = timedelta(minutes=1)
LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
TWO = f'more_senders = ["{SECOND}"]'


def most_in_a_minute(moments: Sequence[datetime]) -> int:
    return max((sum(at <= other < at + MINUTE for other in moments) for at in moments), default=0)


@given(
    a_minute=st.integers(1, 5),
    gaps=st.lists(st.integers(0, 40), min_size=1, max_size=40),
    restarts=st.sets(st.integers(0, 40)),
)
def test_whenever_it_is_asked_no_minute_holds_more_than_it_may_and_none_waits_without_need(
    a_minute: int, gaps: list[int], restarts: set[int]
) -> None:
    now, sent = START, [[], []]  # type: tuple[datetime, list[list[datetime]]]
    names = ("a", "b")
    pace = Pace(dict.fromkeys(names, ()), now, a_minute)
    for number, gap in enumerate(gaps):
        now += timedelta(seconds=gap)
        if number in restarts:  # a new process knows what the store knows
            pace = Pace(dict(zip(names, sent, strict=True)), now, a_minute)
        which = min((0, 1), key=lambda one: pace.free_at(names[one], now))
        free = pace.free_at(names[which], now)
        if free > now:
            of_both = [[at for at in one if now - WINDOW < at] for one in sent]
            assert all(len(one) >= a_minute for one in of_both), "it waited, and need not have"
        now = free
        pace.ask(names[which], now)
        sent[which].append(now)
    assert all(most_in_a_minute(one) <= a_minute for one in sent)


@given(st.integers(1, 400), st.integers(1, 4))
def test_the_forecast_is_what_happens(mails: int, senders: int) -> None:
    names = [f"s{number}" for number in range(senders)]
    pace = Pace(dict.fromkeys(names, ()), START)
    foreseen, now = pace.last_of(mails, START), START
    for _ in range(mails):
        name = min(names, key=lambda one: pace.free_at(one, now))
        now = pace.free_at(name, now)
        pace.ask(name, now)
    assert now == foreseen
    assert foreseen == START + ((mails - 1) // (30 * senders)) * WINDOW


def test_a_moment_that_a_wrong_clock_wrote_holds_nobody_up() -> None:
    pace = Pace({"a": [START + timedelta(days=4000)] * 30}, START)
    assert pace.free_at("a", START) == START


def test_a_run_sends_a_mondays_lists_at_the_pace_and_says_when_the_last_goes(office: PostOffice) -> None:
    said: list[str] = []
    office.put(*["W1"] * 70)
    began = office.moment
    done = office.run(tell=said.append)
    assert done.sent == 70
    left = office.left_at()
    assert most_in_a_minute(left) == 30, "all that a minute may hold, and no more"
    assert left[-1] - left[0] < 2 * WINDOW + timedelta(seconds=30)
    assert office.running.tenant.record.summary()["throttled"] == 0, "Microsoft refused none"
    last = (began + 2 * WINDOW).astimezone(LONDON)
    assert said == [f"70 mails at 30 a minute from one sender: the last about {last:%H:%M}"]
    assert done.forecast == said[0]


def test_a_new_process_knows_what_the_last_one_sent(office: PostOffice) -> None:
    office.put(*["W1"] * 25)
    office.run()
    office.end_process()
    office.put(*["W2"] * 25)
    office.run()
    assert most_in_a_minute(office.left_at()) == 30
    assert sum(office.arrived("W1", "W2").values()) == 50
    assert office.running.tenant.record.summary()["throttled"] == 0


def test_two_senders_share_the_work_and_each_keeps_the_pace(open_office: Callable[..., PostOffice]) -> None:
    office = open_office(TWO)
    office.put(*["W1"] * 70)
    said: list[str] = []
    office.run(tell=said.append)
    first, second = office.left_at(SENDER), office.left_at(SECOND)
    assert len(first) + len(second) == 70
    assert abs(len(first) - len(second)) <= 10
    assert max(most_in_a_minute(first), most_in_a_minute(second)) <= 30
    assert "from 2 senders" in said[0]
    assert sum(office.slept) < 65, "one minute's wait where one sender would need two"
    assert max(office.arrived("W1").values()) == 1


def test_a_mail_whose_draft_lies_with_one_sender_is_sent_by_that_one(
    open_office: Callable[..., PostOffice],
) -> None:
    office = open_office(TWO)
    office.put("W1", "W2", "W3")
    office.strike({"do": "503", "path": "/send", "times": None})
    office.run()
    office.mend()
    with office.world.store.transaction() as connection:
        bound = Counter(connection.exec_driver_sql("select sender from outbox").scalars())
    office.let_pass(61)
    office.end_process()
    office.run()
    assert office.arrived("W1", "W2", "W3") == {"mail 1": 1, "mail 2": 1, "mail 3": 1}
    drafted = {sender for sender in bound if sender}
    assert drafted == {SENDER, SECOND}
    tenant = office.running.tenant
    for sender in drafted:
        assert not tenant.messages(tenant.user(sender)["id"], "drafts"), "no draft is left behind"


def test_one_sender_that_is_refused_leaves_its_mails_to_the_other(
    open_office: Callable[..., PostOffice],
) -> None:
    office = open_office(TWO)
    office.put(*["W1"] * 4)
    office.strike({"do": "403", "mailbox": SENDER, "times": None})
    done = office.run()
    assert (done.sent, done.refused, done.stopped) == (4, True, False)
    assert len(office.left_at(SECOND)) == 4


def test_a_sender_that_is_told_to_stay_away_stays_away_while_the_other_goes_on(
    open_office: Callable[..., PostOffice],
) -> None:
    """Retry-After, to the second."""
    office = open_office(TWO)
    office.put(*["W1"] * 10)
    office.strike({"do": "429", "mailbox": SENDER, "path": "/send", "retry_after": 100, "times": 1})
    done = office.run()
    assert done.sent == 10
    assert len(office.left_at(SENDER)) <= 1, "but for the one whose draft lies there"
    assert office.running.tenant.record.summary()["came_too_early"] == 0
    assert max(office.arrived("W1").values()) == 1


def test_the_service_does_nothing_while_its_sender_is_told_to_stay_away(office: PostOffice) -> None:
    office.put("W1", "W2")
    office.strike({"do": "429", "path": "/send", "retry_after": 900, "times": 1})
    assert len(office.ticks(60)) == 1
    office.let_pass(900)
    office.ticks(10)
    assert office.arrived("W1", "W2") == {"mail 1": 1, "mail 2": 1}
    assert office.running.tenant.record.summary()["came_too_early"] == 0


def test_a_wait_longer_than_a_run_has_patience_for_is_left_to_the_next(office: PostOffice) -> None:
    office.put("W1", "W2")
    office.strike({"do": "429", "path": "/send", "retry_after": 900, "times": 1})
    done = office.run()
    assert [one.state for one in done.posted] == ["waiting", "waiting"]
    assert sum(office.slept) < 120
    office.let_pass(900)
    assert office.run().sent == 2
    assert office.running.tenant.record.summary()["came_too_early"] == 0


def test_the_service_never_waits_and_yet_keeps_the_pace(office: PostOffice) -> None:
    """The mails go on in its next turns; between them it does what else is due."""
    office.put(*["W1"] * 65)
    done = office.ticks(150)
    assert office.slept == []
    assert sum(one.sent for one in done) == 65
    assert most_in_a_minute(office.left_at()) == 30
    assert "65 mails at 30 a minute from one sender" in done[0].forecast
    assert all(one.error is None for part in done for one in part.posted), (
        "waiting for one's turn is no error"
    )
    assert office.tick() is None, "nothing waits: nothing is done, and no fence taken"


def test_urgent_mails_go_before_others_and_the_oldest_first(office: PostOffice) -> None:
    office.put("W1", "W1")
    office.put("W1", urgent=True)
    office.put("W1", urgent=True)
    office.run()
    with office.world.store.transaction() as connection:
        order = list(connection.exec_driver_sql("select subject from outbox order by asked_at").scalars())
    assert order == ["mail 3", "mail 4", "mail 1", "mail 2"]


def test_a_new_process_knows_that_its_sender_was_told_to_stay_away_and_until_when(office: PostOffice) -> None:
    office.put("W1")
    office.strike({"do": "429", "path": "/send", "retry_after": 900, "times": 1})
    office.run()
    until = office.moment + timedelta(seconds=900)
    office.put("W2")
    for _ in range(2):
        office.end_process()
        office.let_pass(300)
        done = office.run()
        assert [one.state for one in done.posted] == ["waiting", "waiting"]
        assert done.left == (
            f"2 mails wait: a `run` from {until.astimezone(LONDON):%H:%M} on sends them, or the service then."
        )
    office.end_process()
    assert office.tick() is None or not office.arrived("W1", "W2"), "nor does the service ask too early"
    office.end_process()
    office.let_pass(301)
    assert office.run().left == ""
    assert office.arrived("W1", "W2") == {"mail 1": 1, "mail 2": 1}
    assert office.running.tenant.record.summary()["came_too_early"] == 0


def test_a_new_process_waits_for_the_rest_of_a_short_wait_and_one_written_by_a_wrong_clock_is_none(
    office: PostOffice,
) -> None:
    office.put("W1")
    office.strike({"do": "429", "path": "/send", "retry_after": 100, "times": 1})
    office.tick()
    office.end_process()
    office.let_pass(40)
    office.slept.clear()
    assert office.run().sent == 1
    assert 55 < sum(office.slept) < 65
    assert office.running.tenant.record.summary()["came_too_early"] == 0
    store = office.world.store
    sending.stay_away(store, store.take_fence(), {SENDER: office.moment + timedelta(days=4000)})
    office.end_process()
    office.put("W2")
    assert office.run().sent == 1


def test_what_one_sender_was_told_holds_for_no_other(open_office: Callable[..., PostOffice]) -> None:
    office = open_office(TWO)
    office.put("W1", "W2", "W3")
    office.strike({"do": "429", "mailbox": SENDER, "retry_after": 900, "times": 1})
    assert office.run().sent == 3
    office.end_process()
    office.put("W1")
    assert office.run().sent == 1
    assert len(office.left_at(SECOND)) == 4
    assert set(sending.told_to_stay_away(office.world.store)) == {SENDER}


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        ({"do": "503", "path": "messages"}, "1 mail waits: a `run` from "),
        ({"do": "403", "mailbox": SENDER}, "1 mail waits until the sender's mailbox is mended"),
    ],
)
def test_a_run_that_leaves_mails_says_how_many_and_when_they_go(
    office: PostOffice, fault: dict[str, object], left: str
) -> None:
    office.put("W1")
    office.strike({**fault, "times": None})
    done = office.run()
    assert done.left.startswith(left)
    assert done.left in done.said
    office.mend()
    office.let_pass(100)
    assert office.run().left == ""


def test_a_sender_that_is_none_is_known_before_anything_is_sent_and_the_others_go_on(
    open_office: Callable[..., PostOffice],
) -> None:
    office = open_office(f'more_senders = ["{SECOND}", "no-such@northdale.example"]')
    record = office.running.tenant.record
    record.reset()
    refused = senders.refused_now(office.world)
    assert (record.summary()["batch_sizes"], record.writes) == ({"3": 1}, 0), "one request for all of them"
    (said,) = senders.said_of_refused(office.world, refused)
    assert said.startswith("mail.more_senders: no-such@northdale.example: There is no such mailbox")
    assert "Correct the address in the settings" in said
    assert said.endswith("Mail goes through the other 2 meanwhile.")
    office.put("W1", "W2", "W3")
    record.reset()
    done = office.run(refused=refused)
    assert done.sent == 3
    assert all(one["status"] < 400 for one in record.summary()["counts"]), "it is not tried again"
    assert len(office.left_at(SENDER)) + len(office.left_at(SECOND)) == 3


def test_a_single_sender_is_not_asked_for_beforehand(office: PostOffice) -> None:
    record = office.running.tenant.record
    record.reset()
    assert senders.refused_now(office.world) == {}
    assert record.summary()["requests"] == 0
