"""Each safety has a history of the real code that goes wrong without it, and only without it.

Each is taken off at one place. What happens is the same in both halves; the harm is not.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from keepkit import wire
from keepkit.bench import FREE, Bench, settings_file
from keepkit.children import MONDAY, Council
from keepkit.people import Event, Office
from keepkit.seams import Stopped

from bot.errors import BotError
from bot.run import keep
from bot.store.database import Overtaken, Store
from bot.verdict import Held

NOON = datetime.combine(MONDAY + timedelta(days=9), datetime.min.time()) + timedelta(hours=12)
Make = Callable[[Council], Bench]


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def twice(office: Office, council: Council) -> int:
    """How many visits stand more than once in a diary, by the bot's doing or anyone's."""
    events = office.everywhere(council.workers)
    return sum(n > 1 for n in Counter((one.worker, one.subject, one.all_day) for one in events).values())


def reminder(office: Office, worker: str = "W1") -> Event:
    return next(one for one in office.events(worker) if one.ours and not one.all_day)


@pytest.mark.parametrize("without", [False, True])
def test_the_transaction_id_keeps_a_creation_that_nobody_heard_of_from_being_made_again(
    bench: Make, office: Office, patch: pytest.MonkeyPatch, without: bool
) -> None:
    """Made, the process killed before the answer; and the next run's list does not show it yet."""
    one = bench(Council.of(cases=9))
    if without:
        wire.before_each_batch(patch, wire.without_field("transactionId"))
    one.seams.begin(stop_after=("POST $batch", lambda: len(office.everywhere(one.council.workers)) > 0))
    with pytest.raises(Stopped):
        one.run()
    one.seams.begin()
    one.end_process()
    one.strike({"do": "empty", "path": "events", "verb": "GET", "times": None})
    one.run()
    assert (twice(office, one.council) > 0) == without


@pytest.mark.parametrize("without", [False, True])
def test_if_match_keeps_what_a_person_did_between_our_look_and_our_write(
    bench: Make, office: Office, patch: pytest.MonkeyPatch, without: bool
) -> None:
    one = bench(Council.of(cases=6))
    one.run()
    mine = reminder(office)
    for case in one.council.cases:
        case.risk = "A dog"  # a reason to write everything anew
    if without:
        wire.before_each_batch(patch, wire.without_header("If-Match"))
    wire.before_each_batch(patch, wire.once("PATCH", lambda: office.move(mine, NOON)))
    one.run()
    (now,) = [event for event in office.events("W1") if event.id == mine.id]
    assert (now.starts == NOON) != without


@pytest.mark.parametrize("without", [False, True])
def test_the_fence_keeps_yesterdays_run_that_wakes_up_from_writing_what_today_has_written(
    bench: Make, office: Office, patch: pytest.MonkeyPatch, without: bool
) -> None:
    """The machine slept over night in the middle of a run, and lost its lock; another ran in the morning."""
    patch.setattr("bot.run.order.keeping", lambda *_: contextlib.nullcontext())
    if without:
        patch.setattr(Store, "fenced", lambda store, number: store.transaction())
    one = bench(Council.of(cases=9))

    def morning() -> None:
        with one.seams.aside():
            one.set_day(MONDAY + timedelta(days=1))
            other = one.new_world()
            one.run(other)
            other.close()

    one.seams.begin(after=("POST $batch", morning))
    with contextlib.nullcontext() if without else pytest.raises(Overtaken):
        one.run()
    assert (twice(office, one.council) > 0) == without


@pytest.mark.parametrize("without", [False, True])
def test_the_guard_keeps_a_caseload_that_was_cut_short_from_emptying_diaries(
    bench: Make, office: Office, patch: pytest.MonkeyPatch, without: bool
) -> None:
    one = bench(Council.of(cases=24, workers=2))
    settings_file(one.folder, one.running, more=FREE if without else "")
    one.run()
    stood = len(office.everywhere(one.council.workers))
    one.council.cases = one.council.cases[:2]
    for _ in range(2):  # whoever is missing once is kept for a day anyway
        with contextlib.nullcontext() if without else pytest.raises(Held, match="over the limit"):
            one.run()
        one.set_day(one.council.today + timedelta(days=1))
    left = len(office.everywhere(one.council.workers))
    assert (left < stood) == without


@pytest.mark.parametrize("without", [False, True])
def test_the_remembered_id_finds_an_entry_whose_tag_a_client_took_off(
    bench: Make, office: Office, patch: pytest.MonkeyPatch, without: bool
) -> None:
    one = bench(Council.of(cases=6))
    one.run()
    office.strip(reminder(office))
    if without:
        known = keep.as_known
        patch.setattr(keep, "as_known", lambda row: replace(known(row), event_id=None))
    one.run()
    assert (twice(office, one.council) > 0) == without


@pytest.mark.parametrize("without", [False, True])
def test_a_list_that_failed_is_no_empty_list(
    bench: Make, office: Office, patch: pytest.MonkeyPatch, without: bool
) -> None:
    """The store was lost, and a later page of a diary's list fails for a whole day."""
    patch.setattr("bot.outlook.reading.PAGE", 3)
    one = bench(Council.of(cases=6, workers=1))
    one.run()
    one.restore_store(None)
    one.set_day(MONDAY + timedelta(days=1))
    one.strike({"do": "500", "path": "events", "verb": "GET", "page": 2, "times": None})
    if without:
        lists = keep.list_many
        patch.setattr(keep, "list_many", lambda *given: _errors_as_nothing(lists(*given)))
    writes = one.writes_of_a_run()
    assert (writes > 0) == without
    assert (len(office.events("W1")) > 12) == without


def _errors_as_nothing(lists: dict[str, object]) -> dict[str, object]:
    return {mailbox: () if isinstance(found, BotError) else found for mailbox, found in lists.items()}


@pytest.mark.parametrize("without", [False, True])
def test_intents_keep_our_own_lost_shift_from_being_taken_for_a_persons_move(
    bench: Make, office: Office, patch: pytest.MonkeyPatch, without: bool
) -> None:
    """Shifted, the process killed before the answer; the reason for it has gone, and it must come back."""
    one = bench(Council.of(cases=3, workers=1, spread=1))
    one.run()
    where = reminder(office).starts
    if without:
        patch.setattr("bot.run.writer.intent", lambda *_: None)
    one.council.away_on = where.date()
    one.seams.begin(stop_after=("POST $batch", lambda: reminder(office).starts != where))
    with pytest.raises(Stopped):
        one.run()
    one.seams.begin()
    one.end_process()
    one.council.away_on = None  # and is at work, after all
    one.run()
    assert (reminder(office).starts == where) != without
