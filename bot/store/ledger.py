"""The ledger: what we believe stands in each mailbox, written before and after every call.

A row is an *intent* from before the call that creates its entry until the answer is recorded, *live* while
the entry stands, *dismissed* when a person has deleted it and its due date has not changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.store.database import Store
from bot.store.schema import ledger

State = Literal["intent", "live", "dismissed"]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One entry as remembered. ``placed`` is where we last put it, ``placing`` where a change whose answer
    was never recorded was about to put it (naive London starts). ``said_done_at``: when a person took the
    colour out to say that the visit is done, which the record does not say yet (naive London)."""

    mailbox: str
    key: str
    generation: int
    state: State
    event_id: str | None
    etag: str | None
    due: date
    placed: datetime
    digest: str
    achieved: bool
    placing: datetime | None = None
    said_done_at: datetime | None = None


def rows_by_mailbox(store: Store) -> dict[str, tuple[LedgerRow, ...]]:
    """Every remembered entry, by mailbox."""
    with store.transaction() as connection:
        found = connection.execute(sa.select(ledger).order_by(ledger.c.mailbox, ledger.c.key)).mappings()
        grouped: dict[str, list[LedgerRow]] = {}
        for row in found:
            grouped.setdefault(row["mailbox"], []).append(_row(row))
    return {mailbox: tuple(rows) for mailbox, rows in grouped.items()}


def put(store: Store, fence: int, rows: Iterable[LedgerRow]) -> None:
    """Remember these rows, all in one transaction; raises Overtaken where a newer run has started."""
    rows = tuple(rows)
    if not rows:
        return
    with store.fenced(fence) as connection:
        _replace(connection, rows, fence)


def forget(store: Store, fence: int, mailbox: str, keys: Sequence[str]) -> None:
    """Drop rows whose entries are gone or released."""
    if not keys:
        return
    with store.fenced(fence) as connection:
        connection.execute(
            sa.delete(ledger).where(ledger.c.mailbox == mailbox, ledger.c.key.in_(tuple(keys)))
        )


def forget_mailbox(store: Store, fence: int, mailbox: str) -> None:
    """Drop all that is remembered of a mailbox that is no more."""
    with store.fenced(fence) as connection:
        connection.execute(sa.delete(ledger).where(ledger.c.mailbox == mailbox))


def rename_mailbox(store: Store, fence: int, old: str, new: str) -> None:
    """Remember under a mailbox's new address what was remembered under the old one."""
    with store.fenced(fence) as connection:
        there = sa.select(ledger.c.key).where(ledger.c.mailbox == new).scalar_subquery()
        connection.execute(sa.delete(ledger).where(ledger.c.mailbox == old, ledger.c.key.in_(there)))
        connection.execute(sa.update(ledger).where(ledger.c.mailbox == old).values(mailbox=new, fence=fence))


def _replace(connection: Connection, rows: tuple[LedgerRow, ...], fence: int) -> None:
    connection.execute(
        sa.delete(ledger).where(
            ledger.c.mailbox == sa.bindparam("old_mailbox"), ledger.c.key == sa.bindparam("old_key")
        ),
        [{"old_mailbox": row.mailbox, "old_key": row.key} for row in rows],
    )
    connection.execute(
        sa.insert(ledger),
        [
            {name: getattr(row, name) for name in row.__slots__}
            | {
                "due": row.due.isoformat(),
                "placed": row.placed.isoformat(timespec="seconds"),
                "placing": _moment(row.placing),
                "said_done_at": _moment(row.said_done_at),
                "fence": fence,
            }
            for row in rows
        ],
    )


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _row(found: sa.RowMapping) -> LedgerRow:
    values = {name: found[name] for name in LedgerRow.__dataclass_fields__}
    return LedgerRow(
        **values
        | {
            "due": date.fromisoformat(found["due"]),
            "placed": datetime.fromisoformat(found["placed"]),
            "placing": datetime.fromisoformat(found["placing"]) if found["placing"] else None,
            "said_done_at": datetime.fromisoformat(found["said_done_at"]) if found["said_done_at"] else None,
        }
    )
