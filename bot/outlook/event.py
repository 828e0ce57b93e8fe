"""Calendar entries as they cross the wire: what we write, and what we read back of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be written. Times are naive London; categories are Outlook's display names."""

    key: str
    subject: str
    html: str
    starts: datetime
    ends: datetime
    all_day: bool
    categories: tuple[str, ...]
    alarm_minutes: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One of our events as it stands in a mailbox now. The body is not read back: Exchange rewrites it."""

    id: str
    etag: str
    key: str | None
    subject: str
    starts: datetime  # naive London
    ends: datetime
    all_day: bool
    categories: tuple[str, ...]
    alarm_minutes: int | None
    changed_at: datetime | None = None  # when anybody last changed it, naive London; null: not said
