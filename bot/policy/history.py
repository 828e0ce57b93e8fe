"""What has counted so far in each episode: visits × episodes joined once, then one pass a stream.

``belongs`` says which visits fall into which episode. Being sorted by episode and visit, a stream's facts
(last, the ones before it, how many, how many at home) are neighbours in a column, not groups to gather.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from bot.policy.compiled import Compiled, Part
from bot.policy.counting import BY_EPISODE, asked_of_episode
from bot.policy.counts import Counting
from bot.policy.lookup import look_up
from bot.policy.scene import Scene, recent_from
from bot.policy.stages import FIRST_STAGES


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
        there = set(self.scene.kinds)
        return tuple(
            part for part in self.compiled.parts() if not there.isdisjoint(part.pack.kinds_of(part.clause))
        )

    def parts_in_force(self) -> tuple[Part, ...]:
        """Those that hold today."""
        return tuple(part for part in self.parts() if part.clause.holds_on(self.scene.today))

    def number(self, counting: Counting) -> int:
        """The stream that counts so."""
        return self.streams.index(counting)

    def counted(self, counting: Counting, *, after_return: bool = False) -> pl.DataFrame:
        """Every (episode, visit) pair the stream counts, sorted."""
        place = self.number(counting)
        pairs = self.after_return if after_return else self.belongs
        mask = self.scene.looks[f"counts_{place}"].gather(pairs["vi"])
        pairs = pairs.filter(mask)
        asked = asked_of_episode(counting)
        if asked:
            with_both = pairs.lazy().with_columns(of_both(self.scene))
            holds = with_both.select(pl.all_horizontal([BY_EPISODE[ask] for ask in asked])).collect()
            pairs = pairs.filter(holds.to_series())
        return pairs

    def facts(self, counting: Counting, *, after_return: bool = False) -> pl.DataFrame:
        """One row an episode, aligned with ``scene.episodes``: n, home, first, last and those before it."""
        key = (self.number(counting), after_return)
        if key not in self.cache:
            self.cache[key] = self._facts(self.counted(counting, after_return=after_return))
        return self.cache[key]

    def _facts(self, pairs: pl.DataFrame) -> pl.DataFrame:
        scene = self.scene
        episode, visit = pairs["ep"], pairs["vi"]
        last = (episode != episode.shift(-1)).fill_null(value=True).arg_true()
        home = scene.looks["at_home"].gather(visit).cast(pl.Int64).cum_sum().gather(last)
        ends = pl.DataFrame({"ep": episode.gather(last), "place": last.cast(pl.Int64), "so_far": home})
        before = pl.col("place") - pl.col("n")
        aligned = (
            ends.lazy()
            .with_columns(
                n=pl.col("place") - pl.col("place").shift(1, fill_value=-1),
                home=pl.col("so_far") - pl.col("so_far").shift(1, fill_value=0),
            )
            .select(
                *("ep", "n", "home"),
                look_up(visit, before + 1).alias("first"),
                look_up(visit, "place").alias("last"),
                *(
                    look_up(visit, pl.when(pl.col("n") > k).then(pl.col("place") - k)).alias(f"back_{k}")
                    for k in range(1, FIRST_STAGES)
                ),
            )
        )
        return (
            scene.episodes.lazy()
            .select("ep")
            .join(aligned, on="ep", how="left", maintain_order="left")
            .with_columns(pl.col("n", "home").fill_null(0))
            .with_columns(
                scene.visit("last", "day").alias("last_day"),
                scene.visit("last", "at").alias("last_at"),
                scene.visit("last", "at_timed").alias("last_timed"),
            )
            .drop("ep")
            .collect()
        )


def gather_history(scene: Scene, compiled: Compiled, ways: Sequence[Counting]) -> History:
    """Join visits to the episodes that hold their day: open ones, and those that ended lately."""
    episodes = scene.episodes.lazy()
    recent = recent_from(scene.today)
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
        .collect()
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
