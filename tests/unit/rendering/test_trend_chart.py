"""Twelve weeks as a picture: small, the same every time, and said in words for who cannot see it."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from bot.digest.in_time import NO_TREND, NOTHING, Kept, Trend
from bot.rendering import sample
from bot.rendering.drawing import SCALE
from bot.rendering.mail import MailWords, roll_up
from bot.rendering.trend_chart import trend_chart, trend_finding

TREND = sample.manager_digests()[0].trend


def of(*kept: Kept) -> Trend:
    """The last weeks so, and nothing in those before."""
    weeks = [NOTHING] * (12 - len(kept)) + list(kept)
    return replace(
        TREND, weeks=tuple(replace(week, kept=now) for week, now in zip(TREND.weeks, weeks, strict=True))
    )


def test_the_same_weeks_give_the_same_small_picture() -> None:
    chart = trend_chart(TREND)
    assert chart is not None
    assert chart == trend_chart(TREND)
    assert len(chart.png) < 20_000
    with Image.open(io.BytesIO(chart.png)) as picture:
        assert picture.size == (chart.width * SCALE, chart.height * SCALE)


def test_the_alt_text_says_how_it_went_and_which_week_was_worst() -> None:
    assert trend_finding(TREND) == (
        "In time in the 12 weeks up to 22 Nov: 66% in the first six weeks, 89% in the last six. "
        "Lowest in the week of 28 Sep: 2 of 7. Last week 12 of 14."
    )
    assert trend_finding(of(Kept(1, 1), NOTHING)).endswith("Last week nothing fell due.")
    assert (
        trend_finding(of(Kept(3), Kept(2)))
        == "Everything that fell due in 2 weeks up to 22 Nov was done in time."
    )


def test_no_picture_where_nothing_fell_due() -> None:
    assert trend_chart(NO_TREND) is None
    assert trend_chart(of()) is None


def test_a_roll_ups_text_gives_each_line_its_own_lines() -> None:
    text = roll_up(sample.roll_ups()[0], MailWords("Wrong?", "")).text
    assert (
        "* Grace Adeyemi, Harbour: 6 overdue, 14 this week, 7 to record, 9 concerns; 61 children; "
        "oldest 6 days late\n  50 of 68 in time (73%) over 12 weeks\n"
        "  1 time off without cover, 1 child without a worker\n* Tomasz Ashdown"
    ) in text
