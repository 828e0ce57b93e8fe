"""docs/words.md tells what a template may name, and tells it rightly."""

from __future__ import annotations

import make_words


def test_the_page_lists_what_the_templates_are_given() -> None:
    """Run docs/make_words.py where it does not."""
    text = make_words.PAGE.read_text(encoding="utf-8")
    assert make_words.filled(text) == text
    assert "**WorkerList**" in text
