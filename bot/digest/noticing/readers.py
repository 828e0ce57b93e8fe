"""Who is told of a concern: the manager, the IRO, the service manager, by name and address.

A restricted child's notices go to the managers of those who hold it and to nobody else: they are asked to
tell the others. An IRO without an address that mail may go to is told by the manager, and somebody is asked
to mend the address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from bot.caseload.model import Caseload
from bot.digest import words
from bot.digest.known import Known
from bot.digest.notices import Reader
from bot.digest.noticing.facts import Facts, Found
from bot.errors import Problem
from bot.policy.judgement import Concern

RESTRICTED = "The record is restricted, so that nobody but you is written to: tell the {who} yourself."
NO_ADDRESS = "The IRO has no address that mail may go to: tell the IRO yourself."
NO_SERVICE_MANAGER = "No service manager is named above you: tell yours yourself."


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reader in particular is asked: to tell somebody whom the bot may not or cannot write to."""

    tell: str  # "iro" or "service_manager"
    says: str


class Readers:
    """Finds who is told, by child; what stands in the way is collected in ``found``."""

    def __init__(self, facts: Facts, found: Found) -> None:
        self._facts = facts
        self._known = facts.known
        self._found = found
        self._iros = _iro_addresses(facts.caseload)
        self._by_address = {person.email: worker for worker, person in facts.known.people.items()}

    def of(self, concern: Concern) -> tuple[tuple[Reader, tuple[Ask, ...]], ...]:
        """Everybody who is told of a concern beside the worker, and what each is asked in particular."""
        tokens = {*concern.to, *concern.kept_from} - {"worker"}
        if not tokens:
            return ()
        managers = self._managers(concern)
        if self._known.child(concern.child_id).restricted:
            others = sorted(tokens - {"manager"})
            return tuple((one, tuple(_tell_yourself(who) for who in others)) for one in managers)
        told: dict[Reader, list[Ask]] = {}
        if "manager" in tokens:
            told |= {one: [] for one in managers}
        if "iro" in tokens:
            iro = self._iro(concern)
            for one in (iro,) if iro else managers:
                told.setdefault(one, []).extend(() if iro else (Ask("iro", NO_ADDRESS),))
        if "service_manager" in tokens:
            for manager in managers:
                above = self._above(manager.person)
                asked = () if above else (Ask("service_manager", NO_SERVICE_MANAGER),)
                told.setdefault(above or manager, []).extend(asked)
        return tuple((one, tuple(asks)) for one, asks in told.items())

    def manager_of(self, worker_id: str, clause: str) -> Reader | None:
        """A worker's manager; none is a problem."""
        person = self._known.people.get(worker_id)
        manager = person.manager_id if person else None
        if manager is None or manager not in self._known.people:
            self._found.no_manager(worker_id, clause)
            return None
        return Reader(manager, team="team")

    def _managers(self, concern: Concern) -> tuple[Reader, ...]:
        holders = sorted(self._known.holders.get(concern.child_id, frozenset()) & self._known.people.keys())
        if not holders:
            self._found.add(
                Problem(
                    "episodes.csv",
                    f"a notice ({concern.id}) of child {concern.child_id} is for the worker's manager, and "
                    "no worker of workers.csv holds the child",
                    "Allocate the child; until then nobody hears of it but this list.",
                    "excluded",
                )
            )
        found = (self.manager_of(worker, concern.id) for worker in holders)
        return tuple(dict.fromkeys(one for one in found if one))

    def _iro(self, concern: Concern) -> Reader | None:
        address = self._iros.get(concern.child_id, "")
        if address and self._facts.allowed(address):
            return iro_reader(address, self._by_address)
        what, mend = "it is blank", "Fill it in."
        if address:
            what = "mail may not go to this address"
            mend = "Mend the address, or add its domain to mail.allowed_domains."
        self._found.add(
            Problem(
                f"children.csv: iro_email of child {concern.child_id}",
                f"{what}, and notices of the child are for the IRO: the manager is asked to tell",
                mend,
                "warning",
            )
        )
        return None

    def _above(self, manager_id: str) -> Reader | None:
        """The nearest service manager over a manager."""
        seen: set[str] = set()
        above = self._known.people[manager_id].manager_id
        while above is not None and above in self._known.people and above not in seen:
            if self._known.people[above].role == "service_manager":
                return Reader(above, team="team")
            seen.add(above)
            above = self._known.people[above].manager_id
        return None


def iro_reader(address: str, by_address: dict[str, str]) -> Reader:
    """An IRO as a reader: by worker_id where workers.csv has the address, else by a name without meaning."""
    worker = by_address.get(address)
    if worker is not None:
        return Reader(worker, team="reviewed")
    return Reader(f"iro-{hashlib.sha256(address.encode()).hexdigest()[:12]}", address, "reviewed")


def workers_of(known: Known, people: Iterable[str]) -> str:
    """Names, as a person would write them."""
    return " and ".join(sorted(known.name(one) for one in people)) or "nobody"


def _iro_addresses(caseload: Caseload) -> dict[str, str]:
    rows = caseload.children.select("child_id", "iro_email").drop_nulls().iter_rows()
    return {child: address.strip().lower() for child, address in rows}


def _tell_yourself(who: str) -> Ask:
    return Ask(who, RESTRICTED.format(who=words.told((who,))))
