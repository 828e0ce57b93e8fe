"""What a stand-in can be told to be: stricter, slower, poorer in permissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

EVERY_PERMISSION = (
    "Calendars.ReadWrite",
    "Mail.ReadWrite",
    "Mail.Send",
    "MailboxSettings.ReadWrite",
    "User.Read.All",
)


def everything() -> Mapping[str, frozenset[str] | None]:
    """Every permission on every mailbox."""
    return dict.fromkeys(EVERY_PERMISSION)


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Every default is what Microsoft's documents say, or kinder where they say nothing."""

    # Sign-in.
    token_seconds: int = 3600
    certificates: tuple[str, ...] = ()  # PEM texts that may sign instead of the secret
    # Permission -> the addresses it reaches, or None for all of them.
    grants: Mapping[str, frozenset[str] | None] = field(default_factory=everything)
    # Limits.
    at_once: int = 4
    at_once_per: Literal["app", "mailbox"] = "app"
    batch_items_at_once: int = 4
    messages_per_minute: int = 30
    requests_per_ten_minutes: int = 10_000
    retry_after: int = 1  # seconds told to one who came too many at once
    # How long work takes, in milliseconds.
    request_ms: float = 0
    item_ms: float = 0
    # Where the documents leave room.
    page_size: int = 10
    duplicate_transaction: Literal[400, 409] = 409
    duplicate_tells_id: bool = False
    transactions_outlive_events: bool = True
    shuffle_batches: bool = True
    seed: int = 0
