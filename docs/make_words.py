"""Writes the lists of docs/words.md: what each template is given, and every field that it may name.

    .venv/bin/python docs/make_words.py

Nothing in the lists is said by hand: every template is rendered with its invented values, and what it was
given is looked at by its type.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO))

from bot.rendering import shapes  # noqa: E402
from bot.rendering.branches import noted  # noqa: E402
from bot.rendering.renderings import renderings  # noqa: E402
from bot.rendering.templates import TEMPLATES  # noqa: E402
from marked import fill  # noqa: E402 - found by the line above

PAGE = REPO / "docs" / "words.md"


def main() -> None:
    """Write the page."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def filled(page: str) -> str:
    """The page with the lists as they should be."""
    return fill(page, "fields", lists())


def lists() -> str:
    """Each template with what it is given, and each of these with its fields."""
    with noted(TEMPLATES) as given:
        for rendering in renderings(TEMPLATES):
            for render in rendering.once():
                render()
    lines = ["| template | is given |", "|---|---|"]
    for name, values in sorted(given.items()):
        told = ", ".join(f"`{key}` ({_said(shape.of)})" for key, shape in sorted(values.items()))
        lines.append(f"| `{name}` | {told} |")
    kinds = {
        kind for values in given.values() for shape in values.values() for kind in _within(shape.of, set())
    }
    for kind in sorted(kinds, key=lambda one: (one.__name__, one.__module__)):
        lines += ["", f"**{kind.__name__}**: {(kind.__doc__ or '').splitlines()[0]}", ""]
        lines += [f"- `{name}`: {_said(of)}" for name, of in _fields(kind)]
    return "\n".join(lines)


def _fields(kind: type) -> Iterator[tuple[str, Any]]:
    """Fields, and what is worked out of them."""
    yield from typing.get_type_hints(kind).items()
    for name, of in vars(kind).items():
        if isinstance(of, property) and of.fget is not None:
            yield name, typing.get_type_hints(of.fget).get("return", Any)


def _within(kind: Any, seen: set[type]) -> set[type]:
    """The values with fields that a type is, has or holds."""
    for one in (kind, *typing.get_args(kind)):
        if isinstance(one, type) and is_dataclass(one) and one not in seen:
            seen.add(one)
            for _, of in _fields(one):
                _within(of, seen)
        elif one is not kind or typing.get_args(one):
            for arm in typing.get_args(one):
                _within(arm, seen)
    return seen


def _said(kind: Any) -> str:
    """A type in words: "day or nothing", "several Owed"."""
    plain = {"str": "words", "int": "number", "bool": "yes or no", "date": "day", "datetime": "moment"}
    arms, origin = typing.get_args(kind), typing.get_origin(kind)
    if origin is typing.Literal:
        return "one of " + ", ".join(map(str, arms))
    if type(None) in arms:
        return f"{_said(shapes.shape(kind).of)}, or nothing"
    if origin in {tuple, frozenset}:
        return f"several {_said(arms[0])}"
    return plain.get(shapes.said(kind), shapes.said(kind).replace("FunctionType", "a function"))


if __name__ == "__main__":
    main()
