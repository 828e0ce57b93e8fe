"""The parts of a clause: each a small model that refuses any key it does not know."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.policy.condition_words import MustWhen, When
from bot.policy.period import PackPeriod
from bot.policy.vocabulary import (
    Ask,
    Day,
    Event,
    Must,
    Owes,
    Reason,
    Situation,
    Told,
)

Status = Literal["completed", "failed", "postponed", "cancelled"]
Channel = Literal["in_person", "video", "phone", "text", "email"]
FIRST_STAGES = 4


class Strict(BaseModel):
    """A part of a pack: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Counting(Strict):
    """What counts: of which status, kind and channel (empty: any), with which boxes ticked."""

    status: tuple[Status, ...] = ("completed",)
    kinds: tuple[str, ...] = ("visit",)
    channels: tuple[Channel, ...] = ("in_person",)
    asks: tuple[Ask, ...] = ("seen",)
    or_else: Counting | None = None
    since: date | None = None
    before: date | None = None

    def within(self, since: date | None, before: date | None, then: Counting | None) -> Counting:
        """The same for visits from ``since`` to the day before ``before``; ``then`` for the others."""
        rest = self.or_else.within(since, before, then) if self.or_else else then
        return self.model_copy(update={"since": since, "before": before, "or_else": rest})


class CountingChange(Strict):
    """How a clause's counting differs from its pack's: what is given here replaces, ``also_asks`` adds."""

    status: tuple[Status, ...] | None = None
    kinds: tuple[str, ...] | None = None
    channels: tuple[Channel, ...] | None = None
    asks: tuple[Ask, ...] | None = None
    also_asks: tuple[Ask, ...] = ()
    or_else: Counting | None = None

    def on(self, base: Counting) -> Counting:
        """The pack's counting with these changes."""
        asks = self.asks if self.asks is not None else base.asks
        return Counting(
            status=base.status if self.status is None else self.status,
            kinds=base.kinds if self.kinds is None else self.kinds,
            channels=base.channels if self.channels is None else self.channels,
            asks=asks + tuple(ask for ask in self.also_asks if ask not in asks),
            or_else=self.or_else or base.or_else,
        )


class AsAgreed(Strict):
    """Where a review or plan may set the interval itself, longer included: ``agreed_every`` is then taken."""

    instead_of: PackPeriod
    at_most: PackPeriod
    only_longer: bool = False
    reasons: tuple[Reason, ...] = ()
    required: bool = False


class Stage(Strict):
    """One step of a clock: once (``within``) or again and again (``every``)."""

    id: str | None = None
    says: str | None = None
    within: PackPeriod | None = None
    every: PackPeriod | None = None
    for_the_first: PackPeriod | None = None
    counted_from: Literal["start", "first_review"] = "start"
    until: Event | None = None
    as_agreed: AsAgreed | None = None

    @model_validator(mode="after")
    def _once_or_again(self) -> Stage:
        if (self.within is None) == (self.every is None):
            raise ValueError("a stage has either 'within' (once) or 'every' (again and again)")
        if self.within is not None and (self.for_the_first or self.until or self.as_agreed):
            raise ValueError("'for_the_first', 'until' and 'as_agreed' belong to a stage with 'every'")
        if self.for_the_first and self.until:
            raise ValueError("a stage ends by 'for_the_first' or by 'until', not by both: make two stages")
        return self


class Starts(Strict):
    """From when a clock runs where nothing has counted yet, other than the episode's start."""

    at: Day | None = None
    else_first_counted_by: str | None = None
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
        if self.stages and (self.within or self.every):
            raise ValueError("a clock has 'stages', or 'within' or 'every', not both")
        if not self.stages and (self.within is None) == (self.every is None):
            raise ValueError("a clock has either 'within' (once), 'every' (again and again) or 'stages'")
        return self

    @property
    def steps(self) -> tuple[Stage, ...]:
        """The stages, or the clock itself as the only one."""
        return self.stages or (self,)

    @property
    def asks_several(self) -> bool:
        """Whether the clock runs only where the child lives in more than one setting."""
        return any(word.name == "several_settings" for word in self.when)

    @model_validator(mode="after")
    def _stages_in_order(self) -> Clock:
        once = [stage.within is not None for stage in self.steps]
        if once != sorted(once, reverse=True) or sum(once) > FIRST_STAGES:
            raise ValueError(f"one-off stages come first, and are {FIRST_STAGES} at most")
        again = [stage for stage in self.steps if stage.every is not None]
        if any(not stage.for_the_first and not stage.until for stage in again[:-1]):
            raise ValueError("a stage after one that never ends can never be reached")
        if again and (again[-1].for_the_first or again[-1].until):
            raise ValueError("the last stage may not end: what holds after it?")
        return self


class Limit(Strict):
    """At least one visit with this in every so long: asked for on the last visit that still can."""

    must: Must
    at_least_every: PackPeriod
    met_by: tuple[Ask, ...]
    when: tuple[When, ...] = ()
    by: Literal["setting"] | None = None
    of: Literal["child", "episode"] = "child"


class OwnFrequency(Strict):
    """The child's own frequency (``agreed_every``) as a clause; no reasons listed: any reason."""

    reasons: tuple[Reason, ...] = ()


class Requests(Strict):
    """A request to be seen sooner: by the day wanted, else within this time of asking."""

    within: PackPeriod


class AfterAttempt(Strict):
    """A visit that did not come off is to be tried again within this time."""

    of: tuple[Literal["failed", "unseen", "brief", "postponed", "cancelled"], ...]
    within: PackPeriod
    take: Literal["earliest", "latest"] = "latest"
    never_later_than_others: bool = False
    cleared_by_plan: bool = False
    latest_among: tuple[str, ...] = ()
    reason_wanted: tuple[Literal["postponed", "cancelled"], ...] = ()


class WhileAway(Strict):
    """A child away with the family is owed a contact instead, keeping only some musts."""

    keeps: tuple[Must, ...]


class Recording(Strict):
    """How soon a visit's record has to be finalised."""

    within: PackPeriod


class ConcernRule(Strict):
    """Who is told of what, and what closes it."""

    when: Situation
    to: tuple[Told, ...] = Field(min_length=1)
    closes: str
    says: str | None = None
    count: int = 2
    from_age: int = 0
    days: int = 0
    of_clauses: tuple[str, ...] = ()
    then_to: tuple[Told, ...] = ()


class InForce(Strict):
    """The first day a clause holds, and the first on which it no longer does."""

    from_: date | None = Field(default=None, alias="from")
    until: date | None = None


class Clause(Strict):
    """One numbered sentence of a policy, and what follows from it."""

    id: str = Field(min_length=1)
    says: str = Field(min_length=1)
    cites: str = Field(min_length=1)
    for_: tuple[str, ...] = Field(default=(), alias="for")
    clocks: tuple[Clock, ...] = ()
    counts: CountingChange | None = None
    must: tuple[Must, ...] = ()
    must_when: tuple[MustWhen, ...] = ()
    must_with: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    concerns: tuple[ConcernRule, ...] = ()
    own_frequency: OwnFrequency | None = None
    requests: Requests | None = None
    after_attempt: AfterAttempt | None = None
    while_away: WhileAway | None = None
    recording: Recording | None = None
    roles: dict[str, str] = {}
    guidance: bool = False
    in_force: InForce | None = None
    verified: bool | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the clause is in force on a day."""
        force = self.in_force
        if force is None:
            return True
        return (force.from_ is None or force.from_ <= day) and (force.until is None or day < force.until)

    @property
    def every_id(self) -> dict[str, str]:
        """The clause's id and those of its stages, each in words."""
        found = {self.id: self.says}
        for clock in self.clocks:
            for part in (clock, *clock.stages):
                if part.id:
                    found[part.id] = part.says or self.says
        return found
