"""Items as Graph shows them: the one place where what is kept becomes a resource."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from bot.sandbox.tenant import series
from bot.sandbox.tenant.html import as_text
from bot.sandbox.tenant.ids import mark
from bot.sandbox.tenant.mailbox import Category, Item, Mailbox
from bot.sandbox.tenant.series import Happening
from bot.sandbox.tenant.zones import write_moment


def show_extended(item: Happening) -> list[dict[str, str]]:
    """Every extended property of an item."""
    return [{"id": name, "value": value} for name, value in item.extended.items()]


def show_event(
    item: Happening, *, zone: str = "UTC", immutable: bool = False, text: bool = False
) -> dict[str, Any]:
    """An event in the asked time zone; an all-day one is at midnight whatever the zone."""
    key, change_key, props = item.key, item.change_key, item.props
    shown: dict[str, Any] = {"@odata.etag": f'W/"{change_key}"', "id": key if immutable else item.id}
    shown |= props
    for own in (series.CANCELLED, series.CHANGED):
        shown.pop(own, None)
    shown["changeKey"] = change_key
    shown["iCalUId"] = series.uid(item, key, props)
    shown["webLink"] = f"https://outlook.office365.com/owa/?itemid={mark(key, 'webLink')}&exvsurl=1"
    if immutable and isinstance(item, series.Occurrence):
        shown["seriesMasterId"] = item.of.key
    for side, moment in (("start", item.starts), ("end", item.ends)):
        if props["isAllDay"]:
            midnight = str(props[side]["dateTime"])[:10] + "T00:00:00.0000000"
            shown[side] = {"dateTime": midnight, "timeZone": zone}
        else:
            shown[side] = write_moment(moment.astimezone(UTC), zone)
    if text:
        shown["body"] = {"contentType": "text", "content": as_text(props["body"]["content"])}
    return shown


def show_message(
    item: Item, mailbox: Mailbox, *, immutable: bool = False, text: bool = False
) -> dict[str, Any]:
    """A message in whatever folder it stands."""
    shown = {"@odata.etag": item.etag, "id": item.key if immutable else item.id} | item.props
    shown["changeKey"] = item.change_key
    shown["parentFolderId"] = mailbox.folder_id(item.folder)
    shown["hasAttachments"] = any(not one["isInline"] for one in item.attachments)
    if text:
        shown["body"] = {"contentType": "text", "content": as_text(item.props["body"]["content"])}
    return shown


def show_category(category: Category) -> dict[str, Any]:
    """A master category."""
    return {"id": category.id, "displayName": category.name, "color": category.color}
