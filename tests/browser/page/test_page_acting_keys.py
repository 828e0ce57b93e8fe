"""Acting in a diary without a pointer: every act that dragging does can be done from the keyboard."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

AISHA = "a.rahman@northdale.example"
ALWAYS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))
COURT, CORE = "Court", "Core group, Elm Road"
pytestmark = pytest.mark.browser


def starts(site: Any, subject: str) -> list[str]:
    found = site.council.tenant.events_between(AISHA, *ALWAYS)
    return sorted(one["start"]["dateTime"][:16] for one in found if one["subject"] == subject)


def focused(look: Any, site: Any, view: str, words: str, day: str = "2026-11-23") -> Any:
    window = look(site.calendar(view, day))
    here = window.locator("#main .entry:visible", has_text=words).first
    here.wait_for()
    here.focus()
    return window


def on(window: Any, words: str) -> bool:
    """Whether the focus is on the entry."""
    text: str = window.evaluate("document.activeElement.textContent")
    return words in text


def told(window: Any, words: str) -> None:
    window.locator(".notice", has_text=words).wait_for()


def test_shift_and_arrows_move_an_entry_through_the_month(site: Any, look: Any) -> None:
    window = focused(look, site, "month", CORE)
    steps = {"Right": "Wed 25 Nov", "Up": "Wed 18 Nov", "Left": "Tue 17 Nov", "Down": "Tue 24 Nov"}
    for key, where in steps.items():
        window.keyboard.press(f"Shift+Arrow{key}")
        told(window, f"moved to {where}, 10:30")
        assert on(window, CORE)
    assert starts(site, CORE) == ["2026-11-24T10:30"]


def test_shift_and_arrows_move_an_entry_by_days_and_quarters_of_an_hour(site: Any, look: Any) -> None:
    window = focused(look, site, "week", CORE)
    steps = {"Down": "Tue 24 Nov, 10:45", "Right": "Wed 25 Nov, 10:45", "Up": "Wed 25 Nov, 10:30"}
    for key, where in steps.items():
        window.keyboard.press(f"Shift+Arrow{key}")
        told(window, f"moved to {where}")
        assert on(window, CORE)
    assert starts(site, CORE) == ["2026-11-25T10:30"]


def test_a_hurried_hand_loses_no_step(site: Any, look: Any) -> None:
    window = focused(look, site, "day", COURT, "2026-11-26")
    for _ in range(4):
        window.keyboard.press("Shift+ArrowDown")
    told(window, "10:30")
    assert starts(site, COURT) == ["2026-11-26T10:30"]
    assert on(window, COURT)


def test_ctrl_z_takes_back_the_last_step(site: Any, look: Any) -> None:
    window = focused(look, site, "week", COURT)
    window.keyboard.press("Shift+ArrowRight")
    told(window, "moved to Fri 27 Nov")
    window.keyboard.press("Control+z")
    told(window, "is as it was")
    assert starts(site, COURT) == ["2026-11-26T09:30"]


def test_an_entry_is_copied_to_the_day_that_has_the_focus(site: Any, look: Any) -> None:
    site.council.entry(AISHA, "Tagged", date(2026, 11, 24), "15:00", tags={"Key": "ab12"})
    window = focused(look, site, "month", "Tagged")
    window.keyboard.press("Control+c")
    window.locator("[data-day='2026-11-20']").focus()
    window.keyboard.press("Control+v")
    told(window, "copied to Fri 20 Nov, 15:00")
    assert starts(site, "Tagged") == ["2026-11-20T15:00", "2026-11-24T15:00"]
    copies = [
        dict(item.extended) for item in site.council.tenant.mailbox(AISHA).events.values() if item.extended
    ]
    assert len(copies) == 2
    assert copies[0] == copies[1]


def test_delete_asks_first_and_gives_the_focus_to_the_day(site: Any, look: Any) -> None:
    window = focused(look, site, "week", COURT)
    window.keyboard.press("Delete")
    window.get_by_role("dialog", name="Delete “Court”").wait_for()
    window.keyboard.press("Escape")
    window.get_by_role("dialog").wait_for(state="hidden")
    assert starts(site, COURT) == ["2026-11-26T09:30"]
    assert on(window, COURT)
    window.keyboard.press("Delete")
    window.get_by_role("button", name="Delete").wait_for()
    window.keyboard.press("Enter")
    told(window, "deleted")
    assert starts(site, COURT) == []
    assert window.evaluate("document.activeElement.dataset.day") == "2026-11-26"


def test_f2_retitles_an_entry_and_enter_saves_it(site: Any, look: Any) -> None:
    window = focused(look, site, "week", COURT)
    window.keyboard.press("F2")
    dialog = window.get_by_role("dialog", name="Edit “Court”")
    dialog.get_by_label("Title").wait_for()
    window.keyboard.press("Control+a")
    window.keyboard.type("Crown Court")
    window.keyboard.press("Enter")
    told(window, "changed")
    assert starts(site, "Crown Court") == ["2026-11-26T09:30"]
    assert on(window, "Crown Court")


def test_escape_in_a_form_goes_back_to_the_entry_and_then_to_the_diary(site: Any, look: Any) -> None:
    window = focused(look, site, "week", COURT)
    window.keyboard.press("Enter")
    window.locator("#details [data-act=move]").focus()
    window.keyboard.press("Enter")
    window.get_by_role("dialog", name="Move “Court”").wait_for()
    window.keyboard.press("Escape")
    window.locator("#details .facts").wait_for()
    assert window.evaluate("document.activeElement.dataset.act") == "move"
    window.keyboard.press("Escape")
    window.get_by_role("dialog").wait_for(state="hidden")
    assert on(window, COURT)


def test_everything_in_a_form_is_reached_by_tab_and_nothing_behind_it(site: Any, look: Any) -> None:
    window = focused(look, site, "week", COURT)
    window.keyboard.press("F2")
    window.locator("#details form").wait_for()
    reached = set()
    for _ in range(45):
        inside, name = window.evaluate(
            """() => { const at = document.activeElement;
            return [at === document.body || at.closest('#details') !== null,
                    at.dataset.field ?? at.closest('label, fieldset')?.textContent ?? at.textContent] }"""
        )
        assert inside
        reached.add(name.strip())
        window.keyboard.press("Tab")
    for wanted in ("subject", "starts", "ends", "showAs", "reminder", "place", "Save", "Cancel", "All day"):
        assert wanted in reached


def test_the_keys_are_told(still: Any, look: Any) -> None:
    window = look(still.calendar("week"))
    window.locator("#keys").click()
    words = window.get_by_role("dialog", name="Keys").inner_text()
    for key in ("Shift + arrow keys", "Ctrl + C", "Delete", "F2", "Ctrl + Z", "drag an entry"):
        assert key in words
