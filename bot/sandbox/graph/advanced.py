"""What the directory answers only when it is told that an answer a little behind the times will do.

Entra calls these advanced queries: they need the header ConsistencyLevel: eventual, and some $count=true too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.graph.filters import AnyOf, Both, Compare, Condition, Opposite
from bot.sandbox.graph.odata import Options
from bot.sandbox.graph.wire import GraphRequest
from bot.sandbox.tenant.refusal import GraphError, bad_request

_TERM = re.compile(r'\s*"(\w+):([^"]*)"\s*(AND|OR|$)\s*')
SEARCHED = frozenset({"displayName", "givenName", "jobTitle", "mail", "surname", "userPrincipalName"})


def _unsupported(words: str) -> GraphError:
    return bad_request(words, "Request_UnsupportedQuery")


def is_eventual(request: GraphRequest) -> bool:
    """Whether the header is there."""
    return request.headers.get("consistencylevel", "").strip().casefold() == "eventual"


def check(request: GraphRequest, options: Options) -> None:
    """Refuse what needs the header where it is not there, and what the directory never does."""
    for one in _comparisons(options.filter) if options.filter is not None else ():
        if isinstance(one, Compare) and one.operator in ("contains", "gt", "lt"):
            raise _unsupported("Unsupported Query.")
    eventual = is_eventual(request)
    if options.search is not None and not eventual:
        raise _unsupported(
            "Request with $search query parameter only works through MSGraph with a special request header: "
            "'ConsistencyLevel: eventual'"
        )
    if options.count and not eventual:
        raise _unsupported(
            "$count is not currently supported without the header 'ConsistencyLevel: eventual'."
        )
    if eventual and (options.count or options.search is not None):
        return
    if options.order and options.filter is not None:
        raise _unsupported("Sorting not supported for current query.")
    for one in _comparisons(options.filter) if options.filter is not None else ():
        name = "not" if isinstance(one, Opposite) else one.operator
        if name in ("not", "ne", "endswith"):
            raise _unsupported(
                f"Operator '{name}' is not supported because the required parameters might be missing. Try "
                "adding $count=true query parameter and ConsistencyLevel:eventual header."
            )


def _comparisons(condition: Condition) -> Iterator[Compare | Opposite]:
    match condition:
        case Both(parts=parts):
            for part in parts:
                yield from _comparisons(part)
        case Opposite(part=part):
            yield condition
            yield from _comparisons(part)
        case AnyOf(inner=inner):
            yield from _comparisons(inner)
        case Compare():
            yield condition


def searching(text: str) -> Callable[[dict[str, Any]], bool]:
    """`"property:words" AND|OR …`: whether each word begins a word of the property."""
    terms: list[tuple[str, str, str]] = []
    at = 0
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None or match[1] not in SEARCHED:
            raise bad_request(
                f"Syntax error: the $search clause '{text}' is not of the form '\"property:value\"'.",
                "BadRequest",
            )
        terms.append((match[1], match[2], match[3]))
        at = match.end()
    if not terms or terms[-1][2]:
        raise bad_request(f"Syntax error: the $search clause '{text}' is not complete.", "BadRequest")

    def fits(user: dict[str, Any]) -> bool:
        found, joined = False, "OR"
        for name, words, following in terms:
            held = [part for part in re.split(r"[\s@.\-]+", str(user.get(name) or "").casefold()) if part]
            here = all(any(h.startswith(w) for h in held) for w in re.split(r"[\s@.\-]+", words.casefold()))
            found = (found or here) if joined == "OR" else (found and here)
            joined = following
        return found

    return fits
