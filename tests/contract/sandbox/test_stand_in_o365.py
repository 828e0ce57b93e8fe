"""The real O365 library against the stand-in: every call of its own that a bot's users would make."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from O365 import Account
from O365.category import CategoryColor
from requests import HTTPError
from witness.watching import heard  # noqa: F401 - every test here is heard

LONDON = ZoneInfo("Europe/London")
PNG = b"\x89PNG\r\n\x1a\n tiny"


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


def test_it_keeps_calendars_beside_the_first(account: Account, words: Any) -> None:
    schedule = account.schedule(resource=words.worker)
    made = schedule.new_calendar("Leave")
    assert made.name == "Leave"
    assert {one.name for one in schedule.list_calendars()} == {"Calendar", "Leave"}
    found = schedule.get_calendar(calendar_id=made.calendar_id)
    found.name = "Away"
    assert found.update()
    event = found.new_event(subject="Annual leave")
    event.start, event.end = (dt.datetime(2026, 7, day, tzinfo=LONDON) for day in (2, 4))
    event.is_all_day = True
    assert event.save()
    assert [one.subject for one in found.get_events(include_recurring=False)] == ["Annual leave"]
    assert list(schedule.get_default_calendar().get_events(include_recurring=False)) == []
    assert found.delete()
    assert {one.name for one in schedule.list_calendars()} == {"Calendar"}


def test_it_asks_for_events_by_condition_order_and_page(account: Account, call: Any, words: Any) -> None:
    for name in ("B", "C", "A"):
        call.made(words.event(f"Visit {name}", showAs="free", sensitivity="private", categories=["Visit"]))
    call.made(words.event("Dentist"))
    schedule = account.schedule(resource=words.worker)
    asked = schedule.new_query()
    query = asked.startswith("subject", "Visit") & asked.select("subject", "categories", "sensitivity")
    found = list(
        schedule.get_events(limit=10, batch=2, query=query, order_by="subject", include_recurring=False)
    )
    assert [one.subject for one in found] == ["Visit A", "Visit B", "Visit C"]
    assert {(one.sensitivity.value, tuple(one.categories)) for one in found} == {("private", ("Visit",))}
    one = schedule.get_default_calendar().get_event(found[0].object_id)
    assert (one.show_as.value, "<p>Why</p>" in one.body) == ("free", True)


def test_it_reads_every_occurrence_of_a_series(account: Account, words: Any) -> None:
    calendar = account.schedule(resource=words.worker).get_default_calendar()
    event = calendar.new_event(subject="Team meeting")
    event.start = dt.datetime(2026, 7, 2, 9, 0, tzinfo=LONDON)
    event.end = dt.datetime(2026, 7, 2, 10, 0, tzinfo=LONDON)
    event.recurrence.set_weekly(
        1, days_of_week=["thursday"], first_day_of_week="monday", start=event.start.date(), occurrences=3
    )
    assert event.save()
    start, end = (dt.datetime(2026, month, 1, tzinfo=LONDON) for month in (7, 8))
    series = calendar.get_event(event.object_id)  # it learns only by reading that this is one
    days = [one.start.day for one in series.get_occurrences(start=start, end=end)]
    assert days == [2, 9, 16]


def test_it_looks_through_folders_and_attachments(
    account: Account, call: Any, words: Any, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text("Visit on Friday")
    message = account.new_message(resource=words.manager)
    message.to.add(words.worker)
    message.subject, message.body = "Plan", "<p>See the file</p>"
    message.attachments.add(str(plan))
    assert message.send()
    mailbox = account.mailbox(resource=words.worker)
    assert {"Inbox", "Drafts", "Sent Items"} <= {one.name for one in mailbox.get_folders()}
    inbox = mailbox.get_folder(folder_name="Inbox")
    (got,) = inbox.get_messages(query=inbox.new_query().equals("subject", "Plan"), download_attachments=True)
    (kept,) = got.attachments
    (tmp_path / "kept").mkdir()
    assert kept.save(str(tmp_path / "kept"))
    assert (tmp_path / "kept" / "plan.txt").read_text() == "Visit on Friday"
    again = mailbox.get_message(object_id=got.object_id)
    assert (again.subject, again.has_attachments, again.get_body_text().strip()) == (
        "Plan",
        True,
        "See the file",
    )
    assert got.move(mailbox.deleted_folder())
    assert list(mailbox.inbox_folder().get_messages()) == []
    (moved,) = mailbox.deleted_folder().get_messages()
    assert moved.delete()
    (sent,) = account.mailbox(resource=words.manager).sent_folder().get_messages()
    assert [one.address for one in sent.to] == [words.worker]


def test_it_drafts_changes_and_throws_away(account: Account, words: Any) -> None:
    message = account.new_message(resource=words.worker)
    message.to.add(words.manager)
    message.subject = "First thought"
    assert message.save_draft()
    message.subject = "Second thought"
    assert message.save_draft()
    drafts = account.mailbox(resource=words.worker).drafts_folder()
    assert [one.subject for one in drafts.get_messages()] == ["Second thought"]
    assert message.delete()
    assert list(drafts.get_messages()) == []


def test_it_sets_an_out_of_office_and_takes_it_back(account: Account, words: Any) -> None:
    mailbox = account.mailbox(resource=words.worker)
    start, end = (dt.datetime(2026, 7, day, 9, tzinfo=LONDON) for day in (2, 9))
    assert mailbox.set_automatic_reply(
        "Away", "Away too", scheduled_start_date_time=start, scheduled_end_date_time=end
    )
    replies = mailbox.get_settings().automaticrepliessettings
    assert (replies.status.value, replies.internal_reply_message) == ("scheduled", "Away")
    assert (replies.scheduled_startdatetime, replies.scheduled_enddatetime) == (start, end)
    assert mailbox.set_disable_reply()
    assert mailbox.get_settings().automaticrepliessettings.status.value == "disabled"


def test_it_finds_people_by_the_start_of_their_names(account: Account, words: Any) -> None:
    directory = account.directory()
    asked = directory.new_query()
    query = asked.startswith("displayName", "Ann") & asked.select("displayName", "mail")
    assert [one.mail for one in directory.get_users(query=query)] == [words.worker]
