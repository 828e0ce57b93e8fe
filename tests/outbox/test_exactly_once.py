"""Each mail arrives exactly once, as counted where it arrives: wherever a process ends, whatever is lost."""

from __future__ import annotations

import os

import pytest
from keepkit.seams import Stopped
from outboxkit.office import PostOffice

EVERY = int(os.environ.get("STOP_AT_EVERY", "1"))  # 2: at every other place only
ONCE = {"mail 1": 1, "mail 2": 1}
LOST = ("reset_done", "504_done", "half")


def test_wherever_a_process_ends_each_mail_arrives_once(office: PostOffice) -> None:
    """Item 5: a kill between every step, before and after every request and every commit."""
    number, stopped = 1, 0
    while True:
        office.put("W1", "W2")
        first = office._made - 1
        want = {f"mail {first}": 1, f"mail {first + 1}": 1}
        office.seams.begin(stop_at=number)
        try:
            office.run()
            ended = ""
        except Stopped as place:
            ended = str(place)
        office.seams.begin()
        office.end_process()
        there = {subject: n for subject, n in office.arrived("W1", "W2").items() if subject in want}
        assert all(n == 1 for n in there.values()), ended
        done = office.run()
        there = {subject: n for subject, n in office.arrived("W1", "W2").items() if subject in want}
        assert there == want, ended
        assert [one.error for one in done.posted if one.error] == [], ended
        assert set(office.states) == {"sent"}, ended
        assert office.drafts() == [], f"{ended}: a draft was left behind"
        if not ended:
            break
        stopped += 1
        number += EVERY
        office.let_pass(61)
    assert stopped >= 20 / EVERY, "two mails: each drafted and sent, each step written down"


@pytest.mark.parametrize("first", [2, 5, 8])
def test_processes_that_end_one_after_another_send_each_mail_once(office: PostOffice, first: int) -> None:
    """Also the run that repairs may end anywhere, and the one after it: each gets one place further."""
    office.put("W1", "W2")
    for place in range(first, 60):
        office.seams.begin(stop_at=place)
        try:
            office.run()
            break
        except Stopped:
            office.end_process()
        finally:
            office.seams.begin()
        assert max(office.arrived("W1", "W2").values(), default=0) <= 1, place
    assert office.arrived("W1", "W2") == ONCE


@pytest.mark.parametrize("do", LOST)
@pytest.mark.parametrize("path", ["/send", "messages"])
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "all day"])
def test_what_was_done_and_its_answer_lost_is_not_done_again(
    office: PostOffice, do: str, path: str, lasting: bool
) -> None:
    """504-but-delivered and answers that break off, once or for as long as anybody looks."""
    office.put("W1", "W2")
    office.strike({"do": do, "path": path, "verb": "POST", "times": None if lasting else 1})
    for _ in range(3):
        office.run()
        assert max(office.arrived("W1", "W2").values(), default=0) <= 1
        office.let_pass(3700)
    assert office.mend() > 0
    office.run()
    assert office.arrived("W1", "W2") == ONCE
    assert office.drafts() == []
    office.end_process()
    assert office.run().posted == ()
    assert office.arrived("W1", "W2") == ONCE


def test_a_mail_whose_answer_was_lost_while_nobody_can_look_is_uncertain_and_said_to_be(
    office: PostOffice,
) -> None:
    office.put("W2")
    assert office.run().sent == 1
    office.put("W1")
    office.strike(
        {"do": "504_done", "path": "/send", "times": 1}, {"do": "503", "verb": "GET", "times": None}
    )
    (left,) = office.run().posted
    assert left.state == "uncertain"
    assert "it is not known whether a mail went" in str(left.error)
    assert office.states == {"sent": 1, "uncertain": 1}
    office.mend()
    office.let_pass(61)
    office.running.tenant.record.reset()
    office.end_process()
    done = office.run()
    assert (done.looked_for, [one.state for one in done.posted]) == (1, ["sent"])
    assert any("left uncertain before" in line for line in done.said)
    assert office.running.tenant.record.writes == 0, "it was looked for, and nothing was sent"
    assert office.arrived("W1") == {"mail 2": 1}


def test_what_is_uncertain_is_looked_for_before_anything_else(office: PostOffice) -> None:
    """Item 5: its draft's id or our reference, before an urgent mail even."""
    office.put("W1")
    office.strike(
        {"do": "504_done", "path": "/send", "times": 1}, {"do": "503", "verb": "GET", "times": None}
    )
    office.run()
    office.mend()
    office.put("W2", urgent=True)
    office.let_pass(61)
    office.end_process()
    office.seams.begin()
    office.run()
    asked = [name for name in office.seams.passed if name.startswith("before") and "commit" not in name]
    assert next(name for name in asked if "token" not in name).startswith("before GET")
    assert office.arrived("W1", "W2") == ONCE


def test_a_draft_that_somebody_deleted_is_given_up_and_said(office: PostOffice) -> None:
    """Whether it went is known to nobody: it is never sent anew unasked, and never forgotten in silence."""
    office.put("W1")
    office.strike({"do": "503", "path": "/send", "times": None})
    office.run()
    office.mend()
    tenant = office.running.tenant
    with tenant.lock:
        box = tenant.mailbox("visit-bot@northdale.example")
        for item in list(box.items("message").values()):
            box.remove(item)
    office.let_pass(61)
    office.end_process()
    (gone,) = office.run().posted
    assert gone.state == "failed"
    assert "Ask the recipient" in str(gone.error)
    assert office.arrived("W1") == {}


def test_an_outbox_of_before_there_were_several_senders_is_finished_from_the_one_there_was(
    office: PostOffice,
) -> None:
    office.put("W1")
    office.strike({"do": "503", "path": "/send", "times": None})
    office.run()
    office.mend()
    with office.world.store.transaction() as connection:
        connection.exec_driver_sql("update outbox set sender = null, state = 'drafted', conversation = null")
    office.let_pass(61)
    office.run()
    assert office.arrived("W1") == {"mail 1": 1}
