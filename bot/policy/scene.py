"""The caseload made ready for judging: small codes in place of names, visits in order, all in one place.

Children are numbered in order of their id and workers and settings likewise, so that sorting by number is
sorting by name. ``looks`` holds every attempt in the order it happened; its place is the visit's number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from bot.caseload.model import CHANNELS, UNITS, VISIT_STATUSES, Caseload
from bot.errors import Problem
from bot.policy.counting import BOXES, asks_while_away, counted
from bot.policy.counts import Counting
from bot.policy.lookup import look_up, number_among, numbers_among
from bot.policy.together import collected
from bot.policy.worktime import WorkTime

REMEMBERED_DAYS = 60  # how long a closed cycle and an ended episode's visits stay of interest
OF_CHILDREN = ("date_of_birth", "living_at_home", "restricted")


@dataclass(frozen=True)
class Scene:
    """Everything judging looks at."""

    today: date
    work: WorkTime
    caseload: Caseload
    children: pl.DataFrame
    episodes: pl.DataFrame
    looks: pl.DataFrame
    worker_ids: pl.Series
    settings: pl.Series
    problems: tuple[Problem, ...]
    days: pl.Series | None = None  # each child's own today, where the scene is set for more than one day
    known: pl.Series | None = None  # the day to which something is known of each child, likewise

    @property
    def on(self) -> pl.Expr:
        """The day judged on, for frames that name their ``child``."""
        return pl.lit(self.today) if self.days is None else look_up(self.days, "child")

    @property
    def known_to(self) -> pl.Expr:
        """The last day of which it is known what was done on it: the day judged on, or the one before."""
        return pl.lit(self.today) if self.known is None else look_up(self.known, "child")

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of plan and placement that there are."""
        return tuple(self.episodes["kind"].unique())

    def children_with(self, kind: str) -> pl.Series:
        """The children who have an open episode of the kind."""
        return self._with_open.get(kind, pl.Series(dtype=pl.UInt32))

    @cached_property
    def _with_open(self) -> dict[str, pl.Series]:
        open_ = self.episodes.filter("open").select("kind", "child").unique()
        return {str(kind): rows["child"] for (kind,), rows in open_.group_by("kind")}

    def visit(self, number: pl.Expr | str, column: str) -> pl.Expr:
        """A column of ``looks`` at the visit numbers of another frame."""
        place = pl.col(number) if isinstance(number, str) else number
        return look_up(self.looks[column], place)

    def raw(self, number: pl.Expr | str, column: str) -> pl.Expr:
        """A column of the caseload's own visits at visit numbers."""
        return look_up(self.caseload.visits[column], self.visit(number, "orig"))


def set_scene(caseload: Caseload, today: date, work: WorkTime, streams: Sequence[Counting]) -> Scene:
    """Number, order and mark; ``streams`` become the columns ``counts_0``, ``counts_1``… of ``looks``."""
    children = caseload.children.sort("child_id").with_row_index("child")
    written = BOXES["finalised"].ticked(today)
    owe_records = caseload.visits.lazy().filter(~written).select("worker_id").pipe(collected)
    worker_ids = _vocabulary(caseload.episodes["worker_id"], owe_records["worker_id"])
    settings = _vocabulary(caseload.episodes["setting"])
    episodes = _episodes(caseload, children, worker_ids, settings, today)
    looks, problems = _looks(caseload, children, episodes, today, streams)
    return Scene(today, work, caseload, children, episodes, looks, worker_ids, settings, problems)


def _vocabulary(*columns: pl.Series) -> pl.Series:
    return pl.concat([column.drop_nulls().unique() for column in columns]).unique().sort()


def codes(names: pl.Series, column: str, code: str) -> pl.LazyFrame:
    """A two-column frame to join a name's number from."""
    return pl.LazyFrame({column: names}).with_row_index(code)


def _episodes(
    caseload: Caseload, children: pl.DataFrame, workers: pl.Series, settings: pl.Series, today: date
) -> pl.DataFrame:
    start_day = pl.col("start").dt.date()
    ended = pl.col("end") < today
    frame = (
        caseload.episodes.lazy()
        .with_columns(
            child=number_among(children["child_id"], "child_id"),
            worker=number_among(workers, "worker_id"),
            place=number_among(settings, "setting"),
        )
        .filter(pl.col("child").is_not_null())
        .with_columns(
            *(look_up(children[name], "child").alias(name) for name in OF_CHILDREN),
            start_day=start_day,
            returned_day=pl.col("returned_at").dt.date(),
            open=~ended.fill_null(value=False),
            agreed_unit=pl.col("agreed_every_unit").replace_strict(
                list(UNITS), range(len(UNITS)), default=None, return_dtype=pl.UInt8
            ),
            breaks_unit=pl.col("breaks_every_unit").replace_strict(
                list(UNITS), range(len(UNITS)), default=None, return_dtype=pl.UInt8
            ),
        )
        .filter(pl.col("start_day") <= today)
        .sort("child", "start", "episode")
        .pipe(collected)
    )
    return frame.with_row_index("ep")


def _looks(
    caseload: Caseload,
    children: pl.DataFrame,
    episodes: pl.DataFrame,
    today: date,
    streams: Sequence[Counting],
) -> tuple[pl.DataFrame, tuple[Problem, ...]]:
    child = numbers_among(children["child_id"], caseload.visits["child_id"]).alias("child")
    judged = child.is_in(episodes["child"].unique().implode()).fill_null(value=False)
    visits = caseload.visits.lazy().with_row_index("orig").with_columns(child)
    if not judged.all():
        visits = visits.filter(judged)
    visits = visits.with_columns(
        *(look_up(children[name], "child").alias(name) for name in OF_CHILDREN),
        day=pl.col("at").dt.date(),
        status=pl.col("status").cast(pl.Enum(VISIT_STATUSES)),
        channel=pl.col("channel").cast(pl.Enum(CHANNELS)),
    )
    if any(asks_while_away(stream) for stream in streams):
        visits = visits.join(_while_away(caseload), on="orig", how="left", maintain_order="left")
    looks = visits.select(
        "child",
        "orig",
        "at",
        "at_timed",
        "day",
        "status",
        *(counted(stream, today).alias(f"counts_{n}") for n, stream in enumerate(streams)),
        at_home=pl.col("at_home").fill_null(value=False),
        is_visit=pl.col("kind") == "visit",
        finalised=BOXES["finalised"].ticked(today),
        order=pl.col("child").cast(pl.Int64) * 2**32 + _in_order(),
    ).pipe(collected)
    happened = looks["status"].is_in(["completed", "failed"])
    ahead = happened & (looks["day"] > today)
    problems = _ahead(caseload, looks.filter(ahead))
    if ahead.any():
        looks = looks.filter(~ahead)
    if not looks["order"].is_sorted():
        looks = looks.sort("order", maintain_order=True)
    return looks.drop("order"), problems


def _in_order() -> pl.Expr:
    """Rows of one child in order: without a time a completed one ends its day, any other begins it."""
    completed = pl.col("status") == "completed"
    last = completed & ~pl.col("at_timed")
    minute = pl.col("at").dt.timestamp("ms") // 60_000 + 40_000_000
    return (
        (minute + pl.when(last).then(1439).otherwise(0)) * 4
        + last.cast(pl.Int64) * 2
        + completed.cast(pl.Int64)
    )


def _while_away(caseload: Caseload) -> pl.LazyFrame:
    """The numbers of the visits and contacts that fell into a time away."""
    day = pl.col("at").dt.date()
    return (
        caseload.visits.lazy()
        .with_row_index("orig")
        .select("orig", "child_id", "at")
        .join(caseload.away.lazy().select("child_id", "start", "end"), on="child_id")
        .filter(day >= pl.col("start"), (day <= pl.col("end")).fill_null(value=True))
        .select("orig", while_away=pl.lit(value=True))
        .unique()
    )


def _ahead(caseload: Caseload, rows: pl.DataFrame) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            f"visits.csv:{caseload.visits['row'][orig]}:at",
            f"a visit recorded as {status} lies in the future",
            "Correct its date, or mark it as scheduled.",
            "row set aside",
        )
        for orig, status in rows.select("orig", "status").iter_rows()
    )


def recent_from(today: date) -> date:
    """The first day whose closed cycles are still of interest."""
    return today - timedelta(days=REMEMBERED_DAYS)
