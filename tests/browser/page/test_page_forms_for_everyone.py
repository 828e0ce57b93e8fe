"""Every form and every state of acting serves everyone: axe, 320 pixels, the dark, the moment of the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest

AISHA, MANAGER = "a.rahman@northdale.example", "c.lindqvist@northdale.example"
pytestmark = pytest.mark.browser


def details(site: Any, subject: str = "3 days late · M.A. 20071") -> str:
    return f"{site.calendar('day')}/entry/{site.council.ids[subject]}"


def act(name: str) -> Any:
    def press(window: Any) -> None:
        window.locator(f"#details [data-act={name}]").click()
        window.locator("#details form").wait_for()

    return press


def away(window: Any) -> None:
    window.locator("#away").click()
    window.get_by_label("On between two times").check()
    window.get_by_label("Reply to people outside the organisation").check()


def refused(window: Any) -> None:
    act("edit")(window)
    window.get_by_label("Ends", exact=True).fill("2026-11-01")
    window.get_by_role("button", name="Save").click()
    window.locator("[aria-invalid]").first.wait_for()


def noticed(window: Any) -> None:
    window.locator(".entry:visible", has_text="Court").first.focus()
    window.keyboard.press("Shift+ArrowRight")
    window.locator(".notice").wait_for()


STATES = {
    "edit": ("entry", act("edit")),
    "move": ("entry", act("move")),
    "copy": ("entry", act("copy")),
    "categories": ("entry", act("categories")),
    "delete": ("entry", act("delete")),
    "refused": ("entry", refused),
    "new": ("week", lambda window: window.locator("#new").click()),
    "away": ("week", away),
    "keys": ("week", lambda window: window.locator("#keys").click()),
    "notice": ("week", noticed),
    "attachment": ("mail", lambda window: window.locator(".file").wait_for()),
}


def in_state(window: Any, site: Any, name: str) -> None:
    place, do = STATES[name]
    mail = f"{site.url}/#/{MANAGER}/mail/inbox/{site.council.ids['Team at a glance: 3 visits overdue']}"
    address = {"entry": details(site), "week": site.calendar("week"), "mail": mail}[place]
    window.goto(address.replace("/#", f"/?{name}#"))  # anew, and not only to another part of the same page
    window.locator(
        {"entry": "#details .facts", "week": ".entry:visible", "mail": ".file"}[place]
    ).first.wait_for()
    do(window)
    window.wait_for_timeout(200)


TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll('dialog[open], dialog[open] *')]
  .filter(one => one.tagName !== 'IFRAME' && one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).overflowX !== 'visible' && !one.matches('.unseen, input, .said'))
  .map(one => one.className || one.tagName)"""


@pytest.mark.parametrize(
    ("width", "height", "dark"), [(1280, 900, False), (1280, 900, True), (320, 640, False)]
)
def test_while_acting_axe_finds_nothing_and_no_form_scrolls_sideways(
    site: Any, look: Any, axe_on: Any, width: int, height: int, dark: bool
) -> None:
    window = look("about:blank", dark=dark, width=width, height=height, bypass_csp=True)
    found, too_wide = {}, {}
    for name in STATES:
        in_state(window, site, name)
        found[name] = axe_on(window, only_colours=dark)
        too_wide[name] = window.evaluate(TOO_WIDE)
        assert window.evaluate("document.documentElement.scrollWidth") <= width, name
    assert {name: told for name, told in found.items() if told} == {}
    assert {name: told for name, told in too_wide.items() if told} == {}


def test_at_320_an_entry_is_moved_without_dragging(site: Any, look: Any) -> None:
    window = look(site.calendar("week"), width=320, height=640)
    window.locator(".entry:visible", has_text="Court").first.click()
    window.locator("#details [data-act=move]").click()
    window.get_by_label("Day", exact=True).fill("2026-11-25")
    window.get_by_role("button", name="Move").click()
    window.locator(".notice", has_text="moved to Wed 25 Nov, 09:30").wait_for()
    assert window.locator("[data-column='2026-11-25'] .entry", has_text="Court").count() == 1


def test_coloured_words_stand_on_the_readers_own_paper_in_the_dark(site: Any, look: Any) -> None:
    body = '<p style="color:#7a1a1f">Overdue</p>'
    id_ = site.council.entry(AISHA, "Coloured", date(2026, 11, 25), body=body)
    window = look(f"{site.calendar('week')}/entry/{id_}", dark=True)
    frame = window.frame_locator("#details iframe")
    frame.get_by_text("Overdue").wait_for()
    assert frame.locator("html").evaluate("(root) => getComputedStyle(root).colorScheme") == "light dark"
    shot = window.locator("#details .paper").screenshot()
    light, dark = brightness(window, shot)
    assert dark < 60  # the paper is the dialog's own
    assert light > 150  # and the words can be read on it


def brightness(window: Any, shot: bytes) -> tuple[float, float]:
    """The lightest and the commonest brightness of a picture, 0 to 255."""
    import base64

    told = window.context.new_page()
    found = told.evaluate(
        """async (data) => { const image = new Image(); image.src = data; await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0); const { data: all } = pen.getImageData(0, 0, image.width, image.height);
        const counts = new Array(256).fill(0); let most = 0;
        for (let n = 0; n < all.length; n += 4) {
          const light = Math.round(0.21 * all[n] + 0.72 * all[n + 1] + 0.07 * all[n + 2]);
          counts[light] += 1; most = Math.max(most, light); }
        return [most, counts.indexOf(Math.max(...counts))] }""",
        "data:image/png;base64," + base64.b64encode(shot).decode(),
    )
    told.close()
    return found[0], found[1]


def test_the_moment_it_is_stands_as_a_line_in_today(site: Any, look: Any) -> None:
    clock = site.council.tenant.clock
    clock.shift += datetime(2026, 11, 23, 11, 30, tzinfo=UTC) - clock.now()
    window = look(site.calendar("week"))
    line = window.locator(".now-line")
    line.wait_for(state="attached")
    assert window.locator(".now-line").count() == 1
    box = window.locator("[data-column='2026-11-23'] .now-line").bounding_box()
    hours = [
        window.locator(".gutter-hours span", has_text=words).bounding_box() for words in ("11:00", "12:00")
    ]
    middles = [one["y"] + one["height"] / 2 for one in hours]
    assert middles[0] + 10 < box["y"] < middles[1] - 10


def test_what_goes_over_several_days_is_one_bar_said_once(still: Any, look: Any) -> None:
    window = look(still.calendar("week", "2026-12-21"))
    bars = window.locator(".allday .entry", has_text="Annual leave")
    bars.first.wait_for()
    boxes = [one.bounding_box() for one in bars.all()]
    assert len(boxes) == 5
    for before, after in pairwise(boxes):
        assert abs(before["x"] + before["width"] - after["x"]) < 2
        assert before["y"] == after["y"]
    is_seen = "(it) => getComputedStyle(it).visibility === 'visible'"
    said = [one for one in bars.locator(".entry-words").all() if one.evaluate(is_seen)]
    assert len(said) == 1
    assert all(one.get_attribute("aria-label") for one in bars.all())
