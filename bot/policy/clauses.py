"""The parts of a clause: each a small model that refuses any key it does not know."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from bot.policy.condition_words import MustWhen, When
from bot.policy.counts import CountingChange, Strict
from bot.policy.period import PackPeriod
from bot.policy.stages import Clock
from bot.policy.vocabulary import Ask, Must, Reason, Situation, Told


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
    roles: dict[str, str] = Field(default_factory=dict)
    guidance: bool = False
    shown_with: Literal["no_access", "records", "review", "risk", "step_down", "week"] | None = (
        None  # what people read it beside
    )
    in_force: InForce | None = None
    verified: bool | None = None
    document: str | None = None  # the document it is a reading of, where that is not the pack's own

    def holds_on(self, day: date) -> bool:
        """Whether the clause is in force on a day."""
        force = self.in_force
        if force is None:
            return True
        return (force.from_ is None or force.from_ <= day) and (force.until is None or day < force.until)

    @property
    def sets_dates(self) -> bool:
        """Whether the clause can owe something by itself."""
        return bool(self.clocks) or self.own_frequency is not None

    @property
    def every_id(self) -> dict[str, str]:
        """The clause's id and those of its stages, each in words."""
        found = {self.id: self.says}
        for clock in self.clocks:
            for part in (clock, *clock.stages):
                if part.id:
                    found[part.id] = part.says or self.says
        return found
