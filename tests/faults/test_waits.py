"""Being asked to slow down: never early, never twice, and never at another mailbox's cost."""

from __future__ import annotations

from functools import partial

import pytest
from faultkit.caseload import ANN, BEA, CY, FIRST
from faultkit.scene import errors

from bot.outlook.connection import connect


@pytest.mark.trouble("retry-after")
@pytest.mark.parametrize(
    "told",
    [{"retry_after": 3}, {"retry_after": 3, "retry_after_as": "date"}, {}],
    ids=["seconds", "a date", "absent"],
)
def test_a_wait_is_kept_to_the_second_however_it_is_told(play, good, told) -> None:
    # One request at a time: of two under way at once, the second cannot know what the first is told.
    scene = play(settings="[outlook]\nat_once = 1\nat_once_a_mailbox = 1")
    scene.strike(do="429", path="/events", rate=0.4, seed=3, **told)
    met = scene.run()
    record = scene.running.tenant.record.summary()
    assert record["throttled"] >= 5
    assert record["came_too_early"] == 0
    for error in errors(met):  # who drew the lot four times over waits for the next run
        assert "slow down" in error
    assert not scene.doubled()
    scene.repaired(good)
    scene.harmless([met])


@pytest.mark.trouble("early-retry")
def test_an_early_retry_is_punished_and_survived(scene, good, monkeypatch) -> None:
    clock = scene.running.tenant.clock

    def slept(seconds: float) -> None:
        clock.let_pass(seconds * 0.6)

    monkeypatch.setattr("bot.run.world.connect", partial(connect, sleep=slept))
    scene.strike(do="429", mailbox=ANN, path="/events", verb="POST", times=1, retry_after=4)
    met = scene.run()
    record = scene.running.tenant.record.summary()
    assert record["came_too_early"] >= 1, "punished: told twice as long"
    assert not scene.doubled()
    scene.others_done(met, ANN)
    monkeypatch.setattr("bot.run.world.connect", partial(connect, sleep=clock.let_pass))
    scene.repaired(good)


@pytest.mark.trouble("long-wait")
def test_a_wait_longer_than_a_run_is_left_to_the_next_and_stops_no_other_diary(scene, good) -> None:
    scene.filled()
    scene.second()
    scene.strike(do="429", mailbox=ANN, path="/events", times=None, retry_after=600)
    met = scene.run()
    scene.told(met, ANN)
    scene.others_done(met, ANN)
    assert scene.running.tenant.record.summary()["came_too_early"] == 0
    scene.let_pass(601)
    scene.repaired(good)
    scene.harmless([met])


@pytest.mark.trouble("outage")
def test_an_hour_of_outage_is_over_when_it_is_over(scene, good) -> None:
    scene.strike(do="503", for_seconds=3600, retry_after=60)
    met = scene.run()
    scene.told(met, ANN, BEA, CY)
    assert scene.shown() == []
    scene.let_pass(3600)
    report = scene.run()
    assert errors(report) == []
    assert scene.diaries == good[FIRST], "with nothing done by anybody"
    scene.repaired(good)
