"""What is known of mailboxes, so that it is asked once a week or told once, and not in every run.

Their categories, when they were made ready; and that one may not be opened any more whose worker has left.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from bot.store.database import Store
from bot.store.schema import people


def ready(store: Store, categories: Iterable[str], since: date = date.min) -> frozenset[str]:
    """Mailboxes known to hold all of these category names, and looked at on or after ``since``."""
    wanted = set(categories)
    with store.transaction() as connection:
        found = connection.execute(sa.select(people.c.mailbox, people.c.categories, people.c.looked_on))
        return frozenset(
            mailbox
            for mailbox, names, looked_on in found
            if wanted <= set(json.loads(names)) and (looked_on or date.min.isoformat()) >= since.isoformat()
        )


def remember(store: Store, fence: int, mailbox: str, categories: Iterable[str], now: datetime) -> None:
    """This mailbox holds these categories now."""
    names = json.dumps(sorted(categories))
    _put(store, fence, mailbox, now, categories=names, looked_on=now.date().isoformat())


def remember_not_ready(store: Store, fence: int, mailboxes: Sequence[str]) -> None:
    """The categories of these are to be looked at by the next run, whatever becomes of this one."""
    if mailboxes:
        with store.fenced(fence) as connection:
            connection.execute(
                sa.update(people).where(people.c.mailbox.in_(mailboxes)).values(looked_on=None)
            )


def shut(store: Store) -> frozenset[str]:
    """Leavers' mailboxes of which it was told that they may not be opened."""
    with store.transaction() as connection:
        found = connection.execute(sa.select(people.c.mailbox).where(people.c.shut_on.is_not(None)))
        return frozenset(mailbox for (mailbox,) in found)


def remember_shut(store: Store, fence: int, mailbox: str, now: datetime) -> None:
    """It was told of this mailbox."""
    _put(store, fence, mailbox, now, shut_on=now.date().isoformat())


def remember_open(store: Store, fence: int, mailboxes: Iterable[str]) -> None:
    """These may be opened, or somebody works there again: the next time is told anew."""
    with store.fenced(fence) as connection:
        connection.execute(
            sa.update(people).where(people.c.mailbox.in_(tuple(mailboxes))).values(shut_on=None)
        )


def _put(store: Store, fence: int, mailbox: str, now: datetime, **values: str) -> None:
    with store.fenced(fence) as connection:
        changed = connection.execute(sa.update(people).where(people.c.mailbox == mailbox).values(**values))
        if changed.rowcount == 0:
            new = {"categories": "[]", "first_seen_at": now.isoformat(timespec="seconds")} | values
            connection.execute(sa.insert(people).values(mailbox=mailbox, **new))


def forget_all(store: Store, mailboxes: Iterable[str]) -> None:
    """Forget that these were made ready (after `undo`)."""
    with store.transaction() as connection:
        connection.execute(sa.delete(people).where(people.c.mailbox.in_(tuple(mailboxes))))
