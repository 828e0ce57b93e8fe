"""A mail that went is not sent again by a store that was lost, nor by an older one that was put back.

The senders' own mailboxes know what went: they are asked once a process, before its first mail.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from keepkit.children import SENDER
from keepkit.seams import Stopped
from outboxkit.office import SECOND, PostOffice

EVERY = int(os.environ.get("STOP_AT_EVERY", "1"))
TWO = f'more_senders = ["{SECOND}"]'


@pytest.fixture(params=["lost", "older"])
def forget(request: pytest.FixtureRequest) -> Callable[[PostOffice], Callable[[], None]]:
    """What is done before the mails are made, and what undoes all memory of them afterwards."""

    def begin(office: PostOffice) -> Callable[[], None]:
        copy = office.copy_store() if request.param == "older" else None
        return lambda: office.lose_store(copy)

    return begin


def test_wherever_a_run_ended_before_the_store_was_gone_each_mail_arrives_once(
    office: PostOffice, forget: Callable[[PostOffice], Callable[[], None]]
) -> None:
    """Item 5. A draft that was left is not sent: it may be to another address than the mail of now."""
    number, stopped = 1, 0
    while True:
        gone = forget(office)
        mails = office.put("W1", "W2")
        once = {mail.subject: 1 for mail in mails}
        office.seams.begin(stop_at=number)
        try:
            office.run()
            ended = ""
        except Stopped as place:
            ended = str(place)
        office.seams.begin()
        gone()
        office.put_again(mails)
        went = {name: n for name, n in office.arrived("W1", "W2").items() if name in once}
        done = office.run()
        assert done.sent == len(mails) - len(went), ended
        assert any("sent already" in line for line in done.said) == bool(went)
        assert {name: n for name, n in office.arrived("W1", "W2").items() if name in once} == once, ended
        assert office.drafts() == [], f"{ended}: a draft was left behind"
        assert set(office.states) == {"sent"}, ended
        office.let_pass(61)
        if not ended:
            break
        stopped += 1
        number += EVERY
    assert stopped >= 20 / EVERY


def test_whichever_sender_sent_it(open_office: Callable[..., PostOffice]) -> None:
    office = open_office(TWO)
    mails = office.put("W1", "W2", "W3", "M1")
    assert office.run().sent == len(mails)
    assert all(office.left_at(one) for one in (SENDER, SECOND)), "both had some"
    office.lose_store()
    office.put_again(mails)
    assert office.run().sent == 0
    assert set(office.arrived("W1", "W2", "W3", "M1").values()) == {1}


def test_a_mailbox_that_cannot_be_asked_sends_nothing_until_it_can(office: PostOffice) -> None:
    """A failed read is not an empty read."""
    mails = office.put("W1")
    office.run()
    office.lose_store()
    office.put_again(mails)
    office.strike({"do": "503", "path": "/messages", "verb": "GET", "times": None})
    (left,) = office.run().posted
    assert left.state == "waiting"
    assert office.mend() > 0
    assert office.run().sent == 0
    assert office.states == {"sent": 1}
    assert office.arrived("W1") == {"mail 1": 1}


def test_a_page_of_the_list_is_not_the_list(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outlook.sent_before._PAGE", "1")
    mails = office.put("W1", "W2", "W3")
    office.run()
    office.lose_store()
    office.put_again(mails)
    assert office.run().sent == 0


def test_a_mailbox_is_asked_once_a_process_and_not_where_nothing_goes(office: PostOffice) -> None:
    office.run()
    record = office.running.tenant.record
    record.reset()
    office.run()
    assert record.summary()["requests"] == 0
    office.put("W1", "W2", "W3")
    office.run(looks=False)
    gets = [one for one in record.summary()["counts"] if one["verb"] == "GET"]
    assert sum(one["count"] for one in gets) == 1
