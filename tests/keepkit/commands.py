"""The real commands over a real caseload on disk: in a process that can be killed, or in this one."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from bot.caseload import example
from bot.cli.app import app
from bot.errors import BotError
from bot.sandbox.server import Running, start
from bot.sandbox.tenant import Person
from keepkit.bench import FREE, empty, settings_file
from keepkit.children import SENDER
from keepkit.people import Office

REPO = Path(__file__).resolve().parents[2]
SETTINGS = FREE + "max_age_hours = 87600\n"


@dataclass
class Said:
    """What a command answered."""

    code: int
    words: str


@dataclass
class House:
    """A council's folder with its stand-in."""

    folder: Path
    running: Running
    workers: list[str]
    config: Path

    @property
    def office(self) -> Office:
        return Office(self.running)

    @property
    def database(self) -> Path:
        return self.folder / "visit-bot.db"

    def begin_again(self) -> None:
        """Empty mailboxes, and nothing remembered."""
        empty(self.running)
        for old in self.folder.glob("visit-bot.db*"):
            old.unlink()

    def command(self, *arguments: str) -> Said:
        """A command in this process: as far as anybody can tell from outside, the same."""
        done = CliRunner().invoke(app, [*arguments, "--config", str(self.config)])
        if isinstance(done.exception, BotError):
            return Said(done.exception.exit_code, done.output + str(done.exception))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.output)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, str(REPO / "run_bot.py"), *arguments, "--config", str(self.config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "PYTHONUTF8": "1"},
        )

    def killed_at(self, number: int, verb: str, path: str, *arguments: str) -> bool:
        """Start a command and kill it when that request of its has been worked on and not answered yet.

        Any verb: ``""``. Gives whether it got so far; if it did not, it ended by itself.
        """
        killed, seen = threading.Event(), 0
        process = self.start(*arguments)

        def look(request: Any) -> None:
            nonlocal seen
            if verb in ("", request.verb) and path in f"/{'/'.join(request.segments)}":
                seen += 1
                if seen == number:
                    killed.set()
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait()  # nothing of it is left when the answer would come

        with self.heard(look), process:
            process.communicate()
        return killed.is_set() and process.returncode == -signal.SIGKILL

    @contextmanager
    def heard(self, look: Callable[[Any], None]) -> Iterator[None]:
        """Be told of each request once it was worked on, before it is answered."""
        graph = self.running.graph
        tell = graph.tell

        def told(request: Any, response: Any) -> None:
            tell(request, response)
            look(request)

        graph.tell = told  # type: ignore[method-assign]
        try:
            yield
        finally:
            graph.tell = tell  # type: ignore[method-assign]


@contextmanager
def house(folder: Path, today: date, *, children: int = 24) -> Iterator[House]:
    """A council on this machine: the example's caseload, and a stand-in with everybody of it."""
    example.write(folder / "caseload", seed=7, children=children, workers=4, today=today)
    with (folder / "caseload" / "workers.csv").open(encoding="utf-8-sig", newline="") as file:
        people = [Person(row["email"], row["name"]) for row in csv.DictReader(file)]
    with start(people=[*people, Person(SENDER, "Visit bot")]) as running:
        running.tenant.clock.set_today(today)
        config = settings_file(folder, running, more=SETTINGS)
        yield House(folder, running, [one.email for one in people], config)
