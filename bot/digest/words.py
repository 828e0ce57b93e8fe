"""The words of mails. What the diary says already is said in the diary's own words, so that an entry and a
list speak of one child and one clause in the same way; here is only what entries have no use for.
"""

from __future__ import annotations

from datetime import date, datetime

from bot.diary.words import Identify, child, counted, day, does_not_count, full_day, late, must, musts

__all__ = [
    "Identify",
    "attempt",
    "child_label",
    "count",
    "counted",
    "day",
    "day_month",
    "does_not_count",
    "full_day",
    "kind",
    "late",
    "moment",
    "must",
    "musts",
    "phrase",
    "plain",
    "plan",
    "told",
]

UNNAMED = "A child"
LONGEST_LABEL = 48

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ATTEMPTS = {
    "failed": "did not take place",
    "postponed": "was postponed",
    "cancelled": "was cancelled",
    "completed": "did not see the child, or only briefly",
}
_PLANS = {
    "section_47": "Section 47 enquiry",
    "temporary_carer": "With a temporary carer",
    "interim_care_order_home": "At home, interim care order",
    "care_order_home": "At home, care order",
}
_TOLD = {"worker": "worker", "manager": "manager", "iro": "IRO", "service_manager": "service manager"}


def child_label(child_id: str, initials: str | None, names: Identify) -> str:
    """How a child is shown in a mail: as in the diary, or "A child" where nothing may identify."""
    return plain(child(child_id, initials, names))[:LONGEST_LABEL] or UNNAMED


def plain(text: str) -> str:
    """One line of printable characters: what a cell holds can neither break a line nor forge one."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def phrase(text: str) -> str:
    """A pack's sentence without its full stop, to stand inside a longer line."""
    return plain(text).rstrip(".")


def day_month(when: date) -> str:
    """``4 Dec``."""
    return f"{when.day} {_MONTHS[when.month - 1]}"


def moment(when: datetime, today: date) -> str:
    """``Fri 4 Dec, 10:30``; midnight is a bare day."""
    said = day(when.date(), today)
    return said if (when.hour, when.minute) == (0, 0) else f"{said}, {when:%H:%M}"


def count(number: int, one: str, many: str = "") -> str:
    """``1 day``, ``3 days``: the number and its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def kind(name: str) -> str:
    """The kind of a due date."""
    return _spoken(name)


def attempt(status: str) -> str:
    """How the last attempt went, said after "The visit of Thu 19 Nov"."""
    return _ATTEMPTS.get(status) or f"ended as {plain(status)}"


def plan(name: str) -> str:
    """A plan kind, for the body of a mail: never for a subject or a first line."""
    return _PLANS.get(name) or _spoken(name)


def told(to: tuple[str, ...]) -> str:
    """Who is told of a concern: ``manager and IRO``."""
    names = [_TOLD.get(who) or _spoken(who).lower() for who in to]
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def _spoken(name: str) -> str:
    said = plain(name.replace("_", " "))
    return said[:1].upper() + said[1:]
