"""What was done in each diary so far and what was not, counted as it happens and said of people at the end.

A hundred entries that met the same trouble are one sentence: how many could not be written, how many could,
why, and who must mend it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from bot.diary.mailbox import MailboxPlan
from bot.errors import BotError, Temporary
from bot.run.report import Kept, Line
from bot.run.words import left_lines

# Each answer has its own, so it tells no two troubles apart.
_REQUEST = re.compile(r" request [0-9A-Za-z-]{1,64}(?=\))")


@dataclass
class Tally:
    """One diary. ``worker``: whose it is, as people know them: their id."""

    mailbox: str
    worker: str
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    refused: bool = False
    again: bool = False
    made_again: int = 0  # entries that an older store says stand, and that went since
    untouched: set[str] = field(default_factory=set)  # ids of what stood before, and stands as it did
    _failed: Counter[str] = field(default_factory=Counter)
    _words: dict[str, str] = field(default_factory=dict)

    def could_not(self, error: BotError | str, more: str = "") -> None:
        """Something was not done that concerns the whole diary."""
        self.errors.append(self._said(f"{error}{more}"))
        self.again = self.again or isinstance(error, Temporary)

    def could_not_write(self, error: BotError | str, *, temporary: bool) -> None:
        """One entry was not written."""
        words = str(error).removeprefix(f"{self.mailbox}: ")
        trouble = _REQUEST.sub("", words)
        self._failed[trouble] += 1
        self._words.setdefault(trouble, words)
        self.again = self.again or temporary

    @property
    def all_went_well(self) -> bool:
        """Whether nothing failed so far and nothing was refused."""
        return not self.errors and not self._failed and not self.refused

    @property
    def is_whole(self) -> bool:
        """Whether nothing so far was left as it is."""
        return self.all_went_well and all(one.did != "left" for one in self.lines)

    def kept(self, plan: MailboxPlan | None) -> Kept:
        """As the report has it."""
        left = left_lines(plan) if plan and not self.refused else ()
        return Kept(
            mailbox=self.mailbox,
            worker_id=self.worker,
            created=self.counts["create"],
            changed=self.counts["change"],
            removed=self.counts["remove"],
            released=self.counts["untag"],
            unchanged=len(self.untouched),
            lines=(*self.lines, *left),
            notes=plan.notes if plan else (),
            errors=(*self.errors, *self._not_written()),
            refused=self.refused,
            again=self.again,
            made_again=self.made_again,
        )

    def _not_written(self) -> list[str]:
        done = self.counts.total()
        of = done + self._failed.total()
        return [
            self._said(f"{_entries(count, of)} not written{_others(done)}. {self._words[trouble]}")
            for trouble, count in self._failed.items()
        ]

    def _said(self, words: str) -> str:
        return f"{self.worker} · {self.mailbox}: {words.removeprefix(f'{self.mailbox}: ')}"


def _entries(count: int, of: int) -> str:
    return f"{count} of {of} entries {'was' if count == 1 else 'were'}"


def _others(done: int) -> str:
    return f" ({done} {'was' if done == 1 else 'were'})" if done else ""
