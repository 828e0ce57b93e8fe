"""Graph's own description, where it lies beside this checkout, and what in an exchange breaks it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema.exceptions import best_match
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import ImmutableMultiDict

from bot.sandbox.graph import addressing
from witness.alike import alike
from witness.exchange import Exchange, Place
from witness.folding import Folding
from witness.outside import ALIKE, paths, with_places

SLICE = Path(__file__).parents[3] / "shared" / "graph" / "graph-slice.json"
HOST = "https://graph.microsoft.com"
TOKENS = ("$skiptoken", "$deltatoken")  # come out of links, and may be given back in a query of one's own
UNREAD = 401  # who is not let in is not listened to: the body was never read
# What any HTTP client may say of itself or wish for (Prefer goes with every call, the batch's own included);
# whatever else it sends, the description must know.
ORDINARY = frozenset(
    (
        *("accept", "accept-encoding", "accept-language", "connection", "content-length", "content-type"),
        *("host", "user-agent", "prefer", "client-request-id", "return-client-request-id"),
    )
)


@lru_cache(maxsize=1)
def description() -> dict[str, Any] | None:
    """The slice, and what is known of the paths it leaves out; None where it does not lie here."""
    if not SLICE.exists():
        return None
    found: dict[str, Any] = json.loads(SLICE.read_text())
    found.pop("security", None)  # tokens are the stand-in's own matter: no witness ever sees one
    found["servers"] = [{"url": f"{HOST}/v1.0"}]
    alike = {address: found["paths"][known] for address, known in ALIKE.items()}
    for address, operations in (alike | paths()).items():
        placed = {verb: with_places(address, operation) for verb, operation in operations.items()}
        found["paths"][address] = placed | found["paths"].get(address, {})
    return found


@lru_cache(maxsize=1)
def contract() -> Contract | None:
    """The one contract of this process; None where the description does not lie here."""
    found = description()
    return None if found is None else Contract(found)


def _place(path: str) -> str:
    """The path with each path within it as one part, which is how the description has them."""
    parts = addressing.fold(tuple(path.strip("/").split("/")))
    return "/" + "/".join(part.replace("/", "%2F") for part in parts)


class Contract:
    """Judges exchanges."""

    def __init__(self, document: dict[str, Any]) -> None:
        # Whether the description is itself one is held by a test, once and not in every process.
        self._api = OpenAPI.from_dict(document, Config(spec_validator_cls=None))
        self._hold: set[Hashable] = set()
        self._operations: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._fold = Folding(document["components"])
        self._parameters = document["components"]["parameters"]
        self._finder = APICallPathFinder(self._api.spec)

    def findings(self, exchange: Exchange, links: frozenset[Place]) -> list[str]:
        """What in a request and its answer does not hold; of what is alike in all that counts, the first
        that holds speaks for the others. `links` are the pages that answers pointed to.
        """
        led_here = exchange.place in links or any(name in TOKENS for name, _ in exchange.parameters)
        known = alike(exchange)
        if not led_here and known in self._hold:
            return []
        found = [f"asked: {words}" for words in self.request(exchange, links=links)]
        found += [f"answered: {words}" for words in self.answer(exchange)]
        if not found and not led_here:
            self._hold.add(known)
        return found

    def outside(self, exchange: Exchange) -> str | None:
        """Why the description leaves this out, where it does."""
        return (self.operation(exchange) or {}).get("x-outside")

    def operation(self, exchange: Exchange) -> dict[str, Any] | None:
        """What the description says of that verb on that path."""
        asked = exchange.verb.lower(), _place(exchange.path)
        if asked not in self._operations:
            self._operations[asked] = self._operation(*asked)
        return self._operations[asked]

    def _operation(self, verb: str, place: str) -> dict[str, Any] | None:
        try:
            found = self._finder.find(verb, f"{HOST}/v1.0{place}")
        except PathError:
            return None
        operation: dict[str, Any] = found.operation.read_value()
        return operation

    def request(self, exchange: Exchange, *, links: frozenset[Place] = frozenset()) -> list[str]:
        """What in a request does not hold; `links` are the pages that answers pointed to."""
        operation = self.operation(exchange)
        if operation is None:
            return ["neither the description has that nor the list of what it leaves out"]
        known = [self._parameter(one) for one in operation.get("parameters", ())]
        found = list(_undeclared_headers(exchange, known))
        if exchange.place in links:  # Graph's own words, which are none of the description's
            return found
        found += _undeclared_queries(exchange, known, links)
        if exchange.status == UNREAD:
            return found
        try:
            self._api.validate_request(self._asked(exchange, operation))
        except OpenAPIError as error:
            found += _words(error)
        return found

    def answer(self, exchange: Exchange) -> list[str]:
        """What in an answer does not hold."""
        operation = self.operation(exchange)
        if operation is None:
            return [] if _is_error(exchange) else ["an answer from where there is nothing"]
        if not exchange.status:
            return []
        responses = operation["responses"]
        said = responses.get(str(exchange.status), responses["default"])
        if "content" not in said:
            return [] if exchange.answer is None else ["a body where there should be none"]
        given = MockResponse(json.dumps(exchange.answer).encode(), exchange.status)
        try:
            self._api.validate_response(self._asked(exchange, operation), given)
        except OpenAPIError as error:
            return _words(error)
        return []

    def _parameter(self, one: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self._parameters[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        return found

    def _asked(self, exchange: Exchange, operation: dict[str, Any]) -> MockRequest:
        body = exchange.body
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None and body is not None:
            body = self._fold(body, content["schema"])
        return MockRequest(
            HOST,
            exchange.verb.lower(),
            f"/v1.0{_place(exchange.path)}",
            args=ImmutableMultiDict(exchange.parameters),
            headers=exchange.headers,
            data=None if body is None else json.dumps(body).encode(),
            content_type=exchange.headers.get("content-type", "application/json"),
        )


def _undeclared_queries(
    exchange: Exchange, known: list[dict[str, Any]], links: frozenset[Place]
) -> Iterator[str]:
    declared = {one["name"] for one in known if one["in"] == "query"}
    given = {parameter for _, parameters in links for parameter in parameters if parameter[0] in TOKENS}
    for name, value in exchange.parameters:
        if name not in declared and (name, value) not in given:
            yield f"a query parameter that the description does not have: {name}"


def _undeclared_headers(exchange: Exchange, known: list[dict[str, Any]]) -> Iterator[str]:
    declared = {one["name"].lower() for one in known if one["in"] == "header"} | ORDINARY
    for name in exchange.headers:
        if name not in declared:
            yield f"a header that the description does not have: {name}"


def _is_error(exchange: Exchange) -> bool:
    said = exchange.answer
    return exchange.status >= 400 and isinstance(said, dict) and {"code", "message"} <= set(said["error"])


def _words(error: OpenAPIError) -> list[str]:
    cause = error.__cause__
    inner = getattr(cause, "schema_errors", None)
    if inner:
        closest = (best_match([one]) for one in inner)  # of alternatives, the one that was nearly met
        return [f"{one.json_path}: {one.message[:300]}" for one in closest if one is not None]
    return [f"{type(error).__name__}: {error} {cause or ''}".strip()]
