"""What of ours a sender's mailbox holds: a store that was lost, or an older one put back, cannot know.

Only messages that carry our own mark are listed, and of these the reference and whether they went: no words,
no address, and nothing that a person wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Final

from bot.outlook.answer import Ask, Json, item, query, user
from bot.outlook.connection import Connection
from bot.outlook.faults import Nature, judge
from bot.outlook.mail import refused, throttled
from bot.outlook.reading import messages
from bot.outlook.wire import OWNER, OWNER_PROPERTY, REFERENCE_PROPERTY, having, properties

_PAGE: Final = "500"
_EXPAND: Final = f"singleValueExtendedProperties($filter=id eq '{REFERENCE_PROPERTY}')"


@dataclass(frozen=True, slots=True)
class Held:
    """Our messages of late in one mailbox, by their references."""

    sent: frozenset[str]
    drafts: Mapping[str, str]  # those that never went, with their ids


def held_since(connection: Connection, sender: str, since: datetime) -> Held:
    """What the bot wrote in this mailbox since (aware). Raises SenderRefused where it cannot be used,
    Throttled where it was told to stay away, and Temporary where the list is not whole."""
    moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    filter_ = f"receivedDateTime ge {moment} and {having(OWNER_PROPERTY, OWNER)}"
    path = f"{user(sender)}/messages?{query(filter=filter_, select='id,isDraft', expand=_EXPAND, top=_PAGE)}"
    sent: set[str] = set()
    drafts: dict[str, str] = {}
    for message in messages(
        connection, sender, path, partial(_read, connection), what="what was sent before"
    ):
        reference = dict(properties(message)).get(REFERENCE_PROPERTY.casefold(), "")
        if message.get("isDraft") is False:
            sent.add(reference)
        else:
            drafts[reference] = str(message.get("id"))
    return Held(frozenset(sent), drafts)


def discard(connection: Connection, sender: str, draft_id: str) -> None:
    """Take away a draft that another store's run left behind; one that is gone already is as good."""
    path = item(sender, "messages", draft_id)
    answer = connection.persist(Ask("DELETE", path))
    fault = judge(answer, connection.clock())
    if fault and fault.nature is not Nature.GONE:
        raise refused(connection, answer, fault, path)


def _read(connection: Connection, path: str) -> Json:
    answer = connection.persist(Ask("GET", path), throttled_too=False)
    fault = judge(answer, connection.clock())
    if fault is None:
        return answer.body or {}
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise throttled(connection, fault, path)
    raise refused(connection, answer, fault, path)
