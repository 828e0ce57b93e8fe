"""An outbox, its bot and a stand-in, over real HTTP: mails are put in by hand, and what arrives is counted.

Time is the stand-in's for both: a wait lets it pass, and a new process sees the same clock.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from keepkit.bench import empty, settings_file
from keepkit.children import DOMAIN, SENDER, address
from keepkit.seams import Seams, watched

from bot.outlook.connection import connect
from bot.run.post import Manner, deliver
from bot.run.posting import Posting
from bot.run.report import Delivery
from bot.run.world import World
from bot.sandbox.faults.fault import Fault
from bot.sandbox.server import Running
from bot.settings_file import load
from bot.store import outbox, runs
from bot.store.database import open_store
from bot.store.lock import keeping
from bot.store.outbox import NewMail, Picture

SECOND = f"visit-bot-2@{DOMAIN}"
NOON = datetime(2026, 11, 23, 12, 0)  # a Monday
NIGHT = datetime(2026, 11, 23, 22, 0)


@dataclass
class PostOffice:
    """One bot's outbox. A process of it is a world: whoever is stopped is followed by a new one."""

    running: Running
    folder: Path
    seams: Seams
    slept: list[float] = field(default_factory=list)
    now: datetime = NOON
    _world: World | None = None
    _posting: Posting | None = None
    _made: int = 0

    @classmethod
    def beside(
        cls, running: Running, folder: Path, monkeypatch: pytest.MonkeyPatch, mail: str = ""
    ) -> PostOffice:
        empty(running)
        file = settings_file(folder, running)
        if mail:
            file.write_text(file.read_text().replace("[diary]", f"{mail}\n[diary]"))
        office = cls(running, folder, watched(monkeypatch))
        clock = running.tenant.clock
        monkeypatch.setattr("bot.run.world.connect", partial(connect, sleep=office._sleep, clock=clock.wall))
        return office

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._pass(seconds)

    def let_pass(self, seconds: float) -> None:
        """Time passes, for everybody."""
        if self._world is None:
            self._pass(seconds)
        else:
            slept = len(self.slept)
            self._world.connection.timer.sleep(seconds)
            del self.slept[slept:]  # nobody waited for it

    def _pass(self, seconds: float) -> None:
        self.running.tenant.clock.let_pass(seconds)
        self.now += timedelta(seconds=seconds)

    @property
    def moment(self) -> datetime:
        return self.running.tenant.clock.wall()

    # the bot

    @property
    def world(self) -> World:
        """The process of the moment."""
        if self._world is None:
            settings = load(self.folder / "settings.toml")
            store = open_store(settings.store.url)
            sa.event.listen(store.engine, "connect", _hastily)
            store.engine.dispose()
            self._world = World(settings, store, ())
        return self._world

    def end_process(self) -> None:
        """What was in memory is gone; so is the connection."""
        if self._world is not None:
            self._world.close()
        self._world = self._posting = None

    def put(self, *people: str, **more: Any) -> list[NewMail]:
        """Mails of a run for these people, in one transaction with its end."""
        mails = []
        for who in people:
            self._made += 1
            mails.append(a_mail(who, f"mail {self._made}", **more))
        self.put_again(mails)
        return mails

    def put_again(self, mails: list[NewMail]) -> None:
        """The same mails, as a run makes them where the store does not know that they were made."""
        store = self.world.store
        fence = store.take_fence()
        run = runs.begin(store, fence, "worker_list", f"slot {self._made}", self.now)
        assert run is not None
        outbox.enqueue(store, fence, run, mails, now=self.now, summary={})

    def copy_store(self) -> Path:
        """A copy of the store as it is, beside it; whoever kept it has stopped."""
        self.end_process()
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for file in self.folder.glob("visit-bot.db*"):
            shutil.copy2(file, copy)
        return copy

    def lose_store(self, copy: Path | None = None) -> None:
        """The store is gone; ``copy`` is put in its place."""
        self.end_process()
        for file in self.folder.glob("visit-bot.db*"):
            file.unlink()
        for file in copy.iterdir() if copy else ():
            shutil.copy2(file, self.folder)

    def run(self, **manner: Any) -> Delivery:
        """What a person asks for."""
        with keeping(self.world.store, "run"):
            fence = self.world.store.take_fence()
            return deliver(self.world, fence, lambda: self.now, Manner(**manner))

    def tick(self) -> Delivery | None:
        """What the service does by itself."""
        if self._posting is None:
            self._posting = Posting(self.world)
        return self._posting.turn(self.now)

    def ticks(self, seconds: int, every: int = 5) -> list[Delivery]:
        """The service goes on for so long."""
        found = []
        for _ in range(0, seconds, every):
            if (done := self.tick()) is not None:
                found.append(done)
            self.let_pass(every)
        return found

    @property
    def states(self) -> Counter[str]:
        with self.world.store.transaction() as connection:
            return Counter(connection.execute(sa.text("select state from outbox")).scalars())

    # Microsoft 365

    def strike(self, *faults: dict[str, object]) -> None:
        self.running.graph.faults.order([Fault.read(one) for one in faults])

    def mend(self) -> int:
        """End every fault; gives how many requests they struck."""
        struck = sum(one["struck"] for one in self.running.graph.faults.shown())
        self.running.graph.faults.clear()
        return int(struck)

    def inbox(self, who: str) -> list[dict[str, Any]]:
        tenant = self.running.tenant
        return list(tenant.messages(tenant.user(address(who))["id"], "inbox"))

    def arrived(self, *people: str) -> Counter[str]:
        """How often each mail arrived, by its subject."""
        return Counter(one["subject"] for who in people for one in self.inbox(who))

    def drafts(self, sender: str = SENDER) -> list[str]:
        """What lies in a sender's drafts, by its subject."""
        tenant = self.running.tenant
        return [one["subject"] for one in tenant.messages(tenant.user(sender)["id"], "drafts")]

    def left_at(self, sender: str = SENDER) -> list[datetime]:
        """When each mail of a sender was taken, by the stand-in's own clock."""
        tenant = self.running.tenant
        sent = tenant.messages(tenant.user(sender)["id"], "sentitems")
        return sorted(datetime.fromisoformat(one["sentDateTime"]) for one in sent)


def a_mail(who: str, subject: str, **more: Any) -> NewMail:
    values: dict[str, Any] = {
        "reference": subject.replace(" ", "-"),
        "job": "worker_list",
        "slot": "2026-11-23",
        "person": who,
        "recipient": address(who),
        "subject": subject,
        "html": f"<p>{subject}</p>",
        "text": subject,
        "images": (Picture("chart", "2 overdue", b"\x89PNG"),),
    }
    return NewMail(**(values | more))


def _hastily(raw: Any, _record: Any) -> None:
    """A commit need not outlive the machine here, only the process."""
    raw.execute("PRAGMA synchronous=OFF")
