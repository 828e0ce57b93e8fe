"""`$batch`: up to twenty requests in one, each judged alone, answered in any order."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from typing import Any

from bot.sandbox.graph.service import Graph, LineLost
from bot.sandbox.graph.wire import IN_A_BATCH, GraphRequest, GraphResponse, Line, refusal
from bot.sandbox.tenant.refusal import GraphError, bad_request

MOST = 20
VERBS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE"})
# Microsoft's Python library writes `depends_on`, which Graph takes and does not heed.
ITEM_HAS = frozenset({"id", "method", "url", "headers", "body", "dependsOn", "depends_on"})
JSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"


def read(outer: GraphRequest) -> dict[str, tuple[GraphRequest, tuple[str, ...]]]:
    """The items by id with what each waits for; anything wrong in the frame refuses the whole batch."""
    sent = outer.body
    items = sent.get("requests") if isinstance(sent, dict) else None
    if not isinstance(items, list) or not items or set(sent) != {"requests"}:
        raise _invalid("The property 'requests' has to be a collection that is not empty.")
    if len(items) > MOST:
        raise _invalid(f"Number of batch request steps exceeds the maximum value of {MOST}.")
    found: dict[str, tuple[GraphRequest, tuple[str, ...]]] = {}
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("id"), str) or not item["id"]:
            raise _invalid("Every request needs an 'id' that is a string.")
        if item["id"].casefold() in {known.casefold() for known in found}:
            raise _invalid(f"The id '{item['id']}' is not unique in the batch.")
        found[item["id"]] = _read_item(outer, item)
    for _, waits in found.values():
        for other in waits:
            if other not in found:
                raise _invalid(f"A request depends on '{other}', which is not in the batch.")
    _refuse_circles({name: waits for name, (_, waits) in found.items()})
    return found


def _read_item(outer: GraphRequest, item: dict[str, Any]) -> tuple[GraphRequest, tuple[str, ...]]:
    name = item["id"]
    if set(item) - ITEM_HAS:
        raise _invalid(
            f"Request '{name}' has a property that is not known: {sorted(set(item) - ITEM_HAS)[0]}."
        )
    verb, url = str(item.get("method", "")).upper(), item.get("url")
    if verb not in VERBS:
        raise _invalid(f"Request '{name}' has no valid 'method'.")
    if not isinstance(url, str) or not url.strip("/") or "://" in url.split("?")[0]:
        raise _invalid(f"Request '{name}' has no 'url' relative to the service.")
    headers = item.get("headers") or {}
    if not isinstance(headers, dict) or not all(isinstance(one, str) for one in headers.values()):
        raise _invalid(f"Request '{name}' has headers that are not strings.")
    folded = {header.casefold(): value for header, value in headers.items()}
    if "body" in item and not folded.get("content-type", "").startswith("application/json"):
        raise _invalid(f"Write request id : {name} does not contain Content-Type header or body.")
    waits = item.get("dependsOn") or []
    if not isinstance(waits, list) or not all(isinstance(one, str) for one in waits):
        raise _invalid(f"Request '{name}' has a 'dependsOn' that is not a collection of ids.")
    path, _, query = url.partition("?")
    request = GraphRequest(
        verb=verb,
        path=path.strip("/"),
        query=query,
        headers=folded,
        body=item.get("body"),
        base=outer.base,
        in_batch=True,
        size=len(json.dumps(item["body"])) if "body" in item else 0,
        came=outer.came,
        connection=outer.connection,
    )
    return request, tuple(waits)


def _refuse_circles(waits: dict[str, tuple[str, ...]]) -> None:
    done: set[str] = set()
    while len(done) < len(waits):
        ready = {name for name, needs in waits.items() if name not in done and done.issuperset(needs)}
        if not ready:
            raise _invalid("The requests depend on one another in a circle.")
        done |= ready


def _invalid(words: str) -> GraphError:
    return bad_request(f"Invalid batch payload format. {words}", "BadRequest")


async def answer(graph: Graph, outer: GraphRequest) -> GraphResponse:
    """Answer a batch, whatever happens to it as a whole, and write it down."""
    began, befalls = time.perf_counter(), dict[str, Line]()
    try:
        with graph.heeded(outer, None), graph.struck(outer, None) as fault:
            await graph.hold_up(fault)
            async with graph.taking(graph.settings.request_ms):
                pass  # its items' work comes after
            answered, befalls = await run(graph, outer)
            answered.then = answered.then or graph.line(fault)
    except GraphError as error:
        answered = refusal(error, outer, graph.tenant.clock.wall())
    except LineLost as lost:
        answered = GraphResponse(0, then=lost.then)
    graph.write_down(outer, answered.status, began=began)
    graph.tell(outer, answered)
    return _spoilt(answered, befalls) if befalls else answered


def _spoilt(answered: GraphResponse, befalls: dict[str, Line]) -> GraphResponse:
    """The answer with items left out, or told a second time as refused."""
    told = [one for one in answered.body["responses"] if befalls.get(one["id"]) != "left_out"]
    refused = {"status": 503, "body": {"error": {"code": "ServiceUnavailable", "message": "Unavailable."}}}
    told += [one | refused for one in told if befalls.get(one["id"]) == "told_twice"]
    return GraphResponse(answered.status, {"responses": told}, answered.headers, answered.then)


async def run(graph: Graph, outer: GraphRequest) -> tuple[GraphResponse, dict[str, Line]]:
    """Run a batch, four items at a time, those that wait for others after them; and what befalls answers."""
    items = read(outer)
    graph.tenant.record.saw_batch(len(items))
    finished = {name: asyncio.Event() for name in items}
    answers: dict[str, GraphResponse] = {}
    turns = asyncio.Semaphore(graph.settings.batch_items_at_once)

    async def one(name: str) -> None:
        request, waits = items[name]
        try:
            for other in waits:
                await finished[other].wait()
            if any(not _succeeded(answers.get(other)) for other in waits):
                answers[name] = _failed_dependency(graph, request)
            else:
                ends = (answers[other].over for other in waits)
                since = max((end for end in ends if end is not None), default=None)
                async with turns:
                    answers[name] = await graph.answer(replace(request, since=since))
        except LineLost as lost:
            answers[name] = GraphResponse(0, then=lost.then)
        finally:
            finished[name].set()

    await asyncio.gather(*map(one, items))
    for name, answer in answers.items():
        if answer.refused is not None:
            graph.tell_to_wait(items[name][0], answer.refused)
    lines = (answer.then for answer in answers.values())
    then: Line = next((line for line in lines if line and line not in IN_A_BATCH), "")
    order = list(answers)
    if graph.settings.shuffle_batches:
        graph.random.shuffle(order)
    whole = GraphResponse(200, {"responses": [_show(name, answers[name]) for name in order]}, then=then)
    return whole, {name: answer.then for name, answer in answers.items() if answer.then in IN_A_BATCH}


def _succeeded(answer: GraphResponse | None) -> bool:
    return answer is not None and 200 <= answer.status < 300


def _failed_dependency(graph: Graph, request: GraphRequest) -> GraphResponse:
    error = GraphError(424, "FailedDependency", "The request was not made because one it depends on failed.")
    graph.write_down(request, 424, graph.address(request))
    answer = refusal(error, request, graph.tenant.clock.wall())
    graph.tell(request, answer)
    return answer


def _show(name: str, answer: GraphResponse) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": name, "status": answer.status, "headers": dict(answer.headers)}
    if answer.body is not None:
        shown["headers"]["Content-Type"] = JSON
        shown["body"] = answer.body
    return shown
