"""What each stage of a clock would owe, and which of them is the one owed.

Of a clock's stages only the first open one is owed. One-off stages come first; a visit closes the first
open one, and every later one already due on its day: so a stage is closed when as many visits as its place
have been made, or when enough of them fell on or after an earlier stage's date. After them the first
stage that still holds for the last visit gives the interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bot.policy.conditions import approved_on, birthday
from bot.policy.endings import Ending
from bot.policy.history import History
from bot.policy.period import DAYS, HOURS, Period, add, add_each, deadline
from bot.policy.stages import AsAgreed, Clock, Stage


@dataclass(frozen=True, slots=True)
class Step:
    """One stage's answer: when it is the one owed, and what it then says."""

    holds: pl.Expr
    due: pl.Expr
    due_at: pl.Expr
    n: pl.Expr
    unit: pl.Expr
    stage: Stage
    once: bool
    longer: pl.Expr


class Sums(dict[str, pl.Expr]):
    """Dates that are asked for more than once, each worked out once as a column of its own."""

    def kept(self, sum_: pl.Expr) -> pl.Expr:
        """The column in which the sum is kept."""
        name = f"sum_{len(self)}"
        self[name] = sum_
        return pl.col(name)


def steps_of(history: History, clock: Clock, sums: Sums) -> list[Step]:
    """Each stage's answer, in the pack's order."""
    work = history.scene.work
    once = [stage for stage in clock.steps if stage.within is not None]
    dues = [
        sums.kept(add(pl.col("from_day"), stage.within, work, first_day=clock.first_day))
        for stage in once
        if stage.within
    ]
    steps = []
    for place, stage in enumerate(once, start=1):
        assert stage.within is not None
        closed = pl.col("n") >= place
        for earlier in range(1, place + 1):
            back = place - earlier
            day = pl.col("last_day") if back == 0 else history.scene.visit(f"back_{back}", "day")
            closed |= (day >= dues[earlier - 1]).fill_null(value=False)
        due, due_at = _by(dues[place - 1], "from", stage.within, sums)
        steps.append(_step(~closed, due, due_at, stage.within, stage, once=True))
    for stage in clock.steps[len(once) :]:
        steps.append(
            _again(history, clock, stage, stage.every, sums)
            if stage.every
            else _only_as_agreed(history, stage)
        )
    return steps


def _only_as_agreed(history: History, stage: Stage) -> Step:
    """A stage whose interval is agreed for each child: nothing is owed where none was."""
    no = pl.lit(value=False)
    due, never = own_date(history, pl.col("anchor_day")), pl.lit(None, pl.Datetime("us"))
    n, unit = pl.col("agreed_every_n"), pl.col("agreed_unit")
    return Step(agreed_known(), due, never, n, unit, stage, once=False, longer=no)


def _by(day: pl.Expr, prefix: str, period: Period, sums: Sums) -> tuple[pl.Expr, pl.Expr]:
    """The due day and, for hours from a known time, the moment."""
    if period.unit != HOURS:
        return day, pl.lit(None, pl.Datetime("us"))
    moment = sums.kept(deadline(pl.col(f"{prefix}_at"), pl.col(f"{prefix}_timed"), period.n))
    return pl.coalesce(moment.dt.date(), day), moment


def _step(holds: pl.Expr, due: pl.Expr, due_at: pl.Expr, period: Period, stage: Stage, *, once: bool) -> Step:
    no = pl.lit(value=False)
    return Step(holds, due, due_at, pl.lit(period.n), pl.lit(period.unit), stage, once, no)


def _again(history: History, clock: Clock, stage: Stage, every: Period, sums: Sums) -> Step:
    work = history.scene.work
    anchor = pl.col("anchor_day")
    usual = sums.kept(add(anchor, every, work, first_day=clock.first_day))
    due, due_at = _by(usual, "anchor", every, sums)
    n, unit, longer = pl.lit(every.n), pl.lit(every.unit), pl.lit(value=False)
    if stage.as_agreed:
        agreed = stage.as_agreed
        own = sums.kept(own_date(history, anchor))
        most, instead = (sums.kept(add(anchor, one, work)) for one in (agreed.at_most, agreed.instead_of))
        taken = _taken(history, agreed, own, instead)
        capped = own > most
        due = pl.when(taken).then(pl.min_horizontal(own, most)).otherwise(due)
        n = pl.when(taken & capped).then(agreed.at_most.n).when(taken).then("agreed_every_n").otherwise(n)
        unit = (
            pl.when(taken & capped).then(agreed.at_most.unit).when(taken).then("agreed_unit").otherwise(unit)
        )
        longer = taken & (own > instead)
    holds = pl.lit(value=True)
    if stage.for_the_first:
        since = pl.col("start_day" if stage.counted_from == "start" else stage.counted_from)
        holds = (anchor < add(since, stage.for_the_first, work)).fill_null(value=True)
    elif stage.until and stage.until.kind == "age":
        holds = (birthday(stage.until.value) > history.scene.on).fill_null(value=True)
    elif stage.until:
        event = _end(history, stage.until)
        holds = event.is_null() | (due <= event)
    return Step(holds, due, due_at, n, unit, stage, once=False, longer=longer)


def _taken(history: History, rule: AsAgreed, own: pl.Expr, usual: pl.Expr) -> pl.Expr:
    """Whether a stage takes the date by the agreed frequency in place of the usual one."""
    taken = agreed_known() & (usual > pl.col("agreed_from")).fill_null(value=True)
    if rule.reasons:
        taken &= pl.col("agreed_reason").is_in(list(rule.reasons)).fill_null(value=False)
    if rule.needs_approval:
        taken &= approved_on(history.scene, rule.needs_approval).is_not_null()
    if rule.only_longer:
        taken &= own > usual
    return taken


def agreed_known() -> pl.Expr:
    """Whether the episode has a frequency of its own."""
    return pl.col("agreed_every_n").is_not_null() & pl.col("agreed_unit").is_not_null()


def own_date(history: History, anchor: pl.Expr) -> pl.Expr:
    """The anchor plus the agreed frequency, never before the day from which it was agreed."""
    n = pl.when(agreed_known()).then("agreed_every_n").otherwise(1)
    unit = pl.when(agreed_known()).then("agreed_unit").otherwise(DAYS)
    return pl.max_horizontal(add_each(anchor, n, unit, history.scene.work), "agreed_from")


def _end(history: History, ending: Ending) -> pl.Expr:
    """The day on which a stage ends, null where it is not known yet."""
    match ending.kind:
        case "day":
            return pl.lit(ending.value, pl.Date)
        case "approval":
            return approved_on(history.scene, ending.value)
        case _:
            return _event(ending.value)


def _event(event: str) -> pl.Expr:
    if event == "approval_or_hearing":
        carer, order = pl.col("approved_on"), pl.col("final_hearing")
        temporary = pl.col("kind") == "temporary_carer"
        own, other = (
            pl.when(temporary).then(carer).otherwise(order),
            pl.when(temporary).then(order).otherwise(carer),
        )
        return pl.when(own.is_not_null()).then(pl.min_horizontal(own, other))
    lower = pl.col("lower_frequency_agreed_on")
    if event == "lower_frequency_agreed_once_permanent":
        return pl.when(lower >= pl.col("permanence_agreed_on")).then(lower)
    if event == "frequency_set_by_review":
        by_review = agreed_known() & (pl.col("agreed_reason") == "review").fill_null(value=False)
        since = pl.when(by_review).then(pl.col("agreed_from").fill_null(pl.date(1900, 1, 1)))
        return pl.min_horizontal(since, lower)
    return pl.col(event)


def first_open(steps: list[Step]) -> pl.Expr:
    """The number of the first stage that holds; null where nothing more is owed."""
    chosen = pl.lit(None, pl.Int32)
    for place, step in reversed(list(enumerate(steps))):
        chosen = pl.when(step.holds).then(pl.lit(place, pl.Int32)).otherwise(chosen)
    return chosen


def of_the_owed(values: list[pl.Expr]) -> pl.Expr:
    """Of one value for each stage, that of the stage which ``step`` numbers."""
    picked = values[-1]
    for place, value in reversed(list(enumerate(values[:-1]))):
        picked = pl.when(pl.col("step") == place).then(value).otherwise(picked)
    return picked
