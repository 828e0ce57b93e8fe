"""Serving a council's page for real, with a bot behind it that a test can hold, fail and listen to."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import requests
import uvicorn

from bot.sandbox.page import app as page
from bot.sandbox.page.news import NewsLine, RunNews
from bot.sandbox.server import Running, start
from pagekit.council import AISHA, BEN, PEOPLE, TODAY, Council, make_council
from pagekit.filling import VISIT, fill


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


@dataclass
class WithGraph:
    """A page and the Graph beside it: the same mailboxes by the two ways there are to them."""

    council: Council
    url: str
    running: Running
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.verify = str(self.running.ca_file)
        form = {
            "grant_type": "client_credentials",
            "client_id": self.running.client_id,
            "client_secret": self.running.client_secret,
            "scope": "https://graph.microsoft.com/.default",
        }
        url = f"{self.running.authority}{self.running.tenant_id}/oauth2/v2.0/token"
        self.session.headers["Authorization"] = (
            f"Bearer {self.session.post(url, data=form).json()['access_token']}"
        )
        self.session.headers["Prefer"] = 'IdType="ImmutableId", outlook.timezone="Europe/London"'

    def graph(self, verb: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """What Graph answers over TLS, as a bot would ask it."""
        return self.session.request(verb, self.running.graph_url + path, json=body, headers=headers)

    def calendar(self, view: str, day: date | str = TODAY, who: str = AISHA) -> str:
        return f"{self.url}/#/{who}/{view}/{day}"


class Sites:
    """Served councils, stopped together."""

    def __init__(self) -> None:
        self._running: list[tuple[uvicorn.Server, threading.Thread]] = []
        self._whole: list[Running] = []

    def with_graph(self) -> WithGraph:
        """A filled council with its page and, over TLS, its Graph."""
        running = start(people=PEOPLE, page_for=lambda one: page.app(one.tenant, run=None))
        self._whole.append(running)
        running.tenant.clock.set_today(TODAY)
        council = fill(Council(running.tenant))
        return WithGraph(council, (running.page_url or "").rstrip("/"), running)

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
        for whole in self._whole:
            whole.stop()


def news_of(day: date) -> RunNews:
    colour = "Took the colour out of “Visit due Wed 25 Nov · U.V. 20808”"
    lines = (
        NewsLine(AISHA, f"Put “New on {day}” into the diary", "B.1: ten working days after the last visit"),
        NewsLine(BEN, colour, "It was seen on Tue 24 Nov"),
    )
    return RunNews(day, lines, mails=1, writes=2, problems=("visits.csv:17:seen: blank. Say yes or no.",))
