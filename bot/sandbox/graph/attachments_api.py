"""Attachments over the wire: those of mails and those of events are handled alike."""

from __future__ import annotations

from typing import Any

from bot.sandbox.graph import calendar_api, mail_api
from bot.sandbox.graph.context import Context
from bot.sandbox.graph.odata import Selectable, page, read_options, selected
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant import attachments
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.refusal import GraphError, bad_request, item_not_found
from bot.sandbox.tenant.resources import ATTACHMENT

ATTACHMENTS = Selectable(ATTACHMENT.name, frozenset(ATTACHMENT.properties) | ATTACHMENT.ignored)


def item_of(context: Context) -> Item:
    """The mail or the event that the path names."""
    if "events" not in (segment.casefold() for segment in context.request.segments):
        return mail_api.message(context)
    item = calendar_api.event(context)
    if not isinstance(item, Item):
        raise GraphError(
            501, "NotSupported", "This stand-in keeps attachments with a series, not with one time."
        )
    return item


def _named(context: Context, item: Item) -> dict[str, Any]:
    for one in item.attachments:
        if one["id"] == context.named["attachment"]:
            return one
    raise item_not_found()


def list_attachments(context: Context) -> GraphResponse:
    """GET …/attachments."""
    options = read_options(context.request, ATTACHMENTS)
    if options.filter or options.order:
        raise bad_request("Attachments cannot be filtered or sorted.", "ErrorInvalidUrlQuery")
    files = item_of(context).attachments
    shown = page(
        context.request,
        options,
        iter(files),
        size=1000,
        show=lambda one: selected(one, options),
        total=lambda: len(files),
    )
    return context.answer(200, shown)


def get(context: Context) -> GraphResponse:
    """GET …/attachments/{id}."""
    options = read_options(context.request, ATTACHMENTS)
    return context.one(selected(_named(context, item_of(context)), options))


def add(context: Context) -> GraphResponse:
    """POST …/attachments: to an event, or to a mail that was not sent yet."""
    item = writable(context)
    return context.one(attachments.add(context.mailbox, item, context.body, now=context.now), 201)


def writable(context: Context) -> Item:
    """The item, where something can still be put with it."""
    item = item_of(context)
    if item.kind == "message" and not item.props["isDraft"]:
        raise bad_request("Attachments can be added to drafts only.", "ErrorInvalidOperation")
    return item


def delete(context: Context) -> GraphResponse:
    """DELETE …/attachments/{id}."""
    item = item_of(context)
    attachments.take(context.mailbox, item, _named(context, item))
    return context.answer(204)
