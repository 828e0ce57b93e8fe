"""What people and Outlook do to an entry: theirs is respected, and nothing of anybody else's is touched."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from faultkit.caseload import ANN, BEA, CY, FIRST, SECOND
from faultkit.scene import ledger_of
from faultkit.shown import KEY

from bot.store import ledger
from bot.store.database import open_store
from bot.store.ledger import LedgerRow


def _nothing_to_write(scene) -> None:
    with scene.counting() as writes:
        met = scene.run()
        assert writes(None) == 0
    scene.told(met)
    assert not scene.doubled()


@pytest.mark.trouble("ids-after-a-move")
def test_an_entry_whose_ordinary_id_changed_is_still_found(scene, good) -> None:
    scene.filled()
    tenant = scene.running.tenant
    with tenant.lock:
        box = tenant.mailbox(ANN)
        item = box.find("event", scene.reminder(7003).id)
        before = item.id
        item.moves += 2  # there and back
        assert item.id != before
    _nothing_to_write(scene)
    scene.second()
    scene.repaired(good)


@pytest.mark.trouble("ids-case")
def test_an_id_that_lost_its_case_finds_nothing_and_doubles_nothing(scene, good) -> None:
    scene.filled()
    store = open_store(f"sqlite:///{scene.config.parent / 'store.db'}")
    rows = [row for row in ledger_of(scene) if row.mailbox == BEA]
    fence = store.take_fence()
    ledger.put(store, fence, [_other_case(row) for row in rows])
    store.close()
    before = scene.shown()
    scene.repaired(good)
    assert scene.shown() == before, "known by their marks"
    assert {row.event_id for row in ledger_of(scene)} == {one.id for one in scene.ours()}


def _other_case(row: LedgerRow) -> LedgerRow:
    from dataclasses import replace

    return replace(row, event_id=str(row.event_id).swapcase())


@pytest.mark.trouble("key-case")
def test_a_key_in_capitals_is_the_same_key(scene, good) -> None:
    scene.filled()
    tenant = scene.running.tenant
    with tenant.lock:
        box = tenant.mailbox(BEA)
        for item in box.items("event").values():
            name = next(name for name in item.extended if KEY in name.lower())
            box.set_extended(item, name, item.extended[name].upper())
    count = len(scene.shown())
    scene.run()
    assert len(scene.shown()) == count, "none made a second time"
    scene.second()
    scene.run()
    scene.repaired()
    assert len(scene.shown()) == sum(good[SECOND].values())


@pytest.mark.trouble("category-missing")
def test_a_category_taken_out_of_the_list_says_of_no_visit_that_it_is_done_and_is_made_again_in_a_week(
    scene, good
) -> None:
    scene.filled()
    tenant = scene.running.tenant
    with tenant.lock:
        box = tenant.mailbox(ANN)
        del box.categories[box.category_named("Visit").id]
    _nothing_to_write(scene)
    scene.second()
    scene.repaired(good)
    assert box.category_named("Visit") is None
    scene.know(scene.caseload.on(FIRST + timedelta(days=8)))
    made = scene.repaired()
    assert box.category_named("Visit") is not None
    said = [line.what for kept in made.kept if kept.mailbox == ANN for line in kept.lines]
    assert "Made the category Visit again" in said


@pytest.mark.trouble("category-made-meanwhile")
def test_a_category_made_between_look_and_make_is_taken_as_it_is(scene, good) -> None:
    scene.strike(do="409_done", path="masterCategories", verb="POST", times=None)
    met = scene.run()
    scene.told(met)
    assert scene.diaries == good[FIRST]
    names = [one["displayName"] for one in scene.running.tenant.categories(ANN)]
    assert len(names) == len(set(names))
    assert scene.struck or scene.running.graph.faults.shown()[0]["struck"]
    scene.repaired(good)


@pytest.mark.trouble("all-day-elsewhere")
def test_an_all_day_entry_in_another_time_zone_is_left_where_it_is(scene, good) -> None:
    def all_day(day: datetime) -> dict[str, object]:
        def at(moment: datetime) -> dict[str, str]:
            return {"dateTime": moment.isoformat(), "timeZone": "America/New_York"}

        return {"isAllDay": True, "start": at(day), "end": at(day + timedelta(days=1))}

    scene.filled()
    theirs = scene.own_entry(ANN, "Leave", **all_day(datetime(2026, 11, 30)))
    marker = next(one for one in scene.of_child(7003) if one.all_day)
    scene.edit(marker, **all_day(datetime(2026, 11, 26)))
    before = [one.props for one in scene.shown(ANN)]
    _nothing_to_write(scene)
    assert [one.props for one in scene.shown(ANN)] == before
    assert scene.calls("GET", theirs) == [], "a person's own entry is never asked for"
    scene.second()
    scene.run()
    scene.repaired()


@pytest.mark.trouble("made-all-day")
def test_an_entry_that_a_person_made_all_day_stays_so(scene) -> None:
    scene.filled()
    midnight = datetime.combine(FIRST + timedelta(days=2), datetime.min.time())
    scene.edit(
        scene.reminder(7003),
        isAllDay=True,
        start={"dateTime": midnight.isoformat(), "timeZone": "Europe/London"},
        end={"dateTime": (midnight + timedelta(days=1)).isoformat(), "timeZone": "Europe/London"},
    )
    _nothing_to_write(scene)
    assert sum(one.all_day for one in scene.of_child(7003)) == 2
    scene.second()
    scene.repaired()
    assert len(scene.of_child(7003)) == 2


@pytest.mark.trouble("made-a-series")
def test_an_entry_that_a_person_made_a_series_is_still_the_one_entry(scene) -> None:
    scene.filled()
    starts = scene.reminder(7003).starts
    scene.edit(
        scene.reminder(7003),
        recurrence={
            "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": [f"{starts:%A}".lower()]},
            "range": {"type": "numbered", "startDate": starts.date().isoformat(), "numberOfOccurrences": 3},
        },
    )
    _nothing_to_write(scene)
    scene.second()
    scene.repaired()
    assert len(scene.of_child(7003)) == 2


@pytest.mark.trouble("attendees-added")
def test_a_colleagues_copy_of_an_entry_is_never_touched(scene) -> None:
    scene.filled()
    scene.edit(
        scene.reminder(7001),
        attendees=[{"emailAddress": {"address": CY, "name": "Cy Croft"}, "type": "required"}],
    )
    (copy,) = [one for one in scene.shown(CY) if one.child == "K7001"]
    scene.edit(copy, responseStatus=None, showAs="busy")
    _nothing_to_write(scene)
    scene.second()
    with scene.counting():
        report = scene.run()
        touched = [call for verb in ("PATCH", "DELETE") for call in scene.calls(verb, copy.id)]
    scene.told(report)
    assert touched == []
    assert [one.id for one in scene.shown(CY) if one.id == copy.id], "it stays"
    scene.repaired()


@pytest.mark.trouble("made-public")
def test_an_entry_made_public_is_harmless_and_private_again_when_next_changed(scene, good) -> None:
    scene.filled()
    scene.edit(scene.reminder(7003), sensitivity="normal", showAs="busy")
    scene.edit(scene.reminder(7007), sensitivity="normal", showAs="busy")
    _nothing_to_write(scene)
    assert not any("child in need" in one.subject.lower() for one in scene.ours())
    scene.second()
    scene.repaired(good)
    assert scene.reminder(7003).props["sensitivity"] == "normal"
    assert scene.reminder(7007).props["sensitivity"] == "private", "its due date changed"
