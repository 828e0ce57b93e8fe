"""What the last accepted caseload held is given back as it was, and kept by the newest run alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.store import accepted, ledger, runs
from bot.store.accepted import Accepted, Holding
from bot.store.database import Overtaken, Store

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 7, 30)
FIRST = Accepted(
    MONDAY,
    {"children": 2, "visits": 9, "absences": 1},
    3,
    (
        Holding("C1", "W1", 5),
        Holding("C1", "W2", 5),
        Holding("C2", "", 4, MONDAY, datetime(2026, 11, 23, 2, 0, 7, 123)),
    ),
)


def remember(store: Store, what: Accepted, children_of: dict[str, str], fence: int | None = None) -> None:
    fence = fence or store.take_fence()
    run = runs.begin(store, fence, "diaries", f"{what.today} {fence}", NOW)
    assert run is not None
    accepted.remember(store, fence, run, what, problems=0, children_of=children_of)


def test_before_the_first_there_is_none(store: Store) -> None:
    assert accepted.last(store) is None


def test_the_last_is_given_back_as_it_was(store: Store) -> None:
    remember(store, FIRST, {"k1": "C1"})
    second = replace(
        FIRST, today=date(2026, 11, 24), holdings=(Holding("C1", "W2", 6), Holding("C3", "W1", 0))
    )
    for what in (FIRST, second):
        remember(store, what, {"k1": "C1"})
        found = accepted.last(store)
        assert found is not None
        assert (found.today, found.tables, found.open_episodes) == (what.today, what.tables, 3)
        assert set(found.holdings) == set(what.holdings)


def test_an_entry_s_child_is_known_as_long_as_the_entry_is_wanted_or_remembered(store: Store) -> None:
    remember(store, FIRST, {"k1": "C1", "k2": "C2"})
    row = ledger.LedgerRow(
        "a@northdale.example", "k2", 0, "live", "AAMk=", "e", MONDAY, NOW, "d", achieved=False
    )
    ledger.put(store, store.take_fence(), [row])
    remember(store, FIRST, {"k1": "C9"})
    assert accepted.children_of_entries(store) == {"k1": "C9", "k2": "C2"}
    ledger.forget(store, store.take_fence(), "a@northdale.example", ["k2"])
    remember(store, FIRST, {"k1": "C9"})
    assert accepted.children_of_entries(store) == {"k1": "C9"}


def test_a_run_that_was_overtaken_makes_no_measure(store: Store) -> None:
    old = store.take_fence()
    run = runs.begin(store, old, "diaries", "s", NOW)
    assert run is not None
    store.take_fence()
    with pytest.raises(Overtaken):
        accepted.remember(store, old, run, FIRST, problems=0, children_of={"k1": "C1"})
    assert accepted.last(store) is None
    assert accepted.children_of_entries(store) == {}


def test_overrides_are_read_newest_first(store: Store) -> None:
    for number in range(3):
        runs.record_override(store, at=NOW, who="ann at desk", what="guard", why=f"{number}", details="d")
    assert [one.why for one in runs.overrides(store, 2)] == ["2", "1"]
