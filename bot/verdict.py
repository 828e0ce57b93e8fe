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
    what: str  # the end of the sentence: "children are gone since …"
    number: int
    of: int
    limit: int
    share: float | None = None  # the limit as a share of ``of``; null where it is a plain count
    way_out: str = CHECK_FIRST

    @property
    def said(self) -> str:
        """Say number and limit: "42 % of 50 children are gone (21), over the limit of 30 % (15; setting)"."""
        if self.share is None:
            return f"{self.number} {self.what}, over the limit of {self.limit} ({self.setting})"
        limit = f"{100 * self.share:g} % ({self.limit}; {self.setting})"
        if self.limit > int(self.share * self.of):
            limit = f"{self.limit}, which may always go ({self.setting} is less)"
        share = percent(self.number, self.of)
        return f"{share} of {self.of} {self.what} ({self.number}), over the limit of {limit}"

    @property
    def lifted(self) -> str:
        """Say what was let through, where somebody lifted the limit for one run."""
        return f"{self.said}: lifted, and the run went on"

    def __str__(self) -> str:
        """Say it with the way out."""
        return f"{self.said}. {self.way_out}"


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
    """Hold a number against a share of all, and a floor under which a small team never trips."""
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


def held_by(verdicts: Sequence[Verdict], most: int = 8) -> Held:
    """Refuse by what guards said: of a broken export every worker's list is short, and ``most`` are said."""
    more = len(verdicts) - most
    rest = [f"And {more} more like these; `plan` names all."] if more > 0 else []
    ways_out = dict.fromkeys(one.way_out for one in verdicts)
    return Held([*(f"{one.said}." for one in verdicts[:most]), *rest, *ways_out])
