"""Meetings inside the tenant: an invitation stands as a tentative copy in the calendar of whoever is invited.

The copy follows what the organizer changes, and is marked as cancelled where the meeting falls away.
Nobody outside the tenant is told anything, and nobody is sent a mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.sandbox.tenant import series
from bot.sandbox.tenant.attendees import NEVER, address_of
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.refusal import GraphError
from bot.sandbox.tenant.series import Happening, Occurrence
from bot.sandbox.tenant.tenant import Tenant
from bot.sandbox.tenant.zones import stamp

# What the organizer decides for everybody.
_SHARED = (
    *("subject", "body", "bodyPreview", "start", "end", "originalStartTimeZone", "originalEndTimeZone"),
    *("isAllDay", "location", "locations", "importance", "sensitivity", "organizer", "recurrence"),
    *("responseRequested", "allowNewTimeProposals", "hideAttendees", "type"),
)


def tell(tenant: Tenant, mailbox: Mailbox, item: Happening, before: Mapping[str, Any] | None = None) -> None:
    """Let the copies say what the organizer's event says; `before` is what that said until now."""
    props = item.props
    if not props["isOrganizer"] or not (props["attendees"] or (before and before["attendees"])):
        return
    now = tenant.clock.now()
    here = _boxes(tenant, mailbox, props)
    for box in here.values():
        _deliver(box, item, now)
    for address, box in _boxes(tenant, mailbox, before or {"attendees": []}).items():
        if address not in here:
            _cancel(box, item, now)


def call_off(tenant: Tenant, mailbox: Mailbox, item: Happening) -> None:
    """The organizer's event falls away: its copies stay, and say so."""
    if item.props["isOrganizer"]:
        for box in _boxes(tenant, mailbox, item.props).values():
            _cancel(box, item, tenant.clock.now())


def _boxes(tenant: Tenant, mailbox: Mailbox, props: Mapping[str, Any]) -> dict[str, Mailbox]:
    """The mailboxes of those invited who are here, without the organizer's own."""
    found = {}
    for attendee in props["attendees"]:
        address = address_of(attendee)
        if tenant.has(address) and address != mailbox.address.casefold():
            found[address] = tenant.mailbox(address)
    return found


def _copy(box: Mailbox, item: Happening) -> Happening | None:
    """The copy of a meeting, or of one of its occurrences, in somebody's default calendar."""
    wanted = series.uid(item, item.key, item.props)
    copy = next((one for one in box.events.values() if one.props.get("iCalUId") == wanted), None)
    if copy is None or not isinstance(item, Occurrence):
        return copy
    try:
        return series.occurrence_on(copy, item.day)
    except GraphError:
        return None


def _deliver(box: Mailbox, item: Happening, now: datetime) -> None:
    props = item.props
    shared = {name: props[name] for name in _SHARED} | {"lastModifiedDateTime": stamp(now)}
    shared["attendees"] = [
        one for one in props["attendees"] if not props["hideAttendees"] or address_of(one) == box.address
    ]
    copy = _copy(box, item)
    if copy is not None:
        _write(box, copy, shared, (item.starts, item.ends))
    elif isinstance(item, Item):
        new = {**props, **shared, "createdDateTime": stamp(now), "transactionId": None, "categories": []}
        new |= {"isOrganizer": False, "showAs": "tentative", "iCalUId": series.uid(item, item.key, props)}
        new |= {"responseStatus": {"response": "notResponded", "time": NEVER}}
        new |= {"reminderMinutesBeforeStart": 15, "isReminderOn": True}
        box.add("event", new, at=(item.starts, item.ends))


def _cancel(box: Mailbox, item: Happening, now: datetime) -> None:
    copy = _copy(box, item)
    if copy is not None and not copy.props["isCancelled"]:
        told = {"isCancelled": True, "showAs": "free", "lastModifiedDateTime": stamp(now)}
        told |= {"subject": f"Canceled: {copy.props['subject'] or ''}"}
        _write(box, copy, told, (copy.starts, copy.ends))


def _write(box: Mailbox, copy: Happening, told: dict[str, Any], at: tuple[datetime, datetime]) -> None:
    if isinstance(copy, Occurrence):
        told = {name: value for name, value in told.items() if name not in ("recurrence", "type")}
        series.change_one(box, copy, {**copy.props, **told}, copy.extended)
        return
    props = {**copy.props, **told}
    if at != (copy.starts, copy.ends) or props["recurrence"] != copy.props["recurrence"]:
        box.departed(copy, box.version + 1, deleted=False)
        props = {
            name: value for name, value in props.items() if name not in (series.CANCELLED, series.CHANGED)
        }
    copy.props = props
    box.place(copy, *at)
    box.changed(copy)
