"""Users, their managers and the settings of their mailboxes."""

from __future__ import annotations

from typing import Any

from bot.sandbox.graph.context import Context
from bot.sandbox.graph.filters import holds, paths, sortable, value_at
from bot.sandbox.graph.odata import Options, Selectable, page, read_options, selected, unknown_property
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant import settings
from bot.sandbox.tenant.refusal import bad_request
from bot.sandbox.tenant.resources import SETTINGS

USERS = Selectable(
    "microsoft.graph.user",
    frozenset(
        {
            "id",
            "displayName",
            "givenName",
            "surname",
            "jobTitle",
            "mail",
            "userPrincipalName",
            "businessPhones",
        }
        | {"mobilePhone", "officeLocation", "preferredLanguage"}
    ),
)
MAILBOX_SETTINGS = Selectable(SETTINGS.name, frozenset(SETTINGS.properties) | SETTINGS.ignored)


def list_users(context: Context) -> GraphResponse:
    """GET /users."""
    options = read_options(context.request, USERS)
    found = context.tenant.people()
    for path in [*(paths(options.filter) if options.filter else []), *(path for path, _ in options.order)]:
        if path.split("/")[0] not in USERS.has:
            raise unknown_property(path, USERS.name)
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
    shown = selected(user, options)
    return shown if not options.select or {"id", "*"} & set(options.select) else _without_id(shown)


def _without_id(shown: dict[str, Any]) -> dict[str, Any]:
    """Users, unlike items, give only what was selected."""
    return {name: value for name, value in shown.items() if name != "id"}


def get_user(context: Context) -> GraphResponse:
    """GET /users/{id or address}."""
    return context.one(
        _selected(context.tenant.user(context.named["user"]), read_options(context.request, USERS))
    )


def get_manager(context: Context) -> GraphResponse:
    """GET /users/{id}/manager."""
    manager = context.tenant.manager_of(context.named["user"])
    shown = _selected(manager, read_options(context.request, USERS))
    return context.one({"@odata.type": "#microsoft.graph.user"} | shown)


def get_settings(context: Context) -> GraphResponse:
    """GET …/mailboxSettings, or one of them."""
    found = settings.of(context.mailbox)
    name = context.named.get("setting")
    if name is None:
        return context.one(selected(found, read_options(context.request, MAILBOX_SETTINGS)))
    if name not in found:
        raise bad_request(f"Resource not found for the segment '{name}'.", "BadRequest")
    value = found[name]
    return context.one(value if isinstance(value, dict) else {"value": value})


def change_settings(context: Context) -> GraphResponse:
    """PATCH …/mailboxSettings: out of office, time zone, working hours."""
    return context.one(settings.change(context.mailbox, context.body))
