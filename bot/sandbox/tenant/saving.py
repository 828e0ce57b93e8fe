"""A tenant in a folder: one file a mailbox, so that saving costs what changed and not what there is."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import tempfile
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.sandbox.tenant.departures import Departure, Departures
from bot.sandbox.tenant.mailbox import Calendar, Category, Item, Mailbox

EVERY_SECONDS = 0.5
FORMAT = 2  # changes where a folder of the version before could not be read


@dataclass(frozen=True, slots=True)
class Told:
    """What is kept of a tenant beside its mailboxes: who there is, whose mailbox is gone, and the date."""

    shift: timedelta
    people: list[dict[str, Any]]
    gone: list[str]  # ids


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What of a tenant is to be written."""

    told: Told | None
    mailboxes: list[Mailbox]


def write_atomically(path: Path, data: bytes, mode: int = 0o600) -> None:
    """The old file or the new one, never half of it; for its owner alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _pack_departure(one: Departure) -> dict[str, Any]:
    return asdict(one) | {"starts": one.starts.isoformat(), "ends": one.ends.isoformat()}


def pack(mailbox: Mailbox) -> dict[str, Any]:
    """A mailbox as JSON."""
    items = [*mailbox.events.values(), *(mailbox.messages[k] for f in mailbox.folders.values() for k in f)]
    return {
        "user_id": mailbox.user_id,
        "seed": mailbox.ids.seed.hex(),
        "last_number": mailbox.last_number,
        "address": mailbox.address,
        "version": mailbox.version,
        "settings": mailbox.settings,
        "transactions": mailbox.transactions,
        "categories": [asdict(category) for category in mailbox.categories.values()],
        "calendars": [asdict(calendar) for calendar in mailbox.calendars.values()],
        "departures": [_pack_departure(one) for one in mailbox.departures],
        "forgotten": mailbox.departures.forgotten,
        "items": [item.packed() for item in items],
    }


def unpack(packed: dict[str, Any], unsaved: set[Mailbox] | None = None) -> Mailbox:
    """A mailbox from JSON, its indexes built again."""
    seed = bytes.fromhex(packed["seed"])
    mailbox = Mailbox(packed["user_id"], packed["address"], seed=seed, unsaved=unsaved)
    mailbox.last_number = packed["last_number"]
    mailbox.version = packed["version"]
    mailbox.settings, mailbox.transactions = packed["settings"], packed["transactions"]
    mailbox.categories = {one["id"]: Category(**one) for one in packed["categories"]}
    mailbox.calendars = {one["key"]: Calendar(**one) for one in packed["calendars"]}
    departed = (Departure(**(one | _moments(one))) for one in packed["departures"])
    mailbox.departures = Departures(departed, packed["forgotten"])
    for one in packed["items"]:
        mailbox.insert(Item.unpacked(one, mailbox.ids))
    mailbox.dirty = False
    return mailbox


def _moments(packed: dict[str, Any]) -> dict[str, datetime]:
    return {side: datetime.fromisoformat(packed[side]) for side in ("starts", "ends")}


class Keeper:
    """Loads a folder once and writes changes into it, a moment after they were made and at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._boxes = folder / "mailboxes"
        self._boxes.mkdir(parents=True, exist_ok=True)
        self._stopping = threading.Event()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._changed: Callable[[], Unsaved] = lambda: Unsaved(None, [])
        self._lock: AbstractContextManager[Any] = contextlib.nullcontext()

    def load(self) -> Told | None:
        """What was saved beside the mailboxes, or None in a new folder."""
        path = self._folder / "tenant.json"
        if not path.exists():
            return None
        tenant = json.loads(path.read_bytes())
        if tenant.get("format") != FORMAT:
            raise OSError(
                errno.EINVAL,
                f"The diaries in {self._folder} were kept by another version of the stand-in, which wrote "
                "them differently. Name another folder, or delete this one to start afresh.",
            )
        return Told(timedelta(days=tenant["days_ahead"]), tenant["people"], tenant["gone"])

    def mailbox(self, user_id: str, unsaved: set[Mailbox]) -> Mailbox | None:
        """One mailbox as it was saved, or None where it never was."""
        try:
            packed = (self._boxes / f"{user_id}.json").read_bytes()
        except FileNotFoundError:
            return None
        return unpack(json.loads(packed), unsaved)

    def watch(self, changed: Callable[[], Unsaved], lock: AbstractContextManager[Any]) -> None:
        """Save every now and then what changed, reading it under the lock."""
        self._changed, self._lock = changed, lock
        self._thread = threading.Thread(target=self._loop, name="sandbox-saving", daemon=True)
        self._thread.start()

    def _loop(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            self.save_now()

    def save_now(self) -> None:
        """Write every mailbox that changed, holding the lock for one at a time and never while writing."""
        with self._writing:
            saved = self._changed()
            for box in saved.mailboxes:
                with self._lock:
                    box.dirty = False
                    content = json.dumps(pack(box)).encode()
                write_atomically(self._boxes / f"{box.user_id}.json", content)
            if saved.told is not None:
                told = {"format": FORMAT, "days_ahead": saved.told.shift.days, "gone": saved.told.gone}
                tenant = json.dumps(told | {"people": saved.told.people}, indent=1).encode()
                write_atomically(self._folder / "tenant.json", tenant)

    def stop(self) -> None:
        """Save for the last time."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.save_now()
