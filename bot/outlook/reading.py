"""Finding what is ours in a mailbox, and only that.

Every reading filters on our own properties or asks for one entry by its id, so nobody's own appointments are
ever fetched. A listing is whole or it is an error: a page that failed is never mistaken for the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from bot.errors import Permanent, Temporary
from bot.outlook.answer import Ask, Json, item, user
from bot.outlook.connection import Connection
from bot.outlook.conversation import Conversation, persist
from bot.outlook.event import Standing
from bot.outlook.faults import AGAIN, Nature
from bot.outlook.wire import KEY_PROPERTY, OWNER, OWNER_PROPERTY, having, standing, view

PAGE: Final = 250  # a worker's entries of a month fit on one page, so that a steady run asks once
PAGES_AT_MOST: Final = 200
MESSAGE_PAGES_AT_MOST: Final = 50


def listing(
    connection: Connection, mailbox: str, owner: str = OWNER, *, made_by_us: bool | None = None
) -> Conversation[tuple[Standing, ...]]:
    """All our entries of a mailbox, in the order of their ids; raises what went wrong.

    ``made_by_us``: without people's copies, which carry the same mark and are told by their having no
    transaction id: no request of ours made them. False: those copies alone.
    """
    path = f"{user(mailbox)}/events?{view(filter=having(OWNER_PROPERTY, owner), top=str(PAGE))}"
    found: dict[str, Standing] = {}
    asked: set[str] = set()
    while path:
        if path in asked or len(asked) >= PAGES_AT_MOST:
            raise Temporary(f"{mailbox}: Microsoft's listing of the calendar goes round in a circle. {AGAIN}")
        asked.add(path)
        page = yield from _read(connection, path)
        entries = page.get("value")
        if not isinstance(entries, list):
            raise Temporary(
                f"{mailbox}: Microsoft's listing of the calendar could not be understood. {AGAIN}"
            )
        for event in entries:
            entry = standing(event)
            if made_by_us is None or made_by_us is bool(event.get("transactionId")):
                found[entry.id] = entry
        path = next_page(connection, mailbox, page)
    return tuple(found[id_] for id_ in sorted(found))


def by_key(
    connection: Connection, mailbox: str, key: str, transaction_id: str, *, after: float
) -> Conversation[Standing | None]:
    """The entry that stands for a key, looked for after a wait; null where there is none.

    Where a person has copied it, the one made by this very request is meant.
    """
    path = f"{user(mailbox)}/events?{view(filter=having(KEY_PROPERTY, key), top='10')}"
    page = yield from _read(connection, path, after)
    entries = [event for event in page.get("value") or () if isinstance(event, dict)]
    entries.sort(key=lambda event: (event.get("transactionId") != transaction_id, str(event.get("id"))))
    return standing(entries[0]) if entries else None


def by_id(connection: Connection, mailbox: str, id_: str) -> Conversation[Standing | None]:
    """The entry with this id, wherever in time it was moved to; null where it is gone."""
    path = f"{item(mailbox, 'events', id_)}?{view()}"
    answer, fault = yield from persist(connection, Ask("GET", path))
    if fault is None:
        return standing(answer.body or {})
    if fault.nature is Nature.GONE:
        return None
    raise connection.named(fault, path)


def _read(connection: Connection, path: str, after: float = 0.0) -> Conversation[Json]:
    answer, fault = yield from persist(connection, Ask("GET", path, after=after))
    if fault is not None and answer.status == 410:  # what is gone is the listing's place, not what it lists
        fault = replace(fault, nature=Nature.TEMPORARY)
    if fault is not None:
        raise connection.named(fault, path)
    return answer.body or {}


def messages(
    connection: Connection, mailbox: str, path: str, read: Callable[[str], Json], *, what: str
) -> Iterator[Json]:
    """Every message of a list, page by page; ``read`` asks for one and raises what went wrong.

    Raises Temporary where the list is not whole: of what came before that nothing may be concluded.
    """
    for _ in range(MESSAGE_PAGES_AT_MOST):
        page = read(path)
        listed = page.get("value")
        if not isinstance(listed, list):
            break
        yield from (one for one in listed if isinstance(one, dict))
        path = next_page(connection, mailbox, page)
        if not path:
            return
    raise Temporary(f"{mailbox}: {what} could not be read. {AGAIN}")


def next_page(connection: Connection, mailbox: str, page: Json) -> str:
    """The path of the next page; a link that leads anywhere but to Graph is not followed with our token."""
    link = page.get("@odata.nextLink")
    if link is None:
        return ""
    root = urlsplit(connection.protocol.service_url)
    there = urlsplit(link) if isinstance(link, str) else urlsplit("")
    if (there.scheme, there.netloc) != (root.scheme, root.netloc) or not there.path.startswith(root.path):
        raise Permanent(f"{mailbox}: Microsoft's listing pointed to another server, and was not followed.")
    return f"/{there.path.removeprefix(root.path)}" + (f"?{there.query}" if there.query else "")
