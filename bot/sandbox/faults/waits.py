"""Who was told to stay away, and until when: a client that comes too early is told a longer wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from bot.sandbox.tenant.refusal import GraphError

LONGEST = 600  # seconds: by then every count of Graph's has begun anew, so that a wait is not made longer


class Throttled(GraphError):
    """429 with a wait, in seconds or as a date."""

    def __init__(
        self,
        message: str,
        seconds: int,
        now: datetime,
        *,
        as_date: bool = False,
        code: str = "ApplicationThrottled",
    ) -> None:
        super().__init__(429, code, message, {"Retry-After": wait_header(seconds, now, as_date=as_date)})
        self.seconds = seconds
        self.as_date = as_date


class NotHeld(GraphError):
    """A refusal that may tell a wait, and nobody is held to it."""


def wait_header(seconds: int, now: datetime, *, as_date: bool) -> str:
    """What Retry-After says. A date has no fractions, so that it is the next whole second."""
    if not as_date:
        return str(seconds)
    until = now + timedelta(seconds=seconds)
    whole = until.replace(microsecond=0)
    return format_datetime(whole + timedelta(seconds=whole < until), usegmt=True)


CROSSING = 0.1  # seconds that a refusal may travel while the client's other connections still send


@dataclass(frozen=True, slots=True)
class Connection:
    """One of a client's connections, and since when it is open."""

    client: object
    since: float


@dataclass(slots=True)
class _Told:
    at: float
    until: float
    seconds: int
    as_date: bool
    connection: Connection | None


class Waits:
    """The waits told and not yet over, by what they are for: a mailbox, the batch, the sign-in."""

    def __init__(self, moment: Callable[[], float]) -> None:
        self._moment = moment
        self._told: dict[str, _Told] = {}

    def told(self, where: str, error: GraphError, connection: Connection | None = None) -> None:
        """Remember what a refusal says, if it says to wait, and through which connection it goes."""
        said = error.headers.get("Retry-After", "")
        seconds = error.seconds if isinstance(error, Throttled) else int(said) if said.isdecimal() else 0
        as_date = isinstance(error, Throttled) and error.as_date
        if error.status == 429 and seconds > 0 and not isinstance(error, NotHeld):
            now = self._moment()
            self._forget_what_is_over(now)
            self._told[where] = _Told(now, now + seconds, seconds, as_date, connection)

    def early(
        self, where: str, came: float, wall: datetime, connection: Connection | None = None
    ) -> Throttled | None:
        """The refusal for one who came too early to this place; what was on its way is let through."""
        told = self._told.get(where)
        if told is None or came <= told.at or _crossed(told, came, connection):
            return None
        if self._moment() >= told.until:
            del self._told[where]
            return None
        longer = max(told.seconds, min(told.seconds * 2, LONGEST))
        return Throttled(
            "Application is over its request limit, and did not wait as it was told to.",
            longer,
            wall,
            as_date=told.as_date,
        )

    def clear(self) -> None:
        """Nobody needs to wait any more."""
        self._told = {}  # another thread may be looking through the old one

    def _forget_what_is_over(self, now: float) -> None:
        if len(self._told) > 1000:
            self._told = {where: told for where, told in self._told.items() if told.until > now}


def _crossed(told: _Told, came: float, connection: Connection | None) -> bool:
    """Whether a request passed the refusal on its way: by another connection, that was open before."""
    if connection is None or connection == told.connection or connection.since > told.at:
        return False
    return came <= told.at + CROSSING
