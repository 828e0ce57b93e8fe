"""`undo` takes out every entry the bot made, and only those, whatever became of them and of the store."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from keepkit.bench import Bench, settings_file
from keepkit.children import MONDAY, Council, address
from keepkit.people import Event, Office

from bot.agenda import DueRun
from bot.run import prepare, undo
from bot.store.ledger import rows_by_mailbox
from bot.verdict import Held

Make = Callable[[Council], Bench]
NOON = datetime(2026, 12, 3, 12)
EVERYBODY = [("W1", address("W1")), ("W2", address("W2")), ("W3", address("W3"))]


def found(one: Bench, *only: str) -> undo.Found:
    return undo.find(one.world, undo.mailboxes(one.world, EVERYBODY, only))


def undone(one: Bench, *only: str) -> undo.Undone:
    return undo.remove(one.world, found(one, *only))


def first(office: Office, worker: str = "W1") -> Event:
    return next(one for one in office.events(worker) if one.ours and not one.all_day)


def let_go(event: Event) -> bool:
    return event.made_by_bot and not event.ours


def after_a_month(one: Bench) -> None:
    """A visit recorded so long ago that its entries were let go."""
    one.run()
    one.council.record_visit(one.council.cases[1], MONDAY + timedelta(days=50))
    one.run()
    one.set_day(MONDAY + timedelta(days=29))
    for case in one.council.cases:
        case.due = MONDAY + timedelta(days=40)
    one.run()


def test_an_achieved_entry_that_was_let_go_is_still_taken_out(bench: Make, office: Office) -> None:
    one = bench(Council.of(cases=4, workers=1))
    after_a_month(one)
    assert sum(let_go(event) for event in office.events("W1")) == 2
    assert found(one).released[address("W1")] == 2
    assert undone(one).errors == ()
    assert office.events("W1") == []


@pytest.mark.parametrize("store", ["kept", "lost"])
def test_a_persons_copies_stay_also_of_what_was_let_go(bench: Make, office: Office, store: str) -> None:
    one = bench(Council.of(cases=4, workers=1))
    after_a_month(one)
    done = next(event for event in office.events("W1") if let_go(event))
    copies = {office.copy(done, NOON), office.copy(first(office), NOON)}
    own = office.put_own("W1", "Dentist", NOON)
    if store == "lost":
        one.restore_store(None)
    undone(one)
    assert {event.id for event in office.events("W1")} == {*copies, own}


@pytest.mark.parametrize("store", ["kept", "lost"])
def test_the_mark_is_taken_off_peoples_copies_and_nothing_else_of_them(
    bench: Make, office: Office, store: str
) -> None:
    one = bench(Council.of(cases=4, workers=1))
    after_a_month(one)
    done = next(event for event in office.events("W1") if let_go(event))
    copies = {office.copy(done, NOON), office.copy(first(office), NOON)}
    before = {event.id: event for event in office.events("W1") if event.id in copies}
    if store == "lost":
        one.restore_store(None)
    assert found(one).copied == 2
    result = undone(one)
    assert (result.errors, result.copies) == ((), 2)
    after = {event.id: event for event in office.events("W1")}
    assert not any(event.ours or event.key for event in after.values())
    assert after == {id_: replace(event, key=None, ours=False, let_go=True) for id_, event in before.items()}
    assert found(one).copied == 0


def test_a_copy_that_took_the_place_of_the_entry_is_the_bots_and_goes(bench: Make, office: Office) -> None:
    one = bench(Council.of(cases=3, workers=1))
    one.run()
    gone = first(office)
    office.copy(gone, NOON)
    office.delete(gone)
    one.run()
    assert found(one).copied == 0
    undone(one)
    assert office.events("W1") == []


def test_what_a_person_moved_retitled_or_coloured_is_still_the_bots_and_goes(
    bench: Make, office: Office
) -> None:
    one = bench(Council.of(cases=3, workers=1))
    one.run()
    office.move(first(office), NOON)
    office.retitle(first(office))
    office.recolour(first(office), "Court")
    office.strip(office.events("W1")[-1])
    undone(one)
    assert office.events("W1") == []
    assert {row.state for row in rows_by_mailbox(one.world.store)[address("W1")]} == {"intent"}


def test_what_changes_between_the_count_and_the_removal_is_left_and_a_second_undo_takes_it(
    bench: Make, office: Office
) -> None:
    one = bench(Council.of(cases=3, workers=1))
    one.run()
    counted = found(one)
    office.move(first(office), NOON)
    done = undo.remove(one.world, counted)
    assert (done.removed, done.left) == (counted.count - 1, {address("W1"): 1})
    assert len(done.errors) == 1
    assert "Run undo again" in done.errors[0]
    assert undone(one).removed == 1
    assert office.events("W1") == []


def test_one_workers_undo_leaves_everybody_elses_diary_alone(bench: Make, office: Office) -> None:
    one = bench(Council.of(cases=6, workers=3))
    one.run()
    before = {worker: office.events(worker) for worker in ("W2", "W3")}
    undone(one, "W1")
    assert office.events("W1") == []
    assert {worker: office.events(worker) for worker in ("W2", "W3")} == before


def test_a_mailbox_that_cannot_be_read_is_said_and_a_second_undo_finishes(
    bench: Make, office: Office
) -> None:
    one = bench(Council.of(cases=6, workers=3))
    one.run()
    office.close_mailbox("W2")
    done = undone(one)
    assert any(address("W2") in error for error in done.errors)
    assert office.events("W1") == office.events("W3") == []
    office.close_mailbox("W2", closed=False)
    assert len(office.events("W2")) > 0
    assert undone(one).errors == ()
    assert office.events("W2") == []


def test_after_an_undo_the_next_run_makes_again_what_is_owed(bench: Make, office: Office) -> None:
    one = bench(Council.of(cases=3, workers=1))
    one.run()
    before = sorted(event.subject for event in office.events("W1"))
    undone(one)
    one.run()
    assert sorted(event.subject for event in office.events("W1")) == before
    assert one.writes_of_a_run() == 0


def test_with_another_key_secret_nothing_is_written_and_undo_then_run_begins_anew(
    bench: Make, office: Office
) -> None:
    """No entry is known under its key any more: all would go and come again. The guard holds it."""
    one = bench(Council.of(cases=8, workers=1))
    settings_file(one.folder, one.running, "")
    one.run()
    before = office.events("W1")
    (one.folder / "key.secret").write_text("n" * 64)
    one.end_process()
    with contextlib.suppress(Held):
        one.run()
    assert office.events("W1") == before
    undone(one)
    one.run()
    after = office.events("W1")
    assert sorted(event.subject for event in after) == sorted(event.subject for event in before)
    assert {event.key for event in after}.isdisjoint(event.key for event in before)
    assert one.writes_of_a_run() == 0


def test_the_run_after_an_undo_counts_only_what_stands(bench: Make, office: Office) -> None:
    """A past due day's bar is not made again: it stands nowhere, and is nothing that was left as it was."""
    one = bench(Council.of(cases=6, workers=2))
    one.run()
    one.set_day(MONDAY + timedelta(days=4))
    one.run()
    office.move(first(office), NOON)
    office.delete(first(office, "W2"))
    office.copy(office.events("W2")[0], NOON)
    for _ in range(3):
        for kept in one.run().kept:
            standing = [event for event in office.events(kept.worker_id) if event.ours]
            assert kept.created + kept.changed + kept.unchanged == len(standing), kept.worker_id
        undone(one)
    plan = prepare.prepare(one.world, one.now, [DueRun("diaries", "look", one.now)]).plan
    assert [row.unchanged for row in plan.rows()] == [0, 0]


def test_a_diary_that_its_guard_held_back_has_every_entry_as_it_was(bench: Make, office: Office) -> None:
    one = bench(Council.of(cases=9, workers=1))
    settings_file(one.folder, one.running, "[guard]\nmax_removed_share_of_all = 1.0\n")
    one.run()
    for case in one.council.cases[:8]:
        case.open = False
    (kept,) = one.run().kept
    assert kept.refused
    assert (kept.writes, kept.unchanged) == (0, len(office.events("W1")))
