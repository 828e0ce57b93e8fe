"""Automatic replies: who is out of office answers each sender once, as Exchange does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.sandbox.tenant import settings
from bot.sandbox.tenant.html import preview, rewritten
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.series import moment_of
from bot.sandbox.tenant.zones import to_utc

SUPPRESS = "x-auto-response-suppress"


def reply_of(mailbox: Mailbox, sent: Mapping[str, Any], sender: str, now: datetime) -> dict[str, Any] | None:
    """What this mailbox answers by itself to a mail from inside: subject and body, or nothing."""
    chosen = settings.of(mailbox)["automaticRepliesSetting"]
    if not is_away(chosen, now) or not chosen["internalReplyMessage"] or not _is_asked(mailbox, sent):
        return None
    period = repr(sorted(chosen.items(), key=str))
    if mailbox.replied_in != period:
        mailbox.replied_in, mailbox.replied_to = period, set()
    if sender.casefold() in mailbox.replied_to:
        return None
    mailbox.replied_to.add(sender.casefold())
    content = rewritten(chosen["internalReplyMessage"], "html")
    return {
        "subject": f"Automatic reply: {sent['subject'] or ''}",
        "body": {"contentType": "html", "content": content},
        "bodyPreview": preview(content),
        "conversationId": sent["conversationId"],
    }


def is_away(chosen: Mapping[str, Any], now: datetime) -> bool:
    """Whether automatic replies are given at that moment."""
    if chosen["status"] != "scheduled":
        return bool(chosen["status"] == "alwaysEnabled")
    starts, ends = (to_utc(*moment_of(chosen[f"scheduled{side}DateTime"])) for side in ("Start", "End"))
    return starts <= now < ends


def _is_asked(mailbox: Mailbox, sent: Mapping[str, Any]) -> bool:
    """Whether the mail names this mailbox openly, and does not ask for silence."""
    for header in sent.get("internetMessageHeaders") or ():
        told = (header.get("value") or "").casefold()
        if (header.get("name") or "").casefold() == SUPPRESS and ("oof" in told or "all" in told):
            return False
    named = (*sent["toRecipients"], *sent["ccRecipients"])
    return mailbox.address.casefold() in {(one["emailAddress"]["address"] or "").casefold() for one in named}
