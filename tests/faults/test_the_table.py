"""docs/faults.md tells every trouble that has a test, and no other."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from faultkit.troubles import TROUBLES

import make_faults

REPO = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent


def _named_by_tests() -> set[str]:
    """The first word of each `trouble(…)` mark in this folder."""
    return {
        str(call.args[0].value)
        for file in HERE.glob("test_*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "trouble"
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_trouble_has_a_test_and_every_test_a_trouble() -> None:
    names = Counter(one.name for one in TROUBLES)
    assert max(names.values()) == 1
    assert _named_by_tests() == set(names)


def test_every_trouble_says_what_to_do() -> None:
    for one in TROUBLES:
        assert one.does.endswith("."), one.name
        assert one.do.endswith("."), one.name
        assert bool(one.says) == (one.lasts != "nothing"), one.name


def test_the_page_is_as_the_troubles_are() -> None:
    assert make_faults.PAGE.read_text(encoding="utf-8") == make_faults.page(), (
        "run .venv/bin/python docs/make_faults.py"
    )
