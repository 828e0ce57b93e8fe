"""Exchange's own odds and ends: ids in another spelling, large attachments, and what is not done here."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from bot.sandbox.graph import attachments_api
from bot.sandbox.graph.context import Context
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant.items import Item, Kind
from bot.sandbox.tenant.refusal import GraphError, bad_request
from bot.sandbox.tenant.resources import TRANSLATE, UPLOAD
from bot.sandbox.tenant.series import Occurrence, find

HERE = ("restId", "restImmutableEntryId")
MOST_IDS = 1000
KINDS: tuple[Kind, ...] = ("event", "message")


def translate_ids(context: Context) -> GraphResponse:
    """POST …/translateExchangeIds: a default id into the immutable one, or back."""
    asked = TRANSLATE.read(context.body)
    ids, source, target = asked.get("inputIds"), asked.get("sourceIdType"), asked.get("targetIdType")
    if not ids or source is None or target is None:
        raise bad_request(
            "The parameters 'inputIds', 'sourceIdType' and 'targetIdType' are needed.",
            "ErrorInvalidParameter",
        )
    if len(ids) > MOST_IDS:
        raise bad_request(f"At most {MOST_IDS} ids can be translated at once.", "ErrorInvalidParameter")
    if source not in HERE or target not in HERE:
        words = "This stand-in translates between restId and restImmutableEntryId only."
        raise GraphError(501, "NotSupported", words)
    found = [_translated(context, one or "", target) for one in ids]
    return context.answer(200, {"value": found})


def _translated(context: Context, some_id: str, target: str) -> dict[str, Any]:
    try:
        item = _any_kind(context, some_id)
    except GraphError as error:
        details = {"code": error.code, "message": error.message}
        return {"sourceId": some_id, "errorDetails": details}
    return {"sourceId": some_id, "targetId": item.id if target == "restId" else item.key}


def _any_kind(context: Context, some_id: str) -> Item | Occurrence:
    try:
        return find(context.mailbox, some_id)
    except GraphError:
        return context.mailbox.find("message", some_id)


def create_upload_session(context: Context) -> GraphResponse:
    """POST …/attachments/createUploadSession: an address to which a large file goes in pieces."""
    item = attachments_api.writable(context)
    about = UPLOAD.read(context.body).get("AttachmentItem") or {}
    word, upload = context.tenant.uploads.begin(context.mailbox, item, about, context.now)
    here = context.request.base.removesuffix("v1.0/")
    return context.one({"uploadUrl": f"{here}_attachments/{quote(word)}"} | upload.shown())


def no_subscriptions(_: Context) -> GraphResponse:
    """Whatever is asked of subscriptions."""
    raise GraphError(501, "NotSupported", "This stand-in does not send notifications of changes.")
