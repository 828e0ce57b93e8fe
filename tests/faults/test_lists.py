"""A list that failed, lied or shrank: no write is ever made on the strength of a part of it."""

from __future__ import annotations

from collections import Counter

import pytest
from faultkit.caseload import ANN, BEA, SECOND, first_day
from faultkit.scene import kept_of


def _no_write_where_the_list_failed(scene, good, **fault) -> None:
    scene.filled()
    scene.second()
    before = scene.shown(ANN)
    scene.strike(mailbox=ANN, path="events", times=None, **fault)
    with scene.counting() as writes:
        bad = scene.run()
        assert writes(ANN) == 0
        assert writes(BEA) > 0
    assert scene.shown(ANN) == before
    scene.told(bad, ANN)
    scene.others_done(bad, ANN)
    scene.repaired(good)
    assert scene.struck
    scene.harmless([bad])


@pytest.mark.trouble("page-3-fails")
def test_where_page_3_of_a_list_fails_the_whole_list_is_thrown_away(scene, good) -> None:
    _no_write_where_the_list_failed(scene, good, do="500", page=3)


@pytest.mark.trouble("list-loops")
def test_a_next_link_that_loops_is_noticed_and_nothing_is_written(scene, good) -> None:
    _no_write_where_the_list_failed(scene, good, do="loop")


@pytest.mark.trouble("list-place-lost")
def test_a_place_in_a_list_that_microsoft_lost_is_no_end_of_the_list(scene, good) -> None:
    _no_write_where_the_list_failed(scene, good, do="410", page=2)


@pytest.mark.trouble("event-on-two-pages")
def test_the_same_event_on_two_pages_is_one_event(scene, good) -> None:
    scene.filled()
    scene.second()
    scene.strike(do="twice", path="events", times=None)
    seen = scene.run()
    scene.told(seen)
    assert scene.diaries == good[SECOND]
    scene.repaired(good)
    assert scene.struck >= 4
    scene.harmless([seen])


@pytest.mark.trouble("list-shrinks")
def test_an_entry_that_fell_between_two_pages_is_looked_for_by_its_id(scene, good) -> None:
    scene.filled()
    scene.second()
    scene.strike(do="skip", path="events", times=None)
    seen = scene.run()
    scene.told(seen)
    assert scene.diaries == good[SECOND], "nothing doubled, nothing removed that was only not shown"
    assert any("looked for by its id" in note for one in seen.kept for note in one.notes)
    scene.repaired(good)
    assert scene.struck >= 2


@pytest.mark.trouble("zero-list")
def test_a_zero_list_although_the_ledger_knows_40_makes_no_write(play) -> None:
    scene = play(caseload=first_day({"W1": 20, "W2": 1}))
    scene.filled()
    before = scene.shown()
    assert len(scene.ours(ANN)) == 40
    scene.strike(do="empty", path="events", times=None)
    with scene.counting() as writes:
        seen = scene.run()
        assert writes(None) == 0
    scene.told(seen)
    assert scene.shown() == before
    assert "40 of 40 entries are not in the list; each is looked for by its id" in kept_of(seen, ANN).notes
    scene.repaired()
    assert scene.shown() == before
    assert scene.struck
    scene.harmless([seen])


@pytest.mark.trouble("removed-meanwhile")
def test_an_entry_deleted_between_the_list_and_the_change_is_not_made_anew(scene) -> None:
    scene.filled()
    scene.second()
    achieved, ended = (next(one for one in scene.of_child(n) if not one.all_day) for n in (7001, 7002))

    def meanwhile(_: object) -> None:
        scene.delete(achieved)
        scene.delete(ended)

    report = scene.run(check=meanwhile)
    scene.told(report)
    scene.others_done(report, ANN)
    assert {one.id for one in scene.shown()}.isdisjoint({achieved.id, ended.id})
    subjects = Counter(one.subject for one in scene.of_child(7001))
    assert subjects["Seen Tue 24 Nov · K7001"] == 1, "the marker was changed, the deleted one not made"
    scene.repaired()
    assert Counter(one.subject for one in scene.of_child(7001)) == subjects
    assert scene.of_child(7002) == []
