"""A person's acts over HTTP: what the page sends when somebody drags, deletes, recolours or copies."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.page import asking
from bot.sandbox.page.acting import ChangedMeanwhile, Diary
from bot.sandbox.page.diary_routes import BOX
from bot.sandbox.page.mark import Mark
from bot.sandbox.page.wishes import WrongWish
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Tenant


def routes(tenant: Tenant, rules: SandboxSettings, mark: Mark) -> list[BaseRoute]:
    """What changes an entry, a mail or somebody's automatic replies."""
    diary = Diary(tenant, rules)

    async def done(act: Callable[[], dict[str, Any]], name: str, status: int = 200) -> Response:
        told = await run_in_threadpool(act)
        mark.touch()
        return JSONResponse({name: told, "mark": str(mark)}, status_code=status)

    async def add(request: Request) -> Response:
        sent = await asking.json_object(request)
        return await done(partial(diary.add, asking.who(request), sent), "event", 201)

    async def copy(request: Request) -> Response:
        sent = await asking.json_object(request)
        act = partial(diary.copy, asking.who(request), asking.item_id(request), sent)
        return await done(act, "event", 201)

    async def change(request: Request) -> Response:
        sent = await asking.json_object(request)
        act = partial(diary.change, asking.who(request), asking.item_id(request), sent, _etag(request))
        return await done(act, "event")

    async def remove(request: Request) -> Response:
        act = partial(diary.remove, asking.who(request), asking.item_id(request), _etag(request))
        return await done(act, "event")

    async def away(request: Request) -> Response:
        sent = await asking.json_object(request)
        return await done(partial(diary.away, asking.who(request), sent), "mailbox")

    async def read(request: Request) -> Response:
        sent = await asking.json_object(request)
        act = partial(diary.read, asking.who(request), asking.item_id(request), sent)
        return await done(act, "message")

    return [
        Route(f"{BOX}/events", add, methods=["POST"]),
        Route(f"{BOX}/events/{{id}}", change, methods=["PATCH"]),
        Route(f"{BOX}/events/{{id}}", remove, methods=["DELETE"]),
        Route(f"{BOX}/events/{{id}}/copy", copy, methods=["POST"]),
        Route(f"{BOX}/away", away, methods=["PATCH"]),
        Route(f"{BOX}/messages/{{id}}", read, methods=["PATCH"]),
    ]


def _etag(request: Request) -> str | None:
    return request.headers.get("if-match")


def wrong_wish(_: Request, error: Exception) -> Response:
    """What is wrong, in all and by field."""
    fields = error.fields if isinstance(error, WrongWish) else {}
    return JSONResponse({"error": str(error), "fields": fields}, status_code=400)


def changed_meanwhile(_: Request, error: Exception) -> Response:
    """That somebody was quicker, and what the entry has become."""
    now = error.now if isinstance(error, ChangedMeanwhile) else None
    return JSONResponse({"error": str(error), "now": now}, status_code=412)
