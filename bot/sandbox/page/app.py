"""The page at which people look at the stand-in's diaries and mail, set the date forward and run the bot.

It is the first thing anyone sees of the project, and it shows text that others wrote: so nothing is loaded
from elsewhere, text is only ever text, bodies stand in frames that cannot run anything, and what changes
something must come from this very page.
"""

from __future__ import annotations

import ipaddress
import mimetypes
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.page import api as page_api
from bot.sandbox.page import body as page_body
from bot.sandbox.page.api import NewsLine, RunNews
from bot.sandbox.page.runs import CannotRun, Run, Runs
from bot.sandbox.tenant import Tenant
from bot.sandbox.tenant.refusal import GraphError

__all__ = ["NewsLine", "Run", "RunNews", "app"]

STATIC = Path(__file__).parent / "static"
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
WITHOUT_A_BOT = "The date can be set forward here when the page is started with “make demo”."

# A registry can have other ideas (Windows), and a module of another type is not run.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/css", ".css")
mimetypes.add_type("image/svg+xml", ".svg")


def app(
    tenant: Tenant,
    *,
    run: Run | None,
    title: str = "Diaries and mail",
    told: Sequence[RunNews] = (),
    hosts: Iterable[str] = (),
) -> Starlette:
    """The page as an ASGI application.

    `run` goes to a date and does what the bot does there; without it there are no buttons. `told` is what
    runs that this page did not start have done; it may grow while the page is served. `hosts` are names
    that it may be asked for by, besides localhost and any address.
    """
    return Starlette(
        routes=_routes(tenant, Runs(tenant, run, told), title),
        middleware=[Middleware(OnlyFromHere, hosts=frozenset(name.casefold() for name in hosts))],
        exception_handlers={GraphError: _not_here, Wrong: _wrong, CannotRun: _wrong},
    )


class Wrong(Exception):
    """A request that this page would not have made; the message says what is wrong with it."""


def _routes(tenant: Tenant, runs: Runs, title: str) -> list[BaseRoute]:
    def home(_: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    def state(_: Request) -> Response:
        today = tenant.clock.today()
        return JSONResponse(
            {
                "title": title,
                "today": today.isoformat(),
                "canRun": runs.can_run,
                "note": "" if runs.can_run else WITHOUT_A_BOT,
                # Changes whenever something may have: the page looks again when it does.
                "mark": f"{today}/{tenant.record.writes}/{runs.finished}",
            }
        )

    async def start(request: Request) -> Response:
        try:
            asked = await request.json()
            to = date.fromisoformat(asked["to"])
        except (ValueError, KeyError, TypeError):
            raise Wrong('Send {"to": "2026-11-24"}: the day to go to.') from None
        runs.start(to)
        return JSONResponse({"goingTo": to.isoformat()}, status_code=202)

    def events(request: Request) -> Response:
        first = _day(request, "from")
        after = _day(request, "to", first + timedelta(days=1))
        return JSONResponse(page_api.events(tenant, _who(request), first, after))

    def messages(request: Request) -> Response:
        folder = request.query_params.get("folder", "inbox")
        if folder not in page_api.FOLDERS:
            raise Wrong(f"There is no folder {folder!r} here: inbox or sentitems.")
        return JSONResponse(page_api.messages(tenant, _who(request), folder))

    def message_body(request: Request) -> Response:
        return _body(*page_api.message_body(tenant, _who(request), _id(request)))

    def of_item(tell: Callable[[Tenant, str, str], dict[str, Any]]) -> Callable[[Request], Response]:
        return lambda request: JSONResponse(tell(tenant, _who(request), _id(request)))

    box = "/api/mailboxes/{who}"
    return [
        Route("/", home),
        Route("/api/state", state),
        Route("/api/runs", lambda _: JSONResponse(runs.shown())),
        Route("/api/runs", start, methods=["POST"]),
        Route("/api/people", lambda r: JSONResponse(page_api.people(tenant, r.query_params.get("find", "")))),
        Route(box, lambda r: JSONResponse(page_api.mailbox_of(tenant, _who(r)))),
        Route(f"{box}/events", events),
        Route(f"{box}/events/{{id}}", of_item(page_api.event)),
        Route(f"{box}/events/{{id}}/body", lambda r: _body(page_api.event_body(tenant, _who(r), _id(r)))),
        Route(f"{box}/messages", messages),
        Route(f"{box}/messages/{{id}}", of_item(page_api.message)),
        Route(f"{box}/messages/{{id}}/body", message_body),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


def _who(request: Request) -> str:
    return str(request.path_params["who"])


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _day(request: Request, name: str, otherwise: date | None = None) -> date:
    written = request.query_params.get(name)
    if written is None and otherwise is not None:
        return otherwise
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        raise Wrong(f"“{name}” must be a day like 2026-11-23.") from None


def _body(html: str, attachments: Iterable[dict[str, Any]] = ()) -> Response:
    policy = {"Content-Security-Policy": page_body.BODY_POLICY}
    return HTMLResponse(page_body.framed(html, attachments), headers=policy)


def _not_here(request: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, GraphError) else 404
    what = "entry or mail; it may have been removed since" if "id" in request.path_params else "mailbox"
    who = request.path_params.get("who", "")
    return JSONResponse({"error": f"{who}: there is no such {what}."}, status_code=status)


def _wrong(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=409 if isinstance(error, CannotRun) else 400)


class OnlyFromHere:
    """Answers only to its own names, takes changes only from its own page, and says so in headers."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _harden(MutableHeaders(scope=message), scope["path"])
            await send(message)

        refused = self._refusal(scope["method"], Headers(scope=scope))
        if refused:
            await JSONResponse({"error": refused}, status_code=403)(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    def _refusal(self, method: str, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if not self._known(host):
            return f"This page does not answer to the name {host!r}: use localhost or the machine's address."
        if method in ("GET", "HEAD"):
            return None
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return "What changes something must be sent as application/json."
        origin = headers.get("origin")
        elsewhere = origin is not None and urlsplit(origin).netloc.casefold() != host.casefold()
        if elsewhere or headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return "What changes something must come from this very page."
        return None

    def _known(self, host: str) -> bool:
        """An address cannot be made to point here by somebody else's name server; a name could be."""
        name = (urlsplit(f"//{host}").hostname or "").casefold()
        if name == "localhost" or name.endswith(".localhost") or name in self._hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def _harden(headers: MutableHeaders, path: str) -> None:
    headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    headers.setdefault("Cache-Control", "no-cache" if path.startswith("/static/") else "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
