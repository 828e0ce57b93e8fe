"""Users, their managers and the settings of their mailboxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.sandbox.graph import advanced
from bot.sandbox.graph.context import Context
from bot.sandbox.graph.filters import Both, Compare, Condition, holds, paths, sortable, value_at
from bot.sandbox.graph.odata import Options, Selectable, page, read_options, selected, unknown_property
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant import settings
from bot.sandbox.tenant.directory import Directory, Person, by_name
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
    options = read_options(context.request, USERS, frozenset({"$search"}))
    advanced.check(context.request, options)
    fits = advanced.searching(options.search) if options.search is not None else None
    directory = context.tenant.directory
    for path in [*(paths(options.filter) if options.filter else []), *(path for path, _ in options.order)]:
        if path.split("/")[0] not in USERS.has:
            raise unknown_property(path, USERS.name)
    show, condition = context.tenant.show, options.filter
    people = directory.by_name()
    if condition is not None:
        narrowed = _narrowed(directory, condition)
        people = people if narrowed is None else sorted(narrowed, key=by_name)
    if options.order and options.order != (("displayName", False),):
        people = list(people)
        for path, descending in reversed(options.order):
            people.sort(key=lambda one: str(sortable(value_at(show(one), path)) or ""), reverse=descending)

    def found() -> Iterator[Person]:
        # One after the other, since no more is looked at than the page needs.
        kept = (one for one in people if condition is None or holds(condition, show(one), {}))
        return kept if fits is None else (one for one in kept if fits(show(one)))

    return context.answer(
        200,
        page(
            context.request,
            options,
            found(),
            size=options.top or 100,
            show=lambda one: _selected(show(one), options),
            total=lambda: len(people) if condition is None and fits is None else sum(1 for _ in found()),
        ),
    )


def _narrowed(directory: Directory, condition: Condition) -> Iterable[Person] | None:
    """Who can fit a filter at all, where the directory can say so without looking at everybody."""
    match condition:
        case Compare(path="mail" | "userPrincipalName" | "id", operator="eq", value=str(value)):
            person = directory.find(value)
            return [] if person is None else [person]
        case Compare(path="displayName", operator="startswith", value=str(value)):
            return directory.starting_with(value)
        case Both(every=every, parts=parts):
            each = [_narrowed(directory, part) for part in parts]
            known = [one for one in each if one is not None]
            if every:
                return known[0] if known else None
            return {person for one in known for person in one} if len(known) == len(each) else None
        case _:
            return None


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


def direct_reports(context: Context) -> GraphResponse:
    """GET /users/{id}/directReports."""
    options = read_options(context.request, USERS)
    manager = context.tenant.find(context.named["user"]).email.casefold()
    reports = [one for one in context.tenant.directory.by_name() if (one.manager or "").casefold() == manager]
    shown = page(
        context.request,
        options,
        iter(reports),
        size=options.top or 100,
        show=lambda one: (
            {"@odata.type": "#microsoft.graph.user"} | _selected(context.tenant.show(one), options)
        ),
        total=lambda: len(reports),
    )
    return context.answer(200, shown)


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
