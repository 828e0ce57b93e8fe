"""What has counted so far in each episode: visits × episodes joined once, then one pass a stream.

``belongs`` says which visits fall into which episode. It is sorted by episode and visit: once it is known
how many of a stream's pairs each episode has, its last, first and those before it are places in a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from bot.policy.compiled import Compiled, Part
from bot.policy.counting import BY_EPISODE, asked_of_episode
from bot.policy.counts import Counting
from bot.policy.lookup import look_up
from bot.policy.scene import Scene, recent_from
from bot.policy.stages import FIRST_STAGES
from bot.policy.together import collected, each_collected


@dataclass(frozen=True)
class History:
    """The visits of each episode, and the streams that count them."""

    scene: Scene
    compiled: Compiled
    belongs: pl.DataFrame
    after_return: pl.DataFrame
    streams: tuple[Counting, ...]
    cache: dict[tuple[int, bool], pl.DataFrame]

    def parts(self) -> tuple[Part, ...]:
        """The clauses for whose kinds of plan there is any child."""
        return self._parts

    @cached_property
    def _parts(self) -> tuple[Part, ...]:
        there = set(self.scene.kinds)
        return tuple(
            part for part in self.compiled.parts() if not there.isdisjoint(part.pack.kinds_of(part.clause))
        )

    def parts_in_force(self) -> tuple[Part, ...]:
        """Those that hold today."""
        return self._in_force

    @cached_property
    def _in_force(self) -> tuple[Part, ...]:
        return tuple(part for part in self._parts if part.clause.holds_on(self.scene.today))

    @cached_property
    def _numbers(self) -> dict[Counting, int]:
        return {stream: number for number, stream in enumerate(self.streams)}

    def number(self, counting: Counting) -> int:
        """The stream that counts so."""
        return self._numbers[counting]

    def counted(self, counting: Counting, *, after_return: bool = False) -> pl.DataFrame:
        """Every (episode, visit) pair the stream counts, sorted."""
        return self.counting(counting, after_return=after_return).pipe(collected)

    def counting(self, counting: Counting, *, after_return: bool = False) -> pl.LazyFrame:
        """The same, still to be run."""
        pairs = self.after_return if after_return else self.belongs
        counts = self.scene.looks[f"counts_{self.number(counting)}"]
        counted = pairs.lazy().filter(look_up(counts, "vi"))
        asked = asked_of_episode(counting)
        if asked:
            both = counted.with_columns(of_both(self.scene))
            counted = both.filter(pl.all_horizontal([BY_EPISODE[ask] for ask in asked])).select("ep", "vi")
        return counted

    def facts(self, counting: Counting, *, after_return: bool = False) -> pl.DataFrame:
        """One row an episode, aligned with ``scene.episodes``: n, first, last and those before it."""
        key = (self.number(counting), after_return)
        if key not in self.cache:
            self.gather([(counting, after_return)])
        return self.cache[key]

    def gather(self, ways: Iterable[tuple[Counting, bool]]) -> None:
        """Have the facts of several ways of counting ready, found side by side."""
        wanted = [way for way in dict.fromkeys(ways) if (self.number(way[0]), way[1]) not in self.cache]
        pairs = each_collected(self.counting(what, after_return=returned) for what, returned in wanted)
        found = each_collected(_facts(self.scene, those) for those in pairs)
        for (what, returned), facts in zip(wanted, found, strict=True):
            self.cache[self.number(what), returned] = facts

    def at_home(self, counting: Counting) -> pl.Series:
        """How many of the counted visits of each episode were at home."""
        pairs = self.counted(counting)
        there = pairs.filter(self.scene.looks["at_home"].gather(pairs["vi"]))
        return pl.Series("home", _how_many(there["ep"], len(self.scene.episodes)))


def _how_many(episodes: pl.Series, count: int) -> Any:
    return np.bincount(episodes.to_numpy(), minlength=count)


def _facts(scene: Scene, pairs: pl.DataFrame) -> pl.LazyFrame:
    visit, n = pairs["vi"], _how_many(pairs["ep"], len(scene.episodes))
    return facts_of(scene, visit, n, n.cumsum())


def facts_of(scene: Scene, visit: pl.Series, n: Any, behind: Any) -> pl.LazyFrame:
    """The facts of episodes that have ``n`` of the visits counted, up to the place ``behind`` the last."""
    after = pl.col("after")
    return (
        pl.LazyFrame({"n": n, "after": behind}, schema={"n": pl.Int64, "after": pl.Int64})
        .select(
            "n",
            look_up(visit, pl.when(pl.col("n") > 0).then(after - pl.col("n"))).alias("first"),
            look_up(visit, pl.when(pl.col("n") > 0).then(after - 1)).alias("last"),
            *(
                look_up(visit, pl.when(pl.col("n") > k).then(after - 1 - k)).alias(f"back_{k}")
                for k in range(1, FIRST_STAGES)
            ),
        )
        .with_columns(
            scene.visit("last", "day").alias("last_day"),
            scene.visit("last", "at").alias("last_at"),
            scene.visit("last", "at_timed").alias("last_timed"),
        )
    )


def gather_history(
    scene: Scene, compiled: Compiled, ways: Sequence[Counting], since: date | None = None
) -> History:
    """Join visits to the episodes that hold their day: those open, or ended lately or ``since`` a day."""
    episodes = scene.episodes.lazy()
    recent = since or recent_from(scene.today)
    lately = episodes.filter(pl.col("open") | (pl.col("end") >= recent)).select(
        "child", "ep", since="start_day", until="end"
    )
    returned = episodes.filter(pl.col("returned_day") <= scene.today).select(
        "child", "ep", since="returned_day", until=pl.lit(None, dtype=pl.Date)
    )
    return History(scene, compiled, holding(scene, lately), holding(scene, returned), tuple(ways), {})


def holding(scene: Scene, spans: pl.LazyFrame) -> pl.DataFrame:
    """The visits of each span's child that fall into it, first and last day included."""
    pairs = (
        scene.looks.lazy()
        .select("child", "day")
        .with_row_index("vi")
        .join(spans, on="child")
        .filter(pl.col("day") >= pl.col("since"), (pl.col("day") <= pl.col("until")).fill_null(value=True))
        .select("ep", "vi", order=pl.col("ep").cast(pl.UInt64) * 2**32 + pl.col("vi"))
        .pipe(collected)
    )
    return pairs.sort("order").drop("order") if not pairs["order"].is_sorted() else pairs.drop("order")


def of_both(scene: Scene) -> list[pl.Expr]:
    """What ``BY_EPISODE`` looks at, for pairs of an episode and a visit."""
    return [
        look_up(scene.episodes["setting"], "ep").alias("setting"),
        look_up(scene.episodes["support_declined_on"], "ep").alias("support_declined_on"),
        scene.raw("vi", "setting").alias("setting_of_visit"),
        scene.visit("vi", "status").alias("status"),
        scene.visit("vi", "day").alias("day"),
    ]
