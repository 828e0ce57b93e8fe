"""Plans below child protection and care, cut from the frames once for every list of a run (C.7h).

Low-level work is what gives way when a week is short, and so what stays open. How long it has been open, and
how long nobody has been in touch, are the two figures that bring it back to mind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from bot.digest.grouping import by_key

LOWER = ("early_help", "child_in_need", "referral")
ABOVE = (
    "section_47",
    "child_protection",
    "in_our_care",
    "adoptive_placement",
    "temporary_carer",
    "interim_care_order_home",
    "care_order_home",
    "missing",
)


@dataclass(frozen=True, slots=True)
class LowerLevel:
    """One child's lower-level plan, the oldest where there are several."""

    child_id: str
    plan: str
    since: date
    last: date | None  # the latest completed visit or contact in the plan, of whatever kind; null: none yet


def lower_level(
    episodes: pl.DataFrame, visits: pl.DataFrame, today: date
) -> dict[str, tuple[LowerLevel, ...]]:
    """By worker. ``episodes``: the open ones; a child with a plan above these is not a lower-level case."""
    above = episodes.filter(pl.col("kind").is_in(ABOVE)).select("child_id")
    mine = (
        episodes.filter(pl.col("kind").is_in(LOWER), pl.col("worker_id").is_not_null())
        .join(above, on="child_id", how="anti")
        .sort("start", "kind")
        .unique(["worker_id", "child_id"], keep="first", maintain_order=True)
        .select("worker_id", "child_id", plan="kind", since=pl.col("start").dt.date())
    )
    touched = (
        visits.filter(pl.col("status") == "completed")
        .select("child_id", day=pl.col("at").dt.date())
        .join(mine.select("child_id", "since"), on="child_id")
        .filter(pl.col("day").is_between("since", today))
        .group_by("child_id")
        .agg(last=pl.col("day").max())
    )
    rows = mine.join(touched, on="child_id", how="left", maintain_order="left").sort("worker_id", "child_id")
    return by_key(
        (worker, LowerLevel(child, plan, since, last))
        for worker, child, plan, since, last in rows.select(
            "worker_id", "child_id", "plan", "since", "last"
        ).iter_rows()
    )
