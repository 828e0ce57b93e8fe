"""What ends a stage: a review or an order, a day, a birthday, or an approval that somebody has to record.

In a pack: ``until: first_review``, ``until: 2027-04-01``, ``until: {age: 5}``, ``until: {approval: X.3}``.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from bot.policy.vocabulary import Event

EVENTS: tuple[str, ...] = get_args(Event)


@dataclass(frozen=True, slots=True)
class Ending:
    """One end: a word of the vocabulary, a day, an age in years, or the clause id of an approval."""

    kind: Literal["event", "day", "age", "approval"]
    value: Any

    def plain(self) -> Any:
        """As a pack writes it."""
        return self.value if self.kind in ("event", "day") else {self.kind: self.value}


def read(raw: Any) -> Ending:
    """An ending as a pack writes it; raises ValueError with what is wanted."""
    if isinstance(raw, Ending):
        return raw
    if isinstance(raw, date):
        return Ending("day", raw)
    if isinstance(raw, str):
        if raw in EVENTS:
            return Ending("event", raw)
        close = difflib.get_close_matches(raw, EVENTS, 1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ValueError(
            f"{raw!r} ends no stage; {hint}there are: {', '.join(EVENTS)}, a day (2027-04-01), "
            "{age: 5} and {approval: CLAUSE}"
        )
    if isinstance(raw, dict) and len(raw) == 1:
        ((kind, value),) = raw.items()
        if kind == "age" and isinstance(value, int) and not isinstance(value, bool) and 0 < value < 26:
            return Ending("age", value)
        if kind == "approval" and isinstance(value, str) and value:
            return Ending("approval", value)
    raise ValueError(f"{raw!r} ends no stage; write a word, a day, {{age: 5}} or {{approval: CLAUSE}}")


Until = Annotated[
    Ending,
    BeforeValidator(read),
    PlainSerializer(Ending.plain),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(EVENTS)},
                {"type": "string", "format": "date"},
                {
                    "type": "object",
                    "properties": {"age": {"type": "integer", "minimum": 1, "maximum": 25}},
                    "required": ["age"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {"approval": {"type": "string"}},
                    "required": ["approval"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
