"""What makes a filtered list a look-up and a calendar view a cut: items by a property's value, and by start.

Both are small where a mailbox is small: most values belong to one item, so that item stands for itself.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from bot.sandbox.tenant.items import Item, Kind, fold_property

_FIRST = datetime.min.replace(tzinfo=UTC)
_start = attrgetter("starts")


class ByProperty:
    """Items by the value of an extended property, whatever its case; in the order they were given it."""

    __slots__ = ("_items", "looked_at")

    def __init__(self) -> None:
        self._items: dict[tuple[Kind, str], dict[str, Item | dict[int, Item]]] = {}
        self.looked_at = 0  # how many items were handed out: what a filter costs

    def add(self, item: Item, name: str, value: str) -> None:
        """An item has been given that property."""
        name, value = fold_property(name, value)
        values = self._items.setdefault((item.kind, name), {})
        others = values.get(value)
        if others is None:
            values[value] = item
        elif isinstance(others, Item):
            values[value] = {others.number: others, item.number: item}
        else:
            others[item.number] = item

    def remove(self, item: Item, name: str, value: str) -> None:
        """An item has lost that property."""
        name, value = fold_property(name, value)
        values = self._items[item.kind, name]
        others = values[value]
        if not isinstance(others, Item):
            del others[item.number]
            if others:
                return
        del values[value]

    def _carriers(self, kind: Kind, tag: tuple[str, str]) -> Collection[Item]:
        name, value = fold_property(*tag)
        found = self._items.get((kind, name), {}).get(value, {})
        return (found,) if isinstance(found, Item) else found.values()

    def how_many(self, kind: Kind, tag: tuple[str, str]) -> int:
        """How many items carry that property with that value; none is looked at."""
        return len(self._carriers(kind, tag))

    def __call__(self, kind: Kind, tag: tuple[str, str]) -> Iterator[Item]:
        """The items that carry it."""
        for item in self._carriers(kind, tag):
            self.looked_at += 1
            yield item


class ByStart:
    """Events by when they begin, so that a window costs what stands in it."""

    __slots__ = ("_items", "_longest", "looked_at")

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._longest = timedelta(0)  # that any event here ever was
        self.looked_at = 0

    def add(self, item: Item) -> None:
        """An event stands where its `starts` says."""
        insort(self._items, item, key=_start)
        self._longest = max(self._longest, item.ends - item.starts)

    def remove(self, item: Item) -> None:
        """An event stands nowhere, or is about to stand elsewhere; its `starts` is still what it was."""
        at = bisect_left(self._items, item.starts, key=_start)
        while self._items[at] is not item:
            at += 1
        del self._items[at]

    def __call__(self, start: datetime, end: datetime) -> Iterator[Item]:
        """What may touch the window (its end exclusive), earliest first; the caller looks closer."""
        start = start.astimezone(UTC)
        since = start - self._longest if start - _FIRST > self._longest else _FIRST
        at = bisect_left(self._items, since, key=_start)
        while at < len(self._items) and (item := self._items[at]).starts < end:
            self.looked_at += 1
            yield item
            at += 1
