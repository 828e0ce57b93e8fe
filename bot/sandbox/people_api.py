"""Users, their managers and the settings of their mailboxes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from bot.sandbox.context import Context
from bot.sandbox.filters import holds, sortable, value_at
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.odata import Options, page, read_options, selected, unknown_property
from bot.sandbox.refusal import bad_request
from bot.sandbox.resources import SETTINGS
from bot.sandbox.wire import GraphResponse
from bot.sandbox.zones import read_moment, write_moment, zone

USER_HAS = frozenset(
    {"id", "displayName", "givenName", "surname", "jobTitle", "mail", "userPrincipalName", "businessPhones"}
    | {"mobilePhone", "officeLocation", "preferredLanguage"}
)
TYPE = "microsoft.graph.user"
WORKING_HOURS = {
    "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "startTime": "09:00:00.0000000",
    "endTime": "17:00:00.0000000",
    "timeZone": {"name": "GMT Standard Time"},
}


def list_users(context: Context) -> GraphResponse:
    """GET /users."""
    options = read_options(context.request)
    found = context.tenant.people()
    if options.filter:
        condition = options.filter
        found = [user for user in found if holds(condition, user, {})]
    for path, descending in reversed(options.order):
        found.sort(key=lambda user: str(sortable(value_at(user, path)) or ""), reverse=descending)
    size = options.top or 100
    return context.answer(
        200,
        page(
            context.request,
            options,
            iter(found),
            size=size,
            show=lambda user: _selected(user, options),
            total=lambda: len(found),
        ),
    )


def _selected(user: dict[str, Any], options: Options) -> dict[str, Any]:
    if options.expand:
        raise unknown_property(next(iter(options.expand)), TYPE)
    shown = selected(user, options, USER_HAS, TYPE)
    return (
        shown
        if "id" in options.select or not options.select
        else {k: v for k, v in shown.items() if k != "id"}
    )


def get_user(context: Context) -> GraphResponse:
    """GET /users/{id or address}."""
    return context.one(_selected(context.tenant.user(context.named["user"]), read_options(context.request)))


def get_manager(context: Context) -> GraphResponse:
    """GET /users/{id}/manager."""
    manager = context.tenant.manager_of(context.named["user"])
    shown = _selected(manager, read_options(context.request))
    return context.one({"@odata.type": "#microsoft.graph.user"} | shown)


def settings_of(mailbox: Mailbox) -> dict[str, Any]:
    """A mailbox's settings: the usual ones, and over them what was changed."""
    usual: dict[str, Any] = {
        "archiveFolder": mailbox.folder_id("archive"),
        "timeZone": "GMT Standard Time",
        "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
        "dateFormat": "dd/MM/yyyy",
        "timeFormat": "HH:mm",
        "userPurpose": "user",
        "automaticRepliesSetting": {
            "status": "disabled",
            "externalAudience": "none",
            "internalReplyMessage": "",
            "externalReplyMessage": "",
            "scheduledStartDateTime": {"dateTime": "2026-01-01T00:00:00.0000000", "timeZone": "UTC"},
            "scheduledEndDateTime": {"dateTime": "2026-01-02T00:00:00.0000000", "timeZone": "UTC"},
        },
        "language": {"locale": "en-GB", "displayName": "English (United Kingdom)"},
        "workingHours": WORKING_HOURS,
    }
    for name, value in mailbox.settings.items():
        usual[name] = usual[name] | value if isinstance(value, dict) else value
    return deepcopy(usual)


def get_settings(context: Context) -> GraphResponse:
    """GET …/mailboxSettings, or one of them."""
    settings = settings_of(context.mailbox)
    name = context.named.get("setting")
    if name is None:
        return context.one(selected(settings, read_options(context.request), settings, SETTINGS.name))
    if name not in settings:
        raise bad_request(f"Resource not found for the segment '{name}'.", "BadRequest")
    value = settings[name]
    return context.one(value if isinstance(value, dict) else {"value": value})


def change_settings(context: Context) -> GraphResponse:
    """PATCH …/mailboxSettings: out of office, time zone, working hours."""
    fields = SETTINGS.read(context.body)
    if fields.get("timeZone"):
        zone(fields["timeZone"])
    replies = fields.get("automaticRepliesSetting") or {}
    for side in ("scheduledStartDateTime", "scheduledEndDateTime"):
        if replies.get(side):
            sent = replies[side]
            name = sent.get("timeZone") or "UTC"
            naive = read_moment(sent.get("dateTime") or "", name)
            replies[side] = write_moment(naive.replace(tzinfo=zone(name)), name)
    mailbox = context.mailbox
    for name, value in fields.items():
        if value is None:
            continue
        kept = mailbox.settings.get(name)
        mailbox.settings[name] = kept | value if isinstance(kept, dict) else value
    mailbox.dirty = True
    return context.one(settings_of(mailbox))
