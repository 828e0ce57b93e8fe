"""The latency model has the ratios that GRAPH.md measured, by a clock that leaps: nothing is timed."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.sandbox.graph import batch
from bot.sandbox.graph.service import Graph
from bot.sandbox.graph.wire import GraphRequest
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Person, Tenant
from bot.sandbox.tenant.clock import Clock

HOW_MANY = 500
WHO = "ann@council.example"
# GRAPH.md, "Speed measured": seconds on loopback for 500 creates, with the client's own work in them.
MEASURED = {
    "A": {"plain": 26.3, "4 threads": 6.7, "batch": 1.4},
    "B": {"plain": 26.6, "4 threads": 6.8, "batch": 7.6},
}


class Leaping(asyncio.SelectorEventLoop):
    """An event loop in which nobody waits: its clock leaps to whatever comes next."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(_Leaping(self))

    def time(self) -> float:
        return self.now


class _Leaping(selectors.SelectSelector):
    def __init__(self, loop: Leaping) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        self._loop.now += timeout or 0.0
        return super().select(0)


def _body(number: int) -> dict[str, Any]:
    moment = {"dateTime": "2026-12-04T09:00:00", "timeZone": "UTC"}
    return {"subject": str(number), "start": moment, "end": moment}


def _create(number: int) -> GraphRequest:
    return GraphRequest(
        "POST", f"users/{WHO}/events", "", {"content-type": "application/json"}, _body(number)
    )


def _batch(first: int) -> GraphRequest:
    items = [
        {
            "id": str(number),
            "method": "POST",
            "url": f"/users/{WHO}/events",
            "headers": {"Content-Type": "application/json"},
            "body": _body(number),
        }
        for number in range(first, first + 20)
    ]
    return GraphRequest("POST", "$batch", "", {}, {"requests": items})


async def _one_by_one(graph: Graph, numbers: range) -> None:
    for number in numbers:
        assert (await graph.answer(_create(number))).status == 201


async def _plain(graph: Graph) -> None:
    await _one_by_one(graph, range(HOW_MANY))


async def _four_threads(graph: Graph) -> None:
    await asyncio.gather(*(_one_by_one(graph, range(lane, HOW_MANY, 4)) for lane in range(4)))


async def _batches(graph: Graph) -> None:
    for first in range(0, HOW_MANY, 20):
        answer = await batch.answer(graph, _batch(first))
        assert {one["status"] for one in answer.body["responses"]} == {201}


WAYS: dict[str, Callable[[Graph], Awaitable[None]]] = {
    "plain": _plain,
    "4 threads": _four_threads,
    "batch": _batches,
}


def _takes(way: str, item_ms: float) -> float:
    settings = SandboxSettings(request_ms=50, item_ms=item_ms)
    tenant = Tenant([Person(WHO, "Ann Bee")], clock=Clock())
    graph, loop = Graph(tenant, settings), Leaping()
    try:
        loop.run_until_complete(WAYS[way](graph))
    finally:
        loop.close()
    assert len(tenant.mailbox(WHO).events) == HOW_MANY
    alone = way == "plain" or (way == "batch" and not item_ms)  # what takes no time is never two at once
    assert tenant.record.summary()["most_at_work"] == (1 if alone else 4)
    return loop.now


@pytest.mark.parametrize(("model", "item_ms"), [("A", 0), ("B", 50)])
def test_the_ways_stand_to_one_another_as_was_measured(model: str, item_ms: float) -> None:
    """Speed measured: model A 50 ms a request, model B 50 ms an item too, 4 at a time."""
    found = {way: _takes(way, item_ms) for way in WAYS}
    measured = MEASURED[model]
    assert sorted(found, key=found.__getitem__) == sorted(measured, key=measured.__getitem__)
    for (
        way,
        seconds,
    ) in measured.items():  # the client's own work weighs most where there is least to wait for
        assert found[way] / found["plain"] == pytest.approx(seconds / measured["plain"], rel=0.1), way


def test_items_that_wait_for_one_another_cost_one_after_the_other() -> None:
    """A chain by dependsOn keeps one at work; four chains side by side keep four."""

    def takes(chains: int) -> float:
        request = _batch(0)
        items = request.body["requests"]
        for number, item in enumerate(items):
            if number >= chains:
                item["dependsOn"] = [items[number - chains]["id"]]
        graph = Graph(
            Tenant([Person(WHO, "Ann Bee")], clock=Clock()), SandboxSettings(request_ms=50, item_ms=50)
        )
        loop = Leaping()
        try:
            loop.run_until_complete(batch.answer(graph, request))
        finally:
            loop.close()
        return loop.now

    assert takes(1) == pytest.approx(0.05 + 20 * 0.05)
    assert takes(4) == pytest.approx(0.05 + 5 * 0.05)
