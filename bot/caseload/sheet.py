"""One table as it was found: text under a header, before anybody asks what it means.

Sources differ (CSV files, workbooks, the returns councils already make); what reading needs of each is the
same few things, said here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from bot.errors import Problem

ROW = "row"
BATCH_ROWS = 200_000


def position(index: int) -> str:
    """The name under which the cells of the header's nth column stand."""
    return f"c{index}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and the text cells under it, in columns named by :func:`position`, beside ``row``."""

    where: str
    """What people call it: ``visits.csv``, or the sheet's name in a workbook."""
    header: tuple[str, ...]
    header_row: int
    cells: pl.LazyFrame | pl.DataFrame
    guarded: bool = False
    """Whether cells may hold control characters or line ends, so that ids must be looked at for them."""
    rows: int | None = None
    """How many rows there must be, where that is known: fewer, and a cell has swallowed some of them."""
    problems: tuple[Problem, ...] = ()
    """What was wrong with the bytes, lines already set aside among it."""

    def batches(self) -> Iterator[pl.DataFrame]:
        """The rows in file order, some at a time, so that the whole text is never in memory at once."""
        if isinstance(self.cells, pl.LazyFrame):
            return self.cells.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True, engine="streaming")
        return self.cells.iter_slices(BATCH_ROWS)


class Source(Protocol):
    """Where a sheet comes from."""

    @property
    def where(self) -> str:
        """What people call it."""

    def ways(self) -> Iterator[Sheet]:
        """Ways to read it, the quickest first.

        Each holds if its batches raise no ``ComputeError`` and give as many rows as there must be. The last,
        which reads line by line, always holds.
        """
