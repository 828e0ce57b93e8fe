"""One browser for every test that looks at something: two at once cannot live in one process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--process-per-site",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright")
    if not CHROMIUM:
        pytest.skip("needs Chromium (Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Windows:
    """Windows of one kind, each of them new: what they share is a process that is already warm.

    Half of what a look at a page costs is the start of a process for it. One window that stays open on the
    tests' own machine keeps that process; what a page could leave to the next is told at its end.
    """

    def __init__(self, chromium: Any, kind: dict[str, Any]) -> None:
        self.context = chromium.new_context(**kind)
        self._stays = self.context.new_page()
        self._stays.route("**", lambda route: route.fulfill(body="", content_type="text/html"))
        self._stays.goto("http://127.0.0.1/")

    def close_all(self) -> list[str]:
        """Closes what is open; what their pages had kept in the browser."""
        kept = []
        for window in self.context.pages:
            if window is not self._stays:
                if window.url.startswith("http"):
                    kept += [f"{window.url} kept {one}" for one in window.evaluate(KEPT)]
                window.close()
        self.context.clear_cookies()
        return kept


KEPT = "[document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(Boolean)"


@pytest.fixture(scope="session")
def windows(chromium: Any) -> Iterator[Callable[[dict[str, Any]], Windows]]:
    kinds: dict[str, Windows] = {}

    def of_kind(kind: dict[str, Any]) -> Windows:
        name = str(sorted(kind.items()))
        if name not in kinds:
            kinds[name] = Windows(chromium, kind)
        return kinds[name]

    yield of_kind
    for one in kinds.values():
        one.context.close()


@pytest.fixture
def look(windows: Callable[[dict[str, Any]], Windows]) -> Iterator[Callable[..., Any]]:
    """Opens a browser window; whatever the page complains about fails the test, and whatever it keeps."""
    used: list[Windows] = []
    complaints: list[str] = []

    def make(url: str, *, width: int = 1280, height: int = 900, dark: bool = False, **more: Any) -> Any:
        kind = windows(more)
        used.append(kind)
        window = kind.context.new_page()
        window.set_viewport_size({"width": width, "height": height})
        window.emulate_media(color_scheme="dark" if dark else "light")
        window.set_default_timeout(8000)
        window.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        window.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        window.goto(url)
        return window

    yield make
    for kind in used:
        complaints += kind.close_all()
    assert complaints == []
