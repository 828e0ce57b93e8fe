"""A council's Microsoft 365 as values: people, mailboxes, time and what was asked. Knows nothing of HTTP."""

from bot.sandbox.tenant.clock import Clock
from bot.sandbox.tenant.directory import TENANT_ID, Person
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.record import Record
from bot.sandbox.tenant.refusal import NotFound
from bot.sandbox.tenant.tenant import Tenant

__all__ = ["TENANT_ID", "Clock", "Mailbox", "NotFound", "Person", "Record", "Tenant"]
