"""Acting in a diary, by Graph or on the page: the event itself, and the copies that others have of it."""

from __future__ import annotations

from typing import Any

from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Tenant, events, meetings
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.series import DEFAULT, Happening


def create(
    tenant: Tenant, mailbox: Mailbox, sent: dict[str, Any], settings: SandboxSettings, folder: str = DEFAULT
) -> Item:
    """A new event, and an invitation for everybody who is asked to it."""
    owner, now = tenant.find(mailbox.user_id).name, tenant.clock.now()
    item = events.create(mailbox, sent, settings, owner=owner, now=now, folder=folder)
    meetings.tell(tenant, mailbox, item)
    return item


def change(tenant: Tenant, mailbox: Mailbox, item: Happening, sent: dict[str, Any]) -> Happening:
    """Change an event; an occurrence comes back as the exception that it became."""
    before = item.props
    changed = events.change(mailbox, item, sent, now=tenant.clock.now())
    meetings.tell(tenant, mailbox, changed, before)
    return changed


def remove(tenant: Tenant, mailbox: Mailbox, item: Happening, settings: SandboxSettings) -> None:
    """Delete an event, and let those who were asked to it know."""
    meetings.call_off(tenant, mailbox, item)
    events.remove(mailbox, item, settings)
