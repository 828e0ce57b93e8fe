"""People, diaries and mails over HTTP, as the page asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.page import api, asking, body, files
from bot.sandbox.page.asking import Wrong
from bot.sandbox.tenant import Tenant

BOX = "/api/mailboxes/{who}"


def routes(tenant: Tenant) -> list[BaseRoute]:
    """Everything of one mailbox, and the list of mailboxes."""

    def people(request: Request) -> Response:
        return JSONResponse(api.people(tenant, request.query_params.get("find", "")))

    def mailbox(request: Request) -> Response:
        return JSONResponse(api.mailbox_of(tenant, asking.who(request)))

    def events(request: Request) -> Response:
        first = asking.day(request, "from")
        after = asking.day(request, "to", first + timedelta(days=1))
        return JSONResponse(api.events(tenant, asking.who(request), first, after))

    def messages(request: Request) -> Response:
        folder = request.query_params.get("folder", "inbox")
        if folder not in api.FOLDERS:
            raise Wrong(f"There is no folder {folder!r} here: inbox or sentitems.")
        return JSONResponse(api.messages(tenant, asking.who(request), folder))

    def event_body(request: Request) -> Response:
        return _body(api.event_body(tenant, asking.who(request), asking.item_id(request)))

    def message_body(request: Request) -> Response:
        return _body(*api.message_body(tenant, asking.who(request), asking.item_id(request)))

    def attachment(request: Request) -> Response:
        file = request.path_params["file"]
        return files.download(api.attachment(tenant, asking.who(request), asking.item_id(request), file))

    def of_item(tell: Callable[[Tenant, str, str], dict[str, Any]]) -> Callable[[Request], Response]:
        return lambda request: JSONResponse(tell(tenant, asking.who(request), asking.item_id(request)))

    return [
        Route("/api/people", people),
        Route(BOX, mailbox),
        Route(f"{BOX}/events", events),
        Route(f"{BOX}/events/{{id}}", of_item(api.event)),
        Route(f"{BOX}/events/{{id}}/body", event_body),
        Route(f"{BOX}/messages", messages),
        Route(f"{BOX}/messages/{{id}}", of_item(api.message)),
        Route(f"{BOX}/messages/{{id}}/body", message_body),
        Route(f"{BOX}/messages/{{id}}/attachments/{{file}}", attachment),
    ]


def _body(html: str, attachments: Iterable[dict[str, Any]] = ()) -> Response:
    policy = {"Content-Security-Policy": body.BODY_POLICY}
    return HTMLResponse(body.framed(html, attachments), headers=policy)
