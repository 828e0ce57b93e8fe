"""The marks that this store's runs have left in mailboxes: one for each run that took entries out of any.

A mailbox with a mark that is not among them was last tidied by a run that this store does not remember: the
store was put back from before. Then what is gone from there was not necessarily deleted by a person.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from bot.store.database import Store
from bot.store.schema import marks


def new_mark(store: Store, fence: int, now: datetime) -> str:
    """A mark that nobody can have left before, remembered before it is left anywhere."""
    mark = secrets.token_hex(16)
    remember(store, fence, [mark], now)
    return mark


def remember(store: Store, fence: int, found: Iterable[str], now: datetime) -> None:
    """These were left by runs before this one, and what they took out is no longer in doubt."""
    new = set(found) - known(store)
    if not new:
        return
    moment = now.isoformat(timespec="seconds")
    with store.fenced(fence) as connection:
        connection.execute(sa.insert(marks), [{"mark": mark, "left_at": moment} for mark in sorted(new)])


def known(store: Store) -> frozenset[str]:
    """Every mark of this store's runs."""
    with store.transaction() as connection:
        return frozenset(connection.execute(sa.select(marks.c.mark)).scalars())
