"""Addresses that Graph hands out and that need no token: for a file, or for a large one in pieces."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.faults.lines import Lines
from bot.sandbox.graph import drive_api
from bot.sandbox.graph.context import Context
from bot.sandbox.graph.reply import Reply
from bot.sandbox.graph.service import Graph, LineLost
from bot.sandbox.graph.wire import GraphRequest, GraphResponse, refusal
from bot.sandbox.tenant import drive
from bot.sandbox.tenant.refusal import GraphError

PIECE_MOST = 4 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")

Endpoint = Callable[[Request], Awaitable[Response]]


def door_routes(graph: Graph, lines: Lines) -> list[Route]:
    """The doors beside Graph; what goes through them is in the record and suffers bad days too."""

    def behind(work: Callable[[GraphRequest, Request], GraphResponse]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            content = await request.body()
            headers = {name.lower(): value for name, value in request.headers.items()}
            asked = GraphRequest(request.method, request.url.path.strip("/"), "", headers, content)
            try:
                with graph.struck(asked, None) as fault:
                    await graph.hold_up(fault)
                    async with graph.taking(graph.settings.request_ms):
                        with graph.tenant.lock:
                            answer = work(asked, request)
                    answer.then = graph.line(fault)
            except GraphError as error:
                answer = refusal(error, asked, graph.tenant.clock.wall())
            except LineLost as lost:
                answer = GraphResponse(0, then=lost.then)
            graph.write_down(asked, answer.status)
            return Reply(lines, answer.status, answer.body, answer.headers, answer.then)

        return endpoint

    def download(asked: GraphRequest, request: Request) -> GraphResponse:
        query = dict(request.query_params)
        context = Context(graph.tenant, graph.settings, asked, {})
        library = drive_api.by_id(context, query.get("drive", ""))
        return served(drive.opened(query, library, graph.tenant.clock.wall()), asked.headers)

    def upload(asked: GraphRequest, request: Request) -> GraphResponse:
        uploads, now, word = graph.tenant.uploads, graph.tenant.clock.now(), request.path_params["word"]
        if asked.verb == "GET":
            return GraphResponse(200, uploads.known(word, now).shown())
        if asked.verb == "DELETE":
            uploads.known(word, now)
            uploads.end(word)
            return GraphResponse(204)
        if len(asked.body) > PIECE_MOST:
            raise GraphError(413, "RequestEntityTooLarge", "The maximum request length supported is 4MB.")
        going = uploads.known(word, now)
        file = uploads.put(word, asked.headers.get("content-range", ""), asked.body, now)
        if file is None:
            return GraphResponse(200, going.shown())
        user, item = quote(going.mailbox.address, safe="@"), quote(going.item.id)
        kind = "messages" if going.item.kind == "message" else "events"
        place = f"{request.base_url}v1.0/users/{user}/{kind}/{item}/attachments/{quote(file['id'])}"
        return GraphResponse(201, None, {"Location": place})

    return [
        Route("/_layouts/15/download.aspx", behind(download), methods=["GET", "HEAD"]),
        Route("/_attachments/{word}", behind(upload), methods=["GET", "PUT", "DELETE"]),
    ]


def served(entry: drive.Entry, headers: Any) -> GraphResponse:
    """A file, or the part of it that was asked for, or that it is the one already held."""
    content, where = entry.content(), entry.where
    assert where is not None
    changed = datetime.fromtimestamp(where.stat().st_mtime, UTC)
    told = {
        "ETag": entry.etag,
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Accept-Ranges": "bytes",
        "Content-Type": drive.kind_of(entry.name),
    }
    if entry.etag in headers.get("if-none-match", ""):
        return GraphResponse(304, None, told)
    asked = _RANGE.fullmatch(headers.get("range", "").strip())
    if asked is None or not (asked[1] or asked[2]):
        return GraphResponse(200, content, told)
    size = len(content)
    first = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
    last = min(int(asked[2]), size - 1) if asked[1] and asked[2] else size - 1
    if first > last:
        return GraphResponse(416, b"", told | {"Content-Range": f"bytes */{size}"})
    told["Content-Range"] = f"bytes {first}-{last}/{size}"
    return GraphResponse(206, content[first : last + 1], told)
