"""Goes through every branch of a template, also those that no invented value leads to.

A council's own words may stand under a condition that no sample meets: without this they would fail at
07:00, on the first child who meets it. Each template is compiled a second time with its conditions taken out,
so that what stood under them stands one after another, and is rendered with shapes in the place of values.
"""

from __future__ import annotations

import difflib
import sys
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes, pass_context
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

from bot.rendering import shapes
from bot.rendering.shapes import Anything, Shape
from bot.rendering.templates import environment

Wrong = tuple[str, int, str]  # the template's file, the line, what is wrong with it
EITHER = "either of these"  # no template can call a filter so
BY_ATTRIBUTE = ("selectattr", "rejectattr", "groupby")
THE_SAME = ("list", "sort", "reverse", "unique", "select", "reject", "selectattr", "rejectattr")
ONE_OF_THEM = ("first", "last", "random", "min", "max", "sum")
GOES_THROUGH = frozenset((*BY_ATTRIBUTE, *THE_SAME, *ONE_OF_THEM, "map", "join"))
NUMBERS = {"length": int, "int": int, "float": float, "round": float, "wordcount": int}


class Branches:
    """The templates of a folder, gone through in all their branches."""

    def __init__(self, folder: Path) -> None:
        self._walk = _Walk(folder)

    def wrong(self, name: str, values: Mapping[str, Shape]) -> tuple[Wrong, ...]:
        """Everything that a template, and those it takes in, names and that does not exist.

        ``values``: what the template is rendered with. Raises what rendering raises, where no more can be
        told: a filter that does not exist, a number that is gone through.
        """
        self._walk.wrong.clear()
        self._walk.get_template(name).render(values)
        return tuple(dict.fromkeys(self._walk.wrong))


@contextmanager
def noted(folder: Path) -> Iterator[dict[str, dict[str, Shape]]]:
    """What each template of the folder is rendered with meanwhile: by its name, by the value's name.

    The templates are read anew: they may have been mended since.
    """
    found: dict[str, dict[str, Shape]] = {}

    class Noting(Template):
        def render(self, *args: Any, **named: Any) -> str:
            known = found.setdefault(str(self.name), {})
            for name, value in dict(*args, **named).items():
                if value is not None:
                    known.setdefault(name, shapes.given(value))
            return super().render(*args, **named)

    environment.cache_clear()
    environment(folder).template_class = Noting
    try:
        yield found
    finally:
        environment.cache_clear()


class _Branchless(NodeTransformer):
    """Takes the conditions out: each is worked out, and then all that stood under it follows."""

    def visit_If(self, node: nodes.If) -> list[nodes.Node]:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        return [_worked_out(node.test), *node.body, *node.elif_, *node.else_]

    def visit_For(self, node: nodes.For) -> list[nodes.Node]:  # noqa: N802
        self.generic_visit(node)
        if node.test is not None:
            node.body, node.test = [_worked_out(node.test), *node.body], None
        after, node.else_ = node.else_, []
        return [node, *after]

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _either(node.expr1, *([node.expr2] if node.expr2 else []), without=[node.test])

    def visit_And(self, node: nodes.And) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _either(node.left, node.right)

    visit_Or = visit_And  # noqa: N815

    def visit_Test(self, node: nodes.Test) -> nodes.Node:  # noqa: N802
        """Whether something exists may be asked of anything."""
        if node.name in {"defined", "undefined"}:
            return nodes.Const(True, lineno=node.lineno)
        return self.generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802
        """What has a default need not exist."""
        if node.name in {"default", "d"}:
            return nodes.Name("anything", "load", lineno=node.lineno)
        return self.generic_visit(node)


def _worked_out(test: nodes.Node) -> nodes.Node:
    return nodes.ExprStmt(test, lineno=test.lineno)


def _either(first: nodes.Node, *others: nodes.Node, without: Sequence[nodes.Node] = ()) -> nodes.Filter:
    named = [nodes.Keyword("without", one, lineno=one.lineno) for one in without]
    return nodes.Filter(first, EITHER, list(others), named, None, None, lineno=first.lineno)


class _Generator(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802
        branchless = _Branchless().visit(node)
        branchless.set_environment(self.environment)
        super().visit_Template(branchless, frame)


class _Walk(Environment):
    """Jinja as the mails use it, but that names are looked up in types, and a wrong one is written down."""

    code_generator_class = _Generator

    def __init__(self, folder: Path) -> None:
        usual = environment(folder)
        super().__init__(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=usual.autoescape,
            trim_blocks=usual.trim_blocks,
            lstrip_blocks=usual.lstrip_blocks,
        )
        self.wrong: list[Wrong] = []
        self.usual = usual
        self.globals.update(usual.globals, anything=Shape(Anything))
        self.filters = {name: _filter(name, self) for name in (*usual.filters, EITHER)}
        self.undefined = self._unknown  # type: ignore[assignment]  # called as a class is, and writes it down

    def _unknown(self, hint: str | None = None, name: Any = None, **more: Any) -> Any:
        """A name that nothing has: written down, and taken for anything, so that the rest is looked at."""
        if hint is not None or name is None:
            return StrictUndefined(hint, name=name, **more)
        self.note(f"it names something that does not exist: there is no {name!r}")
        return Shape(Anything)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a type, or whatever else Jinja finds."""
        if not isinstance(obj, Shape):
            return super().getattr(obj, attribute)
        found = shapes.member(obj, attribute)
        return found if found is not None else self._missing(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """What a list or a table of a type holds."""
        if isinstance(obj, Shape):
            named = shapes.member(obj, argument) if isinstance(argument, str) else None
            return named if named is not None else shapes.item(obj, argument)
        if isinstance(obj, dict) and isinstance(argument, Shape):
            return next(iter(obj.values()), Shape(Anything))
        return super().getitem(obj, argument)

    def _missing(self, obj: Shape, name: str) -> Shape:
        close = difflib.get_close_matches(name, shapes.names(obj.of), 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        self.note(f"it names something that does not exist: {shapes.said(obj.of)} has no {name!r}{hint}")
        return Shape(Anything)

    def note(self, what: str) -> None:
        """Write down what is wrong on the template's line that is being gone through."""
        frame = sys._getframe(1)
        while frame.f_back is not None:
            template = frame.f_globals.get("__jinja_template__")
            if isinstance(template, Template):
                self.wrong.append(
                    (template.filename or "", template.get_corresponding_lineno(frame.f_lineno), what)
                )
                return
            frame = frame.f_back

    def attribute(self, whole: Any, path: object) -> Any:
        """The field at the end of "a.b"; of "a,b" the last."""
        found = whole
        for one in str(path).split(","):
            found = whole
            for part in one.split("."):
                found = self.getattr(found, part)
        return found


def _filter(name: str, walk: _Walk) -> Callable[..., Any]:
    @pass_context
    def filtered(context: Context, value: Any, *args: Any, **named: Any) -> Any:
        if name == EITHER:
            return Shape(shapes.joined(tuple(shapes.of(one) for one in (value, *args))))
        if not any(isinstance(one, Shape) for one in (value, *args, *named.values())):
            return walk.usual.call_filter(name, value, args, named, context)
        return _of_a_shape(walk, name, value, args, named)

    return filtered


def _of_a_shape(walk: _Walk, name: str, value: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Shape:
    """What a filter gives of a type; one that nothing is known of gives words."""
    attribute = args[0] if args and name in BY_ATTRIBUTE else named.get("attribute")
    if attribute is not None or name in GOES_THROUGH:
        return _gone_through(walk, name, list(value), args, attribute)
    if name in NUMBERS:
        return Shape(NUMBERS[name])
    own = walk.usual.filters[name]
    return _ours(own, (value, *args)) if own.__module__.startswith("bot.") else Shape(str)


def _gone_through(
    walk: _Walk, name: str, held: Sequence[Any], args: tuple[Any, ...], attribute: object
) -> Shape:
    """What a filter gives that looks at each of many."""
    named = held if attribute is None else [walk.attribute(one, attribute) for one in held]
    if name == "map" and attribute is None and args:
        context = Context(walk, {}, None, {}, None)
        named = [walk.call_filter(args[0], one, args[1:], {}, context) for one in held]
    each, by = (shapes.joined(tuple(shapes.of(one) for one in of)) for of in (held, named))
    if name == "map":
        return Shape(tuple[by, ...])  # type: ignore[valid-type]
    if name == "groupby":
        return Shape(tuple[tuple[by, tuple[each, ...]], ...])  # type: ignore[valid-type]
    if name in THE_SAME:
        return Shape(tuple[each, ...])  # type: ignore[valid-type]
    if name in ONE_OF_THEM:
        return Shape(by if name == "sum" else each)
    return Shape(str)


def _ours(own: Callable[..., Any], args: tuple[Any, ...]) -> Shape:
    """A filter of our own says what it takes and gives."""
    hints = typing.get_type_hints(own)
    takes = [kind for place, kind in hints.items() if place not in {"page", "return"}]
    for given, kind in zip(args, takes, strict=False):
        if not shapes.fits(shapes.of(given), kind):
            name, wanted = own.__name__.strip("_"), shapes.said(kind)
            raise TypeError(f"{name} takes {wanted}, not {shapes.said(shapes.of(given))}")
    return Shape(hints["return"])
