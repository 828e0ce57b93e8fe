"""A caseload as it stood on other days than today, many days in one pass, for looking back.

Judging every day anew would cost a judgement a day. Instead each child is put into one scene as often as it
has days to look at: as a child of its own with the plans that were open then and what had been done by then.
The visits stay where they are; only how many of them had happened is counted for each day. What was
recorded since counts as it is today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from bot.policy.counts import Counting
from bot.policy.history import History, facts_of
from bot.policy.scene import Scene
from bot.policy.together import collected, each_collected

DAYS_APART = 2**23  # more days than lie between any two dates, so that episode and day make one number


@dataclass(frozen=True)
class HistoryThen(History):
    """A history whose episodes each have only the visits up to a day of their own."""

    now: History
    upto: pl.Series  # by episode

    def gather(self, ways: Iterable[tuple[Counting, bool]]) -> None:
        """Have the facts of several ways of counting ready: places in the pairs of today's history."""
        wanted = [way for way in dict.fromkeys(ways) if (self.number(way[0]), way[1]) not in self.cache]
        pairs = each_collected(self.now.counting(what, after_return=returned) for what, returned in wanted)
        found = each_collected(self._facts(those) for those in pairs)
        for (what, returned), facts in zip(wanted, found, strict=True):
            self.cache[self.number(what), returned] = facts

    @cached_property
    def _until(self) -> pl.Series:
        return self.scene.episodes["ep_now"].cast(pl.Int64) * DAYS_APART + self.upto.to_physical()

    def _facts(self, pairs: pl.DataFrame) -> pl.LazyFrame:
        day = self.scene.looks["day"].to_physical()
        when = pairs["ep"].cast(pl.Int64) * DAYS_APART + day.gather(pairs["vi"])
        episode = self.scene.episodes["ep_now"]
        first = pairs["ep"].search_sorted(episode, side="left").cast(pl.Int64)
        behind = when.search_sorted(self._until, side="right").cast(pl.Int64)
        return facts_of(self.scene, pairs["vi"], behind - first, behind)


def as_it_stood(history: History, moments: pl.DataFrame) -> History:
    """The same caseload at each row of ``moments``: child number, day to judge on, day known up to.

    In what comes out the children are numbered as the rows of ``moments``, which are in order of the child.
    """
    scene = _scene(history.scene, moments)
    upto = moments["upto"].gather(scene.episodes["child"])
    belongs = _attempts(history, scene, upto)
    return HistoryThen(
        scene=scene,
        compiled=history.compiled,
        belongs=belongs,
        after_return=history.after_return.clear(),
        streams=history.streams,
        cache={},
        now=history,
        upto=upto,
    )


def _scene(scene: Scene, moments: pl.DataFrame) -> Scene:
    those = moments.lazy().with_row_index("moment")
    open_ = (pl.col("end") >= pl.col("on")).fill_null(value=True)
    episodes = (
        those.select("moment", "on", "child")
        .join(scene.episodes.lazy().rename({"ep": "ep_now"}), on="child")
        .filter(pl.col("start_day") <= pl.col("on"), open_ | pl.col("returned_day").is_not_null())
        .with_columns(open=open_)
        .sort("moment", "ep_now")
        .drop("child", "on")
        .rename({"moment": "child"})
        .pipe(collected)
        .with_row_index("ep")
    )
    return replace(
        scene,
        children=scene.children[moments["child"]].drop("child").with_row_index("child"),
        episodes=episodes,
        days=moments["on"],
        known=moments.select(pl.min_horizontal("on", "upto")).to_series(),
    )


def _attempts(history: History, scene: Scene, upto: pl.Series) -> pl.DataFrame:
    """The visits that did not come off, or are still to come, of each episode: few, so each in its place."""
    ways = {
        history.number(part.pack.counts) for part in history.parts() if part.clause.after_attempt is not None
    }
    if not ways:
        return history.belongs.clear()
    looks = scene.looks
    apart = looks.select(pl.col("is_visit") & pl.any_horizontal([~pl.col(f"counts_{way}") for way in ways]))
    few = history.belongs.filter(apart.to_series().gather(history.belongs["vi"]))
    ahead = (looks["status"] == "scheduled").gather(few["vi"])
    then = few.with_columns(day=looks["day"].gather(few["vi"]), ahead=ahead).rename({"ep": "ep_now"})
    return (
        scene.episodes.lazy()
        .select("ep", "ep_now", upto=upto)
        .join(then.lazy(), on="ep_now")
        .filter(pl.col("ahead") | (pl.col("day") <= pl.col("upto")))
        .sort("ep", "vi")
        .select("ep", "vi")
        .pipe(collected)
    )
