"""Where events stood before they were moved or deleted: what a delta query needs to say "this one is gone".

A mailbox forgets all but the latest of them, as Exchange does; whoever comes with a token older than that
has to read everything again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

REMEMBERED = 500
# What of an event says when it happens, over and over.
_WHEN = ("type", "start", "end", "isAllDay", "recurrence", "cancelledOccurrences", "_exceptions")


class Standing(Protocol):
    """An event, or one occurrence of a series, as it stands in a calendar."""

    @property
    def key(self) -> str:
        """The immutable id."""
        ...

    @property
    def id(self) -> str:
        """The default id."""
        ...

    @property
    def folder(self) -> str:
        """The calendar it stands in."""
        ...

    @property
    def props(self) -> Mapping[str, Any]:
        """What it says."""
        ...

    @property
    def starts(self) -> datetime:
        """When it begins, in UTC."""
        ...

    @property
    def ends(self) -> datetime:
        """When it ends, in UTC."""
        ...


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

    @classmethod
    def of(cls, item: Standing, version: int, *, deleted: bool) -> Departure:
        """How an event stands before that version."""
        props = item.props
        when = {name: props[name] for name in _WHEN if props.get(name)}
        return cls(version, item.key, item.id, item.folder, item.starts, item.ends, when, deleted)


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
