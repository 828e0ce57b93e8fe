"""Who was told of what and when, so that a notice goes once, and again only after its cause was gone.

Written in the same transaction as the mails that tell it: a run that is killed has told and remembered, or
neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.database import Store
from bot.store.schema import notices

_AT_ONCE = 300  # rows a statement: SQLite takes some thousands of values in one


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice that one person was told. ``key`` and ``about`` are HMACs; moments are naive London."""

    key: str
    person: str
    about: str
    kind: str
    first_told_at: datetime
    told_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeChanges:
    """What a run makes of the table: rows told now (anew or once more), and those whose cause is gone."""

    told: tuple[NoticeRow, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()  # (key, person)


def remembered(store: Store) -> tuple[NoticeRow, ...]:
    """Everything that somebody was told and that was still so when it was last looked at."""
    with store.transaction() as connection:
        return tuple(_row(found) for found in connection.execute(sa.select(notices)).mappings())


def write(connection: sa.Connection, changes: NoticeChanges) -> None:
    """Write the changes in a transaction that is open: the one that puts the mails into the outbox."""
    gone = [*changes.closed, *((row.key, row.person) for row in changes.told)]
    for start in range(0, len(gone), _AT_ONCE):
        some = gone[start : start + _AT_ONCE]
        connection.execute(sa.delete(notices).where(sa.tuple_(notices.c.key, notices.c.person).in_(some)))
    if changes.told:
        connection.execute(sa.insert(notices), [_values(row) for row in changes.told])


def _values(row: NoticeRow) -> dict[str, str]:
    return {
        "key": row.key,
        "person": row.person,
        "about": row.about,
        "kind": row.kind,
        "first_told_at": row.first_told_at.isoformat(timespec="seconds"),
        "told_at": row.told_at.isoformat(timespec="seconds"),
    }


def _row(found: sa.RowMapping) -> NoticeRow:
    return NoticeRow(
        found["key"],
        found["person"],
        found["about"],
        found["kind"],
        datetime.fromisoformat(found["first_told_at"]),
        datetime.fromisoformat(found["told_at"]),
    )
