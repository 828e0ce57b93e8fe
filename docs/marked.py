"""Fills the parts of a page that are made and not written: what stands between two comments of one name."""

from __future__ import annotations

import re
import sys


def fill(page: str, name: str, text: str) -> str:
    """The page with ``text`` in its part of that name; ends the command where it has no such part."""
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    between = re.compile(f"{begin}.*?{end}", re.DOTALL)
    filled, found = between.subn(lambda _: f"{begin}\n{text}\n\n{end}", page)
    if found != 1:
        sys.exit(f"The page needs one part between <!-- {name}:begin --> and {end}.")
    return filled
