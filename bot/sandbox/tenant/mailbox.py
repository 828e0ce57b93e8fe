"""One person's mailbox: items and the indexes that make a filtered list a look-up instead of a scan."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, Literal

from bot.sandbox.tenant.departures import Departure, Departures
from bot.sandbox.tenant.refusal import GraphError, item_not_found

FOLDERS = {
    "inbox": "Inbox",
    "drafts": "Drafts",
    "sentitems": "Sent Items",
    "deleteditems": "Deleted Items",
    "archive": "Archive",
}
# What a mailbox has before anybody touched its list of categories.
FIRST_CATEGORIES = (
    ("Red category", "preset0"),
    ("Orange category", "preset1"),
    ("Yellow category", "preset3"),
    ("Green category", "preset4"),
    ("Blue category", "preset7"),
    ("Purple category", "preset8"),
)

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

Kind = Literal["event", "message"]


def fold_property(name: str, value: str) -> tuple[str, str]:
    """How Exchange compares an extended property: without regard to case."""
    return name.casefold(), value.casefold()


@dataclass(slots=True)
class Item:
    """An event or a message. `key` never changes; `id` does when the item moves."""

    kind: Kind
    key: str
    id: str
    version: int
    props: dict[str, Any]
    folder: str = "calendar"
    extended: dict[str, str] = field(default_factory=dict)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    starts: datetime = LONG_AGO  # events: when it begins and ends, in UTC
    ends: datetime = LONG_AGO

    @property
    def change_key(self) -> str:
        """Another word for every version."""
        digest = hashlib.sha256(f"{self.key}/{self.version}".encode()).digest()
        return base64.b64encode(b"\x0f\x00\x00\x00\x16\x00\x00\x00" + digest[:22]).decode()

    @property
    def etag(self) -> str:
        """The weak entity tag that If-Match is compared with."""
        return f'W/"{self.change_key}"'


@dataclass(slots=True)
class Category:
    """A name and a preset colour in the master list."""

    id: str
    name: str
    color: str


@dataclass(slots=True)
class Calendar:
    """A calendar beside the default one. `key` never changes and is the folder of its events."""

    key: str
    name: str
    color: str = "auto"
    version: int = 0


# What of an event says when it happens, over and over.
_WHEN = ("type", "start", "end", "isAllDay", "recurrence", "cancelledOccurrences", "seriesMasterId")


def new_id(prefix: str) -> str:
    """An id shaped like Exchange's: long, base64 for URLs, and case does matter."""
    return prefix + base64.urlsafe_b64encode(secrets.token_bytes(83)).decode()


class Mailbox:
    """Events, messages, categories and settings of one person. The tenant's lock guards it."""

    def __init__(self, user_id: str, address: str) -> None:
        self.user_id = user_id
        self.address = address
        self.events: dict[str, Item] = {}
        self.series: dict[str, Item] = {}  # the masters among the events, which happen many times
        self.calendars: dict[str, Calendar] = {}  # beside the default one
        self.departures = Departures()
        self.messages: dict[str, Item] = {}
        self.folders: dict[str, dict[str, None]] = {name: {} for name in FOLDERS}
        self.categories: dict[str, Category] = {}
        self.transactions: dict[str, str] = {}
        self.settings: dict[str, Any] = {}
        self.version = 0
        self.gone = False
        self.dirty = False
        self.sent_at: deque[datetime] = deque()
        self._ids: dict[str, Item] = {}
        self._extended: dict[tuple[Kind, str, str], dict[str, None]] = {}
        for name, color in FIRST_CATEGORIES:
            self.add_category(name, color)
        self.dirty = False

    def folder_id(self, name: str) -> str:
        """A folder's opaque id."""
        digest = hashlib.sha512(f"{self.user_id}/{name}".encode()).digest()
        return "AQMkAD" + base64.urlsafe_b64encode(digest).decode()

    def items(self, kind: Kind) -> dict[str, Item]:
        """Events or messages, by their immutable id."""
        return self.events if kind == "event" else self.messages

    def add(self, kind: Kind, props: dict[str, Any], folder: str = "calendar") -> Item:
        """A new item; the caller fills it and calls `changed`."""
        item = Item(kind, new_id("AAkALg"), new_id("AAMkAG"), 0, props, folder)
        self.insert(item)
        self.changed(item)
        return item

    def insert(self, item: Item) -> None:
        """Take in an item with its ids, as it was saved."""
        self.items(item.kind)[item.key] = item
        self._ids[item.key] = self._ids[item.id] = item
        if item.kind == "message":
            self.folders[item.folder][item.key] = None
        elif item.props.get("recurrence"):
            self.series[item.key] = item
        for name, value in item.extended.items():
            self._extended.setdefault((item.kind, *fold_property(name, value)), {})[item.key] = None

    def changed(self, item: Item) -> None:
        """A new version, so that whoever holds the old etag is told."""
        self.version += 1
        item.version = self.version
        if item.kind == "event":
            if item.props.get("recurrence"):
                self.series[item.key] = item
            else:
                self.series.pop(item.key, None)
        self.dirty = True

    def find(self, kind: Kind, some_id: str) -> Item:
        """By default id or immutable id; both are case-sensitive."""
        item = self._ids.get(some_id)
        if item is None or item.kind != kind:
            if len(some_id) < 16:
                raise GraphError(400, "ErrorInvalidIdMalformed", "Id is malformed.")
            raise item_not_found()
        return item

    def remove(self, item: Item) -> None:
        """Gone for good."""
        for name in list(item.extended):
            self.set_extended(item, name, None)
        del self.items(item.kind)[item.key]
        del self._ids[item.key], self._ids[item.id]
        self.version += 1
        if item.kind == "message":
            del self.folders[item.folder][item.key]
        else:
            self.series.pop(item.key, None)
            self.departed(item, self.version, deleted=True)
        self.dirty = True

    def departed(self, item: Item, version: int, *, deleted: bool) -> None:
        """Remember where an event stands that is about to stand elsewhere, or nowhere."""
        when = {name: item.props[name] for name in _WHEN if item.props.get(name) is not None}
        self.departures.note(
            Departure(version, item.key, item.id, item.folder, item.starts, item.ends, when, deleted)
        )

    def move(self, item: Item, folder: str) -> None:
        """To another folder: the default id changes, the immutable one does not."""
        del self._ids[item.id], self.folders[item.folder][item.key]
        item.id, item.folder = new_id("AAMkAG"), folder
        self._ids[item.id] = item
        self.folders[folder][item.key] = None
        self.changed(item)

    def set_extended(self, item: Item, name: str, value: str | None) -> None:
        """Give an item a property, or take it away with None."""
        known = next((known for known in item.extended if known.casefold() == name.casefold()), None)
        if known is not None:
            index = (item.kind, *fold_property(known, item.extended.pop(known)))
            self._extended[index].pop(item.key, None)
            if not self._extended[index]:
                del self._extended[index]
        if value is not None:
            item.extended[name] = value
            self._extended.setdefault((item.kind, *fold_property(name, value)), {})[item.key] = None
        self.dirty = True

    def with_property(self, kind: Kind, name: str, value: str) -> Iterator[Item]:
        """The items that carry that property with that value, by the index."""
        items = self.items(kind)
        for key in self._extended.get((kind, *fold_property(name, value)), {}):
            yield items[key]

    def wait_to_send(self, now: datetime, a_minute: int) -> int:
        """How many seconds until one more message may leave; with none to wait, it is counted."""
        while self.sent_at and not timedelta(0) <= now - self.sent_at[0] < timedelta(minutes=1):
            self.sent_at.popleft()
        if len(self.sent_at) >= a_minute:
            return max(1, ceil(60 - (now - self.sent_at[-a_minute]).total_seconds()))
        self.sent_at.append(now)
        return 0

    def add_category(self, name: str, color: str) -> Category:
        """Put a name into the master list."""
        category = Category(str(uuid.uuid4()), name, color)
        self.categories[category.id] = category
        self.dirty = True
        return category

    def category_named(self, name: str) -> Category | None:
        """The master list's entry of that name, whatever its case."""
        return next((c for c in self.categories.values() if c.name.casefold() == name.casefold()), None)

    def color_of(self, name: str) -> str | None:
        """The preset of a category by its name; a name that the master list lacks shows without colour."""
        category = self.category_named(name)
        return None if category is None or category.color == "none" else category.color
