"""The marks that this store's runs have left in mailboxes, of which each says whose it is and of when.

A mailbox with a mark that is not among them was last tidied by a run that this store does not remember: the
store was put back from before. Then what is gone from there was not necessarily deleted by a person, unless
this store has read the diary since, and it stood there.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime

import sqlalchemy as sa

from bot.store.database import Store
from bot.store.schema import marks, readings


def begin(store: Store, fence: int, now: datetime) -> str:
    """What a run's marks begin with; nobody can have left one before, and it is remembered first."""
    mine = secrets.token_hex(8)
    _put(store, fence, [mine], now)
    return mine


def one_of(mine: str, moment: datetime) -> str:
    """A mark for one mailbox, told from those that the same run leaves in others, and when it was left."""
    return f"{mine}.{int(moment.timestamp() * 1_000_000):x}.{secrets.token_hex(8)}"


def moment_of(mark: str) -> datetime | None:
    """When a mark was left (UTC); null where it does not say."""
    try:
        return datetime.fromtimestamp(int(mark.split(".")[1], 16) / 1_000_000, UTC)
    except (IndexError, ValueError, OverflowError, OSError):
        return None


def remember_reading(store: Store, fence: int, mailboxes: Collection[str], moment: datetime) -> None:
    """These diaries were read whole at ``moment`` (UTC), and nothing in them is in doubt."""
    rows = [{"mailbox": box, "read_at": moment.isoformat()} for box in sorted(mailboxes)]
    if not rows:
        return
    with store.fenced(fence) as connection:
        connection.execute(
            sa.delete(readings).where(readings.c.mailbox.in_([row["mailbox"] for row in rows]))
        )
        connection.execute(sa.insert(readings), rows)


def last_readings(store: Store, mailboxes: Collection[str]) -> dict[str, datetime]:
    """When each of these diaries was last read so (UTC)."""
    with store.transaction() as connection:
        found = connection.execute(sa.select(readings).where(readings.c.mailbox.in_(list(mailboxes))))
        return {box: datetime.fromisoformat(moment) for box, moment in found}


def accept(store: Store, fence: int, found: Iterable[str], now: datetime) -> None:
    """What was taken out of the mailboxes with these marks is no longer in doubt."""
    _put(store, fence, sorted(unknown(store, found)), now)


def unknown(store: Store, found: Iterable[str]) -> frozenset[str]:
    """Those of these marks that no run of this store left, and that were not accepted."""
    with store.transaction() as connection:
        known = frozenset(connection.execute(sa.select(marks.c.mark)).scalars())
    return frozenset(one for one in found if one not in known and one.partition(".")[0] not in known)


def accepted_since(store: Store, day: date) -> bool:
    """Whether a mark of others was accepted on that day or later."""
    theirs = sa.and_(marks.c.mark.contains("."), marks.c.left_at >= day.isoformat())
    with store.transaction() as connection:
        return bool(connection.execute(sa.select(sa.exists().where(theirs))).scalar_one())


def _put(store: Store, fence: int, new: Iterable[str], now: datetime) -> None:
    rows = [{"mark": mark, "left_at": now.isoformat(timespec="seconds")} for mark in new]
    if rows:
        with store.fenced(fence) as connection:
            connection.execute(sa.insert(marks), rows)
