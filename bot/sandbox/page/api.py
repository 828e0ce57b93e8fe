"""What the page is told: people, diaries and mails in the shape a screen needs.

Microsoft's own shape would make every browser module know time zones, master categories and recipients;
here they are read once, so that the page only shows. All times are London's wall clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from bot.sandbox.tenant import Mailbox, Person, Tenant, series, settings
from bot.sandbox.tenant.clock import LONDON
from bot.sandbox.tenant.html import as_text
from bot.sandbox.tenant.refusal import item_not_found
from bot.sandbox.tenant.series import Happening
from bot.sandbox.tenant.views import show_event, show_extended, show_message
from bot.sandbox.tenant.zones import read_moment, to_utc

Group = Literal["workers", "managers", "others"]
MOST_PEOPLE = 200  # a picker longer than this is searched, not read
MOST_DAYS = 62
FOLDERS = {"inbox": "Inbox", "sentitems": "Sent items"}

_MANAGING = re.compile(r"\b(manager|director|head)\b", re.IGNORECASE)
_WORKING = re.compile(r"\b(social worker|practitioner|personal adviser|worker)\b", re.IGNORECASE)


def group_of(person: Person, managing: frozenset[str]) -> Group:
    """Where the picker lists somebody: by their title, and where that says nothing by whom they manage."""
    if _MANAGING.search(person.job_title):
        return "managers"
    if _WORKING.search(person.job_title):
        return "workers"
    return "managers" if person.email.casefold() in managing else "others"


def people(tenant: Tenant, find: str = "") -> dict[str, Any]:
    """The mailboxes whose name, address or title holds the words, at most MOST_PEOPLE of them."""
    with tenant.lock:
        managing = tenant.directory.managing()
        found = tenant.here(tenant.directory.with_words(find.split()))
        return {
            "people": [_person(tenant, one, group_of(one, managing)) for one in found[:MOST_PEOPLE]],
            "found": len(found),
            "all": len(tenant.here(tenant.directory.by_name())),
        }


def _person(tenant: Tenant, person: Person, group: Group) -> dict[str, Any]:
    mailbox = tenant.mailbox(person.id)
    return {
        "mail": person.email,
        "name": person.name,
        "title": person.job_title,
        "group": group,
        "entries": len(mailbox.events),
        "inbox": len(mailbox.folders["inbox"]),
        "sentitems": len(mailbox.folders["sentitems"]),
    }


def mailbox_of(tenant: Tenant, who: str) -> dict[str, Any]:
    """One mailbox's head: whose it is, how much is in it, and its categories with their colours."""
    with tenant.lock:
        person = tenant.find(who)
        mailbox = tenant.mailbox(who)
        return _person(tenant, person, "others") | {
            "unread": sum(not _is_read(mailbox.messages[key].props) for key in mailbox.folders["inbox"]),
            "away": _away(mailbox, tenant.clock.now()),
            "categories": [
                {"name": one["displayName"], "colour": one["color"]} for one in tenant.categories(who)
            ],
        }


def _away(mailbox: Mailbox, now: datetime) -> dict[str, Any]:
    """The automatic replies: whether they are on, at this moment too, between when and with what words."""
    replies = settings.of(mailbox)["automaticRepliesSetting"]
    first, until = (
        _moment(replies[f"scheduled{side}DateTime"]).astimezone(LONDON) for side in ("Start", "End")
    )
    scheduled = replies["status"] == "scheduled"
    return {
        "on": replies["status"] != "disabled",
        "now": replies["status"] == "alwaysEnabled" or (scheduled and first <= now < until),
        "from": f"{first:%Y-%m-%dT%H:%M}" if scheduled else None,
        "until": f"{until:%Y-%m-%dT%H:%M}" if scheduled else None,
        "inside": as_text(replies["internalReplyMessage"]),
        "outside": as_text(replies["externalReplyMessage"]),
        "audience": replies["externalAudience"],
    }


def _moment(told: dict[str, str]) -> datetime:
    return to_utc(read_moment(told["dateTime"], told["timeZone"]), told["timeZone"])


def events(tenant: Tenant, who: str, first: date, after: date) -> dict[str, Any]:
    """The entries that stand on the days from first until, not including, after."""
    after = min(after, first + timedelta(days=MOST_DAYS))
    with tenant.lock:
        mailbox = tenant.mailbox(who)
        found = tenant.events_between(who, _midnight(first), _midnight(after))
        return {"events": [_event(shown, mailbox.color_of) for shown in found]}


def event(tenant: Tenant, who: str, event_id: str) -> dict[str, Any]:
    """One entry with everything its details show, its body apart."""
    with tenant.lock:
        mailbox = tenant.mailbox(who)
        item = series.find(mailbox, event_id)
        shown = _show_event(item)
        place = (shown.get("location") or {}).get("displayName") or ""
        text = as_text(item.props["body"]["content"])
        tags = [one["id"].rpartition(" ")[2] for one in show_extended(item)]
        return _event(shown, mailbox.color_of) | {
            "place": place,
            "hasBody": bool(text),
            "tags": tags,
            "organizer": _addresses([shown.get("organizer") or {}]),
            "people": _addresses(shown.get("attendees")),
        }


def event_body(tenant: Tenant, who: str, event_id: str) -> str:
    """An entry's body as HTML."""
    with tenant.lock:
        return str(series.find(tenant.mailbox(who), event_id).props["body"]["content"])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _show_event(item: Happening) -> dict[str, Any]:
    return show_event(item, zone="Europe/London", immutable=True)


def _event(shown: dict[str, Any], colour_of: Any) -> dict[str, Any]:
    return {
        "id": shown["id"],
        "etag": shown["@odata.etag"],
        "subject": shown["subject"] or "",
        "starts": shown["start"]["dateTime"][:16],
        "ends": shown["end"]["dateTime"][:16],
        "allDay": bool(shown["isAllDay"]),
        "categories": [{"name": name, "colour": colour_of(name) or "none"} for name in shown["categories"]],
        "showAs": shown["showAs"],
        "private": shown["sensitivity"] in ("private", "confidential"),
        "repeats": shown["type"] != "singleInstance",
        "reminder": shown.get("reminderMinutesBeforeStart", 0) if shown.get("isReminderOn") else None,
    }


def messages(tenant: Tenant, who: str, folder: str) -> dict[str, Any]:
    """A folder's mails, newest first, as a list shows them."""
    with tenant.lock:
        return {"messages": [_message(shown) for shown in tenant.messages(who, folder)]}


def message(tenant: Tenant, who: str, message_id: str) -> dict[str, Any]:
    """One mail with its addresses and its words as plain text; the HTML is apart."""
    with tenant.lock:
        mailbox = tenant.mailbox(who)
        item = mailbox.find("message", message_id)
        shown = show_message(item, mailbox, immutable=True)
        return _message(shown) | {
            "cc": _addresses(shown.get("ccRecipients")),
            "replyTo": _addresses(shown.get("replyTo")),
            "text": as_text(item.props["body"]["content"]),
            "attachments": [
                {"id": str(one["id"]), "name": str(one["name"]), "size": int(one["size"])}
                for one in item.attachments
                if not one["isInline"]
            ],
        }


def message_body(tenant: Tenant, who: str, message_id: str) -> tuple[str, list[dict[str, Any]]]:
    """A mail's HTML, and the attachments its pictures come from."""
    with tenant.lock:
        item = tenant.mailbox(who).find("message", message_id)
        return str(item.props["body"]["content"]), list(item.attachments)


def attachment(tenant: Tenant, who: str, message_id: str, attachment_id: str) -> dict[str, Any]:
    """One file of a mail, as it is kept."""
    with tenant.lock:
        for one in tenant.mailbox(who).find("message", message_id).attachments:
            if one["id"] == attachment_id:
                return dict(one)
    raise item_not_found()


def _is_read(props: Mapping[str, Any]) -> bool:
    return bool(props["isRead"])


def _message(shown: dict[str, Any]) -> dict[str, Any]:
    at = shown.get("receivedDateTime") or shown.get("sentDateTime") or shown["createdDateTime"]
    moment = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(LONDON)
    sender = _addresses([shown.get("from") or shown.get("sender") or {}])
    return {
        "id": shown["id"],
        "subject": shown["subject"] or "",
        "from": sender[0] if sender else {"name": "", "address": ""},
        "to": _addresses(shown.get("toRecipients")),
        "at": moment.strftime("%Y-%m-%dT%H:%M"),
        "read": _is_read(shown),
        "files": bool(shown["hasAttachments"]),
        "preview": " ".join((shown.get("bodyPreview") or "").split()),
    }


def _addresses(recipients: Iterable[dict[str, Any]] | None) -> list[dict[str, str]]:
    found = [one.get("emailAddress") or {} for one in recipients or ()]
    return [{"name": one.get("name") or "", "address": one.get("address") or ""} for one in found if one]
