"""The page at which people look at the stand-in's diaries and mail, act in them and run the bot.

It is the first thing anyone sees of the project, and it shows text that others wrote: so nothing is loaded
from elsewhere, text is only ever text, bodies stand in frames that cannot run anything, and what changes
something must come from this very page.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.faults.fault import Faults
from bot.sandbox.faults.spelling import Misspelt
from bot.sandbox.page import act_routes, desk_routes, diary_routes, fault_routes, run_routes
from bot.sandbox.page.acting import ChangedMeanwhile
from bot.sandbox.page.asking import Wrong
from bot.sandbox.page.desk import Desk, DeskRefused
from bot.sandbox.page.mark import Mark
from bot.sandbox.page.news import NewsLine, RunLog, RunNews
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
    desk: Desk | None = None,
    faults: Faults | None = None,
    settings: SandboxSettings | None = None,
    title: str = "Diaries and mail",
    kept: RunLog | None = None,
    hosts: Iterable[str] = (),
) -> Starlette:
    """The page as an ASGI application.

    `run` goes to a date and does what the bot does there; without it there are no buttons. `desk` is where
    visits are recorded. `kept` is the log of runs, those before this page was made with those to come.
    `hosts` are names that it may be asked for by, besides localhost and any address. `settings` are
    those of the Graph side.
    """
    runs = Runs(tenant, run, kept or RunLog())
    mark = Mark(tenant, runs)
    return Starlette(
        routes=[
            *_routes(tenant, runs, mark, title=title, desk=desk, faults=faults),
            *diary_routes.routes(tenant),
            *act_routes.routes(tenant, settings or SandboxSettings(), mark),
            *run_routes.routes(runs),
            *(desk_routes.routes(tenant, desk, mark) if desk is not None else ()),
            *(fault_routes.routes(tenant, faults, mark) if faults is not None else ()),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(OnlyFromHere, hosts=frozenset(name.casefold() for name in hosts))],
        exception_handlers={
            GraphError: _refused,
            ChangedMeanwhile: act_routes.changed_meanwhile,
            WrongWish: act_routes.wrong_wish,
            DeskRefused: desk_routes.refused,
            Misspelt: fault_routes.misspelt,
            Wrong: _wrong,
            CannotRun: _wrong,
        },
    )


def _routes(
    tenant: Tenant, runs: Runs, mark: Mark, *, title: str, desk: Desk | None, faults: Faults | None
) -> list[BaseRoute]:
    def home(_: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    def state(_: Request) -> Response:
        return JSONResponse(
            {
                "title": title,
                "today": tenant.clock.today().isoformat(),
                "now": f"{tenant.clock.now().astimezone(LONDON):%Y-%m-%dT%H:%M}",
                "canRun": runs.can_run,
                "has": {"desk": desk is not None, "faults": faults is not None},
                "faultsOn": fault_routes.on(tenant, faults),
                "note": "" if runs.can_run else WITHOUT_A_BOT,
                "mark": str(mark),
            }
        )

    return [Route("/", home), Route("/api/state", state)]


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
