"""The desk and the faults of a real demo: by keyboard, refused in words, told in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import requests
from pagekit.demo import Demo, demo_on

START = date(2026, 11, 23)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo_on(tmp_path_factory.mktemp("team") / "demo", START) as served:
        yield served


@pytest.fixture
def worker(team: Demo) -> str:
    """Somebody at work who owes a visit."""
    return next(who for who, table in tables(team).items() if not table["away"] and owing(table))


def tables(team: Demo) -> dict[str, dict[str, Any]]:
    people = team.page("people")["people"]
    workers = [one["mail"] for one in people if one["group"] == "workers"]
    return {who: team.page(f"mailboxes/{who}/desk")["table"] for who in workers}


def owing(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        child
        for child in table["children"]
        if not child["cover_for"] and any(one["kind"] == "visit" for one in child["owed"])
    ]


def open_desk(team: Demo, who: str, look: Any, **more: Any) -> Any:
    window = look(f"{team.url}/#/{who}/month/{team.running.tenant.clock.today()}", **more)
    window.set_default_timeout(20_000)  # a run of the bot is waited for
    window.locator("[data-desk=visit]").first.wait_for(state="attached")
    return window


def ended(window: Any) -> None:
    window.locator("#working").wait_for()
    window.locator("#working").wait_for(state="detached", timeout=60_000)


DIALOGS = ("visit", "postpone", "sick", "faults")


def each_dialog(window: Any) -> Iterator[str]:
    for name in DIALOGS:
        if name != "faults" and window.locator("#desk-menu").is_visible():
            window.locator("#desk-menu").click()
        window.locator("#show-faults" if name == "faults" else f"[data-desk={name}]").first.click()
        window.locator("#sheet form").first.wait_for()
        yield name
        window.keyboard.press("Escape")
        window.locator("#sheet").wait_for(state="hidden")


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (320, False)])
def test_axe_finds_nothing_in_the_forms(team: Demo, worker: str, look: Any, width: int, dark: bool) -> None:
    needs = "needs axe-playwright-python"
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason=needs).Axe()
    window = open_desk(team, worker, look, width=width, dark=dark, bypass_csp=True)
    broken = {}
    for name in each_dialog(window):
        found = axe.run(window).response["violations"]
        broken[name] = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]
    assert broken == {name: [] for name in DIALOGS}


def test_at_320_no_form_scrolls_sideways(team: Demo, worker: str, look: Any) -> None:
    window = open_desk(team, worker, look, width=320, height=700)
    wide = "document.querySelector('#sheet').scrollWidth - document.querySelector('#sheet').clientWidth"
    sideways = {name: window.evaluate(wide) for name in each_dialog(window)}
    assert sideways == dict.fromkeys(DIALOGS, 0)
    assert window.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_visit_is_recorded_by_keyboard_alone_and_finalised_later(
    team: Demo, worker: str, look: Any
) -> None:
    child = owing(tables(team)[worker])[0]
    window = open_desk(team, worker, look)
    window.locator("[data-desk=visit]").first.focus()
    window.keyboard.press("Enter")
    window.locator("#sheet").get_by_label("Child", exact=True).wait_for()
    assert window.evaluate("document.activeElement.dataset.field") == "child"
    window.keyboard.type(child["called"])
    for _ in range(40):
        window.keyboard.press("Tab")
        if window.evaluate("document.activeElement.name") == "finalised":
            break
    window.keyboard.press("ArrowDown")
    window.keyboard.press("Enter")
    sheet = window.locator("#sheet")
    sheet.get_by_role("heading", name="Written down").wait_for()
    assert f"visit to {child['called']} on Mon 23 Nov 2026" in sheet.inner_text()
    assert "The record waits to be finalised" in sheet.inner_text()
    row = team.rows("visits")[-1]
    assert (row["child_id"], row["status"], row["finalised_at"]) == (child["id"], "completed", "")

    window.keyboard.press("Escape")
    window.goto(f"{team.url}/#/{worker}/day/{START}")
    waiting = next(one for one in tables(team)[worker]["children"] if one["id"] == child["id"])["to_finalise"]
    assert str(START) in waiting


def test_what_cannot_be_written_down_is_said_at_its_field(team: Demo, worker: str, look: Any) -> None:
    before = team.rows("visits")
    window = open_desk(team, worker, look)
    window.locator("[data-desk=visit]").first.click()
    window.get_by_label("It failed").check()
    window.get_by_role("button", name="Write it down").click()
    wrong = window.locator("[data-wrong=reason]")
    wrong.filter(has_text="No reason is given").wait_for()
    assert window.evaluate("document.activeElement.dataset.field") == "reason"
    window.keyboard.press("Escape")
    window.locator("[data-desk=postpone]").first.click()
    window.get_by_label("It is now to be on").fill("2026-11-20")
    window.get_by_role("button", name="Put it off").click()
    window.locator("[data-wrong=to]", has_text="is not after").wait_for()
    assert "Say in a few words why" in window.locator("[data-wrong=reason]").inner_text()
    assert team.rows("visits") == before


def test_who_visits_nobody_has_no_desk(team: Demo, look: Any) -> None:
    manager = next(one["mail"] for one in team.page("people")["people"] if one["group"] == "managers")
    window = look(f"{team.url}/#/{manager}/month/{START}")
    window.locator("#whose").wait_for()
    window.wait_for_timeout(300)
    assert not window.locator(".desk").is_visible()


@pytest.mark.parametrize(
    ("act", "sent", "fields"),
    [
        ("visits", {}, {"child", "day"}),
        ("visits", {"child": "20001", "day": "2026-02-30", "time": "25:00"}, {"day", "time"}),
        ("postponed", {"child": ["x"], "planned": 7}, {"child", "planned"}),
        ("sick", {"first": "tomorrow"}, {"first"}),
        ("back", {}, {"on"}),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_field_by_field(
    team: Demo, worker: str, act: str, sent: dict[str, Any], fields: set[str]
) -> None:
    answer = requests.post(f"{team.url}/api/mailboxes/{worker}/desk/{act}", json=sent, timeout=10)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == fields


def test_an_entry_is_recognised_by_its_mark_and_not_by_its_words(team: Demo, worker: str) -> None:
    """Retitled by a person it is still the same visit; a person's own appointment is none."""
    from_, until = START, "2026-12-20"
    found = team.page(f"mailboxes/{worker}/events?from={from_}&to={until}")["events"]
    visit = next(one for one in found if one["subject"].startswith("Visit due"))
    tenant = team.running.tenant
    with tenant.lock:
        item = tenant.mailbox(worker).find("event", visit["id"])
        said = item.props["subject"]
        item.props = {**item.props, "subject": "My own words"}
    told = team.page(f"mailboxes/{worker}/desk/about/{visit['id']}")["meaning"]
    assert told["child"] in visit["subject"]
    with tenant.lock:
        item.props = {**item.props, "subject": said}


def test_a_vanished_mailbox_is_told_in_the_log_and_comes_back(team: Demo, worker: str, look: Any) -> None:
    others = [who for who in tables(team) if who != worker]
    window = open_desk(team, worker, look)
    window.locator("#show-faults").click()
    sheet = window.locator("#sheet")
    sheet.get_by_label("Let a mailbox vanish").select_option(others[0])
    sheet.get_by_role("button", name="Let it vanish").click()
    sheet.get_by_text("has vanished").first.wait_for()
    window.keyboard.press("Escape")
    window.get_by_role("button", name="Faults on: 1").wait_for()
    window.get_by_role("button", name="Run now").click()
    ended(window)
    panel = window.locator("#changes")
    panel.get_by_text("Could not do all that was to be done here").first.wait_for()
    assert "1 thing could not be done" in panel.inner_text()
    window.get_by_role("button", name="Faults on: 1").click()
    sheet.get_by_role("button", name="Bring back").click()
    sheet.get_by_text("Nothing: all is well.").wait_for()
    window.keyboard.press("Escape")
    window.get_by_role("button", name="Run now").click()
    ended(window)
    panel.locator(".sum").first.filter(has_text="could not be done").wait_for(state="hidden")


def test_a_fault_is_ordered_strikes_and_is_taken_back(team: Demo, worker: str, look: Any) -> None:
    window = open_desk(team, worker, look)
    window.locator("#show-faults").click()
    sheet = window.locator("#sheet")
    sheet.get_by_label("What is to go wrong").select_option("Slow")
    sheet.get_by_label("For whom").select_option(worker)
    sheet.get_by_label("Milliseconds longer").fill("20")
    sheet.get_by_label("How many suffer").fill("2")
    sheet.get_by_role("button", name="Order it").click()
    sheet.get_by_text("at most 2 · 0 struck").wait_for()
    ordered = team.page("faults")["ordered"]
    assert [(one["do"], one["mailbox"], one["ms"], one["times"]) for one in ordered] == [
        ("slow", worker, 20, 2)
    ]
    window.keyboard.press("Escape")
    window.get_by_role("button", name="Run now").click()
    ended(window)
    assert team.page("faults")["ordered"][0]["struck"] > 0
    window.locator("#show-faults").click()
    sheet.get_by_role("button", name="Take back").click()
    sheet.get_by_text("Nothing: all is well.").wait_for()
    assert team.page("state")["faultsOn"] == 0


def test_a_fault_that_cannot_be_is_refused_in_words(team: Demo, worker: str) -> None:
    def order(**fault: object) -> requests.Response:
        return requests.post(f"{team.url}/api/faults", json=fault, timeout=10)

    assert "There is no mailbox" in order(do="503", mailbox="nobody@northdale.example").json()["error"]
    assert order(do="fire").status_code == 400
    assert team.page("faults")["ordered"] == []


def test_every_kind_of_fault_can_be_ordered_from_the_panel(team: Demo, worker: str, look: Any) -> None:
    window = open_desk(team, worker, look)
    window.locator("#show-faults").click()
    sheet = window.locator("#sheet")
    kinds = [one["name"] for one in team.page("faults")["kinds"]]
    for number, name in enumerate(kinds, 1):
        sheet.get_by_label("What is to go wrong").select_option(name)
        sheet.get_by_role("button", name="Order it").click()
        window.wait_for_function("n => document.querySelectorAll('.standing li').length === n", arg=number)
    sheet.get_by_role("button", name="Take all back").click()
    sheet.get_by_text("Nothing: all is well.").wait_for()


def test_a_page_that_was_given_neither_shows_neither_desk_nor_faults(
    open_site: Callable[..., Any], look: Any
) -> None:
    site = open_site()
    assert requests.get(f"{site.url}/api/state", timeout=5).json()["has"] == {"desk": False, "faults": False}
    window = look(site.calendar("month"))
    window.locator(".entry").first.wait_for()
    assert not window.locator("#show-faults").is_visible()
    assert not window.locator(".desk").is_visible()
