"""The files that come with a mail or stand with an event."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from bot.sandbox.tenant.ids import new_id
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.refusal import GraphError, bad_request
from bot.sandbox.tenant.resources import ATTACHMENT
from bot.sandbox.tenant.zones import stamp

MOST = 3_000_000  # in one request; more than that goes up in pieces


def kept(read: dict[str, Any], now: datetime, most: int = MOST) -> dict[str, Any]:
    """A file attachment as it is kept."""
    if not read.get("name") or "contentBytes" not in read:
        raise bad_request("A file attachment needs 'name' and 'contentBytes'.")
    size = len(base64.b64decode(read["contentBytes"]))
    if size > most:
        raise GraphError(
            413,
            "RequestEntityTooLarge",
            "The maximum request length supported is 4MB; use an upload session.",
        )
    kind = read.get("contentType") or "application/octet-stream"
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "@odata.mediaContentType": kind,
        "id": new_id("AAMkAG"),
        "lastModifiedDateTime": stamp(now),
        "name": read["name"],
        "contentType": kind,
        "size": size,
        "isInline": bool(read.get("isInline")),
        "contentId": read.get("contentId"),
        "contentLocation": read.get("contentLocation"),
        "contentBytes": read["contentBytes"],
    }


def add(mailbox: Mailbox, item: Item, sent: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Put one more file with an item."""
    kind = str(sent.get("@odata.type", ""))
    if kind.endswith(("itemAttachment", "referenceAttachment")):
        raise GraphError(501, "NotSupported", "This stand-in takes file attachments only.")
    if not kind.endswith("fileAttachment"):
        raise bad_request("An attachment needs '@odata.type': '#microsoft.graph.fileAttachment'.")
    return put(mailbox, item, kept(ATTACHMENT.read(sent), now))


def put(mailbox: Mailbox, item: Item, file: dict[str, Any]) -> dict[str, Any]:
    """Keep a file that was read with its item."""
    item.attachments.append(file)
    _tell(mailbox, item)
    return file


def take(mailbox: Mailbox, item: Item, file: dict[str, Any]) -> None:
    """Take a file away again."""
    item.attachments.remove(file)
    _tell(mailbox, item)


def _tell(mailbox: Mailbox, item: Item) -> None:
    item.props = {**item.props, "hasAttachments": any(not one["isInline"] for one in item.attachments)}
    mailbox.changed(item)
