"""Who there is: found by id, by address or by words, and listed by name, however many they are.

A council has up to 26,000 mailboxes, and the page asks at every key that is pressed; so the order and the
words to search in are made once and made again only after somebody joined.
"""

from __future__ import annotations

import uuid
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile

TENANT_ID = "5a0dbe11-0000-4000-8000-00000000c0de"
_PEOPLE = uuid.uuid5(uuid.NAMESPACE_URL, TENANT_ID)


@dataclass(frozen=True)
class Person:
    """Somebody with a mailbox. `manager` is the manager's address."""

    email: str
    name: str
    job_title: str = ""
    manager: str | None = None

    @cached_property
    def id(self) -> str:
        """The same id for the same address, in every run."""
        return str(uuid.uuid5(_PEOPLE, self.email.casefold()))


def by_name(person: Person) -> tuple[str, str]:
    """The order in which people are listed."""
    return person.name.casefold(), person.email


class Directory:
    """Everybody. The tenant's lock guards it."""

    def __init__(self) -> None:
        self.by_id: dict[str, Person] = {}
        self._by_address: dict[str, Person] = {}
        self._forget()

    def _forget(self) -> None:
        self._ordered: list[Person] | None = None
        self._words: list[str] | None = None
        self._managing: frozenset[str] | None = None

    def add(self, person: Person) -> None:
        """Somebody joins, or is known better than before."""
        self.by_id[person.id] = person
        self._by_address[person.email.casefold()] = person
        self._forget()

    def find(self, id_or_address: str) -> Person | None:
        """A person by id or address, in any case."""
        return self.by_id.get(id_or_address.lower()) or self.at(id_or_address)

    def at(self, address: str) -> Person | None:
        """Whose address that is."""
        return self._by_address.get(address.casefold())

    def by_name(self) -> list[Person]:
        """Everybody by name; not to be changed."""
        if self._ordered is None:
            self._ordered = sorted(self.by_id.values(), key=by_name)
        return self._ordered

    def starting_with(self, start: str) -> list[Person]:
        """Whose name starts so, in any case; by name."""
        people, start = self.by_name(), start.casefold()
        at = bisect_left(people, (start, ""), key=by_name)
        return list(takewhile(lambda one: one.name.casefold().startswith(start), islice(people, at, None)))

    def with_words(self, words: Iterable[str]) -> list[Person]:
        """Whose name, address or title holds each of the words, in any case; by name."""
        people, wanted = self.by_name(), [word.casefold() for word in words]
        if not wanted:
            return people
        if self._words is None:
            self._words = [f"{one.name} {one.email} {one.job_title}".casefold() for one in people]
        return [
            one for one, text in zip(people, self._words, strict=True) if all(word in text for word in wanted)
        ]

    def managing(self) -> frozenset[str]:
        """The addresses, without case, of everybody who is somebody's manager."""
        if self._managing is None:
            self._managing = frozenset(one.manager.casefold() for one in self.by_id.values() if one.manager)
        return self._managing
