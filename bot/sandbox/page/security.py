"""Who may ask this page and who may change something by it, said in headers that a browser keeps.

The page shows text that others wrote and changes what the stand-in holds: so it answers only to names that
nobody else can point here, takes changes only from itself, and lets a browser load nothing from elsewhere.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class OnlyFromHere:
    """Answers only to its own names, takes changes only from its own page, and says so in headers."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse whom the page does not know."""
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
