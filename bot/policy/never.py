"""Parts of a clause that can never come to anything, though each is well written.

A stage that no child reaches, a condition that no child meets, a time in force without a day: whoever wrote
them believes that something is asked which nobody will ever be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.policy.clauses import Clause
from bot.policy.condition_words import Condition
from bot.policy.marks import Path
from bot.policy.period import Period
from bot.policy.stages import Clock, Stage

Found = tuple[Path, str, str]


def never(clause: Clause) -> Iterator[Found]:
    """Each as where in the clause it stands, what it is, and the mend."""
    force = clause.in_force
    if force and force.from_ and force.until and force.from_ >= force.until:
        yield ("in_force",), "it ends before it begins", "Put 'until' after 'from'."
    yield from _conditions(("must_when",), clause.must_when)
    if clause.must and clause.clocks and not clause.must_with and not _owes_visits(clause):
        what = "its musts can never show: it owes no visit"
        yield ("must",), what, "Name under 'must_with' the clauses on whose visits it asks."
    for n, limit in enumerate(clause.limits):
        yield from _conditions(("limits", n, "when"), limit.when)
    for n, clock in enumerate(clause.clocks):
        yield from _conditions(("clocks", n, "when"), clock.when)
        yield from _stages(("clocks", n, "stages"), clock)


def _owes_visits(clause: Clause) -> bool:
    return any(clock.owes == "visit" for clock in clause.clocks)


def _conditions(path: Path, conditions: Sequence[Condition]) -> Iterator[Found]:
    said = {condition.name: condition.value for condition in conditions}
    for least, under in (("age_at_least", "age_under"), ("aged_at_least", "aged_under")):
        if least in said and under in said and said[least] >= said[under]:
            what = f"nobody is {said[least]} or over and under {said[under]}"
            yield path, what, "Change one of the two ages."
    filled = {condition.value for condition in conditions if condition.name == "filled"}
    blank = {condition.value for condition in conditions if condition.name == "blank"}
    for column in sorted(filled & blank):
        yield path, f"{column} cannot be filled and blank", "Keep one of the two."


def _stages(path: Path, clock: Clock) -> Iterator[Found]:
    """Stages that those before them leave nothing for."""
    lengths: dict[str, Period] = {}
    ages: list[int] = [c.value for c in clock.when if c.name == "age_at_least"]
    days: list[date] = []
    ends: set[object] = set()
    under = min((c.value for c in clock.when if c.name == "age_under"), default=None)
    for n, stage in enumerate(clock.stages):
        unreached = _unreached(stage, lengths, ages, days, ends)
        if under is not None and any(age >= under for age in ages):
            unreached = f"it begins at {max(ages)}, and the clock runs under {under} alone"
        if unreached:
            yield (
                (*path, n),
                f"stage {n + 1} can never be reached: {unreached}",
                "Put the stages in order of time.",
            )
        if stage.for_the_first:
            lengths[stage.counted_from] = stage.for_the_first
        if stage.until:
            ends.add(stage.until)
            if stage.until.kind == "age":
                ages.append(stage.until.value)
            if stage.until.kind == "day":
                days.append(stage.until.value)


def _unreached(
    stage: Stage, lengths: dict[str, Period], ages: list[int], days: list[date], ends: set[object]
) -> str | None:
    before = lengths.get(stage.counted_from)
    first = stage.for_the_first
    if first and before and first.days <= before.days:
        return f"the first {first} are over when the first {before} are"
    if stage.until is None:
        return None
    if stage.until.kind == "age" and any(stage.until.value <= age for age in ages):
        return f"every child is {max(ages)} or over by then"
    if stage.until.kind == "day" and any(stage.until.value <= day for day in days):
        return f"{stage.until.value} is not after {max(days)}"
    return "an earlier stage ends by the same" if stage.until in ends else None
