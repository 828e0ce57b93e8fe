"""One request and its answer, wherever they were seen: in this process, in a recording, or on the wire."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

TOKEN = "authorization"  # never looked at, never shown
Place = tuple[str, tuple[tuple[str, str], ...]]


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
            path=_plain(said["path"]),
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
            path=_plain(parts.path.removeprefix("/v1.0")),
            query=parts.query,
            headers={name.lower(): said for name, said in headers.items() if name.lower() != TOKEN},
            body=body,
            status=status,
            answer=answer,
        )

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def items(self) -> tuple[Exchange, ...]:
        """Those of a batch, where this is one that was answered."""
        if self.path != "/$batch" or not self.done:
            return ()
        answers = {one["id"]: one for one in self.answer["responses"]}
        found = []
        for asked in self.body["requests"]:
            said = answers[asked["id"]]
            url, headers = f"/v1.0/{asked['url'].strip('/')}", asked.get("headers", {})
            item = Exchange.of(
                asked["method"], url, asked.get("body"), headers, said["status"], said.get("body")
            )
            found.append(dataclasses.replace(item, in_batch=True))
        return tuple(found)

    @property
    def leads_to(self) -> frozenset[Place]:
        """Where the answer says that the list goes on."""
        said = self.answer if isinstance(self.answer, dict) else {}
        links = (said.get(name) for name in ("@odata.nextLink", "@odata.deltaLink"))
        return frozenset(
            Exchange.of("GET", link, None, {}, 0, None).place for link in links if isinstance(link, str)
        )

    @property
    def place(self) -> Place:
        """What is asked for, however it was encoded."""
        return self.path, tuple(sorted(self.parameters))

    @property
    def done(self) -> bool:
        """Whether what was asked was done."""
        return 200 <= self.status < 300

    def __str__(self) -> str:
        item = " in a batch" if self.in_batch else ""
        return f"{self.verb} {self.path}{'?' * bool(self.query)}{self.query}{item} → {self.status}"


def _plain(path: str) -> str:
    """A function or action may carry its namespace and empty brackets."""
    return unquote(path).replace("/microsoft.graph.", "/").removesuffix("()")
