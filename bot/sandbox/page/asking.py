"""What a request to the page asks for, read once and refused in words where it cannot be read."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request

MOST_BYTES = 256 * 1024  # what one act of a person can need, and far more


class Wrong(Exception):
    """A request that this page would not have made; the message says what is wrong with it."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status


def who(request: Request) -> str:
    """The mailbox that the path names."""
    return str(request.path_params["who"])


def item_id(request: Request) -> str:
    """The entry or the mail that the path names."""
    return str(request.path_params["id"])


def day(request: Request, name: str, otherwise: date | None = None) -> date:
    """A day of the query."""
    written = request.query_params.get(name)
    if written is None and otherwise is not None:
        return otherwise
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        raise Wrong(f"“{name}” must be a day like 2026-11-23.") from None


async def json_object(request: Request) -> dict[str, Any]:
    """The body, which must be an object."""
    try:
        if int(request.headers.get("content-length", "0")) > MOST_BYTES:
            raise Wrong("That is too much to be sent at once.", 413)
        sent = await request.json()
    except ValueError:
        raise Wrong("What is sent must be JSON.") from None
    if not isinstance(sent, dict):
        raise Wrong("What is sent must be a JSON object.")
    return sent
