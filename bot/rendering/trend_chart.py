"""Twelve weeks as a picture: of what fell due in each, how much was done in time.

A column is as high as the week's share; what was missed stands hatched on top of it, so that every column of
a week in which anything fell due reaches the same height, and the eye follows the line between the two.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from bot.digest.in_time import Trend, WeekKept
from bot.digest.words import count, day_month
from bot.rendering.drawing import EDGE, MISSED, SOON, WIDTH, Canvas, Chart

HEIGHT = 178
FLOOR, CEILING = 68, 156  # where columns stand, and how high all of a week reaches
MONTH, DAY, OF, DONE = 4, 18, 38, 52  # a line each: a column is narrow, and a whole council's weeks are many
GAP = 6
SIX_DAYS = timedelta(days=6)


def trend_chart(trend: Trend) -> Chart | None:
    """One column a week; none where nothing fell due."""
    if not any(week.kept.fell_due for week in trend.weeks):
        return None
    return Chart(_drawn(trend.weeks), WIDTH, HEIGHT, trend_finding(trend))


def trend_finding(trend: Trend) -> str:
    """What the picture shows, for who cannot see it."""
    fell = [week for week in trend.weeks if week.kept.fell_due]
    worst = min(fell, key=lambda week: (week.kept.share, week.starts))
    last = trend.weeks[-1].kept
    until = f"up to {day_month(trend.weeks[-1].starts + SIX_DAYS)}"
    halves = [
        f"{half.share}% {when}"
        for half, when in ((trend.earlier, "in the first six weeks"), (trend.lately, "in the last six"))
        if half.fell_due
    ]
    said = f"In time in the {len(trend.weeks)} weeks {until}: {', '.join(halves)}."
    lowest = (
        f"Lowest in the week of {day_month(worst.starts)}: {worst.kept.in_time} of {worst.kept.fell_due}."
    )
    latest = (
        f"Last week {last.in_time} of {last.fell_due}." if last.fell_due else "Last week nothing fell due."
    )
    if worst.kept.share == 100:
        return f"Everything that fell due in {count(len(fell), 'week')} {until} was done in time."
    return f"{said} {lowest} {latest}"


@lru_cache(maxsize=8)
def _drawn(weeks: tuple[WeekKept, ...]) -> bytes:
    page = Canvas(HEIGHT)
    wide = (WIDTH - 2 * EDGE) / len(weeks)
    for place, week in enumerate(weeks):
        left, kept = EDGE + place * wide, week.kept
        middle = left + wide / 2
        day, month = day_month(week.starts).split()
        page.text(middle, DAY, day, size=13, align="center")
        page.text(middle, MONTH, month, size=13, align="center")
        if not kept.fell_due:
            page.text(middle, DONE, "none", size=13, align="center")
            continue
        page.text(middle, DONE, str(kept.in_time), size=13, align="center")
        of = f"of {kept.fell_due}" if kept.fell_due < 100 else f"/{kept.fell_due}"
        page.text(middle, OF, of, size=12, align="center")
        page.text(middle, CEILING + 6, f"{kept.share}%", size=12, bold=True, align="center")
        done = (CEILING - FLOOR) * kept.in_time / kept.fell_due
        if kept.in_time:
            page.bar(left + GAP / 2, FLOOR, wide - GAP, done, SOON)
        if kept.in_time < kept.fell_due:
            page.bar(left + GAP / 2, FLOOR + done, wide - GAP, CEILING - FLOOR - done, MISSED)
    return page.png()
