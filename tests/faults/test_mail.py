"""Mail on a bad day: each goes once or waits, and none is given up for what is no fault of its own."""

from __future__ import annotations

from collections import Counter
from datetime import time

import pytest
from faultkit.caseload import ANN, BEA, CY, MANAGER, SENDER
from faultkit.scene import errors, unsettled

MONDAYS = time(9)  # the lists' time has come
LISTS = 'worker_list_day = "mon"'


@pytest.fixture
def office(play):
    """Where lists are due on Mondays: three workers' and their manager's."""
    scene = play(lists=LISTS)
    scene.filled()
    return scene


def _mails(scene) -> Counter[str]:
    tenant = scene.running.tenant
    return Counter(
        address
        for address in (ANN, BEA, CY, MANAGER)
        for _ in tenant.messages(tenant.user(address)["id"], "inbox")
    )


EACH_ONCE = Counter({ANN: 1, BEA: 1, CY: 1, MANAGER: 1})


def _goes_once(scene, bad) -> None:
    assert not _mails(scene) - EACH_ONCE, "nobody is mailed twice"
    scene.mend()
    scene.let_pass(61)
    for _ in range(4):
        scene.let_pass(61)
        if errors(scene.run(MONDAYS)) == []:
            break
    assert _mails(scene) == EACH_ONCE
    with scene.counting() as writes:
        scene.run(MONDAYS)
        assert writes(None) == 0
    assert _mails(scene) == EACH_ONCE
    scene.harmless([bad])


@pytest.mark.trouble("mail-throttled")
def test_a_sender_that_may_send_no_more_this_minute_sends_the_rest_later(office) -> None:
    unsettled(office, messages_per_minute=2)
    office.strike(do="429", mailbox=SENDER, path="/send", times=None, retry_after=600, nth=3)
    bad = office.run(MONDAYS)
    office.told(bad)
    assert sum(_mails(office).values()) == 2
    office.let_pass(600)
    _goes_once(office, bad)


@pytest.mark.trouble("mail-lost-answer")
@pytest.mark.parametrize("do", ["reset_done", "504_done", "half"])
def test_a_mail_whose_answer_was_lost_is_not_sent_again(office, do) -> None:
    office.strike(do=do, path="/send", times=None)
    bad = office.run(MONDAYS)
    office.told(bad)
    assert _mails(office) == EACH_ONCE
    _goes_once(office, bad)


@pytest.mark.trouble("mail-to-nobody")
def test_a_mail_that_comes_back_is_told_to_the_manager_once(office) -> None:
    office.running.tenant.set_gone(CY, gone=True)
    bad = office.run(MONDAYS)
    office.told(bad)
    tenant = office.running.tenant

    def of_the_manager() -> list[str]:
        inbox = tenant.messages(tenant.user(MANAGER)["id"], "inbox")
        return [one["subject"] for one in inbox if "could not be delivered" in one["subject"]]

    assert len(of_the_manager()) == 1
    office.let_pass(61)
    office.run(MONDAYS)
    assert len(of_the_manager()) == 1
    office.harmless([bad])


@pytest.mark.trouble("mail-web-page")
def test_no_mail_is_given_up_for_a_proxys_page(office) -> None:
    office.strike(do="web_page", mailbox=SENDER, path="messages", times=None)
    bad = office.run(MONDAYS)
    office.told(bad)
    assert _mails(office) == Counter()
    _goes_once(office, bad)
