"""What the heard tests of a whole session looked at, told at its end: a check that checks nothing shows."""

from __future__ import annotations

from typing import Any

COUNTED = "held against Graph's description"


def summary(reports: list[Any]) -> list[str]:
    """In words, from the reports of tests that ended."""
    counted = [value for one in reports for name, value in one.user_properties if name == COUNTED]
    if not counted:
        return []
    outside: dict[str, int] = {}
    for _, found in counted:
        for why, times in found.items():
            outside[why] = outside.get(why, 0) + times
    held = sum(held for held, _ in counted)
    lines = [f"{held} exchanges of {len(counted)} tests {COUNTED}"]
    lines += [f"{times} outside it: {why}" for why, times in sorted(outside.items())]
    return lines
