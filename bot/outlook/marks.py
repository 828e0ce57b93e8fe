"""A mark on a mailbox's own calendar: which run was the last to take entries out of it.

What is gone leaves nothing to read, and the memory of having taken it out can be lost or be put back from
before. The mark stands in the mailbox itself, beside what it is about, and nobody sees it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.errors import BotError
from bot.outlook.answer import Ask, query, user
from bot.outlook.carrier import converse
from bot.outlook.connection import Connection
from bot.outlook.conversation import Conversation, Talk, persist
from bot.outlook.faults import Nature
from bot.outlook.manners import BACKOFF
from bot.outlook.wire import MARK_PROPERTY, properties


def marks_in(connection: Connection, mailboxes: Sequence[str]) -> dict[str, str | BotError | None]:
    """The mark of each mailbox; null where it has none. One mailbox's error is its own."""
    boxes = tuple(dict.fromkeys(mailboxes))
    ends = converse(connection, [Talk(box, _mark(connection, box)) for box in boxes])
    return dict(zip(boxes, ends, strict=True))


def leave_marks(connection: Connection, marks: Mapping[str, str]) -> dict[str, BotError | None]:
    """Put its mark on each mailbox; gives what went wrong, by mailbox. Done twice is the same as once.

    Null: somebody changed the calendar at that moment, and again when it was tried once more.
    """
    ends = converse(connection, [Talk(box, _leave(connection, box, mark)) for box, mark in marks.items()])
    left = zip(marks, ends, strict=True)
    return {box: end if isinstance(end, BotError) else None for box, end in left if end is not True}


def _mark(connection: Connection, mailbox: str) -> Conversation[str | None]:
    expand = f"singleValueExtendedProperties($filter=id eq '{MARK_PROPERTY}')"
    path = f"{user(mailbox)}/calendar"
    answer, fault = yield from persist(connection, Ask("GET", f"{path}?{query(select='id', expand=expand)}"))
    if fault is not None:
        raise connection.named(fault, path)
    return dict(properties(answer.body or {})).get(MARK_PROPERTY.casefold())


def _leave(connection: Connection, mailbox: str, mark: str) -> Conversation[bool]:
    path = f"{user(mailbox)}/calendar"
    ask = Ask("PATCH", path, {"singleValueExtendedProperties": [{"id": MARK_PROPERTY, "value": mark}]})
    _, fault = yield from persist(connection, ask)
    if fault is not None and fault.nature is Nature.CONFLICT:  # can pass by itself
        _, fault = yield from persist(connection, replace(ask, after=BACKOFF[0]))
    if fault is not None and fault.nature is not Nature.CONFLICT:
        raise connection.named(fault, path)
    return fault is None
