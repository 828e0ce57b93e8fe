"""An answer on its way: JSON or a file, whole, or as far as the line lets it come."""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping
from typing import Any

from starlette.responses import Response

from bot.sandbox.faults.lines import Lines
from bot.sandbox.graph import batch
from bot.sandbox.graph.wire import Line

# What a proxy shows who has not signed in at it.
WEB_PAGE = b"<!doctype html><title>Sign in</title><h1>Sign in to the proxy</h1>"


class Reply(Response):
    """An answer that may be lost on its way, or break off in the middle."""

    def __init__(
        self,
        lines: Lines,
        status: int,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        then: Line = "",
    ) -> None:
        is_file = isinstance(body, bytes)
        content = body if is_file else b"" if body is None else json.dumps(body).encode()
        kind = batch.JSON if content and not is_file else None
        if then == "half":
            content = content[: len(content) // 2]
        elif then == "web_page":
            status, content, kind, headers = 200, WEB_PAGE, "text/html", {}
        super().__init__(content, status or 500, dict(headers or {}), kind)
        if status in (204, 304):
            del self.headers["content-length"]
        self._lines, self._then = lines, then

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Send it, or what is to be sent of it."""
        if self._then == "cut" and self.body:  # of an answer without a body there is no half
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            half = bytes(self.body)[: len(self.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
        if self._then in ("reset", "cut"):
            await self._lines.break_off(scope["client"], flush=self._then == "cut")
            return
        await super().__call__(scope, receive, send)
