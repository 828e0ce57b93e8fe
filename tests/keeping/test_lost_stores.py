"""The store is lost, or is last week's: the next run adopts what stands, doubles nothing, and what people
decided is respected as far as anybody can still know it. All by the real command.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from keepkit.bench import Bench
from keepkit.children import Council
from keepkit.commands import House, house
from keepkit.people import Event, Office

from bot.agenda import DueRun
from bot.run.order import asked_now, due_now

MONDAY = date(2026, 11, 23)
LISTS = {"worker_list", "manager_digest"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, Any], Path]]:
    """A council after its first run, made once: its mailboxes, and its store and caseload as of then."""
    with house(tmp_path_factory.mktemp("council"), MONDAY, children=24) as one:
        run(one, MONDAY)
        kept = tmp_path_factory.mktemp("kept")
        shutil.copy(one.database, kept / "store.db")
        shutil.copytree(one.folder / "caseload", kept / "caseload")
        yield one, one.office.photograph(), kept


@pytest.fixture
def council(filled: tuple[House, dict[str, Any], Path]) -> House:
    one, mailboxes, kept = filled
    one.office.put_back(mailboxes)
    lose_store(one, kept / "store.db")
    shutil.copytree(kept / "caseload", one.folder / "caseload", dirs_exist_ok=True)
    return one


def run(council: House, today: date) -> int:
    """One run on a day; gives how many writes Microsoft saw."""
    council.running.tenant.clock.set_today(today)
    council.running.tenant.record.reset()
    done = council.command("run", "--today", today.isoformat())
    assert done.code == 0, done.words
    return council.running.tenant.record.writes


def events(council: House) -> list[Event]:
    return [one for one in council.office.everywhere(council.workers) if one.ours]


def lose_store(council: House, saved: Path | None = None) -> None:
    for old in council.folder.glob("visit-bot.db*"):
        old.unlink()
    if saved is not None:
        shutil.copy(saved, council.database)


def upcoming(council: House, today: date) -> list[Event]:
    """Reminders that a person would move or delete: of days to come, by day."""
    found = [one for one in events(council) if not one.all_day and one.starts.date() > today]
    return sorted(found, key=lambda one: (one.starts, one.id))


def record_visits(council: House, today: date, how_many: int) -> None:
    """Some children are seen: their cycle ends, and the next begins."""
    path = council.folder / "caseload" / "visits.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    full = next(row for row in reversed(rows) if row["status"] == "completed" and row["seen_alone"] == "yes")
    children = list(dict.fromkeys(one.subject.rsplit(" ", 1)[-1] for one in upcoming(council, today)))
    at = f"{today.isoformat()}T10:00"
    for number, child in enumerate(children[:how_many]):
        new = {"visit_id": f"N{number}", "child_id": child, "at": at}
        rows.append(full | new | {"finalised_at": at if full["finalised_at"] else ""})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def doubled(council: House) -> list[tuple[str, str | None]]:
    return [one for one, n in Counter((e.worker, e.key) for e in events(council) if e.key).items() if n > 1]


@pytest.mark.parametrize("days", [0, 1, 7])
def test_after_a_lost_store_entries_are_adopted_and_moves_stay(council: House, days: int) -> None:
    today = MONDAY + timedelta(days=days)
    run(council, today)
    before = Counter((e.worker, e.key, e.starts) for e in events(council))
    moved = upcoming(council, today)[-1]
    noon = datetime.combine(moved.starts.date() - timedelta(days=1), datetime.min.time()) + timedelta(
        hours=15
    )
    council.office.move(moved, noon)
    lose_store(council)
    run(council, today)
    assert not doubled(council)
    after = Counter((e.worker, e.key, e.starts) for e in events(council))
    gone = before - after
    assert gone == Counter({(moved.worker, moved.key, moved.starts): 1}), "all others stand where they stood"
    assert after - before == Counter({(moved.worker, moved.key, noon): 1}), "a move is still known for one"
    assert run(council, today) == 0


def test_after_a_lost_store_what_is_owed_no_more_is_tidied(council: House) -> None:
    """Visits were recorded on the day the store was lost: the old entries say so, and new ones stand."""
    run(council, MONDAY)
    record_visits(council, MONDAY, 4)
    lose_store(council)
    run(council, MONDAY)
    lost = council.office.picture(council.workers)
    assert not doubled(council)
    assert sum(subject.startswith("Seen ") for _, _, _, subject, *_ in lost) >= 4
    assert len(lost) >= 24


def test_a_store_of_last_week_leads_to_the_same_diaries_as_todays_would(council: House) -> None:
    saved = council.folder / "saved.copy"
    shutil.copy(council.database, saved)
    noon = datetime.combine(MONDAY + timedelta(days=20), datetime.min.time()) + timedelta(hours=15)
    later = MONDAY + timedelta(days=7)
    for day in range(1, 8):
        today = MONDAY + timedelta(days=day)
        if day == 3:
            record_visits(council, today, 4)
        run(council, today)
    kept, dropped = upcoming(council, later)[-1], upcoming(council, later)[0]
    council.office.move(kept, noon)
    council.office.delete(dropped)
    run(council, later)
    good = council.office.picture(council.workers)
    lose_store(council, saved)
    run(council, later)
    assert not doubled(council)
    restored = council.office.picture(council.workers)
    assert Counter(restored) == Counter(good)
    assert run(council, later) == 0


def test_after_a_lost_store_nothing_is_left_with_a_worker_who_is_owed_nothing_any_more(
    bench: Callable[[Council], Bench], office: Office
) -> None:
    one = bench(Council.of(cases=9))
    one.run()
    for case in one.council.cases:
        case.open = case.worker != "W3"
    one.restore_store(None)
    one.run()
    assert not office.events("W3")
    assert one.writes_of_a_run() == 0


def jobs(due: tuple[DueRun, ...]) -> set[str]:
    return {one.job for one in due}


def test_a_first_start_on_a_sunday_keeps_diaries_at_once_and_sends_lists_from_monday_on(
    bench: Callable[[Council], Bench],
) -> None:
    sunday, monday = MONDAY - timedelta(days=1), datetime.combine(MONDAY, time(9))
    one = bench(Council.of(cases=2, today=sunday))
    morning = datetime.combine(sunday, time(10))
    assert "diaries" in jobs(due_now(one.world, morning))
    assert LISTS.isdisjoint(jobs(due_now(one.world, morning)))
    assert jobs(asked_now(one.world, morning)) >= LISTS, "whoever asks for a run has this week's"
    one.run()
    assert LISTS.isdisjoint(jobs(due_now(one.world, one.now)))
    assert jobs(due_now(one.world, monday)) >= LISTS


def test_a_store_lost_on_a_monday_sends_that_mondays_lists_all_the_same(
    bench: Callable[[Council], Bench],
) -> None:
    one = bench(Council.of(cases=2))
    one.restore_store(None)
    assert jobs(due_now(one.world, datetime.combine(MONDAY, time(15)))) >= LISTS
