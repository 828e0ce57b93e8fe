"""One person's mailbox: items and the indexes that make a filtered list a look-up instead of a scan."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from bot.sandbox.tenant.departures import Departure, Departures, Standing
from bot.sandbox.tenant.ids import BY_PLACE, IMMUTABLE, Ids
from bot.sandbox.tenant.index import ByProperty, ByStart
from bot.sandbox.tenant.items import LONG_AGO, Item, Kind
from bot.sandbox.tenant.refusal import GraphError, item_not_found

__all__ = ["FOLDERS", "Calendar", "Category", "Item", "Kind", "Mailbox"]

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
    extended: dict[str, str] = field(default_factory=dict)

    def set_extended(self, name: str, value: str | None) -> None:
        """Give it a property, or take it away with None."""
        kept = {known: told for known, told in self.extended.items() if known.casefold() != name.casefold()}
        self.extended = kept if value is None else kept | {name: value}


class Mailbox:
    """Events, messages, categories and settings of one person. The tenant's lock guards it."""

    def __init__(
        self, user_id: str, address: str, *, seed: bytes = b"", unsaved: set[Mailbox] | None = None
    ) -> None:
        self.user_id = user_id
        self.address = address
        self.ids = Ids(seed or secrets.token_bytes(16))
        self.events: dict[int, Item] = {}
        self.series: dict[str, Item] = {}  # the masters among the events, which happen many times
        self.calendars: dict[str, Calendar] = {}  # beside the default one
        self.departures = Departures()
        self.messages: dict[int, Item] = {}
        self.folders: dict[str, dict[int, None]] = {name: {} for name in FOLDERS}
        self.categories: dict[str, Category] = {}
        self.transactions: dict[str, int] = {}
        self.settings: dict[str, Any] = {}
        self.replied_in = ""  # for which automatic replies these were answered
        self.replied_to: set[str] = set()
        self.version = 0
        self.by_property = ByProperty()
        self.by_start = ByStart()
        self.last_number = 0
        self._sent_at: list[datetime] = []
        self._unsaved: set[Mailbox] = set() if unsaved is None else unsaved
        for name, color in FIRST_CATEGORIES:
            self.add_category(name, color)
        self.dirty = False

    @property
    def dirty(self) -> bool:
        """Whether there is something to be saved."""
        return self in self._unsaved

    @dirty.setter
    def dirty(self, dirty: bool) -> None:
        (self._unsaved.add if dirty else self._unsaved.discard)(self)

    def folder_id(self, name: str) -> str:
        """A folder's opaque id."""
        digest = hashlib.sha512(f"{self.user_id}/{name}".encode()).digest()
        return "AQMkAD" + base64.urlsafe_b64encode(digest).decode()

    def items(self, kind: Kind) -> dict[int, Item]:
        """Events or messages, by their number."""
        return self.events if kind == "event" else self.messages

    def add(
        self,
        kind: Kind,
        props: Mapping[str, Any],
        folder: str = "calendar",
        *,
        at: tuple[datetime, datetime] = (LONG_AGO, LONG_AGO),
    ) -> Item:
        """A new item; an event with when it begins and ends, in UTC."""
        self.last_number += 1
        item = Item(kind, self.ids, self.last_number, props, folder)
        item.starts, item.ends = at
        self.insert(item)
        self.changed(item)
        return item

    def insert(self, item: Item) -> None:
        """Take in an item into every index, as it was saved."""
        self.items(item.kind)[item.number] = item
        if item.kind == "message":
            self.folders[item.folder][item.number] = None
        else:
            self.by_start.add(item)
            if item.recurs:
                self.series[item.key] = item
        for name, value in item.extended.items():
            self.by_property.add(item, name, value)

    def place(self, item: Item, starts: datetime, ends: datetime) -> None:
        """Let an event stand at another time."""
        self.by_start.remove(item)
        item.starts, item.ends = starts, ends
        self.by_start.add(item)

    def changed(self, item: Item) -> None:
        """A new version, so that whoever holds the old etag is told."""
        self.version += 1
        item.version = self.version
        if item.recurs:
            self.series[item.key] = item
        elif self.series:
            self.series.pop(item.key, None)
        self.dirty = True

    def find(self, kind: Kind, some_id: str) -> Item:
        """By default id or immutable id; both are case-sensitive."""
        which, number, moves = self.ids.read(some_id) or (IMMUTABLE, 0, 0)
        item = self.items(kind).get(number)
        if item is None or (which == BY_PLACE and moves != item.moves):
            if len(some_id) < 16:
                raise GraphError(400, "ErrorInvalidIdMalformed", "Id is malformed.")
            raise item_not_found()
        return item

    def remove(self, item: Item) -> None:
        """Gone for good."""
        for name, value in item.extended.items():
            self.by_property.remove(item, name, value)
        del self.items(item.kind)[item.number]
        self.version += 1
        if item.kind == "message":
            del self.folders[item.folder][item.number]
        else:
            self.by_start.remove(item)
            self.series.pop(item.key, None)
            self.departed(item, self.version, deleted=True)
        self.dirty = True

    def departed(self, item: Standing, version: int, *, deleted: bool) -> None:
        """Remember where an event stands that is about to stand elsewhere, or nowhere."""
        self.departures.note(Departure.of(item, version, deleted=deleted))

    def move(self, item: Item, folder: str) -> None:
        """To another folder: the default id changes, the immutable one does not."""
        del self.folders[item.folder][item.number]
        item.folder, item.moves = folder, item.moves + 1
        self.folders[folder][item.number] = None
        self.changed(item)

    def set_extended(self, item: Item, name: str, value: str | None) -> None:
        """Give an item a property, or take it away with None."""
        extended = item.extended
        for known in [known for known in extended if known.casefold() == name.casefold()]:
            self.by_property.remove(item, known, extended.pop(known))
        if value is not None:
            extended[name] = value
            self.by_property.add(item, name, value)
        item.extended = extended
        self.dirty = True

    def wait_to_send(self, now: datetime, a_minute: int) -> int:
        """How many seconds until one more message may leave; with none to wait, it is counted."""
        while self._sent_at and not timedelta(0) <= now - self._sent_at[0] < timedelta(minutes=1):
            del self._sent_at[0]
        if len(self._sent_at) >= a_minute:
            return max(1, ceil(60 - (now - self._sent_at[-a_minute]).total_seconds()))
        self._sent_at.append(now)
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
