"""What a visit has to be for a policy to count it, as a pack writes it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from bot.policy.vocabulary import OF_EPISODE, Ask

Status = Literal["completed", "failed", "postponed", "cancelled"]
Channel = Literal["in_person", "video", "phone", "text", "email"]


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

    @field_validator("or_else")
    @classmethod
    def _answered_by_the_visit_alone(cls, other: Counting | None) -> Counting | None:
        refuse_of_episode(other)
        return other

    def within(self, since: date | None, before: date | None, then: Counting | None) -> Counting:
        """The same for visits from ``since`` to the day before ``before``; ``then`` for the others."""
        rest = self.or_else.within(since, before, then) if self.or_else else then
        return self.model_copy(update={"since": since, "before": before, "or_else": rest})


def refuse_of_episode(other: Counting | None) -> None:
    """Raise ValueError where another way to count asks what only the visit's episode could answer."""
    for ask in OF_EPISODE:
        if other and ask in other.asks:
            raise ValueError(f"{ask!r} would never be looked at under 'or_else'; ask it of the whole clause")


class CountingChange(Strict):
    """How a clause's counting differs from its pack's: what is given here replaces, ``also_asks`` adds."""

    status: tuple[Status, ...] | None = None
    kinds: tuple[str, ...] | None = None
    channels: tuple[Channel, ...] | None = None
    asks: tuple[Ask, ...] | None = None
    also_asks: tuple[Ask, ...] = ()
    or_else: Counting | None = None

    @field_validator("or_else")
    @classmethod
    def _answered_by_the_visit_alone(cls, other: Counting | None) -> Counting | None:
        refuse_of_episode(other)
        return other

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
