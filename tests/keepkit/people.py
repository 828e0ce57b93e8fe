"""What people do in their own diaries, done in the stand-in's tenant as the page does it, and what stands."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.outlook.wire import KEY_PROPERTY, LONDON_IN_OUTLOOK, OWNER, OWNER_PROPERTY, RELEASED
from bot.sandbox.server import Running
from bot.sandbox.tenant import diary
from bot.sandbox.tenant.items import Item
from keepkit.children import address


@dataclass(frozen=True)
class Event:
    """An event as its owner sees it, with what they do not see: its tag."""

    worker: str
    id: str
    key: str | None
    ours: bool  # it carries the bot's mark
    let_go: bool  # the bot has put its mark off
    made_by_bot: bool
    subject: str
    starts: datetime
    all_day: bool
    categories: tuple[str, ...]


@dataclass
class Office:
    """Everybody at their diaries."""

    running: Running

    def events(self, worker: str) -> list[Event]:
        with self.running.tenant.lock:
            return [_event(worker, item) for item in self._items(worker)]

    def everywhere(self, workers: list[str]) -> list[Event]:
        return [one for worker in workers for one in self.events(worker)]

    def doubled(self, workers: list[str]) -> list[str]:
        """Keys for which the bot's own entries stand twice in one diary (a person's copy is theirs)."""
        standing = Counter(
            (one.worker, one.key) for one in self.everywhere(workers) if one.made_by_bot and one.key
        )
        return [f"{who}: {key}" for (who, key), times in standing.items() if times > 1]

    def put_own(self, worker: str, subject: str, starts: datetime, category: str = "") -> str:
        """An appointment of a person's own."""
        sent = {"subject": subject, **_times(starts, starts + timedelta(hours=1), all_day=False)}
        sent["categories"] = [category] if category else []
        with self.running.tenant.lock:
            return diary.create(self.running.tenant, self._box(worker), sent, self._settings).key

    def print_of(self, worker: str, id_: str) -> str:
        """An event to the last byte: all that is kept of it."""
        with self.running.tenant.lock:
            item = self._box(worker).find("event", id_)
            return json.dumps(item.packed() | {"attachments": item.attachments}, sort_keys=True)

    def move(self, event: Event, starts: datetime) -> None:
        self._change(event, _times(starts, starts + timedelta(hours=1), all_day=False) | {"isAllDay": False})

    def retitle(self, event: Event) -> None:
        self._change(event, {"subject": f"{event.subject}!"})

    def recolour(self, event: Event, category: str) -> None:
        kept = [one for one in event.categories if one != category]
        self._change(event, {"categories": [*kept, category]})

    def take_colour_out(self, event: Event) -> None:
        self._change(event, {"categories": []})

    def dismiss_alarm(self, event: Event) -> None:
        self._change(event, {"isReminderOn": False})

    def strip(self, event: Event) -> None:
        """A client that drops the properties it does not know."""
        with self.running.tenant.lock:
            box, item = self._box(event.worker), self._item(event)
            for name in item.extended:
                box.set_extended(item, name, None)
            box.changed(item)

    def delete(self, event: Event) -> None:
        with self.running.tenant.lock:
            diary.remove(self.running.tenant, self._box(event.worker), self._item(event), self._settings)

    def copy(self, event: Event, starts: datetime) -> str:
        """Ctrl and drag: the copy carries the tag too, and no transaction id."""
        with self.running.tenant.lock:
            item, box = self._item(event), self._box(event.worker)
            kept = ("subject", "body", "categories", "isReminderOn", "showAs", "sensitivity")
            sent: dict[str, Any] = {name: item.props[name] for name in kept}
            sent |= _times(starts, starts + timedelta(minutes=15), all_day=False)
            sent["singleValueExtendedProperties"] = [
                {"id": name, "value": value} for name, value in item.extended.items()
            ]
            return diary.create(self.running.tenant, box, sent, self._settings).key

    def rename_category(self, worker: str, old: str, new: str) -> None:
        """Outlook gives everything of that category the new name."""
        with self.running.tenant.lock:
            box = self._box(worker)
            found = box.category_named(old)
            if found is None or box.category_named(new):
                return
            found.name = new
        for event in self.events(worker):
            if old in event.categories:
                named = [new if one == old else one for one in event.categories]
                self._change(event, {"categories": named})

    def delete_category(self, worker: str, name: str, *, from_entries: bool) -> None:
        """It goes from the list; Outlook asks whether from everything that wears it too."""
        with self.running.tenant.lock:
            box = self._box(worker)
            found = box.category_named(name)
            if found is None:
                return
            del box.categories[found.id]
        for event in self.events(worker) if from_entries else ():
            if name in event.categories:
                self._change(event, {"categories": [one for one in event.categories if one != name]})

    def has_category(self, worker: str, name: str) -> bool:
        with self.running.tenant.lock:
            return self._box(worker).category_named(name) is not None

    def photograph(self) -> dict[str, Any]:
        """All mailboxes as they are, to be put back later as often as wanted."""
        with self.running.tenant.lock:
            return copy.deepcopy(self.running.tenant._mailboxes)

    def put_back(self, photograph: dict[str, Any]) -> None:
        with self.running.tenant.lock:
            self.running.tenant._mailboxes = copy.deepcopy(photograph)

    def picture(self, workers: list[str]) -> list[tuple[object, ...]]:
        """What every diary shows, in order; what a run brings about twice must look the same twice."""
        return sorted(
            (one.worker, one.key or "", one.ours, one.subject, one.starts, one.all_day, one.categories)
            for one in self.everywhere(workers)
        )

    def close_mailbox(self, worker: str, *, closed: bool = True) -> None:
        with self.running.tenant.lock:
            self.running.tenant.set_gone(address(worker), gone=closed)

    def is_closed(self, worker: str) -> bool:
        with self.running.tenant.lock:
            return self.running.tenant.find(address(worker)).id in self.running.tenant._gone

    @contextmanager
    def also_known_as(self, worker: str, other: str) -> Iterator[None]:
        """A person who married: one mailbox that answers to its old address and to its new one."""
        addresses = self.running.tenant.directory._by_address
        addresses[other] = addresses[address(worker)]
        try:
            yield
        finally:
            del addresses[other]

    def inbox(self, worker: str) -> list[str]:
        tenant = self.running.tenant
        return [str(one["subject"]) for one in tenant.messages(tenant.user(address(worker))["id"], "inbox")]

    @property
    def _settings(self) -> Any:
        return self.running.graph.settings

    def _box(self, worker: str) -> Any:
        return self.running.tenant.mailbox(address(worker))

    def _items(self, worker: str) -> list[Item]:
        return [] if self.is_closed(worker) else list(self._box(worker).items("event").values())

    def _item(self, event: Event) -> Item:
        found: Item = self._box(event.worker).find("event", event.id)
        return found

    def _change(self, event: Event, sent: dict[str, Any]) -> None:
        with self.running.tenant.lock:
            diary.change(self.running.tenant, self._box(event.worker), self._item(event), sent)


def _times(starts: datetime, ends: datetime, *, all_day: bool) -> dict[str, Any]:
    def said(at: datetime) -> dict[str, str]:
        return {"dateTime": at.isoformat(timespec="seconds"), "timeZone": LONDON_IN_OUTLOOK}

    return {"start": said(starts), "end": said(ends), "isAllDay": all_day}


def _event(worker: str, item: Item) -> Event:
    tags = {name.casefold(): value for name, value in item.extended.items()}
    key = tags.get(KEY_PROPERTY.casefold())
    props = item.props
    return Event(
        worker=worker,
        id=item.key,
        key=key if key != RELEASED else None,
        ours=tags.get(OWNER_PROPERTY.casefold()) == OWNER,
        let_go=key == RELEASED,
        made_by_bot=props["transactionId"] is not None,
        subject=str(props["subject"]),
        starts=datetime.fromisoformat(str(props["start"]["dateTime"])[:19]),
        all_day=bool(props["isAllDay"]),
        categories=tuple(props.get("categories") or ()),
    )
