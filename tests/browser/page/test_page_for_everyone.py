"""By keyboard, at 320 pixels, at twice the size, in the light and in the dark: the page serves everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

AISHA = "a.rahman@northdale.example"
pytestmark = pytest.mark.browser


def places(site: Any) -> dict[str, str]:
    ids = site.council.ids
    return {
        "month": site.calendar("month"),
        "week": site.calendar("week"),
        "day": site.calendar("day"),
        "details": f"{site.calendar('month')}/entry/{ids['3 days late · M.A. 20071']}",
        "mail": f"{site.url}/#/{AISHA}/mail/inbox/{ids['Your visits: 2 overdue, 4 this week']}",
    }


def settled(window: Any, place: str) -> None:
    wanted = {"details": "#details .facts", "mail": ".reading iframe"}.get(place, ".entry:visible")
    window.locator(wanted).first.wait_for()
    window.wait_for_timeout(60)


def focused_day(window: Any) -> str | None:
    day: str | None = window.evaluate("document.activeElement.dataset.day ?? null")
    return day


def walk(window: Any, addresses: dict[str, str]) -> Iterator[str]:
    """Goes to each place in one window, as a person would."""
    for place, address in addresses.items():
        window.goto(address)
        settled(window, place)
        yield place


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (320, False)])
def test_axe_finds_nothing(still: Any, look: Any, axe_on: Any, width: int, dark: bool) -> None:
    window = look("about:blank", dark=dark, width=width, bypass_csp=True)
    found = {place: axe_on(window, only_colours=dark) for place in walk(window, places(still))}
    assert len(found) == 5
    assert {place: told for place, told in found.items() if told} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_what_changed(site: Any, look: Any, axe_on: Any, dark: bool) -> None:
    window = look(site.calendar("month"), dark=dark, bypass_csp=True)
    window.get_by_role("button", name="Next day").click()
    window.locator("#changes .why").first.wait_for()
    assert axe_on(window, only_colours=dark) == []


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_scrolls_sideways(still: Any, look: Any, width: int) -> None:
    window = look("about:blank", width=width, height=700)
    wide = "document.documentElement.scrollWidth"
    too_wide = [place for place in walk(window, places(still)) if window.evaluate(wide) > width]
    assert too_wide == []


def test_at_320_a_month_has_marks_and_the_days_entries_below(still: Any, look: Any) -> None:
    window = look(still.calendar("month"), width=320, height=700)
    settled(window, "month")
    window.get_by_role("button", name=re.compile("Thursday 26 November")).click()
    below = window.get_by_role("region", name="Thursday 26 November")
    assert below.locator(".entry").count() == 4
    assert window.locator("td", has=window.locator("[data-day='2026-11-26']")).locator(
        ".mark:visible"
    ).all_inner_texts() == ["V", "CP"]
    window.get_by_role("button", name="Mailbox: Aisha Rahman").click()
    window.get_by_role("link", name="Ben Okafor").click()
    window.locator("#whose", has_text="Ben Okafor").wait_for()
    assert not window.get_by_role("link", name="Aisha Rahman").is_visible()


def test_arrow_keys_walk_the_month(still: Any, look: Any) -> None:
    window = look(still.calendar("month"))
    settled(window, "month")
    window.locator("[data-day='2026-11-23']").focus()
    walked = []
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home"):
        window.keyboard.press(key)
        window.wait_for_timeout(120)
        walked.append(focused_day(window))
    assert walked == ["2026-11-24", "2026-12-01", "2026-11-30", "2026-11-23", "2026-11-29", "2026-11-23"]
    window.keyboard.press("PageDown")
    window.locator("#period", has_text="December 2026").wait_for()
    window.wait_for_function("document.activeElement.dataset.day === '2026-12-23'")
    assert "/month/2026-12-23" in window.url


def test_from_a_day_tab_goes_into_its_entries_and_enter_opens_one(still: Any, look: Any) -> None:
    window = look(still.calendar("month"))
    settled(window, "month")
    window.locator("[data-day='2026-11-23']").focus()
    window.keyboard.press("Tab")
    assert "day late" in window.evaluate("document.activeElement.textContent")
    window.keyboard.press("Enter")
    window.get_by_role("dialog").locator(".facts").wait_for()
    window.keyboard.press("Escape")
    window.get_by_role("dialog").wait_for(state="hidden")
    assert "day late" in window.evaluate("document.activeElement.textContent")


def test_arrow_keys_walk_the_week_and_its_entries(still: Any, look: Any) -> None:
    window = look(still.calendar("week"))
    settled(window, "week")
    window.locator("[data-day='2026-11-23']").focus()
    window.keyboard.press("ArrowRight")
    assert focused_day(window) == "2026-11-24"
    window.keyboard.press("ArrowDown")
    assert "09:00" in window.evaluate("document.activeElement.textContent")
    window.keyboard.press("Home")
    window.keyboard.press("ArrowLeft")
    window.keyboard.press("ArrowLeft")
    window.locator("#period", has_text="16–22 November 2026").wait_for()
    window.wait_for_function("document.activeElement.dataset.day === '2026-11-22'")


def test_everything_is_reached_by_tab_and_the_focus_is_seen(site: Any, look: Any) -> None:
    window = look(site.calendar("month"))
    settled(window, "month")
    reached = []
    for _ in range(40):
        window.keyboard.press("Tab")
        what = window.evaluate(
            """() => { const at = document.activeElement, style = getComputedStyle(at);
            const name = at.id || at.dataset.mail || at.dataset.view || at.dataset.day;
            const seen = style.outlineStyle !== 'none' || at === document.body;
            return [name || at.textContent.slice(0, 20), seen] }"""
        )
        assert what[1], f"no focus to be seen on {what[0]}"
        reached.append(what[0])
    for wanted in (
        "skip",
        "next-day",
        "next-week",
        "pick",
        "b.okafor@northdale.example",
        "week",
        "2026-11-23",
    ):
        assert wanted in reached


def test_the_skip_button_goes_past_the_mailboxes(still: Any, look: Any) -> None:
    window = look(still.calendar("month"))
    settled(window, "month")
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    assert window.evaluate("document.activeElement.id") == "main"
    assert "/month/" in window.url


def test_landmarks_and_one_heading_order(still: Any, look: Any) -> None:
    window = look(still.calendar("week"))
    settled(window, "week")
    for role in ("banner", "main"):
        assert window.get_by_role(role).count() == 1
    assert window.get_by_role("navigation", name="Mailboxes").count() == 1
    assert window.get_by_role("heading", level=1).all_inner_texts() == ["Aisha Rahman"]
    assert window.title() == "Aisha Rahman · Northdale diaries"
