"""A council's policy held against the law: children for whom it would allow more time than a statute does.

The earlier date governs whatever happens; what is reported is that the policy itself is the looser one.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from bot.errors import Problem
from bot.policy.history import History
from bot.policy.lookup import look_up, names
from bot.policy.together import collected


def looser_than_law(history: History, claims: pl.DataFrame) -> Iterator[Problem]:
    """One problem a child, plan and pack whose earliest date falls after that of a pack marked as law."""
    packs = history.compiled.packs
    law = [number for number, pack in enumerate(packs) if pack.law]
    if not law or len(law) == len(packs):
        return
    scene = history.scene
    earliest = (
        claims.lazy()
        .filter(pl.col("ep").is_not_null(), ~pl.col("limit"))
        .sort("due", "clause")
        .group_by("ep", "kind", "pack", maintain_order=True)
        .agg(pl.col("due").first(), pl.col("clause").first())
    )
    of_law = pl.col("pack").is_in(law)
    lawful = (
        earliest.filter(of_law)
        .sort("due", "clause")
        .group_by("ep", "kind", maintain_order=True)
        .agg(lawful=pl.col("due").first(), statute=pl.col("clause").first())
    )
    ids = names(history.compiled.ids)
    looser = (
        earliest.filter(~of_law)
        .join(lawful, on=["ep", "kind"])
        .filter(pl.col("due") > pl.col("lawful"))
        .select(
            "pack",
            "due",
            "lawful",
            child=look_up(scene.episodes["child_id"], "ep"),
            clause=look_up(ids, "clause"),
            statute=look_up(ids, "statute"),
        )
        .unique()
        .sort("child", "clause", "due")
        .pipe(collected)
    )
    for row in looser.iter_rows(named=True):
        yield Problem(
            f"children.csv:{row['child']}:{row['clause']}",
            f"{row['clause']} of {packs[row['pack']].name} allows until {row['due']}, and {row['statute']}, "
            f"which is law, until {row['lawful']}",
            "The earlier date governs. Bring the policy into line with the law.",
            "warning",
        )
