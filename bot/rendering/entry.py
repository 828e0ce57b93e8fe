"""Makes the text of a calendar entry of its value: the same value gives the same text, to the byte."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from bot.diary.entry import Body
from bot.diary.words import full_day
from bot.rendering.templates import TEMPLATES, environment


def body_html(body: Body, folder: Path = TEMPLATES) -> str:
    """Give the text as Outlook shows it."""
    return environment(folder).get_template("entry.html.j2").render(body=body, full_day=full_day)


def body_text(body: Body, folder: Path = TEMPLATES) -> str:
    """Give the text plain, for a terminal."""
    return environment(folder).get_template("entry.txt.j2").render(body=body, full_day=full_day)


@lru_cache(maxsize=8)
def fingerprint(folder: Path = TEMPLATES) -> str:
    """Give what changes when someone edits the template, so that standing entries are then rewritten."""
    return hashlib.sha256((folder / "entry.html.j2").read_bytes()).hexdigest()[:16]
