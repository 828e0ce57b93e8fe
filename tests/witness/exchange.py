"""One request and its answer, wherever they were seen: in this process, in a recording, or on the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Exchange:
    verb: str
    path: str  # after /v1.0, decoded
    query: str
    headers: dict[str, str]  # names in lower case
    body: Any
    status: int  # 0 where the line broke before anything was answered
    answer: Any
    in_batch: bool = False

    @classmethod
    def read(cls, line: str) -> Exchange:
        """From a line of a recording."""
        said = json.loads(line)
        return cls(
            verb=said["verb"],
            path=unquote(said["path"]),
            query=said["query"],
            headers=said["headers"],
            body=said["body"],
            status=said["status"],
            answer=said["answer"],
            in_batch=said["in_batch"],
        )

    @classmethod
    def of(cls, verb: str, url: str, body: Any, headers: Any, status: int, answer: Any) -> Exchange:
        """As a client saw it."""
        parts = urlsplit(url)
        return cls(
            verb=verb,
            path=unquote(parts.path.removeprefix("/v1.0")),
            query=parts.query,
            headers={name.lower(): value for name, value in headers.items()},
            body=body,
            status=status,
            answer=answer,
        )

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def next_page(self) -> str | None:
        """Where the answer says that the list goes on, as path and query."""
        link = self.answer.get("@odata.nextLink") if isinstance(self.answer, dict) else None
        if not isinstance(link, str):
            return None
        parts = urlsplit(link)
        return f"{unquote(parts.path.removeprefix('/v1.0'))}?{parts.query}"

    @property
    def done(self) -> bool:
        """Whether what was asked was done."""
        return 200 <= self.status < 300

    def __str__(self) -> str:
        item = " in a batch" if self.in_batch else ""
        return f"{self.verb} {self.path}{'?' * bool(self.query)}{self.query}{item} → {self.status}"
