"""What a guard says when a limit is passed: the number, the limit and the way out, alike for every guard.

A run reads what people export and acts on what it read, so a broken export must never look like children who
need no visit. A verdict is a value: `plan` shows it, `run` refuses by it, and one lifted is written down.
It names worker ids, files and numbers, and so may be logged; it never names a child.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Problem, Refused

CHECK_FIRST = (
    "If that is right, run once with --force REASON; if not, look for what is missing from the export."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One limit that is passed. ``setting`` is the key of `[guard]` that holds the limit."""

    setting: str
    what: str  # what there are ``number`` of, as the end of a sentence
    number: int
    of: int
    limit: int
    share: float | None = None  # the limit as a share of ``of``; null where it is a plain count
    way_out: str = CHECK_FIRST

    def __str__(self) -> str:
        """Say it as one line: "21 of 50 children (42 %) …, over the limit of 30 % (15)…"."""
        part = f" ({percent(self.number, self.of)})" if self.share is not None else ""
        least = self.share is not None and self.limit > int(self.share * self.of)
        limit = f"{self.limit}"
        if self.share is not None:
            limit = f"{self.limit} at any size" if least else f"{100 * self.share:g} % ({self.limit})"
        return (
            f"{self.number} of {self.of} {self.what.format(part=part)}, over the limit of {limit} "
            f"({self.setting}). {self.way_out}"
        )


def over(
    setting: str,
    what: str,
    number: int,
    of: int,
    *,
    share: float,
    floor: int,
    way_out: str = CHECK_FIRST,
) -> tuple[Verdict, ...]:
    """Hold a number against a share of all, and a floor under which a small team never trips.

    ``what`` is worded with ``{part}`` where the percentage belongs.
    """
    limit = max(floor, int(share * of))
    return (Verdict(setting, what, number, of, limit, share, way_out),) if number > limit else ()


def percent(number: int, of: int) -> str:
    """A share in words, exact enough to be told from its limit."""
    share = 100 * number / max(1, of)
    return f"{share:.0f} %" if share == int(share) else f"{share:.1f} %"


class Held(Refused):
    """A guard held everything back: nothing was written and nothing mailed. Its words may be logged."""

    def __init__(self, reasons: Sequence[str], problems: Sequence[Problem] = ()) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join((*self.reasons, "Nothing was written and nothing was mailed.")), problems)
