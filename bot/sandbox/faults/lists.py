"""Lists that tell something else than what is there, and which page of a list a request asks for."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from bot.sandbox.faults.fault import Fault
from bot.sandbox.graph.wire import GraphRequest, GraphResponse

NEXT = "@odata.nextLink"
REMEMBERED = 20_000
# What paths of lists end with; anything else is one thing, and has no pages.
LISTS = frozenset(
    {
        *("events", "calendarview", "delta", "instances", "messages", "mailfolders", "attachments", "users"),
        *("mastercategories", "calendars", "calendargroups", "children", "subscriptions"),
    }
)
_Key = tuple[str, frozenset[tuple[str, str]]]


class Pages:
    """The links to next pages that were given, so that the third page of a list is known for that."""

    def __init__(self) -> None:
        self._given: OrderedDict[_Key, int] = OrderedDict()

    def number(self, request: GraphRequest) -> int | None:
        """Which page of a list is asked for; None where the request is for no list."""
        last = request.segments[-1].split("(")[0].casefold()
        if request.verb != "GET" or last not in LISTS:
            return None
        return self._given.get(_key(request.path, request.query), 1)

    def given(self, page: int, link: str) -> None:
        """Remember the link that a page gave to the one after it."""
        there = urlsplit(link)
        key = _key(there.path.partition("/v1.0/")[2], there.query)
        self._given.setdefault(key, page + 1)  # a link that loops leads to a page that has its number
        if len(self._given) > REMEMBERED:
            self._given.popitem(last=False)


def _key(path: str, query: str) -> _Key:
    return unquote(path).strip("/").casefold(), frozenset(parse_qsl(query, keep_blank_values=True))


def is_list(response: GraphResponse) -> bool:
    """Whether a list is answered."""
    return response.status == 200 and isinstance(response.body, dict) and "value" in response.body


def can_suffer(do: str, response: GraphResponse) -> bool:
    """Whether the fault would show in this list."""
    if do == "empty":
        return bool(response.body["value"])
    return do == "loop" or NEXT in response.body


def spoil(fault: Fault, request: GraphRequest, response: GraphResponse) -> GraphResponse:
    """The list as the fault has it."""
    body: dict[str, Any] = dict(response.body)
    if fault.do == "empty":
        body["value"] = []
        body.pop(NEXT, None)
        if "@odata.count" in body:
            body["@odata.count"] = 0
    elif fault.do == "loop":
        body[NEXT] = f"{request.base}{request.path}" + (f"?{request.query}" if request.query else "")
    else:
        body[NEXT] = _moved(body[NEXT], -1 if fault.do == "twice" else 1)
    return GraphResponse(response.status, body, response.headers, response.then)


def _moved(link: str, by: int) -> str:
    """A link to the next page that begins one item earlier or later."""
    address, _, query = link.partition("?")
    moved = [
        (
            name,
            str(max(0, int(value) + by)) if name in ("$skip", "$skiptoken") and value.isdecimal() else value,
        )
        for name, value in parse_qsl(query, keep_blank_values=True)
    ]
    return f"{address}?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in moved)
