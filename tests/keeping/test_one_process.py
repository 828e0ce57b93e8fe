"""A second process on the same store refuses to start and says who is at work; only reading goes on."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from keepkit.commands import House, house

from bot.sandbox.faults.fault import Fault

MONDAY = date(2026, 11, 23)
RUN = ("run", "--today", MONDAY.isoformat())


@pytest.fixture
def council(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, MONDAY, children=8) as one:
        yield one


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_held(council: House) -> bool:
    lock = council.folder / "visit-bot.db.lock"
    return lock.is_file() and bool(lock.read_text().strip())


def test_beside_a_run_a_run_an_undo_and_a_service_are_refused(council: House) -> None:
    slow = {"do": "slow", "path": "$batch", "ms": 60000}  # the first run waits for its lists
    council.running.graph.faults.order([Fault.read(slow)])
    first = council.start(*RUN)
    until(lambda: is_held(council))
    for command in (RUN, ("undo", "--yes"), ("serve",)):
        refused = council.command(*command)
        assert refused.code == 1, refused.words
        assert f"`run`, process {first.pid} on " in refused.words
        assert "Nothing was done" in refused.words
    second = council.start(*RUN)
    words, _ = second.communicate()
    assert second.returncode == 1
    assert f"process {first.pid} on" in words
    assert "Traceback" not in words
    assert first.poll() is None
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    council.running.graph.faults.clear()
    assert council.command(*RUN).code == 0, "one that was killed holds nothing"
    assert not council.office.doubled(council.workers)


def test_a_service_holds_its_store_while_it_lives_and_lets_go_when_killed(council: House) -> None:
    council.config.write_text(council.config.read_text() + "[service]\nport = 0\n")
    service = council.start("serve")
    until(lambda: is_held(council))
    holder = json.loads((council.folder / "visit-bot.db.lock").read_text())
    assert (holder["doing"], holder["pid"]) == ("serve", service.pid)
    refused = council.command(*RUN)
    assert refused.code == 1
    assert f"`serve`, process {service.pid} on " in refused.words
    planned = council.command("plan", "--today", MONDAY.isoformat())
    assert "would be" in planned.words
    os.kill(service.pid, signal.SIGKILL)
    service.communicate()
    assert council.command(*RUN).code == 0
