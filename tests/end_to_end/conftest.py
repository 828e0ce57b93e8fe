"""A whole council on this machine: a caseload, the stand-in over TLS, settings, a store, and the bot."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

import pytest
from witness.watching import watched  # noqa: F401 - every test here is heard

from bot.caseload import example
from bot.outlook.connection import connect
from bot.run.order import Wishes, run_once
from bot.run.report import RunReport
from bot.run.world import open_world
from bot.sandbox import server
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Person
from bot.settings_file import load

SENDER = "visit-bot@northdale.example"
SUBJECT = re.compile(r"^(?P<what>.*?) · (?:was due .*? · )?(?P<child>[A-Za-z]*\d[\w/-]*)(?: · .*)?$")


@dataclass(frozen=True)
class Shown:
    """One entry as a worker sees it."""

    mailbox: str
    what: str  # "Visit due Fri 4 Dec", "Visit 3 days late", "Seen Thu 3 Dec"
    child: str
    day: date
    all_day: bool
    categories: tuple[str, ...]
    key: str | None
    subject: str
    private: bool
    show_as: str
    alarm: bool


@dataclass
class Council:
    """The handle tests hold."""

    folder: Path
    running: server.Running
    config: Path

    def run(self, today: date, **wishes: object) -> RunReport:
        """One run of the bot on a day. Nobody waits: the stand-in's clock is let pass, and is the bot's."""
        clock = self.running.tenant.clock
        clock.set_today(today)
        connects = partial(connect, sleep=clock.let_pass, clock=clock.wall)
        world = open_world(load(self.config), connects)
        try:
            return run_once(world, datetime.combine(today, time(23, 59)), Wishes(**wishes))  # type: ignore[arg-type]
        finally:
            world.close()

    def table(self, name: str) -> list[dict[str, str]]:
        """Rows of one of the caseload's files."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, name: str, rows: list[dict[str, str]]) -> None:
        """Put rows in the place of one of the caseload's files."""
        fields = list(self.table(name)[0]) if not rows else list(rows[0])
        with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields)
            writer.writeheader()
            writer.writerows(rows)

    def shown(self) -> list[Shown]:
        """Every entry in every diary."""
        tenant = self.running.tenant
        entries = []
        with tenant.lock:
            for person in tenant.people_by_id.values():
                for item in tenant.mailbox(person.id).items("event").values():
                    entries.append(_shown(person.email, item.props, dict(item.extended)))
        return entries

    def mails(self, address: str) -> list[dict[str, object]]:
        """What lies in somebody's inbox."""
        tenant = self.running.tenant
        return tenant.messages(tenant.user(address)["id"], "inbox")

    def writes_of(self, act: Callable[[], object]) -> int:
        """How many writes Microsoft saw while something was done, by the stand-in's own count."""
        self.running.tenant.record.reset()
        act()
        return self.running.tenant.record.writes


def _shown(mailbox: str, props: dict[str, object], extended: dict[object, str]) -> Shown:
    start = props["start"]["dateTime"]
    subject = str(props["subject"])
    match = SUBJECT.match(subject)
    key = next((v for name, v in extended.items() if "key" in str(name).lower()), None)
    return Shown(
        mailbox=mailbox,
        what=match["what"] if match else subject,
        child=match["child"] if match else "",
        day=datetime.fromisoformat(str(start)[:19]).date(),
        all_day=bool(props["isAllDay"]),
        categories=tuple(props.get("categories") or ()),
        key=key,
        subject=subject,
        private=props.get("sensitivity") == "private",
        show_as=str(props.get("showAs")),
        alarm=bool(props.get("isReminderOn")),
    )


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Callable[..., Council]]:
    """Makes a council: ``council(today, children=…, packs=…, extra=…)``."""
    open_ones: list[server.Running] = []

    def make(
        today: date,
        *,
        children: int = 30,
        workers: int = 5,
        seed: int = 7,
        packs: tuple[str, ...] = ("visiting-policy",),
        extra: str = "",
        diary: str = "",
        sandbox: SandboxSettings | None = None,
    ) -> Council:
        folder = tmp_path / "caseload"
        example.write(folder, seed=seed, children=children, workers=workers, today=today)
        with (folder / "workers.csv").open(encoding="utf-8-sig", newline="") as file:
            people = [Person(row["email"], row["name"]) for row in csv.DictReader(file)]
        running = server.start(people=[*people, Person(SENDER, "Visit bot")], settings=sandbox)
        open_ones.append(running)
        running.tenant.clock.set_today(today)
        config = tmp_path / "settings.toml"
        (tmp_path / "client.secret").write_text(running.client_secret)
        (tmp_path / "key.secret").write_text("k" * 64)
        names = ", ".join(f'"{pack}"' for pack in packs)
        config.write_text(
            f"""caseload = "caseload"
packs = [{names}]
{extra}
[microsoft]
tenant_id = "{running.tenant_id}"
client_id = "{running.client_id}"
client_secret_file = "client.secret"
graph_url = "{running.graph_url}"
authority = "{running.authority}"
ca_file = "{Path(running.ca_file).as_posix()}"
[mail]
sender = "{SENDER}"
allowed_domains = ["northdale.example"]
[guard]
max_age_hours = 87600
[diary]
key_secret_file = "key.secret"
{diary}
""",
            encoding="utf-8",
        )
        return Council(folder, running, config)

    yield make
    for running in open_ones:
        running.stop()
