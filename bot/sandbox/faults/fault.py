"""Bad days on order: the third PATCH to this mailbox fails, and it fails the way that was asked for."""

from __future__ import annotations

import difflib
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.sandbox.faults import spelling
from bot.sandbox.faults.kinds import BATCH_FAULTS, CODES, LIST_FAULTS, TOKEN_FAULTS
from bot.sandbox.faults.spelling import Misspelt
from bot.sandbox.faults.waits import NotHeld, Throttled, wait_header
from bot.sandbox.graph.wire import GraphRequest
from bot.sandbox.tenant.refusal import GraphError

NO_MAILBOX = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."


@dataclass(frozen=True, slots=True)
class Fault:
    """One bad thing: which requests it waits for, and what it does to them; kinds.FIELDS has the words."""

    do: str
    verb: str | None = None
    mailbox: str | None = None
    path: str | None = None
    page: int | None = None
    nth: int = 1
    each: str = "all"
    times: int | None = 1
    rate: float | None = None
    seed: int | None = None
    for_seconds: float | None = None
    on: str | date | None = None
    retry_after: int | None = None
    retry_after_as: str = "seconds"
    lengthen: bool = True
    code: str | None = None
    ms: float = 1000
    seconds: float = 0

    @classmethod
    def read(cls, sent: Any) -> Fault:
        """A fault from JSON or TOML; raises Misspelt with everything that is wrong."""
        return cls(**spelling.read(sent, CODES))

    @classmethod
    def read_all(cls, sent: Iterable[Any]) -> list[Fault]:
        """Several; raises Misspelt with everything that is wrong in any of them."""
        found, problems = [], []
        for number, one in enumerate(sent, 1):
            try:
                found.append(cls.read(one))
            except Misspelt as error:
                problems += [f"Fault {number}: {problem}" for problem in error.problems]
        if problems:
            raise Misspelt(
                problem.removeprefix("Fault 1: ") if number == 1 else problem for problem in problems
            )
        return found

    @property
    def status(self) -> int | None:
        """The status it answers with, if it does."""
        digits = self.do.removesuffix("_done")
        return int(digits) if digits.isdigit() else None

    @property
    def is_done(self) -> bool:
        """Whether the work is done all the same."""
        return self.do.endswith("_done") or self.do in ("cut", "half", "slow", *BATCH_FAULTS)

    @property
    def on_lists(self) -> bool:
        """Whether it changes what a list says, and so strikes once there is a list."""
        return self.do in LIST_FAULTS

    @property
    def on_tokens(self) -> bool:
        """Whether it ends the tokens given so far."""
        return self.do in TOKEN_FAULTS

    @property
    def names_a_request(self) -> bool:
        """Whether it waits for a request of some kind, and not for anything at all."""
        chosen = (self.verb, self.mailbox, self.path, self.page)
        return self.nth > 1 or any(one is not None for one in chosen)

    def error(self, now: datetime) -> GraphError:
        """What it answers."""
        if self.do == "gone":
            return GraphError(404, "MailboxNotEnabledForRESTAPI", NO_MAILBOX)
        status = self.status or 500
        code, message = CODES[status]
        if status == 503 and self.is_done:
            code, message = (
                "ErrorConcurrentItemSave",
                "The item was saved by another request at the same time.",
            )
        as_date = self.retry_after_as == "date"
        if status == 429 and self.retry_after and self.lengthen:
            return Throttled(message, self.retry_after, now, as_date=as_date, code=self.code or code)
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = wait_header(self.retry_after, now, as_date=as_date)
        return NotHeld(status, self.code or code, message, headers)


@dataclass(slots=True)
class _Ordered:
    """A fault that was ordered, and what it has met so far."""

    id: str
    fault: Fault
    since: float
    who: str | None  # the address of its mailbox
    seen: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)  # by mailbox, verb and collection: what chance goes by
    started: bool = False


class Faults:
    """The bad days that were ordered and are still to come. Any thread may use it.

    `who` gives the address of a mailbox by address or id, None where there is none; `known` lists addresses.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        moment: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = date.today,
        who: Callable[[str], str | None] | None = None,
        known: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._seed, self._moment, self._today, self._who, self._known = seed, moment, today, who, known
        self._lock = threading.RLock()
        self._ordered: list[_Ordered] = []
        self._number = 0
        self.when_cleared: Callable[[], None] = lambda: None  # what else ends with a fault

    def order(self, faults: Iterable[Fault]) -> None:
        """Let these strike too, all or none; raises Misspelt where one is for a mailbox that is not here."""
        new = list(faults)
        if problems := [problem for fault in new if (problem := self._nobody(fault))]:
            raise Misspelt(problems)
        with self._lock:
            for fault in new:
                self._number += 1
                who = self._address(fault.mailbox)
                one = _Ordered(str(self._number), fault, self._moment(), who)
                one.started = fault.do == "skew" and not fault.names_a_request
                self._ordered.append(one)

    def clear(self, id_: str | None = None) -> bool:
        """Take back one, or all; false where there is none of that id."""
        with self._lock:
            left = [one for one in self._ordered if id_ is not None and one.id != id_]
            found = id_ is None or len(left) < len(self._ordered)
            self._ordered = left
        self.when_cleared()
        return found

    def __bool__(self) -> bool:
        """Whether any was ordered."""
        return bool(self._ordered)

    def shown(self) -> list[dict[str, Any]]:
        """Every fault with its id, how many requests fitted it and were struck, and whether it is over."""
        with self._lock:
            return [
                asdict(one.fault)
                | {
                    "on": str(one.fault.on) if one.fault.on else None,
                    "id": one.id,
                    "seen": one.seen.total(),
                    "struck": one.struck.total(),
                    "over": self._over(one),
                }
                for one in self._ordered
            ]

    def before(self, request: GraphRequest, address: str | None, page: int | None = None) -> Fault | None:
        """The fault that strikes this request before or after its work, if one does. `page`: of a list."""
        return self._first(request, address, page, None)

    def on_list(
        self, request: GraphRequest, address: str | None, page: int | None, shows: Callable[[str], bool]
    ) -> Fault | None:
        """The fault that strikes the list about to be answered; `shows`: whether it would be seen there."""
        return self._first(request, address, page, shows)

    def skew(self) -> timedelta:
        """How far the clock is wrong by faults."""
        if not self._ordered:
            return timedelta(0)
        with self._lock:
            wrong = (one.fault.seconds for one in self._ordered if one.started and self._in_force(one))
            return timedelta(seconds=sum(wrong))

    def _first(
        self,
        request: GraphRequest,
        address: str | None,
        page: int | None,
        shows: Callable[[str], bool] | None,
    ) -> Fault | None:
        if not self._ordered:
            return None
        with self._lock:
            for one in self._ordered:
                if one.fault.on_lists != (shows is not None) or (shows and not shows(one.fault.do)):
                    continue
                if self._strikes(one, request, address, page):
                    if one.fault.do != "skew":
                        return one.fault
                    one.started = True
        return None

    def _strikes(self, one: _Ordered, request: GraphRequest, address: str | None, page: int | None) -> bool:
        fault = one.fault
        if not _fits(one, request, address, page) or not self._in_force(one):
            return False
        group = (address or "") if fault.each == "mailbox" else ""
        one.seen[group] += 1
        if one.seen[group] < fault.nth or (fault.times is not None and one.struck[group] >= fault.times):
            return False
        if fault.rate is not None and not self._by_chance(one, request, address):
            return False
        one.struck[group] += 1
        return True

    def _by_chance(self, one: _Ordered, request: GraphRequest, address: str | None) -> bool:
        """The same for the same request whatever else comes: no generator that all of them draw from."""
        fault = one.fault
        seed = self._seed if fault.seed is None else fault.seed
        key = f"{address}|{request.verb}|{'/'.join(request.segments[2:3]).casefold()}"
        one.met[key] += 1
        drawn = hashlib.blake2b(f"{seed}|{fault.do}|{key}|{one.met[key]}".encode(), digest_size=8).digest()
        return int.from_bytes(drawn) < (fault.rate or 0) * 2**64

    def _in_force(self, one: _Ordered) -> bool:
        fault = one.fault
        if fault.for_seconds is not None and self._moment() - one.since >= fault.for_seconds:
            return False
        return fault.on is None or self._today().isoformat() == str(fault.on)

    def _over(self, one: _Ordered) -> bool:
        fault = one.fault
        if fault.for_seconds is not None and self._moment() - one.since >= fault.for_seconds:
            return True
        return fault.times is not None and fault.each == "all" and one.struck.total() >= fault.times

    def _address(self, mailbox: str | None) -> str | None:
        found = self._who(mailbox) if self._who and mailbox else mailbox
        return found.casefold() if found else None

    def _nobody(self, fault: Fault) -> str | None:
        if fault.mailbox is None or self._who is None or self._who(fault.mailbox) is not None:
            return None
        close = difflib.get_close_matches(fault.mailbox.casefold(), list(self._known()), 1)
        return f"There is no mailbox '{fault.mailbox}' here." + (
            f" Did you mean '{close[0]}'?" if close else ""
        )


def _fits(one: _Ordered, request: GraphRequest, address: str | None, page: int | None) -> bool:
    fault = one.fault
    if fault.do == "secret_expired":
        return request.is_sign_in
    if fault.path is None and (request.is_batch or request.is_sign_in):
        return False
    if fault.do == "gone" and not request.in_outlook:
        return False
    if fault.do in BATCH_FAULTS and not request.in_batch:
        return False
    return (
        (fault.verb is None or fault.verb.upper() == request.verb)
        and (fault.mailbox is None or one.who == (address or "").casefold())
        and (fault.path is None or fault.path.casefold() in f"/{'/'.join(request.segments)}".casefold())
        and (fault.page is None or fault.page == page)
    )
