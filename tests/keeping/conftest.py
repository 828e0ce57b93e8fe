"""One stand-in for all tests of a module; each test has its mailboxes empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keepkit.bench import Bench
from keepkit.children import SENDER, Council, address
from keepkit.people import Office

from bot.sandbox.server import Running, start
from bot.sandbox.tenant import Person

WORKERS = ("W1", "W2", "W3", "W4", "W5")


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    people = [Person(address(one), f"Worker {one}") for one in WORKERS]
    with start(people=[*people, Person(SENDER, "Visit bot")]) as one:
        yield one


@pytest.fixture
def bench(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Council], Bench]]:
    made: list[Bench] = []

    def make(council: Council) -> Bench:
        made.append(Bench.beside(running, tmp_path / f"bot{len(made)}", council, monkeypatch))
        return made[-1]

    yield make
    for one in made:
        one.end_process()


@pytest.fixture
def office(running: Running) -> Office:
    return Office(running)
