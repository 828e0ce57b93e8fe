"""A message's life: drafted, sent, delivered to whoever is here, bounced for whoever is not."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.sandbox.tenant import Tenant, attachments, replies
from bot.sandbox.tenant.html import preview, rewritten
from bot.sandbox.tenant.ids import new_id
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.mailbox import FOLDERS, Mailbox
from bot.sandbox.tenant.refusal import GraphError, NotFound, bad_request
from bot.sandbox.tenant.resources import MESSAGE
from bot.sandbox.tenant.zones import stamp

# What stays changeable once a message was sent.
AFTER_SENDING = frozenset(
    {"categories", "flag", "importance", "inferenceClassification", "isRead", "singleValueExtendedProperties"}
)
MESSAGE_CLASS = "String 0x001a"  # PidTagMessageClass, by which reports are told from messages
_RECIPIENTS = ("toRecipients", "ccRecipients", "bccRecipients")


def _fresh(now: datetime) -> dict[str, Any]:
    return {
        "createdDateTime": stamp(now),
        "lastModifiedDateTime": stamp(now),
        "categories": [],
        "receivedDateTime": stamp(now),
        "sentDateTime": stamp(now),
        "hasAttachments": False,
        "internetMessageId": f"<{uuid.uuid4().hex.upper()}@sandbox.prod.outlook.com>",
        "subject": "",
        "bodyPreview": "",
        "importance": "normal",
        "conversationId": new_id("AAQkAG"),
        "conversationIndex": base64.b64encode(uuid.uuid4().bytes).decode(),
        "isDeliveryReceiptRequested": False,
        "isReadReceiptRequested": False,
        "isRead": True,
        "isDraft": True,
        "webLink": f"https://outlook.office365.com/owa/?ItemID={uuid.uuid4().hex}&viewmodel=ReadMessageItem",
        "inferenceClassification": "focused",
        "body": {"contentType": "html", "content": ""},
        "toRecipients": [],
        "ccRecipients": [],
        "bccRecipients": [],
        "replyTo": [],
        "flag": {"flagStatus": "notFlagged"},
    }


def draft(mailbox: Mailbox, sent: dict[str, Any], *, now: datetime, folder: str = "drafts") -> Item:
    """A new draft from a body as it was sent."""
    return draft_of(mailbox, MESSAGE.read(sent), now=now, folder=folder)


def draft_of(mailbox: Mailbox, fields: dict[str, Any], *, now: datetime, folder: str = "drafts") -> Item:
    """A new draft from fields that were read."""
    files = [attachments.kept(one, now) for one in fields.pop("attachments", [])]
    props = _fresh(now)
    extended = _apply(mailbox, props, fields)
    item = mailbox.add("message", props, folder)
    item.attachments = files
    _tag(mailbox, item, extended)
    return item


def change(mailbox: Mailbox, item: Item, sent: dict[str, Any], *, now: datetime) -> Item:
    """Change a message; one that was sent keeps its words."""
    fields = MESSAGE.read(sent)
    fields.pop("attachments", None)
    fixed = sorted(set(fields) - AFTER_SENDING) if not item.props["isDraft"] else []
    if fixed:
        raise bad_request(f"Set action is invalid for property '{fixed[0]}'.", "ErrorInvalidPropertySet")
    props = dict(item.props)
    extended = _apply(mailbox, props, fields)
    props["lastModifiedDateTime"] = stamp(now)
    item.props = props
    _tag(mailbox, item, extended)
    mailbox.changed(item)
    return item


def _apply(mailbox: Mailbox, props: dict[str, Any], fields: dict[str, Any]) -> list[dict[str, Any]]:
    extended: list[dict[str, Any]] = fields.pop("singleValueExtendedProperties", [])
    for one in extended:
        if "id" not in one or "value" not in one:
            raise bad_request("An extended property needs both 'id' and 'value'.")
    for name in ("from", "sender"):
        address = ((fields.pop(name, None) or {}).get("emailAddress") or {}).get("address")
        if address is not None and address.casefold() != mailbox.address.casefold():
            raise GraphError(
                403,
                "ErrorSendAsDenied",
                "The user account which was used to submit this request does not "
                "have the right to send mail on behalf of the specified sending account.",
            )
    for header in fields.get("internetMessageHeaders") or ():
        if not (header.get("name") or "").casefold().startswith("x-"):
            raise bad_request(
                f"The internet message header name '{header.get('name')}' should start with 'x-' or 'X-'.",
                "InvalidInternetMessageHeader",
            )
    if fields.get("body") is not None:
        content = rewritten(fields["body"].get("content") or "", fields["body"].get("contentType") or "text")
        props["body"] = {"contentType": "html", "content": content}
        props["bodyPreview"] = preview(content)
    for name in ("receivedDateTime", "sentDateTime", "internetMessageId"):
        fields.pop(name, None)
    props |= {name: value for name, value in fields.items() if name != "body" and value is not None}
    for name in (*_RECIPIENTS, "replyTo"):
        props[name] = [_named(one) for one in props[name]]
    return extended


def _named(recipient: dict[str, Any]) -> dict[str, Any]:
    """A recipient with a name, as Exchange fills it in."""
    address = (recipient or {}).get("emailAddress") or {}
    return {
        "emailAddress": {
            "name": address.get("name") or address.get("address"),
            "address": address.get("address"),
        }
    }


def _tag(mailbox: Mailbox, item: Item, extended: list[dict[str, Any]]) -> None:
    for one in extended:
        mailbox.set_extended(item, one["id"], one["value"])


def addresses(props: Mapping[str, Any]) -> list[str]:
    """Everybody a message goes to, once."""
    found = {}
    for name in _RECIPIENTS:
        for one in props[name]:
            address = one["emailAddress"]["address"] or ""
            found[address.casefold()] = address
    return list(found.values())


def send(tenant: Tenant, mailbox: Mailbox, item: Item, *, keep: bool = True) -> None:
    """Send a draft: it moves to Sent Items (its immutable id stays) and a copy reaches every recipient."""
    if not item.props["isDraft"]:
        raise bad_request("The message was sent before.", "ErrorMessageAlreadySent")
    to = addresses(item.props)
    wrong = [address for address in to if "@" not in address.strip("@")]
    if wrong or not to:
        raise bad_request("At least one recipient isn't valid.", "ErrorInvalidRecipients")
    now = tenant.clock.now()
    owner = {"emailAddress": {"name": tenant.find(mailbox.user_id).name, "address": mailbox.address}}
    item.props = item.props | {
        "isDraft": False,
        "isRead": True,
        "sentDateTime": stamp(now),
        "receivedDateTime": stamp(now),
        "lastModifiedDateTime": stamp(now),
        "from": owner,
        "sender": owner,
    }
    mailbox.move(item, "sentitems")
    for address in to:
        if tenant.has(address):
            box = tenant.mailbox(address)
            _deliver(box, item, now)
            _answer_by_itself(tenant, box, mailbox, item, now)
        else:
            _bounce(mailbox, item, address, now)
    # Unreliable on what was sent, so not kept at all.
    item.props = {name: value for name, value in item.props.items() if name != "internetMessageHeaders"}
    if not keep:
        mailbox.remove(item)


def _deliver(mailbox: Mailbox, sent: Item, now: datetime) -> None:
    props = sent.props | {
        "bccRecipients": [],
        "isRead": False,
        "categories": [],
        "createdDateTime": stamp(now),
    }
    copy = mailbox.add("message", props, "inbox")
    copy.attachments = [one | {"id": new_id("AAMkAG")} for one in sent.attachments]


def _answer_by_itself(tenant: Tenant, box: Mailbox, sender: Mailbox, sent: Item, now: datetime) -> None:
    """Who is out of office says so to the sender; no copy of that stays in Sent Items."""
    told = replies.reply_of(box, sent.props, sender.address, now)
    if told is None:
        return
    away = {"emailAddress": {"name": tenant.find(box.user_id).name, "address": box.address}}
    to = {"emailAddress": {"name": tenant.find(sender.user_id).name, "address": sender.address}}
    received = {"isRead": False, "isDraft": False, "from": away, "sender": away, "toRecipients": [to]}
    sender.add("message", _fresh(now) | told | received, "inbox")


def _bounce(mailbox: Mailbox, sent: Item, address: str, now: datetime) -> None:
    """The report that a mail reached nobody; it lands in the sender's inbox, where nobody may look."""
    words = (
        f"Your message to {address} couldn't be delivered. "
        f"{address} wasn't found. Subject: {sent.props['subject']}"
    )
    content = rewritten(words, "text")
    system = {
        "emailAddress": {"name": "Microsoft Outlook", "address": f"postmaster@{address.partition('@')[2]}"}
    }
    props = _fresh(now) | {
        "conversationId": sent.props["conversationId"],
        "subject": f"Undeliverable: {sent.props['subject']}",
        "body": {"contentType": "html", "content": content},
        "bodyPreview": preview(content),
        "isRead": False,
        "isDraft": False,
        "from": system,
        "sender": system,
        "toRecipients": [{"emailAddress": {"name": mailbox.address, "address": mailbox.address}}],
    }
    report = mailbox.add("message", props, "inbox")
    mailbox.set_extended(report, MESSAGE_CLASS, "REPORT.IPM.Note.NDR")


def folder_named(mailbox: Mailbox, some_id: str) -> str:
    """A folder by its well-known name or its id."""
    folded = some_id.casefold()
    if folded in FOLDERS:
        return folded
    for name in FOLDERS:
        if mailbox.folder_id(name) == some_id:
            return name
    raise NotFound("ErrorItemNotFound", "The specified object was not found in the store.")


def delete(mailbox: Mailbox, item: Item) -> None:
    """To Deleted Items; from there, gone."""
    if item.folder == "deleteditems":
        mailbox.remove(item)
    else:
        mailbox.move(item, "deleteditems")
