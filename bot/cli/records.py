"""A CSV file of the demo's caseload, opened to add a row or mend one: everything else in it stays as it is.

Columns nobody asked for, their order, a byte-order mark and the line ends belong to whoever wrote the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.sandbox.tenant.saving import write_atomically

Row = Mapping[str, str]
BOM = b"\xef\xbb\xbf"


class Unreadable(Exception):
    """The file is not one that can be written into safely; the message says why."""


class Records:
    """The rows of one file, each a mapping from column to cell."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            raw = path.read_bytes()
            text = raw.removeprefix(BOM).decode("utf-8")
        except OSError as error:
            raise Unreadable(f"{path.name} cannot be read ({error.strerror}).") from None
        except UnicodeDecodeError:
            raise Unreadable(f"{path.name} is not UTF-8.") from None
        self._bom = raw.startswith(BOM)
        self._line_end = "\r\n" if "\r\n" in text else "\n"
        try:
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
        except csv.Error as error:
            raise Unreadable(f"{path.name} is not sound CSV ({error}).") from None
        if not rows:
            raise Unreadable(f"{path.name} has no header.")
        self._header, self._rows = rows[0], rows[1:]
        self._columns = {name.strip(): place for place, name in reversed(list(enumerate(self._header)))}

    def having(self, **cells: str) -> list[Row]:
        """The rows whose cells read so."""
        return [
            one for one in map(self._shown, self._rows) if all(one.get(n, "") == v for n, v in cells.items())
        ]

    def add(self, row: Row) -> None:
        """A row at the end."""
        self._need(row)
        cells = [""] * len(self._header)
        for name, value in row.items():
            cells[self._columns[name]] = value
        self._rows.append(cells)

    def change(self, which: Callable[[Row], bool], row: Row) -> int:
        """Write these cells into every row that is meant; how many there were."""
        self._need(row)
        found = [cells for cells in self._rows if which(self._shown(cells))]
        for cells in found:
            cells.extend([""] * (len(self._header) - len(cells)))
            for name, value in row.items():
                cells[self._columns[name]] = value
        return len(found)

    def drop(self, which: Callable[[Row], bool]) -> None:
        """Take rows out."""
        self._rows = [cells for cells in self._rows if not which(self._shown(cells))]

    def save(self) -> None:
        """The old file or the new one, never half of it."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator=self._line_end)
        writer.writerow(self._header)
        writer.writerows(self._rows)
        data = (BOM if self._bom else b"") + text.getvalue().encode()
        write_atomically(self.path, data, mode=self.path.stat().st_mode & 0o777)

    def _shown(self, cells: list[str]) -> Row:
        return {name: cells[at].strip() for name, at in self._columns.items() if at < len(cells)}

    def _need(self, row: Row) -> None:
        """A column that is missing is put at the end: a cell without a column would be lost."""
        for name in row:
            if name not in self._columns:
                self._columns[name] = len(self._header)
                self._header.append(name)
