"""The outbox: every mail is a row before it is anything else, so that none is sent twice and none is lost.

| state | what is so |
|---|---|
| waiting | it has certainly not been sent; with a draft id, its draft lies in its sender's mailbox |
| claimed | a draft was about to be written, or was |
| drafted | the draft's id is known, and it was about to be sent, or was |
| uncertain | nobody knows whether it went (a lost answer, a run that ended): looked for before all else |
| sent | Microsoft has taken it |
| bounced | Microsoft took it and gave it back: the recipient does not exist |
| failed | given up: somebody must mend something, and was told |
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from bot.store.database import Store
from bot.store.schema import outbox, runs

UNDER_WAY: Final = ("waiting", "claimed", "drafted", "uncertain")


@dataclass(frozen=True, slots=True)
class Picture:
    """An inline picture: its content id, its words, its PNG."""

    cid: str
    alt: str
    png: bytes


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail to be sent once. ``reference`` is the same for the same mail whoever makes it again."""

    reference: str
    job: str
    slot: str
    person: str
    recipient: str
    subject: str
    html: str
    text: str
    images: tuple[Picture, ...]
    urgent: bool = False  # goes before others, and at any hour
    manager: str = ""  # worker_id of who is told where it cannot be delivered, and their address
    manager_address: str = ""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A mail as remembered. ``sender`` is in whose mailbox its draft may lie; null: it is bound to nobody."""

    id: int
    mail: NewMail
    state: str
    sender: str | None
    draft_id: str | None
    tries: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the outbox stands: how many mails wait, of how many it is not known whether they went, when the
    oldest that was tried in vain was made (naive London), and when one is next tried again (aware)."""

    waiting: int
    uncertain: int
    in_vain_since: datetime | None
    again_at: datetime | None = None


def enqueue(
    store: Store,
    fence: int,
    run_id: int,
    mails: Sequence[NewMail],
    *,
    now: datetime,
    summary: dict[str, Any],
    also: Callable[[sa.Connection], None] | None = None,
) -> int:
    """Put mails in the outbox and close their run in the same transaction; returns how many were new.

    A mail whose reference is already there is left as it is. ``also`` writes what must be remembered with
    these mails or not at all.
    """
    moment = now.isoformat(timespec="seconds")
    with store.fenced(fence) as connection:
        fresh = put(connection, mails, moment)
        if also is not None:
            also(connection)
        connection.execute(
            sa.update(runs)
            .where(runs.c.id == run_id)
            .values(
                state="done",
                finished_at=moment,
                summary=json.dumps(summary | {"mails": fresh}, sort_keys=True),
            )
        )
    return fresh


def put(connection: sa.Connection, mails: Sequence[NewMail], made_at: str) -> int:
    """Put mails in, in a transaction of the caller's; gives how many were new."""
    asked = sa.select(outbox.c.reference).where(outbox.c.reference.in_([m.reference for m in mails]))
    there = set(connection.execute(asked).scalars())
    fresh = [mail for mail in mails if mail.reference not in there]
    if fresh:
        connection.execute(sa.insert(outbox), [_values(mail) | {"made_at": made_at} for mail in fresh])
    return len(fresh)


def _values(mail: NewMail) -> dict[str, Any]:
    pictures = [[p.cid, p.alt, base64.b64encode(p.png).decode()] for p in mail.images]
    return {
        "reference": mail.reference,
        "job": mail.job,
        "slot": mail.slot,
        "person": mail.person,
        "recipient": mail.recipient,
        "manager": mail.manager or None,
        "manager_address": mail.manager_address or None,
        "urgent": mail.urgent,
        "subject": mail.subject,
        "html": mail.html,
        "text": mail.text,
        "images": json.dumps(pictures),
        "state": "waiting",
    }


def known(store: Store, references: Sequence[str]) -> int:
    """How many of these mails are in the outbox, whatever became of them."""
    asked = sa.select(sa.func.count()).where(outbox.c.reference.in_(list(references)))
    with store.transaction() as connection:
        return int(connection.execute(asked).scalar_one())


def unsent(store: Store) -> tuple[OutboxRow, ...]:
    """Every mail that is neither sent nor given up: urgent ones first, then the oldest."""
    return _rows(store, outbox.c.state.in_(UNDER_WAY))


def doubtful(store: Store, by: datetime | None = None) -> tuple[OutboxRow, ...]:
    """Every mail of which nobody knows whether it went. ``by``: those to be looked for by then (aware)."""
    return _rows(store, _DOUBTFUL & _by(by))


def waiting(store: Store, by: datetime | None = None, *, urgent_alone: bool = False) -> tuple[OutboxRow, ...]:
    """Every mail that is to be sent. ``by``: those to be tried again by then (aware)."""
    return _rows(store, _waits(urgent_alone) & _by(by))


def anything_to_do(store: Store, by: datetime, *, urgent_alone: bool) -> bool:
    """Whether there is a mail to be sent, or looked for, by then (aware)."""
    asked = sa.select(outbox.c.id).where((_waits(urgent_alone) | _DOUBTFUL) & _by(by)).limit(1)
    with store.transaction() as connection:
        return connection.execute(asked).first() is not None


_DOUBTFUL: Final = outbox.c.state.in_(("claimed", "drafted", "uncertain"))


def _waits(urgent_alone: bool) -> sa.ColumnElement[bool]:
    waits = outbox.c.state == "waiting"
    return waits & outbox.c.urgent if urgent_alone else waits


def _by(moment: datetime | None) -> sa.ColumnElement[bool]:
    if moment is None:
        return sa.true()
    return outbox.c.not_before.is_(None) | (outbox.c.not_before <= utc(moment))


def _rows(store: Store, which: sa.ColumnElement[bool]) -> tuple[OutboxRow, ...]:
    asked = sa.select(outbox).where(which).order_by(outbox.c.urgent.desc(), outbox.c.id)
    with store.transaction() as connection:
        return tuple(_row(row) for row in connection.execute(asked).mappings())


def standing(store: Store) -> Standing:
    """How the outbox stands now."""
    counts = sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state)
    oldest = sa.select(sa.func.min(outbox.c.made_at)).where(
        outbox.c.state.in_(UNDER_WAY), outbox.c.tries > 0, outbox.c.error.is_not(None)
    )
    soonest = sa.select(sa.func.min(outbox.c.not_before)).where(outbox.c.state.in_(UNDER_WAY))
    with store.transaction() as connection:
        of = {state: int(number) for state, number in connection.execute(counts)}
        since = connection.execute(oldest).scalar()
        again = connection.execute(soonest).scalar()
    return Standing(
        waiting=of.get("waiting", 0),
        uncertain=sum(of.get(state, 0) for state in UNDER_WAY if state != "waiting"),
        in_vain_since=datetime.fromisoformat(since) if since else None,
        again_at=datetime.fromisoformat(again) if again else None,
    )


def utc(moment: datetime) -> str:
    """As text that sorts as the moments do, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _row(found: sa.RowMapping) -> OutboxRow:
    return OutboxRow(
        found["id"],
        mail_of(found),
        found["state"],
        found["sender"],
        found["draft_id"],
        found["tries"],
        found["error"],
    )


def mail_of(found: sa.RowMapping) -> NewMail:
    """A mail of the table's columns."""
    pictures = tuple(
        Picture(cid, alt, base64.b64decode(png)) for cid, alt, png in json.loads(found["images"])
    )
    return NewMail(
        reference=found["reference"],
        job=found["job"],
        slot=found["slot"],
        person=found["person"],
        recipient=found["recipient"],
        subject=found["subject"],
        html=found["html"],
        text=found["text"],
        images=pictures,
        urgent=found["urgent"],
        manager=found["manager"] or "",
        manager_address=found["manager_address"] or "",
    )
