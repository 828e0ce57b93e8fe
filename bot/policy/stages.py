"""Clocks as a pack writes them: once or again and again, in stages that end when the policy says so."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from bot.policy.condition_words import When
from bot.policy.counts import CountingChange, Strict
from bot.policy.endings import Until
from bot.policy.period import PackPeriod
from bot.policy.vocabulary import Day, Owes, Reason

FIRST_STAGES = 4


class AsAgreed(Strict):
    """Where a review or plan may set the interval itself, longer included: ``agreed_every`` is then taken."""

    instead_of: PackPeriod
    at_most: PackPeriod
    only_longer: bool = False
    reasons: tuple[Reason, ...] = ()
    required: bool = False
    needs_approval: str | None = None  # the clause id under which approvals.csv records it


class Stage(Strict):
    """One step of a clock: once (``within``), again and again (``every``), or only as agreed."""

    id: str | None = None
    says: str | None = None
    within: PackPeriod | None = None
    every: PackPeriod | None = None
    for_the_first: PackPeriod | None = None
    counted_from: Literal["start", "first_review"] = "start"
    until: Until | None = None
    as_agreed: AsAgreed | None = None
    only_as_agreed: bool = False

    @model_validator(mode="after")
    def _once_or_again(self) -> Stage:
        if [self.within is not None, self.every is not None, self.only_as_agreed].count(True) != 1:
            raise ValueError(
                "a stage has one of 'within' (once), 'every' (again and again) and 'only_as_agreed'; keep one"
            )
        if self.every is None and (self.for_the_first or self.until or self.as_agreed):
            raise ValueError("'for_the_first', 'until' and 'as_agreed' belong to a stage with 'every'")
        if self.for_the_first and self.until:
            raise ValueError("a stage ends by 'for_the_first' or by 'until', not by both: make two stages")
        return self


class Starts(Strict):
    """From when a clock runs where nothing has counted yet, other than the episode's start."""

    at: Day | None = None
    or_first_counted_by: str | None = None
    else_due_of: str | None = None
    later_of_birthday: int | None = None


class Clock(Stage):
    """When something is owed; more than one may run on one plan."""

    owes: Owes = "visit"
    when: tuple[When, ...] = ()
    counts: CountingChange | None = None
    stages: tuple[Stage, ...] = ()
    starts: Starts = Starts()
    first_day: Literal[0, 1] = 0
    closed_by: tuple[Day, ...] = ()
    after_end: bool = False
    by: Literal["setting"] | None = None
    together: bool = False
    also_as: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _once_or_again(self) -> Clock:
        given = [self.within is not None, self.every is not None, self.only_as_agreed].count(True)
        if self.stages and given:
            raise ValueError("a clock has 'stages', or 'within' or 'every', not both")
        if not self.stages and given != 1:
            raise ValueError("a clock has either 'within' (once), 'every' (again and again) or 'stages'")
        return self

    @property
    def steps(self) -> tuple[Stage, ...]:
        """The stages, or the clock itself as the only one."""
        return self.stages or (self,)

    @property
    def when_of_plan(self) -> tuple[When, ...]:
        """The conditions on the plan and the child alone, whatever its visits were like."""
        return tuple(word for word in self.when if word.name != "last_visit_lacked")

    @property
    def asks_several(self) -> bool:
        """Whether the clock runs only where the child lives in more than one setting."""
        return any(word.name == "several_settings" for word in self.when)

    @model_validator(mode="after")
    def _stages_in_order(self) -> Clock:
        once = [stage.within is not None for stage in self.steps]
        if once != sorted(once, reverse=True) or sum(once) > FIRST_STAGES:
            raise ValueError(f"one-off stages come first, and are {FIRST_STAGES} at most")
        again = [stage for stage in self.steps if stage.within is None]
        if any(not stage.for_the_first and not stage.until for stage in again[:-1]):
            raise ValueError("a stage after one that never ends can never be reached")
        if again and (again[-1].for_the_first or again[-1].until):
            raise ValueError("the last stage may not end: what holds after it?")
        return self
