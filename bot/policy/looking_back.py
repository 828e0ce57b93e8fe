"""What fell due in the last twelve weeks and how each of it went: what every share in time is made of.

A judgement says what is owed now. Whether people are seen in time is another question: a visit made early
leaves no trace in what is owed, and one never made must not vanish with the plan that asked for it. So the
caseload is judged as it stood just before and just after each day on which something was done. What a visit
closed is one row; so is what its plan ended without, and what is still owed.

A must that is wanted now and then (A.4, D.6d) makes no visit of its own and so no row. What a rule withdrew
(a request refused, a birthday that ends a stage, a second attempt that failed and calls for a third) is
counted neither for nor against anybody. The rules are those of today's packs, by the versions in force on
each day where a clause has some.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import dataframely as dy
import polars as pl

from bot.caseload.model import Caseload
from bot.policy.as_it_stood import as_it_stood
from bot.policy.claiming import owed_by_itself
from bot.policy.compiled import KINDS, compile_packs, streams
from bot.policy.history import History, gather_history
from bot.policy.lookup import look_up, names
from bot.policy.moments import AFTER, BEFORE, NOW, TO_PEOPLE, moments
from bot.policy.owed import OBJECT, while_away
from bot.policy.pack import Pack
from bot.policy.scene import set_scene
from bot.policy.together import collected
from bot.policy.worktime import NO_OWN_DAYS, OwnDays, for_england

LOOKED_BACK_DAYS = 84
OUTCOMES = ("in_time", "late", "not_recorded", "not_done")
PROTECTION = "child_protection"
BLANKS = (  # the boxes of a record that say what was done where they are ticked
    "seen",
    "seen_alone",
    "awake",
    "observed",
    "at_home",
    "bedroom_seen",
    "sleeping_arrangements_seen",
)


class FellDue(dy.Schema):
    """One row for each thing that fell due. All dates are London calendar days.

    ``due`` lies in the 84 days up to yesterday, or before them where it is still owed today: it was owed in
    every one of those days. ``outcome`` is one of OUTCOMES: "not_recorded" was done, on ``done_on``, and does
    not count only because a box of its record is not filled in yet (C.4); "not_done" has no ``done_on``.
    """

    child_id = dy.String()
    worker_id = dy.String(nullable=True)  # who holds the child; null: they were given it after the due day
    plan_kind = dy.String(nullable=True)  # child_protection where any clause behind it is of such a plan
    kind = dy.String()  # visit, contact or return_interview
    setting = dy.String(nullable=True)
    due = dy.Date()
    done_on = dy.Date(nullable=True)
    recorded = dy.Bool()  # what was done counts, and its record is finalised
    outcome = dy.String()
    days_late = dy.Int32()  # calendar days past due when done, or when its plan ended, or today; 0: in time


def fell_due(
    caseload: Caseload, packs: Sequence[Pack], today: date, own_days: OwnDays = NO_OWN_DAYS
) -> pl.DataFrame:
    """Everything that fell due in the last 12 weeks under the packs: ``FellDue``, in order of child and due.

    ``today`` is a London day: what is dated today counts as done, what falls due today is still to come.
    Costs a few judgements of the same caseload: have it reckoned once, for whoever wants it.
    """
    since = today - timedelta(days=LOOKED_BACK_DAYS)
    compiled = compile_packs(packs)
    ways = streams(compiled)
    work = for_england([*own_days.closures, *(day for pack in packs for day in pack.closures)])
    history = gather_history(set_scene(caseload, today, work, ways), compiled, ways, since)
    rows = _settled(history, since)
    waiting = rows.filter(pl.col("done_on").is_null())
    written = _once_written(caseload)
    looks = set_scene(written, today, work, ways).looks
    in_full = replace(history, scene=replace(history.scene, caseload=written, looks=looks), cache={})
    done = _done_unwritten(history, in_full, waiting)
    return FellDue.validate(_named(history, rows, done), cast=True)


def _once_written(caseload: Caseload) -> Caseload:
    """The caseload as it would read if every record were finalised and what is blank in it were ticked."""
    held = pl.col("status") == "completed"
    visits = caseload.visits.with_columns(
        *(pl.when(held).then(pl.col(box).fill_null(value=True)).otherwise(box).alias(box) for box in BLANKS),
        finalised_at=pl.when(held).then("at").otherwise("finalised_at"),
    )
    return replace(caseload, visits=visits)


# what was owed at each


def _owed(history: History, looked_at: pl.DataFrame) -> pl.DataFrame:
    """What was owed at each moment: the moment as ``child``, object, due, from when, and on which plan."""
    then = as_it_stood(history, looked_at)
    claims = while_away(then.scene, then.compiled, owed_by_itself(then))
    kinds = [KINDS.index(kind) for kind in TO_PEOPLE]
    plan, since, holder = (then.scene.episodes[name] for name in ("kind", "worker_since", "worker"))
    own = (pl.col("worker") == look_up(holder, "ep")).fill_null(value=False)  # an attempt may be of another's
    return (
        claims.lazy()
        .filter(pl.col("kind").is_in(kinds))
        .with_columns(plan=look_up(plan, "ep"), own=own, held_since=look_up(since, "ep"))
        .sort(*OBJECT, "due", "clause", nulls_last=True)
        .group_by(OBJECT, maintain_order=True)
        .agg(
            pl.col("due").first(),
            plan=pl.when((pl.col("plan") == PROTECTION).any())
            .then(pl.lit(PROTECTION))
            .otherwise(pl.col("plan").drop_nulls().first()),
            held_since=pl.when(~(pl.col("own") & pl.col("held_since").is_null()).any()).then(
                pl.col("held_since").filter("own").min()
            ),
        )
        .pipe(collected)
    )


def _settled(history: History, since: date) -> pl.DataFrame:
    """One row for each thing that fell due: closed on a day, or its plan ended first, or still owed."""
    scene, looked_at = history.scene, moments(history, since)
    owed = (
        _owed(history, looked_at)
        .lazy()
        .with_columns(
            *(look_up(looked_at[name], "child").alias(name) for name in ("step", "side", "on", "ended")),
            child=look_up(looked_at["child"], "child"),
        )
    )
    in_period = pl.col("due").is_between(since, scene.today - timedelta(days=1))
    thing = ["step", *OBJECT]
    before = owed.filter(pl.col("side") == BEFORE, in_period)
    after = owed.filter(pl.col("side") == AFTER).select(*thing, due_then="due")
    closed = before.join(after, on=thing, how="left", nulls_equal=True).filter(
        (pl.col("due_then") > pl.col("due")).fill_null(value=True),
        ~pl.col("ended") | (pl.col("due") <= pl.col("on")),
    )
    still = owed.filter(pl.col("side") == NOW, pl.col("due") < scene.today)
    ended = pl.col("ended")
    return (
        pl.concat([closed.drop("due_then"), still])
        .select(
            *(*OBJECT, "due", "plan", "held_since"),
            done_on=pl.when(~ended).then("on"),
            until="on",
        )
        .pipe(collected)
    )


def _done_unwritten(history: History, in_full: History, waiting: pl.DataFrame) -> pl.DataFrame:
    """Of what is not done, the first day on which it would be if only its record were written."""
    ways = [pl.col(f"counts_{way}") for way in range(len(history.streams))]
    now, then = (one.scene.looks.select(ways) for one in (history, in_full))
    gains = pl.any_horizontal([now[name] != then[name] for name in now.columns])
    looks = in_full.scene.looks.lazy().select("child", "day", gains=pl.select(gains).to_series())
    from_first = pl.col("day") >= pl.col("day").filter("gains").min().over("child")
    days = looks.filter(pl.any_horizontal(then) | pl.col("gains")).filter(from_first).select("child", "day")
    tried = (
        waiting.lazy()
        .with_row_index("row")
        .join(days.unique(), on="child")
        .filter(pl.col("day") <= pl.col("until"))
        .pipe(collected)
    )
    if tried.is_empty():
        return tried.select(*OBJECT, "due", "day")
    looked_at = tried.select("child", on="day", upto="day").unique().sort("child", "on")

    def owed_in(one: History) -> pl.LazyFrame:
        return (
            _owed(one, looked_at)
            .lazy()
            .select(
                *OBJECT[1:],
                "due",
                child=look_up(looked_at["child"], "child"),
                day=look_up(looked_at["on"], "child"),
            )
        )

    thing = [*OBJECT, "day"]
    in_time = owed_in(in_full).rename({"due": "due_then"})
    return (
        tried.lazy()
        .join(owed_in(history), on=[*thing, "due"], how="semi", nulls_equal=True)
        .join(in_time, on=thing, how="left", nulls_equal=True)
        .filter((pl.col("due_then") > pl.col("due")).fill_null(value=True))
        .group_by(*OBJECT, "due")
        .agg(pl.col("day").min())
        .pipe(collected)
    )


def _named(history: History, rows: pl.DataFrame, unwritten: pl.DataFrame) -> pl.DataFrame:
    """The rows with the caseload's own names, and how each of them went."""
    scene = history.scene
    written = (
        scene.looks.lazy()
        .filter(pl.any_horizontal(pl.col("^counts_.*$")))
        .group_by("child", done_on="day")
        .agg(recorded=pl.col("finalised").any())
    )
    unwritten_day = unwritten.lazy().rename({"day": "unwritten_on"})
    late = pl.col("done_on") > pl.col("due")
    return (
        rows.lazy()
        .join(unwritten_day, on=[*OBJECT, "due"], how="left", nulls_equal=True)
        .with_columns(day=pl.coalesce("done_on", "unwritten_on"))
        .join(written, on=["child", "done_on"], how="left")
        .select(
            child_id=look_up(scene.children["child_id"], "child"),
            worker_id=pl.when(~(pl.col("held_since") > pl.col("due")).fill_null(value=False)).then(
                look_up(scene.worker_ids, "worker")
            ),
            plan_kind="plan",
            kind=look_up(names(KINDS), "kind"),
            setting=look_up(scene.settings, "place"),
            due="due",
            done_on="day",
            recorded=pl.col("done_on").is_not_null() & pl.col("recorded").fill_null(value=True),
            outcome=pl.when(pl.col("done_on").is_not_null() & late)
            .then(pl.lit("late"))
            .when(pl.col("done_on").is_not_null())
            .then(pl.lit("in_time"))
            .when(pl.col("day").is_not_null())
            .then(pl.lit("not_recorded"))
            .otherwise(pl.lit("not_done")),
            days_late=pl.max_horizontal(
                (pl.coalesce("day", "until") - pl.col("due")).dt.total_days(), pl.lit(0)
            ),
        )
        .sort("child_id", "due", "done_on", "kind", "setting", "worker_id", nulls_last=True)
        .pipe(collected)
    )
