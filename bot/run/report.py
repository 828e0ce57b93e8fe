"""What a run did, as values: for the person at the terminal, the service's counters and the demo's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.errors import Problem

Did = Literal["put", "moved", "changed", "done", "removed", "left", "told"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing done in one diary or left as a person wants it, in words, and why; and the entry, if any."""

    what: str
    why: str
    did: Did = "told"
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one diary in a run."""

    mailbox: str
    worker_id: str
    created: int = 0
    changed: int = 0
    removed: int = 0
    released: int = 0
    unchanged: int = 0
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    refused: bool = False  # the guard held it back
    again: bool = False  # some of it may succeed on another try
    made_again: int = 0  # entries that the store says stand, and that went in a run it does not remember

    @property
    def writes(self) -> int:
        """How many entries were written, of whatever kind."""
        return self.created + self.changed + self.removed + self.released


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one mail."""

    person: str
    recipient: str
    subject: str
    job: str
    state: str  # sent, waiting, failed
    error: str | None = None


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run from beginning to end."""

    today: date
    kept: tuple[Kept, ...]
    posted: tuple[Posted, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    owed: int
    set_aside: tuple[str, ...]  # visits that stand in no diary, and why
    lifted: tuple[str, ...] = ()  # what guards said that somebody lifted for this run, and who

    @property
    def writes(self) -> int:
        """Calendar entries written."""
        return sum(one.writes for one in self.kept)

    @property
    def mails_sent(self) -> int:
        """Mails that Microsoft took."""
        return sum(one.state == "sent" for one in self.posted)

    @property
    def errors(self) -> tuple[str, ...]:
        """What could not be done, mailbox by mailbox and mail by mail; what is so for all of them, once."""
        kept = [error for one in self.kept for error in one.errors]
        return tuple(dict.fromkeys((*kept, *(one.error for one in self.posted if one.error))))

    @property
    def restored(self) -> tuple[str, ...]:
        """What an operator must know where an older store was put back; nothing where none was."""
        again = [one.made_again for one in self.kept if one.made_again]
        if not again:
            return ()
        return (
            f"The store is older than what stands in {len(again)} of {len(self.kept)} diaries: an older copy "
            f"was put back. {sum(again)} entries that it says stand there were gone, taken out by a run that "
            "it does not remember or by a person. They are still owed and were made again; whoever had "
            "deleted one themselves deletes it once more.",
        )

    @property
    def again(self) -> bool:
        """Whether the day's run is still owed."""
        return still_owed(self.kept)

    @property
    def nothing_done(self) -> bool:
        """Whether diaries were to be kept and not one of them was."""
        return _none(self.kept)


def still_owed(kept: Sequence[Kept]) -> bool:
    """Whether some of what was not done may succeed on another try today, or nothing was done at all.

    What somebody must mend first is left to the next day's run: asking for it again every ten minutes would
    change nothing, and say the same each time.
    """
    return _none(kept) or any(one.again for one in kept)


def _none(kept: Sequence[Kept]) -> bool:
    return bool(kept) and all(one.errors for one in kept)
