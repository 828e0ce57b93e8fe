"""A run may end anywhere, and the next one repairs it: stopped before and after every request and every
write to the store, one by one, nothing is ever doubled, undone or touched that is not ours.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from keepkit.bench import Bench
from keepkit.busy_day import BusyDay
from keepkit.children import Council, address
from keepkit.people import Office
from keepkit.seams import Stopped

from bot.run.undo import Undone, find, remove
from bot.store.lock import keeping

EVERY = int(os.environ.get("STOP_AT_EVERY", "1"))  # 2: at every other place only
UNDO_AT_EVERY = int(os.environ.get("STOP_UNDO_AT_EVERY", "2"))


@pytest.fixture
def day(bench: Callable[[Council], Bench], office: Office) -> BusyDay:
    return BusyDay.begin(bench, office)


def stopped_at(day: BusyDay, number: int, act: Callable[[], object]) -> str:
    """The process ends at one place of the act; gives its name, nothing where there is no such place."""
    day.morning_again()
    day.bench.seams.begin(stop_at=number)
    try:
        act()
    except Stopped as place:
        return f"stopped {place} ({number})"
    finally:
        day.bench.seams.begin()
        day.bench.end_process()
    return ""


def test_wherever_a_run_is_stopped_one_run_repairs_it_and_the_next_writes_nothing(day: BusyDay) -> None:
    day.morning_again()
    day.bench.seams.begin()
    report = day.bench.run()
    places = len(day.bench.seams.passed)
    good = day.evening()
    assert report.writes >= 60
    assert report.mails_sent == 2
    assert report.errors == ()
    day.check("undisturbed")
    stopped = 0
    for number in range(1, places + 1, EVERY):
        where = stopped_at(day, number, day.bench.run)
        stopped += bool(where)
        day.check(where)
        report = day.bench.run()
        assert report.errors == (), where
        day.check(f"{where}, repaired")
        assert day.evening() == good, where
        assert day.bench.writes_of_a_run() == 0, where
        assert day.evening() == good, where
    print(f"{stopped} stops of {places} places")
    assert stopped >= 0.9 * places / EVERY


def test_wherever_undo_is_stopped_it_can_be_asked_again_and_ends_with_nothing_of_ours(day: BusyDay) -> None:
    places = undone(day)
    assert not any(one.ours and one.made_by_bot for one in day.office.everywhere(day.workers))
    assert len(places) > 10
    for number in range(1, len(places) + 1, UNDO_AT_EVERY):
        where = stopped_at(day, number, lambda: undo(day))
        day.check_own(where)
        assert undo(day).errors == (), where
        assert not any(one.ours and one.made_by_bot for one in day.office.everywhere(day.workers)), where
        assert undo(day).removed == 0, where
        day.check_own(where)


def test_wherever_undo_is_stopped_a_run_puts_back_what_it_had_taken_out(day: BusyDay) -> None:
    """Nothing that undo removed is taken for a person's deletion: every visit stands again."""
    places = undone(day)
    day.bench.run()
    good = shown(day)
    assert len(good) >= 50
    for number in range(2, len(places) + 1, UNDO_AT_EVERY):
        where = stopped_at(day, number, lambda: undo(day))
        assert day.bench.run().errors == (), where
        day.check_own(where)
        assert not day.office.doubled(day.workers), where
        assert good - shown(day) <= day.deleted, where
        assert day.bench.writes_of_a_run() == 0, where


def undo(day: BusyDay) -> Undone:
    with keeping(day.bench.world.store, "undo"):
        return remove(day.bench.world, find(day.bench.world, [address(who) for who in day.workers]))


def undone(day: BusyDay) -> list[str]:
    day.morning_again()
    day.bench.seams.begin()
    undo(day)
    return day.bench.seams.passed


def shown(day: BusyDay) -> set[str]:
    return {one.key for one in day.office.everywhere(day.workers) if one.key}
