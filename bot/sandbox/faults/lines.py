"""The connections themselves, so that an answer can be lost the way networks lose it."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class Lines:
    """Every open connection by its other end."""

    def __init__(self) -> None:
        self._open: dict[Any, asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """A protocol for uvicorn that tells of its connections."""
        lines = self._open

        class Watched(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
                super().connection_made(transport)
                lines[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                lines.pop(self.client, None)
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
