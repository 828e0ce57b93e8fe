"""What must be asked about one thing, written as a generator: it yields a question and is given the answer.

Make it; if the answer was lost, look for it; make it again. Written so, many such conversations can be
carried together in batches, and each reads as if it were alone with Microsoft 365.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from bot.outlook.answer import Answer, Ask
from bot.outlook.connection import Connection
from bot.outlook.faults import Fault, Nature, judge
from bot.outlook.manners import BACKOFF

T = TypeVar("T")
Conversation = Generator[Ask, Answer, T]


@dataclass(frozen=True, slots=True)
class Talk(Generic[T]):
    """A conversation about something in one mailbox, which is whose turn it takes."""

    mailbox: str
    words: Conversation[T]


def persist(connection: Connection, ask: Ask) -> Conversation[tuple[Answer, Fault | None]]:
    """Ask until a lasting answer comes or patience ends. Only for what done twice is the same as once."""
    for pause in (*BACKOFF, None):
        answer = yield ask
        fault = judge(answer, connection.clock())
        if fault is None or fault.nature is not Nature.TEMPORARY:
            return answer, fault
        wait = pause_before_again(connection, fault, pause)
        if wait is None:
            return answer, fault
        ask = replace(ask, after=wait)
    raise AssertionError("the last pause is null")


def pause_before_again(connection: Connection, fault: Fault, pause: float | None) -> float | None:
    """How long to wait before asking again; null where it is not worth it in this run."""
    if pause is None or (fault.wait is not None and fault.wait > connection.manners.longest_wait):
        return None
    return fault.wait if fault.wait is not None else pause
