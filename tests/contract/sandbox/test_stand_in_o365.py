"""The real O365 library against the stand-in: every call of its own that a bot's users would make."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from O365 import Account, MSGraphProtocol
from O365.category import CategoryColor
from O365.utils.token import MemoryTokenBackend
from requests import HTTPError

LONDON = ZoneInfo("Europe/London")
PNG = b"\x89PNG\r\n\x1a\n tiny"


@pytest.fixture
def account(call: Any) -> Account:
    class Local(MSGraphProtocol):
        _protocol_url = call.running.authority

    account = Account(
        (call.running.client_id, "unused"),
        auth_flow_type="credentials",
        tenant_id=call.running.tenant_id,
        protocol=Local(timezone="Europe/London"),
        token_backend=MemoryTokenBackend(),
        requests_delay=0,
        main_resource="users/nobody",
    )
    account.con.session = call.session  # signed in already: its own renewal is broken
    return account


@pytest.mark.fact("o365-protocol")
def test_it_makes_reads_changes_and_deletes_events(account: Account, call: Any, words: Any) -> None:
    schedule = account.schedule(resource=words.worker)
    calendar = schedule.get_default_calendar()
    event = calendar.new_event(subject="Visit due")
    event.start = dt.datetime(2026, 7, 2, 9, 0, tzinfo=LONDON)
    event.end = dt.datetime(2026, 7, 2, 9, 15, tzinfo=LONDON)
    event.body = "<p>Why</p>"
    event.categories = "Visit"
    event.remind_before_minutes = 0
    assert event.save()
    shown = call("GET", f"users/{words.worker}/events/{event.object_id}").json()
    assert shown["start"]["dateTime"] == "2026-07-02T08:00:00.0000000"
    assert (shown["categories"], shown["isOnlineMeeting"]) == (["Visit"], False)
    event.subject = "Visit due tomorrow"
    assert event.save()
    first, last = (dt.datetime(2026, 7, day, tzinfo=LONDON) for day in (1, 9))
    found = list(calendar.get_events(include_recurring=True, start_recurring=first, end_recurring=last))
    assert [(one.subject, one.start) for one in found] == [("Visit due tomorrow", event.start)]
    assert [one.subject for one in calendar.get_events(limit=5, include_recurring=False)] == [
        "Visit due tomorrow"
    ]
    assert found[0].delete()
    assert call("GET", f"users/{words.worker}/events").json()["value"] == []


@pytest.mark.fact("o365-all-day-midnight")
def test_its_all_day_event_stands_on_its_day(account: Account, call: Any, words: Any) -> None:
    """All-day events must start and end at midnight in the zone sent."""
    event = account.schedule(resource=words.worker).new_event(subject="Due")
    event.start = dt.datetime(2026, 7, 2, tzinfo=LONDON)
    event.end = dt.datetime(2026, 7, 3, tzinfo=LONDON)
    event.is_all_day = True
    assert event.save()
    shown = call("GET", f"users/{words.worker}/events").json()["value"][0]
    assert (shown["isAllDay"], shown["start"]["dateTime"]) == (True, "2026-07-02T00:00:00.0000000")


@pytest.mark.fact("o365-categories")
def test_it_keeps_another_users_categories(account: Account, words: Any) -> None:
    """It does well: master categories of another user (`CategoryColor.RED`)."""
    categories = account.outlook_categories(resource=words.worker)
    made = categories.create_category("CP", color=CategoryColor.RED)
    assert (made.name, made.color) == ("CP", CategoryColor.RED)
    assert made.update_color(CategoryColor.YELLOW)
    assert {one.name: one.color for one in categories.get_categories()}["CP"] is CategoryColor.YELLOW
    with pytest.raises(HTTPError, match="409"):
        categories.create_category("cp", color=CategoryColor.RED)
    assert made.delete()


@pytest.mark.fact("o365-builds-messages")
def test_it_sends_mail_with_an_inline_picture(
    account: Account, call: Any, words: Any, tmp_path: Path
) -> None:
    """It does well: building messages (inline cid images, saveToSentItems)."""
    picture = tmp_path / "chart.png"
    picture.write_bytes(PNG)
    message = account.new_message(resource=words.manager)
    message.to.add(words.worker)
    message.subject = "Your week"
    message.body = '<p>Hello</p><img src="cid:chart">'
    message.attachments.add(str(picture))
    message.attachments[0].is_inline = True
    message.attachments[0].content_id = "chart"
    assert message.send(save_to_sent_folder=True)
    got = call.running.tenant.messages(words.worker, "inbox")[0]
    assert [(one["contentId"], one["isInline"], one["size"]) for one in got["attachments"]] == [
        ("chart", True, len(PNG))
    ]
    assert [one["subject"] for one in call.running.tenant.messages(words.manager, "sentitems")] == [
        "Your week"
    ]


def test_it_drafts_then_sends_and_reads_the_inbox(account: Account, words: Any) -> None:
    message = account.new_message(resource=words.manager)
    message.to.add(words.worker)
    message.subject = "Draft"
    message.body = "<p>Hello</p>"
    assert message.save_draft()
    assert message.object_id
    assert message.send()
    inbox = account.mailbox(resource=words.worker).inbox_folder()
    (got,) = inbox.get_messages(limit=3)
    assert (got.subject, got.sender.address, got.is_read) == ("Draft", words.manager, False)
    assert got.mark_as_read()
    unread = list(inbox.get_messages(query=inbox.new_query().equals("is_read", False)))
    assert unread == []


@pytest.mark.fact("o365-availability")
def test_it_asks_who_is_free(account: Account, call: Any, words: Any) -> None:
    """It does well: `get_availability` (getSchedule)."""
    call.made(words.event("Court", showAs="busy"))
    found = account.schedule(resource=words.manager).get_availability(
        [words.worker],
        dt.datetime(2026, 12, 4, 8, tzinfo=LONDON),
        dt.datetime(2026, 12, 4, 12, tzinfo=LONDON),
        interval=60,
    )
    assert found[0]["availabilityView"] == ["free", "busy", "free", "free"]


def test_it_finds_people(account: Account, words: Any) -> None:
    directory = account.directory()
    assert directory.get_user(words.worker).display_name == "Ann Bee"
    assert directory.get_user_manager(words.worker).mail == words.manager
    assert len(list(directory.get_users())) == 3
