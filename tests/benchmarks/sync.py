"""How long does keeping diaries take beside what Microsoft's limit allows, and beside O365's own save()?

    python tests/benchmarks/sync.py --mailboxes 1,30,150,800 --entries 20
    python tests/benchmarks/sync.py --mailboxes 1 --entries 500

The stand-in runs in a process of its own, takes 50 ms for a request and 50 ms for an item of a batch, and
works on four at a time: a fifth is refused. The bot's own keeping is measured, from the list of every diary
to the ledger: read, plan, guards, intents, batches, outcomes; only what is owed is made up, so that judging
is not in it, and the categories are there already. Everything goes over TLS, and the counts are looked at: a
run that wrote too much or too little, or was ever refused, ends the benchmark.

The limit is what four at a time allow for the items that were asked: 50 ms each, four beside one another, and
nothing for the batches they travel in. O365's save() makes some of the same entries one by one in the same
run, without its delay of 200 ms a call; its time for all of them is worked out from those. On a machine that
does other things as well, ``--milliseconds 250`` makes the waiting long beside the computing: the ratios then
say what the order of the requests allows.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import requests
from O365 import Account
from O365.connection import MSGraphProtocol
from O365.utils.token import MemoryTokenBackend

from bot.diary.entries import Wanted
from bot.diary.entry import Body, Clause, Colour, Entry, Role
from bot.diary.plan import plan_mailbox
from bot.diary.settle import PlanRules
from bot.errors import BotError
from bot.outlook.calendar import list_many
from bot.rendering.entry import body_html, fingerprint
from bot.run.keep import Plans, as_known, as_seen
from bot.run.world import World
from bot.run.write import carry_out
from bot.sandbox.faults.fault import Fault
from bot.sandbox.server import start
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Person
from bot.settings import Settings
from bot.store import people
from bot.store.database import open_store
from bot.store.ledger import rows_by_mailbox

AT_ONCE = 4
FAILED_DEPENDENCY = 424  # stood behind an item that failed: not carried out, and took no time
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 6, 30)
O365_BOX = "o365@council.example"


def address(number: int) -> str:
    return f"worker{number}@council.example"


def _stand_in(pipe: Pipe, mailboxes: int, milliseconds: float, bad: float) -> None:
    """In a process of its own: tells where it is, then what it counted, until told to end."""
    people = [Person(address(number), f"Worker {number}") for number in range(mailboxes)]
    settings = SandboxSettings(request_ms=milliseconds, item_ms=milliseconds, at_once=AT_ONCE)
    with start(people=[*people, Person(O365_BOX, "O365")], settings=settings) as running:
        if bad:
            running.graph.faults.order(
                [Fault.read({"do": "507", "verb": "POST", "path": "/events", "rate": bad})]
            )
        where = {
            name: getattr(running, name)
            for name in ("tenant_id", "client_id", "client_secret", "ca_file", "graph_url", "authority")
        }
        pipe.send(where)
        while pipe.recv() == "count":
            found = running.tenant.record.summary()
            running.tenant.record.reset()
            pipe.send({name: found[name] for name in found if name != "calls"})


@dataclass
class StandIn:
    """The other process."""

    pipe: Pipe
    where: dict[str, Any]

    def counted(self) -> dict[str, Any]:
        """What was asked since the last count."""
        self.pipe.send("count")
        found: dict[str, Any] = self.pipe.recv()
        return found


@contextmanager
def stand_in(mailboxes: int, milliseconds: float, bad: float) -> Iterator[StandIn]:
    """A stand-in with so many mailboxes, that refuses such a share of creations for good."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_stand_in, args=(there, mailboxes, milliseconds, bad)
    )
    process.start()
    try:
        yield StandIn(here, here.recv())
    finally:
        here.send("end")
        process.join(10)
        process.kill()


def entry(mailbox: str, number: int, *, late: bool = False) -> Entry:
    """One entry as judging would want it; ``late``: its due date has moved a day."""
    due = TODAY + timedelta(days=3 + number % 25 + late)
    starts = datetime(due.year, due.month, due.day, 9)
    words = f"Visit due {due:%a %d %b} · C{number:05}"
    why = Clause("B.1", "Seen at least every 10 working days", "10 working days after Fri 6 Nov", due, True)
    body = Body(
        heading=words,
        child=f"C{number:05}",
        why=(why, replace(why, id="A.3", governs=False)),
        must=("See the child alone", "See where the child sleeps"),
        risk=(),
        siblings_owed=0,
        if_no_access="Try again within 2 working days and tell your manager.",
        call=("Manager: Mo Manager, 020 7946 0001",),
        cover="",
        wrong="Wrong? Tell your manager, and mend the case record",
    )
    return Entry(
        key=hashlib.sha256(f"{mailbox}{number}".encode()).hexdigest(),
        mailbox=mailbox,
        role=Role.REMINDER,
        due=due,
        on=due,
        starts=starts,
        ends=starts + timedelta(minutes=15),
        all_day=False,
        subject=words,
        body=body,
        colour=Colour.VISIT,
        alarm_minutes=0,
    )


def owed(mailboxes: int, entries: int, *, changed: float = 0.0) -> Wanted:
    """What every diary should say, a share of it changed."""
    every = round(1 / changed) if changed else 0
    by_mailbox = {
        address(box): tuple(
            entry(address(box), number, late=bool(every) and (box * entries + number) % every == 0)
            for number in range(entries)
        )
        for box in range(mailboxes)
    }
    keys = frozenset(one.key for some in by_mailbox.values() for one in some)
    return Wanted(entries=by_mailbox, achieved={}, unplaced=(), keys=keys)


def world_of(found: StandIn, folder: Path, at_once: int) -> World:
    """The bot as it is set up for a council."""
    settings = Settings.model_validate(
        {
            "caseload": folder,
            "packs": ("visiting-policy",),
            "microsoft": {
                "tenant_id": found.where["tenant_id"],
                "client_id": found.where["client_id"],
                "graph_url": found.where["graph_url"],
                "authority": found.where["authority"],
                "ca_file": found.where["ca_file"],
            },
            "outlook": {"at_once": at_once},
            "mail": {"sender": O365_BOX, "allowed_domains": ("council.example",)},
            "store": {"url": f"sqlite:///{folder}/bench.db"},
            "client_secret": found.where["client_secret"],
            "key_secret": "k" * 64,
        }
    )
    return World(settings, open_store(settings.store.url), ())


def keep(world: World, wanted: Wanted) -> tuple[int, int]:
    """One run's keeping of all diaries; how many entries were written, and how many could not be."""
    remembered = rows_by_mailbox(world.store)
    read_at = datetime.now(UTC)
    lists = list_many(world.connection, sorted(wanted.entries))
    rules = PlanRules(today=TODAY, names=world.names, template=fingerprint(world.settings.templates))
    seen, known, plans = {}, {}, {}
    for mailbox, found in lists.items():
        if isinstance(found, BotError):
            raise SystemExit(f"{mailbox} could not be read: {found}")
        seen[mailbox] = tuple(as_seen(one) for one in found)
        known[mailbox] = tuple(as_known(row) for row in remembered.get(mailbox, ()))
        plans[mailbox] = plan_mailbox(mailbox, wanted, seen[mailbox], known[mailbox], rules)
    made = Plans(
        wanted=wanted,
        rules=rules,
        read_at=read_at,
        by_mailbox=plans,
        unread={},
        owners={},
        seen=seen,
        known=known,
    )
    kept = carry_out(world, world.store.take_fence(), made, NOW)
    return sum(one.writes for one in kept), sum(bool(one.errors) for one in kept)


def save_one_by_one(found: StandIn, how_many: int) -> float:
    """Seconds that O365's own save() takes for one such entry, without its delay."""

    class Local(MSGraphProtocol):  # type: ignore[misc] # O365 has no types
        _protocol_url = found.where["authority"]

    session = requests.Session()
    session.trust_env, session.verify = False, str(found.where["ca_file"])
    form = {
        "grant_type": "client_credentials",
        "client_id": found.where["client_id"],
        "client_secret": found.where["client_secret"],
        "scope": "https://graph.microsoft.com/.default",
    }
    url = f"{found.where['authority']}{found.where['tenant_id']}/oauth2/v2.0/token"
    session.headers["Authorization"] = f"Bearer {session.post(url, data=form).json()['access_token']}"
    account = Account(
        (found.where["client_id"], "signed in already"),
        auth_flow_type="credentials",
        tenant_id=found.where["tenant_id"],
        protocol=Local(timezone="Europe/London"),
        token_backend=MemoryTokenBackend(),
        requests_delay=0,
    )
    account.con.session = session
    calendar = account.schedule(resource=O365_BOX).get_default_calendar()
    began = time.perf_counter()
    for number in range(how_many):
        wanted = entry(O365_BOX, number)
        event = calendar.new_event(wanted.subject)
        event.start, event.end = wanted.starts, wanted.ends
        event.body = body_html(wanted.body)
        event.categories = ["Visit"]
        if not event.save():
            raise SystemExit("O365 could not save an entry.")
    return (time.perf_counter() - began) / how_many


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    mailboxes: int
    what: str
    seconds: float
    computing: float  # processor seconds of the bot's own process
    item_seconds: float
    requests: int
    items: int
    writes: int
    save_seconds: float | None  # O365's, for the same writes

    @property
    def limit(self) -> float:
        """Seconds that four at a time take for these items at the least."""
        return self.items * self.item_seconds / AT_ONCE

    def told(self) -> str:
        """As a line of Markdown."""
        save = f"{self.save_seconds:,.1f}" if self.save_seconds else "–"
        times = f"{self.save_seconds / self.seconds:.1f}" if self.save_seconds else "–"
        figures = (
            f"{self.mailboxes:,}",
            self.what,
            f"{self.seconds:,.2f}",
            f"{self.computing:,.2f}",
            f"{self.limit:,.2f}",
            f"{100 * self.limit / self.seconds:.0f} %",
            f"{self.requests:,}",
            f"{self.items:,}",
            f"{self.writes:,}",
            save,
            times,
        )
        return f"| {' | '.join(figures)} |"


HEAD = (
    "| mailboxes | run | seconds | computing, s | limit, s | of the limit "
    "| requests | items | writes | save(), s | × as quick |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
)


def measure(mailboxes: int, asked: argparse.Namespace) -> Iterator[Row]:
    """A first fill, a steady run and a run with a share changed, one after another."""
    entries = asked.entries
    runs = [
        ("first fill", owed(mailboxes, entries), mailboxes * entries),
        ("nothing changed", owed(mailboxes, entries), 0),
        (f"{asked.changed:.0%} changed", owed(mailboxes, entries, changed=asked.changed), None),
    ]
    with tempfile.TemporaryDirectory() as folder, stand_in(mailboxes, asked.milliseconds, asked.bad) as found:
        world = world_of(found, Path(folder), asked.at_once)
        sign_in(world, mailboxes)
        save = save_one_by_one(found, min(asked.saves, mailboxes * entries))
        found.counted()
        for what, wanted, must in runs if not asked.bad else runs[:1]:
            began, computed = time.perf_counter(), time.process_time()
            written, unwell = keep(world, wanted)
            took, computed = time.perf_counter() - began, time.process_time() - computed
            counted = found.counted()
            if not asked.bad:
                _look(what, written, must, unwell, counted)
            behind = sum(one["count"] for one in counted["counts"] if one["status"] == FAILED_DEPENDENCY)
            items = sum(int(size) * times for size, times in counted["batch_sizes"].items()) - behind
            share = save * written if written else None
            each = asked.milliseconds / 1000
            yield Row(
                mailboxes,
                what,
                took,
                computed,
                each,
                counted["requests"],
                items,
                counted["writes"] - behind,
                share,
            )
        world.close()


def sign_in(world: World, mailboxes: int) -> None:
    """Do what is done once and not measured: sign in, remember the categories as if they had been made."""
    world.connection.sign_in()
    fence = world.store.take_fence()
    for box in range(mailboxes):
        people.remember(world.store, fence, address(box), world.categories, NOW)


def _look(what: str, written: int, must: int | None, unwell: int, counted: dict[str, Any]) -> None:
    """End the benchmark where a run did not do what it should."""
    if unwell or (must is not None and written != must) or counted["throttled"] or counted["came_too_early"]:
        raise SystemExit(
            f"{what}: {written} written (of {must}), {unwell} diaries with errors, {counted['throttled']} "
            f"refused as too many, {counted['came_too_early']} came too early."
        )
    if counted["most_at_work"] > AT_ONCE:
        raise SystemExit(f"{what}: {counted['most_at_work']} at work at once.")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mailboxes", default="1,30,150,800", help="how many, one table line each")
    parser.add_argument("--entries", type=int, default=20, help="entries in each mailbox")
    parser.add_argument("--changed", type=float, default=0.05, help="the share changed in the third run")
    parser.add_argument("--saves", type=int, default=60, help="entries that O365 saves one by one")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="the bot's outlook.at_once")
    parser.add_argument(
        "--bad", type=float, default=0.0, help="the share of creations refused for good (507)"
    )
    parser.add_argument(
        "--milliseconds", type=float, default=50, help="that a request takes, and an item of a batch"
    )
    asked = parser.parse_args()
    cores, load = os.cpu_count(), os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    busy = f"kept busy by others (load {load:.0f})" if load >= 1 else "with nothing else to do"
    print(
        f"{asked.entries} entries a mailbox, {asked.milliseconds:.0f} ms a request and an item, "
        f"{AT_ONCE} at a time; {cores} cores, {busy}; O365 saved {asked.saves} and the rest is worked out.\n"
    )
    print(*HEAD, sep="\n", flush=True)
    for mailboxes in [int(one) for one in asked.mailboxes.split(",")]:
        for row in measure(mailboxes, asked):
            print(row.told(), flush=True)


if __name__ == "__main__":
    main()
