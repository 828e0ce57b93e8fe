"""What is looked for, and where a reader would see it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from html.parser import HTMLParser
from typing import Any

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PLANS = re.compile(
    r"child.protection|in.need|our.care|section.47|early.help(?!.practitioner)|referral|foster|adopti|missing"
    r"|care.(?:leaver|order)|short.break|detained|temporary.carer|living.arrangement",
    re.IGNORECASE,
)


def spellings(day: date) -> tuple[str, ...]:
    """A day as it could be written out."""
    month = MONTHS[day.month - 1]
    return (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.day} {month} {day.year}",
        f"{day:%d} {month} {day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d.%m.%Y}",
    )


def found(words: Iterable[str], text: str) -> list[str]:
    """Which of the words stand there, as words of their own."""
    return [one for one in words if one in text and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text)]


class Seen(HTMLParser):
    """What shows of a mail: all that a reader sees, and apart from it the line that is hidden for phones."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden: list[str] = []
        self._mute = 0
        self._depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._mute += tag in {"style", "title"}
        if self._depth:
            self._depth += tag == "div"
        elif "preheader" in (dict(attrs).get("class") or ""):
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        self._mute -= tag in {"style", "title"}
        self._depth -= bool(self._depth) and tag == "div"

    def handle_data(self, data: str) -> None:
        if not self._mute:
            (self.hidden if self._depth else self.words).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def first_lines(self) -> str:
        return " ".join(" ".join(self.hidden).split()) + "\n" + self.text[:60]
