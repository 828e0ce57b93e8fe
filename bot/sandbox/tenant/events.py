"""An event's life in a mailbox: made once for a transactionId, placed in time, changed, never doubled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import series, usual
from bot.sandbox.tenant.attendees import invited
from bot.sandbox.tenant.html import preview, rewritten
from bot.sandbox.tenant.ids import IMMUTABLE
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.refusal import GraphError, bad_request
from bot.sandbox.tenant.resources import EVENT
from bot.sandbox.tenant.series import Happening, Occurrence
from bot.sandbox.tenant.zones import read_moment, stamp, to_utc

SUBJECT_MOST = 255


def _fresh(mailbox: Mailbox, owner: str, now: datetime) -> dict[str, Any]:
    """A new event's properties before anything was said about it."""
    return {
        **usual.EVENT,
        "createdDateTime": stamp(now),
        "lastModifiedDateTime": stamp(now),
        "organizer": {"emailAddress": {"name": owner, "address": mailbox.address}},
    }


def create(
    mailbox: Mailbox,
    sent: dict[str, Any],
    settings: SandboxSettings,
    *,
    owner: str,
    now: datetime,
    folder: str = series.DEFAULT,
) -> Item:
    """A new event in one of the calendars, unless its transactionId was seen before."""
    fields = EVENT.read(sent)
    for side in ("start", "end"):
        if fields.get(side) is None:
            raise bad_request(
                f"The required property '{side}' is missing from the event.", "ErrorPropertyValidationFailure"
            )
    transaction = fields.get("transactionId")
    if transaction is not None:
        _refuse_duplicate(mailbox, transaction, settings)
    props = _fresh(mailbox, owner, now)
    if fields.get("isAllDay"):
        props |= {"showAs": "free"}
    extended = _apply(props, fields)
    at = _place(props)
    if props["recurrence"]:
        at = _begin_series(props)
    item = mailbox.add("event", props, folder, at=at)
    _tag(mailbox, item, extended)
    if transaction is not None:
        mailbox.transactions[transaction] = item.number
    return item


def change(mailbox: Mailbox, item: Happening, sent: dict[str, Any], *, now: datetime) -> Happening:
    """Change what was sent and nothing else. Either all of it or, where it is refused, none."""
    fields = EVENT.read(sent)
    old = item.props
    if fields.get("transactionId", old["transactionId"]) != old["transactionId"]:
        raise bad_request("Set action is invalid for property 'transactionId'.", "ErrorInvalidPropertySet")
    props = dict(old)
    extended = _apply(props, fields)
    starts, ends = _place(props)
    props["lastModifiedDateTime"] = stamp(now)
    if isinstance(item, Occurrence):
        return series.change_one(mailbox, item, props, _retagged(item.extended, extended))
    if {"start", "end", "recurrence", "isAllDay"} & set(fields):
        if props["recurrence"]:
            starts, ends = _begin_series(props)
        if (starts, ends, props["recurrence"]) != (item.starts, item.ends, old["recurrence"]):
            mailbox.departed(item, mailbox.version + 1, deleted=False)
    item.props = props
    mailbox.place(item, starts, ends)
    _tag(mailbox, item, extended)
    mailbox.changed(item)
    return item


def _begin_series(props: dict[str, Any]) -> tuple[datetime, datetime]:
    """Set the properties of a series onto its first date; what was changed on its own before is gone."""
    series.begin(props)
    props["type"] = "seriesMaster"
    for name in (series.CANCELLED, series.CHANGED):
        props.pop(name, None)
    return _place(props)


def remove(mailbox: Mailbox, item: Happening, settings: SandboxSettings) -> None:
    """Delete an event; whether its transactionId is free again is not documented, so it is a setting."""
    if isinstance(item, Occurrence):
        series.remove_one(mailbox, item)
        return
    if not settings.transactions_outlive_events:
        mailbox.transactions.pop(item.props["transactionId"] or "", None)
    mailbox.remove(item)


def _refuse_duplicate(mailbox: Mailbox, transaction: str, settings: SandboxSettings) -> None:
    number = mailbox.transactions.get(transaction)
    if number is None:
        return
    told = (
        f" The id of the existing event is '{mailbox.ids.write(IMMUTABLE, number)}'."
        if settings.duplicate_tells_id
        else ""
    )
    raise GraphError(
        settings.duplicate_transaction,
        "ErrorDuplicateTransactionId",
        f"Your request can't be completed: an event with this transactionId was made before.{told}",
    )


def _apply(props: dict[str, Any], fields: dict[str, Any]) -> list[dict[str, Any]]:
    """Write the fields into the properties; gives back the extended properties, which are kept apart."""
    extended: list[dict[str, Any]] = fields.pop("singleValueExtendedProperties", [])
    for one in extended:
        if "id" not in one or "value" not in one:
            raise bad_request("An extended property needs both 'id' and 'value'.")
    if fields.get("isOnlineMeeting"):
        raise GraphError(501, "NotSupported", "This stand-in does not make online meetings.")
    if len(fields.get("subject") or "") > SUBJECT_MOST:
        raise bad_request(
            "The value of property 'subject' is longer than 255 characters.", "ErrorPropertyValidationFailure"
        )
    if fields.get("body") is not None:
        content = rewritten(fields["body"].get("content") or "", fields["body"].get("contentType") or "text")
        props["body"] = {"contentType": "html", "content": content}
        props["bodyPreview"] = preview(content)
    if "categories" in fields:
        props["categories"] = list(dict.fromkeys(filter(None, fields["categories"])))
    if "location" in fields:
        place = {**usual.NOWHERE} | {k: v for k, v in (fields["location"] or {}).items() if v is not None}
        props["location"] = place
        props["locations"] = [place] if place["displayName"] else []
    for side, zone_name in (("start", "originalStartTimeZone"), ("end", "originalEndTimeZone")):
        if side in fields:
            props[side] = fields[side]
            props[zone_name] = (fields[side] or {}).get("timeZone") or "UTC"
    _apply_repetition_and_people(props, fields)
    apart = {"body", "categories", "location", "locations", "start", "end", "attendees", "recurrence"}
    props |= {name: value for name, value in fields.items() if name not in apart and value is not None}
    return extended


def _apply_repetition_and_people(props: dict[str, Any], fields: dict[str, Any]) -> None:
    if "recurrence" in fields:
        if fields["recurrence"] is not None and props["seriesMasterId"]:
            raise bad_request("Set action is invalid for property 'recurrence'.", "ErrorInvalidPropertySet")
        if fields["recurrence"] is None and props["recurrence"]:
            props["type"] = "singleInstance"
        props["recurrence"] = fields["recurrence"]
    if fields.get("attendees") is not None:
        props["attendees"] = invited(fields["attendees"], props["attendees"])


def _place(props: dict[str, Any]) -> tuple[datetime, datetime]:
    """When it begins and ends, in UTC; refuses what a calendar cannot hold."""
    naive: dict[str, datetime] = {}
    zones: dict[str, str] = {}
    for side in ("start", "end"):
        sent = props[side] or {}
        zones[side] = sent.get("timeZone") or "UTC"
        naive[side] = read_moment(sent.get("dateTime") or "", zones[side])
    if props["isAllDay"]:
        for side in ("start", "end"):
            if naive[side].time() != datetime.min.time():
                name = f"Event.{side.capitalize()}"
                raise bad_request(f"The {name} property for an all-day event needs to be set to midnight.")
        if zones["start"].casefold() != zones["end"].casefold():
            raise bad_request("The start and the end of an all-day event need to be in the same time zone.")
        if naive["end"] - naive["start"] < timedelta(days=1):
            raise bad_request("The duration of an event marked as all day needs to be at least 24 hours.")
    starts, ends = (to_utc(naive[side], zones[side]) for side in ("start", "end"))
    if ends < starts:
        raise bad_request(
            "The event's end is earlier than its start.", "ErrorCalendarEndDateIsEarlierThanStartDate"
        )
    return starts, ends


def _retagged(tags: dict[str, str], extended: list[dict[str, Any]]) -> dict[str, str]:
    """An occurrence's extended properties with what was sent."""
    for one in extended:
        tags = {name: value for name, value in tags.items() if name.casefold() != one["id"].casefold()}
        tags |= {one["id"]: one["value"]} if one["value"] is not None else {}
    return tags


def _tag(mailbox: Mailbox, item: Item, extended: list[dict[str, Any]]) -> None:
    for one in extended:
        mailbox.set_extended(item, one["id"], one["value"])
