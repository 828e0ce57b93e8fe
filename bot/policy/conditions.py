"""The condition words of the language, each as an expression over episodes and their children.

A clause applies to an episode when all its conditions hold. Ages are ages today; where the date of birth
is not known an upper bound holds and a lower one does not, so that the more frequent clause stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from bot.caseload.model import UNITS
from bot.policy.condition_words import Condition
from bot.policy.counting import BOXES
from bot.policy.lookup import look_up
from bot.policy.period import Period, add, add_each
from bot.policy.together import collected
from bot.policy.vocabulary import BIRTH_ASKS

if TYPE_CHECKING:
    from bot.policy.scene import Scene

AGE_WORDS = ("age_at_least", "age_under", "aged_at_least", "aged_under")
DATETIMES = ("decision_at", "referrer_told_at", "returned_at")


def birthday(years: int) -> pl.Expr:
    """The day the child turns so many years; 29 February falls on the last of the month."""
    return pl.col("date_of_birth").dt.offset_by(f"{years}y")


def day_of(column: str) -> pl.Expr:
    """A known day of the episode, whether its column holds a time or not."""
    return pl.col(column).dt.date() if column in DATETIMES else pl.col(column)


def filled(scene: Scene, column: str) -> pl.Expr:
    """Whether a day is known and has come."""
    return (day_of(column) <= scene.on).fill_null(value=False)


def done(scene: Scene, column: str) -> pl.Expr:
    """Whether something is known to be done by its day in the episode."""
    return (day_of(column) <= scene.known_to).fill_null(value=False)


def beside(scene: Scene, kind: str) -> pl.Expr:
    """Whether the child has an open episode of the kind."""
    return pl.col("child").is_in(scene.children_with(kind).implode())


def approved_on(scene: Scene, clause: str) -> pl.Expr:
    """The first day of the episode on which an approval under the clause was recorded, or null."""
    given = scene.caseload.approvals.lazy().filter(pl.col("clause") == clause)
    first = (
        scene.episodes.lazy()
        .select("ep", "child", "child_id", "start_day")
        .join(given.select("child_id", "recorded_on"), on="child_id")
        .filter(pl.col("recorded_on").is_between("start_day", scene.on))
        .group_by("ep")
        .agg(pl.col("recorded_on").min())
    )
    aligned = scene.episodes.lazy().select("ep").join(first, on="ep", how="left", maintain_order="left")
    return look_up(aligned.pipe(collected)["recorded_on"], "ep")


def lacked(scene: Scene, asks: Sequence[str]) -> pl.Expr:
    """Whether the last visit that counts (``last``) did not show one of these; not where there was none."""
    missing = []
    for ask in asks:
        if ask == "unannounced":
            shown = ~scene.raw("last", "announced").fill_null(value=True)
        else:
            shown = scene.raw("last", BOXES[ask].column or ask).fill_null(value=False)
        if ask in BIRTH_ASKS:  # not asked on a visit before birth
            shown |= (scene.visit("last", "day") < pl.col("date_of_birth")).fill_null(value=False)
        missing.append(~shown)
    return pl.col("last").is_not_null() & pl.any_horizontal(missing)


def holds(scene: Scene, conditions: Sequence[Condition]) -> pl.Expr:
    """All of the conditions but ``several_settings``, which looks at more than one episode."""
    words = [_one(scene, condition) for condition in conditions if condition.name != "several_settings"]
    return pl.all_horizontal(words) if words else pl.lit(value=True)


def select(scene: Scene, episodes: pl.LazyFrame, conditions: Sequence[Condition]) -> pl.LazyFrame:
    """The episodes for which the conditions hold."""
    kept = episodes.filter(holds(scene, conditions))
    if any(condition.name == "several_settings" for condition in conditions):
        kept = kept.filter(pl.col("place").drop_nulls().n_unique().over("child") > 1)
    return kept


def _one(scene: Scene, condition: Condition) -> pl.Expr:
    return WORDS[condition.name](scene, condition.value)


def _breaks_further_apart(scene: Scene, period: Period) -> pl.Expr:
    known = pl.col("breaks_every_n").is_not_null() & pl.col("breaks_unit").is_not_null()
    n = pl.when(known).then("breaks_every_n").otherwise(1)
    unit = pl.when(known).then("breaks_unit").otherwise(UNITS.index("days"))
    apart = add_each(pl.col("start_day"), n, unit, scene.work)
    return known & (apart > add(pl.col("start_day"), period, scene.work))


WORDS: dict[str, Callable[[Scene, Any], pl.Expr]] = {
    "living_at_home": lambda _, __: pl.col("living_at_home").fill_null(value=True),
    "age_at_least": lambda scene, years: (birthday(years) <= scene.on).fill_null(value=False),
    "age_under": lambda scene, years: (birthday(years) > scene.on).fill_null(value=True),
    "filled": filled,
    "blank": lambda scene, column: ~filled(scene, column),
    "beside": beside,
    "not_beside": lambda scene, pairs: pl.all_horizontal(
        [~((pl.col("kind") == kind) & beside(scene, other)) for kind, other in pairs]
    ),
    "setting_known": lambda _, __: pl.col("place").is_not_null(),
    "breaks_further_apart_than": _breaks_further_apart,
    "last_visit_lacked": lacked,
}
