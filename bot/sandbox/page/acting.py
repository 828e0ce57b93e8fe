"""Acting in a diary and a mailbox as its owner does in Outlook.

Every act goes through the very functions that Graph's own requests go through, under the tenant's lock, so
that what is refused there is refused here, and the bot's If-Match loses to what a person just did.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.page import api, wishes
from bot.sandbox.page.asking import Wrong
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Tenant, diary, mail, series, settings
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.series import Happening
from bot.sandbox.tenant.views import show_extended

# What of an entry its copy has too: all that a person sees, and the tags, as Outlook's own copy does.
COPIED = (
    *("subject", "body", "categories", "importance", "sensitivity", "showAs", "isAllDay", "start", "end"),
    *("isReminderOn", "reminderMinutesBeforeStart", "location"),
)


class ChangedMeanwhile(Wrong):
    """Somebody else changed the entry since it was shown; `now` is what it has become."""

    def __init__(self, now: dict[str, Any]) -> None:
        super().__init__(
            "This entry was changed meanwhile, so nothing was done. It is shown as it is now: "
            "look at it, and do it again if you still want to.",
            412,
        )
        self.now = now


class Diary:
    """One tenant's diaries and mailboxes, in the hands of the people they belong to."""

    def __init__(self, tenant: Tenant, rules: SandboxSettings) -> None:
        self._tenant = tenant
        self._rules = rules

    def add(self, who: str, sent: dict[str, Any]) -> dict[str, Any]:
        """An appointment of one's own."""
        with self._tenant.lock:
            mailbox = self._tenant.mailbox(who)
            names = [one.name for one in mailbox.categories.values()]
            item = self._create(mailbox, wishes.entry(sent, categories=names, new=True))
            return api.event(self._tenant, who, item.key)

    def change(self, who: str, event_id: str, sent: dict[str, Any], etag: str | None) -> dict[str, Any]:
        """Move, retitle, recolour or otherwise change an entry that is still as it was shown."""
        with self._tenant.lock:
            mailbox = self._tenant.mailbox(who)
            item = self._unchanged(who, series.find(mailbox, event_id), etag)
            names = [*(one.name for one in mailbox.categories.values()), *item.props["categories"]]
            body = wishes.entry(sent, categories=names)
            changed = diary.change(self._tenant, mailbox, item, body)
            return api.event(self._tenant, who, changed.key)

    def copy(self, who: str, event_id: str, sent: dict[str, Any]) -> dict[str, Any]:
        """A copy at another time, with the tags of the first: Outlook copies what it does not know, too."""
        with self._tenant.lock:
            mailbox = self._tenant.mailbox(who)
            item = series.find(mailbox, event_id)
            if unknown := sent.keys() - wishes.TIMES:
                raise Wrong(f"A copy has the times sent and all else of the first, not “{min(unknown)}”.")
            body = {name: item.props[name] for name in COPIED}
            body |= {"singleValueExtendedProperties": show_extended(item)}
            body |= wishes.entry(sent, categories=(), new=True)
            return api.event(self._tenant, who, self._create(mailbox, body).key)

    def remove(self, who: str, event_id: str, etag: str | None) -> dict[str, Any]:
        """Delete an entry that is still as it was shown; answers with what it was."""
        with self._tenant.lock:
            mailbox = self._tenant.mailbox(who)
            item = self._unchanged(who, series.find(mailbox, event_id), etag)
            was = api.event(self._tenant, who, item.key)
            diary.remove(self._tenant, mailbox, item, self._rules)
            return was

    def away(self, who: str, sent: dict[str, Any]) -> dict[str, Any]:
        """Turn automatic replies on or off."""
        with self._tenant.lock:
            settings.change(self._tenant.mailbox(who), wishes.away(sent))
            return api.mailbox_of(self._tenant, who)

    def read(self, who: str, message_id: str, sent: dict[str, Any]) -> dict[str, Any]:
        """Mark a mail as read, or as unread again."""
        if sent.keys() != {"read"} or not isinstance(sent["read"], bool):
            raise Wrong('Send {"read": true} or {"read": false}.')
        with self._tenant.lock:
            mailbox = self._tenant.mailbox(who)
            item = mailbox.find("message", message_id)
            if item.props["isRead"] != sent["read"]:
                mail.change(mailbox, item, {"isRead": sent["read"]}, now=self._tenant.clock.now())
            return api.message(self._tenant, who, item.key)

    def _create(self, mailbox: Mailbox, body: dict[str, Any]) -> Item:
        return diary.create(self._tenant, mailbox, body, self._rules)

    def _unchanged(self, who: str, item: Happening, etag: str | None) -> Happening:
        if etag is None:
            raise Wrong("Say by If-Match which version of the entry was seen.", 428)
        if etag != item.etag:
            raise ChangedMeanwhile(api.event(self._tenant, who, item.key))
        return item
