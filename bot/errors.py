"""How anything that goes wrong is said: to people who can mend it, and to the service that may try again.

Two families. A :class:`Problem` is data: one thing found wrong in a file or a setting; problems are
collected and shown all at once. The exceptions end something: a command, a run, or one mailbox's part
of it. The command line turns them into one message and an exit status, never a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Effect = Literal["row set aside", "value ignored", "excluded", "run refused", "warning"]


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing found wrong, on the cell, line or key where it stands.

    ``where`` is ``file:row:column`` with the row as a person counts it in the file (the header is row 1),
    or ``file:line:key`` for packs and settings. ``what`` names what was found, ``mend`` says what to do,
    ``effect`` what the program did about it. Never holds a child's name or date of birth.
    """

    where: str
    what: str
    mend: str
    effect: Effect

    def __str__(self) -> str:
        return f"{self.where}: {self.what} — {self.effect}. {self.mend}"


class BotError(Exception):
    """Base of every error meant for a person: ``str()`` of it is the whole message, mend included."""

    exit_code = 1


class Refused(BotError):
    """The work was refused and nothing was changed (exit 1)."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class WronglyUsed(BotError):
    """A command or a settings file was used wrongly (exit 2)."""

    exit_code = 2

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class Temporary(BotError):
    """Something outside failed and will be tried again; ``retry_at`` says when, where that is known."""

    def __init__(self, message: str, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class Permanent(BotError):
    """Something outside failed and trying again will not help; the message says what to do."""


def place(error: BaseException) -> str:
    """Where in the bot's own code an unexpected error arose, in words that hold no data."""
    trace = error.__traceback__
    found = ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("bot."):
            found = f" in {module}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return found
