"""Conditions as a pack writes them: a word of the vocabulary and what follows it, checked as it is read."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from bot.policy.period import parse
from bot.policy.vocabulary import CONDITIONS, DAYS_KNOWN, MUST_CONDITIONS, SHARES, SHOWN


class Condition(BaseModel):
    """A word of the vocabulary and what follows it: ``age_under: 20``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    value: Any = None


def _reader(words: dict[str, str]) -> Callable[[Any], Any]:
    def read(raw: Any) -> Any:
        if isinstance(raw, Condition):
            return raw
        pairs = [(raw, None)] if isinstance(raw, str) else list(raw.items()) if isinstance(raw, dict) else []
        if len(pairs) != 1:
            raise ValueError("a condition is one word, or one word with what follows it (age_under: 20)")
        name, value = pairs[0]
        if name not in words:
            close = difflib.get_close_matches(str(name), words, 1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise ValueError(f"{name!r} is not a condition; {hint}there are: {', '.join(words)}")
        return Condition(name=name, value=_follows(name, words[name], value))

    return read


def _schema(words: dict[str, str]) -> WithJsonSchema:
    alone = [word for word, follows in words.items() if follows == "nothing"]
    followed: dict[str, dict[str, str]] = {
        word: {} for word, follows in words.items() if follows != "nothing"
    }
    mapping = {
        "type": "object",
        "properties": followed,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return WithJsonSchema({"anyOf": [{"enum": alone}, mapping]})


def _follows(name: str, wanted: str, value: Any) -> Any:
    if wanted == "period":
        return parse(value)
    fits = {
        "nothing": value is None,
        "number": isinstance(value, int) and not isinstance(value, bool),
        "kind": isinstance(value, str),
        "pairs": isinstance(value, dict) and all(isinstance(item, str) for item in value.values()),
        "day": value in DAYS_KNOWN,
        "share": value in SHARES,
        "asks": isinstance(value, list) and bool(value) and all(item in SHOWN for item in value),
    }[wanted]
    if not fits:
        choices = {
            "day": ", ".join(DAYS_KNOWN),
            "share": ", ".join(SHARES),
            "asks": f"a list of: {', '.join(SHOWN)}",
            "pairs": "two plan kinds (short_breaks: in_our_care)",
        }
        raise ValueError(f"{name!r} is followed by {choices.get(wanted, 'a ' + wanted)}, not {value!r}")
    if wanted == "pairs":
        return tuple(value.items())
    return tuple(value) if wanted == "asks" else value


When = Annotated[Condition, BeforeValidator(_reader(CONDITIONS)), _schema(CONDITIONS)]
MustWhen = Annotated[Condition, BeforeValidator(_reader(MUST_CONDITIONS)), _schema(MUST_CONDITIONS)]
