"""What runs of the bot did, in words, kept so that anyone can ask later what changed and why.

In a folder the log outlives the command that served the page, like the mailboxes that it speaks of.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from bot.sandbox.tenant import Tenant
from bot.sandbox.tenant.saving import write_atomically

log = logging.getLogger(__name__)

KEPT = 60  # runs: a month of days and what was tried between
Did = Literal["put", "moved", "changed", "done", "removed", "left", "mailed", "refused", "told"]


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One thing a run did: in whose mailbox (an address), what, and why; and where it can be looked at."""

    mailbox: str
    what: str
    why: str
    did: Did = "told"
    entry: str = ""  # the id of the entry it is about
    mail: str = ""  # the id of the mail, in the mailbox's inbox


@dataclass(frozen=True, slots=True)
class RunNews:
    """What one run did, told to whoever is looking at the page."""

    date: date
    lines: tuple[NewsLine, ...]
    mails: int
    writes: int
    problems: tuple[str, ...] = ()

    def shown(self, tenant: Tenant) -> dict[str, Any]:
        """As the page reads it: each line with the name that belongs to its address."""
        names = {line.mailbox: _name_of(tenant, line.mailbox) for line in self.lines}
        return self.kept() | {"lines": [asdict(one) | {"name": names[one.mailbox]} for one in self.lines]}

    def kept(self) -> dict[str, Any]:
        """As the log keeps it."""
        return asdict(self) | {"date": self.date.isoformat()}


def _name_of(tenant: Tenant, address: str) -> str:
    return tenant.find(address).name if tenant.has(address) else address


class RunLog:
    """The last runs, oldest first; with a file, those of earlier commands too. Any thread may use it."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._guard = threading.Lock()
        self._runs: deque[RunNews] = deque(_read(file) if file else (), maxlen=KEPT)

    def add(self, news: RunNews) -> None:
        """One more run has ended."""
        with self._guard:
            self._runs.append(news)
            if self._file:
                written = json.dumps([one.kept() for one in self._runs], ensure_ascii=False)
                write_atomically(self._file, written.encode())

    def shown(self, tenant: Tenant) -> list[dict[str, Any]]:
        """As the page reads them, newest first."""
        with self._guard:
            runs = list(self._runs)
        return [one.shown(tenant) for one in reversed(runs)]


def _read(file: Path) -> list[RunNews]:
    try:
        kept = json.loads(file.read_bytes())
        return [
            RunNews(
                date=date.fromisoformat(one["date"]),
                lines=tuple(NewsLine(**line) for line in one["lines"]),
                mails=one["mails"],
                writes=one["writes"],
                problems=tuple(one["problems"]),
            )
            for one in kept
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError):
        log.warning("%s is not a log of runs; what runs did is kept anew from here", file)
        return []
