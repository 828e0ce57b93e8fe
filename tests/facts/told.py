"""Which tests state which fact, and which rows of findings are covered: read from the files themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from facts import AREAS, FACTS

TESTS = Path(__file__).resolve().parents[1]


def stated() -> dict[str, list[str]]:
    """The tests that carry a fact's marker, as `file::test`, by the fact's id."""
    found: dict[str, list[str]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        if "node_modules" in file.parts:
            continue
        text = file.read_text(encoding="utf-8")
        if "mark.fact(" not in text:
            continue
        for name, ids in _marked(ast.parse(text)):
            for one in ids:
                found.setdefault(one, []).append(f"{file.relative_to(TESTS.parent).as_posix()}::{name}")
    return found


def _marked(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            ids = [
                argument.value
                for decorator in node.decorator_list
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.fact"
                for argument in decorator.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            if ids:
                yield node.name, ids


def rows(findings: str) -> list[str]:
    """The rows of the list of findings: bullets, paragraphs of their own, and the head of a table."""
    found: list[str] = []
    for part in re.split(r"^## ", findings, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        for block in filter(None, map(str.strip, re.split(r"\n\s*\n|\n(?=- )", body))):
            if block.startswith("|"):
                found.append(_plain(title))
            else:
                found.append(_plain(block.removeprefix("- ")))
    return found


def _plain(text: str) -> str:
    return re.sub(r"[*`]", "", text)


def table() -> str:
    """Every fact with how it is known, what changes it here, and its tests."""
    tests = stated()
    lines: list[str] = []
    for area in AREAS:
        lines += [f"### {area.title}", "", "| row | fact | known | here | tests |", "|---|---|---|---|---|"]
        for fact in area.facts:
            where = "<br>".join(f"`{shown(one)}`" for one in tests.get(fact.id, []))
            here = f"`{fact.setting}`" if fact.setting else ""
            cells = (fact.row.rstrip("."), f"{fact.words} `{fact.id}`", fact.known, here, where)
            lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines).rstrip()


def shown(test: str) -> str:
    """A test as the page names it."""
    return test.removeprefix("tests/")


def counted() -> str:
    """How many there are."""
    tests = {one for found in stated().values() for one in found}
    return f"{len(FACTS)} facts, stated by {len(tests)} tests."
