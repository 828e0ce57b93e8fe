"""Every mail is fit to read: on a phone, in the dark, at twice the size, and by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.browser
PHONE, PANE = 320, 700
SCHEMES = ("light", "dark")

OVERFLOWING = """() => [...document.querySelectorAll('body *')].filter(part => {
  const box = part.getBoundingClientRect();
  return box.width > 0 && box.right > document.documentElement.clientWidth + 0.5;
}).map(part => part.tagName + ' ' + part.textContent.trim().slice(0, 40))"""

# WCAG's contrast of each piece of text with what lies behind it.
CONTRASTS = """() => {
  const light = rgb => { const [r, g, b] = rgb.map(v => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const parts = css => css.match(/[\\d.]+/g).map(Number);
  const behind = part => { for (let at = part; at; at = at.parentElement) {
    const colour = parts(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3); }
    return [255, 255, 255]; };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const part = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || part.closest('.preheader, style')) continue;
    const [a, b] = [light(parts(getComputedStyle(part).color).slice(0, 3)), light(behind(part))];
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), walker.currentNode.textContent.trim()]);
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


def shown(
    chromium: Any, mails: dict[str, str], width: int, scheme: str = "light", *, scale: int = 1
) -> Iterator[tuple[str, Any]]:
    """Each mail in one window, one after the other."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, device_scale_factor=scale
    )
    window = context.new_page()
    try:
        for name, html in mails.items():
            window.set_content(html, wait_until="domcontentloaded")
            yield name, window
    finally:
        context.close()


def fits(window: Any, width: int) -> list[str]:
    """What stands out on the right; the page itself, where it has to be scrolled."""
    wide = window.evaluate("document.documentElement.scrollWidth")
    return [*window.evaluate(OVERFLOWING), *([f"the page: {wide}"] if wide > width else [])]


def too_faint(window: Any) -> list[tuple[float, str]]:
    contrasts = window.evaluate(CONTRASTS)
    assert len(contrasts) > 8
    return [(round(ratio, 1), text) for ratio, text in contrasts if ratio < 4.5]


def test_nothing_has_to_be_scrolled_sideways_on_a_phone(chromium: Any, mail_pages: dict[str, str]) -> None:
    """320 px is also what a wide screen shows at 400 % zoom."""
    for name, window in shown(chromium, mail_pages, PHONE):
        assert fits(window, PHONE) == [], name


def test_at_twice_the_size_nothing_has_to_be_scrolled_sideways(
    chromium: Any, mail_pages: dict[str, str]
) -> None:
    """200 % zoom of a pane of 700 px: half as many pixels, each twice as large."""
    for name, window in shown(chromium, mail_pages, PANE // 2, scale=2):
        assert fits(window, PANE // 2) == [], name


def test_with_letters_twice_as_large_nothing_is_cut_off(chromium: Any, mail_pages: dict[str, str]) -> None:
    """Letters alone, as some mail programs do it (WCAG 1.4.4)."""
    for name, window in shown(chromium, mail_pages, PANE):
        window.evaluate(TWICE_AS_LARGE)
        assert window.evaluate(CUT_OFF) == [], name


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_word_stands_out_and_axe_finds_nothing(
    chromium: Any, mail_pages: dict[str, str], scheme: str
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    ).Axe()
    for name, window in shown(chromium, mail_pages, PANE, scheme):
        assert fits(window, PANE) == [], name
        assert too_faint(window) == [], name
        back = window.evaluate("getComputedStyle(document.body).backgroundColor")
        assert back == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 25, 28)"}[scheme], name
        found = axe.run(window).response["violations"]
        assert [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]] == [], name


def test_outlooks_own_dark_leaves_every_word_readable(chromium: Any, mail_pages: dict[str, str]) -> None:
    """Outlook.com recolours a mail and marks that it did; what mail-dark.css says of those marks holds."""
    for name, window in shown(chromium, mail_pages, PANE):
        window.evaluate(OUTLOOKS_DARK)
        assert too_faint(window) == [], name


def test_it_is_read_aloud_in_the_order_in_which_it_stands(chromium: Any, mail_pages: dict[str, str]) -> None:
    """Nothing is moved by a style: what comes later in the page stands lower."""
    for name, window in shown(chromium, mail_pages, PANE):
        tops = window.evaluate(
            "() => [...document.querySelectorAll('h1, h2, h3, h4, p, caption, img')]"
            ".filter(part => !part.closest('.preheader')).map(part => part.getBoundingClientRect().top)"
        )
        assert tops == sorted(tops), name


def test_a_mail_asks_nothing_of_the_network(chromium: Any, mail_pages: dict[str, str]) -> None:
    asked: list[str] = []
    page = chromium.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for html in mail_pages.values():
        page.set_content(html, wait_until="load")
    assert [url for url in asked if not url.startswith(("data:", "about:"))] == []
    page.close()
