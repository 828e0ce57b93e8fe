"""Whether a visit counts: each box a policy may ask for, as an expression over visits and in words.

The expressions run over visits joined to their child; a box left blank is "not shown to have happened".
Words and expressions stand side by side so that what is judged and what is said cannot part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from bot.policy.counts import Counting

BORN_LATER = pl.col("day") < pl.col("date_of_birth")


@dataclass(frozen=True, slots=True)
class Box:
    """One box: when it is ticked, and what is said where it is not."""

    ticked: Callable[[date], pl.Expr]
    wanting: str
    blank: str | None = None
    column: str | None = None


def _yes(column: str) -> pl.Expr:
    return pl.col(column).fill_null(value=False)


def _not_before_birth(ticked: pl.Expr) -> pl.Expr:
    return ticked | BORN_LATER.fill_null(value=False)


def _plain(column: str, wanting: str, blank: str) -> Box:
    return Box(lambda _: _yes(column), wanting, blank, column)


def _asked_once_born(column: str, wanting: str, blank: str) -> Box:
    return Box(lambda _: _not_before_birth(_yes(column)), wanting, blank, column)


BOXES: dict[str, Box] = {
    "seen": _plain("seen", "the child was not seen", "“seen” has no answer"),
    "seen_alone": _asked_once_born(
        "seen_alone", "the child was not seen alone", "“seen alone” has no answer"
    ),
    "seen_alone_answered": Box(
        lambda _: _not_before_birth(pl.col("seen_alone").is_not_null()), "“seen alone” has no answer"
    ),
    "awake": _asked_once_born("awake", "the child was not awake", "“awake” has no answer"),
    "observed": _asked_once_born(
        "observed", "the child was not observed with the parent", "“observed” has no answer"
    ),
    "at_home": _plain("at_home", "it was not at home", "“at home” has no answer"),
    "at_home_if_living_there": Box(
        lambda _: _yes("at_home") | ~pl.col("living_at_home").fill_null(value=True),
        "it was not at home, where the child lives",
        "“at home” has no answer",
        "at_home",
    ),
    "bedroom_seen": _plain("bedroom_seen", "the bedroom was not seen", "“bedroom seen” has no answer"),
    "sleeping_arrangements_seen": _plain(
        "sleeping_arrangements_seen",
        "the sleeping arrangements were not seen",
        "“sleeping arrangements seen” has no answer",
    ),
    "unannounced": Box(lambda _: ~pl.col("announced").fill_null(value=True), "it was announced"),
    "not_brief": Box(lambda _: ~_yes("brief"), "the child was only briefly observed"),
    "finalised": Box(
        lambda today: (pl.col("finalised_at").dt.date() <= today).fill_null(value=False),
        "the record is not finalised",
    ),
    "reason_given": Box(
        lambda _: (pl.col("reason").str.strip_chars() != "").fill_null(value=False), "no reason is given"
    ),
    "while_away": Box(lambda _: _yes("while_away"), "the child was not away then"),
    "in_this_setting": Box(lambda _: pl.lit(value=True), "it was in another setting"),
    "declined_before_attempt": Box(
        lambda _: pl.lit(value=True), "it did not take place, and support had not been declined"
    ),
}
BY_EPISODE = {  # boxes that the visit alone cannot answer: over visits with their episode's columns
    "in_this_setting": (pl.col("setting_of_visit") == pl.col("setting")).fill_null(value=False),
    "declined_before_attempt": (pl.col("status") == "completed")
    | (pl.col("day") >= pl.col("support_declined_on")).fill_null(value=False),
}


def counted(counting: Counting, today: date) -> pl.Expr:
    """Whether a visit counts, as far as the visit and the child alone can tell."""
    holds = [pl.col("status").is_in(list(counting.status))]
    if counting.since:
        holds.append(pl.col("day") >= counting.since)
    if counting.before:
        holds.append(pl.col("day") < counting.before)
    if counting.kinds:
        holds.append(pl.col("kind").is_in(list(counting.kinds)))
    if counting.channels:
        holds.append(pl.col("channel").is_in(list(counting.channels)))
    holds += [BOXES[ask].ticked(today) for ask in counting.asks]
    mine = pl.all_horizontal(holds)
    return mine | counted(counting.or_else, today) if counting.or_else else mine


def asked_of_episode(counting: Counting) -> tuple[str, ...]:
    """The boxes asked for that only a visit and its episode together can answer."""
    return tuple(ask for ask in counting.asks if ask in BY_EPISODE)


def asks_while_away(counting: Counting | None) -> bool:
    """Whether the away file has to be looked at."""
    return counting is not None and ("while_away" in counting.asks or asks_while_away(counting.or_else))


def why_not(counting: Counting, today: date) -> pl.Expr:
    """In words, everything that keeps a visit from counting."""
    status = pl.col("status").cast(pl.String)
    said = [
        pl.when(~status.is_in(list(counting.status))).then(
            pl.when(status == "completed")
            .then(pl.lit("it took place"))
            .when(status == "scheduled")
            .then(pl.lit("it is still marked as scheduled"))
            .otherwise(pl.format("it is recorded as {}", status))
        )
    ]
    took_place = status == "completed"
    if counting.kinds:
        said.append(
            pl.when(~pl.col("kind").is_in(list(counting.kinds))).then(
                pl.format("it is of kind {}", pl.col("kind"))
            )
        )
    if counting.channels:
        said.append(
            pl.when(took_place & ~pl.col("channel").is_in(list(counting.channels))).then(
                pl.format("it was by {}", pl.col("channel").cast(pl.String))
            )
        )
    for ask in counting.asks:
        box = BOXES[ask]
        words: pl.Expr = pl.lit(box.wanting)
        if box.blank and box.column:
            words = pl.when(pl.col(box.column).is_null()).then(pl.lit(box.blank)).otherwise(words)
        if ask in BY_EPISODE:
            said.append(pl.when(~pl.col(ask)).then(words))
        else:
            said.append(pl.when(took_place & ~box.ticked(today)).then(words))
    return pl.concat_list(said).list.drop_nulls().list.join("; ")
