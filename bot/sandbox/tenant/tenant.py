"""A council's Microsoft 365 as a value in memory: who is there and what stands in their mailboxes.

Nothing here knows of HTTP: the Graph side and the page both look at the same tenant, under its lock.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.sandbox.tenant import saving
from bot.sandbox.tenant.clock import Clock
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.record import Record
from bot.sandbox.tenant.refusal import NotFound
from bot.sandbox.tenant.views import show_category, show_event, show_extended, show_message

TENANT_ID = "5a0dbe11-0000-4000-8000-00000000c0de"
_PEOPLE = uuid.uuid5(uuid.NAMESPACE_URL, TENANT_ID)


@dataclass(frozen=True)
class Person:
    """Somebody with a mailbox. `manager` is the manager's address."""

    email: str
    name: str
    job_title: str = ""
    manager: str | None = None

    @property
    def id(self) -> str:
        """The same id for the same address, in every run."""
        return str(uuid.uuid5(_PEOPLE, self.email.casefold()))


class Tenant:
    """People and mailboxes, kept in memory or in a folder."""

    def __init__(self, people: Iterable[Person], *, clock: Clock, state_dir: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.record = Record()
        self.people_by_id: dict[str, Person] = {}
        self._by_address: dict[str, Person] = {}
        self._mailboxes: dict[str, Mailbox] = {}
        self._keeper = None if state_dir is None else saving.Keeper(state_dir)
        saved = self._keeper.load() if self._keeper else None
        if saved:
            clock.shift = saved.shift
            for kept in saved.people:
                self.add_person(Person(**kept))
            self._mailboxes = {mailbox.user_id: mailbox for mailbox in saved.mailboxes}
        for person in people:
            self.add_person(person)
        if self._keeper:
            self._keeper.watch(self._what_changed, self.lock)

    # people

    def add_person(self, person: Person) -> None:
        """Somebody joins, or is known better than before."""
        with self.lock:
            self.people_by_id[person.id] = person
            self._by_address[person.email.casefold()] = person

    def find(self, id_or_upn: str) -> Person:
        """A person by id or address, in any case; raises NotFound."""
        person = self.people_by_id.get(id_or_upn.lower()) or self._by_address.get(id_or_upn.casefold())
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
            return [
                self._show(p) for p in sorted(self.people_by_id.values(), key=lambda p: (p.name, p.email))
            ]

    def user(self, id_or_upn: str) -> dict[str, Any]:
        """One user resource; raises NotFound."""
        with self.lock:
            return self._show(self.find(id_or_upn))

    def manager_of(self, id_or_upn: str) -> dict[str, Any]:
        """The manager's user resource; raises NotFound where there is none."""
        with self.lock:
            manager = self.find(id_or_upn).manager
            if manager is None or manager.casefold() not in self._by_address:
                raise NotFound(
                    "Request_ResourceNotFound",
                    "Resource 'manager' does not exist or one of its queried reference-property objects "
                    "are not present.",
                )
            return self.user(manager)

    def _show(self, person: Person) -> dict[str, Any]:
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
            mailbox = self._mailboxes.get(person.id)
            if mailbox is None:
                mailbox = self._mailboxes[person.id] = Mailbox(person.id, person.email)
            if mailbox.gone:
                raise NotFound(
                    "MailboxNotEnabledForRESTAPI",
                    "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
                )
            return mailbox

    def has(self, address: str) -> bool:
        """Whether mail to that address can be delivered here."""
        with self.lock:
            person = self._by_address.get(address.casefold())
            mailbox = self._mailboxes.get(person.id) if person else None
            return person is not None and not (mailbox and mailbox.gone)

    def set_gone(self, user_id: str, *, gone: bool) -> None:
        """Let a mailbox vanish, as when a licence is taken away; or come back as it was."""
        with self.lock:
            person = self.find(user_id)
            mailbox = self._mailboxes.setdefault(person.id, Mailbox(person.id, person.email))
            mailbox.gone, mailbox.dirty = gone, True

    # what the page shows

    def events_between(
        self, user_id: str, start: datetime, end: datetime, *, zone: str = "Europe/London"
    ) -> list[dict[str, Any]]:
        """The events that touch the window (aware; end exclusive), earliest first, with their tags."""
        with self.lock:
            mailbox = self.mailbox(user_id)
            found = [
                i for i in mailbox.events.values() if i.starts < end and (i.ends > start or i.starts >= start)
            ]
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

    def _what_changed(self) -> saving.Saved:
        with self.lock:
            changed = [mailbox for mailbox in self._mailboxes.values() if mailbox.dirty]
            people = [vars(person).copy() for person in self.people_by_id.values()]
            return saving.Saved(self.clock.shift, people, changed)

    def save(self) -> None:
        """Write what changed now, where a folder was given."""
        if self._keeper:
            self._keeper.save_now()

    def close(self) -> None:
        """Save and stop watching."""
        if self._keeper:
            self._keeper.stop()
