"""Handles for tests and benchmarks, which no Microsoft 365 has: the record, the clock, faults."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.faults.fault import Fault
from bot.sandbox.faults.kinds import DOES, FIELDS, KINDS
from bot.sandbox.faults.spelling import nearest
from bot.sandbox.graph.service import Graph
from bot.sandbox.graph.signin import SignIn
from bot.sandbox.tenant.record import Sought
from bot.sandbox.tenant.refusal import GraphError, bad_request

Endpoint = Callable[[Request], Awaitable[Response]]


def _telling(endpoint: Endpoint) -> Endpoint:
    """Say what was wrong with a request instead of failing."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except GraphError as error:
            return JSONResponse({"error": {"code": error.code, "message": error.message}}, error.status)
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": {"code": "BadRequest", "message": str(error)}}, 400)

    return answer


def control_routes(graph: Graph, sign_in: SignIn) -> list[Route]:
    """Everything below /_sandbox/. No token is asked for: the port is this machine's alone."""
    clock, faults, record = graph.tenant.clock, graph.faults, graph.tenant.record

    async def show_record(request: Request) -> Response:
        return JSONResponse(record.summary(_sought(request)))

    async def reset_record(_: Request) -> Response:
        record.reset()
        return Response(status_code=204)

    def time() -> dict[str, Any]:
        return {
            "today": clock.today().isoformat(),
            "now": clock.now().isoformat(),
            "skew_seconds": clock.skew.total_seconds(),
        }

    async def show_clock(_: Request) -> Response:
        return JSONResponse(time())

    async def set_clock(request: Request) -> Response:
        asked = await _object(request, {"today", "skew_seconds", "pass_seconds"})
        if "today" in asked:
            clock.set_today(date.fromisoformat(asked["today"]))
        if "skew_seconds" in asked:
            clock.skew = timedelta(seconds=asked["skew_seconds"])
        if "pass_seconds" in asked:
            clock.let_pass(asked["pass_seconds"])
        return JSONResponse(time())

    async def show_faults(_: Request) -> Response:
        return JSONResponse({"faults": faults.shown()})

    async def show_kinds(_: Request) -> Response:
        return JSONResponse({"kinds": [asdict(kind) for kind in KINDS], "settings": FIELDS, "does": DOES})

    async def add_faults(request: Request) -> Response:
        sent = await request.json()
        faults.order(Fault.read_all(sent if isinstance(sent, list) else [sent]))
        return JSONResponse({"faults": faults.shown()}, 201)

    async def clear_faults(_: Request) -> Response:
        faults.clear()
        return Response(status_code=204)

    async def clear_fault(request: Request) -> Response:
        id_ = request.path_params["id"]
        if not faults.clear(id_):
            there = ", ".join(one["id"] for one in faults.shown()) or "none"
            raise GraphError(404, "NotFound", f"There is no fault '{id_}'. There are: {there}.")
        return Response(status_code=204)

    async def revoke(_: Request) -> Response:
        sign_in.revoke()
        return Response(status_code=204)

    async def set_mailbox(request: Request) -> Response:
        asked = await _object(request, {"gone"})
        with graph.tenant.lock:
            graph.tenant.set_gone(request.path_params["user"], gone=bool(asked["gone"]))
        return Response(status_code=204)

    found: list[tuple[str, str, Endpoint]] = [
        ("GET", "record", show_record),
        ("DELETE", "record", reset_record),
        ("GET", "clock", show_clock),
        ("POST", "clock", set_clock),
        ("GET", "faults/kinds", show_kinds),
        ("GET", "faults", show_faults),
        ("POST", "faults", add_faults),
        ("DELETE", "faults", clear_faults),
        ("DELETE", "faults/{id}", clear_fault),
        ("DELETE", "tokens", revoke),
        ("POST", "mailboxes/{user}", set_mailbox),
    ]
    return [Route(f"/_sandbox/{path}", _telling(endpoint), methods=[verb]) for verb, path, endpoint in found]


def _sought(request: Request) -> Sought:
    """Which calls of the record are asked for."""
    asked = request.query_params
    known = ("mailbox", "verb", "status", "since")
    if wrong := [name for name in asked if name not in known]:
        raise bad_request(
            f"The record is not told apart by '{wrong[0]}'.{nearest(wrong[0], known)}", "BadRequest"
        )
    since: int | datetime | None = None
    if text := asked.get("since"):
        since = int(text) if text.isdecimal() else datetime.fromisoformat(text.replace(" ", "+"))
        if isinstance(since, datetime) and since.tzinfo is None:
            since = since.replace(tzinfo=UTC)
    status = asked.get("status")
    return Sought(asked.get("mailbox"), asked.get("verb"), int(status) if status else None, since)


async def _object(request: Request, known: set[str]) -> dict[str, Any]:
    sent = await request.json()
    if not isinstance(sent, dict) or not sent or set(sent) - known:
        raise bad_request(f"An object with any of {sorted(known)} is expected.", "BadRequest")
    return sent
