"""An event or a message as it is kept: small, since a council's diaries hold half a million of them.

An event rests as the JSON of what it says beyond the usual, and is read out of it when it is asked for; its
ids are written when they are shown. A message stays as it is: there are few, and most of one is its body.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal

from bot.sandbox.tenant import usual
from bot.sandbox.tenant.html import framed, unframed
from bot.sandbox.tenant.ids import BY_PLACE, IMMUTABLE, Ids

Kind = Literal["event", "message"]
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

# The names of what events say, each set of them once: most events say the same things.
_SHAPES: dict[tuple[str, ...], tuple[str, ...]] = {}
_write = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def fold_property(name: str, value: str) -> tuple[str, str]:
    """How Exchange compares an extended property: without regard to case."""
    return sys.intern(name.casefold()), value.casefold()


class Item:
    """An event or a message. Its number, and with it `key`, never changes; `id` does when the item moves."""

    __slots__ = (
        "_attachments",
        "_ids",
        "_names",
        "_rest",
        "_tags",
        "ends",
        "folder",
        "kind",
        "moves",
        "number",
        "recurs",
        "starts",
        "version",
    )

    def __init__(
        self, kind: Kind, ids: Ids, number: int, props: Mapping[str, Any], folder: str = "calendar"
    ) -> None:
        self.kind: Kind = kind
        self._ids = ids
        self.number = number
        self.moves = 0
        self.version = 0
        self.folder = sys.intern(folder)
        self.starts = LONG_AGO  # events: when it begins and ends, in UTC; the mailbox places them
        self.ends = LONG_AGO
        self._tags: tuple[str, ...] = ()  # name, value, name, value
        self._attachments: list[dict[str, Any]] | None = None
        self.props = props

    @property
    def key(self) -> str:
        """The immutable id."""
        return self._ids.write(IMMUTABLE, self.number)

    @property
    def id(self) -> str:
        """The default id: another one after every move."""
        return self._ids.write(BY_PLACE, self.number, self.moves)

    @property
    def change_key(self) -> str:
        """Another word for every version."""
        return self._ids.change_key(self.number, self.version)

    @property
    def etag(self) -> str:
        """The weak entity tag that If-Match is compared with."""
        return f'W/"{self.change_key}"'

    @property
    def props(self) -> MappingProxyType[str, Any]:
        """What it says; not to be written into, only to be set as a whole."""
        if isinstance(self._rest, str):
            return MappingProxyType({**usual.EVENT, **self._unusual()})
        return MappingProxyType(self._rest)

    @props.setter
    def props(self, props: Mapping[str, Any]) -> None:
        self.recurs = bool(props.get("recurrence"))
        self._rest: str | dict[str, Any]
        if self.kind == "event":
            usually, nothing = usual.EVENT, object()
            said = {name: value for name, value in props.items() if usually.get(name, nothing) != value}
            body = said.get("body") or {}
            if body.get("contentType") == "html" and (inner := unframed(body["content"])) is not None:
                said["body"] = inner  # the page around it is the same for nearly all of them
            names = tuple(said)
            self._names = _SHAPES.setdefault(names, names)
            self._rest = _write(list(said.values()))
        else:
            self._rest = dict(props)

    def _unusual(self) -> dict[str, Any]:
        """What it says beyond the usual; of a message, everything."""
        if isinstance(self._rest, str):
            said = dict(zip(self._names, json.loads(self._rest), strict=True))
            if isinstance(said.get("body"), str):
                said["body"] = {"contentType": "html", "content": framed(said["body"])}
            return said
        return self._rest

    @property
    def extended(self) -> dict[str, str]:
        """The extended properties by their ids; the mailbox sets them, so that it can find by them."""
        return dict(zip(self._tags[::2], self._tags[1::2], strict=True))

    @extended.setter
    def extended(self, tags: Mapping[str, str]) -> None:
        self._tags = tuple(part for name, value in tags.items() for part in (sys.intern(name), value))

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """The files with it, to be added to and taken from."""
        if self._attachments is None:
            self._attachments = []
        return self._attachments

    @attachments.setter
    def attachments(self, attachments: list[dict[str, Any]]) -> None:
        self._attachments = attachments or None

    # keeping

    def packed(self) -> dict[str, Any]:
        """All there is to know of it, ready for JSON."""
        return {
            "kind": self.kind,
            "number": self.number,
            "moves": self.moves,
            "version": self.version,
            "folder": self.folder,
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "extended": self.extended,
            "attachments": self._attachments or [],
            "props": self._unusual(),
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any], ids: Ids) -> Item:
        """An item as it was packed."""
        item = cls(packed["kind"], ids, packed["number"], packed["props"], packed["folder"])
        item.moves, item.version = packed["moves"], packed["version"]
        item.starts, item.ends = (datetime.fromisoformat(packed[side]) for side in ("starts", "ends"))
        item.extended, item.attachments = packed["extended"], packed["attachments"]
        return item
