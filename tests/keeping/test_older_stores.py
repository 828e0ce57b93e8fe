"""An older store is put back, last night's or last week's: what the bot itself took out since looks as if
people had deleted it. What is owed must stand all the same, and a person's own deletion is respected wherever
it can still be told from the bot's.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from keepkit.bench import Bench
from keepkit.children import MONDAY, Council
from keepkit.people import Event, Office
from keepkit.seams import Stopped

from bot.run import undo

Act = Callable[[Bench], None]


def subjects(office: Office, *workers: str) -> list[str]:
    return sorted(event.subject for event in office.everywhere(list(workers)) if event.ours)


def closes(one: Bench) -> None:
    one.council.cases[1].open = False


def opens(one: Bench) -> None:
    one.council.cases[1].open = True


def goes_to_another(one: Bench) -> None:
    one.council.cases[1].worker = "W2"


def comes_back(one: Bench) -> None:
    one.council.cases[1].worker = "W1"


def is_undone(one: Bench) -> None:
    undo.remove(one.world, undo.find(one.world, undo.mailboxes(one.world, [], ())))


def is_as_it_was(one: Bench) -> None:
    del one


@pytest.fixture
def older(bench: Callable[[Council], Bench], tmp_path: Path) -> tuple[Bench, Path]:
    """Four visits owed by one of two workers, and a copy of the store of that moment."""
    one = bench(Council.of(cases=4, workers=2, spread=1))
    for case in one.council.cases:
        case.worker, case.due = "W1", MONDAY + timedelta(days=20)
    one.run()
    one.save_store(tmp_path / "saved.db")
    return one, tmp_path / "saved.db"


def settles(one: Bench) -> None:
    one.run()
    assert one.writes_of_a_run() == 0


@pytest.mark.parametrize(
    ("taken_out", "owed_again"),
    [(closes, opens), (goes_to_another, comes_back), (is_undone, is_as_it_was)],
)
@pytest.mark.parametrize("days", [0, 7])
def test_what_the_bot_took_out_since_an_older_store_stands_again_where_it_is_owed(
    older: tuple[Bench, Path], office: Office, taken_out: Act, owed_again: Act, days: int
) -> None:
    """To the older store it looks as if a person had deleted it: a missed reminder, an unseen child."""
    one, saved = older
    wanted = subjects(office, "W1")
    one.set_day(MONDAY + timedelta(days=days))
    taken_out(one)
    if taken_out is not is_undone:
        one.run()
    assert subjects(office, "W1") != wanted
    one.restore_store(saved)
    owed_again(one)
    report = one.run()
    assert subjects(office, "W1") == wanted
    (said,) = report.restored
    assert "older copy of the store was put back" in said
    settles(one)
    assert not subjects(office, "W2")


def test_in_a_store_that_was_only_not_used_for_a_week_what_people_deleted_stays_away(
    older: tuple[Bench, Path], office: Office
) -> None:
    one, _ = older
    closes(one)
    one.run()
    gone = upcoming_of(office)[0]
    office.delete(gone)
    one.set_day(MONDAY + timedelta(days=7))
    report = one.run()
    assert gone.key not in {event.key for event in office.events("W1")}
    assert report.restored == ()
    assert [line for kept in report.kept for line in kept.lines if "deleted" in line.why]


def test_after_an_older_store_a_persons_deletion_comes_back_once_and_is_respected_the_second_time(
    older: tuple[Bench, Path], office: Office
) -> None:
    """Nobody can tell any more whether it was the bot or its owner who took it out."""
    one, saved = older
    closes(one)
    one.run()
    dropped = upcoming_of(office)[0]
    office.delete(dropped)
    one.run()
    one.restore_store(saved)
    assert "still owed: 1." in one.run().restored[0]
    (again,) = [event for event in upcoming_of(office) if event.key == dropped.key]
    office.delete(again)
    assert one.run().restored == ()
    assert dropped.key not in {event.key for event in office.events("W1")}


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("days", [0, 2])
def test_once_a_store_has_read_a_diary_again_what_its_owner_deletes_stays_away_at_once(
    older: tuple[Bench, Path], office: Office, days: int, *, lost: bool
) -> None:
    """The marks of the runs that it does not remember are older than that reading: the entry stood there."""
    one, saved = older
    closes(one)
    one.run()
    one.restore_store(None if lost else saved)
    assert one.run().restored == ()
    if days:
        one.set_day(MONDAY + timedelta(days=days))
        one.run()
    dropped = upcoming_of(office)[0]
    office.delete(dropped)
    assert one.run().restored == ()
    assert dropped.key not in {event.key for event in office.events("W1")}


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "503", "path": "events", "verb": "GET", "times": None},
        {"do": "403", "path": "events", "verb": "GET", "times": None},
    ],
)
def test_a_diary_that_could_not_be_read_since_is_no_witness(
    older: tuple[Bench, Path], office: Office, fault: dict[str, object]
) -> None:
    """A run that did not see a diary knows nothing of what stood there, however well it ended."""
    one, saved = older
    wanted = subjects(office, "W1")
    is_undone(one)
    one.restore_store(saved)
    one.strike(fault)
    one.run()
    one.mend()
    one.run()
    assert subjects(office, "W1") == wanted


def test_a_diary_in_which_nothing_was_taken_out_keeps_what_its_owner_deleted_whatever_store_is_put_back(
    older: tuple[Bench, Path], office: Office
) -> None:
    one, saved = older
    dropped = upcoming_of(office)[0]
    office.delete(dropped)
    one.run()
    one.restore_store(saved)
    assert one.run().restored == ()
    assert dropped.key not in {event.key for event in office.events("W1")}


def test_one_workers_run_from_an_older_store_leaves_the_others_in_doubt_for_the_next(
    older: tuple[Bench, Path], office: Office
) -> None:
    one, saved = older
    for case in one.council.cases[2:]:
        case.worker = "W2"
    one.run()
    one.save_store(saved)
    wanted = subjects(office, "W1", "W2")
    is_undone(one)
    one.restore_store(saved)
    one.run(only=("W1",))
    one.run()
    assert subjects(office, "W1", "W2") == wanted
    settles(one)


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "503", "path": "/calendar", "verb": "GET", "times": None},
        {"do": "507", "path": "events", "verb": "POST", "times": None},
        {"do": "503", "path": "events/", "verb": "GET", "times": None},
    ],
)
def test_what_could_not_be_made_again_at_once_is_made_by_the_next_run(
    older: tuple[Bench, Path], office: Office, fault: dict[str, object]
) -> None:
    """Meanwhile nothing goes from that diary: what goes would take the sign away that the store is older."""
    one, saved = older
    wanted = subjects(office, "W1")
    closes(one)
    one.run()
    one.restore_store(saved)
    opens(one)
    last = one.council.cases[3]
    last.open = False
    one.strike(fault)
    assert one.run().errors
    assert one.mend() > 0
    one.run()
    last.open = True
    one.run()
    assert subjects(office, "W1") == wanted
    settles(one)


@pytest.mark.parametrize(
    ("fault", "goes", "told"), [("503", False, True), ("412", False, False), ("507", True, False)]
)
def test_what_cannot_be_marked_now_stays_for_the_next_run_and_what_never_can_be_goes(
    older: tuple[Bench, Path], office: Office, fault: str, goes: bool, told: bool
) -> None:
    one, _ = older
    wanted = subjects(office, "W1")
    closes(one)
    one.strike({"do": fault, "path": "/calendar", "verb": "PATCH", "times": None})
    report = one.run()
    assert (subjects(office, "W1") != wanted) is goes
    assert bool(report.errors) is told
    assert one.mend() > 0
    one.run()
    assert len(subjects(office, "W1")) == len(wanted) - 2
    settles(one)


def test_an_undo_that_cannot_mark_a_diary_says_so_and_takes_nothing_out_of_it(
    older: tuple[Bench, Path], office: Office
) -> None:
    one, _ = older
    wanted = subjects(office, "W1")
    one.strike({"do": "503", "path": "/calendar", "verb": "PATCH", "times": None})
    done = undo.remove(one.world, undo.find(one.world, undo.mailboxes(one.world, [], ())))
    assert subjects(office, "W1") == wanted
    assert (done.removed, len(done.errors)) == (0, 1)
    assert "Run undo again" in done.errors[0]
    one.mend()
    is_undone(one)
    assert subjects(office, "W1") == []


def test_one_that_cannot_be_looked_at_stays_in_doubt_although_others_are_made_again(
    older: tuple[Bench, Path], office: Office
) -> None:
    one, saved = older
    wanted, before = subjects(office, "W1"), office.events("W1")
    closes(one)
    one.run()
    there = {event.id for event in office.events("W1")}
    gone = next(event.id for event in before if event.id not in there)
    one.restore_store(saved)
    opens(one)
    one.strike({"do": "503", "path": f"events/{gone}", "verb": "GET", "times": None})
    assert one.run().errors
    assert one.mend() > 0
    assert len(subjects(office, "W1")) == len(wanted) - 1
    one.run()
    assert subjects(office, "W1") == wanted


def test_a_run_from_an_older_store_may_be_stopped_anywhere(older: tuple[Bench, Path], office: Office) -> None:
    one, saved = older
    wanted = subjects(office, "W1")
    closes(one)
    one.run()
    opens(one)
    before = office.photograph()
    stops = 1
    while True:
        one.restore_store(saved)
        office.put_back(before)
        one.seams.begin(stop_at=stops)
        with contextlib.suppress(Stopped):
            one.run()
        ended = one.seams.ended
        one.end_process()
        one.seams.begin()
        one.run()
        assert subjects(office, "W1") == wanted, f"stopped at {stops}"
        if not ended:
            break
        stops += 1
    assert stops > 10


@pytest.mark.parametrize("place", range(6, 14))
def test_a_copy_of_the_store_made_while_entries_are_taken_out_is_older_too(
    older: tuple[Bench, Path], office: Office, place: int
) -> None:
    one, saved = older
    wanted = subjects(office, "W1")
    closes(one)
    one.seams.begin(at=place, do=lambda: copy_of(one, saved))
    one.run()
    one.restore_store(saved)
    opens(one)
    one.run()
    assert subjects(office, "W1") == wanted


def copy_of(one: Bench, to: Path) -> None:
    """As a backup makes it of a store in use."""
    with (
        contextlib.closing(sqlite3.connect(one.database)) as db,
        contextlib.closing(sqlite3.connect(to)) as its,
    ):
        db.backup(its)


def upcoming_of(office: Office) -> list[Event]:
    found = [one for one in office.events("W1") if one.ours and not one.all_day]
    return sorted(found, key=lambda one: one.id)
