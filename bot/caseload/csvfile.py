"""CSV files as councils' systems really write them: at full speed when sound, line by line when not.

Polars reads a sound file about as fast as the disk gives it and refuses what is malformed, save three things
that it lets pass: a stray quotation mark that swallows whole rows into one cell, control characters, and a
last line that was cut off. A look at the bytes beforehand finds those. A file that is not sound is read by
``repair``, where a bad line costs that line and no other.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from bot.caseload.repair import BOM, commas_of_another_row, read_lines
from bot.caseload.sheet import ROW, Sheet, position
from bot.errors import Problem

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Look:
    """What the bytes tell before reading."""

    lines: int
    quotes: bool
    control: bool
    first: bytes
    last: bytes


def _look(path: Path) -> _Look:
    feeds = low = usual = 0
    quotes = False
    first = last = b""
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            signs = np.frombuffer(block, dtype=np.uint8)
            feeds += int(np.count_nonzero(signs == 10))
            low += int(np.count_nonzero(signs < 32))
            if low > feeds:
                usual += int(np.count_nonzero((signs == 13) | (signs == 9)))
            quotes = quotes or b'"' in block
            first = first or block
            last = (last + block)[-_CHUNK:]
    return _Look(feeds, quotes, low > feeds + usual, first, last)


def _header(first: bytes) -> tuple[str, ...] | None:
    """The cells of the first line, if it is a plain one."""
    line, _, _ = first.removeprefix(BOM).partition(b"\n")
    try:
        cells = next(csv.reader([line.decode("utf-8").removesuffix("\r")], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return None
    return tuple(cell.strip() for cell in cells) if any(cell.strip() for cell in cells) else None


@dataclass(frozen=True, slots=True)
class CsvFile:
    """One CSV file of a folder."""

    path: Path
    where: str

    def ways(self) -> Iterator[Sheet]:
        """By Polars as it is; by Polars with notes of several lines; line by line."""
        look = _look(self.path)
        header = _header(look.first)
        cells = self._scan(len(header)) if header else None
        if header and cells is not None:
            problems = _cut_short(self.where, look, len(header))
            rows = look.lines + (not look.last.endswith(b"\n")) - 1 if look.quotes else None
            sheet = Sheet(self.where, header, 1, cells, look.control, rows, problems)
            yield sheet
            if not _swallows(cells, len(header)):
                yield replace(sheet, guarded=True, rows=None)
        yield read_lines(self.path.read_bytes(), self.where)

    def _scan(self, width: int) -> pl.LazyFrame | None:
        scan = pl.scan_csv(
            self.path,
            infer_schema=False,
            row_index_name="\0row",
            row_index_offset=2,
            truncate_ragged_lines=False,
            glob=False,
        )
        try:
            names = scan.collect_schema().names()[1:]
        except pl.exceptions.ComputeError:
            return None
        if len(names) != width:
            return None
        return scan.select(
            pl.col("\0row").alias(ROW), *(pl.col(name).alias(position(i)) for i, name in enumerate(names))
        )


def _swallows(cells: pl.LazyFrame, width: int) -> bool:
    """Whether a cell holds a line end and, after it, what looks like the cells of another row."""
    swallowed = [
        pl.col(position(i)).str.contains(rf"\n[^\n]*(?:,[^\n]*){{{commas_of_another_row(i, width)}}}").any()
        for i in range(width)
    ]
    try:
        return bool(cells.select(pl.any_horizontal(swallowed)).collect(engine="streaming").item())
    except pl.exceptions.ComputeError:
        return True  # malformed: what is in which cell cannot be told


def _cut_short(where: str, look: _Look, width: int) -> tuple[Problem, ...]:
    """A last line without its line end and with cells missing: the writing of the file was broken off."""
    if look.last.endswith(b"\n") or look.lines == 0:
        return ()
    line = look.last.rpartition(b"\n")[2]
    if not line.strip() or line.count(b",") >= width - 1:
        return ()
    return (
        Problem(
            f"{where}:{look.lines + 1}",
            f"the last line ends after {line.count(b',') + 1} of {width} cells, as if the file was cut off",
            "Write the file again from the case system and see that the export was finished.",
            "warning",
        ),
    )
