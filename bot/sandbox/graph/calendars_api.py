"""Calendars over the wire: the default one, which always is, and others beside it."""

from __future__ import annotations

import hashlib
from typing import Any

from bot.sandbox.graph.context import Context
from bot.sandbox.graph.odata import Options, Selectable, read_options, selected, whole_page
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant.ids import new_id
from bot.sandbox.tenant.mailbox import Calendar
from bot.sandbox.tenant.refusal import GraphError, bad_request, item_not_found
from bot.sandbox.tenant.resources import CALENDAR
from bot.sandbox.tenant.series import DEFAULT

_EXTENDED = "singleValueExtendedProperties"
CALENDARS = Selectable(
    CALENDAR.name, frozenset(CALENDAR.properties) | CALENDAR.ignored, frozenset({_EXTENDED})
)
_DEFAULT_NAME = "Calendar"


def default_id(context: Context) -> str:
    """The id of the default calendar."""
    digest = hashlib.sha512(f"{context.mailbox.user_id}/calendar".encode()).hexdigest()
    return f"AAMkAG{digest[:110]}="


def named(context: Context) -> Calendar | None:
    """The calendar that the path names; None is the default one."""
    asked = context.named.get("calendar")
    if asked is None or asked == default_id(context):
        return None
    found = context.mailbox.calendars.get(asked)
    if found is None:
        if len(asked) < 16:
            raise bad_request("Id is malformed.", "ErrorInvalidIdMalformed")
        raise item_not_found()
    return found


def _default(context: Context) -> Calendar:
    """The default calendar; it is kept once something about it was changed."""
    return context.mailbox.calendars.get(DEFAULT) or Calendar(DEFAULT, _DEFAULT_NAME)


def _others(context: Context) -> list[Calendar]:
    return [one for one in context.mailbox.calendars.values() if one.key != DEFAULT]


def folder(context: Context) -> str:
    """Where the events of that calendar stand."""
    calendar = named(context)
    return DEFAULT if calendar is None else calendar.key


def show(context: Context, calendar: Calendar | None) -> dict[str, Any]:
    """A calendar resource."""
    owner = context.tenant.find(context.mailbox.user_id)
    kept = _default(context) if calendar is None else calendar
    version = hashlib.sha256(f"{context.mailbox.user_id}/{kept.key}/{kept.version}".encode())
    return {
        "id": default_id(context) if calendar is None else calendar.key,
        "name": kept.name,
        "color": kept.color,
        "hexColor": "",
        "isDefaultCalendar": calendar is None,
        "changeKey": version.hexdigest()[:22],
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": calendar is None,
        "isRemovable": calendar is not None,
        "owner": {"name": owner.name, "address": owner.email},
    }


def _asked(context: Context, options: Options, calendar: Calendar | None) -> dict[str, Any]:
    """A calendar as the request wants to see it; of its extended properties those that it names."""
    shown = selected(show(context, calendar), options)
    ids = {name.casefold() for name in options.expand.get(_EXTENDED, ())}
    kept = _default(context) if calendar is None else calendar
    tags = [{"id": name, "value": told} for name, told in kept.extended.items() if name.casefold() in ids]
    return shown | {_EXTENDED: tags} if tags else shown


def get_calendar(context: Context) -> GraphResponse:
    """GET …/calendar, or one of the calendars by its id."""
    return context.one(_asked(context, read_options(context.request, CALENDARS), named(context)))


def list_calendars(context: Context) -> GraphResponse:
    """GET …/calendars: the default one first."""
    options = read_options(context.request, CALENDARS)
    found = [show(context, one) for one in (None, *_others(context))]
    return context.answer(200, whole_page(context.request, CALENDARS, options, found, size=context.page_size))


def create(context: Context) -> GraphResponse:
    """POST …/calendars."""
    fields = CALENDAR.read(context.body)
    calendar = Calendar(new_id("AAMkAG"), _free_name(context, fields), fields.get("color") or "auto")
    _tag(calendar, fields)
    context.mailbox.calendars[calendar.key] = calendar
    context.mailbox.dirty = True
    return context.one(show(context, calendar), 201)


def _free_name(context: Context, fields: dict[str, Any], but: Calendar | None = None) -> str:
    name = (fields.get("name") or "").strip()
    if not name:
        raise bad_request("The name of a calendar must not be empty.", "ErrorInvalidArgument")
    taken = [_DEFAULT_NAME, *(one.name for one in _others(context) if one is not but)]
    if name.casefold() in (one.casefold() for one in taken):
        raise GraphError(409, "ErrorFolderExists", "A folder with the specified name already exists.")
    return name


def change(context: Context) -> GraphResponse:
    """PATCH …/calendars/{id}: name, colour and extended properties; the default one keeps its name."""
    calendar, fields = named(context), CALENDAR.read(context.body)
    if fields.get("isDefaultCalendar", calendar is None) is not (calendar is None):
        raise GraphError(501, "NotSupported", "This stand-in does not let another calendar be the default.")
    if calendar is None and fields.get("name", _DEFAULT_NAME) != _DEFAULT_NAME:
        raise bad_request("Set action is invalid for property 'name'.", "ErrorInvalidPropertySet")
    kept = _default(context) if calendar is None else calendar
    if calendar is not None and "name" in fields:
        kept.name = _free_name(context, fields, calendar)
    kept.color = fields.get("color") or kept.color
    _tag(kept, fields)
    kept.version += 1
    context.mailbox.calendars[kept.key] = kept
    context.mailbox.dirty = True
    return context.one(show(context, calendar))


def _tag(calendar: Calendar, fields: dict[str, Any]) -> None:
    for one in fields.get(_EXTENDED) or ():
        if "id" not in one or "value" not in one:
            raise bad_request("An extended property needs both 'id' and 'value'.")
        calendar.set_extended(one["id"], one["value"])


def delete(context: Context) -> GraphResponse:
    """DELETE …/calendars/{id}: with all that stands in it; never the default one."""
    calendar = named(context)
    if calendar is None:
        raise bad_request("Distinguished folders cannot be deleted.", "ErrorDeleteDistinguishedFolder")
    for item in [one for one in context.mailbox.events.values() if one.folder == calendar.key]:
        context.mailbox.remove(item)
    del context.mailbox.calendars[calendar.key]
    context.mailbox.dirty = True
    return context.answer(204)
