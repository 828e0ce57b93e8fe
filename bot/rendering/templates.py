"""Finds the words that people may edit, and refuses one that names what does not exist.

A council changes mails by editing ``templates/``. An unknown variable is an error, never an empty place;
what goes into HTML is escaped; a template sees values only, no settings and no caseload.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.digest import words

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


@lru_cache(maxsize=8)
def environment(folder: Path = TEMPLATES) -> Environment:
    """The templates of one folder, compiled once."""
    found = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters.update(
        day=words.day,
        day_month=words.day_month,
        moment=words.moment,
        count=words.count,
    )
    return found
