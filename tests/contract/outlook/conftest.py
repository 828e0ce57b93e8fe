"""Real msal, real O365 and real TLS against the stand-in, started anew for each test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import requests
from witness.watching import heard  # noqa: F401 - every test here is heard

from bot.outlook.connection import Connection, connect
from bot.outlook.credential import Credential, Secret
from bot.outlook.event import Draft
from bot.sandbox.server import Running, start
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Person

BOXES = tuple(f"w{number}@council.test" for number in range(1, 31))
SENDER = "visits@council.test"


@dataclass
class Cloud:
    """A stand-in that runs, and the ways a test looks at it or spoils its day."""

    running: Running
    slept: list[float] = field(default_factory=list)

    def connect(self, *, credential: Credential | None = None, **changes: Any) -> Connection:
        given: dict[str, Any] = {
            "tenant_id": self.running.tenant_id,
            "client_id": self.running.client_id,
            "credential": credential or Secret(self.running.client_secret),
            "graph_url": self.running.graph_url,
            "authority": self.running.authority,
            "ca_file": self.running.ca_file,
            "sleep": self.sleep,
            **changes,
        }
        return connect(**given)

    def sleep(self, seconds: float) -> None:
        """Nobody waits, and yet the time has passed."""
        self.slept.append(seconds)
        self.running.tenant.clock.let_pass(seconds)

    def ask(self, verb: str, path: str, body: Any = None) -> Any:
        """The stand-in's own handles."""
        answer = requests.request(
            verb,
            f"{self.running.authority}_sandbox/{path}",
            json=body,
            verify=str(self.running.ca_file),
            timeout=10,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def spoil(self, **fault: Any) -> None:
        self.ask("POST", "faults", fault)

    def mend(self) -> None:
        self.ask("DELETE", "faults")

    def calls(self, *, like: str = "") -> list[tuple[str, str, int]]:
        return [(c.verb, c.path, c.status) for c in self.running.tenant.record.calls() if like in c.path]

    def forget(self) -> None:
        self.running.tenant.record.reset()

    @property
    def writes(self) -> int:
        return self.running.tenant.record.writes


@pytest.fixture
def start_cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Cloud]]:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    started: list[Running] = []

    def begin(**settings: Any) -> Cloud:
        people = [Person(box, f"Worker {box}") for box in (*BOXES, SENDER)]
        started.append(start(people=people, settings=SandboxSettings(**settings)))
        return Cloud(started[-1])

    yield begin
    stopping = [threading.Thread(target=running.stop) for running in started]
    for thread in stopping:
        thread.start()
    for thread in stopping:
        thread.join()


@pytest.fixture
def cloud(start_cloud: Callable[..., Cloud]) -> Cloud:
    return start_cloud()


@pytest.fixture
def boxes() -> tuple[str, ...]:
    return BOXES


@pytest.fixture
def a_draft() -> Callable[..., Draft]:
    def make(key: str = "a1", **changes: Any) -> Draft:
        fields: dict[str, Any] = {
            "key": key,
            "subject": "Visit due Fri 4 Dec · J.S. 20417",
            "html": "<p>Why it is due</p>",
            "starts": datetime(2026, 12, 3, 9, 0),
            "ends": datetime(2026, 12, 3, 9, 15),
            "all_day": False,
            "categories": ("Visit",),
            "alarm_minutes": 0,
            **changes,
        }
        return Draft(**fields)

    return make
