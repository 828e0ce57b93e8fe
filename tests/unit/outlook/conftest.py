"""A connection whose other end is a function: real code up to the moment a request would leave."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from bot.outlook.connection import Connection, _protocol
from bot.outlook.manners import Manners
from bot.outlook.timer import Timer

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass
class Request:
    method: str
    path: str
    body: Any
    headers: dict[str, str]


def reply(status: int, body: Any = None, **headers: str) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = b"" if body is None else json.dumps(body).encode()
    response.encoding = "utf-8"
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def refusal(status: int, code: str, **headers: str) -> requests.Response:
    return reply(status, {"error": {"code": code, "message": "J.S. 20417 is in this sentence"}}, **headers)


@dataclass
class Wire:
    """What was asked and how long was slept; ``answer`` decides what comes back or raises what went wrong."""

    answer: Callable[[Request], requests.Response] = lambda request: reply(200, {})
    seen: list[Request] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    log: list[Any] = field(default_factory=list)

    def request(
        self, method: str, url: str, *, headers: dict[str, str], data: str | None
    ) -> requests.Response:
        root = "https://graph.test/v1.0"
        assert url.startswith(root)
        asked = Request(method, url.removeprefix(root), json.loads(data) if data else None, headers)
        self.seen.append(asked)
        self.log.append(asked)
        return self.answer(asked)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.log.append(seconds)

    def close(self) -> None:
        pass


class StandingStill(Timer):
    """No time passes but what is slept."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire.sleep)
        self._wire = wire

    def now(self) -> float:
        return sum(self._wire.slept)

    def sleep(self, seconds: float) -> None:
        self._wire.sleep(seconds)


class StandInTokens:
    def __init__(self) -> None:
        self.token = "token-1"
        self.renewed: list[str] = []

    @property
    def renewals(self) -> int:
        return len(self.renewed)

    def current(self) -> str:
        return self.token

    def renew(self, refused: str, challenge: str) -> str:
        self.renewed.append(refused)
        self.token = f"token-{len(self.renewed) + 1}"
        return self.token


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def tokens() -> StandInTokens:
    return StandInTokens()


def connect_to(wire: Wire, tokens: StandInTokens, **manners: Any) -> Connection:
    return Connection(
        client_id="app",
        tenant_id="tenant",
        protocol=_protocol("https://graph.test"),
        tokens=tokens,  # type: ignore[arg-type]
        session=wire,  # type: ignore[arg-type]
        manners=Manners(**manners),
        timer=StandingStill(wire),
        clock=lambda: NOW,
        certificate_expires=None,
    )


@pytest.fixture
def connection(wire: Wire, tokens: StandInTokens) -> Connection:
    return connect_to(wire, tokens)


@pytest.fixture
def make_connection() -> Callable[..., tuple[Connection, Wire]]:
    """A new connection and its other end, as often as asked for."""

    def make(**manners: Any) -> tuple[Connection, Wire]:
        wire = Wire()
        return connect_to(wire, StandInTokens(), **manners), wire

    return make


@pytest.fixture
def graph() -> Any:
    """The two ways of answering, for tests that cannot import this file."""

    class Graph:
        reply = staticmethod(reply)
        refusal = staticmethod(refusal)

        @staticmethod
        def batch(
            answer: Callable[[dict[str, Any]], tuple[int, Any] | tuple[int, Any, dict[str, str]]],
        ) -> Any:
            """Answers each item of a batch by itself, and shuffled, as Graph may."""

            def whole(request: Request) -> requests.Response:
                assert request.path == "/$batch"
                responses = []
                for item in request.body["requests"]:
                    status, body, *headers = answer(item)
                    one = {"id": item["id"], "status": status, "body": body}
                    responses.append({**one, "headers": headers[0] if headers else {}})
                return reply(200, {"responses": responses[::-1]})

            return whole

    return Graph
