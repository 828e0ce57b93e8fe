"""Plans run as the engine runs them give what each of their columns asks for."""

from __future__ import annotations

import polars as pl

from bot.policy.lookup import look_up
from bot.policy.together import collected, each_collected


def test_columns_of_nothing_but_nulls_keep_their_own_types() -> None:
    """A caseload without one visit: its last visit's day, time and whether it was timed are all unknown."""
    none = {"day": pl.Date, "at": pl.Datetime("us"), "timed": pl.Boolean}
    plan = pl.LazyFrame({"last": [None]}, schema={"last": pl.UInt32}).select(
        look_up(pl.Series(name, [], dtype=kind), "last").alias(name) for name, kind in none.items()
    )
    assert collected(plan).schema == pl.Schema(none)


def test_plans_run_side_by_side_answer_in_their_own_order() -> None:
    frame = pl.LazyFrame({"n": range(1000)})
    found = each_collected(frame.select(pl.col("n") + by) for by in range(20))
    assert [rows["n"][0] for rows in found] == list(range(20))


def test_no_plans_give_no_rows() -> None:
    assert each_collected(()) == []
