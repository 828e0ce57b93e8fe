"""Reads an order for a bad day. A misspelt one is refused with all that is wrong with it at once: a fault
that never strikes would let a test pass for nothing.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from bot.sandbox.faults.kinds import DOES, FIELDS, LASTING, TOKEN_FAULTS, VERBS
from bot.sandbox.tenant.refusal import GraphError


class Misspelt(GraphError):
    """A fault that cannot be ordered; `problems` are all that is wrong with it."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(400, "BadRequest", " ".join(self.problems))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, as words to be put behind a complaint."""
    names = list(known)
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(word.casefold(), folded, 1, 0.5)
    return f" Did you mean '{folded[close[0]]}'?" if close else f" There are: {', '.join(names)}."


def read(sent: Any, statuses: Iterable[int]) -> dict[str, Any]:
    """The settings of a fault, checked; raises Misspelt."""
    if not isinstance(sent, Mapping):
        raise Misspelt([f"A fault is an object with 'do', not {sent!r}."])
    given = dict(sent)
    if isinstance(given.get("do"), int) and not isinstance(given["do"], bool):
        given["do"] = str(given["do"])
    problems = list(_problems(given, frozenset(statuses)))
    if problems:
        raise Misspelt(problems)
    if isinstance(given.get("verb"), str):
        given["verb"] = given["verb"].upper()
    lasting = given["do"] in LASTING or any(
        given.get(name) is not None for name in ("rate", "for_seconds", "on")
    )
    if lasting:
        given.setdefault("times", None)
    return given


def _problems(given: dict[str, Any], statuses: frozenset[int]) -> Iterator[str]:
    for name in given:
        if name not in FIELDS:
            yield f"A fault has no setting '{name}'.{nearest(str(name), FIELDS)}"
    yield from _wrong_do(given, statuses)
    for name, (fits, wanted) in _VALUES.items():
        value = given.get(name)
        if value is not None and not fits(value):
            yield f"'{name}' must be {wanted}, not {value!r}."
        elif value is None and name in given and name not in _MAY_BE_NULL:
            yield f"'{name}' must be {wanted}, not null."
    for name, known in _WORDS.items():
        value = given.get(name)
        if value is not None and str(value).casefold() not in {one.casefold() for one in known}:
            yield f"'{name}' cannot be {value!r}.{nearest(str(value), known)}"


def _wrong_do(given: dict[str, Any], statuses: frozenset[int]) -> Iterator[str]:
    does = [*DOES, *map(str, sorted(statuses)), *(f"{status}_done" for status in sorted(statuses))]
    do = given.get("do")
    if not isinstance(do, str):
        yield f"A fault says with 'do' what happens.{nearest(str(do or ''), does)}"
    elif do not in does:
        yield f"A fault cannot do '{do}'.{nearest(do, does)}"
    else:
        yield from _useless(do, given)


def _useless(do: str, given: dict[str, Any]) -> Iterator[str]:
    """What would be taken and do nothing."""
    is_status = do[:1].isdigit()
    for name, serves in {
        "retry_after": is_status,
        "code": is_status,
        "ms": do == "slow",
        "seconds": do == "skew",
    }.items():
        if given.get(name) is not None and not serves:
            yield f"'{name}' means nothing where the fault does '{do}'."
    if given.get("retry_after_as") is not None and given.get("retry_after") is None:
        yield "'retry_after_as' means nothing without 'retry_after'."
    if do == "skew" and not given.get("seconds"):
        yield "A skew says with 'seconds' how far the clock is wrong."
    if do == "skew" and given.get("rate") is not None:
        yield "A clock is wrong or not: 'rate' means nothing for 'skew'."
    if do == "secret_expired" and any(given.get(name) is not None for name in ("mailbox", "page")):
        yield "A sign-in is for no mailbox: 'mailbox' and 'page' mean nothing for 'secret_expired'."
    if do in TOKEN_FAULTS and "token" in str(given.get("path", "")).casefold():
        yield f"A sign-in brings no token yet, so '{do}' cannot strike it."


def _whole(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


def _number(least: float, most: float = math.inf) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and least <= value <= most
    )


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _day(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


_MAY_BE_NULL = frozenset(FIELDS) - {"do", "nth", "each", "lengthen", "ms", "seconds", "retry_after_as"}
_VALUES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "mailbox": (_text, "an address or an id"),
    "path": (_text, "a part of a path"),
    "code": (_text, "a word"),
    "page": (_whole(1), "a whole number from 1"),
    "nth": (_whole(1), "a whole number from 1"),
    "times": (_whole(1), "a whole number from 1, or null for all"),
    "rate": (_number(0, 1), "a number from 0 to 1"),
    "seed": (_whole(-(2**63)), "a whole number"),
    "for_seconds": (_number(0.001), "a number of seconds above 0"),
    "on": (_day, "a date like 2026-12-04"),
    "retry_after": (_whole(0), "a whole number of seconds"),
    "lengthen": (lambda value: isinstance(value, bool), "true or false"),
    "ms": (_number(0), "a number of milliseconds"),
    "seconds": (_number(-(10**9), 10**9), "a number of seconds"),
}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "verb": VERBS,
    "each": ("all", "mailbox"),
    "retry_after_as": ("seconds", "date"),
}
