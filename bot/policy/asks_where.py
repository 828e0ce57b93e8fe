"""Conditions in words: where a clause asks for something, said to who wonders why it does not ask now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.policy.condition_words import Condition
from bot.policy.counting import BOXES


def asks_where(conditions: Sequence[Condition]) -> str:
    """ "it asks only where the child is under 3 and …"; empty where there is no condition."""
    if not conditions:
        return ""
    said = [WORDS[condition.name](condition.value) for condition in conditions]
    return f"it asks only where {' and '.join(said)}"


def _kind(kind: str) -> str:
    return f"“{kind.replace('_', ' ')}”"


def _column(name: str) -> str:
    return f"“{name.replace('_', ' ')}”"


WORDS: dict[str, Callable[[Any], str]] = {
    "living_at_home": lambda _: "the child lives at home",
    "age_at_least": lambda years: f"the child is {years} or over today",
    "age_under": lambda years: f"the child is under {years} today",
    "aged_at_least": lambda years: f"the child is {years} or over by the due date",
    "aged_under": lambda years: f"the child is still under {years}",
    "filled": lambda column: f"{_column(column)} is filled in and has come",
    "blank": lambda column: f"{_column(column)} is blank or still to come",
    "beside": lambda kind: f"{_kind(kind)} is open too",
    "not_beside": lambda pairs: " and ".join(
        f"{_kind(kind)} does not stand beside {_kind(other)}" for kind, other in pairs
    ),
    "setting_known": lambda _: "the setting is recorded",
    "several_settings": lambda _: "the child lives in more than one setting",
    "breaks_further_apart_than": lambda period: f"breaks are recorded as more than {period} apart",
    "last_visit_lacked": lambda asks: (
        "at the last visit that counted " + " or ".join(BOXES[ask].wanting for ask in asks)
    ),
    "home_share": lambda share: (
        "one more visit elsewhere would leave "
        + ("less than half" if share == "below_half" else "half or less")
        + " of the visits at home"
    ),
}
