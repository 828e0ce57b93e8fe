"""Makes many values of one: each field once without what it holds, so that no branch goes untried.

What may be missing is missing in one of them; where there are many of a kind, there is one more for each of
its fields. A template that takes for granted what may be missing fails on one of these.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar, Union, get_args, get_origin

Value = TypeVar("Value")
LONG = timedelta(weeks=8)  # on the other side of whatever day it is held against


def varied(value: Value, always: Collection[str] = ()) -> Iterator[Value]:
    """The value with one more of each of many for each of their fields; and without each field of its own.

    ``always``: its own fields that are never empty.
    """
    yield _filled(value)
    yield from _without(value, always)


def _filled(value: Any) -> Any:
    """The same, but that every row of many has brothers that lack one thing each."""
    if is_dataclass(value) and not isinstance(value, type):
        more = {one.name: _filled(getattr(value, one.name)) for one in fields(value) if one.init}
        return replace(value, **more)
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        whole = tuple(_filled(one) for one in value)
        return (*whole, *_without(whole[0]))
    return value


def _without(value: Any, always: Collection[str] = ()) -> Iterator[Any]:
    """One for each field that can be empty; of a number also one, of a day one before and one after."""
    hints = typing.get_type_hints(type(value))
    for one in fields(value):
        held = getattr(value, one.name)
        if one.name in always:
            continue
        for other in _other(held, hints[one.name]):
            if other != held:
                yield replace(value, **{one.name: other}, **_with(value, one.name, other))


def _with(value: Any, name: str, other: object) -> dict[str, object]:
    """What nobody is due to do is not late either."""
    return {"days_late": 0} if name == "due" and other is None and hasattr(value, "days_late") else {}


def _other(held: Any, kind: Any) -> Iterator[Any]:
    if type(None) in get_args(kind) and get_origin(kind) in {Union, types.UnionType}:
        if not is_dataclass(held):  # what a whole of its own is there for, the templates may know
            yield None
        yield from _other(held, type(held))
    elif get_origin(kind) is typing.Literal:
        yield from get_args(kind)
    elif isinstance(held, date):
        yield held - LONG
        yield held + LONG
    elif isinstance(held, bool):
        yield not held
    elif isinstance(held, int):
        yield 0
        yield 1
    elif isinstance(held, str):
        yield ""
    elif isinstance(held, tuple | frozenset):
        yield type(held)()
    elif is_dataclass(held) and not isinstance(held, type):
        yield from _without(held)
