"""What could not go is tried again by the service: soon, then ever later, and never forgotten in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from outboxkit.office import NOON, PostOffice

from bot.errors import Permanent, Temporary
from bot.service.health import Health
from bot.service.runner import Done, Runner, Sent
from bot.store import outbox
from bot.store.lock import Occupied, keeping


def minutes_of(office: PostOffice, minutes: int) -> list[int]:
    """In which minutes the service asked Microsoft for anything."""
    asked = []
    for minute in range(minutes):
        before = office.running.tenant.record.summary()["requests"]
        office.tick()
        if office.running.tenant.record.summary()["requests"] > before:
            asked.append(minute)
        office.let_pass(60)
    return asked


def test_a_mail_that_could_not_go_is_tried_after_1_2_5_10_and_30_minutes(office: PostOffice) -> None:
    office.put("W1")
    office.strike({"do": "503", "verb": "POST", "path": "messages", "times": None})
    tried = minutes_of(office, 60)
    assert [after - before for before, after in pairwise(tried)] == [1, 2, 5, 10, 30]
    office.mend()
    office.ticks(30 * 60, every=60)
    assert office.arrived("W1") == {"mail 1": 1}


def test_it_is_tried_in_the_next_minutes_not_at_the_next_days_run(office: PostOffice) -> None:
    office.put("W1", "W2")
    office.strike({"do": "504_done", "path": "/send", "times": 1}, {"do": "503", "verb": "GET", "times": 6})
    office.ticks(5 * 60, every=30)
    assert office.arrived("W1", "W2") == {"mail 1": 1, "mail 2": 1}
    assert office.states == {"sent": 2}


def test_retry_after_is_kept_to_by_a_later_process_too(office: PostOffice) -> None:
    office.put("W1")
    office.strike({"do": "429", "path": "/send", "retry_after": 600, "times": 1})
    office.tick()
    office.end_process()
    office.let_pass(590)
    assert office.tick() is None
    office.let_pass(15)
    office.tick()
    assert office.arrived("W1") == {"mail 1": 1}
    assert office.running.tenant.record.summary()["came_too_early"] == 0


def test_how_the_outbox_stands_is_known_and_since_when_a_mail_is_tried_in_vain(office: PostOffice) -> None:
    office.put("W3")
    office.tick()
    office.put("W1", "W2")
    assert outbox.standing(office.world.store).in_vain_since is None, "waiting for one's turn is no trouble"
    office.strike(
        {"do": "504_done", "path": "/send", "times": 1}, {"do": "503", "verb": "GET", "times": None}
    )
    office.tick()
    stands = outbox.standing(office.world.store)
    assert (stands.waiting + stands.uncertain, stands.in_vain_since) == (3 - office.states["sent"], NOON)
    assert stands.uncertain >= 1
    office.mend()
    office.ticks(300, every=30)
    assert outbox.standing(office.world.store) == outbox.Standing(0, 0, None)


def test_nothing_is_done_beside_another_process_that_keeps_the_store(
    office: PostOffice, open_office: Callable[..., PostOffice]
) -> None:
    """One process at a time on a store stays true of the outbox alone."""
    office.put("W1")
    other = office.__class__(office.running, office.folder, office.seams)
    with keeping(other.world.store, "run"), pytest.raises(Occupied):
        office.tick()
    other.end_process()
    assert office.arrived("W1") == {}
    office.tick()
    assert office.arrived("W1") == {"mail 1": 1}


# the service's own part, without Microsoft


class Clockwork:
    """A runner whose outbox answers what it is told to."""

    def __init__(self, answer: Callable[[datetime], Sent | None]) -> None:
        self.now = NOON
        self.turns: list[datetime] = []
        self.health = Health(started=self.now)
        self.runner = Runner(lambda _: (), lambda *_: Done(), self.health, lambda: self.now, self.post)
        self.answer = answer

    def post(self, now: datetime) -> Sent | None:
        self.turns.append(now)
        return self.answer(now)

    def minutes(self, number: int) -> list[int]:
        for _ in range(number):
            self.runner.post()
            self.now += timedelta(minutes=1)
        return [int((at - NOON).total_seconds() // 60) for at in self.turns]


def test_where_no_mail_goes_at_all_the_service_tries_ever_later_and_then_at_once_again() -> None:
    clockwork = Clockwork(lambda now: Sent(0, stopped=now < NOON + timedelta(minutes=90)))
    assert clockwork.minutes(122)[:8] == [0, 1, 3, 8, 18, 48, 78, 108]
    assert clockwork.minutes(1)[-3:] == [120, 121, 122], "all is well again"


@pytest.mark.parametrize(
    ("error", "well"), [(Temporary("out of reach"), True), (Permanent("W1: J.S. 20417"), False)]
)
def test_what_somebody_must_mend_is_said_at_once_and_names_nobody(error: Exception, well: bool) -> None:
    def fails(_: datetime) -> Sent:
        raise error

    clockwork = Clockwork(fails)
    clockwork.runner.post()
    reasons = clockwork.health.reasons(NOON, ())
    assert (reasons == []) is well
    assert "20417" not in " ".join(reasons)


def test_a_mail_tried_in_vain_for_four_hours_is_said_by_health_until_it_goes() -> None:
    health = Health(started=NOON)
    health.outbox_stands(3, 1, NOON)
    assert health.reasons(NOON + timedelta(hours=4), ()) == []
    late = NOON + timedelta(hours=4, minutes=1)
    assert health.reasons(late, ()) == ["post: a mail made at 2026-11-23 12:00 could not be sent yet"]
    assert health.registry.get_sample_value("visit_bot_mails_uncertain") == 1
    assert health.registry.get_sample_value("visit_bot_mails_waiting") == 3
    health.outbox_stands(0, 0, None)
    assert health.reasons(late, ()) == []


def test_while_a_job_is_done_no_mail_is_sent_beside_it() -> None:
    """Each takes the store's fence: the one would overtake the other."""
    clockwork = Clockwork(lambda _: Sent(1))
    with clockwork.runner._turn:
        clockwork.runner.post()
    assert clockwork.turns == []
    clockwork.runner.tick()
    assert len(clockwork.turns) == 1
