"""A stand-in, a store and a bot beside one another: runs of the real code over real HTTP, on a judged day."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.agenda import DueRun
from bot.outlook.connection import connect
from bot.run import prepare
from bot.run.order import Wishes, perform
from bot.run.report import RunReport
from bot.run.world import World
from bot.sandbox.faults.fault import Fault
from bot.sandbox.server import Running
from bot.settings_file import load
from bot.store import database
from bot.store.database import open_store
from bot.store.outbox import NewMail
from keepkit.children import DOMAIN, SECRET, SENDER, Council, address
from keepkit.seams import Seams, watched

SETTINGS = """caseload = "caseload"
packs = ["visiting-policy"]
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
{more}
"""
FREE = """[guard]
max_children_gone_share = 1.0
max_episodes_gone_share = 1.0
max_visits_gone_share = 1.0
max_list_gone_share = 1.0
max_rows_gone_share = 1.0
max_removed_share = 1.0
max_removed_share_of_all = 1.0
max_unread_share = 1.0
"""


def settings_file(folder: Path, running: Running, more: str = FREE) -> Path:
    """Settings for a bot that is to use this stand-in."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "client.secret").write_text(running.client_secret)
    (folder / "key.secret").write_text(SECRET)
    (folder / "settings.toml").write_text(
        SETTINGS.format(
            tenant_id=running.tenant_id,
            client_id=running.client_id,
            graph_url=running.graph_url,
            authority=running.authority,
            ca_file=Path(running.ca_file).as_posix(),
            sender=SENDER,
            domain=DOMAIN,
            more=more,
        ),
        encoding="utf-8",
    )
    return folder / "settings.toml"


@dataclass
class Bench:
    """One council's bot. A process of it is a world: whoever is stopped is followed by a new one."""

    running: Running
    folder: Path
    council: Council
    seams: Seams
    mails: list[str] = field(default_factory=list)  # workers whose list is due, in the slot of the day
    report: RunReport | None = None  # of the last run whose writes were counted
    barred: set[str] = field(default_factory=set)  # workers whose mailboxes the bot may not open
    _world: World | None = None

    @classmethod
    def beside(
        cls, running: Running, folder: Path, council: Council, monkeypatch: pytest.MonkeyPatch
    ) -> Bench:
        """A bench with empty mailboxes. Nobody waits: the stand-in's clock is let pass instead."""
        empty(running)
        settings_file(folder, running)
        bench = cls(running, folder, council, watched(monkeypatch))
        bench.set_day(council.today)
        clock = running.tenant.clock
        monkeypatch.setattr("bot.run.world.connect", partial(connect, sleep=clock.let_pass, clock=clock.wall))
        # A process that ends leaves its connections; what SQL it had compiled need not be compiled again.
        monkeypatch.setattr(database, "_engine", cache(database._engine))
        monkeypatch.setattr(prepare, "read_world", lambda world, now: bench.council.snapshot())
        monkeypatch.setattr(prepare, "make_mails", lambda *_, **__: (bench.new_mails(), ()))
        return bench

    def begin_again(self, council: Council) -> None:
        """Another council with empty mailboxes and no store."""
        self.restore_store(None)
        empty(self.running)
        self.council, self.mails, self.barred = council, [], set()
        self.set_day(council.today)
        self.seams.begin()

    def set_day(self, today: date) -> None:
        self.council.today = today
        self.running.tenant.clock.set_today(today)

    @property
    def database(self) -> Path:
        return self.folder / "visit-bot.db"

    @property
    def now(self) -> datetime:
        return datetime.combine(self.council.today, time(23, 59))

    @property
    def world(self) -> World:
        """The process of the moment."""
        if self._world is None:
            self._world = self.new_world()
        return self._world

    def new_world(self) -> World:
        settings = load(self.folder / "settings.toml")
        store = open_store(settings.store.url)
        if store.engine.dialect.name == "sqlite":
            sa.event.listen(store.engine, "connect", _hastily)
            store.engine.dispose()
        return World(settings, store, ())

    def end_process(self) -> None:
        """What was in memory is gone; so is the connection."""
        if self._world is not None:
            self._world.close()
            self._world = None

    def run(self, world: World | None = None, **wishes: object) -> RunReport:
        """One run: the diaries, and the lists if any are due."""
        jobs = [DueRun("diaries", uuid.uuid4().hex[:12], self.now)]
        if self.mails:
            jobs.append(DueRun("worker_list", self.council.today.isoformat(), self.now))
        return perform(world or self.world, self.now, jobs, Wishes(**wishes))  # type: ignore[arg-type]

    def new_mails(self) -> tuple[NewMail, ...]:
        day = self.council.today.isoformat()
        return tuple(
            NewMail(
                reference=f"{who}-{day}",
                job="worker_list",
                slot=day,
                person=who,
                recipient=address(who),
                subject=f"Your list of {day}",
                html="<p>Your list</p>",
                text="Your list",
                images=(),
            )
            for who in self.mails
        )

    def writes_of_a_run(self) -> int:
        """How many writes Microsoft saw while a run was made, by the stand-in's own count."""
        self.running.tenant.record.reset()
        self.report = self.run()
        return self.running.tenant.record.writes

    def strike(self, *faults: dict[str, object]) -> None:
        self.running.graph.faults.order([Fault.read(one) for one in faults])

    def mend(self) -> int:
        """End every fault; gives how many requests they struck."""
        struck = sum(one["struck"] for one in self.running.graph.faults.shown())
        self.running.graph.faults.clear()
        for worker in sorted(self.barred):
            self.bar(worker)
        self.let_an_hour_pass()  # whatever anybody was told to wait for is over
        return int(struck)

    def bar(self, worker: str) -> None:
        """The bot may not open this worker's mailbox, on good days and bad ones."""
        self.barred.add(worker)
        self.strike({"do": "403", "mailbox": address(worker), "times": None})

    def let_an_hour_pass(self) -> None:
        if self._world is None:
            self.running.tenant.clock.let_pass(3700)
        else:
            self._world.connection.timer.sleep(3700)  # which lets it pass for the stand-in as well

    # the store as a thing that can be lost

    def save_store(self, to: Path) -> None:
        self.world.store.take_fence()  # there is one, even where it was just lost
        self.end_process()
        for old in to.parent.glob(f"{to.name}*"):
            old.unlink()
        shutil.copy(self.database, to)

    def restore_store(self, saved: Path | None) -> None:
        """Put an older store in its place; null: lose it."""
        self.end_process()
        for old in self.folder.glob("visit-bot.db*"):
            old.unlink()
        if saved is not None:
            shutil.copy(saved, self.database)


def _hastily(raw: Any, _record: Any) -> None:
    """A commit need not outlive the machine here, only the process."""
    raw.execute("PRAGMA synchronous=OFF")


def empty(running: Running) -> None:
    """Empty mailboxes, and nothing that anybody was told before."""
    with running.tenant.lock:
        running.tenant._mailboxes.clear()
        running.tenant._gone.clear()
    running.graph.faults.clear()
    running.tenant.clock.let_pass(3700)
    running.tenant.record.reset()
