"""The last door before the outbox: a mail goes to one person, in an allowed domain, or it does not go.

Everything that is mailed is addressed here, whatever made it. A mail that speaks of a restricted child goes
to a worker who holds the child or to that worker's manager; one that was made for anybody else is not sent,
and said so, whatever its maker believed.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from bot.agenda import DueRun
from bot.digest.known import Known, Person
from bot.errors import Problem
from bot.rendering.mail import Mail
from bot.settings import MailSettings
from bot.store.outbox import NewMail, Picture


@dataclass(frozen=True, slots=True)
class Made:
    """A mail that was made for somebody: not yet addressed, and perhaps not to be sent."""

    person: str  # worker_id, or a name without meaning for somebody who is in no row of workers.csv
    mail: Mail
    about: frozenset[str]  # the children it speaks of, by child_id
    once: str = ""  # tells apart the mails that one job makes for one person in one slot
    address: str = ""  # of somebody who is in no row of workers.csv; empty: the row's
    urgent: bool = False  # goes before others


def children_in(value: object) -> frozenset[str]:
    """Every child that a digest's value speaks of: what stands under ``child_id`` in it or anything in it."""
    return frozenset(_children(value))


def _children(value: object) -> Iterator[str]:
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            within = getattr(value, one.name)
            if one.name == "child_id" and isinstance(within, str):
                yield within
            else:
                yield from _children(within)
    elif isinstance(value, (tuple, list, frozenset)):
        for within in value:
            yield from _children(within)


class Door:
    """Addresses the mails of one run. Who may read of a restricted child is worked out once for all."""

    def __init__(self, known: Known, settings: MailSettings, secret: bytes) -> None:
        """``secret``: what this deployment's references are made with."""
        self._known = known
        self._secret = secret
        self._settings = settings
        self._open_to = _open_to(known)

    def addressed(self, made: Made, item: DueRun) -> NewMail | Problem:
        """The mail as the outbox takes it, or why it does not go."""
        person = self._known.people.get(made.person)
        address = made.address or (person.email if person else "")
        if not self._settings.allows(address):
            return Problem(
                f"workers.csv:{made.person}:email",
                "the address is outside the domains that mail may go to",
                "Mend it, or add its domain to mail.allowed_domains.",
                "excluded",
            )
        if any(made.person not in self._open_to.get(child, (made.person,)) for child in made.about):
            return Problem(
                f"workers.csv:{made.person}",
                f"a mail ({item.job.replace('_', ' ')}) to this person spoke of a restricted child that "
                "neither they nor their team hold: it was not sent",
                "This is a fault of the program: report it, and tell the person by other means.",
                "excluded",
            )
        redirect = self._settings.redirect_to
        if redirect and redirect != address.lower() and any(child in self._open_to for child in made.about):
            return Problem(
                f"workers.csv:{made.person}",
                f"a mail ({item.job.replace('_', ' ')}) to this person speaks of a restricted child, whose "
                "records go to the worker and the manager alone: it was not sent to the pilot's mailbox",
                "Tell them by other means while mail.redirect_to is set.",
                "excluded",
            )
        manager = self._manager_of(made.person)
        return to_one(made, address, item, redirect=redirect, secret=self._secret, manager=manager)

    def _manager_of(self, worker_id: str) -> Person | None:
        """Who is told where a mail to this worker reaches nobody; null where nobody can be."""
        person = self._known.people.get(worker_id)
        manager = self._known.people.get(person.manager_id or "") if person else None
        return manager if manager and self._settings.allows(manager.email) else None


def _open_to(known: Known) -> dict[str, frozenset[str]]:
    """Who may read of each restricted child: who holds it, owes it a visit or record, and their managers."""
    restricted = {child_id for child_id, child in known.children.items() if child.restricted}
    workers = {child: set(known.holders.get(child, ())) for child in restricted}
    rows = (known.owed, known.unfinished, known.wanting)
    for worker, child in ((w, row.child_id) for table in rows for w, of in table.items() for row in of):
        if worker is not None and child in restricted:
            workers[child].add(worker)
    managers = {worker: known.people[worker].manager_id for worker in known.people}
    return {
        child: frozenset(of | {manager for worker in of if (manager := managers.get(worker))})
        for child, of in workers.items()
    }


def to_one(
    made: Made, address: str, item: DueRun, *, redirect: str | None, secret: bytes, manager: Person | None
) -> NewMail:
    """The mail to one address, or to the pilot's mailbox with the address in its subject; ``address`` may
    have mail. ``manager`` is told where nobody is there.
    """
    subject = made.mail.subject
    return NewMail(
        reference=reference(secret, item.job, item.slot, made.person, made.once),
        job=item.job,
        slot=item.slot,
        person=made.person,
        recipient=redirect or address,
        subject=f"[pilot, for {address}] {subject}" if redirect else subject,
        html=made.mail.html,
        text=made.mail.text,
        images=tuple(Picture(image.cid, image.alt, image.png) for image in made.mail.images),
        urgent=made.urgent,
        manager=manager.worker_id if manager else "",
        manager_address=manager.email if manager else "",
    )


def reference(secret: bytes, job: str, slot: str, person: str, once: str = "") -> str:
    """The same for the same mail whenever it is made, and nothing can be read from it.

    Two deployments that share a sender have each its own: else one would take the other's mails for its own,
    sent already.
    """
    said = "\n".join((job, slot, person, once) if once else (job, slot, person))
    return hmac.new(secret, said.encode(), "sha256").hexdigest()[:40]
