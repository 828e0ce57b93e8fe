"""Reads a damaged CSV file line by line, so that a bad line costs that line and no other.

Bytes that are not UTF-8 are read as Windows-1252, by line, so that one old name does not garble the rest and
nothing is lost. A line whose quotation marks do not close, or with more cells than the header, cannot be
trusted to have its cells under the right names: it is set aside and named.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from bot.caseload.sheet import ROW, Sheet, position
from bot.errors import Problem

_LONGEST_RECORD = 200  # lines: a note with more line ends than that is a stray quotation mark
BOM = b"\xef\xbb\xbf"
_WIDE = (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"))


def read_lines(data: bytes, where: str) -> Sheet:
    """Read everything that can be read of a CSV file, and name every line that cannot."""
    lines, problems = _decode(data, where)
    reading = _Records(where, lines)
    reading.read()
    cells = pl.DataFrame(
        {ROW: pl.Series(ROW, reading.numbers, dtype=pl.UInt32)}
        | {
            position(i): pl.Series(
                [row[i] if i < len(row) else None for row in reading.rows], dtype=pl.String
            )
            for i in range(len(reading.header))
        }
    )
    return Sheet(
        where,
        tuple(cell.strip() for cell in reading.header),
        reading.header_row,
        cells,
        guarded=True,
        problems=(*problems, *reading.problems),
    )


def commas_of_another_row(column: int, width: int) -> int:
    """How many commas after a line end make a cell look as if it had swallowed the next row."""
    return max(1, min(width - 1, max(column, 3)))


def _decode(data: bytes, where: str) -> tuple[list[str], list[Problem]]:
    for encoding, mark in _WIDE:
        if data.startswith(mark):
            text = data.removeprefix(mark).decode(encoding, errors="replace")
            problem = Problem(
                where,
                "the file is written in UTF-16, not UTF-8; it was read all the same",
                "Save it as CSV UTF-8.",
                "warning",
            )
            return _split(text), [problem]
    data = data.removeprefix(BOM)
    try:
        return _split(data.decode("utf-8")), []
    except UnicodeDecodeError:
        pass
    separator = b"\n" if b"\n" in data else b"\r"
    lines: list[str] = []
    other: list[int] = []
    for number, line in enumerate(data.split(separator), start=1):
        try:
            lines.append(line.decode("utf-8").removesuffix("\r"))
        except UnicodeDecodeError:
            lines.append(_windows_1252(line).removesuffix("\r"))
            other.append(number)
    return lines, [_not_utf8(where, other)]


def _windows_1252(line: bytes) -> str:
    """Windows-1252, with the five bytes that it leaves undefined read as Latin-1: any byte has its letter."""
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte) for byte in line
    )


def _not_utf8(where: str, lines: Sequence[int]) -> Problem:
    named = ", ".join(str(line) for line in lines[:20])
    more = f" and {len(lines) - 20} more" if len(lines) > 20 else ""
    return Problem(
        f"{where}:{lines[0]}",
        f"not UTF-8 on {'line' if len(lines) == 1 else 'lines'} {named}{more}; read as Windows-1252 there",
        "Save the file as CSV UTF-8; until then look whether accented letters came out right.",
        "warning",
    )


def _split(text: str) -> list[str]:
    if "\n" not in text:
        return text.split("\r")
    return [line.removesuffix("\r") for line in text.split("\n")]


@dataclass(slots=True)
class _Records:
    """Lines on their way to rows; ``numbers`` are the rows as a person counts them."""

    where: str
    lines: list[str]
    header: list[str] = field(default_factory=list)
    header_row: int = 1
    numbers: list[int] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        at, number = 0, 0
        while at < len(self.lines):
            number += 1
            cells, used = self._record(at)
            at += used
            if cells is None:
                self._set_aside(
                    number,
                    "a quotation mark in this line is opened and not closed, or stands amid a quoted cell",
                    "Write quoted cells with one mark on either side, and a mark inside a cell twice.",
                )
            elif not any(cell.strip() for cell in cells):
                continue
            elif not self.header:
                self.header, self.header_row = list(cells), number
            elif any(cell.strip() for cell in cells[len(self.header) :]):
                self._set_aside(
                    number,
                    f"the row has {len(cells)} cells and the header {len(self.header)}",
                    "Put quotation marks round a cell that has a comma in it.",
                )
            else:
                self.numbers.append(number)
                self.rows.append([cell if cell else None for cell in cells[: len(self.header)]])

    def _set_aside(self, number: int, what: str, mend: str) -> None:
        self.problems.append(Problem(f"{self.where}:{number}", what, mend, "row set aside"))

    def _record(self, at: int) -> tuple[list[str] | None, int]:
        """The cells of the record that begins in a line, and how many lines it takes."""
        line = self.lines[at]
        if '"' not in line:
            return line.split(","), 1
        reader = csv.reader(self._from(at), strict=True)
        try:
            cells = next(reader)
        except (csv.Error, StopIteration):
            return None, 1
        if reader.line_num > 1 and self._swallowed(cells):
            return None, 1
        return cells, reader.line_num

    def _from(self, at: int) -> Iterator[str]:
        for index in range(at, min(at + _LONGEST_RECORD, len(self.lines))):
            yield self.lines[index] if index == len(self.lines) - 1 else f"{self.lines[index]}\n"

    def _swallowed(self, cells: list[str]) -> bool:
        width = max(len(self.header), 1)
        return any(
            line.count(",") >= commas_of_another_row(column, width)
            for column, cell in enumerate(cells)
            for line in cell.split("\n")[1:]
        )
