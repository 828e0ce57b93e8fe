"""What the description cannot tell apart in two exchanges, so that of a thousand alike one is judged.

A string counts as what it is one of: an id, a moment, an address, some words. Of a string the description
asks that it be written as a moment is, or that it be one of a few words; what it says is all one. Every name,
every number's kind and every single word stays as it is, since on these an exchange can fail.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any, Final

from witness.exchange import Exchange

_KINDS: Final = re.compile(
    r"""
      (?P<guid> [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12} )
    | (?P<moment> \d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?Z )
    | (?P<moment_somewhere> \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})? )
    | (?P<day> \d{4}-\d\d-\d\d )
    | (?P<etag> W/"[^"]*" )
    | (?P<id> [0-9A-Za-z+/_=-]{40,} )
    | (?P<link> https?://\S+ )
    | (?P<address> [\w.+-]+@[\w-]+(?:\.[\w-]+)+ )
    | (?P<words> (?!http)[^\s<]*[\s<].* )
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_QUOTED: Final = re.compile(r"'[^']*'")
_INT32: Final = range(-(2**31), 2**31)
_BATCH: Final = 20  # the longest list that the description sets a limit to
_NEVER_LOOKED_AT: Final = frozenset({"client-request-id", "content-length", "host", "user-agent"})


def alike(exchange: Exchange) -> Hashable:
    """The same for two exchanges of which the description says the same."""
    return (
        exchange.verb,
        tuple(_kind(part) for part in exchange.path.split("/")),
        tuple((name, _QUOTED.sub("''", _kind(said))) for name, said in exchange.parameters),
        tuple((name, name in _NEVER_LOOKED_AT or _kind(said)) for name, said in exchange.headers.items()),
        _shape(exchange.body),
        exchange.status,
        _shape(exchange.answer),
    )


def _shape(value: Any) -> Hashable:
    match value:
        case dict():
            return frozenset((name, _shape(within)) for name, within in value.items())
        case list():
            return len(value) > _BATCH, frozenset(_shape(one) for one in value)
        case str():
            return _kind(value)
        case bool() | None:
            return value
        case int() if value in _INT32:
            return "a number", value < 0
    return type(value), value


def _kind(said: str) -> str:
    found = _KINDS.fullmatch(said)
    return f"<{found.lastgroup}>" if found else said
