"""A worker's month, played on the page of a real demo: the bot runs over real TLS, and after every step what
the page shows is what Graph answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pagekit.demo import Demo, Standing, demo_on, serve_again
from witness.watching import watched  # noqa: F401 - the whole month is heard

START = date(2026, 11, 2)  # a Monday
pytestmark = pytest.mark.browser

# Every entry that a week's view shows, where it stands and in which colour.
SHOWN = """() => [...document.querySelectorAll('[data-column]')].flatMap((column) =>
  [...column.querySelectorAll('.entry')].map((one) => {
    const time = one.querySelector('b');
    return [one.dataset.id, one.querySelector('.entry-subject').textContent,
      column.dataset.column + (time ? ' ' + time.textContent : ''), one.dataset.colour];
  }))"""


@dataclass
class Month:
    """One browser on one demo."""

    demo: Demo
    window: Any

    def see(self, who: str, day: date, view: str = "week") -> None:
        """Open somebody's diary."""
        self.window.goto(f"{self.demo.url}/#/{who}/{view}/{day}")
        self.window.locator(f".toolbar [aria-current][data-view={view}]").wait_for()
        self.window.wait_for_function(
            "([who, day]) => document.getElementById('place')?.dataset.who === who"
            " && document.querySelector(`[data-column='${day}'], [data-day='${day}']`) !== null",
            arg=[who, str(day)],
        )

    def week(self, who: str, day: date) -> set[Standing]:
        """What the page shows of a week."""
        self.see(who, day)
        return {tuple(one) for one in self.window.evaluate(SHOWN)}

    def agrees(self, *who: str, weeks: int = 2, since: date | None = None) -> None:
        """What the page shows is what Graph answers."""
        first = since or self.today - timedelta(days=self.today.weekday())
        for one in who:
            for number in range(weeks):
                monday = first + timedelta(weeks=number)
                wanted = self.demo.stands(one, monday, 7)
                self.window.wait_for_timeout(30)
                assert self.week(one, monday) == wanted

    @property
    def today(self) -> date:
        return self.demo.running.tenant.clock.today()

    def all_of(self, who: str) -> set[Standing]:
        """A quarter of somebody's diary as Graph has it."""
        return self.demo.stands(who, START - timedelta(days=14), 120)

    def run(self, button: str) -> None:
        """Press a button that runs the bot, and wait until it has run."""
        before = self.demo.page("runs")["news"]
        self.window.get_by_role("button", name=button).first.click()
        self.ended()
        assert len(self.demo.page("runs")["news"]) > len(before)

    def ended(self) -> None:
        self.window.locator("#working").wait_for()
        self.window.locator("#working").wait_for(state="detached", timeout=90_000)
        assert self.demo.page("runs/progress")["failed"] is None

    def log(self) -> str:
        """What the log says of the last run."""
        told: str = self.window.locator("#changes").inner_text()
        return told

    def write_down(self, press: str) -> str:
        """Send the form that is open; what was written down."""
        sheet = self.window.locator("#sheet")
        sheet.get_by_role("button", name=press).click()
        sheet.get_by_role("heading", name="Written down").wait_for()
        told: str = sheet.inner_text()
        return told


@pytest.fixture
def month(tmp_path: Path, look: Any) -> Iterator[Month]:
    with demo_on(tmp_path / "demo", START) as served:
        window = look(served.url)
        window.locator(".entry").first.wait_for()
        window.set_default_timeout(20_000)
        yield Month(served, window)


def child_in(subject: str) -> str:
    """The case number in “Visit due Fri 4 Dec · J.S. 20417 · cover”."""
    return next(part for part in subject.replace("·", " ").split() if part.isdigit() and len(part) == 5)


def own_visits(month: Month, who: str) -> list[Standing]:
    """The timed reminders of visits still to come that are the worker's own, each of another child."""
    found: dict[str, Standing] = {}
    for one in sorted(month.all_of(who), key=lambda one: one[2]):
        plain = one[1].startswith("Visit due") and "cover" not in one[1] and "household" not in one[1]
        if plain and ":" in one[2] and one[2][:10] > str(START):
            found.setdefault(child_in(one[1]), one)
    return list(found.values())


def busiest(month: Month) -> tuple[str, str]:
    """Two workers with much to do: whose month it is, and who falls ill."""
    people = month.demo.page("people")["people"]
    workers = [one["mail"] for one in people if one["group"] == "workers"]
    tables = {who: month.demo.page(f"mailboxes/{who}/desk")["table"] for who in workers}
    here = sorted(
        (who for who in workers if not tables[who]["away"]), key=lambda who: -len(own_visits(month, who))
    )
    return here[0], here[1]


def drag(month: Month, entry: Standing, to: date) -> None:
    """Take an entry with the mouse and let it go on another day of the week."""
    window = month.window
    from_ = window.locator(f".entry[data-id='{entry[0]}']").first
    from_.scroll_into_view_if_needed()
    start = from_.bounding_box()
    there = window.locator(f"[data-column='{to}'] .hours").bounding_box()
    x, y = start["x"] + 20, start["y"] + min(10, start["height"] / 2)
    window.mouse.move(x, y)
    window.mouse.down()
    window.mouse.move(x + 12, y, steps=3)
    window.mouse.move(there["x"] + there["width"] / 2, y, steps=8)
    window.mouse.up()


def test_a_workers_month(month: Month) -> None:
    worker, ill = busiest(month)
    month.agrees(worker, ill, weeks=2)
    visits = own_visits(month, worker)
    moved, deleted, made = visits[0], visits[1], visits[2]

    # Drag: to the next day of the same week, at the same hour.
    stood = date.fromisoformat(moved[2][:10])
    goal = stood + timedelta(days=1 if stood.weekday() < 6 else -1)
    month.see(worker, stood)
    drag(month, moved, goal)
    month.window.locator(f"[data-column='{goal}'] .entry[data-id='{moved[0]}']").first.wait_for()
    placed = next(one for one in month.all_of(worker) if one[0] == moved[0])
    assert placed[2][:10] == str(goal)
    month.agrees(worker)

    # Delete another.
    month.see(worker, date.fromisoformat(deleted[2][:10]))
    month.window.locator(f".entry[data-id='{deleted[0]}']").first.click()
    month.window.get_by_role("button", name="Delete…").click()
    month.window.get_by_role("button", name="Delete", exact=True).click()
    month.window.locator(f".entry[data-id='{deleted[0]}']").wait_for(state="detached")
    assert deleted[0] not in {one[0] for one in month.all_of(worker)}

    # A colleague falls ill, covered by this worker.
    month.see(ill, START)
    month.window.get_by_role("button", name="Off sick").click()
    month.window.get_by_label("Who covers?").select_option(worker)
    assert "off sick from Mon 2 Nov 2026 until they are back" in month.write_down("Put off sick")
    month.window.keyboard.press("Escape")
    covered = {child_in(one[1]) for one in own_visits(month, ill)}

    # A visit is made, and recorded from its entry.
    month.see(worker, date.fromisoformat(made[2][:10]))
    month.window.locator(f".entry[data-id='{made[0]}']").first.click()
    month.window.get_by_role("button", name="Record this visit").click()
    assert month.window.locator("#sheet [data-field=child]").input_value() == child_in(made[1])
    assert child_in(made[1]) in month.write_down("Write it down")
    month.window.get_by_role("button", name="Run the bot now").click()
    month.ended()

    # What the bot made of all this, in the diaries and in words.
    month.agrees(worker, ill, weeks=3)
    now = month.all_of(worker)
    assert placed in now, "the moved entry stays where it was put"
    assert deleted[0] not in {one[0] for one in now}, "the deleted one stays away"
    assert not [one for one in now if one[1] == deleted[1] and one[2] == deleted[2]], "nor does it come anew"
    seen = next(one for one in now if one[0] == made[0])
    assert (seen[1].split(" · ")[0], seen[3]) == ("Seen Mon 2 Nov", "none"), (
        "the recorded one has lost its colour"
    )
    following = {one[2] for one in now if child_in(made[1]) in one[1] and one[1].startswith("Visit due")}
    assert following, "and the next visit stands"
    covers = {child_in(one[1]) for one in now if "cover" in one[1]}
    assert covered & covers, "the ill colleague's visits stand in this diary"
    told = month.log()
    for words in (
        f"Left “{moved[1]}” on", "a person moved it there", f"Left out “{deleted[1]}”", "a person deleted it",
        "Took the colour out: “Seen Mon 2 Nov", "cover",
    ):  # fmt: skip
        assert words in told

    # A second run finds nothing to do.
    month.demo.running.tenant.record.reset()
    month.run("Run now")
    assert month.demo.running.tenant.record.writes == 0
    assert "Nothing had to change" in month.log()

    # A week on, day by day; on Monday the list names the visit whose entry was deleted.
    month.run("Next working week")
    assert month.today == START + timedelta(days=7)
    assert len(month.demo.page("runs")["news"]) == 1 + 2 + 5
    month.agrees(worker, ill, weeks=2)
    mails = month.demo.page(f"mailboxes/{worker}/messages?folder=inbox")["messages"]
    newest = month.demo.page(f"mailboxes/{worker}/messages/{mails[0]['id']}")
    assert child_in(deleted[1]) in newest["text"], "the list still names the visit"

    # The colleague is back: the covers go again.
    month.see(ill, month.today)
    month.window.get_by_role("button", name="Back at work").click()
    assert "is back at work" in month.write_down("Back at work")
    month.window.get_by_role("button", name="Go to Tue 10 Nov", exact=True).click()
    month.ended()
    left = {child_in(one[1]) for one in month.all_of(worker) if one[1].endswith(" · cover")}
    assert not left & covered
    month.agrees(worker, ill, weeks=2)

    # On to the month's end.
    month.window.locator("#pick").click()
    month.window.get_by_label("Go forward to").fill("2026-12-01")
    month.window.get_by_label("Straight there").check()
    month.window.get_by_role("button", name="Go and run the bot").click()
    month.ended()
    assert month.today == date(2026, 12, 1)
    month.agrees(worker, ill, weeks=2)
    month.demo.running.tenant.record.reset()
    month.run("Run now")
    assert month.demo.running.tenant.record.writes == 0

    # Shown again tomorrow, everything is as it was left, the log with it.
    before = (month.all_of(worker), month.demo.page("runs")["news"])
    month.demo.running.stop()
    with serve_again(month.demo.folder.path) as again:
        assert (Month(again, month.window).all_of(worker), again.page("runs")["news"]) == before
