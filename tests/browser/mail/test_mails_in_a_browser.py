"""Every mail is fit to read: on a phone, in the dark, at twice the size, and by a screen reader.

A mail is opened four times, and all that is to be seen of it is looked at each time: that is what costs. The
tests then say what must be so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

try:
    from axe_playwright_python.sync_playwright import Axe
except ImportError:  # the tests that need it say so
    Axe = None

pytestmark = pytest.mark.browser
PHONE, PANE = 320, 700
SCHEMES = ("light", "dark")

OVERFLOWING = """() => [...document.querySelectorAll('body *')].filter(part => {
  const box = part.getBoundingClientRect();
  return box.width > 0 && box.right > document.documentElement.clientWidth + 0.5;
}).map(part => part.tagName + ' ' + part.textContent.trim().slice(0, 40))"""

# WCAG's contrast of each piece of text with what lies behind it; of a picture, of the words in its place.
CONTRASTS = """() => {
  const light = rgb => { const [r, g, b] = rgb.map(v => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const parts = css => css.match(/[\\d.]+/g).map(Number);
  const behind = part => { for (let at = part; at; at = at.parentElement) {
    const colour = parts(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3); }
    return [255, 255, 255]; };
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const found = [...document.querySelectorAll('img')].map(one => [
    contrast(light(parts(getComputedStyle(one).color).slice(0, 3)), light(behind(one))), one.alt]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const part = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || part.closest('.preheader, style')) continue;
    const ink = light(parts(getComputedStyle(part).color).slice(0, 3));
    found.push([contrast(ink, light(behind(part))), walker.currentNode.textContent.trim()]);
  }
  return found;
}"""


CUT_OFF = """() => [...document.querySelectorAll('body *:not(.preheader)')].filter(part =>
  getComputedStyle(part).overflow !== 'visible' && part.scrollHeight > part.clientHeight + 1
  && part.textContent.trim()).map(part => part.tagName + ' ' + part.textContent.trim().slice(0, 40))"""

# What Outlook.com does to a mail in its dark: dark backgrounds, light letters, and marks where it did so.
OUTLOOKS_DARK = """() => {
  const parts = css => css.match(/[\\d.]+/g).map(Number);
  const lightness = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b) / 255;
  document.documentElement.style.backgroundColor = '#1f1f1f';
  const all = [...document.querySelectorAll('body, body *')];
  const was = all.map(part => [getComputedStyle(part).color, getComputedStyle(part).backgroundColor]);
  document.documentElement.setAttribute('data-ogsc', '');
  document.documentElement.setAttribute('data-ogsb', '');
  all.forEach((part, place) => {
    const [ink, paper] = was[place].map(parts);
    if (lightness(ink) < 0.6) part.style.setProperty('color', '#e8e8e8');
    if (paper.length < 4 || paper[3] > 0) {
      if (lightness(paper) > 0.5) part.style.setProperty('background-color', '#1f1f1f');
    }
  });
}"""

TWICE_AS_LARGE = """() => {
  const all = [...document.querySelectorAll('body, body *')];
  const was = all.map(part => parseFloat(getComputedStyle(part).fontSize));
  all.forEach((part, place) => part.style.setProperty('font-size', 2 * was[place] + 'px', 'important'));
}"""

TOPS = """() => [...document.querySelectorAll('h1, h2, h3, h4, p, caption, img')]
  .filter(part => !part.closest('.preheader')).map(part => part.getBoundingClientRect().top)"""

LEVELS = "() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(part => +part.tagName[1])"

# A picture without words, and a table that is neither for its place alone nor says what its columns are.
UNSAID = """() => [
  ...[...document.querySelectorAll('img')].filter(one => (one.getAttribute('alt') || '').trim().length < 20),
  ...[...document.querySelectorAll('table:not([role=presentation])')].filter(one =>
    !one.querySelector('caption') || !one.querySelector('th[scope=col]')
    || one.querySelector('th:not([scope])')),
].map(part => part.outerHTML.slice(0, 120))"""

HIDDEN_LINE = "() => document.querySelector('.preheader').getClientRects().length"


@dataclass
class Look:
    """All that was seen of one mail."""

    wide: dict[str, list[str]] = field(default_factory=dict)  # what stands out on the right, by window
    faint: dict[str, list[tuple[float, str]]] = field(default_factory=dict)  # below 4.5 : 1, by scheme
    back: dict[str, str] = field(default_factory=dict)
    axe: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    tops: list[float] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)  # of headings, in order
    unsaid: list[str] = field(default_factory=list)
    hidden_lines: int = 0  # of the line for phones, that show
    cut_off: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Looks:
    """Of every mail, by name; and what any of them asked the network for."""

    of: dict[str, Look]
    asked: list[str]


def shown(
    chromium: Any,
    mails: dict[str, str],
    asked: list[str],
    width: int,
    scheme: str = "light",
    *,
    scale: int = 1,
) -> Iterator[tuple[str, Any]]:
    """Each mail in one window, one after the other."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, device_scale_factor=scale
    )
    window = context.new_page()
    window.on("request", lambda request: asked.append(request.url))
    try:
        for name, html in mails.items():
            window.set_content(html, wait_until="load")
            yield name, window
    finally:
        context.close()


def too_wide(window: Any, width: int) -> list[str]:
    """What stands out on the right; the page itself, where it has to be scrolled."""
    wide = window.evaluate("document.documentElement.scrollWidth")
    return [*window.evaluate(OVERFLOWING), *([f"the page: {wide}"] if wide > width else [])]


def too_faint(window: Any) -> list[tuple[float, str]]:
    contrasts = window.evaluate(CONTRASTS)
    assert len(contrasts) > 8
    return [(round(ratio, 1), text) for ratio, text in contrasts if ratio < 4.5]


def axe_finds(window: Any, scheme: str) -> list[tuple[str, str]]:
    """In the dark only colours differ."""
    if Axe is None:
        return []
    rules = {"runOnly": ["color-contrast"]} if scheme == "dark" else None
    found = Axe().run(window, options=rules).response["violations"]
    return [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]]


@pytest.fixture(scope="module")
def looks(chromium: Any, mail_pages: dict[str, str]) -> Looks:
    seen, asked = {name: Look() for name in mail_pages}, list[str]()
    for name, window in shown(chromium, mail_pages, asked, PHONE):
        seen[name].wide["a phone"] = too_wide(window, PHONE)
    for name, window in shown(chromium, mail_pages, asked, PANE // 2, scale=2):
        seen[name].wide["200 % zoom"] = too_wide(window, PANE // 2)
    for scheme in SCHEMES:
        for name, window in shown(chromium, mail_pages, asked, PANE, scheme):
            look = seen[name]
            look.wide[scheme] = too_wide(window, PANE)
            look.faint[scheme] = too_faint(window)
            look.back[scheme] = window.evaluate("getComputedStyle(document.body).backgroundColor")
            look.axe[scheme] = axe_finds(window, scheme)
            if scheme == "light":
                look.tops, look.levels = window.evaluate(TOPS), window.evaluate(LEVELS)
                look.unsaid, look.hidden_lines = window.evaluate(UNSAID), window.evaluate(HIDDEN_LINE)
                window.evaluate(OUTLOOKS_DARK)
                look.faint["Outlook's own dark"] = too_faint(window)
                window.evaluate(TWICE_AS_LARGE)
                look.cut_off = window.evaluate(CUT_OFF)
    return Looks(seen, asked)


@pytest.mark.parametrize("window", ["a phone", "200 % zoom", *SCHEMES])
def test_nothing_has_to_be_scrolled_sideways(looks: Looks, window: str) -> None:
    """320 px is also what a wide screen shows at 400 % zoom; a pane of 700 px at 200 % shows 350."""
    assert {name: look.wide[window] for name, look in looks.of.items() if look.wide[window]} == {}


def test_with_letters_twice_as_large_nothing_is_cut_off(looks: Looks) -> None:
    """Letters alone, as some mail programs do it (WCAG 1.4.4)."""
    assert {name: look.cut_off for name, look in looks.of.items() if look.cut_off} == {}


@pytest.mark.parametrize("scheme", [*SCHEMES, "Outlook's own dark"])
def test_every_word_stands_out(looks: Looks, scheme: str) -> None:
    """Outlook.com recolours a mail and marks that it did; what mail-dark.css says of those marks holds."""
    assert {name: look.faint[scheme] for name, look in looks.of.items() if look.faint[scheme]} == {}


def test_who_reads_in_the_dark_is_not_dazzled(looks: Looks) -> None:
    wanted = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 25, 28)"}
    assert {name: look.back for name, look in looks.of.items() if look.back != wanted} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.skipif(Axe is None, reason="axe-playwright-python is not installed")
def test_axe_finds_nothing(looks: Looks, scheme: str) -> None:
    assert {name: look.axe[scheme] for name, look in looks.of.items() if look.axe[scheme]} == {}


def test_it_is_read_aloud_in_the_order_in_which_it_stands(looks: Looks) -> None:
    """Nothing is moved by a style: what comes later in the page stands lower."""
    for name, look in looks.of.items():
        assert look.tops == sorted(look.tops), name


def test_whoever_goes_from_heading_to_heading_misses_none(looks: Looks) -> None:
    """One first heading, the mail's own, and no level left out on the way down."""
    for name, look in looks.of.items():
        assert look.levels[0] == 1, name
        assert look.levels.count(1) == 1, name
        assert all(
            after - before <= 1 for before, after in zip(look.levels, look.levels[1:], strict=False)
        ), name


def test_whoever_sees_no_picture_is_told_what_it_shows(looks: Looks) -> None:
    """In words, not by a name; and every table is either for its place alone or says what its columns are."""
    assert {name: look.unsaid for name, look in looks.of.items() if look.unsaid} == {}


def test_the_line_for_phones_does_not_show_in_the_mail(looks: Looks) -> None:
    assert {name: look.hidden_lines for name, look in looks.of.items() if look.hidden_lines} == {}


def test_a_mail_asks_nothing_of_the_network(looks: Looks) -> None:
    assert [url for url in looks.asked if not url.startswith(("data:", "about:"))] == []
