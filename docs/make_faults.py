"""Writes docs/faults.md, when a test asks for it: every trouble, what is told of it, and what to do.

    .venv/bin/python docs/make_faults.py

Each row comes from tests/faultkit/troubles.py, and has a test in tests/faults that holds the bot to it.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
PAGE = REPO / "docs" / "faults.md"
sys.path[:0] = [str(REPO), str(REPO / "tests")]

from faultkit.trouble import Trouble  # noqa: E402 - found by the line above
from faultkit.troubles import TROUBLES  # noqa: E402 - found by the line above

HEAD = """# What can go wrong, and what to do

Every trouble here has a test of its own in tests/faults, against the real bot over HTTP and TLS: what is told
while it lasts, that nothing is doubled or lost, that other diaries are done, and that afterwards one run
repairs everything and the next writes nothing. “…” stands for what differs from case to case. No message and
no log line names a child.

**Temporary** troubles pass by themselves: the service tries again, and the next run does what was left.
**Permanent** ones stay until somebody mends them; the message says what to mend. *Nothing to see* is what the
bot settles within the run.
"""
COLUMNS = """| trouble | an operator sees | | the bot | what to do |
|---|---|---|---|---|
"""
LASTS = {
    "nothing": "nothing to see",
    "temporary": "temporary",
    "waiting": "temporary: the mail waits",
    "permanent": "permanent",
}


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for group, found in groupby(TROUBLES, key=lambda one: one.group):
        parts.append(f"\n## {group}\n\n{COLUMNS}")
        parts += [_row(one) for one in found]
    return "".join(parts)


def _row(one: Trouble) -> str:
    says = f"“{one.says}”" if one.says else "–"
    cells = (one.title, says, LASTS[one.lasts], one.does, one.do)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
