"""The outbox: every mail is a row before it is anything else, so that none is sent twice and none is lost.

waiting → claimed → drafted (the draft's id is known) → sent. A row found claimed or drafted by a later run
is *uncertain*: that run asks Outlook for the draft's id or our reference before it does anything.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.database import Store
from bot.store.schema import outbox, runs


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
    """A mail as remembered."""

    id: int
    mail: NewMail
    state: str
    draft_id: str | None
    tries: int
    error: str | None


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
        there = set(
            connection.execute(
                sa.select(outbox.c.reference).where(outbox.c.reference.in_([m.reference for m in mails]))
            ).scalars()
        )
        fresh = [mail for mail in mails if mail.reference not in there]
        if fresh:
            connection.execute(
                sa.insert(outbox),
                [
                    {
                        "reference": mail.reference,
                        "job": mail.job,
                        "slot": mail.slot,
                        "person": mail.person,
                        "recipient": mail.recipient,
                        "subject": mail.subject,
                        "html": mail.html,
                        "text": mail.text,
                        "images": json.dumps(
                            [[p.cid, p.alt, base64.b64encode(p.png).decode()] for p in mail.images]
                        ),
                        "urgent": mail.urgent,
                        "manager": mail.manager or None,
                        "manager_address": mail.manager_address or None,
                        "state": "waiting",
                        "made_at": moment,
                    }
                    for mail in fresh
                ],
            )
        if also is not None:
            also(connection)
        connection.execute(
            sa.update(runs)
            .where(runs.c.id == run_id)
            .values(
                state="done",
                finished_at=moment,
                summary=json.dumps(summary | {"mails": len(fresh)}, sort_keys=True),
            )
        )
    return len(fresh)


def unsent(store: Store) -> tuple[OutboxRow, ...]:
    """Every mail that is neither sent nor given up: urgent ones first, then the oldest."""
    with store.transaction() as connection:
        found = connection.execute(
            sa.select(outbox)
            .where(outbox.c.state.in_(("waiting", "claimed", "drafted")))
            .order_by(outbox.c.urgent.desc(), outbox.c.id)
        ).mappings()
        return tuple(_row(row) for row in found)


def mark(
    store: Store,
    fence: int,
    row_id: int,
    state: str,
    *,
    draft_id: str | None = None,
    error: str | None = None,
    sent_at: datetime | None = None,
) -> None:
    """Move a mail on; ``claimed`` counts as a try.

    Of one that goes no more (``sent``, or ``failed`` and given up) what it said is taken out: it holds what a
    list says of children, and nothing reads it again. To whom, of what and when it went is kept.
    """
    values: dict[str, Any] = {"state": state, "error": error}
    if state in ("sent", "failed"):
        values |= {"html": "", "text": "", "images": "[]"}
    if draft_id is not None:
        values["draft_id"] = draft_id
    if sent_at is not None:
        values["sent_at"] = sent_at.isoformat(timespec="seconds")
    if state == "claimed":
        values["tries"] = outbox.c.tries + 1
    with store.fenced(fence) as connection:
        connection.execute(sa.update(outbox).where(outbox.c.id == row_id).values(**values))


def _row(found: sa.RowMapping) -> OutboxRow:
    pictures = tuple(
        Picture(cid, alt, base64.b64decode(png)) for cid, alt, png in json.loads(found["images"])
    )
    mail = NewMail(
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
    return OutboxRow(found["id"], mail, found["state"], found["draft_id"], found["tries"], found["error"])
