"""Makes the pictures of the README: runs the demo in a folder of its own and photographs its page.

    .venv/bin/python docs/make_pictures.py

Needs Chromium (Debian: apt-get install chromium) and the tests' dependencies.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

REPO = Path(__file__).resolve().parents[1]
PICTURES = REPO / "docs" / "pictures"
DAY = "2026-11-23"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)


def main() -> None:
    """Run the demo, photograph a month, a Monday list and a manager's digest."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not on this machine: apt-get install chromium, and run this again.")
    PICTURES.mkdir(exist_ok=True)
    bot = [sys.executable, str(REPO / "run_bot.py")]
    with tempfile.TemporaryDirectory() as folder:
        state = str(Path(folder) / "demo")
        subprocess.run([*bot, "demo", "--state", state, "--today", DAY, "--exit"], check=True)  # noqa: S603
        serving = subprocess.Popen(  # noqa: S603
            [*bot, "sandbox", "--state", state, "--port", "0"], stdout=subprocess.PIPE, text=True, bufsize=1
        )
        try:
            photograph(_address(serving), chromium)
        finally:
            serving.terminate()
            serving.wait(10)


def _address(serving: subprocess.Popen[str]) -> str:
    for line in serving.stdout or ():
        if found := re.search(r"http://\S+", line):
            return found[0].rstrip("/")
    sys.exit("The page did not start.")


def photograph(page_url: str, chromium: str) -> None:
    """Take the pictures: one page each, as a person would see it."""
    people = _json(f"{page_url}/api/people")["people"]
    worker = max((one for one in people if one["group"] == "workers"), key=lambda one: one["entries"])["email"]
    manager = next(one for one in people if one["group"] == "managers" and one["unread"])["email"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1280, "height": 860}, device_scale_factor=1.5)
        views = {
            "month": f"{worker}/month/{DAY}",
            "week": f"{worker}/week/{DAY}",
            "worker-list": f"{worker}/mail/inbox",
            "manager-digest": f"{manager}/mail/inbox",
        }
        for name, view in views.items():
            page.goto(f"{page_url}/#/{view}")
            page.reload()
            page.wait_for_load_state("networkidle")
            if "mail" in view:
                page.locator("[data-message], .mail-row, main li a, main li button").first.click()
                page.wait_for_timeout(800)
            page.wait_for_timeout(400)
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


def _json(url: str) -> dict[str, list[dict[str, object]]]:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - our own page on this machine
        found: dict[str, list[dict[str, object]]] = json.load(answer)
        return found


if __name__ == "__main__":
    main()
