"""The page at which people look at the stand-in's diaries and mail, act in them and run the bot.

It is the first thing anyone sees of the project, and it shows text that others wrote: so nothing is loaded
from elsewhere, text is only ever text, bodies stand in frames that cannot run anything, and what changes
something must come from this very page.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.page import act_routes, asking, diary_routes
from bot.sandbox.page.acting import ChangedMeanwhile
from bot.sandbox.page.api import NewsLine, RunNews
from bot.sandbox.page.asking import Wrong
from bot.sandbox.page.mark import Mark
from bot.sandbox.page.runs import CannotRun, Run, Runs
from bot.sandbox.page.security import OnlyFromHere
from bot.sandbox.page.wishes import WrongWish
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Tenant
from bot.sandbox.tenant.clock import LONDON
from bot.sandbox.tenant.refusal import GraphError

__all__ = ["NewsLine", "Run", "RunNews", "app"]

STATIC = Path(__file__).parent / "static"
WITHOUT_A_BOT = "The date can be set forward here when the page is started with “make demo”."
NOWHERE = frozenset(
    {
        "Request_ResourceNotFound",
        "MailboxNotEnabledForRESTAPI",
        "ErrorItemNotFound",
        "ErrorInvalidIdMalformed",
    }
)

# A registry can have other ideas (Windows), and a module of another type is not run.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/css", ".css")
mimetypes.add_type("image/svg+xml", ".svg")


def app(
    tenant: Tenant,
    *,
    run: Run | None,
    desk: Any = None,
    faults: Any = None,
    settings: SandboxSettings | None = None,
    title: str = "Diaries and mail",
    told: Sequence[RunNews] = (),
    hosts: Iterable[str] = (),
) -> Starlette:
    """The page as an ASGI application.

    `run` goes to a date and does what the bot does there; without it there are no buttons. `told` is what
    runs that this page did not start have done; it may grow while the page is served. `hosts` are names
    that it may be asked for by, besides localhost and any address. `settings` are those of the Graph side.
    """
    runs = Runs(tenant, run, told)
    mark = Mark(tenant, runs)
    return Starlette(
        routes=[
            *_routes(tenant, runs, mark, title, has={"desk": desk is not None, "faults": faults is not None}),
            *diary_routes.routes(tenant),
            *act_routes.routes(tenant, settings or SandboxSettings(), mark),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(OnlyFromHere, hosts=frozenset(name.casefold() for name in hosts))],
        exception_handlers={
            GraphError: _refused,
            ChangedMeanwhile: act_routes.changed_meanwhile,
            WrongWish: act_routes.wrong_wish,
            Wrong: _wrong,
            CannotRun: _wrong,
        },
    )


def _routes(tenant: Tenant, runs: Runs, mark: Mark, title: str, has: dict[str, bool]) -> list[BaseRoute]:
    def home(_: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    def state(_: Request) -> Response:
        return JSONResponse(
            {
                "title": title,
                "today": tenant.clock.today().isoformat(),
                "now": f"{tenant.clock.now().astimezone(LONDON):%Y-%m-%dT%H:%M}",
                "canRun": runs.can_run,
                "has": has,
                "note": "" if runs.can_run else WITHOUT_A_BOT,
                "mark": str(mark),
            }
        )

    async def start(request: Request) -> Response:
        try:
            to = date.fromisoformat((await asking.json_object(request))["to"])
        except (ValueError, KeyError, TypeError):
            raise Wrong('Send {"to": "2026-11-24"}: the day to go to.') from None
        runs.start(to)
        return JSONResponse({"goingTo": to.isoformat()}, status_code=202)

    return [
        Route("/", home),
        Route("/api/state", state),
        Route("/api/runs", lambda _: JSONResponse(runs.shown())),
        Route("/api/runs", start, methods=["POST"]),
    ]


def _refused(request: Request, error: Exception) -> Response:
    """What the stand-in's Graph side would refuse, too, in words for whoever asked by the page."""
    if isinstance(error, GraphError) and error.code not in NOWHERE:
        words = f"Microsoft 365 would refuse this: {error.message}"
        return JSONResponse({"error": words}, status_code=error.status)
    what = "entry or mail; it may have been removed since" if "id" in request.path_params else "mailbox"
    who = request.path_params.get("who", "")
    status = error.status if isinstance(error, GraphError) else 404
    return JSONResponse({"error": f"{who}: there is no such {what}."}, status_code=status)


def _wrong(_: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, Wrong) else 409
    return JSONResponse({"error": str(error)}, status_code=status)
