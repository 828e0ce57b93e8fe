"""Makes the pictures of the README: runs the demo in a folder of its own and photographs its page.

    .venv/bin/python docs/make_pictures.py

Needs Chromium (Debian: apt-get install chromium) and the tests' dependencies.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

REPO = Path(__file__).resolve().parents[1]
PICTURES = REPO / "docs" / "pictures"
DAY = "2026-11-02"  # the month's first Monday: its page is full
LATER = "2026-11-16"  # two weeks on, most visits made and recorded
PACKS = "visiting-policy,cp-statutory-visits,measures-of-practice"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync --lang=en-GB"
)


def main() -> None:
    """Run the demo, photograph diaries, the log, a Monday list and a manager's digest."""
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
            page_url = _address(serving)
            _make_visits(bot, Path(state) / "caseload")
            photograph(page_url, chromium)
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
    workers = [one for one in people if one["group"] == "workers"]
    worker = sorted(workers, key=lambda one: one["entries"])[len(workers) // 2]["mail"]
    manager = next(one["mail"] for one in people if one["group"] == "managers" and one["inbox"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")
        page.goto(page_url)
        _run_on(page)
        views = {
            "month": f"{worker}/month/{LATER}",
            "week": f"{worker}/week/{LATER}",
            "worker-list": f"{worker}/mail/inbox/{_newest(page_url, worker)}",
            "manager-digest": f"{manager}/mail/inbox/{_newest(page_url, manager)}",
        }
        for name, view in views.items():
            page.goto(f"{page_url}/#/{view}")
            page.reload()
            page.wait_for_load_state("networkidle")
            page.set_viewport_size({"width": 1280, "height": 1120 if name == "month" else 860})
            page.wait_for_timeout(800)
            page.screenshot(path=PICTURES / f"{name}.png")
        _log(page, f"{page_url}/#/{worker}/week/{LATER}")
        browser.close()


def _log(page: Page, diary: str) -> None:
    """Record a visit from its entry and run the bot: what it changed, and why."""
    page.goto(diary)
    page.reload()
    page.locator(".entry:has-text('Visit')").first.click()
    page.get_by_role("button", name="Record this visit").click()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("button", name="Run the bot now").click()
    page.locator("#changes .lines").first.wait_for(timeout=60_000)
    page.wait_for_timeout(800)
    page.screenshot(path=PICTURES / "log.png")


def _make_visits(bot: list[str], caseload: Path) -> None:
    """Let the team make nine in ten of the visits that fall due, so that achieved entries are seen."""
    asked = [*bot, "due", "--caseload", str(caseload), "--rules", PACKS, "--today", DAY, "--json"]
    owed = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    file = caseload / "visits.csv"
    with file.open(encoding="utf-8-sig", newline="") as opened:
        fields = list(csv.DictReader(opened).fieldnames or ())
    yes = ("seen", "seen_alone", "awake", "observed", "at_home", "bedroom_seen", "announced")
    with file.open("a", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, fields, restval="")
        for number, one in enumerate(one for one in owed if one["kind"] == "visit"):
            if DAY <= one["due"] < LATER and number % 10:
                made = {"visit_id": f"P{number}", "child_id": one["child_id"], "worker_id": one["worker_id"]}
                when = {"at": f"{one['act_by']}T10:30", "finalised_at": f"{one['act_by']}T16:00"}
                writer.writerow(made | when | {"status": "completed"} | dict.fromkeys(yes, "yes"))


def _run_on(page: Page) -> None:
    """Set the date forward on the page and wait until the bot has run."""
    post = "{method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({to})}"
    page.evaluate(f"to => fetch('api/runs', {post}).then(answer => answer.status)", LATER)
    until = time.monotonic() + 60
    while _json(f"{page.url.split('#')[0]}api/runs/progress")["goingTo"] and time.monotonic() < until:
        time.sleep(0.2)


def _newest(page_url: str, who: str) -> str:
    return _json(f"{page_url}/api/mailboxes/{who}/messages?folder=inbox")["messages"][0]["id"]


def _json(url: str) -> dict[str, list[dict[str, Any]]]:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - our own page on this machine
        found: dict[str, list[dict[str, Any]]] = json.load(answer)
        return found


if __name__ == "__main__":
    main()
