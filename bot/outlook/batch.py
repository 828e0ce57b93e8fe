"""Many small conversations with Graph, carried twenty to a request.

What must be asked about one entry (make it; if the answer was lost, look for it; make it again) is written
as one generator that yields a question and is given the answer. Here the questions of many such conversations
are put together into batches, each answer is handed to the one who asked, and those who must wait are asked
again together, after the longest wait, while nobody else waits for them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from bot.errors import BotError, Permanent, Temporary
from bot.outlook.answer import Answer, Ask, lost, mailbox_of
from bot.outlook.connection import BACKOFF, PREFER, Connection
from bot.outlook.faults import AGAIN, LONGEST_WAIT, Fault, Nature, judge, retry_after

T = TypeVar("T")
Conversation = Generator[Ask, Answer, T]

SIZE: Final = 20  # Graph takes no more in one batch
FAILURES_IN_A_ROW: Final = 3  # whole batches unanswered before the rest is left to the next run

_Pending = tuple[int, Ask]


def converse(connection: Connection, talks: Sequence[Conversation[T]]) -> tuple[T | BotError, ...]:
    """Carry every conversation to its end; what each returned, or the error that ended it, in their order."""
    return _Carrier(connection, talks).carry()


def persist(ask: Ask, clock: Callable[[], datetime]) -> Conversation[tuple[Answer, Fault | None]]:
    """Ask until a lasting answer comes or patience ends. Only for what done twice is the same as once."""
    for pause in (*BACKOFF, None):
        answer = yield ask
        fault = judge(answer, clock())
        if fault is None or fault.nature is not Nature.TEMPORARY:
            return answer, fault
        wait = pause_before_again(fault, pause)
        if wait is None:
            return answer, fault
        ask = replace(ask, after=wait)
    raise AssertionError("the last pause is null")


def pause_before_again(fault: Fault, pause: float | None) -> float | None:
    """How long to wait before asking again; null where it is not worth it in this run."""
    if pause is None or (fault.wait is not None and fault.wait > LONGEST_WAIT):
        return None
    return fault.wait if fault.wait is not None else pause


class _Carrier:
    """One round trip after another until nobody has anything left to ask."""

    def __init__(self, connection: Connection, talks: Sequence[Conversation[Any]]) -> None:
        self._connection = connection
        self._talks = talks
        self._ends: list[Any] = [None] * len(talks)
        self._ready: deque[_Pending] = deque()
        self._waiting: list[_Pending] = []
        self._failures = 0
        self._signed_in_again: set[int] = set()  # whose token was refused once

    def carry(self) -> tuple[Any, ...]:
        for index in range(len(self._talks)):
            self._advance(index, None)
        while self._ready or self._waiting:
            if not self._ready:
                self._connection.sleep(max(ask.after for _, ask in self._waiting))
                self._ready.extend(self._waiting)
                self._waiting.clear()
            self._round_trip(self._next_group())
        return tuple(self._ends)

    def _next_group(self) -> list[_Pending]:
        """Up to twenty, in turn; never two changes of one thing, for a batch keeps no order."""
        group: list[_Pending] = []
        held_back: list[_Pending] = []
        touched: set[str] = set()
        while self._ready and len(group) < SIZE:
            index, ask = self._ready.popleft()
            if ask.method in {"PATCH", "DELETE"} and ask.path in touched:
                held_back.append((index, ask))
                continue
            touched.add(ask.path)
            group.append((index, ask))
        self._ready.extendleft(reversed(held_back))
        return group

    def _round_trip(self, group: list[_Pending]) -> None:
        try:
            answers = self._send(group)
            again = self._sign_in_again(group, answers)
        except Permanent as error:
            self._end([*group, *self._all_left()], error)
            return
        for (index, ask), answer in zip(group, answers, strict=True):
            if index in again:
                self._ready.append((index, ask))
            else:
                self._advance(index, answer)
        self._stay_away(group, answers)
        if self._failures >= FAILURES_IN_A_ROW:
            self._give_up(answers[0])

    def _send(self, group: list[_Pending]) -> list[Answer]:
        """The answers in the order of the questions. A batch that failed as a whole answers all alike."""
        body = {"requests": [_item(str(number), ask) for number, (_, ask) in enumerate(group, 1)]}
        outer = self._connection.persist(
            Ask("POST", "/$batch", body), repeatable=False, places=self._connection.limiter.at_once
        )
        fault = judge(outer, self._connection.clock())
        if fault is None:
            self._failures = 0
            return _sort_out(outer, len(group))
        if fault.nature is not Nature.TEMPORARY:
            raise Permanent(fault.words)
        # Throttled after every wait that a run can afford, there is nothing to be asked any more.
        self._failures = FAILURES_IN_A_ROW if outer.status == 429 else self._failures + 1
        return [outer] * len(group)

    def _sign_in_again(self, group: list[_Pending], answers: list[Answer]) -> set[int]:
        """Fetch a new token where it was refused inside a batch; gives who is to ask once more with it.

        A token can end while a batch is worked on. What was refused so was certainly not carried out.
        """
        refused = {index for (index, _), one in zip(group, answers, strict=True) if one.status == 401}
        again = refused - self._signed_in_again
        if again:
            challenges = (one.headers.get("www-authenticate", "") for one in answers if one.status == 401)
            try:
                self._connection.sign_in_again(next(challenges))
            except Temporary as error:
                answers[:] = [lost(error) if one.status == 401 else one for one in answers]
                return set()
            self._signed_in_again |= again
        return again

    def _advance(self, index: int, answer: Answer | None) -> None:
        talk = self._talks[index]
        try:
            ask = next(talk) if answer is None else talk.send(answer)
        except StopIteration as stop:
            self._ends[index] = stop.value
        except BotError as error:
            self._ends[index] = error
        else:
            (self._waiting.append if ask.after > 0 else self._ready.append)((index, ask))

    def _stay_away(self, group: list[_Pending], answers: Sequence[Answer]) -> None:
        """Where a mailbox asked us to slow down, whatever else is meant for it waits as well."""
        waits: dict[str, float] = {}
        for (_, ask), answer in zip(group, answers, strict=True):
            wait = retry_after(answer, self._connection.clock()) if answer.status == 429 else None
            if wait is not None:
                mailbox = mailbox_of(ask.path)
                waits[mailbox] = max(wait, waits.get(mailbox, 0.0))
        if not waits:
            return
        ready, self._ready = self._ready, deque()
        for index, ask in ready:
            wait = waits.get(mailbox_of(ask.path), 0.0)
            if wait > LONGEST_WAIT:
                self._end([(index, ask)], _slow_down(wait, self._connection.clock()))
            elif wait > 0:
                self._waiting.append((index, replace(ask, after=max(wait, ask.after))))
            else:
                self._ready.append((index, ask))

    def _give_up(self, last: Answer) -> None:
        fault = judge(last, self._connection.clock())
        words = fault.words if fault is not None else "Microsoft 365 does not answer."
        words += "" if AGAIN in words else " The rest is left to the next run."
        retry_at = self._connection.clock() + timedelta(seconds=fault.wait) if fault and fault.wait else None
        self._end(self._all_left(), Temporary(words, retry_at))

    def _all_left(self) -> list[_Pending]:
        left = [*self._ready, *self._waiting]
        self._ready.clear()
        self._waiting.clear()
        return left

    def _end(self, pending: Sequence[_Pending], error: BotError) -> None:
        for index, _ in pending:
            self._talks[index].close()
            self._ends[index] = error


def _slow_down(wait: float, now: datetime) -> Temporary:
    return Temporary(
        "Microsoft asked us to slow down for this mailbox. The rest is left to the next run.",
        now + timedelta(seconds=wait),
    )


def _item(id_: str, ask: Ask) -> dict[str, Any]:
    headers = {"Prefer": PREFER, **ask.headers}
    item: dict[str, Any] = {"id": id_, "method": ask.method, "url": ask.path, "headers": headers}
    if ask.body is not None:
        item["body"] = ask.body
        headers["Content-Type"] = "application/json"
    return item


def _sort_out(outer: Answer, count: int) -> list[Answer]:
    found: dict[str, Answer] = {}
    responses = (outer.body or {}).get("responses")
    for response in responses if isinstance(responses, list) else ():
        if isinstance(response, dict) and isinstance(response.get("status"), int):
            found[str(response.get("id"))] = _item_answer(response, outer)
    missing = lost(Temporary(f"Microsoft left an answer out of a batch. {AGAIN}"))
    return [found.get(str(number), missing) for number in range(1, count + 1)]


def _item_answer(response: dict[str, Any], outer: Answer) -> Answer:
    headers = response.get("headers")
    named = (
        {str(name).lower(): str(value) for name, value in headers.items()}
        if isinstance(headers, dict)
        else {}
    )
    body = response.get("body")
    trace = {name: outer.headers[name] for name in ("date", "request-id") if name in outer.headers}
    return Answer(
        response["status"],
        {**trace, **named},
        {} if body is None else body if isinstance(body, dict) else None,
    )
