"""A small council: its people, and the words by which a test puts entries and mails into their mailboxes.

What stands there was made by the functions that Graph's own requests go through, so that nothing is shown
that could not have come that way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Clock, Person, Tenant, events, mail

TODAY = date(2026, 11, 23)  # a Monday
LONDON = ZoneInfo("Europe/London")
AISHA, BEN, MANAGER, BOT, IRO = (
    f"{name}@northdale.example" for name in ("a.rahman", "b.okafor", "c.lindqvist", "visits", "d.iro")
)
OURS = "String {7f3b6c2e-0d55-4c9c-9a71-3c0f2f9d1a44} Name"  # tags like the bot's, on what the bot made


def moment(day: date, clock: str) -> datetime:
    """A moment on London's wall clock."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON)


@dataclass
class Council:
    """A tenant and the words to fill it with; what was put in is what the page must show."""

    tenant: Tenant
    ids: dict[str, str] = field(default_factory=dict)

    def entry(
        self,
        who: str,
        subject: str,
        day: date,
        clock: str | None = "09:00",
        *,
        minutes: int = 15,
        days: int = 1,
        categories: tuple[str, ...] = (),
        shows: str = "free",
        private: bool = True,
        rings: int | None = None,
        body: str = "",
        tags: dict[str, str] | None = None,
    ) -> str:
        """An entry in somebody's diary; its immutable id."""
        starts = moment(day, clock or "00:00")
        ends = (
            moment(day + timedelta(days=days), "00:00")
            if clock is None
            else starts + timedelta(minutes=minutes)
        )
        start, end = (
            {"dateTime": at.strftime("%Y-%m-%dT%H:%M:%S.0000000"), "timeZone": "Europe/London"}
            for at in (starts, ends)
        )
        sent = {
            "subject": subject,
            "body": {"contentType": "html", "content": body},
            "start": start,
            "end": end,
            "isAllDay": clock is None,
            "categories": list(categories),
            "showAs": shows,
            "sensitivity": "private" if private else "normal",
            "isReminderOn": rings is not None,
            "reminderMinutesBeforeStart": rings or 0,
            "singleValueExtendedProperties": [
                {"id": f"{OURS} {name}", "value": value} for name, value in (tags or {}).items()
            ],
        }
        mailbox = self.tenant.mailbox(who)
        owner = self.tenant.find(who).name
        item = events.create(mailbox, sent, SandboxSettings(), owner=owner, now=self.tenant.clock.now())
        self.ids[subject] = item.key
        return item.key

    def mail(
        self, who: str, subject: str, html: str, *, sender: str = BOT, folder: str = "inbox",
        at: datetime = datetime(2026, 11, 23, 7, 30, tzinfo=UTC), pictures: dict[str, str] | None = None,
        sender_name: str = "Visit reminders", to: str | None = None,
        files: dict[str, tuple[str, str]] | None = None,
    ) -> str:  # fmt: skip
        """A mail in somebody's folder; its immutable id. `files`: name → (type, base64)."""
        mailbox = self.tenant.mailbox(who)
        stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        to = to or who
        inside = [
            {
                "name": f"{cid}.png",
                "contentType": "image/png",
                "isInline": True,
                "contentId": cid,
                "contentBytes": data,
            }
            for cid, data in (pictures or {}).items()
        ]
        beside = [
            {"name": name, "contentType": kind, "contentBytes": data}
            for name, (kind, data) in (files or {}).items()
        ]
        sent: dict[str, Any] = {
            "subject": subject,
            "body": {"contentType": "html", "content": html},
            "toRecipients": [{"emailAddress": {"name": self.tenant.find(to).name, "address": to}}],
            "replyTo": [{"emailAddress": {"name": "Duty desk", "address": "duty@northdale.example"}}],
            "attachments": inside + beside,
        }
        item = mail.draft(mailbox, sent, now=at, folder=folder)
        whose = {"emailAddress": {"name": sender_name, "address": sender}}
        item.props = dict(item.props) | {
            "isDraft": False,
            "isRead": folder != "inbox",
            "from": whose,
            "sender": whose,
            "receivedDateTime": stamp,
            "sentDateTime": stamp,
        }
        mailbox.changed(item)
        self.ids[subject] = item.key
        return item.key


PEOPLE = [
    Person(AISHA, "Aisha Rahman", "Social worker", MANAGER),
    Person(BEN, "Ben Okafor", "Early help practitioner", MANAGER),
    Person(MANAGER, "Cecilia Lindqvist", "Team manager"),
    Person(IRO, "Dorothy Quayle", "Independent reviewing officer"),
    Person(BOT, "Visit reminders"),
]


def make_council() -> Council:
    """The people, and nothing in their mailboxes yet."""
    clock = Clock()
    clock.set_today(TODAY)
    return Council(Tenant(PEOPLE, clock=clock))
