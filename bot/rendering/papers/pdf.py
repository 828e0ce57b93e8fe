"""A paper as a PDF that meets PDF/UA-1: tagged, titled, in the language it is written in.

Typst lays it out (one wheel, no other program on the machine); its font is the DejaVu Sans that comes with
matplotlib, so that a PDF looks the same wherever it is made. The same paper gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from bot.errors import Permanent
from bot.rendering.papers.blocks import Block, Box, Paper, Table, words_of

LAYOUT = Path(__file__).with_name("paper.typ")
WIDEST = 3.0  # a column is at most so many times as wide as the narrowest
ROOM = 12  # letters that a column gets room for at least
WRITTEN_IN = 60  # and one that is to be written in


def to_pdf(paper: Paper) -> bytes:
    """The paper as a file."""
    told = {**asdict(paper), "blocks": [_told(block) for block in paper.blocks]}
    return typst.compile(
        LAYOUT.read_bytes(),
        format="pdf",
        pdf_standards="ua-1",
        font_paths=_fonts(),
        sys_inputs={"paper": json.dumps(told)},
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise Permanent("matplotlib, whose font the PDFs use, is not installed. Install requirements.lock.")
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _told(block: Block) -> dict[str, Any]:
    told: dict[str, Any] = {"is": type(block).__name__.lower(), **asdict(block)}
    if isinstance(block, Box):
        told["blocks"] = [_told(inner) for inner in block.blocks]
    if isinstance(block, Table):
        told["widths"] = widths(block)
    return told


def widths(table: Table) -> list[float]:
    """Each column's share: by its longest cell, within bounds, so that a day is not broken up."""
    columns = [
        _letters([words_of(head), *(words_of(row[place].runs) for row in table.rows)])
        for place, head in enumerate(table.head)
    ]
    narrowest = min(columns)
    return [round(min(width / narrowest, WIDEST), 2) for width in columns]


def _letters(cells: list[str]) -> int:
    return max(ROOM, WRITTEN_IN if "" in cells else 0, *map(len, cells))
