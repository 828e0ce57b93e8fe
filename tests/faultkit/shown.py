"""An entry as its owner sees it in Outlook, read from the stand-in itself and not through the bot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
KEY = "key"


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as its owner sees it; ``key`` is null where it is not ours."""

    mailbox: str
    id: str
    subject: str
    starts: datetime  # naive London
    all_day: bool
    categories: tuple[str, ...]
    alarm: bool
    key: str | None
    props: dict[str, Any] = field(hash=False, compare=False, repr=False)

    @property
    def child(self) -> str:
        found = re.search(r"K\d{4}", self.subject)
        return found[0] if found else ""

    @property
    def alike(self) -> tuple[Any, ...]:
        """What two worlds are compared by: all but the ids."""
        return self.mailbox, self.subject, self.starts, self.all_day, self.categories, self.alarm, self.key


def shown_of(mailbox: str, item: Any) -> Shown:
    """One of the stand-in's items."""
    props = dict(item.props)
    key = next((value for name, value in item.extended.items() if KEY in str(name).lower()), None)
    starts = item.starts.replace(tzinfo=UTC) if item.starts.tzinfo is None else item.starts
    if props["isAllDay"]:
        at = datetime.fromisoformat(props["start"]["dateTime"][:19])
    else:
        at = starts.astimezone(LONDON).replace(tzinfo=None)
    return Shown(
        mailbox,
        item.key,
        str(props["subject"]),
        at,
        bool(props["isAllDay"]),
        tuple(props["categories"] or ()),
        bool(props["isReminderOn"]),
        key,
        props,
    )
