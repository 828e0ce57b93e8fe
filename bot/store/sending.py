"""A mail's way through the outbox, step by step: each is written down before the call that it announces.

Whatever happens between two steps, the row says what may be so (bot.store.outbox has the states).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.database import Store
from bot.store.outbox import NewMail, mail_of, put, utc
from bot.store.schema import outbox, senders


@dataclass(frozen=True, slots=True)
class SentRow:
    """A mail that Microsoft took: what a report that it came back is matched with."""

    id: int
    mail: NewMail  # without its words
    sender: str | None
    conversation: str | None
    state: str


def doubt(store: Store, fence: int) -> None:
    """Whatever another run left half-way is uncertain now."""
    half_way = outbox.c.state.in_(("claimed", "drafted"))
    with store.fenced(fence) as connection:
        connection.execute(sa.update(outbox).where(half_way).values(state="uncertain"))


def claim(store: Store, fence: int, row_id: int, sender: str) -> None:
    """A draft of it is about to be written in this sender's mailbox."""
    with store.fenced(fence) as connection:
        _update(connection, row_id, {"state": "claimed", "sender": sender})


def drafted(
    store: Store,
    fence: int,
    row_id: int,
    draft_id: str,
    *,
    sender: str = "",
    conversation: str = "",
    asked_at: datetime | None = None,
) -> None:
    """Its draft is known, and it is about to be sent: from now on the pace counts it."""
    changes: dict[str, Any] = {"state": "drafted", "draft_id": draft_id}
    if sender:
        changes["sender"] = sender
    if conversation:
        changes["conversation"] = conversation
    if asked_at is not None:
        changes["asked_at"] = utc(asked_at)
    with store.fenced(fence) as connection:
        _update(connection, row_id, changes)


def put_off(
    store: Store,
    fence: int,
    row_id: int,
    state: str,
    *,
    error: str | None = None,
    not_before: datetime | None = None,
    draft_id: str | None = None,
    sender: str | None = None,
) -> None:
    """It could not go now (``waiting``), or nobody knows (``uncertain``): when the service tries it again.

    Counts as a try in vain, unless there was no error.
    """
    changes: dict[str, Any] = {
        "state": state,
        "error": error,
        "draft_id": draft_id,
        "sender": sender,
        "not_before": utc(not_before) if not_before else None,
    }
    if error is not None:
        changes["tries"] = outbox.c.tries + 1
    with store.fenced(fence) as connection:
        _update(connection, row_id, changes)


def sent(store: Store, fence: int, row_id: int, at: datetime, answered_at: datetime | None = None) -> None:
    """Microsoft took it: at that moment of the run, and by the clock (aware) where that was just now."""
    changes = _ended("sent") | {"error": None, "sent_at": at.isoformat(timespec="seconds")}
    if answered_at is not None:
        changes["asked_at"] = utc(answered_at)
    with store.fenced(fence) as connection:
        _update(connection, row_id, changes)


def _ended(state: str) -> dict[str, Any]:
    """Of one that goes no more what it said is taken out: it holds what a list says of children, and nothing
    reads it again. To whom, of what and when it went is kept."""
    return {"state": state, "html": "", "text": "", "images": "[]", "not_before": None}


def _update(connection: sa.Connection, row_id: int, changes: Mapping[str, Any]) -> None:
    connection.execute(sa.update(outbox).where(outbox.c.id == row_id).values(**changes))


def asked_since(store: Store, since: datetime) -> dict[str, list[datetime]]:
    """When each sender was asked to send anything since (aware): sent or not, it counts."""
    asked = sa.select(outbox.c.sender, outbox.c.asked_at).where(outbox.c.asked_at >= utc(since))
    found: dict[str, list[datetime]] = {}
    with store.transaction() as connection:
        for sender, at in connection.execute(asked):
            if sender:
                found.setdefault(sender, []).append(datetime.fromisoformat(at))
    return found


def stay_away(store: Store, fence: int, until: Mapping[str, datetime]) -> None:
    """These senders were told to send nothing before then (aware)."""
    if not until:
        return
    rows = [{"sender": sender, "not_before": utc(moment)} for sender, moment in until.items()]
    with store.fenced(fence) as connection:
        connection.execute(sa.delete(senders).where(senders.c.sender.in_(list(until))))
        connection.execute(sa.insert(senders), rows)


def told_to_stay_away(store: Store) -> dict[str, datetime]:
    """Until when each sender was last told to stay away (aware), over or not."""
    with store.transaction() as connection:
        rows = connection.execute(sa.select(senders.c.sender, senders.c.not_before))
        return {sender: datetime.fromisoformat(until) for sender, until in rows}


def any_sent_since(store: Store, since: datetime) -> bool:
    """Whether Microsoft took anything since (aware)."""
    asked = sa.select(outbox.c.id).where(outbox.c.state == "sent", outbox.c.asked_at >= utc(since)).limit(1)
    with store.transaction() as connection:
        return connection.execute(asked).first() is not None


def sent_since(store: Store, since: datetime) -> tuple[SentRow, ...]:
    """What Microsoft took since (aware), and may yet give back; newest first."""
    asked = (
        sa.select(outbox)
        .where(outbox.c.state.in_(("sent", "bounced")), outbox.c.asked_at >= utc(since))
        .order_by(outbox.c.id.desc())
    )
    with store.transaction() as connection:
        return tuple(
            SentRow(row["id"], mail_of(row), row["sender"], row["conversation"], row["state"])
            for row in connection.execute(asked).mappings()
        )


def come_back(
    store: Store, fence: int, row_id: int, *, state: str, error: str, notice: NewMail | None, now: datetime
) -> None:
    """A mail will reach nobody (``bounced`` or ``failed``): say so, and put the notice of it in the outbox in
    the same transaction, unless it is there already."""
    with store.fenced(fence) as connection:
        _update(connection, row_id, _ended(state) | {"error": error})
        put(connection, [notice] if notice else [], now.isoformat(timespec="seconds"))
