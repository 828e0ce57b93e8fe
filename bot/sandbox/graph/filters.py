"""`$filter`: read into a tree, answered from the index where it can be, refused where Graph refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from bot.sandbox.tenant.refusal import GraphError, bad_request
from bot.sandbox.tenant.shapes import property_id

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')"
    r"|(?P<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_][\w./@]*)"
    r"|(?P<mark>[(),:]))"
)
_OPERATORS = ("eq", "ne", "gt", "ge", "lt", "le")
_FUNCTIONS = ("startswith", "endswith", "contains")
EXTENDED = "singleValueExtendedProperties"


class Moment(str):
    """A date or a moment as it stands in a filter without quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Compare:
    """`path op value`, or `function(path, value)` with the function as its operator."""

    path: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`collection/any(name: condition)`."""

    collection: str
    variable: str
    inner: Condition


@dataclass(frozen=True, slots=True)
class Both:
    """All of these, or any of these."""

    every: bool
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    """`not (condition)`."""

    part: Condition


Condition = Compare | AnyOf | Both | Opposite


def _syntax(text: str) -> GraphError:
    return bad_request(f"Invalid filter clause: there is a syntax error in '{text}'.", "BadRequest")


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise _syntax(text)
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self.at = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, expected: str | None = None) -> tuple[str, str]:
        token = self.peek()
        if token[0] == "end" or (expected is not None and token[1] != expected):
            raise _syntax(self.text)
        self.at += 1
        return token

    def either(self) -> Condition:
        parts = [self.all()]
        while self.peek() == ("word", "or"):
            self.take()
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Both(False, tuple(parts))

    def all(self) -> Condition:
        parts = [self.one()]
        while self.peek() == ("word", "and"):
            self.take()
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Both(True, tuple(parts))

    def one(self) -> Condition:
        kind, word = self.take()
        if (kind, word) == ("word", "not"):
            return Opposite(self.one())
        if (kind, word) == ("mark", "("):
            inner = self.either()
            self.take(")")
            return inner
        if kind != "word":
            raise _syntax(self.text)
        if self.peek() == ("mark", "("):
            return self.call(word)
        operator = self.take()[1].lower()
        if operator == "in":
            return self.among(word)
        if operator not in _OPERATORS:
            raise _syntax(self.text)
        return Compare(word, operator, self.literal())

    def among(self, path: str) -> Condition:
        self.take("(")
        parts: list[Condition] = [Compare(path, "eq", self.literal())]
        while self.peek() == ("mark", ","):
            self.take()
            parts.append(Compare(path, "eq", self.literal()))
        self.take(")")
        return parts[0] if len(parts) == 1 else Both(False, tuple(parts))

    def call(self, word: str) -> Condition:
        self.take("(")
        if word.endswith("/any"):
            variable = self.take()[1]
            self.take(":")
            inner = self.either()
            self.take(")")
            return AnyOf(word.removesuffix("/any"), variable, inner)
        if word.lower() not in _FUNCTIONS:
            raise bad_request(f"An unknown function with name '{word}' was found.", "BadRequest")
        path = self.take()[1]
        self.take(",")
        value = self.literal()
        self.take(")")
        if self.peek() == ("word", "eq"):
            self.take()
            if self.literal() is False:
                return Opposite(Compare(path, word.lower(), value))
        return Compare(path, word.lower(), value)

    def literal(self) -> Any:
        kind, text = self.take()
        if kind == "string":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "moment":
            return Moment(text)
        if text in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[text]
        raise _syntax(self.text)


@lru_cache(maxsize=256)  # a client asks the same of every mailbox
def parse(text: str) -> Condition:
    """A filter as a tree."""
    parser = _Parser(text)
    try:
        condition = parser.either()
    except RecursionError:
        raise bad_request("The filter is nested too deeply.", "BadRequest") from None
    if parser.peek()[0] != "end":
        raise _syntax(text)
    return condition


def extended_pair(any_of: AnyOf) -> tuple[str, str]:
    """The id and the value that an extended property is filtered by; both must be there, with `eq`."""
    parts = any_of.inner.parts if isinstance(any_of.inner, Both) and any_of.inner.every else (any_of.inner,)
    found: dict[str, str] = {}
    for part in parts:
        if not isinstance(part, Compare) or part.operator != "eq" or not isinstance(part.value, str):
            break
        found[part.path.removeprefix(f"{any_of.variable}/")] = part.value
    if set(found) != {"id", "value"} or len(parts) != 2:
        raise bad_request(
            "A filter on extended properties must compare both 'id' and 'value' of one property, with 'eq'.",
            "ErrorInvalidUrlQueryFilter",
        )
    return property_id(found["id"]), found["value"]


def indexed(condition: Condition | None) -> list[tuple[str, str]]:
    """The extended properties that every match must carry, so that the index can answer."""
    if isinstance(condition, AnyOf) and condition.collection == EXTENDED:
        return [extended_pair(condition)]
    if isinstance(condition, Both) and condition.every:
        return [tag for part in condition.parts for tag in indexed(part)]
    return []


def paths(condition: Condition) -> list[str]:
    """The properties that a filter names, in its order."""
    match condition:
        case Compare(path=path):
            return [path]
        case AnyOf(collection=collection):
            return [collection]
        case Both(parts=parts):
            return [path for part in parts for path in paths(part)]
        case Opposite(part=part):
            return paths(part)


def holds(condition: Condition, resource: Mapping[str, Any], extended: Mapping[str, str]) -> bool:
    """Whether a resource fits."""
    match condition:
        case Both(every=every, parts=parts):
            return (all if every else any)(holds(part, resource, extended) for part in parts)
        case Opposite(part=part):
            return not holds(part, resource, extended)
        case AnyOf(collection=collection, variable=variable, inner=inner):
            if collection == EXTENDED:
                name, value = extended_pair(condition)
                folded = {known.casefold(): kept.casefold() for known, kept in extended.items()}
                return folded.get(name.casefold()) == value.casefold()
            return any(holds(inner, {variable: one}, {}) for one in value_at(resource, collection) or ())
        case Compare(path=path, operator=operator, value=value):
            return _compare(value_at(resource, path), operator, value)


def value_at(resource: Mapping[str, Any], path: str) -> Any:
    """The value that a path leads to, or None."""
    value: Any = resource
    for part in path.split("/"):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def sortable(value: Any) -> Any:
    """A value as it compares: moments as moments, words without case."""
    if isinstance(value, str):
        if re.match(r"\d{4}-\d\d-\d\d", value):
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                return value.casefold()
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return value.casefold()
    return value


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "startswith": lambda a, b: str(a).startswith(str(b)),
    "endswith": lambda a, b: str(a).endswith(str(b)),
    "contains": lambda a, b: str(b) in str(a),
}


def _compare(found: Any, operator: str, value: Any) -> bool:
    left, right = sortable(found), sortable(value)
    if operator in ("eq", "ne"):
        return (left == right) is (operator == "eq")
    if left is None or right is None or type(left) is not type(right):
        return False
    return _TESTS[operator](left, right)
