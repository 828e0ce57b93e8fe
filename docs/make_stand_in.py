"""Writes what docs/stand-in.md and config/sandbox.example.toml take from elsewhere, when a test asks for it.

    .venv/bin/python docs/make_stand_in.py

The facts come from tests/facts with the tests that state them, the faults from the stand-in's own list, and
the settings from the stand-in's settings.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
PAGE = REPO / "docs" / "stand-in.md"
EXAMPLE = REPO / "config" / "sandbox.example.toml"
sys.path[:0] = [str(REPO), str(REPO / "tests")]

from facts.told import counted, table  # noqa: E402 - found by the line above

from bot.sandbox.faults.kinds import FIELDS, KINDS  # noqa: E402
from bot.sandbox.settings import said_of  # noqa: E402
from bot.sandbox.settings_file import example  # noqa: E402
from marked import fill  # noqa: E402


def main() -> None:
    """Write both files."""
    EXAMPLE.write_text(example(), encoding="utf-8")
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def filled(page: str) -> str:
    """The page with every marked part as it should be."""
    parts = {"facts": f"{counted()}\n\n{table()}", "faults": faults(), "settings": settings()}
    for name, text in parts.items():
        page = fill(page, name, text)
    return page


def faults() -> str:
    """Every kind of bad day with an order that can be sent as it stands."""
    lines = ["| bad day | what happens | an order for it |", "|---|---|---|"]
    lines += [f"| {one.title} | {one.words} | `{json.dumps(one.example)}` |" for one in KINDS]
    lines += ["", "| in an order | meaning (and what holds where it is left out) |", "|---|---|"]
    lines += [f"| `{name}` | {words} |" for name, words in FIELDS.items()]
    return "\n".join(lines)


def settings() -> str:
    """Every key of the settings file."""
    lines = ["| key | table | meaning |", "|---|---|---|"]
    for name, said in said_of().items():
        place = f"`[{said.table}]`" if said.table else "above every table"
        lines.append(f"| `{said.key or name}` | {place} | {said.words} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
