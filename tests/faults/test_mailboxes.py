"""One mailbox that is full, out of scope, closed or half-open never stops another."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from faultkit.caseload import ANN, BEA
from faultkit.scene import kept_of

from bot.agenda import DueRun
from bot.cli.serving import _performer
from bot.errors import Temporary
from bot.run.order import due_now
from bot.run.world import open_world
from bot.settings_file import load


def _second_day(scene) -> None:
    scene.filled()
    scene.second()


@pytest.mark.trouble("mailbox-full")
def test_a_full_mailbox_takes_nothing_new_and_is_still_tidied(scene, good) -> None:
    _second_day(scene)
    scene.strike(do="507", mailbox=ANN, verb="POST", times=None)
    bad = scene.run()
    scene.told(bad, ANN)
    scene.others_done(bad, ANN)
    ann = kept_of(bad, ANN)
    assert ann.created == 0
    assert ann.changed >= 2
    assert ann.removed == 2
    scene.repaired(good)
    scene.harmless([bad])


@pytest.mark.trouble("out-of-scope")
def test_a_mailbox_out_of_scope_is_left_alone_and_stops_no_other(scene, good) -> None:
    _second_day(scene)
    before = scene.shown(ANN)
    scene.strike(do="403", mailbox=ANN, times=None)
    with scene.counting() as writes:
        bad = scene.run()
        assert writes(ANN) == 0
    scene.told(bad, ANN)
    scene.others_done(bad, ANN)
    assert scene.shown(ANN) == before
    scene.repaired(good)
    scene.harmless([bad])


@pytest.mark.trouble("mailbox-gone")
def test_a_mailbox_that_was_closed_is_put_right_when_it_is_back(scene, good) -> None:
    _second_day(scene)
    scene.running.tenant.set_gone(ANN, gone=True)
    with scene.counting() as writes:
        bad = scene.run()
        assert writes(ANN) == 0
    scene.told(bad, ANN)
    scene.others_done(bad, ANN)
    scene.running.tenant.set_gone(ANN, gone=False)
    scene.repaired(good)
    scene.harmless([bad])


@pytest.mark.trouble("mailbox-vanishes")
def test_a_mailbox_that_vanishes_in_the_middle_of_a_run_loses_nothing(scene, good) -> None:
    _second_day(scene)
    scene.strike(do="gone", mailbox=ANN, nth=8)
    bad = scene.run()
    scene.told(bad, ANN)
    scene.others_done(bad, ANN)
    scene.repaired(good)
    assert scene.struck
    scene.harmless([bad])


@pytest.mark.trouble("categories-refused")
def test_a_diary_whose_categories_may_not_be_changed_still_gets_its_entries(scene, good) -> None:
    scene.strike(do="403", mailbox=BEA, path="masterCategories", times=None)
    bad = scene.run()
    scene.told(bad, BEA)
    assert scene.diaries == good[scene.today], "an entry names its category, whether or not the list has it"
    scene.repaired(good)
    names = {one["displayName"] for one in scene.running.tenant.categories(BEA)}
    assert {"Visit", "Visit (red)", "Type up"} <= names
    scene.harmless([bad])


@pytest.mark.trouble("out-of-scope")
@pytest.mark.parametrize(("fault", "owed"), [("403", False), ("503", True)], ids=["to be mended", "passing"])
def test_the_days_run_is_owed_on_while_a_trouble_may_pass_and_over_where_somebody_must_mend_it(
    scene, fault: str, owed: bool
) -> None:
    scene.strike(do=fault, mailbox=ANN, times=None)
    now = datetime.combine(scene.today, time(7))
    world = open_world(load(scene.config))
    try:
        with scene.listening():
            done = _performer(world)(DueRun("diaries", scene.today.isoformat(), now), now)
        assert (done.not_done, done.again) == (1, owed)
        assert ("diaries" in {one.job for one in due_now(world, now)}) == owed
    finally:
        world.connection.close()
        world.close()
    scene.repaired()


@pytest.mark.trouble("out-of-scope")
def test_a_service_that_could_do_no_diary_at_all_is_not_well_and_tries_again(scene, good) -> None:
    scene.strike(do="403", path="/events", times=None)
    now = datetime.combine(scene.today, time(7))
    world = open_world(load(scene.config))
    try:
        assert scene.trouble is not None
        with scene.listening(), pytest.raises(Temporary) as refused:
            _performer(world)(DueRun("diaries", scene.today.isoformat(), now), now)
        assert scene.trouble.fits(str(refused.value))
        assert "diaries" in {one.job for one in due_now(world, now)}, "the day's run is still owed"
    finally:
        world.connection.close()
        world.close()
    scene.repaired(good)
