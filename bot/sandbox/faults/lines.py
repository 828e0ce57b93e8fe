"""The connections themselves, so that an answer can be lost the way networks lose it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class Lines:
    """Every open connection by its other end, and since when it is open by the clock given."""

    def __init__(self, moment: Callable[[], float] = time.monotonic) -> None:
        self._open: dict[Any, asyncio.Transport] = {}
        self._since: dict[Any, float] = {}
        self._moment = moment

    def since(self, client: Any) -> float:
        """When a connection was opened."""
        return self._since.get(tuple(client), self._moment()) if client else self._moment()

    def watch(self, listening: socket.socket) -> socket.socket:
        """The same socket, noting when each connection is taken: its TLS may be agreed long after."""
        since, moment = self._since, self._moment

        class Door(socket.socket):
            def accept(self) -> tuple[socket.socket, Any]:
                sock, client = super().accept()
                since[client] = moment()
                return sock, client

        door = Door(listening.family, listening.type, listening.proto, fileno=listening.detach())
        door.setblocking(False)
        return door

    def protocol(self) -> type[H11Protocol]:
        """A protocol for uvicorn that tells of its connections."""
        lines, since = self._open, self._since

        class Watched(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
                super().connection_made(transport)
                lines[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                lines.pop(self.client, None)
                since.pop(self.client, None)
                super().connection_lost(exc)

        return Watched

    async def break_off(self, client: Any, *, flush: bool) -> None:
        """Cut a connection; what was written goes out first only with `flush`."""
        transport = self._open.get(tuple(client))
        if transport is None:
            return
        if flush:
            await asyncio.sleep(0.02)
        transport.abort()
        while tuple(client) in self._open:  # or the server would wonder at an answer that never comes
            await asyncio.sleep(0)
