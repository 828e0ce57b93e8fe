"""Runs of the bot over HTTP: what they did, how far they have come, one more, or no further."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.page import asking
from bot.sandbox.page.asking import Wrong
from bot.sandbox.page.runs import HOWS, Runs


def routes(runs: Runs) -> list[BaseRoute]:
    """Everything about runs."""

    async def start(request: Request) -> Response:
        sent = await asking.json_object(request)
        try:
            to = date.fromisoformat(sent["to"])
        except (ValueError, KeyError, TypeError):
            raise Wrong('Send {"to": "2026-11-24"}: the day to go to.') from None
        how = sent.get("how", "straight")
        if how not in HOWS:
            raise Wrong(
                '“how” is "straight", with one run on the day, or "each_day", with one on each weekday.'
            )
        return JSONResponse(runs.start(to, how), status_code=202)

    async def stop(request: Request) -> Response:
        await asking.json_object(request)
        runs.stop()
        return JSONResponse(runs.progress())

    return [
        Route("/api/runs", lambda _: JSONResponse(runs.shown())),
        Route("/api/runs", start, methods=["POST"]),
        Route("/api/runs/progress", lambda _: JSONResponse(runs.progress())),
        Route("/api/runs/stop", stop, methods=["POST"]),
    ]
