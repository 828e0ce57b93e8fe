"""Writes every exchange with the stand-in into a file, for whoever asks: what exactly does the bot send?

One JSON object a line, in the order answered; of a batch each item and then the whole. The token is left out
and sign-in is not written at all. What was sent is there as it was sent: with a real caseload the file is
as private as the caseload, so it is made readable to its owner alone.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from bot.sandbox.graph.wire import GraphRequest, GraphResponse

OWNER_ALONE: Final = 0o600


def shown(request: GraphRequest, response: GraphResponse) -> dict[str, Any]:
    """One exchange as it is written down."""
    return {
        "verb": request.verb,
        "path": "/" + request.path.strip("/"),
        "query": request.query,
        "headers": dict(request.headers),
        "body": request.body,
        "in_batch": request.in_batch,
        "status": response.status,
        "answer_headers": dict(response.headers),
        "answer": response.body,
        "line": response.then,  # what became of the answer on its way, where it was not heard as it was said
    }


class Recording:
    """A file that exchanges are added to; opened anew for each, so that it is whole whenever it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._add("")

    def __call__(self, request: GraphRequest, response: GraphResponse) -> None:
        """Add one."""
        self._add(json.dumps(shown(request, response), ensure_ascii=False) + "\n")

    def _add(self, text: str) -> None:
        with open(self._path, "a", encoding="utf-8", opener=_for_its_owner) as file:
            file.write(text)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ALONE)
