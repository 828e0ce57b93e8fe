"""Every paper's page is fit to read: on a phone, in the dark, by a screen reader; and it asks for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.rendering.papers import sample
from bot.rendering.templates import TEMPLATES

pytestmark = pytest.mark.browser

TOO_WIDE = """() => [...document.querySelectorAll('main *, footer *')].filter(part => {
  const box = part.getBoundingClientRect();
  return box.width > 0 && box.right > document.documentElement.clientWidth + 0.5;
}).map(part => part.tagName + ' ' + part.textContent.trim().slice(0, 40))"""


@pytest.fixture(scope="module")
def pages() -> list[str]:
    """Of each kind of paper the fullest and the barest; agreements and diaries in large print too."""
    made = [render() for render in sample.renderings(TEMPLATES)]
    return [*made[:2], *made[4:6], *made[8:12], made[-5], made[-1]]


@pytest.fixture(scope="module")
def window(chromium: Any) -> Iterator[Any]:
    """One for them all: a paper has no script, and leaves nothing behind."""
    page = chromium.new_page()
    yield page
    page.close()


def opened(window: Any, html: str, width: int, scheme: str) -> Any:
    window.set_viewport_size({"width": width, "height": 900})
    window.emulate_media(color_scheme=scheme)
    window.set_content(html)
    return window


def test_axe_finds_nothing_in_a_paper(window: Any, pages: list[str]) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    ).Axe()
    for place, html in enumerate(pages):
        page = opened(window, html, 700, ("light", "dark")[place % 2])
        found = axe.run(page).response["violations"]
        assert [(rule["id"], node["html"][:120]) for rule in found for node in rule["nodes"]] == []


def test_a_paper_is_read_on_a_phone_without_scrolling_sideways(window: Any, pages: list[str]) -> None:
    """320 px; the large print too, which is what a wide screen shows at 400 % zoom."""
    for html in pages:
        page = opened(window, html, 320, "light")
        assert page.evaluate(TOO_WIDE) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_large_print_is_large_everywhere(window: Any, pages: list[str]) -> None:
    """16 points are 21 pixels; captions and notes included."""
    for html in pages:
        if '<html lang="en-GB" dir="ltr" class="large">' in html:
            page = opened(window, html, 900, "light")
            smallest = page.evaluate(
                "() => Math.min(...[...document.querySelectorAll('main *, footer *')]"
                ".filter(part => part.textContent.trim())"
                ".map(part => parseFloat(getComputedStyle(part).fontSize)))"
            )
            assert smallest >= 21


def test_a_paper_asks_nothing_of_the_network(window: Any, pages: list[str]) -> None:
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    for html in pages:
        window.set_content(html, wait_until="networkidle")
        assert [url for url in asked if not url.startswith(("data:", "about:"))] == []
