"""How the ways of writing stand to one another against the stand-in's latency models A and B, in one run.

    python tests/benchmarks/latency.py [HOW_MANY]

Real HTTP over TLS on this machine; 500 creates take about two minutes. Model A: 50 ms a request. Model B:
50 ms an item of a batch too, four at a time. The figures are of this machine: what counts are the ratios.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.sandbox.server import Running, start
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Person

WHO = "ann@council.example"
MODELS = {"A": {"request_ms": 50.0}, "B": {"request_ms": 50.0, "item_ms": 50.0}}


class Client:
    """One session that is signed in."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(running.ca_file)
        form = {
            "grant_type": "client_credentials",
            "client_id": running.client_id,
            "client_secret": running.client_secret,
            "scope": "https://graph.microsoft.com/.default",
        }
        answer = self.session.post(f"{running.authority}{running.tenant_id}/oauth2/v2.0/token", data=form)
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.session.post(self.running.graph_url + path, json=body)
        answer.raise_for_status()
        return answer.json()


def event(number: int) -> dict[str, Any]:
    moment = {"dateTime": "2026-12-04T09:00:00", "timeZone": "UTC"}
    return {"subject": str(number), "start": moment, "end": moment}


def one_session(running: Running, numbers: range) -> None:
    client = Client(running)
    for number in numbers:
        client.post(f"users/{WHO}/events", event(number))


def four_threads(running: Running, numbers: range) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda lane: one_session(running, numbers[lane::4]), range(4)))


def batches(running: Running, numbers: range) -> None:
    client = Client(running)
    for first in numbers[::20]:
        items = [
            {
                "id": str(number),
                "method": "POST",
                "url": f"/users/{WHO}/events",
                "headers": {"Content-Type": "application/json"},
                "body": event(number),
            }
            for number in numbers[first : first + 20]
        ]
        answered = client.post("$batch", {"requests": items})["responses"]
        if {one["status"] for one in answered} != {201}:
            raise SystemExit("An item of a batch was refused: the limits are wrong.")


WAYS: dict[str, Callable[[Running, range], None]] = {
    "one session": one_session,
    "4 threads, no batch": four_threads,
    "$batch of 20, one in flight": batches,
}


def measure(model: str, way: str, how_many: int) -> tuple[float, dict[str, Any]]:
    """Seconds for so many creates, and the stand-in's own record of them."""
    with start(people=[Person(WHO, "Ann Bee")], settings=SandboxSettings(**MODELS[model])) as running:
        began = time.perf_counter()
        WAYS[way](running, range(how_many))
        took = time.perf_counter() - began
        made = len(running.tenant.mailbox(WHO).events)
        if made != how_many:
            raise SystemExit(f"{made} events stand where {how_many} were made.")
        return took, running.tenant.record.summary()


def main(how_many: int) -> None:
    """Print the table."""
    print(f"{how_many} creates")
    print(f"{'way':30} {'model':5} {'seconds':>8} {'of one session':>15} {'requests':>9} {'at work':>8}")
    for model in MODELS:
        alone = 0.0
        for way in WAYS:
            took, record = measure(model, way, how_many)
            alone = alone or took
            share = f"{took / alone:.3f}"
            came, at_work = record["requests"], record["most_at_work"]
            print(f"{way:30} {model:5} {took:8.2f} {share:>15} {came:9} {at_work:8}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
