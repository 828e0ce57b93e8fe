"""A council's Microsoft 365 as a value in memory: who is there and what stands in their mailboxes.

Nothing here knows of HTTP: the Graph side and the page both look at the same tenant, under its lock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import events, saving, series
from bot.sandbox.tenant.clock import Clock
from bot.sandbox.tenant.directory import TENANT_ID, Directory, Person
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.record import Record
from bot.sandbox.tenant.refusal import NotFound
from bot.sandbox.tenant.uploads import Uploads
from bot.sandbox.tenant.views import show_category, show_event, show_extended, show_message

__all__ = ["TENANT_ID", "Person", "Tenant"]


class Tenant:
    """People and mailboxes, kept in memory or in a folder."""

    def __init__(self, people: Iterable[Person], *, clock: Clock, state_dir: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.record = Record()
        self.uploads = Uploads()
        self.directory = Directory()
        self._mailboxes: dict[str, Mailbox] = {}
        self._gone: set[str] = set()
        self._unsaved: set[Mailbox] = set()
        self._told: saving.Told | None = None  # who there is, as it was last saved
        self._keeper = None if state_dir is None else saving.Keeper(state_dir)
        saved = self._keeper.load() if self._keeper else None
        if saved:
            clock.shift = saved.shift
            self._gone = set(saved.gone)
            for kept in saved.people:
                self.directory.add(Person(**kept))
            self._told = saved
        for person in people:
            self.add_person(person)
        if self._keeper:
            self._keeper.watch(self._what_changed, self.lock)

    # people

    @property
    def people_by_id(self) -> Mapping[str, Person]:
        """Everybody, by id."""
        return self.directory.by_id

    def add_person(self, person: Person) -> None:
        """Somebody joins, or is known better than before."""
        with self.lock:
            if self.directory.by_id.get(person.id) != person:
                self.directory.add(person)
                self._told = None

    def find(self, id_or_upn: str) -> Person:
        """A person by id or address, in any case; raises NotFound."""
        person = self.directory.find(id_or_upn)
        if person is None:
            raise NotFound(
                "Request_ResourceNotFound",
                f"Resource '{id_or_upn}' does not exist or one of its queried reference-property objects "
                "are not present.",
            )
        return person

    def people(self) -> list[dict[str, Any]]:
        """Everybody, as Graph's user resources, by name."""
        with self.lock:
            return [self.show(person) for person in self.directory.by_name()]

    def user(self, id_or_upn: str) -> dict[str, Any]:
        """One user resource; raises NotFound."""
        with self.lock:
            return self.show(self.find(id_or_upn))

    def manager_of(self, id_or_upn: str) -> dict[str, Any]:
        """The manager's user resource; raises NotFound where there is none."""
        with self.lock:
            manager = self.find(id_or_upn).manager
            if manager is None or self.directory.at(manager) is None:
                raise NotFound(
                    "Request_ResourceNotFound",
                    "Resource 'manager' does not exist or one of its queried reference-property objects "
                    "are not present.",
                )
            return self.user(manager)

    def show(self, person: Person) -> dict[str, Any]:
        """A person as Graph's user resource."""
        given, _, surname = person.name.partition(" ")
        return {
            "id": person.id,
            "displayName": person.name,
            "givenName": given or None,
            "surname": surname or None,
            "jobTitle": person.job_title or None,
            "mail": person.email,
            "userPrincipalName": person.email,
            "businessPhones": [],
            "mobilePhone": None,
            "officeLocation": None,
            "preferredLanguage": None,
        }

    # mailboxes

    def mailbox(self, user_id: str) -> Mailbox:
        """A person's mailbox, by id or address; raises NotFound."""
        with self.lock:
            person = self.find(user_id)
            if person.id in self._gone:
                raise NotFound(
                    "MailboxNotEnabledForRESTAPI",
                    "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
                )
            mailbox = self._mailboxes.get(person.id)
            if mailbox is None:
                # One that was kept in the folder is read when it is first asked for, not at the start.
                mailbox = self._keeper.mailbox(person.id, self._unsaved) if self._keeper else None
                mailbox = mailbox or Mailbox(person.id, person.email, unsaved=self._unsaved)
                self._mailboxes[person.id] = mailbox
            return mailbox

    def has(self, address: str) -> bool:
        """Whether mail to that address can be delivered here."""
        with self.lock:
            person = self.directory.at(address)
            return person is not None and person.id not in self._gone

    def here(self, people: list[Person]) -> list[Person]:
        """Those of them whose mailbox has not vanished."""
        if not self._gone:
            return people
        with self.lock:
            return [person for person in people if person.id not in self._gone]

    def set_gone(self, user_id: str, *, gone: bool) -> None:
        """Let a mailbox vanish, as when a licence is taken away; or come back as it was."""
        with self.lock:
            (self._gone.add if gone else self._gone.discard)(self.find(user_id).id)
            self._told = None

    def load(
        self, diaries: Iterable[tuple[str, Iterable[dict[str, Any]]]], settings: SandboxSettings | None = None
    ) -> int:
        """Put many events into many mailboxes, each checked as if it had been sent to Graph.

        `diaries` are addresses with their events as a client writes them. Gives back how many there were.
        """
        settings, now, loaded = settings or SandboxSettings(), self.clock.now(), 0
        for address, sent in diaries:
            with self.lock:
                mailbox, owner = self.mailbox(address), self.find(address).name
                for one in sent:
                    events.create(mailbox, one, settings, owner=owner, now=now)
                    loaded += 1
        return loaded

    def gone_people(self) -> list[Person]:
        """Everybody whose mailbox has vanished, by name."""
        with self.lock:
            found = [self.people_by_id[one] for one in self._gone if one in self.people_by_id]
            return sorted(found, key=lambda one: (one.name, one.email))

    # what the page shows

    def events_between(
        self, user_id: str, start: datetime, end: datetime, *, zone: str = "Europe/London"
    ) -> list[dict[str, Any]]:
        """The events that touch the window (aware; end exclusive), earliest first, with their tags."""
        with self.lock:
            mailbox = self.mailbox(user_id)
            found = list(series.in_window(mailbox, start, end))
            found.sort(
                key=lambda item: (item.starts, not item.props["isAllDay"], item.props["subject"] or "")
            )
            return [
                show_event(item, zone=zone, immutable=True)
                | {"singleValueExtendedProperties": show_extended(item)}
                for item in found
            ]

    def messages(self, user_id: str, folder: str) -> list[dict[str, Any]]:
        """A folder's mails (`inbox`, `drafts`, `sentitems`, …), newest first, attachments with them."""
        with self.lock:
            mailbox = self.mailbox(user_id)
            if folder not in mailbox.folders:
                raise NotFound("ErrorItemNotFound", "The specified folder could not be found in the store.")
            found = [mailbox.messages[key] for key in reversed(mailbox.folders[folder])]
            found.sort(key=lambda item: str(item.props["receivedDateTime"]), reverse=True)
            return [
                show_message(item, mailbox, immutable=True) | {"attachments": item.attachments}
                for item in found
            ]

    def categories(self, user_id: str) -> list[dict[str, Any]]:
        """A mailbox's master list, in the order it was made."""
        with self.lock:
            return [show_category(category) for category in self.mailbox(user_id).categories.values()]

    # keeping

    def _what_changed(self) -> saving.Unsaved:
        with self.lock:
            told = self._told
            if told is None or told.shift != self.clock.shift:
                people = [asdict(person) for person in self.directory.by_id.values()]
                told = saving.Told(self.clock.shift, people, sorted(self._gone))
            found = saving.Unsaved(None if told is self._told else told, list(self._unsaved))
            self._told = told
            return found

    def save(self) -> None:
        """Write what changed now, where a folder was given."""
        if self._keeper:
            self._keeper.save_now()

    def close(self) -> None:
        """Save and stop watching."""
        if self._keeper:
            self._keeper.stop()
