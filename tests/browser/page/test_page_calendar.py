"""The calendar in a real browser: what is seen is what the mailbox holds."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

AISHA, BEN = "a.rahman@northdale.example", "b.okafor@northdale.example"
pytestmark = pytest.mark.browser


def subjects(window: Any, inside: str = "#main") -> Counter[str]:
    return Counter(window.locator(f"{inside} .entry .entry-subject").all_text_contents())


def ready(window: Any, period: str) -> None:
    window.locator("#period", has_text=period).wait_for()


def test_it_opens_on_the_busiest_workers_month_of_today(still: Any, look: Any) -> None:
    window = look(still.url)
    ready(window, "November 2026")
    assert window.locator("#whose").inner_text() == "Aisha Rahman"
    assert window.locator("#today-date").inner_text() == "Monday 23 November 2026"
    assert window.locator("td.is-today .day-number").inner_text() == "23"


def test_picking_a_mailbox_shows_its_diary_alone(still: Any, look: Any) -> None:
    window = look(still.calendar("month"))
    ready(window, "November")
    window.get_by_role("link", name="Ben Okafor").click()
    window.locator("#whose", has_text="Ben Okafor").wait_for()
    window.locator(".entry").first.wait_for()
    assert subjects(window) == Counter(["Visit due Wed 25 Nov · U.V. 20808"])
    assert f"#/{BEN}/month/2026-11-23" in window.url


def test_a_week_shows_every_entry_of_its_days(still: Any, look: Any) -> None:
    window = look(still.calendar("week"))
    ready(window, "23–29 November 2026")
    shown = subjects(window)
    tenant = still.council.tenant
    from_state = Counter(
        item.props["subject"]
        for item in tenant.mailbox(AISHA).events.values()
        if date(2026, 11, 23)
        <= date.fromisoformat(item.props["start"]["dateTime"][:10])
        <= date(2026, 11, 29)
    )
    assert shown == from_state
    assert window.locator("[data-column='2026-11-26'] .allday .entry").count() == 2


def test_a_month_shows_three_a_day_and_says_how_many_more(still: Any, look: Any) -> None:
    window = look(still.calendar("month"))
    ready(window, "November")
    cell = window.locator("td", has=window.locator("[data-day='2026-11-25']"))
    assert cell.locator(".entry").count() == 3
    assert "5 entries" not in cell.locator(".day-number").get_attribute("aria-label")
    assert "4 entries" in cell.locator(".day-number").get_attribute("aria-label")
    cell.get_by_role("button", name="+1 more").click()
    ready(window, "Wednesday 25 November 2026")
    assert len(subjects(window)) == 4


def test_from_month_to_week_to_day_and_back_keeps_the_date(still: Any, look: Any) -> None:
    window = look(still.calendar("month", "2026-12-03"))
    ready(window, "December 2026")
    window.get_by_role("link", name="Week", exact=True).click()
    ready(window, "30 Nov – 6 Dec 2026")
    window.get_by_role("link", name="Day", exact=True).click()
    ready(window, "Thursday 3 December 2026")
    window.get_by_role("link", name="Next day in the diary").click()
    ready(window, "Friday 4 December 2026")
    window.go_back()
    ready(window, "Thursday 3 December 2026")
    window.get_by_role("link", name="Today", exact=True).click()
    ready(window, "Monday 23 November 2026")


def test_short_reminders_of_the_same_minute_can_all_be_read(still: Any, look: Any) -> None:
    window = look(still.calendar("week"))
    ready(window, "23–29")
    boxes = [one.bounding_box() for one in window.locator("[data-column='2026-11-23'] .hours .entry").all()]
    assert len(boxes) == 3
    boxes.sort(key=lambda box: box["y"])
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"] + 0.5
    assert all(box["width"] > 90 and box["height"] >= 30 for box in boxes)


def test_overlapping_meetings_stand_side_by_side(site: Any, look: Any) -> None:
    site.council.entry(AISHA, "Overlapping call", date(2026, 11, 26), "11:00", minutes=60, shows="busy")
    window = look(site.calendar("day", "2026-11-26"))
    ready(window, "Thursday 26 November")
    court, other = (
        window.locator(".entry", has_text=words).bounding_box() for words in ("Court", "Overlapping")
    )
    assert court["x"] + court["width"] <= other["x"] + 0.5
    assert court["height"] > 2 * other["height"]


def test_an_entrys_details_say_in_words_what_signs_and_colours_meant(still: Any, look: Any) -> None:
    window = look(still.calendar("month"))
    ready(window, "November")
    window.get_by_role("button", name=re.compile("3 days late")).click()
    dialog = window.get_by_role("dialog", name="3 days late · M.A. 20071")
    told = dialog.locator("dl").inner_text()
    for words in (
        "Monday 23 November 2026, 09:00 to 09:15",
        "CP visit due",
        "Free",
        "Yes:",
        "Rings at the start",
    ):
        assert words in told
    body = window.frame_locator("#details iframe")
    assert "See the child alone" in body.locator("body").inner_text()
    window.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    window.wait_for_url(lambda url: "/entry/" not in url)
    assert window.evaluate("document.activeElement.classList.contains('entry')")


def test_an_entry_has_an_address_of_its_own(still: Any, look: Any) -> None:
    window = look(f"{still.calendar('month')}/entry/{still.council.ids['Annual leave']}")
    told = window.get_by_role("dialog", name="Annual leave").locator("dl").inner_text()
    assert "Monday 21 December 2026 to Friday 25 December 2026, all day" in told
    assert "Out of office" in told
    assert "Categories" in told


def test_an_achieved_visit_has_a_tick_and_no_colour(still: Any, look: Any) -> None:
    window = look(still.calendar("month"))
    ready(window, "November")
    seen = window.locator(".entry", has_text="Seen Thu 19 Nov")
    assert seen.get_attribute("data-colour") == "none"
    assert seen.locator(".icon-tick").count() == 1
    assert window.locator(".entry", has_text="Court").locator(".icon-tick").count() == 0


def test_no_entry_says_its_category_by_colour_alone(still: Any, look: Any) -> None:
    window = look(still.calendar("week"))
    ready(window, "23–29")
    for entry in window.locator(".entry[data-colour]:not([data-colour='none'])").all():
        assert entry.locator(".mark").inner_text() in ("V", "CP", "T", "M")
        assert "Category" in entry.get_attribute("aria-label")
    legend = window.locator(".legend").inner_text()
    assert all(name in legend for name in ("Visit due", "CP visit due", "Type up", "Free", "Busy"))


def test_what_others_change_meanwhile_appears_by_itself(site: Any, look: Any) -> None:
    window = look(site.calendar("month"))
    ready(window, "November")
    site.council.entry(AISHA, "Came from elsewhere", date(2026, 11, 20))
    from bot.sandbox.tenant.record import Call

    site.council.tenant.record.add(Call("POST", "/v1.0/users/x/events", AISHA, 201, False, ""))
    window.locator(".entry", has_text="Came from elsewhere").wait_for()


@pytest.mark.parametrize(
    ("hash_", "words"),
    [
        ("#/nobody@x.example/month/2026-11-23", "nobody@x.example: there is no such mailbox."),
        (f"#/{AISHA}/month/2026-11-23/entry/AAkALgnotthere0000000000", "may have been removed"),
        (f"#/{AISHA}/mail/inbox/AAkALgnotthere0000000000", "may have been removed"),
    ],
)
def test_an_address_that_leads_nowhere_says_so(still: Any, look: Any, hash_: str, words: str) -> None:
    window = look(f"{still.url}/{hash_}")
    assert words in window.get_by_role("alert").inner_text()


@pytest.mark.parametrize(
    "day", ["2026-02-01", "2026-03-29", "2026-10-25", "2027-12-31", "2028-02-29", "nonsense"]
)
def test_any_month_can_be_shown(still: Any, look: Any, day: str) -> None:
    window = look(still.calendar("month", day))
    window.locator("#period").wait_for()
    shown = [one.get_attribute("data-day") for one in window.locator(".day-number").all()]
    days = [date.fromisoformat(one) for one in shown]
    assert days[0].weekday() == 0
    assert all((b - a).days == 1 for a, b in pairwise(days))
    wanted = date(2026, 11, 23) if day == "nonsense" else date.fromisoformat(day)
    month = [one for one in days if (one.year, one.month) == (wanted.year, wanted.month)]
    assert len(month) >= 28
    assert month[0].day == 1
    assert days[-1].weekday() == 6


def test_two_categories_that_begin_alike_have_marks_of_their_own(site: Any, look: Any) -> None:
    mailbox = site.council.tenant.mailbox(BEN)
    for name, colour in (("Visit", "preset3"), ("Visit (red)", "preset0"), ("Visitors", "preset7")):
        mailbox.add_category(name, colour)
        site.council.entry(BEN, name, date(2026, 11, 23), categories=(name,))
    window = look(site.calendar("day", who=BEN))
    ready(window, "Monday 23 November")
    assert sorted(window.locator(".hours .mark").all_inner_texts()) == ["V", "VR", "Vi"]
