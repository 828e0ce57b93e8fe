"""Every mail is fit to read: on a phone, in the dark, at twice the size, and by a screen reader."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser
WIDTHS = (320, 700)
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


def opened(chromium: Any, html: str, width: int, scheme: str) -> Any:
    page = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.set_content(html)
    return page


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_has_to_be_scrolled_sideways(
    chromium: Any, mail_pages: dict[str, str], width: int, scheme: str
) -> None:
    """320 px is also what a wide screen shows at 400 % zoom."""
    for name, html in mail_pages.items():
        page = opened(chromium, html, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(OVERFLOWING) == [], name
        page.context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_word_stands_out_from_what_lies_behind_it(
    chromium: Any, mail_pages: dict[str, str], scheme: str
) -> None:
    for name, html in mail_pages.items():
        page = opened(chromium, html, 700, scheme)
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) > 10, name
        assert [(round(ratio, 1), text) for ratio, text in contrasts if ratio < 4.5] == [], name
        page.context.close()


def test_the_dark_is_dark(chromium: Any, mail_pages: dict[str, str]) -> None:
    for name, html in mail_pages.items():
        page = opened(chromium, html, 700, "dark")
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert back == "rgb(20, 25, 28)", name
        page.context.close()


def test_a_mail_asks_nothing_of_the_network(chromium: Any, mail_pages: dict[str, str]) -> None:
    for name, html in mail_pages.items():
        page = chromium.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.set_content(html, wait_until="networkidle")
        assert [url for url in asked if not url.startswith(("data:", "about:"))] == [], name
        page.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(chromium: Any, mail_pages: dict[str, str], scheme: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    ).Axe()
    for name, html in mail_pages.items():
        page = opened(chromium, html, 700, scheme)
        found = axe.run(page).response["violations"]
        told = [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]]
        assert told == [], name
        page.context.close()
