"""Whether people's own Outlook says that they are away: a sudden absence is often told there first (C.8b).

Only the setting of automatic replies is asked for, and of it only whether it is on now: what somebody writes
in a reply is not kept. Needs MailboxSettings.Read, which MailboxSettings.ReadWrite holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.errors import BotError, Temporary
from bot.outlook.answer import Ask, query, user
from bot.outlook.carrier import converse
from bot.outlook.connection import Connection
from bot.outlook.conversation import Conversation, Talk, persist
from bot.outlook.faults import AGAIN
from bot.outlook.wire import naive_london


def away_in(connection: Connection, mailboxes: Sequence[str], now: datetime) -> dict[str, bool | BotError]:
    """Whether automatic replies are on at ``now`` (naive London), by mailbox; twenty a request.

    One mailbox's error is its own, and is no answer: who could not be asked is not thereby at work.
    """
    boxes = tuple(dict.fromkeys(mailboxes))
    ends = converse(connection, [Talk(box, _away(connection, box, now)) for box in boxes])
    return dict(zip(boxes, ends, strict=True))


def _away(connection: Connection, mailbox: str, now: datetime) -> Conversation[bool]:
    path = f"{user(mailbox)}/mailboxSettings?{query(select='automaticRepliesSetting')}"
    answer, fault = yield from persist(connection, Ask("GET", path))
    if fault is not None:
        raise connection.named(fault, path)
    found = (answer.body or {}).get("automaticRepliesSetting")
    replies = found if isinstance(found, dict) else {}
    try:
        match replies.get("status"):
            case "disabled":
                return False
            case "alwaysEnabled":
                return True
            case "scheduled":
                start, end = (replies[f"scheduled{side}DateTime"] for side in ("Start", "End"))
                return naive_london(start) <= now < naive_london(end)
    except (KeyError, TypeError, ValueError):
        pass
    raise Temporary(f"{mailbox}: Microsoft's setting of automatic replies could not be understood. {AGAIN}")
