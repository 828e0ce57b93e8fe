"""One stand-in for all tests of a module; each test has its mailboxes empty and an outbox of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keepkit.children import SENDER, address
from outboxkit.office import SECOND, PostOffice

from bot.sandbox.server import Running, start
from bot.sandbox.tenant import Person

WORKERS = ("W1", "W2", "W3", "M1")


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    people = [Person(address(one), f"Worker {one}") for one in WORKERS]
    people += [Person(SENDER, "Visit bot"), Person(SECOND, "Visit bot 2")]
    with start(people=people) as one:
        yield one


@pytest.fixture
def open_office(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., PostOffice]]:
    made: list[PostOffice] = []

    def make(mail: str = "") -> PostOffice:
        made.append(PostOffice.beside(running, tmp_path / f"bot{len(made)}", monkeypatch, mail))
        return made[-1]

    yield make
    for one in made:
        one.end_process()


@pytest.fixture
def office(open_office: Callable[..., PostOffice]) -> PostOffice:
    return open_office()
