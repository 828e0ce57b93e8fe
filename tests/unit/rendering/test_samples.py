"""The invented values lead into every branch of every template of the release: ``check`` renders them all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer

from bot.rendering.renderings import renderings
from bot.rendering.templates import TEMPLATES, environment


class Marked(NodeTransformer):
    """Puts a mark into each arm of each condition."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.marks: list[str] = []

    def mark(self, node: nodes.Node, arm: str, *value: nodes.Expr) -> nodes.Call:
        number = sum(mark.startswith(f"{self.name}:{node.lineno} ") for mark in self.marks)
        self.marks.append(f"{self.name}:{node.lineno} {arm} ({number})")
        reached = nodes.Name("reached", "load", lineno=node.lineno)
        return nodes.Call(reached, [nodes.Const(self.marks[-1]), *value], [], None, None, lineno=node.lineno)

    def visit_If(self, node: nodes.If) -> nodes.If:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        node.body.insert(0, nodes.ExprStmt(self.mark(node, "if"), lineno=node.lineno))
        if node.else_:
            node.else_.insert(0, nodes.ExprStmt(self.mark(node, "else"), lineno=node.lineno))
        return node

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        node.body.insert(0, nodes.ExprStmt(self.mark(node, "for"), lineno=node.lineno))
        return node

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.CondExpr:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        node.expr1 = self.mark(node, "if", node.expr1)
        if node.expr2 is not None:
            node.expr2 = self.mark(node, "else", node.expr2)
        return node


@pytest.fixture
def arms() -> Iterator[tuple[set[str], set[str]]]:
    """Every arm of every template that was compiled meanwhile, and those that were reached."""
    every: set[str] = set()
    reached: set[str] = set()

    class Marking(CodeGenerator):
        def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802
            marked = Marked(str(self.name))
            node = marked.visit(node)
            node.set_environment(self.environment)
            every.update(marked.marks)
            super().visit_Template(node, frame)

    environment.cache_clear()
    marked = environment(TEMPLATES)
    marked.code_generator_class = Marking
    marked.globals["reached"] = lambda mark, value="": (reached.add(mark), value)[1]
    yield every, reached
    environment.cache_clear()


def test_no_branch_of_a_template_is_left_out(
    arms: tuple[set[str], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.rendering.drawing.Canvas.png", lambda _: b"")  # drawing takes longest
    every, reached = arms
    for rendering in renderings(TEMPLATES):
        for render in rendering.thoroughly():
            render()
    assert len(every) > 200
    missed = sorted(every - reached)
    assert missed == [], "\n".join(missed)
