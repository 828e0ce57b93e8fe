"""Text cells become typed frames, and every cell that cannot be read becomes a problem: none disappears.

The work is done a batch of rows at a time, all columns at once. A column whose values are all there costs
nothing more; one with failures is tried again tidied, and what still fails is found with its row. A row
lacking something required is set aside; any other unreadable cell becomes null, "not known". Wholly blank
rows, as spreadsheets leave behind, are passed over.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from bot.caseload.cells import Cell, Column, Values
from bot.caseload.findings import Finding, in_words
from bot.caseload.sheet import ROW, Sheet, Source, position
from bot.errors import Problem


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a source: its name and columns."""

    name: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The typed columns that reading gives, ``row`` among them."""
        return dict(_nothing(self).schema)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one table. ``refusals`` say why nothing could be."""

    where: str
    frame: pl.DataFrame
    problems: tuple[Problem, ...] = ()
    refusals: tuple[Problem, ...] = ()


def read_table(source: Source, table: Table) -> Reading:
    """Read one table, quickly if the source is sound and carefully if not."""
    for sheet in source.ways():
        reading = _try(sheet, table)
        if reading is not None:
            return reading
    raise AssertionError("the last way to read a source always holds")


def _try(sheet: Sheet, table: Table) -> Reading | None:
    """The table, or None where the sheet turns out, maybe half-way, to need more care."""
    try:
        return _read_sheet(sheet, table)
    except pl.exceptions.ComputeError:
        return None


def _read_sheet(sheet: Sheet, table: Table) -> Reading | None:
    layout, problems, refusals = _match_header(sheet, table)
    if refusals:
        return Reading(sheet.where, _nothing(table), (*sheet.problems, *problems), tuple(refusals))
    frames: list[pl.DataFrame] = []
    findings: list[Finding] = []
    rows = 0
    for batch in sheet.batches():
        rows += batch.height
        frame, found = _read_batch(batch, layout, sheet)
        frames.append(frame)
        findings.extend(found)
    if sheet.rows is not None and rows < sheet.rows:
        return None
    whole = _joined(frames) if frames else _nothing(table)
    return Reading(sheet.where, whole, (*sheet.problems, *problems, *in_words(sheet.where, findings)))


def _joined(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """One frame in one piece, two columns at a time, so that no more than those are ever held twice."""
    columns = pl.concat(frames, rechunk=False).get_columns()
    frames.clear()
    for at in range(0, len(columns), 2):
        columns[at : at + 2] = pl.DataFrame(columns[at : at + 2]).rechunk().get_columns()
    return pl.DataFrame(columns)


# --- the header --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """A column and where its cells stand in the sheet (None: the sheet has no such column)."""

    column: Column
    cells: str | None


def _match_header(sheet: Sheet, table: Table) -> tuple[list[_Place], list[Problem], list[Problem]]:
    line = f"{sheet.where}:{sheet.header_row}"
    if not sheet.header:
        needed = ", ".join(column.name for column in table.columns if column.required)
        mend = f"Export it again; the first row must name at least: {needed}."
        return [], [], [Problem(sheet.where, "the file is empty, without even a header", mend, "run refused")]
    known = {column.name: column for column in table.columns}
    placed: dict[str, str] = {}
    over: list[tuple[int, str, str]] = []
    for index, title in enumerate(sheet.header):
        name = _plain_title(title)
        if name in known and name not in placed:
            placed[name] = position(index)
        elif title or _holds_anything(sheet, index):
            over.append((index, title, name))
    missing = [c.name for c in table.columns if c.required and c.name not in placed]
    if missing:
        # Where there is no header at all, a child's particulars stand in its place: nothing is repeated.
        return [], [], [_missing_column(line, name, sheet) for name in missing]
    problems = [_ignored_column(line, index, title, name, known) for index, title, name in over]
    return [_Place(column, placed.get(column.name)) for column in table.columns], problems, []


def _plain_title(title: str) -> str:
    return "_".join(title.casefold().replace("_", " ").split())


def _holds_anything(sheet: Sheet, index: int) -> bool:
    filled = pl.col(position(index)).str.strip_chars() != ""
    return bool(sheet.cells.lazy().select(filled.any()).collect().item())


def _ignored_column(line: str, index: int, title: str, name: str, known: Iterable[str]) -> Problem:
    shown = title if title.isprintable() and len(title) <= 40 else f"column {index + 1}"
    if not title:
        what, mend = f"column {index + 1} has cells but no name", "Name it in the header, or leave it out."
    elif name in known:
        what, mend = f"the column “{shown}” stands there twice; the first is used", "Leave one of them out."
    else:
        near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.75)
        what = f"the column “{shown}” is not known"
        mend = f"Did you mean {near[0]}?" if near else "Leave it out, or correct its name."
    return Problem(f"{line}:{shown or index + 1}", what, mend, "value ignored")


def _missing_column(line: str, name: str, sheet: Sheet) -> Problem:
    mend = f"Add the column {name} to the header and fill it, or export the file again."
    only = sheet.header[0]
    if len(sheet.header) == 1 and (";" in only or "\t" in only):
        mend = "The cells seem to be divided by semicolons or tabs: save the file with commas between them."
    for title in sheet.header:
        if difflib.get_close_matches(name, [_plain_title(title)], cutoff=0.75):
            mend = f"Is it the column “{title}”? Then call it {name}."
    return Problem(f"{line}:{name}", f"the column {name} is missing", mend, "run refused")


# --- the cells ---------------------------------------------------------------------------------------------


def _values_of(cell: Cell, *, guarded: bool) -> Values:
    return cell.guarded if guarded and cell.guarded is not None else cell.values


def _nothing(table: Table) -> pl.DataFrame:
    text = pl.Series("text", [], dtype=pl.String)
    cells = [expr for c in table.columns for expr in c.cell.values(c.name, pl.col("text"))]
    return pl.DataFrame([pl.Series(ROW, [], dtype=pl.UInt32), text]).select(ROW, *cells)


def _read_batch(
    batch: pl.DataFrame, layout: Sequence[_Place], sheet: Sheet
) -> tuple[pl.DataFrame, list[Finding]]:
    expressions = {
        place.column.name: _values_of(place.column.cell, guarded=sheet.guarded)(
            place.column.name, pl.col(place.cells) if place.cells else pl.lit(None, pl.String)
        )
        for place in layout
    }
    frame = batch.select(pl.col(ROW), *(each for group in expressions.values() for each in group))
    findings: list[Finding] = []
    aside: pl.Series | None = None
    for place in layout:
        if place.cells is None:
            continue
        column, raw = place.column, batch[place.cells]
        value = expressions[column.name][0].meta.output_name()
        unread = _unread(frame[value], raw)
        if unread is not None:
            frame = _second_try(frame, raw, unread, column, guarded=sheet.guarded)
            unread = _unread(frame[value], raw)
        if unread is not None:
            findings.append(_unreadable(batch[ROW], raw, unread, column))
            if column.unreadable == "yes":
                frame = frame.with_columns(pl.when(unread).then(True).otherwise(pl.col(value)).alias(value))
        lacking = _lacking(frame[value], unread, column)
        if lacking is not None:
            aside = lacking if aside is None else aside | lacking
    if aside is not None:
        findings.extend(_blank_requireds(batch, layout, len(sheet.header)))
        frame = frame.filter(~aside)
    fills = [pl.col(p.column.name).fill_null(p.column.blank) for p in layout if p.column.blank is not None]
    return frame.with_columns(fills) if fills else frame, findings


def _filled(raw: pl.Series) -> pl.Series:
    return (raw.str.strip_chars() != "").fill_null(value=False)


def _unread(value: pl.Series, raw: pl.Series) -> pl.Series | None:
    """Which cells hold something that did not become a value; None where there are none."""
    if value.null_count() == raw.null_count():
        return None
    unread = value.is_null() & _filled(raw)
    return unread if unread.any() else None


def _second_try(
    frame: pl.DataFrame, raw: pl.Series, unread: pl.Series, column: Column, *, guarded: bool
) -> pl.DataFrame:
    """Try again what could not be read, tidied; the whole column only where that helps at all."""
    values = (column.cell.guarded if guarded else None) or column.cell.second or column.cell.values

    def tried(cells: pl.Series) -> pl.DataFrame:
        text = cells.str.strip_chars()
        text = text.str.to_lowercase() if column.cell.any_case else text
        return text.alias("text").to_frame().select(values(column.name, pl.col("text")))

    few = tried(raw.filter(unread))
    again = tried(raw) if few.to_series().null_count() < few.height else frame.select(few.columns)
    value = again.columns[0]
    read = again.with_columns(
        pl.when(pl.col(value).is_not_null()).then(pl.col(twin)).alias(twin) for twin in again.columns[1:]
    )
    return frame.with_columns(read)


def _unreadable(rows: pl.Series, raw: pl.Series, unread: pl.Series, column: Column) -> Finding:
    sets_aside = column.required or column.unreadable == "row"
    found = pl.DataFrame([rows.filter(unread), raw.filter(unread).str.strip_chars().alias("found")])
    return Finding(column, "row set aside" if sets_aside else "value ignored", found)


def _lacking(value: pl.Series, unread: pl.Series | None, column: Column) -> pl.Series | None:
    if column.required:
        return value.is_null() if value.null_count() else None
    return unread if column.unreadable == "row" else None


def _blank_requireds(batch: pl.DataFrame, layout: Sequence[_Place], width: int) -> Iterator[Finding]:
    wholly_blank = batch.select(
        ~pl.any_horizontal(
            [(pl.col(position(i)).str.strip_chars() != "").fill_null(value=False) for i in range(width)]
        )
    ).to_series()
    for place in layout:
        if place.column.required and place.cells is not None:
            blank = ~_filled(batch[place.cells]) & ~wholly_blank
            if blank.any():
                rows = batch[ROW].filter(blank)
                yield Finding(
                    place.column,
                    "row set aside",
                    pl.DataFrame([rows, pl.Series("found", [None] * len(rows), dtype=pl.String)]),
                )
