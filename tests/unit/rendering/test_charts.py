"""A team's picture: small, the same every time, and said in words for who cannot see it."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from bot.digest.team import WorkerLine
from bot.rendering import sample
from bot.rendering.charts import MOST_ROWS, finding, said, team_chart
from bot.rendering.drawing import SCALE

TEAM = sample.manager_digests()[0].workers


def test_one_team_gives_one_picture_byte_for_byte() -> None:
    assert team_chart(TEAM) == team_chart(TEAM)


def test_a_large_teams_picture_is_still_a_small_file_at_twice_the_size() -> None:
    team = [replace(TEAM[n % 4], name=f"Worker number {n}", overdue=n) for n in range(40)]
    chart = team_chart(team)
    assert chart is not None
    assert len(chart.png) < 40_000
    with Image.open(io.BytesIO(chart.png)) as picture:
        assert picture.size == (chart.width * SCALE, chart.height * SCALE)
    assert chart.left_out == 40 - MOST_ROWS
    assert chart.height < (MOST_ROWS + 1) * 50


def test_the_alt_text_says_the_finding() -> None:
    late = "6 overdue visits with 3 of 5 workers; most with Amira Khan: 3."
    assert finding(TEAM) == f"{late} 14 visits due this week, 16 next week."
    assert finding([TEAM[3]]) == "Nobody has an overdue visit. 2 visits due this week, 6 next week."


def test_every_bar_is_said_in_words() -> None:
    assert said(TEAM[0]) == "3 overdue, 4 this week, 2 next week"
    assert said(TEAM[4]) == "nothing due"


def test_no_picture_where_nothing_is_due() -> None:
    nobody = WorkerLine("W1", "Amira Khan", 3, 0, 0, 0, 1, 0, ())
    assert team_chart([nobody]) is None
    assert team_chart([]) is None


def test_a_name_that_looks_like_mathematics_is_drawn_as_it_is_written() -> None:
    assert team_chart([replace(TEAM[0], name=r"$\nothing$")]) is not None
