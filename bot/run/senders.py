"""The mailboxes that mails are sent from: which can be used, who must stay away, when the last mail goes.

Exchange counts by mailbox and not by process: what one process asked for, and what it was told, is read from
the store by the next. One that cannot be used at all is found out before anything is sent, where there are
several: else nobody would hear of it until its turn came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.outlook.mail import cannot_send
from bot.run.pace import A_MINUTE, WINDOW, Pace
from bot.run.world import World
from bot.store import outbox, sending
from bot.store.outbox import NewMail

_LONDON: Final = ZoneInfo("Europe/London")
_A_SECOND: Final = timedelta(seconds=1)
_ROUNDED_OFF: Final = timedelta(milliseconds=1)  # by the store: nobody comes too early for that


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the last of so many mails will go (aware), by so many senders."""

    mails: int
    senders: int
    last: datetime
    at_once: bool  # nobody waits for it

    def __str__(self) -> str:
        return (
            f"{counted(self.mails)} at {A_MINUTE} a minute from "
            f"{'one sender' if self.senders == 1 else f'{self.senders} senders'}: "
            f"the last about {clock_of(self.last)}"
        )


class Senders:
    """When each may send its next. ``refused``: those that send nothing until somebody mends it, and why."""

    def __init__(self, world: World, now: datetime, refused: Mapping[str, str]) -> None:
        """``now``: by the clock, aware."""
        self._world, self._waits = world, world.connection.waits
        self._longest = world.connection.manners.longest_wait
        asked = sending.asked_since(world.store, now - WINDOW)
        self.pace = Pace({one: asked.get(one, ()) for one in world.settings.mail.senders}, now)
        self.refused = dict(refused)
        self._written = sending.told_to_stay_away(world.store)

    @property
    def all_refused(self) -> bool:
        """Whether nothing goes before somebody mends something."""
        return len(self.refused) == len(self.pace.senders)

    def able(self, bound: str | None) -> list[str]:
        """Who may send a mail in this run, the least busy first: where its draft lies, or anybody."""
        senders = (bound,) if bound else self.pace.senders
        able = [one for one in senders if one not in self.refused and self._waits.left(one) <= self._longest]
        return sorted(able, key=self.pace.of_late)

    def free_at(self, sender: str, now: datetime) -> datetime:
        """From when on this one may send its next."""
        told = timedelta(seconds=self._waits.left(sender))
        return max(self.pace.free_at(sender, now), now + told)

    def first_able(self, now: datetime) -> datetime | None:
        """When the first sender that was told to stay away may come again; null where all are refused."""
        waits = [self._waits.left(one) for one in self.pace.senders if one not in self.refused]
        return now + timedelta(seconds=min(waits)) if waits else None

    def forecast(self, mails: int, now: datetime) -> Forecast | None:
        """When the last of so many would go; null where there are none, or none can go in this run."""
        able = {one: now + timedelta(seconds=self._waits.left(one)) for one in self.able(None)}
        if not (mails and able):
            return None
        last = self.pace.last_of(mails, now, able)
        return Forecast(mails, len(able), last, at_once=last <= now)

    def remember(self, fence: int, now: datetime) -> None:
        """Write down who was told to stay away since that was last written."""
        told: dict[str, datetime] = {}
        for one in self.pace.senders:
            until = now + timedelta(seconds=self._waits.told(one)) + _ROUNDED_OFF
            if until > now + _A_SECOND and until > self._written.get(one, now) + _A_SECOND:
                told[one] = until
        sending.stay_away(self._world.store, fence, told)
        self._written |= told


def refused_now(world: World) -> dict[str, str]:
    """Which of several senders cannot be used, and what is to be mended: asked in one request.

    A single one is not asked: its first mail is as soon. Nor is one that was told to stay away: it is there.
    """
    mail, connection = world.settings.mail, world.connection
    if not mail.more_senders:
        return {}
    asked = [one for one in mail.senders if not connection.waits.left(one)]
    return {one: str(error) for one, error in cannot_send(connection, asked).items()}


def said_of_refused(world: World, refused: Mapping[str, str]) -> tuple[str, ...]:
    """The same for an operator, with the setting that names each and what becomes of the mails meanwhile."""
    mail = world.settings.mail
    others = len(mail.senders) - len(refused)
    goes = {0: "No mail goes until then.", 1: "Mail goes through the other one meanwhile."}.get(
        others, f"Mail goes through the other {others} meanwhile."
    )
    return tuple(
        f"{'mail.sender' if one == mail.sender else 'mail.more_senders'}: {why} {goes}"
        for one, why in refused.items()
    )


def foreseen(
    world: World, mails: Sequence[NewMail] = (), refused: Mapping[str, str] | None = None
) -> Forecast | None:
    """When the last would go if these were put into the outbox now, beside what waits; null for none."""
    new = len(mails) - outbox.known(world.store, [mail.reference for mail in mails])
    now = world.connection.clock()
    return Senders(world, now, refused or {}).forecast(outbox.standing(world.store).waiting + new, now)


def left_waiting(world: World) -> str:
    """How many mails a run that was stopped leaves behind, and when they go."""
    stands = outbox.standing(world.store)
    number = stands.waiting + stands.uncertain
    if not number:
        return "No mail waits. The next run goes on with what is left."
    forecast = foreseen(world)
    when = "" if forecast is None or forecast.at_once else f", {forecast}"
    waits = f"{counted(number)} {'waits' if number == 1 else 'wait'}"
    return f"{waits} for the next `run` or the service{when}."


def counted(mails: int) -> str:
    """So many mails, in words."""
    return "1 mail" if mails == 1 else f"{mails} mails"


def clock_of(moment: datetime) -> str:
    """A moment (aware) as London's clock shows it."""
    return f"{moment.astimezone(_LONDON):%H:%M}"
