"""Answers that were lost, garbled, contradictory or wrong: what was made is found, and made once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from faultkit.caseload import ANN, BEA, CY, FIRST, SECOND
from faultkit.scene import errors, ledger_of, unsettled

POSTS = {"verb": "POST", "path": "/events"}


def _as_if_nothing_had_been(scene, good, *faults: dict[str, Any]) -> int:
    """On the first day: all is made, once each, and nobody need hear of it. Gives the creations."""
    for fault in faults:
        scene.strike(**fault)
    met = scene.run()
    scene.told(met)
    assert scene.diaries == good[FIRST], "nothing missing, nothing doubled"
    asked = len(scene.calls("POST", "/events"))
    scene.repaired(good)
    assert scene.struck >= len(faults)
    scene.harmless([met])
    return asked


def _waits_for_the_next_run(scene, good, *troubled: str, **fault: Any) -> None:
    """On the second day: it is said that it will pass, and once it has, one run repairs everything."""
    scene.filled()
    scene.second()
    scene.strike(times=None, **fault)
    bad = scene.run()
    scene.told(bad, *troubled)
    assert not scene.doubled()
    assert {one.key for one in scene.ours() if one.child == "K7003"} == {
        one[-1] for one in good[SECOND] if "K7003" in one[1]
    }, "nothing that is owed was taken away"
    scene.repaired(good)
    assert scene.struck
    scene.harmless([bad])


@pytest.mark.trouble("made-but-refused")
@pytest.mark.parametrize("do", ["503_done", "504_done", "500_done"])
def test_503_though_made_is_looked_for_before_another_is_made(scene, good, do) -> None:
    asked = _as_if_nothing_had_been(scene, good, {"do": do, "times": None, **POSTS})
    assert asked == sum(good[FIRST].values()), "each was asked for once"


@pytest.mark.trouble("answer-lost")
@pytest.mark.parametrize("verb", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("do", ["reset_done", "cut", "half"])
def test_after_a_lost_answer_what_was_done_is_neither_done_again_nor_forgotten(scene, good, verb, do) -> None:
    scene.filled()
    scene.second()
    scene.strike(do=do, verb=verb, path="/events", times=1)
    met = scene.run()
    scene.told(met)
    assert not scene.doubled()
    scene.repaired(good)
    assert scene.struck == 1


@pytest.mark.trouble("line-down")
def test_a_line_that_stays_down_leaves_the_run_to_the_next(scene, good) -> None:
    _waits_for_the_next_run(scene, good, ANN, BEA, CY, do="reset", path="$batch")


@pytest.mark.trouble("web-page")
def test_a_proxys_web_page_is_not_an_answer_of_microsofts(scene, good) -> None:
    scene.filled()
    scene.second()
    before = scene.shown()
    scene.strike(do="web_page", path="$batch", times=None)
    with scene.counting() as writes:
        bad = scene.run()
        assert writes(None) == 0
    scene.told(bad, ANN, BEA, CY)
    assert scene.shown() == before
    scene.repaired(good)
    scene.harmless([bad])


@pytest.mark.trouble("item-left-out")
def test_an_item_missing_from_a_batchs_answer_is_looked_for(scene, good) -> None:
    _as_if_nothing_had_been(scene, good, {"do": "left_out", "times": 5, **POSTS})


@pytest.mark.trouble("id-twice-in-answer")
def test_a_batch_that_answers_one_id_twice_is_not_believed(scene, good) -> None:
    _as_if_nothing_had_been(scene, good, {"do": "told_twice", "times": 5, **POSTS})


@pytest.mark.trouble("unordered-batch")
def test_answers_of_a_batch_in_another_order_go_to_whom_they_belong(scene, good) -> None:
    unsettled(scene, shuffle_batches=True)
    _as_if_nothing_had_been(scene, good)
    standing = {(one.mailbox, one.id): one.key for one in scene.ours()}
    remembered = {(row.mailbox, row.event_id): row.key for row in ledger_of(scene)}
    assert remembered == standing, "each entry is remembered under its own id"


@pytest.mark.trouble("every-item-failed")
def test_an_outer_200_says_nothing_of_its_items(scene, good) -> None:
    _waits_for_the_next_run(scene, good, ANN, BEA, CY, do="503", **POSTS)


@pytest.mark.trouble("batch-failed")
def test_a_batch_that_fails_as_a_whole_is_asked_again(scene, good) -> None:
    _as_if_nothing_had_been(scene, good, {"do": "503", "path": "$batch", "times": 2, "retry_after": 1})


@pytest.mark.trouble("throttled-in-batch")
def test_of_a_batch_with_three_429_and_one_424_only_those_four_are_asked_again(scene, good) -> None:
    scene.strike(do="429", mailbox=ANN, times=3, retry_after=2, **POSTS)
    scene.strike(do="424", mailbox=CY, times=1, **POSTS)
    met = scene.run()
    scene.told(met)
    assert scene.diaries == good[FIRST]
    statuses = Counter(call.status for call in scene.calls("POST", "/events"))
    assert statuses[201] == sum(good[FIRST].values()), "what had been made was not asked for again"
    assert statuses[429] == 3
    assert statuses[424] >= 1
    assert scene.running.tenant.record.summary()["came_too_early"] == 0
    scene.repaired(good)


@pytest.mark.trouble("duplicate-transaction")
@pytest.mark.parametrize("tells_id", [True, False], ids=["with the id", "without"])
@pytest.mark.parametrize("status", [400, 409])
def test_a_duplicate_transaction_id_means_that_it_stands(scene, good, status, tells_id) -> None:
    scene.filled()
    unsettled(scene, duplicate_transaction=status, duplicate_tells_id=tells_id)
    before = scene.shown()
    scene.lose_the_store()
    scene.strike(do="empty", mailbox=ANN, path="/events", times=1)  # nor does the list tell
    met = scene.run()
    scene.told(met)
    assert status in {call.status for call in scene.calls("POST", "/events")}
    assert scene.shown() == before, "none made a second time, none changed"
    scene.repaired(good)


@pytest.mark.trouble("conflict-transient")
def test_an_irresolvable_conflict_that_passes_by_itself_is_asked_once_more(scene, good) -> None:
    scene.filled()
    scene.second()
    scene.strike(do="412", verb="PATCH", times=1)
    met = scene.run()
    scene.told(met)
    assert scene.diaries == good[SECOND]
    scene.repaired(good)
    assert scene.struck == 1


@pytest.mark.trouble("conflict-transient")
def test_an_irresolvable_conflict_that_stays_leaves_the_entry_to_the_next_run(scene, good) -> None:
    scene.filled()
    scene.second()
    scene.strike(do="412", verb="PATCH", mailbox=ANN, times=None)
    met = scene.run()
    assert errors(met) == []
    scene.others_done(met, ANN)
    scene.repaired(good)
