"""A mail that reaches nobody is told to that worker's manager and to the operator: once, and with no child in
it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from keepkit.children import address
from keepkit.seams import Stopped
from outboxkit.office import PostOffice

from bot.outlook.bounces import Report
from bot.run.undelivered import came_back
from bot.store import outbox
from bot.store.sending import SentRow

NOBODY = "W9"  # of whom workers.csv has an address at which there is nobody
TO_MANAGER = {"manager": "M1", "manager_address": address("M1")}
DAY = 86_400
NOTICE = "A mail could not be delivered · 23 Nov"


def test_a_mail_that_comes_back_is_told_to_the_manager_and_to_the_operator_once(office: PostOffice) -> None:
    office.put(NOBODY, "W1", **TO_MANAGER)
    done = office.run()
    assert office.arrived("W1", "M1") == {"mail 2": 1, NOTICE: 1}
    (lost,) = done.not_delivered
    assert (lost.person, lost.manager) == (NOBODY, "M1")
    assert "Check the address in workers.csv" in str(lost)
    assert office.states == {"bounced": 1, "sent": 2}
    for _ in range(3):
        office.end_process()
        office.let_pass(3600)
        done = office.run()
        assert (done.posted, done.not_delivered) == ((), ())
    assert office.arrived("M1") == {NOTICE: 1}


def test_where_the_box_that_all_mail_is_redirected_to_is_none_the_setting_is_named_and_no_worker(
    open_office: Callable[..., PostOffice],
) -> None:
    office = open_office(f'redirect_to = "{address(NOBODY)}"')
    office.put("W1", recipient=address(NOBODY), **TO_MANAGER)
    (lost,) = office.run().not_delivered
    assert lost.manager == ""
    assert "mail.redirect_to in the settings" in str(lost)
    assert "workers.csv" not in str(lost)


def test_the_notice_says_whose_address_to_mend_and_nothing_of_what_the_mail_said(office: PostOffice) -> None:
    office.put(NOBODY, html="<p>J.S. 20417</p>", text="J.S. 20417", **TO_MANAGER)
    office.run()
    (notice,) = office.inbox("M1")
    body = notice["body"]["content"]
    assert "W9" in body
    assert address(NOBODY) in body
    assert "workers.csv" in body
    assert "20417" not in str(notice)
    assert address(NOBODY) not in notice["subject"]


def test_several_mails_to_one_address_are_told_in_one_notice_a_week(office: PostOffice) -> None:
    office.put(NOBODY, NOBODY, **TO_MANAGER)
    assert len(office.run().not_delivered) == 2
    office.put(NOBODY, **TO_MANAGER)
    office.run()
    assert office.arrived("M1") == {NOTICE: 1}
    office.let_pass(7 * 86_400)
    office.put(NOBODY, **TO_MANAGER)
    office.run()
    assert office.arrived("M1") == {NOTICE: 1, "A mail could not be delivered · 30 Nov": 1}


def test_over_three_weeks_it_is_told_once_each_week_and_no_more_once_the_address_is_mended(
    office: PostOffice,
) -> None:
    """Monday's list goes by a run, Wednesday's mail by the service."""
    told: list[dict[str, int]] = []
    for week in range(5):
        mended = {"recipient": address("W3")} if week > 2 else {}
        office.put(NOBODY, **TO_MANAGER, **mended)
        office.run()
        office.end_process()
        office.let_pass(2 * DAY)
        office.put(NOBODY, **TO_MANAGER, **mended)
        office.ticks(3 * 3600, every=600)
        office.let_pass(5 * DAY - 3 * 3600)
        told.append(dict(office.arrived("M1")))
    days = ["23 Nov", "30 Nov", "7 Dec"]
    weekly = [{f"A mail could not be delivered · {day}": 1 for day in days[: week + 1]} for week in range(3)]
    assert told == [*weekly, weekly[-1], weekly[-1]]
    assert sum(office.arrived("W3").values()) == 4
    assert office.states == {"bounced": 6, "sent": 7}


def test_the_service_finds_what_comes_back_later(office: PostOffice) -> None:
    office.put(NOBODY, **TO_MANAGER)
    done = office.ticks(30)
    assert [lost.person for part in done for lost in part.not_delivered] == [NOBODY]
    office.let_pass(60)
    office.ticks(10)
    assert office.arrived("M1") == {NOTICE: 1}


def test_a_notice_that_comes_back_itself_goes_to_nobody_else(office: PostOffice) -> None:
    office.put(NOBODY, manager="M9", manager_address=address("M9"))
    for _ in range(4):
        office.run()
        office.let_pass(600)
    assert office.states == {"bounced": 2}


def test_where_nobody_manages_them_the_operator_alone_is_told(office: PostOffice) -> None:
    office.put(NOBODY)
    (lost,) = office.run().not_delivered
    assert "nobody else is told" in str(lost)
    assert office.states == {"bounced": 1}


def test_an_address_that_microsoft_refuses_is_told_in_the_same_way(office: PostOffice) -> None:
    office.put("W2", **TO_MANAGER)
    office.strike({"do": "400", "code": "ErrorInvalidRecipients", "path": "/send", "times": 1})
    done = office.run()
    assert [one.state for one in done.posted] == ["failed", "sent"]
    assert [lost.person for lost in done.not_delivered] == ["W2"]
    assert office.arrived("W2", "M1") == {NOTICE: 1}


def test_what_is_given_up_for_another_reason_is_no_address_to_mend(office: PostOffice) -> None:
    office.put("W2", **TO_MANAGER)
    office.strike({"do": "400", "path": "messages", "verb": "POST", "times": 1})
    done = office.run()
    assert [one.state for one in done.posted] == ["failed"]
    assert done.not_delivered == ()
    assert office.arrived("M1") == {}


def test_wherever_a_process_ends_the_manager_is_told_once(office: PostOffice) -> None:
    office.seams.begin()
    for place in range(8, 40, 3):
        office.put(f"N{place}", **TO_MANAGER)
        office.seams.begin(stop_at=place)
        try:
            office.run()
        except Stopped:
            office.end_process()
        office.seams.begin()
        office.run()
        office.run()
        assert len(office.inbox("M1")) == (place - 8) // 3 + 1, place
        office.let_pass(61)


def test_nothing_but_reports_is_read_of_a_senders_inbox(office: PostOffice) -> None:
    """People's answers to the bot are theirs."""
    office.put(NOBODY, "W1", **TO_MANAGER)
    tenant = office.running.tenant
    with tenant.lock:
        box = tenant.mailbox("visit-bot@northdale.example")
        mine = tenant.mailbox(address("W1"))
    from bot.sandbox.tenant import mail

    with tenant.lock:
        words = {
            "subject": "Undeliverable: my answer",
            "body": {"contentType": "text", "content": f"Write to {address('W2')} instead"},
            "toRecipients": [{"emailAddress": {"address": box.address}}],
        }
        mail.send(tenant, mine, mail.draft(mine, words, now=tenant.clock.now()))
    office.put("W2", **TO_MANAGER)
    done = office.run()
    assert [lost.person for lost in done.not_delivered] == [NOBODY]


# matching, without Microsoft


def sent(number: int, who: str, conversation: str | None = None, state: str = "sent") -> SentRow:
    mail = outbox.NewMail(f"r{number}", "worker_list", "s", who, address(who), "S", "", "", ())
    return SentRow(number, mail, "bot", conversation, state)


@pytest.mark.parametrize(
    ("mails", "report", "found"),
    [
        ([sent(2, "W1", "b"), sent(1, "W1", "a")], Report("a", "w1@northdale.example"), [1]),
        ([sent(1, "W1", "a", "bounced")], Report("a", "to w1@northdale.example"), []),
        ([sent(2, "W1"), sent(1, "W1")], Report("?", "Your message to <W1@northdale.example>."), [2]),
        ([sent(2, "W1"), sent(1, "W1", None, "bounced")], Report("?", "to w1@northdale.example"), []),
        ([sent(1, "W1", "a")], Report("?", "to aw1@northdale.example, w1@northdale.example.org"), []),
        ([sent(1, "W1", "a")], Report("", ""), []),
    ],
    ids=[
        "conversation",
        "known before",
        "address",
        "perhaps known before",
        "other addresses",
        "nothing said",
    ],
)
def test_a_report_is_of_its_conversation_or_else_of_the_address_it_names(
    mails: list[SentRow], report: Report, found: list[int]
) -> None:
    assert [one.id for one in came_back(mails, [report, report])] == found


# what changed since a mail was made


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ('allowed_domains = ["northdale.example", "elsewhere.example"]', "allowed_domains"),
        ('redirect_to = "m1@northdale.example"', "redirect_to"),
    ],
)
def test_a_mail_made_before_the_settings_forbade_it_is_not_sent(
    open_office: Callable[..., PostOffice], setting: str, why: str
) -> None:
    office = open_office()
    more: dict[str, Any] = {"recipient": "w1@elsewhere.example"} if "domains" in setting else {}
    office.put("W1", **more)
    office.end_process()
    if "redirect" in setting:
        file = office.folder / "settings.toml"
        file.write_text(file.read_text().replace("[diary]", f"{setting}\n[diary]"))
    (kept,) = office.run().posted
    assert (kept.state, why in str(kept.error)) == ("failed", True)
    assert office.arrived("W1", "M1") == {}
    assert office.running.tenant.record.writes == 0
