"""Names at numbers and numbers of names: how judging reads a column of one frame at the rows of another."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

SLOTS = 8  # of the table of hashes, for each name: with fewer more names share one, with more it is slower


def look_up(column: pl.Series, place: pl.Expr | str) -> pl.Expr:
    """``column`` at the row numbers of ``place``; null where that is null, and where there are no rows."""
    if column.is_empty():  # an empty literal has no type to gather from
        column = pl.Series(column.name, [None], dtype=column.dtype)
    number = pl.col(place) if isinstance(place, str) else place
    return pl.lit(column).gather(number.cast(pl.UInt32))


def names(values: Any) -> pl.Series:
    """A fixed list of words as a column."""
    return pl.Series(values, dtype=pl.String)


def number_among(names: pl.Series, column: str) -> pl.Expr:
    """Each name's place among ``names``, which are in order and differ; null where it is none of them."""
    return pl.col(column).cast(pl.Enum(names), strict=False).to_physical().cast(pl.UInt32)


def numbers_among(names: pl.Series, column: pl.Series) -> pl.Series:
    """The same for a long column, several times quicker.

    A look into a table of hashes finds nearly all, each made sure of by comparing the names; only what
    shares its slot with another name, or is none, is asked of :func:`number_among`.
    """
    size = SLOTS * max(len(names), 1)
    slots = np.zeros(size, dtype=np.uint32)
    slots[(names.hash() % size).to_numpy()] = np.arange(len(names), dtype=np.uint32)
    name = column.alias("name").to_frame()
    guessed = name.select("name", place=look_up(pl.Series(slots), pl.col("name").hash() % size))
    sure = guessed.select(pl.col("name").eq(look_up(names, "place")).fill_null(value=False)).to_series()
    found = guessed.select(pl.when(sure).then("place")).to_series().alias(column.name)
    unsure = (~sure).arg_true()
    return found.scatter(unsure, name[unsure].select(number_among(names, "name")).to_series())
