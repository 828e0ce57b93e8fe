"""What goes over the wire, seen and spoilt before it is sent: where a safety can be taken off it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.outlook.session import Session

Item = dict[str, Any]


def before_each_batch(monkeypatch: pytest.MonkeyPatch, look: Callable[[list[Item]], None]) -> None:
    """Show the items of each batch to ``look`` before it goes; what is changed in them is sent so."""
    send = Session.request

    def request(session: Session, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        if str(url).endswith("/$batch"):
            body = json.loads(kwargs["data"])
            look(body["requests"])
            kwargs["data"] = json.dumps(body)
        return send(session, method, url, *args, **kwargs)

    monkeypatch.setattr(Session, "request", request)


def without_header(name: str) -> Callable[[list[Item]], None]:
    def look(items: list[Item]) -> None:
        for item in items:
            item["headers"].pop(name, None)

    return look


def without_field(name: str) -> Callable[[list[Item]], None]:
    def look(items: list[Item]) -> None:
        for item in items:
            item.get("body", {}).pop(name, None)

    return look


def once(verb: str, do: Callable[[], None]) -> Callable[[list[Item]], None]:
    """Do something just before the first batch that holds such a request."""
    done: list[bool] = []

    def look(items: list[Item]) -> None:
        if not done and any(item["method"] == verb for item in items):
            done.append(True)
            do()

    return look
