"""What Graph says when it refuses: one exception, so that every room of the stand-in refuses alike."""

from __future__ import annotations

from collections.abc import Mapping


class GraphError(Exception):
    """A request that Graph would refuse, with its status, its code and its words."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


class NotFound(GraphError):
    """Nobody and nothing by that name in this tenant."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(404, code, message)


def bad_request(message: str, code: str = "ErrorInvalidRequest") -> GraphError:
    """A request that is wrong in itself: sending it again cannot help."""
    return GraphError(400, code, message)


def item_not_found() -> NotFound:
    """An id that leads nowhere, which is also how a deleted item looks."""
    return NotFound("ErrorItemNotFound", "The specified object was not found in the store.")
