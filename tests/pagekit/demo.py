"""The demo as people get it: its folder, the stand-in over TLS, the bot behind the page; and Graph itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from bot.cli.demo_folder import DemoFolder
from bot.cli.demonstrating import asked_of, demo, serve_folder
from bot.sandbox.server import Running

Standing = tuple[str, str, str, str]  # id, subject, when, colour


@dataclass
class Demo:
    """A demo that is being served."""

    folder: DemoFolder
    running: Running

    @property
    def url(self) -> str:
        return str(self.running.page_url).rstrip("/")

    def rows(self, name: str) -> list[dict[str, str]]:
        """A file of its caseload."""
        with (self.folder.path / "caseload" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def page(self, path: str) -> Any:
        """What the page's own server answers."""
        return requests.get(f"{self.url}/api/{path}", timeout=20).json()

    def graph(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """What Graph answers over TLS, every page of it."""
        url: str | None = f"{self.running.graph_url}{path}"
        headers = {
            "Authorization": f"Bearer {self._token()}",
            "Prefer": 'outlook.timezone="Europe/London", IdType="ImmutableId"',
        }
        while url:
            answer = requests.get(
                url, params=query, headers=headers, verify=str(self.running.ca_file), timeout=20
            )
            assert answer.status_code == 200, answer.text
            body = answer.json()
            yield from body["value"]
            url, query = body.get("@odata.nextLink"), {}

    def _token(self) -> str:
        running = self.running
        form = {
            "grant_type": "client_credentials",
            "client_id": running.client_id,
            "client_secret": running.client_secret,
            "scope": "https://graph.microsoft.com/.default",
        }
        url = f"{running.authority}{running.tenant_id}/oauth2/v2.0/token"
        return str(requests.post(url, form, verify=str(running.ca_file), timeout=20).json()["access_token"])

    def stands(self, who: str, first: date, days: int) -> set[Standing]:
        """The entries of some days as Graph has them: their ids, subjects, starts and colours."""
        colours = {
            one["displayName"]: one["color"] for one in self.graph(f"users/{who}/outlook/masterCategories")
        }
        until = first + timedelta(days=days)
        found = self.graph(
            f"users/{who}/calendarView",
            startDateTime=f"{first}T00:00:00",
            endDateTime=f"{until}T00:00:00",
            **{"$top": "250", "$select": "id,subject,start,isAllDay,categories"},
        )
        return {
            (
                one["id"],
                one["subject"],
                _when(one),
                next((colours[name] for name in one["categories"] if name in colours), "none"),
            )
            for one in found
        }


def _when(event: dict[str, Any]) -> str:
    starts = datetime.fromisoformat(event["start"]["dateTime"][:19])
    return f"{starts.date()}" if event["isAllDay"] else f"{starts:%Y-%m-%d %H:%M}"


@contextmanager
def demo_on(folder: Path, today: date) -> Iterator[Demo]:
    """Make one as the command does, and serve it again as `sandbox --state` does."""
    demo(today=today, state=folder, port=None, serve=False, record=None)
    with serve_again(folder) as served:
        yield served


@contextmanager
def serve_again(folder: Path) -> Iterator[Demo]:
    """`sandbox --state` of a demo's folder."""
    home = DemoFolder(folder)
    with serve_folder(
        home, port=0, graph_port=0, today=None, asked=asked_of(None), recording=None
    ) as running:
        yield Demo(home, running)
