"""Events over the wire: create, read, change, delete, list and the calendar view."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from bot.sandbox.graph import calendars_api
from bot.sandbox.graph.context import Context, Listing, matching
from bot.sandbox.graph.odata import Options, Selectable, page, read_options, selected
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant import diary, series
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.refusal import bad_request, item_not_found
from bot.sandbox.tenant.resources import EVENT_HAS
from bot.sandbox.tenant.series import Happening
from bot.sandbox.tenant.views import show_event, show_extended

UNFILTERABLE = frozenset({"body", "bodyPreview", "attachments", "extensions", "transactionId", "instances"})
EVENTS = Selectable(
    "microsoft.graph.event",
    EVENT_HAS,
    frozenset({"singleValueExtendedProperties", "calendar", "attachments", "exceptionOccurrences"}),
)
WINDOW = frozenset({"startdatetime", "enddatetime"})
VIEW_DAYS = 1825  # the longest window of a view


def event(context: Context) -> Happening:
    """The event that the path names, in the calendar that it names."""
    item = series.find(context.mailbox, context.named["id"])
    by_calendar = "calendar" in context.named or context.request.segments[2].casefold() == "calendar"
    if by_calendar and item.folder != calendars_api.folder(context):
        raise item_not_found()
    return item


def _calendar_of(context: Context, item: Happening) -> dict[str, Any]:
    return calendars_api.show(
        context, context.mailbox.calendars.get(item.folder) if item.folder != series.DEFAULT else None
    )


def show(context: Context, options: Options, item: Happening) -> dict[str, Any]:
    """An event as the request wants to see it."""
    preferences = context.preferences
    shown = show_event(item, zone=preferences.zone, immutable=preferences.immutable, text=preferences.text)
    shown = selected(shown, options)
    if "singleValueExtendedProperties" in options.expand:
        ids = {name.casefold() for name in options.expand["singleValueExtendedProperties"]}
        if tags := [one for one in show_extended(item) if one["id"].casefold() in ids]:
            shown["singleValueExtendedProperties"] = tags
    if "calendar" in options.expand:
        shown["calendar"] = _calendar_of(context, item)
    if "attachments" in options.expand:
        shown["attachments"] = item.attachments
    if isinstance(item, Item) and item.recurs:
        _show_series(context, options, item, shown)
    return shown


def _show_series(context: Context, options: Options, item: Item, shown: dict[str, Any]) -> None:
    """What only a series has, and only where it is asked for."""
    props, master_id = item.props, shown["id"]
    if series.CANCELLED in options.select:
        gone = props.get(series.CANCELLED) or ()
        shown[series.CANCELLED] = [f"OID.{master_id}.{day}" for day in gone]
    if "exceptionOccurrences" in options.expand:
        days = sorted(props.get(series.CHANGED) or ())
        found = [series.Occurrence(item, props, date.fromisoformat(day)) for day in days]
        shown["exceptionOccurrences"] = [show(context, Options(), one) for one in found]


def create(context: Context) -> GraphResponse:
    """POST …/events."""
    preferences = context.preferences
    folder = calendars_api.folder(context)
    item = diary.create(context.tenant, context.mailbox, context.body, context.settings, folder)
    shown = show_event(item, zone=preferences.zone, immutable=preferences.immutable)
    answer = context.one(shown, 201)
    user = quote(context.named["user"], safe="@")
    answer.headers["Location"] = f"{context.request.base}users/{user}/events/{quote(shown['id'])}"
    return answer


def get(context: Context) -> GraphResponse:
    """GET …/events/{id}."""
    return context.one(show(context, read_options(context.request, EVENTS), event(context)))


def change(context: Context) -> GraphResponse:
    """PATCH …/events/{id}, unless If-Match tells of another version."""
    item = event(context)
    context.check_etag(item)
    changed = diary.change(context.tenant, context.mailbox, item, context.body)
    return context.one(show(context, Options(), changed))


def delete(context: Context) -> GraphResponse:
    """DELETE …/events/{id}."""
    item = event(context)
    context.check_etag(item)
    diary.remove(context.tenant, context.mailbox, item, context.settings)
    return context.answer(204)


def list_events(context: Context) -> GraphResponse:
    """GET …/events: single events and series of one calendar, without a window."""
    options = read_options(context.request, EVENTS)
    folder, mailbox = calendars_api.folder(context), context.mailbox
    return _listed(context, options, mailbox.events.values, lambda item: item.folder == folder)


def calendar_view(context: Context) -> GraphResponse:
    """GET …/calendarView: what touches the window, occurrences too, earliest first."""
    options = read_options(context.request, EVENTS, WINDOW)
    start, end = window(context)
    found = partial(series.in_window, context.mailbox, start, end, calendars_api.folder(context))
    return _listed(context, options, found, lambda _: True, rank=lambda item: item.starts)


def instances(context: Context) -> GraphResponse:
    """GET …/events/{id}/instances: the occurrences of a series in a window, exceptions among them."""
    options = read_options(context.request, EVENTS, WINDOW)
    start, end = window(context)
    master = event(context)
    if isinstance(master, series.Occurrence) or not master.recurs:
        raise bad_request("The event is not the master of a series.", "ErrorCalendarIsNotSeriesMaster")
    found = partial(series.occurrences, master, start, end)
    return _listed(context, options, found, lambda _: True, rank=lambda item: item.starts)


def window(context: Context) -> tuple[datetime, datetime]:
    """The window that the query names."""
    found = context.request.parameters()
    start, end = (_edge(found, name) for name in ("startDateTime", "endDateTime"))
    if end < start:
        raise bad_request(
            "The EndDateTime of the window is earlier than its StartDateTime.", "ErrorInvalidParameter"
        )
    if end - start > timedelta(days=VIEW_DAYS):
        raise bad_request(
            "Your request can't be completed. The range between the start and end dates is greater than the "
            f"allowed range. Maximum number of days: {VIEW_DAYS}"
        )
    return start, end


def _listed(
    context: Context,
    options: Options,
    items: Callable[[], Iterable[Happening]],
    belongs: Callable[[Happening], bool],
    rank: Callable[[Happening], Any] | None = None,
) -> GraphResponse:
    listing = Listing(
        "event",
        items,
        belongs,
        show_event,
        has=EVENT_HAS,
        unfilterable=UNFILTERABLE,
        rank=rank,
        by_tag=rank is None,
    )
    shown = page(
        context.request,
        options,
        matching(context.mailbox, options, listing),
        size=context.page_size,
        show=partial(show, context, options),
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
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad_request(
            f"The value '{text}' of parameter '{name}' is invalid.", "ErrorInvalidParameter"
        ) from None
