"""Names at numbers: the one way in which judging reads a column of one frame at the rows of another."""

from __future__ import annotations

from typing import Any

import polars as pl


def look_up(column: pl.Series, place: pl.Expr | str) -> pl.Expr:
    """``column`` at the row numbers of ``place``; null where that is null, and where there are no rows."""
    if column.is_empty():  # an empty literal has no type to gather from
        column = pl.Series(column.name, [None], dtype=column.dtype)
    number = pl.col(place) if isinstance(place, str) else place
    return pl.lit(column).gather(number.cast(pl.UInt32))


def names(values: Any) -> pl.Series:
    """A fixed list of words as a column."""
    return pl.Series(values, dtype=pl.String)
