"""The demo's folder: a made-up team's caseload, settings that point at the stand-in, the bot's store, and the
stand-in's own state. Whoever serves it again finds everything as it was left, the log of runs with it.
"""

from __future__ import annotations

import secrets
import shutil
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from bot.caseload import example, plain
from bot.cli.desk import DemoDesk
from bot.cli.telling import news_of
from bot.errors import Refused
from bot.outlook.connection import connect
from bot.run.order import Wishes, run_once
from bot.run.report import RunReport
from bot.run.world import open_world
from bot.sandbox.page import app as page
from bot.sandbox.page.news import RunLog, RunNews
from bot.sandbox.server import Running
from bot.sandbox.tenant import Person
from bot.sandbox.tenant.clock import LONDON
from bot.settings_file import load

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
# {what}
caseload = "{caseload}"
packs = ["visiting-policy", "cp-statutory-visits", "measures-of-practice"]

[microsoft]
tenant_id = "{tenant_id}"
client_id = "{client_id}"
{sign_in}
graph_url = "{graph_url}"
authority = "{authority}"
ca_file = "{ca_file}"

[mail]
sender = "{sender}"
allowed_domains = ["{domain}"]

[diary]
{keys}

[guard]
max_age_hours = 87600    # {age}

[service]
port = 0
"""


class DemoFolder:
    """One demo on disk, and the bot that works in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = RunLog(path / "runs.json")

    @staticmethod
    def is_one(path: Path) -> bool:
        """Whether a demo made that folder."""
        return (path / MARK).is_file()

    @classmethod
    def fresh(cls, path: Path, today: date) -> DemoFolder:
        """A new team in an empty folder; one that holds anything but an earlier demo is left alone."""
        if path.exists() and any(path.iterdir()) and not cls.is_one(path):
            raise Refused(
                f"{path} holds something that no demo made, and was left alone. Name another with --state."
            )
        try:
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
            (path / MARK).touch()
        except OSError as error:
            raise Refused(f"{path} cannot be made ({error.strerror}). Name another with --state.") from None
        example.write(path / "caseload", seed=7, children=120, today=today)
        _keep_secret(path / "key.secret", secrets.token_hex(32))
        return cls(path)

    @property
    def microsoft(self) -> Path:
        """Where the stand-in keeps its state."""
        return self.path / "microsoft"

    def people(self, today: date) -> list[Person]:
        """Everybody of the team, and the bot."""
        return people_of(self.path / "caseload", today)

    def a_child(self, today: date) -> str:
        """One of the team's children, to ask about."""
        return str(plain.read(self.path / "caseload", today).children["child_id"][0])

    def lead_to(self, running: Running) -> None:
        """Write down where the stand-in answers and how the bot signs in there."""
        _keep_secret(self.path / "client.secret", running.client_secret)
        (self.path / "settings.toml").write_text(settings_for(running), encoding="utf-8")

    def run(self, today: date, running: Running) -> RunReport:
        """One run of the bot on a day, as late on it as can be: all of it has come.

        Nobody waits in a demo, for a mail's turn say: the stand-in's clock is let pass instead, and is the
        bot's own.
        """
        clock = running.tenant.clock
        connects = partial(connect, sleep=clock.let_pass, clock=clock.wall)
        world = open_world(load(self.path / "settings.toml"), connects)
        try:
            return run_once(world, datetime.combine(today, time(23, 59)), Wishes())
        finally:
            world.close()

    def page(self, running: Running) -> Starlette:
        """The page over this demo: diaries, mail, the desk, faults and the bot."""

        def run(day: date) -> RunNews:
            return news_of(self.run(day, running), running.tenant)

        def now() -> datetime:
            return running.tenant.clock.now().astimezone(LONDON).replace(tzinfo=None)

        return page.app(
            running.tenant,
            run=run,
            desk=DemoDesk(self.path, MARK, now),
            faults=running.graph.faults,
            settings=running.graph.settings,
            kept=self.log,
        )


def settings_for(running: Running) -> str:
    """The settings of the demo's own bot, beside its caseload and its secrets."""
    return _settings(
        running,
        what="Made by the demo: a made-up team and a Microsoft 365 on this machine.",
        caseload="caseload",
        sign_in='client_secret_file = "client.secret"',
        keys='key_secret_file = "key.secret"',
        age="the demo's date can be set forward; its caseload stays",
    )


def settings_alone(running: Running, caseload: Path, today: date) -> str:
    """Settings for a bot of one's own that is to use a stand-in with the people of an example caseload."""
    return _settings(
        running,
        what=f"The example's caseload of {today}, and a Microsoft 365 on this machine with its people.",
        caseload=caseload.resolve().as_posix(),
        sign_in="# client_secret_file: or in VISIT_BOT_CLIENT_SECRET",
        keys="# key_secret_file: or in VISIT_BOT_KEY_SECRET",
        age="the example stays as old as it is",
    )


def _settings(running: Running, **own: str) -> str:
    return SETTINGS.format(
        **own,
        tenant_id=running.tenant_id,
        client_id=running.client_id,
        graph_url=running.graph_url,
        authority=running.authority,
        ca_file=Path(running.ca_file).resolve().as_posix(),
        sender=SENDER,
        domain=DOMAIN,
    )


def people_of(caseload: Path, today: date) -> list[Person]:
    """The workers of a caseload as people with mailboxes, and the bot's own."""
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


def _keep_secret(path: Path, secret: str) -> None:
    """Write a secret that its owner alone can read."""
    path.touch(mode=0o600)
    path.write_text(secret + "\n", encoding="utf-8")
