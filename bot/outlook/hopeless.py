"""When to stop asking one mailbox: the same refusal again and again says that the next will be no better.

A mailbox that was closed or is full would otherwise be asked once for every entry that belongs in it, and a
mailbox in difficulty several times for each, while the others wait for their turn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from bot.outlook.answer import Answer
from bot.outlook.faults import Fault, Nature
from bot.outlook.turns import Turn

TRIES_AN_ENTRY: Final = 4  # a question that may succeed later is asked so often before it is given up


class Hopeless:
    """Counts, by mailbox and method, the refusals in a row that are the mailbox's own and not one entry's."""

    def __init__(self, entries: int) -> None:
        self._entries = entries
        self._refusals: Counter[tuple[str, str, int]] = Counter()

    def answered(self, turn: Turn) -> None:
        """Something was done in a mailbox: all may be well again."""
        for name in [name for name in self._refusals if name[:2] == (turn.mailbox, turn.ask.method)]:
            del self._refusals[name]

    def is_so(self, turn: Turn, answer: Answer, fault: Fault) -> bool:
        """Whether this refusal is the last one to be waited for."""
        if fault.nature not in (Nature.PERMANENT, Nature.TEMPORARY) or answer.status in (401, 429):
            return False
        name = (turn.mailbox, turn.ask.method, answer.status)
        self._refusals[name] += 1
        tries = 1 if fault.nature is Nature.PERMANENT else TRIES_AN_ENTRY
        return self._refusals[name] >= self._entries * tries

    def rest(self, fault: Fault) -> Fault:
        """What is said of those who are not asked about any more."""
        return replace(fault, words=f"{fault.words} The same was answered {self._entries} times in a row.")
