"""Events over the wire: create, read, change, delete, list and the calendar view."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from bot.sandbox.graph.context import Context, Listing, matching
from bot.sandbox.graph.odata import Options, Selectable, page, read_options, selected
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant import events
from bot.sandbox.tenant.mailbox import Item
from bot.sandbox.tenant.refusal import NotFound, bad_request
from bot.sandbox.tenant.resources import EVENT_HAS
from bot.sandbox.tenant.views import show_event, show_extended

UNFILTERABLE = frozenset({"body", "bodyPreview", "attachments", "extensions", "transactionId", "instances"})
EVENTS = Selectable(
    "microsoft.graph.event",
    EVENT_HAS,
    frozenset({"singleValueExtendedProperties", "calendar", "attachments"}),
)
WINDOW = frozenset({"startdatetime", "enddatetime"})


def calendar_id(context: Context) -> str:
    """The id of the one calendar that stands here."""
    digest = hashlib.sha512(f"{context.mailbox.user_id}/calendar".encode()).hexdigest()
    return f"AAMkAG{digest[:110]}="


def calendar(context: Context) -> dict[str, Any]:
    """The default calendar, which is the only one."""
    owner = context.tenant.find(context.mailbox.user_id)
    return {
        "id": calendar_id(context),
        "name": "Calendar",
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": True,
        "changeKey": "x4GzTjW6L0C0cg==",
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": True,
        "isRemovable": False,
        "owner": {"name": owner.name, "address": owner.email},
    }


def _in_calendar(context: Context) -> None:
    """A path that names a calendar must name this one."""
    if context.named.get("calendar", calendar_id(context)) != calendar_id(context):
        raise NotFound("ErrorItemNotFound", "The specified object was not found in the store.")


def get_calendar(context: Context) -> GraphResponse:
    """The default calendar."""
    _in_calendar(context)
    return context.one(calendar(context))


def list_calendars(context: Context) -> GraphResponse:
    """A list of one."""
    return context.answer(200, {"value": [calendar(context)]})


def _show(context: Context, options: Options, item: Item) -> dict[str, Any]:
    preferences = context.preferences
    shown = show_event(item, zone=preferences.zone, immutable=preferences.immutable, text=preferences.text)
    shown = selected(shown, options)
    if "singleValueExtendedProperties" in options.expand:
        ids = {name.casefold() for name in options.expand["singleValueExtendedProperties"]}
        if tags := [one for one in show_extended(item) if one["id"].casefold() in ids]:
            shown["singleValueExtendedProperties"] = tags
    if "calendar" in options.expand:
        shown["calendar"] = calendar(context)
    if "attachments" in options.expand:
        shown["attachments"] = []
    return shown


def create(context: Context) -> GraphResponse:
    """POST …/events."""
    _in_calendar(context)
    preferences = context.preferences
    owner = context.tenant.find(context.mailbox.user_id).name
    item = events.create(context.mailbox, context.body, context.settings, owner=owner, now=context.now)
    shown = show_event(item, zone=preferences.zone, immutable=preferences.immutable)
    answer = context.one(shown, 201)
    user = quote(context.named["user"], safe="@")
    answer.headers["Location"] = f"{context.request.base}users/{user}/events/{quote(shown['id'])}"
    return answer


def get(context: Context) -> GraphResponse:
    """GET …/events/{id}."""
    _in_calendar(context)
    return context.one(_show(context, read_options(context.request, EVENTS), context.item("event")))


def change(context: Context) -> GraphResponse:
    """PATCH …/events/{id}, unless If-Match tells of another version."""
    _in_calendar(context)
    item = context.item("event")
    context.check_etag(item)
    events.change(context.mailbox, item, context.body, now=context.now)
    return context.one(_show(context, Options(), item))


def delete(context: Context) -> GraphResponse:
    """DELETE …/events/{id}."""
    _in_calendar(context)
    item = context.item("event")
    context.check_etag(item)
    events.remove(context.mailbox, item, context.settings)
    return context.answer(204)


def attachments(context: Context) -> GraphResponse:
    """GET …/events/{id}/attachments: none are kept here."""
    context.item("event")
    return context.answer(200, {"value": []})


def list_events(context: Context) -> GraphResponse:
    """GET …/events: every event there is, without a window."""
    _in_calendar(context)
    options = read_options(context.request, EVENTS)
    return _listed(context, options, _listing(context, lambda _: True))


def calendar_view(context: Context) -> GraphResponse:
    """GET …/calendarView: what touches the window, earliest first."""
    _in_calendar(context)
    options = read_options(context.request, EVENTS, WINDOW)
    found = context.request.parameters()
    start, end = (_edge(found, name) for name in ("startDateTime", "endDateTime"))
    if end < start:
        raise bad_request(
            "The EndDateTime of the window is earlier than its StartDateTime.", "ErrorInvalidParameter"
        )

    listing = _listing(context, lambda item: item.starts < end and item.ends > start)
    return _listed(context, options, replace(listing, rank=lambda item: item.starts))


def _listing(context: Context, belongs: Callable[[Item], bool]) -> Listing:
    return Listing(
        "event", context.mailbox.events.values, belongs, show_event, has=EVENT_HAS, unfilterable=UNFILTERABLE
    )


def _listed(context: Context, options: Options, listing: Listing) -> GraphResponse:
    shown = page(
        context.request,
        options,
        matching(context.mailbox, options, listing),
        size=context.page_size,
        show=partial(_show, context, options),
        total=lambda: sum(1 for _ in matching(context.mailbox, options, listing)),
    )
    return context.answer(200, shown)


def _edge(found: dict[str, str], name: str) -> datetime:
    text = found.get(name.casefold())
    if text is None:
        raise bad_request(
            "This request requires a time window specified by the query string parameters StartDateTime and "
            "EndDateTime.",
            "ErrorInvalidParameter",
        )
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(
            f"The value '{text}' of parameter '{name}' is invalid.", "ErrorInvalidParameter"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
