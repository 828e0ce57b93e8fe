"""A mailbox's own settings: out of office, time zone, hours. What was changed stands over the usual."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.resources import SETTINGS
from bot.sandbox.tenant.zones import read_moment, write_moment, zone

WORKING_HOURS = {
    "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "startTime": "09:00:00.0000000",
    "endTime": "17:00:00.0000000",
    "timeZone": {"name": "GMT Standard Time"},
}


def of(mailbox: Mailbox) -> dict[str, Any]:
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


def change(mailbox: Mailbox, sent: dict[str, Any]) -> dict[str, Any]:
    """Change what was sent and nothing else; gives back all of it as it stands then."""
    fields = SETTINGS.read(sent)
    if fields.get("timeZone"):
        zone(fields["timeZone"])
    replies = fields.get("automaticRepliesSetting") or {}
    for side in ("scheduledStartDateTime", "scheduledEndDateTime"):
        if replies.get(side):
            told = replies[side]
            name = told.get("timeZone") or "UTC"
            naive = read_moment(told.get("dateTime") or "", name)
            replies[side] = write_moment(naive.replace(tzinfo=zone(name)), name)
    for name, value in fields.items():
        if value is None:
            continue
        kept = mailbox.settings.get(name)
        mailbox.settings[name] = kept | value if isinstance(kept, dict) else value
    mailbox.dirty = True
    return of(mailbox)
