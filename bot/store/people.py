"""Which mailboxes were made ready, so that their categories are looked at once a week, not in every run."""

from __future__ import annotations

import json
from collections.abc import Iterable
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
    looked_on = now.date().isoformat()
    names = json.dumps(sorted(categories))
    with store.fenced(fence) as connection:
        changed = connection.execute(
            sa.update(people).where(people.c.mailbox == mailbox).values(categories=names, looked_on=looked_on)
        )
        if changed.rowcount == 0:
            connection.execute(
                sa.insert(people).values(
                    mailbox=mailbox,
                    categories=names,
                    first_seen_at=now.isoformat(timespec="seconds"),
                    looked_on=looked_on,
                )
            )


def forget_all(store: Store, mailboxes: Iterable[str]) -> None:
    """Forget that these were made ready (after `undo`)."""
    with store.transaction() as connection:
        connection.execute(sa.delete(people).where(people.c.mailbox.in_(tuple(mailboxes))))
