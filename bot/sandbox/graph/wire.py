"""A request and an answer of Graph, whether they came alone or as an item of a batch."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, unquote

from bot.sandbox.faults.waits import Connection
from bot.sandbox.tenant.refusal import GraphError, bad_request
from bot.sandbox.tenant.zones import stamp, zone

_PREFERENCE = re.compile(r'([\w.-]+)\s*=\s*(?:"([^"]*)"|([^\s,;]+))')

ELSEWHERE = frozenset({"manager", "drive", "drives"})  # what users have outside their mailboxes


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the Prefer header asks for."""

    zone: str = "UTC"
    immutable: bool = False
    text: bool = False
    page_size: int | None = None
    applied: tuple[str, ...] = ()

    @classmethod
    def of(cls, header: str) -> Preferences:
        """Read the header; a zone that does not exist is refused."""
        found = {name.casefold(): a or b for name, a, b in _PREFERENCE.findall(header)}
        zone_name = found.get("outlook.timezone", "UTC")
        zone(zone_name)
        size = found.get("odata.maxpagesize", "")
        applied = [f'outlook.timezone="{zone_name}"'] if "outlook.timezone" in found else []
        immutable = found.get("idtype", "").casefold() == "immutableid"
        applied += ['IdType="ImmutableId"'] if immutable else []
        return cls(
            zone=zone_name,
            immutable=immutable,
            text=found.get("outlook.body-content-type", "").casefold() == "text",
            page_size=int(size) if size.isdecimal() and int(size) > 0 else None,
            applied=tuple(applied),
        )


@lru_cache(maxsize=512)  # each is asked for several times while a request is answered
def _segments(path: str) -> tuple[str, ...]:
    parts = (unquote(part) for part in path.strip("/").split("/"))
    return tuple(part.removeprefix("microsoft.graph.") for part in parts)


@dataclass(frozen=True, slots=True)
class GraphRequest:
    """What is asked, taken out of HTTP."""

    verb: str
    path: str  # after /v1.0/, still encoded
    query: str
    headers: Mapping[str, str]  # names in lower case
    body: Any = None
    base: str = ""  # https://host:port/v1.0/
    in_batch: bool = False
    size: int = 0  # bytes of the body
    came: float = 0.0  # when, by the clock that waits are measured by; an item comes with its batch
    connection: Connection | None = None  # which of the client's it came by
    since: float | None = None  # when what it waited for was over, by the clock that work is timed by

    @property
    def segments(self) -> tuple[str, ...]:
        """The path's parts, decoded; an action may carry its namespace."""
        return _segments(self.path)

    @property
    def mailbox(self) -> str | None:
        """Whose mailbox is asked for."""
        parts = self.segments
        return parts[1] if len(parts) > 1 and parts[0].casefold() == "users" else None

    @property
    def is_batch(self) -> bool:
        """Whether this is a batch, and not one of its items."""
        return self.verb == "POST" and self.path.casefold() in ("$batch", "%24batch")

    @property
    def is_sign_in(self) -> bool:
        """Whether a token is asked for."""
        return self.path.casefold().endswith("/oauth2/v2.0/token")

    def without_token(self) -> GraphRequest:
        """The same request as it may be shown: its token, and those of a batch's items, left out."""
        return replace(self, headers=_unsigned(self.headers), body=_unsigned_items(self.body))

    @property
    def in_outlook(self) -> bool:
        """Whether a mailbox is asked, and not the directory or a drive: only Outlook counts by mailbox."""
        parts = self.segments
        return self.mailbox is not None and len(parts) > 2 and parts[2].casefold() not in ELSEWHERE

    def parameters(self) -> dict[str, str]:
        """The query's parameters, names in lower case; one that comes twice is refused."""
        found: dict[str, str] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            if name.casefold() in found:
                raise bad_request(f"Query parameter '{name}' is specified more than once.", "BadRequest")
            found[name.casefold()] = value
        return found


def _unsigned(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.casefold() != "authorization"}


def _unsigned_items(body: Any) -> Any:
    items = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(items, list):
        return body
    shown = [
        item | {"headers": _unsigned(item["headers"])}
        if isinstance(item, dict) and isinstance(item.get("headers"), dict)
        else item
        for item in items
    ]
    return body | {"requests": shown}


Line = Literal["", "reset", "cut", "half", "web_page", "left_out", "told_twice"]
IN_A_BATCH: Final[frozenset[Line]] = frozenset({"left_out", "told_twice"})  # what becomes of one item alone


@dataclass(slots=True)
class GraphResponse:
    """What is answered, and what else is known of it.

    `then` is what becomes of it on its way, `over` when the work on it was to be over, `refused` why it was.
    """

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    then: Line = ""
    over: float | None = None
    refused: GraphError | None = None


def refusal(error: GraphError, request: GraphRequest, now: datetime) -> GraphResponse:
    """An error in Graph's shape."""
    request_id = str(uuid.uuid4())
    return GraphResponse(
        error.status,
        {
            "error": {
                "code": error.code,
                "message": error.message,
                "innerError": {
                    "date": stamp(now).removesuffix("Z"),
                    "request-id": request_id,
                    "client-request-id": request.headers.get("client-request-id", request_id),
                },
            }
        },
        dict(error.headers),
    )
