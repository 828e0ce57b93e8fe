"""A small council filled by hand, and its page served for real."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import uvicorn

from bot.sandbox.page import app as page
from bot.sandbox.page.api import NewsLine, RunNews
from bot.sandbox.tenant import Clock, Person, Tenant

TODAY = date(2026, 11, 23)  # a Monday
LONDON = ZoneInfo("Europe/London")
AISHA, BEN, MANAGER, BOT, IRO = (
    f"{name}@northdale.example" for name in ("a.rahman", "b.okafor", "c.lindqvist", "visits", "d.iro")
)


def moment(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON)


# A blue picture, 12 by 4.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAECAIAAAA1REndAAAAEUlEQVR42mOQj55HEDHQVxEAFqU0gWVXYzEAAAAASUVORK5CYII="


@dataclass
class Council:
    """A tenant and the words to fill it with; what was put in is what the page must show."""

    tenant: Tenant
    ids: dict[str, str] = field(default_factory=dict)

    def entry(
        self,
        who: str,
        subject: str,
        day: date,
        clock: str | None = "09:00",
        *,
        minutes: int = 15,
        days: int = 1,
        categories: tuple[str, ...] = (),
        shows: str = "free",
        private: bool = True,
        rings: int | None = None,
        body: str = "",
    ) -> str:
        starts = moment(day, clock or "00:00")
        ends = (
            moment(day + timedelta(days=days), "00:00")
            if clock is None
            else starts + timedelta(minutes=minutes)
        )
        side = [
            {"dateTime": at.strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": "Europe/London"}
            for at in (starts, ends)
        ]
        mailbox = self.tenant.mailbox(who)
        item = mailbox.add(
            "event",
            {
                "subject": subject,
                "body": {"contentType": "html", "content": body},
                "start": side[0],
                "end": side[1],
                "isAllDay": clock is None,
                "categories": list(categories),
                "showAs": shows,
                "sensitivity": "private" if private else "normal",
                "isReminderOn": rings is not None,
                "reminderMinutesBeforeStart": rings or 0,
            },
        )
        item.starts, item.ends = starts.astimezone(UTC), ends.astimezone(UTC)
        self.ids[subject] = item.key
        return item.key

    def mail(
        self, who: str, subject: str, html: str, *, sender: str = BOT, folder: str = "inbox",
        at: datetime = datetime(2026, 11, 23, 7, 30, tzinfo=UTC), pictures: dict[str, str] | None = None,
        sender_name: str = "Visit reminders", to: str | None = None,
    ) -> str:  # fmt: skip
        mailbox = self.tenant.mailbox(who)
        stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        to = to or who
        item = mailbox.add(
            "message",
            {
                "subject": subject,
                "body": {"contentType": "html", "content": html},
                "bodyPreview": "Your week: 2 overdue, 4 due this week and 3 next week. Two recordings wait.",
                "from": {"emailAddress": {"name": sender_name, "address": sender}},
                "toRecipients": [{"emailAddress": {"name": self.tenant.find(to).name, "address": to}}],
                "ccRecipients": [],
                "replyTo": [{"emailAddress": {"name": "Duty desk", "address": "duty@northdale.example"}}],
                "receivedDateTime": stamp,
                "sentDateTime": stamp,
                "createdDateTime": stamp,
            },
            folder,
        )
        item.attachments = [
            {
                "name": f"{cid}.png",
                "contentType": "image/png",
                "isInline": True,
                "contentId": cid,
                "contentBytes": data,
            }
            for cid, data in (pictures or {}).items()
        ]
        self.ids[subject] = item.key
        return item.key


VISIT, CP, TYPE_UP, MINUTES = "Visit due", "CP visit due", "Type up", "Minutes from others"
WHY = """<h3>{heading}</h3><p><strong>B.1</strong> At least every 10 working days: counted from the visit on
Fri 20 Nov 2026.</p><p><strong>A.3</strong> Every four weeks.</p><ul><li>See the child alone</li><li>See the
bedroom</li><li>Come unannounced this time</li></ul><p>Risk at the address: a dog. Go with somebody.</p>
<p>No access? Call Cecilia Lindqvist, 01632 960 017.</p><hr><p>Wrong? Tell the duty desk.</p>"""
CELL = 'style="text-align:left;border-bottom:2px solid #0b0c0c"'
DIGEST = f"""<div style="font-family:Arial,sans-serif;background:#ffffff;color:#0b0c0c;max-width:640px">
<h1 style="font-size:24px">Your visits this week</h1><p>Good morning. <b style="color:#a4262c">2 overdue</b>,
4 due this week, 3 next week.</p><img src="cid:chart" alt="Four bars: visits by week" width="240" height="80">
<table style="border-collapse:collapse;width:100%">
<tr><th {CELL}>Due</th><th {CELL}>Child</th><th {CELL}>Needs</th></tr>
<tr><td style="padding:8px 0">Fri 27 Nov</td><td>J.S. 20417</td><td>alone, bedroom</td></tr>
<tr><td style="padding:8px 0">Mon 30 Nov</td><td>K.O. 20388</td><td>alone</td></tr></table>
<p><a href="https://northdale.example/how">How these dates are worked out</a></p></div>"""


def fill(council: Council) -> Council:
    """Two weeks behind and three ahead of one worker, and the mails of a Monday."""
    for box in (AISHA, BEN):
        for name, colour in ((VISIT, "preset3"), (CP, "preset0"), (TYPE_UP, "preset1"), (MINUTES, "preset7")):
            council.tenant.mailbox(box).add_category(name, colour)
    due = [
        (4, "J.S. 20417", CP), (7, "K.O. 20388", VISIT), (3, "A.M. 20219", VISIT), (3, "L.M. 20220", VISIT),
        (9, "P.D. 20551", CP), (11, "T.W. 20102", VISIT), (16, "R.H. 20607", VISIT), (11, "Z.F. 20333", CP),
        (2, "N.B. 20115", VISIT), (21, "E.G. 20490", VISIT), (24, "H.K. 20264", VISIT),
    ]  # fmt: skip
    for ahead, child, category in due:
        on = TODAY + timedelta(days=ahead)
        before = on - timedelta(days=3 if on.weekday() == 0 else 1)
        subject = f"Visit due {on:%a} {on.day} {on:%b} · {child}"
        body = WHY.format(heading=subject)
        council.entry(AISHA, subject, before, categories=(category,), rings=0, body=body)
        council.entry(AISHA, f"{subject} (day)", on, None, categories=(category,), body=body)
    late = council.tenant.clock.today()
    for child, days_late in (("M.A. 20071", 3), ("O.T. 20143", 1)):
        subject = f"{days_late} day{'s' if days_late > 1 else ''} late · {child}"
        council.entry(
            AISHA,
            subject,
            late,
            categories=(CP if days_late == 3 else VISIT,),
            rings=0,
            body=WHY.format(heading=subject),
        )
    council.entry(AISHA, "Type up visit of Thu 19 Nov · C.N. 20377", late, categories=(TYPE_UP,), rings=0)
    council.entry(
        AISHA,
        "Seen Thu 19 Nov · C.N. 20377",
        date(2026, 11, 19),
        categories=(),
        body=WHY.format(heading="Seen"),
    )
    council.entry(AISHA, "Seen Tue 17 Nov · V.L. 20299", date(2026, 11, 17), categories=())
    council.entry(
        AISHA,
        "Core group, Elm Road",
        date(2026, 11, 24),
        "10:30",
        minutes=90,
        shows="busy",
        private=False,
        rings=15,
    )
    council.entry(
        AISHA,
        "Supervision with Cecilia",
        date(2026, 11, 25),
        "14:00",
        minutes=60,
        shows="tentative",
        private=False,
    )
    council.entry(AISHA, "Court", date(2026, 11, 26), "09:30", minutes=210, shows="busy", private=False)
    council.entry(AISHA, "Annual leave", date(2026, 12, 21), None, days=5, shows="oof", private=False)
    council.entry(BEN, "Visit due Wed 25 Nov · U.V. 20808", date(2026, 11, 24), categories=(VISIT,), rings=0)
    chart = {"chart": PNG}
    council.mail(AISHA, "Your visits: 2 overdue, 4 this week", DIGEST, pictures=chart)
    council.mail(
        AISHA,
        "Your visits: 4 this week",
        DIGEST,
        at=datetime(2026, 11, 16, 7, 30, tzinfo=UTC),
        pictures=chart,
    )
    council.mail(MANAGER, "Team at a glance: 3 visits overdue", DIGEST, pictures=chart)
    council.mail(
        BOT,
        "Your visits: 2 overdue, 4 this week (sent)",
        DIGEST,
        folder="sentitems",
        to=AISHA,
        pictures=chart,
    )
    return council


def make_council() -> Council:
    clock = Clock()
    clock.set_today(TODAY)
    people = [
        Person(AISHA, "Aisha Rahman", "Social worker", MANAGER),
        Person(BEN, "Ben Okafor", "Early help practitioner", MANAGER),
        Person(MANAGER, "Cecilia Lindqvist", "Team manager"),
        Person(IRO, "Dorothy Quayle", "Independent reviewing officer"),
        Person(BOT, "Visit reminders"),
    ]
    return Council(Tenant(people, clock=clock))


@dataclass
class Site:
    """A served page with its council; `gate` holds a run under way until it is set."""

    council: Council
    url: str
    gate: threading.Event
    ran: list[date]
    fails_with: list[Exception]
    tells: list[RunNews] = field(default_factory=list)

    def calendar(self, view: str, day: date | str = TODAY, who: str = AISHA) -> str:
        return f"{self.url}/#/{who}/{view}/{day}"


def serve(app: Any) -> tuple[uvicorn.Server, threading.Thread, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    return server, thread, f"http://127.0.0.1:{port}"


class Sites:
    """Served councils, stopped together."""

    def __init__(self) -> None:
        self._running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def open(self, council: Council | None = None, *, bot: bool = True) -> Site:
        """Serves a council's page; with `bot=False` as the stand-in alone does."""
        council = council or fill(make_council())
        gate = threading.Event()
        gate.set()
        site = Site(council, "", gate, [], [])

        def run(day: date) -> RunNews:
            gate.wait(10)
            site.ran.append(day)
            if site.fails_with:
                raise site.fails_with[0]
            council.entry(AISHA, f"New on {day}", day, categories=(VISIT,), rings=0)
            return site.tells[0] if site.tells else news_of(day)

        app = page.app(council.tenant, run=run if bot else None, title="Northdale diaries")
        server, thread, site.url = serve(app)
        self._running.append((server, thread))
        return site

    def stop(self) -> None:
        for server, _ in self._running:
            server.should_exit = True
        for _, thread in self._running:
            thread.join(5)


def news_of(day: date) -> RunNews:
    colour = "Took the colour out of “Visit due Wed 25 Nov · U.V. 20808”"
    lines = (
        NewsLine(AISHA, f"Put “New on {day}” into the diary", "B.1: ten working days after the last visit"),
        NewsLine(BEN, colour, "It was seen on Tue 24 Nov"),
    )
    return RunNews(day, lines, mails=1, writes=2, problems=("visits.csv:17:seen: blank. Say yes or no.",))


@pytest.fixture
def open_site() -> Iterator[Callable[..., Site]]:
    sites = Sites()
    yield sites.open
    sites.stop()


@pytest.fixture(scope="session")
def still() -> Iterator[Site]:
    """A site that no test changes, for the many that only look."""
    sites = Sites()
    yield sites.open()
    sites.stop()


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    return open_site()
