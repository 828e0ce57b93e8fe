"""Clocks: from what has counted so far to the one date each episode owes by a clause.

A clock runs from the last visit that counted, or from where it starts when none has; over one episode, or
over all of a child's where the policy asks for one visit to them together. What its stages then ask is
worked out in :mod:`bot.policy.stepping`.
"""

from __future__ import annotations

import polars as pl

from bot.policy.clauses import Clause, InForce
from bot.policy.compiled import BASES, KINDS, Part, as_claims, counting, in_scope
from bot.policy.conditions import birthday, day_of, done, filled, select
from bot.policy.history import History
from bot.policy.lookup import look_up
from bot.policy.pack import Pack
from bot.policy.period import add
from bot.policy.stages import Clock
from bot.policy.stepping import Step, Sums, first_open, of_the_owed, steps_of


def clock_claims(history: History, part: Part, clock: Clock) -> pl.LazyFrame:
    """What one clock of one clause owes, still to be run."""
    pack, clause = part.pack, part.clause
    scene = history.scene
    facts = history.facts(counting(pack, clause, clock), after_return=clock.after_end)
    frame = pl.concat([scene.episodes, facts], how="horizontal").lazy()
    frame = frame.filter(in_scope(pack, clause, ended_too=clock.after_end))
    frame = select(scene, frame, clock.when)
    for column in clock.closed_by:
        frame = frame.filter(~done(scene, column))
    frame = _starts(history, pack, clock, frame)
    if clock.together or (clock.by and clock.asks_several):
        frame = _together(history, frame, by_place=clock.by is not None)
    frame = _anchors(frame)
    sums = Sums()
    steps = steps_of(history, clock, sums)
    frame = frame.with_columns(**sums).with_columns(first_open(steps).alias("step"))
    frame = frame.filter(pl.col("step").is_not_null())
    claims = _claims(history, part, clock, steps, frame)
    if clause.in_force:
        claims = _in_force(claims, clause.in_force)
    copies = [
        claims.with_columns(clause=pl.lit(history.compiled.clause(id_), pl.UInt16)) for id_ in clock.also_as
    ]
    return pl.concat([claims, *copies])


def _in_force(claims: pl.LazyFrame, force: InForce) -> pl.LazyFrame:
    """A version's dates: none before its first day, none from the day it no longer holds."""
    if force.from_:
        claims = claims.with_columns(due=pl.max_horizontal("due", pl.lit(force.from_)))
    return claims.filter(pl.col("due") < force.until) if force.until else claims


def _starts(history: History, pack: Pack, clock: Clock, frame: pl.LazyFrame) -> pl.LazyFrame:
    """Where the clock starts when nothing has counted: moment, whether timed, and what it is."""
    starts, scene = clock.starts, history.scene
    moment: pl.Expr = pl.col("start")
    timed, what = pl.col("start_timed"), pl.lit(BASES.index("start"))
    if starts.at == "returned_at":
        frame = frame.filter(filled(scene, "returned_at"))
        moment, timed = pl.col("returned_at"), pl.col("returned_at_timed").fill_null(value=False)
        what = pl.lit(BASES.index("return"))
    elif starts.at:
        first: pl.Expr = pl.when(done(scene, starts.at)).then(day_of(starts.at))
        if starts.or_first_counted_by:
            other_clause, other = clock_of(pack, starts.or_first_counted_by)
            facts = history.facts(counting(pack, other_clause, other))
            seen = look_up(scene.looks["day"], look_up(facts["first"], "ep"))
            first = pl.min_horizontal(first, seen)
        known = first.is_not_null()
        later = moment.dt.date()
        what = pl.when(known).then(BASES.index("first contact")).otherwise(BASES.index("start"))
        if starts.else_due_of:
            _, other = clock_of(pack, starts.else_due_of)
            if other.within:
                later = add(pl.col("start_day"), other.within, scene.work)
                late = BASES.index("first contact due")
                what = pl.when(known).then(BASES.index("first contact")).otherwise(late)
        moment, timed = pl.coalesce(first, later).cast(pl.Datetime("us")), pl.lit(value=False)
    elif starts.later_of_birthday is not None:
        born = birthday(starts.later_of_birthday)
        after = (born > pl.col("start_day")).fill_null(value=False)
        moment = pl.when(after).then(born.cast(pl.Datetime("us"))).otherwise("start")
        timed = ~after & pl.col("start_timed")
        what = pl.when(after).then(BASES.index("20th birthday")).otherwise(BASES.index("start"))
    return frame.with_columns(from_at=moment, from_timed=timed, from_is=what.cast(pl.UInt8)).with_columns(
        from_day=pl.col("from_at").dt.date()
    )


def clock_of(pack: Pack, id_: str) -> tuple[Clause, Clock]:
    """The clause of this id and its first clock."""
    clause = next(clause for clause in pack.clauses if clause.id == id_)
    return clause, clause.clocks[0]


def _together(history: History, frame: pl.LazyFrame, *, by_place: bool) -> pl.LazyFrame:
    """One clock over all episodes or those of one place: the latest visit, else the earliest start."""
    scene = history.scene
    whose = ("ep", "worker") if by_place else ()
    nobody = () if by_place else ("ep", "worker", "place")
    return (
        frame.sort("child", "from_at", "ep")
        .group_by("child", *(["place"] if by_place else []), maintain_order=True)
        .agg(
            pl.col("last").max(),
            pl.col("n").sum(),
            pl.col("from_at", "from_timed", "from_is", "from_day", *whose).first(),
            pl.col("agreed_every_n", "agreed_unit", "agreed_from", "agreed_reason").first(),
        )
        .with_columns(
            scene.visit("last", "day").alias("last_day"),
            scene.visit("last", "at").alias("last_at"),
            scene.visit("last", "at_timed").alias("last_timed"),
            *(pl.lit(None, pl.UInt32).alias(name) for name in nobody),
        )
    )


def _anchors(frame: pl.LazyFrame) -> pl.LazyFrame:
    return frame.with_columns(
        anchor_at=pl.coalesce("last_at", "from_at"),
        anchor_day=pl.coalesce("last_day", "from_day"),
        anchor_timed=pl.coalesce("last_timed", "from_timed"),
    )


def _claims(
    history: History, part: Part, clock: Clock, steps: list[Step], frame: pl.LazyFrame
) -> pl.LazyFrame:
    following = [step.stage.every for step in steps if step.stage.every]
    then = min(following, key=lambda period: period.days, default=None)
    once = of_the_owed([pl.lit(step.once) for step in steps])
    from_start = once | pl.col("last").is_null()
    ids = [pl.lit(history.compiled.clause(step.stage.id or clock.id or part.clause.id)) for step in steps]
    return as_claims(
        frame,
        place=pl.col("place") if clock.by == "setting" else pl.lit(None),
        kind=pl.lit(KINDS.index(clock.owes)),
        clause=of_the_owed(ids),
        pack=pl.lit(part.number),
        base=pl.when(from_start).then("from_at").otherwise("anchor_at"),
        base_is=pl.when(from_start).then("from_is").otherwise(BASES.index("visit")),
        base_vi=pl.when(~from_start).then("last"),
        n=of_the_owed([step.n for step in steps]),
        unit=of_the_owed([step.unit for step in steps]),
        due=of_the_owed([step.due for step in steps]),
        due_at=of_the_owed([step.due_at for step in steps]),
        recurring=~once,
        then_n=pl.when(once).then(pl.lit(then.n if then else None)),
        then_unit=pl.when(once).then(pl.lit(then.unit if then else None)),
        longer=of_the_owed([step.longer for step in steps]),
        staged=pl.lit(bool(following) and clock.by is None and not clock.together),
        anchor=pl.col("anchor_at"),
        anchor_vi=pl.col("last"),
    )
