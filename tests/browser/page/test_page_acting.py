"""Acting in a diary with a pointer, as people do in Outlook: what is dragged or written is what stands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.sandbox.tenant import events

AISHA = "a.rahman@northdale.example"
ALWAYS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))
COURT, CORE = "Court", "Core group, Elm Road"
pytestmark = pytest.mark.browser


def stands(site: Any, subject: str, who: str = AISHA) -> list[tuple[str, str]]:
    """Where the entries of that name stand, in London's time, by what the mailbox holds."""
    found = site.council.tenant.events_between(who, *ALWAYS)
    return sorted(
        (one["start"]["dateTime"][:16], one["end"]["dateTime"][:16])
        for one in found
        if one["subject"] == subject
    )


def entry(window: Any, words: str) -> Any:
    return window.locator("#main .entry:visible", has_text=words).first


def opened(look: Any, site: Any, view: str, day: str = "2026-11-23", **more: Any) -> Any:
    window = look(site.calendar(view, day), height=1300, **more)  # tall enough for every hour
    window.locator("#main .entry:visible").first.wait_for()
    return window


def drag(window: Any, words: str, x: float, y: float, *, grab: float = 10, keys: str = "") -> None:
    box = entry(window, words).bounding_box()
    window.mouse.move(box["x"] + 30, box["y"] + grab)
    window.mouse.down()
    if keys:
        window.keyboard.down(keys)
    window.mouse.move(x, y, steps=5)
    window.mouse.up()
    if keys:
        window.keyboard.up(keys)


def column(window: Any, day: str, part: str = ".hours") -> dict[str, float]:
    box: dict[str, float] = window.locator(f"[data-column='{day}'] {part}").bounding_box()
    return box


def hour(window: Any, words: str) -> float:
    """How far down the window an hour begins."""
    box = window.locator(".gutter-hours span", has_text=words).bounding_box()
    return float(box["y"] + box["height"] / 2)


def told(window: Any, words: str) -> None:
    window.locator(".notice", has_text=words).wait_for()


def test_an_entry_is_dragged_to_another_day_of_the_month_and_keeps_its_time(site: Any, look: Any) -> None:
    window = opened(look, site, "month")
    target = window.locator("td[data-on='2026-11-20']").bounding_box()
    drag(window, CORE, target["x"] + 30, target["y"] + 40)
    told(window, "moved to Fri 20 Nov, 10:30")
    assert stands(site, CORE) == [("2026-11-20T10:30", "2026-11-20T12:00")]
    assert window.locator("td[data-on='2026-11-20'] .entry", has_text=CORE).count() == 1
    assert window.locator("#details").get_attribute("open") is None


def test_an_entry_is_dragged_to_another_day_and_time_of_the_week(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    friday = column(window, "2026-11-27")
    drag(window, CORE, friday["x"] + 40, hour(window, "14:00") + 10)
    told(window, "moved to Fri 27 Nov, 14:00")
    assert stands(site, CORE) == [("2026-11-27T14:00", "2026-11-27T15:30")]


def test_dragged_sideways_an_entry_keeps_its_minute_even_in_a_stack(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    subject = "Type up visit of Thu 19 Nov · C.N. 20377"
    box = entry(window, "Type up visit").bounding_box()
    friday = column(window, "2026-11-27")
    drag(window, "Type up visit", friday["x"] + 40, box["y"] + 14)
    told(window, "moved to Fri 27 Nov, 09:00")
    assert stands(site, subject) == [("2026-11-27T09:00", "2026-11-27T09:15")]


def test_an_entry_becomes_all_day_on_top_and_timed_again_among_the_hours(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    top = column(window, "2026-11-25", ".allday")
    drag(window, CORE, top["x"] + 40, top["y"] + 20)
    told(window, "moved to Wed 25 Nov")
    assert stands(site, CORE) == [("2026-11-25T00:00", "2026-11-26T00:00")]
    hours = column(window, "2026-11-25")
    drag(window, CORE, hours["x"] + 40, hour(window, "11:00") + 10)
    told(window, "moved to Wed 25 Nov, 11:00")
    assert stands(site, CORE) == [("2026-11-25T11:00", "2026-11-25T11:30")]


def test_a_drag_with_ctrl_leaves_the_first_and_makes_a_copy_with_its_tags(site: Any, look: Any) -> None:
    key = site.council.entry(AISHA, "Tagged", date(2026, 11, 24), "15:00", tags={"Key": "ab12"})
    window = opened(look, site, "month")
    target = window.locator("td[data-on='2026-11-18']").bounding_box()
    drag(window, "Tagged", target["x"] + 30, target["y"] + 40, keys="Control")
    told(window, "copied to Wed 18 Nov, 15:00")
    assert [start for start, _ in stands(site, "Tagged")] == ["2026-11-18T15:00", "2026-11-24T15:00"]
    mailbox = site.council.tenant.mailbox(AISHA)
    tags = mailbox.find("event", key).extended
    tagged = [item for item in mailbox.events.values() if dict(item.extended) == dict(tags)]
    assert len(tagged) == 2


def test_a_drag_that_ends_nowhere_or_by_escape_does_nothing(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    before = stands(site, CORE)
    drag(window, CORE, 20, 500)
    box = entry(window, CORE).bounding_box()
    window.mouse.move(box["x"] + 30, box["y"] + 10)
    window.mouse.down()
    window.mouse.move(box["x"] + 330, box["y"] + 100, steps=4)
    assert window.locator(".ghost").count() == 1
    window.keyboard.press("Escape")
    assert window.locator(".ghost").count() == 0
    window.mouse.up()
    window.wait_for_timeout(150)
    assert stands(site, CORE) == before
    assert window.locator(".is-target, .slot, .is-lifted").count() == 0


def test_what_was_moved_can_be_taken_back(site: Any, look: Any) -> None:
    window = opened(look, site, "month")
    before = stands(site, CORE)
    target = window.locator("td[data-on='2026-11-20']").bounding_box()
    drag(window, CORE, target["x"] + 30, target["y"] + 40)
    told(window, "moved to")
    window.get_by_role("button", name="Undo").click()
    told(window, "is as it was")
    assert stands(site, CORE) == before


def test_who_was_slower_is_told_and_sees_what_it_has_become(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    tenant = site.council.tenant
    mailbox = tenant.mailbox(AISHA)
    item = mailbox.find("event", site.council.ids[CORE])
    window.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { value: true }) }"
    )  # it looks no more
    events.change(mailbox, item, {"subject": "Core group, Oak Lane"}, now=tenant.clock.now())
    friday = column(window, "2026-11-27")
    drag(window, CORE, friday["x"] + 40, hour(window, "14:00") + 10)
    assert "changed meanwhile" in window.get_by_role("alert").inner_text()
    entry(window, "Core group, Oak Lane").wait_for()
    assert stands(site, "Core group, Oak Lane") == [("2026-11-24T10:30", "2026-11-24T12:00")]


def act(window: Any, words: str, name: str) -> Any:
    entry(window, words).click()
    dialog = window.locator("#details")
    dialog.locator(f"[data-act={name}]").click()
    return dialog


def test_an_entry_is_retitled_and_changed_in_one_form(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    dialog = act(window, COURT, "edit")
    dialog.get_by_label("Title").fill("Crown Court")
    dialog.get_by_label("Starts", exact=True).fill("2026-11-25")
    dialog.get_by_label("Show as").select_option(label="Working elsewhere")
    dialog.get_by_label("Reminder").select_option(label="1 hour before")
    dialog.get_by_label("Private").check()
    dialog.get_by_label("Where").fill("Crown Court, Northdale")
    dialog.get_by_role("button", name="Save").click()
    told(window, "“Court” changed")
    assert stands(site, "Crown Court") == [("2026-11-25T09:30", "2026-11-25T13:00")]
    props = site.council.tenant.mailbox(AISHA).find("event", site.council.ids[COURT]).props
    assert (props["showAs"], props["sensitivity"]) == ("workingElsewhere", "private")
    assert props["reminderMinutesBeforeStart"] == 60
    assert props["location"]["displayName"] == "Crown Court, Northdale"
    assert window.evaluate("document.activeElement.textContent").endswith("Crown Court")


def test_whoever_retitles_an_entry_of_the_bots_reads_beforehand_that_its_title_comes_back(
    site: Any, look: Any
) -> None:
    site.council.entry(AISHA, "Tagged", date(2026, 11, 24), "15:00", tags={"Key": "ab12"})
    window = opened(look, site, "week")
    note = window.get_by_text("The bot puts the titles of its own entries back on its next run.")
    title = act(window, "Tagged", "edit").get_by_label("Title")
    assert note.is_visible()
    assert note.get_attribute("id") in title.get_attribute("aria-describedby").split()
    window.keyboard.press("Escape")
    window.locator("#details [data-act=edit]").wait_for()
    window.keyboard.press("Escape")
    act(window, COURT, "edit").get_by_label("Title").wait_for()
    assert note.count() == 0, "a person's own entry keeps the title that they give it"


def test_an_entry_gets_several_colours_or_none(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    dialog = act(window, COURT, "categories")
    dialog.get_by_label("Type up").check()
    dialog.get_by_label("CP visit due").check()
    dialog.get_by_role("button", name="Save").click()
    told(window, "is now")
    assert sorted(entry(window, COURT).locator(".mark").all_inner_texts()) == ["CP", "T"]
    dialog = act(window, COURT, "categories")
    for name in ("Type up", "CP visit due"):
        dialog.get_by_label(name).uncheck()
    dialog.get_by_role("button", name="Save").click()
    told(window, "has no category now")
    assert entry(window, COURT).get_attribute("data-colour") == "none"


def test_move_to_and_copy_to_ask_for_a_day_and_a_time(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    dialog = act(window, COURT, "move")
    dialog.get_by_label("Day", exact=True).fill("2026-11-27")
    dialog.get_by_label("Time").fill("11:00")
    dialog.get_by_role("button", name="Move").click()
    told(window, "moved to Fri 27 Nov, 11:00")
    assert stands(site, COURT) == [("2026-11-27T11:00", "2026-11-27T14:30")]
    dialog = act(window, COURT, "copy")
    dialog.get_by_label("All day").check()
    dialog.get_by_role("button", name="Copy").click()
    told(window, "copied to Fri 27 Nov")
    assert ("2026-11-27T00:00", "2026-11-28T00:00") in stands(site, COURT)


def test_an_entry_is_deleted_after_asking(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    dialog = act(window, COURT, "delete")
    dialog.get_by_role("button", name="Keep it").click()
    dialog.locator(".facts").wait_for()
    dialog.locator("[data-act=delete]").click()
    dialog.get_by_role("button", name="Delete").click()
    told(window, "“Court” deleted")
    assert stands(site, COURT) == []
    assert entry(window, COURT).count() == 0
    assert window.evaluate("document.activeElement.dataset.day") == "2026-11-26"
    window.wait_for_function("!location.hash.includes('/entry/')")


def test_an_own_appointment_is_added(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    window.get_by_role("button", name="New appointment").click()
    dialog = window.get_by_role("dialog", name="New appointment")
    dialog.get_by_label("Title").fill("Dentist")
    dialog.get_by_label("Starts", exact=True).fill("2026-11-25")
    dialog.get_by_label("Starts, time").fill("12:00")
    dialog.get_by_label("Show as").select_option(label="Out of office")
    dialog.get_by_role("button", name="Add").click()
    told(window, "added on Wed 25 Nov, 12:00")
    assert stands(site, "Dentist") == [("2026-11-25T12:00", "2026-11-25T12:30")]
    made = entry(window, "Dentist")
    assert made.get_attribute("data-shows") == "oof"
    assert made.evaluate("(it) => it === document.activeElement")


def test_a_press_twice_on_an_empty_place_writes_there(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    friday = column(window, "2026-11-27")
    window.mouse.dblclick(friday["x"] + 60, hour(window, "15:00") + 12)
    dialog = window.get_by_role("dialog", name="New appointment")
    assert dialog.get_by_label("Starts", exact=True).input_value() == "2026-11-27"
    assert dialog.get_by_label("Starts, time").input_value() == "15:00"


def test_what_is_wrong_in_a_form_is_said_at_its_field(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    dialog = act(window, COURT, "edit")
    dialog.get_by_label("Ends", exact=True).fill("2026-11-20")
    dialog.get_by_role("button", name="Save").click()
    wrong = dialog.get_by_text("It ends before it starts")
    wrong.wait_for()
    field = dialog.get_by_label("Ends", exact=True)
    assert field.get_attribute("aria-invalid") is not None
    assert field.get_attribute("aria-describedby") == wrong.get_attribute("id")
    assert field.evaluate("(it) => it === document.activeElement")
    assert stands(site, COURT) == [("2026-11-26T09:30", "2026-11-26T13:00")]


def test_somebody_out_of_office_says_so_and_their_days_are_marked(site: Any, look: Any) -> None:
    window = opened(look, site, "week")
    window.locator("#away").click()
    dialog = window.get_by_role("dialog", name="Out of office")
    dialog.get_by_label("On between two times").check()
    dialog.get_by_label("From", exact=True).fill("2026-11-23")
    dialog.get_by_label("Until", exact=True).fill("2026-11-28")
    dialog.get_by_label("Reply to colleagues").fill("Please ask Cecilia.")
    dialog.get_by_role("button", name="Save").click()
    window.locator("#away", has_text="Out of office until Sat 28 Nov").wait_for()
    told(window, "“Out of office” added")
    assert stands(site, "Out of office") == [("2026-11-23T00:00", "2026-11-28T00:00")]
    kept = site.council.tenant.mailbox(AISHA).settings["automaticRepliesSetting"]
    assert (kept["status"], kept["internalReplyMessage"]) == ("scheduled", "Please ask Cecilia.")
    window.locator("#away").click()
    dialog.get_by_label("Off", exact=True).check()
    dialog.get_by_role("button", name="Save").click()
    window.locator("#away", has_text="Out of office…").wait_for()


def test_an_act_on_one_page_is_seen_on_another(site: Any, look: Any) -> None:
    other = opened(look, site, "week")
    window = opened(look, site, "week")
    dialog = act(window, COURT, "edit")
    dialog.get_by_label("Title").fill("Court, room 2")
    dialog.get_by_role("button", name="Save").click()
    entry(other, "Court, room 2").wait_for()
