"""From a problem's cell back to the child on whose row it stands, so that the right manager hears of it."""

from __future__ import annotations

import re

import polars as pl

from bot.caseload.model import Caseload
from bot.errors import Problem
from bot.policy.judgement import Judgement

CELL = re.compile(r"(?P<file>[a-z_]+)(?:\.csv)?:(?P<row>\d+)(?::|$)")
"""How a problem says where it stands: ``visits.csv:17:seen``, or the sheet's name in a workbook."""


def traced(caseload: Caseload, judgement: Judgement) -> tuple[tuple[Problem, str | None], ...]:
    """Every problem found; null where its row was set aside or belongs to no one child."""
    problems = (*caseload.problems, *judgement.problems)
    cells = [CELL.search(problem.where) for problem in problems]
    rows = {"visits": caseload.visits, "episodes": caseload.episodes}
    children = {
        file: _children_on(frame, {int(c["row"]) for c in cells if c and c["file"] == file})
        for file, frame in rows.items()
    }
    return tuple(
        (problem, children.get(cell["file"], {}).get(int(cell["row"])) if cell else None)
        for problem, cell in zip(problems, cells, strict=True)
    )


def _children_on(frame: pl.DataFrame, rows: set[int]) -> dict[int, str]:
    if not rows:
        return {}
    return dict(frame.filter(pl.col("row").is_in(sorted(rows))).select("row", "child_id").iter_rows())
