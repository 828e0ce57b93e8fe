"""Loads a council's worth of mailboxes into the stand-in and asks it what bots, people and scripts ask.

    python tests/benchmarks/stand_in.py --mailboxes 26000 --events 20

The stand-in runs in a process of its own and is asked by a plain client over TLS that keeps its connection.
Milliseconds are for reading; what is worth comparing between machines and days are the ratios, taken in one
run with the requests of both sides in turn, so that a busy machine slows both alike.
"""

from __future__ import annotations

import argparse
import gc
import http.client
import json
import random
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY))

from bot.sandbox.server import start  # noqa: E402 - found beside this file, whatever the folder
from bot.sandbox.tenant import Person  # noqa: E402

OWNER = "String {36d9ee56-50b3-4810-a2a4-b7a4d31ecf66} Name VisitBotOwner"
KEY = "String {36d9ee56-50b3-4810-a2a4-b7a4d31ecf66} Name VisitBotKey"
FIRST = date(2026, 11, 2)
FULL = "full@council.example"  # a diary of many events, in a tenant of few mailboxes
FEW, MANY = 26, 2000
SELECT = "id,subject,start,end,isAllDay,categories,isReminderOn,reminderMinutesBeforeStart,transactionId"


def address(number: int) -> str:
    return f"worker{number}@council.example"


def people(mailboxes: int) -> Iterator[Person]:
    """A manager for every ten workers."""
    for number in range(mailboxes):
        team = address(number - number % 10)
        title = "Team manager" if team == address(number) else "Social worker"
        yield Person(address(number), f"Worker No{number:05}", title, None if number % 10 == 0 else team)


def event(who: int, number: int) -> dict[str, Any]:
    """A reminder as the bot writes one, on a working day of the month."""
    day = FIRST + timedelta(days=number % 20 + 2 * (number % 20 // 5))
    return {
        "subject": f"Visit due {day:%a} {day.day} {day:%b} · J.S. {who:05}",
        "body": {
            "contentType": "html",
            "content": f"<p><strong>B.1</strong> At least every 10 working days: counted from the visit of "
            f"{day - timedelta(days=14):%d/%m/%Y}.</p><ul><li>See the child alone</li>"
            "<li>See the bedroom</li></ul>",
        },
        "start": {"dateTime": f"{day}T09:00:00", "timeZone": "Europe/London"},
        "end": {"dateTime": f"{day}T09:15:00", "timeZone": "Europe/London"},
        "isReminderOn": True,
        "reminderMinutesBeforeStart": 0,
        "showAs": "free",
        "sensitivity": "private",
        "categories": ["Orange category"],
        "transactionId": f"{who:08x}{number:08x}",
        "singleValueExtendedProperties": [
            {"id": OWNER, "value": "visit-bot"},
            {"id": KEY, "value": f"{who:016x}{number:016x}"},
        ],
    }


# the stand-in's side


def resident() -> int:
    """The bytes this process keeps in memory now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0


def serve(mailboxes: int, events: int, full: int) -> None:
    """Load, start, tell the parent where, and go on until it hangs up."""
    everybody = [*people(mailboxes), *([Person(FULL, "Full Diary", "Social worker")] if full else [])]
    began = time.perf_counter()
    running = start(people=everybody)
    started = time.perf_counter() - began
    gc.collect()
    before, began, busy = resident(), time.perf_counter(), time.process_time()
    loaded = running.tenant.load(
        (address(who), (event(who, number) for number in range(events))) for who in range(mailboxes)
    )
    took, worked = time.perf_counter() - began, time.process_time() - busy
    gc.collect()
    grown = resident() - before
    if full:
        running.tenant.load([(FULL, (event(mailboxes, number) for number in range(full)))])
    where = {
        "graph_url": running.graph_url,
        "token_url": f"{running.authority}{running.tenant_id}/oauth2/v2.0/token",
        "client_id": running.client_id,
        "client_secret": running.client_secret,
        "ca_file": str(running.ca_file),
        "loaded": loaded,
        "started_s": started,
        "load_s": took,
        "load_processor_s": worked,
        "bytes_an_event": grown / loaded if loaded else 0,
        "resident": resident(),
    }
    print(json.dumps(where), flush=True)
    for _ in sys.stdin:  # each line asks how long this process has been at work
        print(time.process_time_ns(), flush=True)
    running.stop()


# the client's side


@dataclass
class StandIn:
    """A stand-in in a process of its own, and one connection to it."""

    mailboxes: int
    events: int
    full: int = 0
    told: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> StandIn:
        asked = ["--serve", "--mailboxes", self.mailboxes, "--events", self.events, "--full", self.full]
        self._process = subprocess.Popen(
            [sys.executable, __file__, *map(str, asked)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.told = json.loads(self._process.stdout.readline() or "{}")
        if not self.told:
            raise SystemExit("The stand-in did not start; what went wrong is printed above.")
        where = urlsplit(self.told["graph_url"])
        context = ssl.create_default_context(cafile=self.told["ca_file"])
        self._line = http.client.HTTPSConnection(where.hostname or "", where.port, context=context)
        self.sign_in()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        self._process.communicate()

    def worked(self) -> float:
        """The milliseconds that the stand-in's process has been at work so far."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline()) / 1e6

    def sign_in(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.told["client_id"],
            "client_secret": self.told["client_secret"],
            "scope": "https://graph.microsoft.com/.default",
        }
        where = urlsplit(self.told["token_url"]).path
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._line.request("POST", where, urlencode(form), headers)
        self._token = json.loads(self._line.getresponse().read())["access_token"]

    def ask(self, verb: str, path: str, body: Any = None) -> Any:
        """One request; the answer must be a good one, and whole."""
        headers = {"Authorization": f"Bearer {self._token}", "Prefer": 'IdType="ImmutableId"'}
        content = None if body is None else json.dumps(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        self._line.request(verb, f"/v1.0/{path}", content, headers)
        answer = self._line.getresponse()
        read = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{verb} {path} was answered {answer.status}: {read.decode()[:500]}")
        return json.loads(read) if read else None


def owned(top: int | None = None) -> str:
    """The query for everything of the bot's; with a page's length as the bot itself asks."""
    condition = f"singleValueExtendedProperties/any(ep: ep/id eq '{OWNER}' and ep/value eq 'visit-bot')"
    query = {"$filter": condition}
    if top is not None:
        key = f"singleValueExtendedProperties($filter=id eq '{KEY}')"
        query |= {"$top": str(top), "$select": SELECT, "$expand": key}
    return urlencode(query, quote_via=quote)


def timed(asked: Callable[[], Any], check: Callable[[Any], bool]) -> float:
    """How many milliseconds a request took, answered and read; what it says is looked at, untimed."""
    began = time.perf_counter()
    answer = asked()
    took = (time.perf_counter() - began) * 1000
    if not check(answer):
        raise SystemExit(f"An answer is not what it should be: {json.dumps(answer)[:500]}")
    return took


@dataclass(frozen=True)
class Row:
    """One kind of request."""

    name: str
    ask: Callable[[], Any]
    check: Callable[[Any], bool]


def rows(stand_in: StandIn, chance: random.Random) -> list[Row]:
    """Every kind of request, each about somebody else every time."""

    def who() -> str:
        return address(chance.randrange(stand_in.mailboxes))

    def get_by_id() -> Any:
        mailbox = chance.choice(list(known))
        return stand_in.ask("GET", f"users/{mailbox}/events/{known[mailbox]}")

    def create() -> Any:
        one = event(chance.randrange(2**31), chance.randrange(2**31))
        return stand_in.ask("POST", f"users/{who()}/events", one)

    def batch() -> Any:
        items = [
            {"id": str(n), "method": "GET", "url": f"/users/{who()}/events?{owned(250)}"} for n in range(20)
        ]
        # Four at once is all that Graph allows, so those that come after wait for one before them.
        for n, item in enumerate(items[4:], 4):
            item["dependsOn"] = [str(n - 4)]
        return stand_in.ask("POST", "$batch", {"requests": items})

    first = stand_in.events > 0
    known = {}
    for mailbox in {who() for _ in range(100)}:
        found = stand_in.ask("GET", f"users/{mailbox}/events?$top=1&$select=id")["value"]
        known |= {mailbox: found[0]["id"]} if found else {}
    window = urlencode({"startDateTime": f"{FIRST}T00:00:00Z", "endDateTime": "2026-12-02T00:00:00Z"})
    ten, listed = min(10, stand_in.events), stand_in.events
    return [
        Row(
            "first page of the Owner-filtered list, as it comes (10 whole events)",
            lambda: stand_in.ask("GET", f"users/{who()}/events?{owned()}"),
            lambda answer: len(answer["value"]) >= ten,
        ),
        Row(
            "first page of the Owner-filtered list, as the bot asks (all, selected, with Key)",
            lambda: stand_in.ask("GET", f"users/{who()}/events?{owned(250)}"),
            lambda answer: len(answer["value"]) >= min(listed, 250),
        ),
        Row(
            "calendarView of a month ($top=100)",
            lambda: stand_in.ask("GET", f"users/{who()}/calendarView?{window}&$top=100"),
            lambda answer: len(answer["value"]) >= min(listed, 20),
        ),
        *([Row("event by id", get_by_id, lambda answer: "subject" in answer)] if first else []),
        Row("create an event", create, lambda answer: "id" in answer),
        Row(
            "batch of 20 Owner-filtered lists",
            batch,
            lambda answer: {one["status"] for one in answer["responses"]} == {200},
        ),
        Row("sign in", stand_in.sign_in, lambda _: True),
        Row(
            "first page of users (100)",
            lambda: stand_in.ask("GET", "users"),
            lambda answer: len(answer["value"]) == min(100, stand_in.mailboxes),
        ),
        Row(
            "user by address, filtered",
            lambda: stand_in.ask("GET", "users?$filter=" + quote(f"mail eq '{who()}'")),
            lambda answer: len(answer["value"]) == 1,
        ),
    ]


@dataclass(frozen=True)
class Measured:
    """A kind of request, in milliseconds."""

    name: str
    middle: float
    most: float  # of 95 in 100
    worked: float  # the median of what the stand-in's own process was at work for one


def measured(stand_in: StandIn, rounds: int, chance: random.Random) -> list[Measured]:
    """Each row's figures, the rows asked in turn."""
    asked = rows(stand_in, chance)
    took: dict[str, list[float]] = {row.name: [] for row in asked}
    work: dict[str, list[float]] = {row.name: [] for row in asked}
    asking = median(-(stand_in.worked() - stand_in.worked()) for _ in range(50))  # what it costs to ask
    for row in asked:  # so that nothing is measured that happens once
        timed(row.ask, row.check)
    for _ in range(rounds):
        for row in asked:
            took[row.name].append(timed(row.ask, row.check))
    for _ in range(max(rounds // 4, 3)):  # apart, since to ask how long it worked makes the next request wait
        for row in asked:
            before = stand_in.worked()
            timed(row.ask, row.check)
            work[row.name].append(stand_in.worked() - before - asking)
    return [
        Measured(name, median(times), quantiles(times, n=20)[-1], median(work[name]))
        for name, times in took.items()
    ]


def compared(one: Callable[[], Any], other: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """The medians of two requests asked in turn."""
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 5):
        for times, ask in zip(took, (one, other), strict=True):
            spent = timed(ask, lambda answer: bool(answer["value"]))
            if turn >= 5:
                times.append(spent)
    return median(took[0]), median(took[1])


def report(mailboxes: int, events: int, rounds: int, seed: int) -> str:
    """Everything measured, as Markdown."""
    chance = random.Random(seed)
    with StandIn(mailboxes, events) as big, StandIn(FEW, events, MANY) as small:
        found = measured(big, rounds, chance)
        listed = f"events?{owned()}"
        in_few, in_many = compared(
            lambda: small.ask("GET", f"users/{address(chance.randrange(FEW))}/{listed}"),
            lambda: big.ask("GET", f"users/{address(chance.randrange(mailboxes))}/{listed}"),
            rounds,
        )
        in_short, in_long = compared(
            lambda: small.ask("GET", f"users/{address(chance.randrange(FEW))}/{listed}"),
            lambda: small.ask("GET", f"users/{FULL}/{listed}"),
            rounds,
        )
        told = big.told
    lines = [
        f"{mailboxes:,} mailboxes, {events} events each: {told['loaded']:,} events, {rounds} rounds.",
        "",
        "| what | measured |",
        "|---|---|",
        f"| load, each event checked as if it were sent | {told['load_s']:.1f} s, "
        f"of which {told['load_processor_s']:.1f} s at work "
        f"({told['load_processor_s'] / max(told['loaded'], 1) * 1e6:.0f} µs an event) |",
        f"| memory an event, mailbox and indexes shared out | {told['bytes_an_event']:,.0f} bytes |",
        f"| memory of the whole stand-in | {told['resident'] / 1e6:,.0f} MB |",
        "",
        "| one request over TLS, connection kept | median, ms | 95 of 100 under, ms | its own work, ms |",
        "|---|---|---|---|",
        *(f"| {one.name} | {one.middle:.2f} | {one.most:.2f} | {one.worked:.2f} |" for one in found),
        "",
        "| the same page of the Owner-filtered list | ratio |",
        "|---|---|",
        f"| {mailboxes:,} mailboxes to {FEW} | {in_many / in_few:.2f} |",
        f"| {MANY:,} events in the diary to {events} | {in_long / in_short:.2f} |",
    ]
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    asked.add_argument("--mailboxes", type=int, default=26_000)
    asked.add_argument("--events", type=int, default=20, help="in each mailbox")
    asked.add_argument("--rounds", type=int, default=200, help="how often each request is made")
    asked.add_argument("--seed", type=int, default=1, help="which mailboxes are asked for")
    asked.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked.add_argument("--full", type=int, default=0, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.serve:
        serve(given.mailboxes, given.events, given.full)
    else:
        print(report(given.mailboxes, given.events, given.rounds, given.seed))


if __name__ == "__main__":
    main()
