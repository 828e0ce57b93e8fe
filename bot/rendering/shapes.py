"""Stands in a template for every value of a type at once, so that a name can be checked without a value.

A rendering shows only the lines that its values lead to. A shape has the fields that its type has and nothing
else, is true, and holds one shape of what it may hold: what is rendered with shapes names every field that
could ever be named.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin

Anything: Any = Any
MISSING = object()


class Shape:
    """Any value of a type. What cannot be told of it is :data:`Anything`, which has every field."""

    __slots__ = ("of", "returns")

    def __init__(self, of: Any, returns: Any = MISSING) -> None:
        self.of = of
        self.returns = returns  # of a function or a method: what it gives

    @property
    def is_anything(self) -> bool:
        """Whether nothing is known of it."""
        return self.of is Anything

    def __call__(self, *_: object, **__: object) -> Shape:
        """What a function or a method gives; what is neither cannot be called."""
        if self.is_anything or self.returns is not MISSING:
            return shape(Anything if self.returns is MISSING else self.returns)
        raise TypeError(f"{said(self.of)} is no function")

    def __iter__(self) -> Iterator[Shape]:
        """One of each thing that it may hold."""
        held = [one for kind in alternatives(self.of) for one in _held(kind)]
        return iter(dict.fromkeys(held))

    def __getitem__(self, place: object) -> Shape:
        """What stands at a place; a part of it is of the same type."""
        if isinstance(place, slice):
            return self
        return item(self, place)

    def __bool__(self) -> bool:
        """Always, so that what depends on it is gone through."""
        return True

    def __str__(self) -> str:
        """Something to print."""
        return "…"

    def __format__(self, how: str) -> str:
        """The same."""
        return "…"

    def __eq__(self, other: object) -> bool:
        """Of one type."""
        return isinstance(other, Shape) and (self.of, self.returns) == (other.of, other.returns)

    def __hash__(self) -> int:
        """By the type's words: not every type can be hashed."""
        return hash(str(self.of))

    def __contains__(self, one: object) -> bool:
        """It may."""
        return True

    def __index__(self) -> int:
        """A number, where one is asked for."""
        return 1

    def _compared(self, _: object) -> bool:
        return True

    __lt__ = __le__ = __gt__ = __ge__ = _compared

    def _reckoned(self, other: object) -> Shape:
        for one in (self.of, of(other)):
            if any(not _is_number(kind) for kind in alternatives(one)):
                raise TypeError(f"{said(self.of)} and {said(of(other))} cannot be reckoned with")
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _reckoned
    __truediv__ = __rtruediv__ = __floordiv__ = __mod__ = _reckoned


def shape(kind: Any) -> Shape:
    """The shape of a type; of one that may be None, of what it is otherwise."""
    return Shape(joined(alternatives(kind)))


def of(value: object) -> Any:
    """The type of a value, or of what a shape stands for."""
    return value.of if isinstance(value, Shape) else type(value)


def given(value: object) -> Any:
    """What a rendering was given, as a shape or, of a function, as one that gives what it says it does."""
    if isinstance(value, types.FunctionType):
        return Shape(type(value), typing.get_type_hints(value).get("return", Anything))
    return Shape(type(value))


def alternatives(kind: Any) -> tuple[Any, ...]:
    """The types of a union without None; a NewType or a Literal as what it is in the end."""
    if get_origin(kind) in {Union, types.UnionType}:
        return tuple(dict.fromkeys(one for arm in get_args(kind) for one in alternatives(arm)))
    if kind is None or kind is types.NoneType:
        return ()
    if get_origin(kind) is typing.Literal:
        return tuple(dict.fromkeys(type(one) for one in get_args(kind)))
    return (kind,)


def joined(kinds: tuple[Any, ...]) -> Any:
    """Several types as one; none at all is anything."""
    if not kinds or Anything in kinds:
        return Anything
    return Union[tuple(dict.fromkeys(kinds))]  # noqa: UP007 - of a tuple that is known here only


def member(whole: Shape, name: str) -> Shape | None:
    """The field, property or method of a name; None where its type has none."""
    if whole.is_anything:
        return whole
    found = [_member(kind, name) for kind in alternatives(whole.of)]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return None
    if any(one.returns is not MISSING for one in known):
        return known[0]
    return Shape(joined(tuple(kind for one in known for kind in alternatives(one.of))))


def names(kind: Any) -> tuple[str, ...]:
    """What a type has that a template may name."""
    return tuple(
        dict.fromkeys(name for one in alternatives(kind) for name in dir(_class(one)) if name[0] != "_")
    ) + tuple(name for one in alternatives(kind) for name in _hints(_class(one)))


def item(whole: Shape, place: object) -> Shape:
    """What stands at a place of a list, or under a key."""
    if whole.is_anything:
        return whole
    held: list[Any] = []
    for kind in alternatives(whole.of):
        arms = get_args(kind)
        if issubclass(_class(kind), Mapping):
            held += alternatives(arms[1]) if arms else (Anything,)
        elif _class(kind) is tuple and arms and arms[-1] is not Ellipsis and isinstance(place, int):
            held += alternatives(arms[place])
        else:
            held += [one.of for one in _held(kind)]
    return Shape(joined(tuple(held)))


def fits(kind: Any, wanted: Any) -> bool:
    """Whether every value of a type may stand where another is wanted, as far as can be told."""
    arms = [_class(one) for one in alternatives(wanted)]
    if Anything in (kind, wanted) or Anything in arms:
        return True
    return all(
        any(issubclass(_class(one), arm) for arm in arms) or Anything is one for one in alternatives(kind)
    )


def said(kind: Any) -> str:
    """A type as a person reads it."""
    return " or ".join(getattr(one, "__name__", str(one)) for one in alternatives(kind)) or "nothing"


def _class(kind: Any) -> type:
    found = get_origin(kind) or kind
    return found if isinstance(found, type) else object


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    try:
        return typing.get_type_hints(kind)
    except (NameError, TypeError):
        return {}


def _member(kind: Any, name: str) -> Shape | None:
    cls = _class(kind)
    if cls is object:
        return Shape(Anything)
    hints = _hints(cls)
    if name in hints:
        return shape(hints[name])
    attribute = getattr(cls, name, None)
    if attribute is None:
        return None
    if isinstance(attribute, property):
        return shape(_returned(attribute.fget))
    if callable(attribute):
        return Shape(type(attribute), _returned(attribute))
    return Shape(Anything)


def _returned(function: Callable[..., Any] | None) -> Any:
    try:
        return typing.get_type_hints(function).get("return", Anything)
    except (NameError, TypeError):
        return Anything


def _held(kind: Any) -> tuple[Shape, ...]:
    if kind is Anything:
        return (Shape(Anything),)
    cls, arms = _class(kind), get_args(kind)
    if cls is str:
        return (Shape(str),)
    if not hasattr(cls, "__iter__"):
        raise TypeError(f"{said(kind)} holds nothing that can be gone through")
    if cls is tuple and arms and arms[-1] is not Ellipsis:
        return tuple(shape(arm) for arm in arms)
    return (shape(arms[0]) if arms else Shape(Anything),)


def _is_number(kind: Any) -> bool:
    return kind is Anything or issubclass(_class(kind), (int, float))
