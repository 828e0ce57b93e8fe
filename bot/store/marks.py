"""The marks that this store's runs have left in mailboxes, of which each says whose it is.

A mailbox with a mark that is not among them was last tidied by a run that this store does not remember: the
store was put back from before. Then what is gone from there was not necessarily deleted by a person.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from bot.store.database import Store
from bot.store.schema import marks


def begin(store: Store, fence: int, now: datetime) -> str:
    """What a run's marks begin with; nobody can have left one before, and it is remembered first."""
    mine = secrets.token_hex(8)
    _put(store, fence, [mine], now)
    return mine


def one_of(mine: str) -> str:
    """A mark for one mailbox, told from those that the same run leaves in others."""
    return f"{mine}.{secrets.token_hex(8)}"


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
