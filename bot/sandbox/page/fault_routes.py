"""Bad days on order from the page: which there are, what is on and whom it struck; a mailbox gone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.faults.fault import Fault, Faults
from bot.sandbox.faults.kinds import FIELDS, KINDS
from bot.sandbox.faults.spelling import Misspelt
from bot.sandbox.page import asking
from bot.sandbox.page.asking import Wrong
from bot.sandbox.page.diary_routes import BOX
from bot.sandbox.page.mark import Mark
from bot.sandbox.tenant import Tenant


def on(tenant: Tenant, faults: Faults | None) -> int:
    """How many faults are on, mailboxes that have vanished with them."""
    waiting = sum(not one["over"] for one in faults.shown()) if faults is not None else 0
    return waiting + len(tenant.gone_people())


def routes(tenant: Tenant, faults: Faults, mark: Mark) -> list[BaseRoute]:
    """Everything about faults."""

    def shown() -> dict[str, Any]:
        gone = [{"mail": one.email, "name": one.name} for one in tenant.gone_people()]
        return {"ordered": [_named(tenant, one) for one in faults.shown()], "gone": gone}

    def show(_: Request) -> Response:
        kinds = [asdict(kind) for kind in KINDS]
        return JSONResponse({"kinds": kinds, "fields": dict(FIELDS)} | shown())

    async def order(request: Request) -> Response:
        faults.order([Fault.read(await asking.json_object(request))])
        mark.touch()
        return JSONResponse(shown(), status_code=201)

    async def clear(request: Request) -> Response:
        which = (await asking.json_object(request)).get("id")
        if which is not None and not faults.clear(str(which)):
            raise Wrong("That fault is not on any more.", 404)
        if which is None:
            faults.clear()
        mark.touch()
        return JSONResponse(shown())

    async def vanish(request: Request) -> Response:
        wish = (await asking.json_object(request)).get("gone")
        if not isinstance(wish, bool):
            raise Wrong('Send {"gone": true} to let the mailbox vanish, or false to bring it back.')
        with tenant.lock:
            tenant.set_gone(asking.who(request), gone=wish)
        mark.touch()
        return JSONResponse(shown())

    return [
        Route("/api/faults", show),
        Route("/api/faults", order, methods=["POST"]),
        Route("/api/faults/clear", clear, methods=["POST"]),
        Route(f"{BOX}/gone", vanish, methods=["POST"]),
    ]


def misspelt(_: Request, error: Exception) -> Response:
    """All that is wrong with an order."""
    problems = error.problems if isinstance(error, Misspelt) else ()
    return JSONResponse({"error": " ".join(problems)}, status_code=400)


def _named(tenant: Tenant, shown: dict[str, Any]) -> dict[str, Any]:
    """With the name of whoever it is for, as people know them."""
    whose = next((one for one in tenant.people_by_id.values() if _is(one, shown["mailbox"])), None)
    return shown | {"name": whose.name if whose else None}


def _is(person: Any, mailbox: str | None) -> bool:
    return mailbox is not None and mailbox.casefold() in (person.email.casefold(), person.id)
