"""docs/words.md tells what a template may name, and tells it rightly."""

from __future__ import annotations

import importlib.util
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "words.md"


def test_the_page_lists_what_the_templates_are_given() -> None:
    """Run docs/make_words.py where it does not."""
    spec = importlib.util.spec_from_file_location("make_words", PAGE.with_name("make_words.py"))
    assert spec is not None
    assert spec.loader is not None
    make_words = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_words)
    text = PAGE.read_text(encoding="utf-8")
    assert make_words.filled(text) == text
    assert "**WorkerList**" in text
