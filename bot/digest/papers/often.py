"""How often a family is to expect a visit, said in plain words and kept as a length of time.

Taken from the claims that judging made: of those that ask again and again the shortest. Where only a one-off
visit is owed now, it is what the clause asks for next. Nothing is reckoned that judging has not reckoned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from bot.policy.judgement import Judgement
from bot.policy.pack import Pack
from bot.policy.period import DAYS, MONTHS, WEEKS, WORKING_DAYS, YEARS, Period, add, parse
from bot.policy.worktime import WorkTime

ONCE = {WEEKS: "once a week", MONTHS: "once a month", YEARS: "once a year", DAYS: "once a day"}


@dataclass(frozen=True, slots=True)
class Often:
    """A promised interval."""

    period: Period

    @property
    def says(self) -> str:
        """As people say it: "once every 2 weeks"; whole weeks of days are weeks."""
        number, unit = self.period.n, self.period.unit
        if unit == DAYS and number % 7 == 0:
            number, unit = number // 7, WEEKS
        if number == 1 and unit in ONCE:
            return ONCE[unit]
        return f"once every {Period(number, unit)}"

    @property
    def in_working_days(self) -> bool:
        """Whether the reader needs to be told what a working day is."""
        return self.period.unit == WORKING_DAYS

    def after(self, day: date, work: WorkTime) -> date:
        """The last day on which the promise is kept, counted from ``day``."""
        found: date = pl.select(add(pl.lit(day), self.period, work)).item()
        return found


def how_often(child_id: str, judgement: Judgement, packs: Sequence[Pack]) -> Often | None:
    """The interval the family may be told; null: none of the packs has one for this child."""
    claims = judgement.claims.filter(
        pl.col("child_id") == child_id, pl.col("kind").is_in(["visit", "contact"])
    )
    again = list(_periods(claims.filter("recurring")["step"]))
    shortest = _shortest(again) or _shortest(_next_stages(packs, claims["clause"], judgement.today))
    return Often(shortest) if shortest else None


def _periods(steps: Iterable[str]) -> Iterator[Period]:
    for step in steps:
        try:
            yield parse(step)
        except ValueError:
            continue  # "the day wanted": no interval


def _shortest(periods: Iterable[Period]) -> Period | None:
    return min((p for p in periods if p.n), key=lambda p: (p.days, p.unit), default=None)


def _next_stages(packs: Sequence[Pack], ids: Iterable[str], today: date) -> Iterator[Period]:
    """What the clauses of a one-off visit ask for again and again once it has been made."""
    owed = set(ids)
    for pack in packs:
        for clause in pack.clauses:
            for clock in clause.clocks:
                steps = list(clock.steps)
                here = [n for n, step in enumerate(steps) if (step.id or clause.id) in owed]
                later = steps[here[-1] :] if here and clause.holds_on(today) else []
                recurring = next((step.every for step in later if step.every), None)
                if recurring:
                    yield recurring
