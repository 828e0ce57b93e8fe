"""Nothing on the page jumps while it loads, and a diary begins high up, whatever the window's width."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from pagekit.demo import Demo, demo_on

START = date(2026, 11, 23)
pytestmark = pytest.mark.browser

SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.value);
}).observe({ type: 'layout-shift', buffered: true });"""
TOP = "document.querySelector('.month, .days').getBoundingClientRect().top"
ROWS = "[...document.querySelectorAll('.top > *')].map((one) => one.getBoundingClientRect())"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo_on(tmp_path_factory.mktemp("team") / "demo", START) as served:
        yield served


def worker_of(team: Demo) -> str:
    workers = [one for one in team.page("people")["people"] if one["group"] == "workers"]
    return str(max(workers, key=lambda one: one["entries"])["mail"])


def shift_of(window: Any, address: str) -> float:
    """How much moved by itself from the first drawing until nothing more came."""
    window.goto(address)
    window.locator("[data-desk=visit]").first.wait_for(state="attached", timeout=20_000)
    window.locator(".day-number").first.wait_for()
    window.wait_for_timeout(300)
    moved: float = window.evaluate("window.shifts.reduce((sum, one) => sum + one, 0)")
    return moved


@pytest.mark.parametrize("slow", [0, 1.5], ids=["prompt", "slow"])
@pytest.mark.parametrize("width", [1280, 1000, 700, 320])
def test_nothing_jumps_while_a_workers_month_loads(team: Demo, look: Any, width: int, slow: float) -> None:
    window = look("about:blank", width=width, height=860)
    window.add_init_script(SHIFTS)
    window.route("**/desk", lambda route: (time.sleep(slow), route.continue_()))
    assert shift_of(window, f"{team.url}/#/{worker_of(team)}/month/{START}") < 0.01


@pytest.mark.parametrize(("width", "height", "most"), [(1280, 860, 224), (1100, 860, 224), (320, 700, 332)])
@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_a_diary_begins_high_up(team: Demo, look: Any, width: int, height: int, most: int, view: str) -> None:
    window = look(f"{team.url}/#/{worker_of(team)}/{view}/{START}", width=width, height=height)
    window.locator("[data-desk=visit]").first.wait_for(state="attached", timeout=20_000)
    window.locator(".month, .days").wait_for()
    assert window.evaluate(TOP) <= most
    assert window.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1100, 1200, 1280, 1440, 1920])
def test_brand_day_and_runs_share_one_row(team: Demo, look: Any, width: int) -> None:
    window = look(f"{team.url}/#/{worker_of(team)}/month/2026-09-23", width=width)
    window.locator("#show-changes").wait_for()
    boxes = window.evaluate(ROWS)
    middles = [one["top"] + one["height"] / 2 for one in boxes]
    assert max(middles) - min(middles) < 1
    assert max(one["height"] for one in boxes) < 56
    assert all(left["right"] <= right["left"] for left, right in pairwise(boxes))


def test_on_a_narrow_page_the_desk_is_a_menu_that_escape_closes(team: Demo, look: Any) -> None:
    window = look(f"{team.url}/#/{worker_of(team)}/month/{START}", width=320, height=700)
    menu, record = window.locator("#desk-menu"), window.locator("[data-desk=visit]")
    menu.wait_for(timeout=20_000)
    assert not record.is_visible()
    menu.focus()
    window.keyboard.press("Enter")
    assert window.evaluate("document.activeElement.dataset.desk") == "visit"
    window.keyboard.press("Escape")
    assert not record.is_visible()
    assert window.evaluate("document.activeElement.id") == "desk-menu"
    menu.click()
    window.locator("#brand").click()
    assert not record.is_visible()
    menu.click()
    record.click()
    window.locator("#sheet form").wait_for()
    assert not record.is_visible()
    window.keyboard.press("Escape")
    window.locator("#sheet").wait_for(state="hidden")
    assert window.evaluate("document.activeElement.id") == "desk-menu"
