"""`demo` and `sandbox`: the whole way on a local Microsoft 365, for whoever wants to see before they believe.

`demo` makes a folder, runs once and shows it; `sandbox` serves the stand-in alone, or with `--state` a demo's
folder again, where the bot can be run on.
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from rich.text import Text

from bot.cli.demo_folder import DemoFolder, people_of, settings_alone
from bot.cli.keeping import show_report
from bot.cli.output import day, out, say, say_command, say_problems, warn
from bot.cli.telling import news_of
from bot.errors import Problem, Refused, WronglyUsed
from bot.sandbox import server, settings_file
from bot.sandbox.faults.spelling import Misspelt
from bot.sandbox.page import app as page
from bot.sandbox.recording import Recording
from bot.sandbox.server import Running
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.settings_file import FromFile
from bot.sandbox.tenant import Person
from bot.sandbox.tenant.clock import LONDON
from bot.service import logs
from bot.settings import HOME

EXAMPLE = HOME / "config" / "caseload"
EXAMPLE_DAY = date(2026, 11, 23)


def demo(*, today: date | None, state: Path, port: int | None, serve: bool, record: Path | None) -> None:
    """Make a team, run once, show what was done; then serve the page, or say how to see it."""
    logs.configure(quiet=True)
    recording = _recording(record)
    chosen = today or _working_day(datetime.now(LONDON).date())
    say(f"An example team on {day(chosen)}, in {state}/", style="bold")
    folder = DemoFolder.fresh(state, chosen)
    with serve_folder(
        folder,
        port=port if serve else 0,
        graph_port=0,
        today=chosen,
        asked=asked_of(None),
        recording=recording,
    ) as running:
        report = folder.run(chosen, running)
        say_problems(report.problems)
        show_report(report)
        for error in report.errors:
            warn(error, style="bold")
        folder.log.add(news_of(report, running.tenant))
        _say_how_to_ask(folder, chosen)
        if serve:
            _serve(running, "Every diary and inbox")
            return
    command = f"{_python()} run_bot.py sandbox --state {state}"
    say_command("Look at every diary and inbox", command, "bold")


def _say_how_to_ask(folder: DemoFolder, today: date) -> None:
    """Commands that answer as they stand: on the demo's own day, which at a weekend is not today."""
    asked = f"--config {folder.path / 'settings.toml'} --today {today}"
    say_command("Everything that is owed", f"{_python()} run_bot.py due {asked}")
    say_command("Why a date is as it is", f"{_python()} run_bot.py explain {folder.a_child(today)} {asked}")


def sandbox(
    *,
    port: int | None,
    graph_port: int,
    state: Path | None,
    settings: Path | None,
    record: Path | None,
) -> None:
    """Serve the stand-in, with the bot behind its page where the folder is a demo's."""
    logs.configure(quiet=True)
    asked, recording = asked_of(settings), _recording(record)
    if state is not None and DemoFolder.is_one(state):
        with serve_folder(
            DemoFolder(state), port=port, graph_port=graph_port, today=None, asked=asked, recording=recording
        ) as running:
            _serve(running, "The demo's diaries and inboxes")
        return
    with _served(
        lambda some: server.start(
            people=_example_people(),
            state_dir=state,
            port=some,
            graph_port=graph_port,
            settings=asked.settings,
            faults=asked.faults,
            page_for=lambda running: page.app(
                running.tenant, run=None, faults=running.graph.faults, settings=running.graph.settings
            ),
            witness=recording,
        ),
        port,
    ) as running:
        _say_settings(running)
        _serve(running, "The page")


def _say_settings(running: Running) -> None:
    """All that a bot of one's own needs; commands that answer as they stand, on the example's own day."""
    say("Settings for a bot that is to use it, as sandbox.toml:", style="bold")
    out.print(Text(settings_alone(running, EXAMPLE, EXAMPLE_DAY)), soft_wrap=True)
    say("Its two secrets, which no settings file holds; the second is its own, and stays the same:", "bold")
    say(f"client secret: {running.client_secret}")
    give = "set" if os.name == "nt" else "export"
    say_command("Give it", f"{give} VISIT_BOT_CLIENT_SECRET={running.client_secret}")
    say_command("And", f"{give} VISIT_BOT_KEY_SECRET={secrets.token_hex(32)}")
    say_command("Then", f"{_python()} run_bot.py run --config sandbox.toml --today {EXAMPLE_DAY}", "bold")


def asked_of(file: Path | None) -> FromFile:
    """What a settings file asks of the stand-in; every mistake in it at once."""
    try:
        return settings_file.load(file) if file else FromFile(SandboxSettings())
    except settings_file.FileRefused as error:
        problems = [Problem(one.where, one.what, one.mend, "run refused") for one in error.mistakes]
        raise WronglyUsed(f"{file}: the stand-in cannot be as asked.", problems) from None


def _recording(file: Path | None) -> Recording | None:
    """Where every exchange is to be written down."""
    try:
        return Recording(file) if file else None
    except OSError as error:
        raise Refused(
            f"{file}: exchanges cannot be written there ({error.strerror}). Name another file with --record."
        ) from None


def serve_folder(
    folder: DemoFolder,
    *,
    port: int | None,
    graph_port: int,
    today: date | None,
    asked: FromFile,
    recording: Recording | None,
) -> Running:
    """Serve a demo's folder with the bot behind its page; `today` where its date is not to stay."""

    def page_for(running: Running) -> server.Asgi:
        if today is not None:
            running.tenant.clock.set_today(today)
        return folder.page(running)

    people = folder.people(today or date(2000, 1, 1))
    running = _served(
        lambda some: server.start(
            people=people,
            state_dir=folder.microsoft,
            port=some,
            graph_port=graph_port,
            settings=asked.settings,
            faults=asked.faults,
            page_for=page_for,
            witness=recording,
        ),
        port,
    )
    folder.lead_to(running)
    return running


def _example_people() -> list[Person]:
    return people_of(EXAMPLE, EXAMPLE_DAY)


def _served(start: Callable[[int], Running], port: int | None) -> Running:
    """Start on the port asked for; where none was, on the usual one or else on any free one."""
    try:
        try:
            return start(8365 if port is None else port)
        except OSError:
            if port is not None:
                raise
            return start(0)
    except OSError as error:
        raise Refused(str(error.strerror or error)) from None
    except Misspelt as error:
        words = " ".join(error.problems)
        raise WronglyUsed(f"The settings file orders a bad day that cannot be. {words}") from None


def _serve(running: Running, what: str) -> None:
    say(f"{what}: {running.page_url}", style="bold")
    say("Ctrl-C stops.")
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        while not stop.wait(1):
            pass
    except KeyboardInterrupt:
        say("")


def _working_day(today: date) -> date:
    """Today, or at a weekend the Monday after it: nobody's diary says much on a Sunday."""
    return today + timedelta(days=7 - today.weekday()) if today.weekday() >= 5 else today


def _python() -> str:
    executable = Path(sys.executable)
    try:
        return executable.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return executable.as_posix()
