"""`$select`, `$expand`, `$top`, `$orderby` and paging, as far as Graph's mailboxes know them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import quote

from bot.sandbox.graph.filters import Condition, holds, parse, paths, sortable, value_at
from bot.sandbox.graph.wire import GraphRequest
from bot.sandbox.tenant.refusal import GraphError, bad_request
from bot.sandbox.tenant.shapes import property_id

MOST = 1000
_KNOWN = frozenset({"$filter", "$select", "$expand", "$top", "$skip", "$orderby", "$count"})
_EXPAND = re.compile(r"\s*(\w+)\s*(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\))?\s*(?:,|$)")
_EXPANDED_ID = re.compile(r"\s*id\s+eq\s+'((?:[^']|'')+)'\s*", re.IGNORECASE)


def unknown_property(name: str, type_name: str) -> GraphError:
    """A property that the type does not have."""
    return bad_request(
        f"Could not find a property named '{name}' on type '{type_name}'.", "RequestBroker--ParseUri"
    )


@dataclass(frozen=True, slots=True)
class Options:
    """What a list or a get was asked for."""

    filter: Condition | None = None
    select: tuple[str, ...] = ()
    expand: dict[str, tuple[str, ...]] = field(default_factory=dict)  # name -> ids of properties
    top: int | None = None
    skip: int = 0
    order: tuple[tuple[str, bool], ...] = ()  # path, descending
    count: bool = False
    search: str | None = None  # where it may be given at all


@dataclass(frozen=True, slots=True)
class Selectable:
    """What a type has, and what of it can be expanded."""

    name: str
    has: frozenset[str]
    expands: frozenset[str] = frozenset()


def read_options(
    request: GraphRequest, selectable: Selectable, more: frozenset[str] = frozenset()
) -> Options:
    """Read the query; what Graph would not understand is refused."""
    found = request.parameters()
    for name in found:
        if name not in _KNOWN | more:
            raise bad_request(f"The query parameter '{name}' is not supported.", "BadRequest")
    select = tuple(part.strip() for part in found.get("$select", "").split(",") if part.strip())
    for name in select:
        if name.split("/")[0] not in selectable.has and name != "*":
            raise unknown_property(name, selectable.name)
    expand = _read_expand(found["$expand"]) if "$expand" in found else {}
    for name in expand:
        if name not in selectable.expands:
            raise unknown_property(name, selectable.name)
    return Options(
        filter=parse(found["$filter"]) if "$filter" in found else None,
        select=select,
        expand=expand,
        top=_whole("$top", found["$top"]) if "$top" in found else None,
        skip=_whole("$skip", found["$skip"]) if "$skip" in found else 0,
        order=_read_order(found.get("$orderby", "")),
        count=found.get("$count", "").casefold() == "true",
        search=found.get("$search"),
    )


def _whole(name: str, value: str) -> int:
    if not value.isdecimal():
        raise bad_request(f"Invalid value '{value}' for {name} query option found.", "BadRequest")
    if name == "$top" and int(value) > MOST:
        raise bad_request(
            f"The limit of '{MOST}' for Top query has been exceeded. The value from the incoming request is "
            f"'{value}'.",
            "ErrorInvalidUrlQuery",
        )
    return int(value)


def _read_order(text: str) -> tuple[tuple[str, bool], ...]:
    order = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        path, _, direction = part.partition(" ")
        if direction.strip().casefold() not in ("", "asc", "desc"):
            raise bad_request(f"Syntax error in '$orderby={text}'.", "BadRequest")
        order.append((path, direction.strip().casefold() == "desc"))
    return tuple(order)


def _read_expand(text: str) -> dict[str, tuple[str, ...]]:
    expand: dict[str, tuple[str, ...]] = {}
    at = 0
    while at < len(text):
        match = _EXPAND.match(text, at)
        if match is None or match.end() == at:
            raise bad_request(f"Syntax error in '$expand={text}'.", "BadRequest")
        name, inner = match[1], (match[2] or "").strip()
        at = match.end()
        if name != "singleValueExtendedProperties":
            if inner:
                raise bad_request(f"Options within $expand of '{name}' are not supported.", "BadRequest")
            expand[name] = ()
            continue
        ids = inner[len("$filter=") :] if inner.casefold().startswith("$filter=") else ""
        parts = [_EXPANDED_ID.fullmatch(part) for part in re.split(r"\bor\b", ids)] if ids else []
        if not parts or not all(parts):
            raise bad_request(
                "Expanding extended properties needs a $filter naming the id of each property.",
                "ErrorInvalidUrlQuery",
            )
        expand[name] = tuple(property_id(part[1].replace("''", "'")) for part in parts if part)
    return expand


def selected(resource: dict[str, Any], options: Options) -> dict[str, Any]:
    """Only what was selected, and always the id."""
    if not options.select or "*" in options.select:
        return resource
    wanted = {name.split("/")[0] for name in options.select} | {"id"} | set(options.expand)
    return {name: value for name, value in resource.items() if name in wanted or "@odata." in name}


def page(
    request: GraphRequest,
    options: Options,
    candidates: Iterator[Any],
    *,
    size: int,
    show: Callable[[Any], dict[str, Any]],
    total: Callable[[], int] | None = None,
) -> dict[str, Any]:
    """One page of a list, with the link to the next where there is more."""
    size = min(size if options.top is None else options.top, MOST)
    found = list(islice(candidates, options.skip, options.skip + size + 1))
    answer: dict[str, Any] = {"@odata.context": f"{request.base}$metadata#{request.path}"}
    if options.count and total is not None:
        answer["@odata.count"] = total()
    answer["value"] = [show(one) for one in found[:size]]
    if len(found) > size > 0:
        answer["@odata.nextLink"] = _next_link(request, options.skip + size)
    return answer


def whole_page(
    request: GraphRequest,
    selectable: Selectable,
    options: Options,
    resources: Sequence[dict[str, Any]],
    *,
    size: int,
) -> dict[str, Any]:
    """A page of a short list that is at hand whole: what is asked is checked, then filtered and sorted by."""
    condition = options.filter
    asked = paths(condition) if condition is not None else []
    for path in [*asked, *(path for path, _ in options.order)]:
        if path.split("/")[0] not in selectable.has:
            raise unknown_property(path, selectable.name)
    found = [one for one in resources if condition is None or holds(condition, one, {})]
    for path, descending in reversed(options.order):
        found.sort(key=lambda one: str(sortable(value_at(one, path))), reverse=descending)
    return page(
        request,
        options,
        iter(found),
        size=size,
        show=lambda one: selected(one, options),
        total=lambda: len(found),
    )


def _next_link(request: GraphRequest, skip: int) -> str:
    kept = [
        (name, value) for name, value in request.parameters().items() if name not in ("$skip", "$skiptoken")
    ]
    kept.append(("$skip", str(skip)))
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in kept)
    return f"{request.base}{request.path}?{query}"
