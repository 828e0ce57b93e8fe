"""Mail: a draft that carries our reference, and its sending, so that no mail ever goes twice.

A message is written as a draft first. The draft holds our mark and a reference of the outbox's as extended
properties, and an id that stays the same when it moves to Sent Items; so after a lost answer either can be
asked what became of it. Only a draft is ever sent, and a draft can be sent once.

The HTML body is what travels. Exchange keeps one body a message and derives the plain-text part from it when
it sends, whatever it was given, so a MIME message with both would lose ours and could not carry the reference
in the same call. ``text`` is sent where a message has no HTML.

A sender that is told to stay away is not waited for here: meanwhile another sender may have its turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final, Literal

from O365.message import Message as O365Message

from bot.errors import BotError, Permanent, Temporary
from bot.outlook.answer import Answer, Ask, Json, item, query, user
from bot.outlook.carrier import converse
from bot.outlook.connection import Connection
from bot.outlook.conversation import Conversation, Talk, persist
from bot.outlook.faults import AGAIN, Fault, LeftToTheNextRun, Nature, NoMailbox, OutOfScope, judge
from bot.outlook.manners import BACKOFF
from bot.outlook.wire import OWNER, OWNER_PROPERTY, REFERENCE_PROPERTY, having

_SENDERS_OWN: Final = frozenset({403, 404, 507})  # out of scope, no such mailbox, full
_MEND: Final[Mapping[type[BotError], str]] = {  # as a sender's own: no worker has this address
    NoMailbox: "Correct the address in the settings (mail.sender, mail.more_senders), or ask IT to make the "
    "mailbox and to put it in the app's scope (docs/tenant.md).",
    OutOfScope: "Ask IT to put it in the app's scope (docs/tenant.md), or take it out of the settings "
    "(mail.sender, mail.more_senders).",
}
_SELECT: Final = "id,isDraft,conversationId"
LARGEST: Final = 3_000_000  # bytes of pictures that one call takes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture shown in the HTML as ``cid:…``."""

    cid: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one person."""

    to: str
    subject: str
    html: str
    text: str = ""
    pictures: tuple[Picture, ...] = ()
    reply_to: str | None = None


class NotSent(Temporary):
    """Sending was not even asked for: the message is a draft still, and certainly did not go."""


class Throttled(NotSent):
    """The sender may send no more just now: Microsoft refused, and the message certainly did not go."""


class SenderRefused(Permanent):
    """The sender's own mailbox takes or sends nothing until somebody mends it: its mails wait until then."""


@dataclass(frozen=True, slots=True)
class Found:
    """A message of ours in the sender's mailbox."""

    where: Literal["draft", "sent"]
    id: str
    conversation: str = field(default="", compare=False)  # by which a report on its delivery names it


def draft(connection: Connection, sender: str, message: Message, reference: str) -> Found:
    """Write the draft and give it back. A lost answer is looked after, so that one draft stands."""
    path = f"{user(sender)}/messages"
    ask = Ask("POST", path, _body(connection, sender, message, reference))
    for pause in (*BACKOFF, None):
        answer = connection.persist(ask, throttled_too=False)
        fault = judge(answer, connection.clock())
        id_ = (answer.body or {}).get("id")
        if fault is None and isinstance(id_, str) and id_:
            return Found("draft", id_, str((answer.body or {}).get("conversationId") or ""))
        if fault is not None and fault.nature is not Nature.TEMPORARY:
            raise refused(connection, answer, fault, path)
        wait = pause if fault is None or fault.wait is None else fault.wait
        if answer.status == 429 and fault is not None:
            raise throttled(connection, fault, path)
        if pause is None or wait is None or wait > connection.manners.longest_wait:
            break
        connection.timer.sleep(wait)
        standing = find_by_reference(connection, sender, reference)
        if standing is not None:
            return standing
    raise (
        connection.named(fault, path) if fault else Temporary(f"{sender}: no draft could be written. {AGAIN}")
    )


def send(connection: Connection, sender: str, draft_id: str) -> None:
    """Send a draft. Returns when Microsoft took it, or has it among the sent after a lost answer.

    NotSent means that it certainly did not go. Any other Temporary means that it had not gone when last
    looked at: look again before asking again, with the same id. Permanent means that it will not go; a draft
    that is nowhere is told as such, and not to be written anew unasked.
    """
    path = f"{item(sender, 'messages', draft_id)}/send"
    answer = connection.persist(Ask("POST", path), repeatable=False, throttled_too=False)
    fault = judge(answer, connection.clock())
    if fault is None:
        return
    if isinstance(answer.lost, LeftToTheNextRun):
        raise NotSent(str(answer.lost), answer.lost.retry_at)
    if answer.status == 429:
        raise throttled(connection, fault, path)
    if fault.nature is not Nature.PERMANENT or answer.status == 400:
        where = find_by_id(connection, sender, draft_id)
        if where is not None and where.where == "sent":
            return
        if where is None:
            raise Permanent(
                f"{sender}: a draft is neither among the drafts nor among the sent messages. Somebody "
                "deleted it for good, before or after it was sent; ask the recipient before sending it anew."
            )
    raise refused(connection, answer, fault, path)


def throttled(connection: Connection, fault: Fault, path: str) -> Throttled:
    """A refusal that tells the sender to come later, before anything was sent."""
    error = connection.named(fault, path)
    return Throttled(str(error), error.retry_at if isinstance(error, Temporary) else None)


def refused(connection: Connection, answer: Answer, fault: Fault, path: str) -> BotError:
    """A refusal as an exception: of the sender's mailbox as a whole (SenderRefused), or of this message."""
    error = connection.named(fault, path)
    is_elsewhere = answer.status < 400 or answer.body is None  # a proxy's word says nothing of the message
    of_sender = fault.nature is Nature.PERMANENT and (answer.status in _SENDERS_OWN or is_elsewhere)
    if not of_sender:
        return error
    what, known, _ = str(error).partition("). ")
    mend = _MEND.get(type(error)) if known else None
    return SenderRefused(f"{what}). {mend}" if mend else str(error))


def cannot_send(connection: Connection, senders: Sequence[str]) -> dict[str, SenderRefused]:
    """Which of these mailboxes the app may not use, or are not there; of one that did not answer nothing is
    said. Nothing in them is read."""
    ends = converse(connection, [Talk(one, _open(connection, one)) for one in senders])
    return {one: end for one, end in zip(senders, ends, strict=True) if isinstance(end, SenderRefused)}


def _open(connection: Connection, sender: str) -> Conversation[SenderRefused | None]:
    path = f"{user(sender)}/messages?{query(filter=having(REFERENCE_PROPERTY, 'none'), select='id', top='1')}"
    answer, fault = yield from persist(connection, Ask("GET", path))
    error = refused(connection, answer, fault, path) if fault is not None else None
    return error if isinstance(error, SenderRefused) else None


def find_by_id(connection: Connection, sender: str, id_: str) -> Found | None:
    """Where a message stands now; null where it is not in the mailbox."""
    path = f"{item(sender, 'messages', id_)}?{query(select=_SELECT)}"
    answer = connection.persist(Ask("GET", path))
    fault = judge(answer, connection.clock())
    if fault is None:
        return _found(answer.body or {})
    if fault.nature is Nature.GONE:
        return None
    raise refused(connection, answer, fault, path)


def find_by_reference(connection: Connection, sender: str, reference: str) -> Found | None:
    """The message of this reference, sent if any of its copies is, wherever it has been filed."""
    filter_ = having(REFERENCE_PROPERTY, reference)
    path = f"{user(sender)}/messages?{query(filter=filter_, select=_SELECT, top='10')}"
    answer = connection.persist(Ask("GET", path))
    fault = judge(answer, connection.clock())
    if fault is not None:
        raise refused(connection, answer, fault, path)
    listed = _listed(answer.body or {})
    found = sorted((_found(one) for one in listed), key=lambda one: (one.where != "sent", one.id))
    return found[0] if found else None


def _listed(page: Json) -> Sequence[Json]:
    listed = page.get("value")
    if not isinstance(listed, list):
        raise Temporary(f"Microsoft's list of messages could not be understood. {AGAIN}")
    return [one for one in listed if isinstance(one, dict)]


def _found(message: Json) -> Found:
    if not isinstance(message.get("id"), str) or not isinstance(message.get("isDraft"), bool):
        raise Temporary(f"Microsoft's answer about a message could not be understood. {AGAIN}")
    conversation = str(message.get("conversationId") or "")
    return Found("draft" if message["isDraft"] else "sent", message["id"], conversation)


def _body(connection: Connection, sender: str, message: Message, reference: str) -> Json:
    """The message as O365 writes it, with our reference in the same call."""
    if sum(len(picture.png) for picture in message.pictures) > LARGEST:
        raise Permanent(
            "The pictures of a mail are larger than Microsoft takes at once. Make the chart smaller."
        )
    built = O365Message(con=connection, protocol=connection.protocol, main_resource=f"user:{sender}")
    built.to.add(message.to)
    built.subject = message.subject
    built.body_type = "html" if message.html else "text"
    built.body = message.html or message.text
    if message.reply_to:
        built.reply_to.add(message.reply_to)
    for picture in message.pictures:
        built.attachments.add([(BytesIO(picture.png), f"{picture.cid}.png")])
        attached = built.attachments[len(built.attachments) - 1]
        attached.is_inline = True
        attached.content_id = picture.cid
    for property_, value in ((OWNER_PROPERTY, OWNER), (REFERENCE_PROPERTY, reference)):
        built.single_value_extended_properties.append({"id": property_, "value": value})
    body: Json = built.to_api_data()
    for attached in body.get("attachments", ()):
        attached["contentType"] = "image/png"  # O365 leaves it out, and then no reader shows it inline
    return {name: value for name, value in body.items() if name not in _UNASKED}


_UNASKED: Final = frozenset({"flag", "isReadReceiptRequested", "isDeliveryReceiptRequested", "importance"})
