"""What only shows between rows and files: doubles, unknown children and workers, dates that contradict.

Each check names every row it touches and what became of it. They are made on whole typed columns, so that a
sound caseload pays next to nothing for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from bot.caseload.cells import IDENTIFIER
from bot.caseload.findings import MOST_SHOWN
from bot.caseload.reading import Reading
from bot.caseload.sheet import ROW
from bot.errors import Effect, Problem

Words = str | Callable[[str], str]


@dataclass(slots=True)
class Desk:
    """A table on its way through the checks."""

    where: str
    frame: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, reading: Reading) -> Desk:
        """The table as it was read."""
        return cls(reading.where, reading.frame, list(reading.problems))

    def set_aside(self, bad: pl.Expr, column: str, what: Words, mend: str) -> None:
        """Take the rows out of which ``bad`` is true."""
        rows = self._tell(bad, column, what, mend, "row set aside")
        if rows is not None:
            self.frame = self.frame.filter(~rows)

    def ignore(self, bad: pl.Expr, column: str, what: Words, mend: str) -> None:
        """Make the value null where ``bad`` is true."""
        rows = self._tell(bad, column, what, mend, "value ignored")
        if rows is not None:
            self.frame = self.frame.with_columns(pl.when(~rows).then(pl.col(column)).alias(column))

    def warn(self, bad: pl.Expr, column: str, what: Words, mend: str) -> None:
        """Keep the row, and say what is the matter with it."""
        self._tell(bad, column, what, mend, "warning")

    def without_doubles(self, key: str) -> None:
        """Keep the first row of each id; name both rows of a double."""
        if not _may_have_doubles(self.frame[key]):
            return
        first = pl.col(ROW).first().over(key)
        doubled = self.frame.select(ROW, key, first.alias("first")).filter(pl.col(ROW) != pl.col("first"))
        self._list(
            [
                (row, f"{IDENTIFIER.shown(value)} stands in row {at} already; that row was kept")
                for row, value, at in doubled.head(MOST_SHOWN).iter_rows()
            ],
            doubled.height,
            key,
            f"Give each row its own {key}, or take one of the two rows out.",
            "row set aside",
        )
        self.frame = self.frame.unique(key, keep="first", maintain_order=True)

    def not_among(self, column: str, ids: pl.Series) -> pl.Expr:
        """Whether a filled cell is none of the ids, told of the rows as they are now.

        The two halves of the column are looked at side by side.
        """
        cells = self.frame[column]
        if len(cells) < len(ids) // 2:
            # A few cells among many ids: keep of the ids those that are asked for, since looking is dear.
            ids = ids.filter(ids.is_in(cells.unique().implode()))
        half = len(cells) // 2
        halves = [cells.to_frame().lazy().slice(*part) for part in ((0, half), (half, None))]
        strange = ~pl.col(column).is_in(ids.implode())
        rows = pl.concat(pl.collect_all(each.select(strange) for each in halves))
        return pl.lit(rows.to_series())

    def _tell(self, bad: pl.Expr, column: str, what: Words, mend: str, effect: Effect) -> pl.Series | None:
        rows = self.frame.select(bad.fill_null(value=False).alias("bad")).to_series()
        if not rows.any():
            return None
        found = self.frame.select(ROW, pl.col(column)).filter(rows)
        told = [
            (row, what if isinstance(what, str) else what(str(value)))
            for row, value in found.head(MOST_SHOWN).iter_rows()
        ]
        self._list(told, found.height, column, mend, effect)
        return rows

    def _list(self, told: list[tuple[int, str]], count: int, column: str, mend: str, effect: Effect) -> None:
        self.problems.extend(
            Problem(f"{self.where}:{row}:{column}", what, mend, effect) for row, what in told
        )
        if count > len(told):
            last, what = told[-1]
            rest = f"{count - len(told):,} more rows after row {last}, like the one named last: {what}"
            self.problems.append(Problem(f"{self.where}::{column}", rest, mend, effect))


def _may_have_doubles(ids: pl.Series) -> bool:
    """Sorting hashes is many times quicker than comparing text; equal hashes are looked at again."""
    hashes = ids.hash().sort().to_numpy()
    return bool((hashes[1:] == hashes[:-1]).any())


def unknown(file: str) -> Callable[[str], str]:
    """Words for an id that stands in no row of another file."""
    return lambda value: f"{IDENTIFIER.shown(value)} is not in {file}"


def dated(template: str) -> Callable[[str], str]:
    """Words that quote the date of a row."""
    return lambda value: template.format(value[:10])
