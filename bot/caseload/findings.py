"""What was found wrong in a column's cells, put into words for the person who must mend it.

A column in which every cell is wrong (dates written another way, say) would drown everything else: beyond a
number the rest is told in one line, with how many there are and between which rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from bot.caseload.cells import Column
from bot.caseload.sheet import ROW
from bot.errors import Effect, Problem

MOST_SHOWN = 5_000
"""Of one fault in one column so many cells are listed singly, and one line tells of the rest."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Cells of one column in which the same thing is wrong: ``rows`` has row and found (null: blank)."""

    column: Column
    effect: Effect
    rows: pl.DataFrame


def in_words(where: str, findings: Iterable[Finding]) -> list[Problem]:
    """Findings in words, by row; beyond MOST_SHOWN of a kind one line stands for the rest."""
    by_kind: dict[tuple[str, bool], list[Finding]] = {}
    for finding in findings:
        blank = bool(finding.rows["found"].null_count())
        by_kind.setdefault((finding.column.name, blank), []).append(finding)
    told: list[tuple[int, Problem]] = []
    for alike in by_kind.values():
        column, effect = alike[0].column, alike[0].effect
        rows = pl.concat([finding.rows for finding in alike])
        for row, found in rows.head(MOST_SHOWN).iter_rows():
            told.append((row, _problem(f"{where}:{row}:{column.name}", column, found, effect)))
        if rows.height > MOST_SHOWN:
            told.append((rows[ROW][-1], _summary(where, column, rows[ROW][MOST_SHOWN:], effect)))
    return [problem for _, problem in sorted(told, key=lambda each: each[0])]


def _problem(where: str, column: Column, found: str | None, effect: Effect) -> Problem:
    if found is None:
        return Problem(where, "blank, but it must be filled", column.cell.wanted, effect)
    what = f"{column.cell.shown(found)} {column.cell.fault_of(found)}"
    if column.unreadable == "yes":
        what += "; taken as yes until it is mended"
    return Problem(where, what, column.cell.wanted, effect)


def _summary(where: str, column: Column, rows: pl.Series, effect: Effect) -> Problem:
    return Problem(
        f"{where}:{rows[0]}-{rows[-1]}:{column.name}",
        f"{len(rows):,} more cells like those before, from row {rows[0]} to row {rows[-1]}",
        column.cell.wanted,
        effect,
    )
