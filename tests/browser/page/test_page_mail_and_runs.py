"""Mail as it was designed and as text; setting the date forward and seeing what the bot did."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.sandbox.page.news import NewsLine, RunNews

AISHA, MANAGER, BOT = (f"{name}@northdale.example" for name in ("a.rahman", "c.lindqvist", "visits"))
FIRST = "Your visits: 2 overdue, 4 this week"
pytestmark = pytest.mark.browser


def changes(window: Any) -> Any:
    return window.get_by_role("complementary", name="What changed on")


def test_opening_a_mail_makes_it_read_and_it_can_be_made_new_again(site: Any, look: Any) -> None:
    window = look(f"{site.url}/#/{AISHA}/mail/inbox")
    row = window.locator(".mail-row", has_text=FIRST)
    row.wait_for()
    assert window.locator(".mail-row.is-unread").count() == 2
    assert "Unread" in row.inner_text()
    row.click()
    window.get_by_role("link", name="Inbox (1)").wait_for()
    unread = window.locator(".mail-row.is-unread", has_text=FIRST)
    unread.wait_for(state="detached")
    window.get_by_role("button", name="Mark as unread").click()
    window.get_by_role("link", name="Inbox (2)").wait_for()
    unread.wait_for()
    window.get_by_role("link", name="4 this week").last.click()
    window.get_by_role("link", name="Inbox (1)").wait_for()


def test_files_that_came_with_a_mail_are_listed_and_can_be_saved(still: Any, look: Any) -> None:
    id_ = still.council.ids["Team at a glance: 3 visits overdue"]
    window = look(f"{still.url}/#/{MANAGER}/mail/inbox/{id_}")
    file = window.get_by_role("list", name="Attachments").get_by_role("link")
    assert "Team, week 48.pdf" in file.inner_text()
    assert "15 bytes" in file.inner_text()
    with window.expect_download() as saved:
        file.click()
    assert saved.value.suggested_filename == "Team, week 48.pdf"


def test_the_inbox_lists_newest_first_and_opens_a_mail(still: Any, look: Any) -> None:
    window = look(still.calendar("month"))
    window.get_by_role("link", name=re.compile("^Inbox")).click()
    window.locator(".mail-row").first.wait_for()
    assert window.locator(".mail-row-subject").all_text_contents() == [FIRST, "Your visits: 4 this week"]
    window.get_by_role("link", name=FIRST).click()
    window.get_by_role("heading", name=FIRST).wait_for()
    told = window.locator(".addresses").inner_text()
    for words in (f"Visit reminders <{BOT}>", f"Aisha Rahman <{AISHA}>", "duty@northdale.example", "07:30"):
        assert words in told
    assert window.evaluate("document.activeElement.id") == "reading-title"


def test_a_mail_is_rendered_with_its_pictures_and_in_full_height(still: Any, look: Any) -> None:
    window = look(f"{still.url}/#/{AISHA}/mail/inbox/{still.council.ids[FIRST]}")
    frame = window.frame_locator(".reading iframe")
    frame.get_by_role("heading", name="Your visits this week").wait_for()
    picture = frame.get_by_role("img", name="Four bars")
    assert picture.evaluate("(image) => image.complete && image.naturalWidth") == 12
    assert frame.locator("html").evaluate("(root) => root.scrollHeight <= window.innerHeight + 1")


def test_the_same_mail_can_be_read_as_plain_text(still: Any, look: Any) -> None:
    window = look(f"{still.url}/#/{AISHA}/mail/inbox/{still.council.ids[FIRST]}")
    window.get_by_role("button", name="Plain text").click()
    text = window.locator(".plain-text").inner_text()
    assert "Your visits this week" in text
    assert "<" not in text
    window.get_by_role("button", name="As designed").click()
    window.frame_locator(".reading iframe").get_by_role("heading").first.wait_for()


def test_what_the_bot_sent_is_in_its_sent_items(still: Any, look: Any) -> None:
    window = look(still.calendar("month", who=BOT))
    window.get_by_role("link", name="Sent (1)").click()
    row = window.locator(".mail-row")
    row.wait_for()
    assert "To Aisha Rahman" in row.inner_text()


def test_an_empty_inbox_says_so(still: Any, look: Any) -> None:
    window = look(f"{still.url}/#/d.iro@northdale.example/mail/inbox")
    window.get_by_text("No mail has come in yet.").wait_for()


def test_next_day_runs_the_bot_and_tells_what_changed_and_why(site: Any, look: Any) -> None:
    site.gate.clear()
    window = look(site.calendar("month"))
    window.get_by_role("button", name="Next day").click()
    window.get_by_text("Running the bot for Tue 24 Nov").wait_for()
    assert window.get_by_role("progressbar").is_visible()
    assert window.get_by_role("button", name="Next day").count() == 0
    site.gate.set()
    panel = changes(window)
    panel.wait_for()
    assert site.ran == [date(2026, 11, 24)]
    assert window.locator("#today-date").inner_text() == "Tuesday 24 November 2026"
    window.locator(".month .entry", has_text="New on 2026-11-24").wait_for()
    told = panel.inner_text()
    for words in (
        "2 changes in 2 mailboxes. 2 writes to Outlook, 1 mail sent.",
        "Put “New on 2026-11-24” into the diary",
        "B.1: ten working days after the last visit",
        "It was seen on Tue 24 Nov",
        "visits.csv:17:seen: blank. Say yes or no.",
    ):
        assert words in told
    panel.get_by_role("link", name="Ben Okafor").click()
    window.locator("#whose", has_text="Ben Okafor").wait_for()


def test_what_changed_can_be_put_away_and_brought_back(site: Any, look: Any) -> None:
    window = look(site.calendar("month"))
    window.get_by_role("button", name="Next day").click()
    panel = changes(window)
    panel.wait_for()
    window.get_by_role("button", name="Close what changed").click()
    panel.wait_for(state="hidden")
    again = window.get_by_role("button", name="What changed", exact=True)
    assert again.evaluate("(button) => button === document.activeElement")
    again.click()
    panel.wait_for()


def test_next_working_week_goes_to_monday(site: Any, look: Any) -> None:
    window = look(site.calendar("week"))
    window.get_by_role("button", name="Next working week").click()
    window.locator("#today-date", has_text="Monday 30 November 2026").wait_for()
    window.locator("#period", has_text="30 Nov – 6 Dec 2026").wait_for()
    assert site.ran == [date(2026, 11, day) for day in (24, 25, 26, 27, 30)]


def test_a_day_can_be_chosen_only_ahead(site: Any, look: Any) -> None:
    window = look(site.calendar("month"))
    window.locator("#pick").click()
    field = window.get_by_label("Go forward to")
    assert field.get_attribute("min") == "2026-11-24"
    field.fill("2026-12-09")
    window.get_by_role("button", name="Go and run the bot").click()
    window.locator("#today-date", has_text="Wednesday 9 December 2026").wait_for()
    weekdays = [*range(24, 28), 30, *range(1, 5), 7, 8, 9]
    assert [day.day for day in site.ran] == weekdays, "each weekday had its run"


def test_a_day_can_be_gone_to_straight(site: Any, look: Any) -> None:
    window = look(site.calendar("month"))
    window.locator("#pick").click()
    window.get_by_label("Go forward to").fill("2026-12-09")
    window.get_by_text("12 runs").wait_for()
    window.get_by_label("Straight there").check()
    window.get_by_role("button", name="Go and run the bot").click()
    window.locator("#today-date", has_text="Wednesday 9 December 2026").wait_for()
    changes(window).wait_for()
    assert site.ran == [date(2026, 12, 9)]


def test_going_forward_can_be_stopped_after_the_run_under_way(site: Any, look: Any) -> None:
    site.gate.clear()
    window = look(site.calendar("month"))
    window.get_by_role("button", name="Next working week").click()
    window.get_by_text("1 of 5").wait_for()
    window.get_by_role("button", name="Stop", exact=True).click()
    window.get_by_text("Stopping after this run").wait_for()
    site.gate.set()
    changes(window).wait_for()
    assert site.ran == [date(2026, 11, 24)]
    assert window.locator("#today-date").inner_text() == "Tuesday 24 November 2026"


def test_the_bot_can_be_run_again_without_moving_the_date(site: Any, look: Any) -> None:
    window = look(site.calendar("month"))
    window.get_by_role("button", name="Run now").click()
    changes(window).wait_for()
    assert site.ran == [date(2026, 11, 23)]
    assert window.evaluate("document.activeElement.id") == "run-now"


def test_the_log_can_be_read_of_one_mailbox_and_leads_to_its_entries(site: Any, look: Any) -> None:
    entry = site.council.ids["3 days late · M.A. 20071"]
    lines = (
        NewsLine(AISHA, "Moved “3 days late”", "B.1: ten working days", "moved", entry=entry),
        NewsLine(
            "b.okafor@northdale.example", "Left “Visit due” on Fri 4 Dec", "a person moved it there", "left"
        ),
        NewsLine("b.okafor@northdale.example", "Could not do all", "503", "refused"),
    )
    site.tells.append(RunNews(date(2026, 11, 24), lines, mails=0, writes=1))
    window = look(site.calendar("month"))
    window.get_by_role("button", name="Next day").click()
    panel = changes(window)
    panel.wait_for()
    told = panel.inner_text()
    for words in (
        "1 change in 1 mailbox. 1 write",
        "1 entry left as a person wants it",
        "1 thing could not be done",
    ):
        assert words in told
    panel.get_by_label("Show").select_option(label="Aisha Rahman")
    assert panel.locator(".lines li").count() == 1
    panel.get_by_role("link", name="Moved “3 days late”").click()
    window.get_by_role("dialog").get_by_role("heading", name="3 days late · M.A. 20071").wait_for()


def test_a_failed_run_is_told_in_words_and_can_be_tried_again(site: Any, look: Any) -> None:
    site.fails_with.append(RuntimeError("The sign-in failed: the secret has expired. Make a new one."))
    window = look(site.calendar("month"))
    window.get_by_role("button", name="Next day").click()
    assert "the secret has expired" in window.get_by_role("alert").inner_text()
    assert window.locator("#today-date").inner_text() == "Tuesday 24 November 2026"
    site.fails_with.clear()
    window.get_by_role("button", name="Next day").click()
    changes(window).get_by_text("2 changes").wait_for()


def test_a_run_started_elsewhere_is_seen_by_who_comes_later(site: Any, look: Any) -> None:
    site.gate.clear()
    first = look(site.calendar("month"))
    first.get_by_role("button", name="Next day").click()
    first.get_by_role("progressbar").wait_for()
    second = look(site.calendar("month"))
    second.get_by_role("progressbar").wait_for()
    site.gate.set()
    second.locator("#today-date", has_text="Tuesday 24 November 2026").wait_for()
    assert site.ran == [date(2026, 11, 24)]


def test_without_a_bot_the_page_says_how_to_get_the_buttons(open_site: Callable[..., Any], look: Any) -> None:
    site = open_site(bot=False)
    window = look(site.calendar("month"))
    window.get_by_text("make demo").wait_for()
    assert window.get_by_role("button", name="Next").count() == 0
