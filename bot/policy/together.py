"""How plans over frames are run: in memory, several at once where there are several.

A judgement is some hundred small plans. Polars' own choice of engine costs a plan of a few rows five times
what it costs in memory, and most of its rewriting is for plans of another sort; filters and columns moved
to the front are what pays here. Shared subexpressions are not looked for: two columns of nothing but nulls
count there as one, whatever their types, and what is asked for twice is given a column of its own anyway.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

REWRITTEN = pl.QueryOptFlags.none()
REWRITTEN.predicate_pushdown = REWRITTEN.projection_pushdown = REWRITTEN.simplify_expression = True


def collected(plan: pl.LazyFrame) -> pl.DataFrame:
    """The plan's rows."""
    return plan.collect(engine="in-memory", optimizations=REWRITTEN)


def each_collected(plans: Iterable[pl.LazyFrame]) -> list[pl.DataFrame]:
    """The rows of plans that do not ask for one another, worked on side by side."""
    return pl.collect_all(list(plans), engine="in-memory", optimizations=REWRITTEN)
