"""Workbooks: real dates, ticks and numbers in cells, brought to the same text a CSV file would hold.

A spreadsheet's date has no "time not given", so a midnight there is a bare date. A formula that failed (#N/A)
comes out of the reader as nothing at all; such cells are looked up in the workbook's own XML, since a cell
that holds an error is not a blank one.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import fastexcel
import polars as pl

from bot.caseload.sheet import ROW, Sheet, position
from bot.errors import Refused

_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR_CELL = re.compile(
    rb'<c\s(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)([0-9]+)"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.S
)
_MOMENT = r"^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?)$"


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet of a workbook."""

    reader: fastexcel.ExcelReader
    path: Path
    title: str
    where: str

    def ways(self) -> Iterator[Sheet]:
        """There is but one: every cell as text, in the forms the plain caseload has."""
        yield self._sheet()

    def _sheet(self) -> Sheet:
        frame = self.reader.load_sheet(
            self.title, header_row=None, skip_rows=0, dtypes="string", schema_sample_rows=None
        ).to_polars()
        frame = _with_errors(frame, _error_cells(self.path, self.title))
        frame = _drop_blank_edges(frame)
        frame = frame.rename({name: position(i) for i, name in enumerate(frame.columns)})
        at = _first_filled(frame)
        header = [] if at is None else [(cell or "").strip() for cell in frame.row(at)]
        body = frame.slice(0 if at is None else at + 1).with_columns(
            _as_written(name) for name in frame.columns
        )
        rows = pl.int_range((at or 0) + 2, (at or 0) + 2 + pl.len(), dtype=pl.UInt32).alias(ROW)
        return Sheet(self.where, tuple(header), (at or 0) + 1, body.select(rows, pl.all()), guarded=True)


def open_workbook(path: Path) -> list[WorkbookSheet]:
    """The sheets of a workbook, called by their names in lower case."""
    try:
        reader = fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise Refused(
            f"{path} cannot be opened as a workbook: it may be protected by a password, damaged, or of "
            "another kind. Save it again as .xlsx without a password."
        ) from error
    return [
        WorkbookSheet(reader, path, title, "_".join(title.casefold().split())) for title in reader.sheet_names
    ]


def _as_written(name: str) -> pl.Expr:
    """A cell's date, moment or tick as the plain caseload writes it; other text as it is."""
    text = pl.col(name)
    moment = (
        pl.when(text.str.contains(_MOMENT))
        .then(text.str.replace(" ", "T", literal=True))
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us")
        .dt.round("1m")  # a spreadsheet counts in fractions of a day: half past two may be 14:29:59.999
    )
    midnight = moment.dt.time() == pl.time(0, 0)
    return (
        pl.when(midnight)
        .then(moment.dt.strftime("%Y-%m-%d"))
        .when(moment.is_not_null())
        .then(moment.dt.strftime("%Y-%m-%dT%H:%M"))
        .when(text == "true")
        .then(pl.lit("yes"))
        .when(text == "false")
        .then(pl.lit("no"))
        .otherwise(text)
        .alias(name)
    )


def _first_filled(frame: pl.DataFrame) -> int | None:
    for index, row in enumerate(frame.iter_rows()):
        if any(cell and cell.strip() for cell in row):
            return index
    return None


def _drop_blank_edges(frame: pl.DataFrame) -> pl.DataFrame:
    """Without the columns at the end in which nothing stands but formatting."""
    while frame.width and frame.to_series(frame.width - 1).null_count() == frame.height:
        frame = frame.drop(frame.columns[-1])
    return frame


def _with_errors(frame: pl.DataFrame, errors: list[tuple[int, int, str]]) -> pl.DataFrame:
    """Put back the errors of formulas. A sheet whose first used column is not A is shifted by the reader."""
    for column, row, error in errors:
        if column < frame.width and row < frame.height and frame[row, column] is None:
            frame[row, column] = error
    return frame


def _error_cells(path: Path, title: str) -> list[tuple[int, int, str]]:
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, title)
        if part is None:
            return []
        xml = archive.read(part)
    if b't="e"' not in xml:
        return []
    return [
        (_column_number(letters.decode()), int(row) - 1, error.decode())
        for letters, row, error in _ERROR_CELL.findall(xml)
    ]


def _part_of(archive: zipfile.ZipFile, title: str) -> str | None:
    """The XML file within the workbook that holds a sheet."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  the council's own file
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return None
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in book.iter(f"{_SPREADSHEET}sheet"):
        if sheet.get("name") == title:
            target = targets.get(sheet.get(_RELATION), "")
            part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            return part if part in archive.namelist() else None
    return None


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
