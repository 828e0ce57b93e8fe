"""`demo` and `sandbox`: the whole way on a local Microsoft 365, for whoever wants to see before they believe.

The demo's folder holds a made-up team's caseload, settings that point at the stand-in, the bot's store and
the stand-in's own state; `sandbox --state` of that folder shows it again and can run the bot on.
"""

from __future__ import annotations

import secrets
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.applications import Starlette

from bot.caseload import example, plain
from bot.cli.keeping import show_report
from bot.cli.output import day, say, say_problems, warn
from bot.errors import Problem, Refused, WronglyUsed
from bot.run.order import Wishes, run_once
from bot.run.report import RunReport
from bot.run.world import open_world
from bot.sandbox import server, settings_file
from bot.sandbox.page import app as page
from bot.sandbox.page.api import NewsLine, RunNews
from bot.sandbox.server import Running
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.settings_file import FromFile
from bot.sandbox.tenant import Person
from bot.service import logs
from bot.settings import HOME
from bot.settings_file import load

LONDON = ZoneInfo("Europe/London")
DOMAIN = "northdale.example"
SENDER = f"visit-bot@{DOMAIN}"
MARK = ".visit-bot-demo"
TITLES = {
    "social_worker": "Social worker",
    "early_help_practitioner": "Early help practitioner",
    "personal_adviser": "Personal adviser",
    "manager": "Team manager",
    "service_manager": "Service manager",
    "assistant_director": "Assistant director",
    "iro": "Independent reviewing officer",
}
SETTINGS = """\
# Made by the demo: a made-up team and a Microsoft 365 on this machine.
caseload = "caseload"
packs = ["visiting-policy", "cp-statutory-visits", "measures-of-practice"]

[microsoft]
tenant_id = "{tenant_id}"
client_id = "{client_id}"
client_secret_file = "client.secret"
graph_url = "{graph_url}"
authority = "{authority}"
ca_file = "{ca_file}"

[mail]
sender = "{sender}"
allowed_domains = ["{domain}"]

[diary]
key_secret_file = "key.secret"

[guard]
max_age_hours = 87600    # the demo's date can be set forward; its caseload stays

[service]
port = 0
"""


def demo(*, today: date | None, state: Path, port: int | None, serve: bool) -> None:
    """Make a team, run once, show what was done; then serve the page, or say how to see it."""
    logs.configure(quiet=True)
    chosen = today or _working_day(datetime.now(LONDON).date())
    _fresh(state)
    say(f"An example team on {day(chosen)}, in {state}/", style="bold")
    example.write(state / "caseload", seed=7, children=120, today=chosen)
    (state / "key.secret").write_text(secrets.token_hex(32) + "\n", encoding="utf-8")
    news: list[RunNews] = []
    with _start(state, port if serve else 0, 0, chosen, news) as running:
        report = _run(state, chosen)
        say_problems(report.problems)
        show_report(report)
        for error in report.errors:
            warn(error, style="bold")
        news.append(_news(report))
        if serve:
            _serve(running, "Every diary and inbox")
            return
    command = f"{_python()} run_bot.py sandbox --state {state}"
    say(f"Look at every diary and inbox: {command}", style="bold")


def sandbox(*, port: int | None, graph_port: int, state: Path | None, settings: Path | None) -> None:
    """Serve the stand-in, with the bot behind its page where the folder is a demo's."""
    logs.configure(quiet=True)
    asked = _asked(settings)
    if state is not None and (state / MARK).is_file():
        with _start(state, port, graph_port, None, [], asked=asked) as running:
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
            page_for=lambda running: page.app(running.tenant, run=None),
        ),
        port,
    ) as running:
        say("Settings for a bot that is to use it:", style="bold")
        say(_settings(running))
        say(f"client secret: {running.client_secret}")
        _serve(running, "The page")


def _asked(file: Path | None) -> FromFile:
    """What a settings file asks of the stand-in; every mistake in it at once."""
    try:
        return settings_file.load(file) if file else FromFile(SandboxSettings())
    except settings_file.FileRefused as error:
        problems = [Problem(one.where, one.what, one.mend, "run refused") for one in error.mistakes]
        raise WronglyUsed(f"{file}: the stand-in cannot be as asked.", problems) from None


def _start(
    state: Path,
    port: int | None,
    graph_port: int,
    today: date | None,
    news: list[RunNews],
    *,
    asked: FromFile | None = None,
) -> Running:
    asked = asked or FromFile(SandboxSettings())
    people = _people(state / "caseload", today or date(2000, 1, 1))

    def page_for(running: Running) -> Starlette:
        if today is not None:
            running.tenant.clock.set_today(today)
        return page.app(running.tenant, run=lambda to: _news(_run(state, to)), told=news)

    running = _served(
        lambda some: server.start(
            people=people,
            state_dir=state / "microsoft",
            port=some,
            graph_port=graph_port,
            settings=asked.settings,
            faults=asked.faults,
            page_for=page_for,
        ),
        port,
    )
    (state / "client.secret").write_text(running.client_secret + "\n", encoding="utf-8")
    (state / "settings.toml").write_text(_settings(running), encoding="utf-8")
    return running


def _settings(running: Running) -> str:
    return SETTINGS.format(
        tenant_id=running.tenant_id,
        client_id=running.client_id,
        graph_url=running.graph_url,
        authority=running.authority,
        ca_file=Path(running.ca_file).resolve().as_posix(),
        sender=SENDER,
        domain=DOMAIN,
    )


def _run(state: Path, today: date) -> RunReport:
    world = open_world(load(state / "settings.toml"))
    try:
        return run_once(world, datetime.combine(today, time(23, 59)), Wishes())
    finally:
        world.close()


def _news(report: RunReport) -> RunNews:
    lines = [NewsLine(one.mailbox, line.what, line.why) for one in report.kept for line in one.lines]
    lines += [NewsLine(mail.recipient, f"mailed “{mail.subject}”", mail.state) for mail in report.posted]
    return RunNews(
        date=report.today,
        lines=tuple(lines),
        mails=report.mails_sent,
        writes=report.writes,
        problems=tuple(report.errors),
    )


def _people(caseload: Path, today: date) -> list[Person]:
    workers = plain.read(caseload, today).workers
    address = dict(zip(workers["worker_id"], workers["email"], strict=True))
    people = [
        Person(
            row["email"],
            row["name"] or row["worker_id"],
            TITLES.get(row["role"] or "", ""),
            address.get(row["manager_id"]),
        )
        for row in workers.iter_rows(named=True)
    ]
    return [*people, Person(SENDER, "Visit bot", "Sends the lists")]


def _example_people() -> list[Person]:
    return _people(HOME / "config" / "caseload", date(2026, 11, 23))


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


def _fresh(state: Path) -> None:
    """An empty folder for the demo; one that holds anything but an earlier demo is left alone."""
    if state.exists() and any(state.iterdir()) and not (state / MARK).is_file():
        raise Refused(
            f"{state} holds something that no demo made, and was left alone. Name another with --state."
        )
    try:
        shutil.rmtree(state, ignore_errors=True)
        state.mkdir(parents=True)
        (state / MARK).touch()
    except OSError as error:
        raise Refused(f"{state} cannot be made ({error.strerror}). Name another with --state.") from None


def _working_day(today: date) -> date:
    """Today, or at a weekend the Monday after it: nobody's diary says much on a Sunday."""
    return today + timedelta(days=7 - today.weekday()) if today.weekday() >= 5 else today


def _python() -> str:
    executable = Path(sys.executable)
    try:
        return executable.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return executable.as_posix()
