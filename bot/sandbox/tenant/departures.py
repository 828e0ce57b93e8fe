"""Where events stood before they were moved or deleted: what a delta query needs to say "this one is gone".

A mailbox forgets all but the latest of them, as Exchange does; whoever comes with a token older than that
has to read everything again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

REMEMBERED = 500


@dataclass(frozen=True, slots=True)
class Departure:
    """One event as it stood until that version of the mailbox."""

    version: int
    key: str
    id: str
    folder: str
    starts: datetime
    ends: datetime
    props: dict[str, Any]  # only what says when a series happens
    deleted: bool


class Departures:
    """The latest of them, oldest first."""

    def __init__(self, kept: Iterable[Departure] = (), forgotten: int = 0) -> None:
        self._kept = list(kept)
        self.forgotten = forgotten  # the mailbox's version up to which nothing is remembered

    def note(self, departure: Departure) -> None:
        """Remember one more, and forget the oldest where there are too many."""
        self._kept.append(departure)
        if len(self._kept) > REMEMBERED:
            self.forgotten = self._kept.pop(0).version

    def since(self, version: int) -> list[Departure]:
        """What went after that version."""
        found: list[Departure] = []
        for one in reversed(self._kept):
            if one.version <= version:
                break
            found.append(one)
        return found[::-1]

    def __iter__(self) -> Iterator[Departure]:
        return iter(self._kept)
