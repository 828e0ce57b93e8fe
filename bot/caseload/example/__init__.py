"""An invented council's caseload, so that the program can be seen at work before anyone's data is near it.

Made from a seed, a size and a date, and the same for the same three. Dated about ``today``, so that it is
alive on any day; complete, so that every kind of plan and everything that can befall a visit is in it; clean,
but for four slips of the pen that show how problems are told. The same makes caseloads as large as England's.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from random import Random

import xlsxwriter

from bot.caseload.example.around import rows_around
from bot.caseload.example.families import child_row, make_families
from bot.caseload.example.histories import visit_rows
from bot.caseload.example.plans import episode_rows
from bot.caseload.example.team import absences, make_team
from bot.caseload.plain import TABLES

HEADERS = {name: [column.name for column in table.columns] for name, table in TABLES.items()}
CHILDREN_A_WORKER = 15.4
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?")


def write(folder: Path, *, seed: int, children: int, today: date, workers: int | None = None) -> None:
    """Write the caseload as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        put: dict[str, Callable[[list[str]], object]] = {}
        for name, header in HEADERS.items():
            file = stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            put[name] = csv.writer(file, lineterminator="\n").writerow
            put[name](header)
        for name, cells in rows(seed=seed, children=children, today=today, workers=workers):
            put[name](cells)


def write_workbook(path: Path, *, seed: int, children: int, today: date, workers: int | None = None) -> None:
    """Write the caseload as one workbook, dates as real dates."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheets = {name: book.add_worksheet(name) for name in HEADERS}
        filled = dict.fromkeys(HEADERS, 1)
        for name, header in HEADERS.items():
            sheets[name].write_row(0, 0, header)
            sheets[name].freeze_panes(1, 0)
        for name, cells in rows(seed=seed, children=children, today=today, workers=workers):
            for column, cell in enumerate(cells):
                if _DATE.fullmatch(cell):
                    when = datetime.fromisoformat(cell)
                    sheets[name].write_datetime(filled[name], column, when, moment if "T" in cell else day)
                elif cell:
                    sheets[name].write_string(filled[name], column, cell)
            filled[name] += 1


def rows(
    *, seed: int, children: int, today: date, workers: int | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Every row of every table, with the table's name; cells in the order of HEADERS."""
    rng = Random(f"{seed}:{children}:{workers}")  # noqa: S311  invented data, not secrets
    team = make_team(rng, workers or max(3, round(children / CHILDREN_A_WORKER)), children, today)
    for row in team.rows:
        yield "workers", _cells("workers", row)
    for row in absences(rng, team, today):
        yield "absences", _cells("absences", row)
    slips = _Slips(children)
    number = 1
    for family in make_families(rng, team, children, today):
        for child in family.children:
            yield "children", slips.child(_cells("children", child_row(family, child)))
            for row in episode_rows(rng, family, child, today):
                yield "episodes", _cells("episodes", row)
        for table, row in rows_around(rng, family, team, today):
            yield table, _cells(table, row)
        for cells in visit_rows(rng, family, today, number):
            yield "visits", slips.visit(cells)
            number += 1


def _cells(table: str, row: dict[str, str]) -> list[str]:
    return [row.get(column, "") for column in HEADERS[table]]


class _Slips:
    """Four slips of the pen: an answer that is neither yes nor no, a date as people write it, a worker who is
    not on the list, and a visit that does not say whether the child was seen.
    """

    def __init__(self, children: int) -> None:
        self._wanted = ["finalised_at", "worker_id", "seen"] if children >= 20 else []
        self._child = children // 2 if children >= 20 else 0
        self._visits = 0
        self._children = 0

    def child(self, cells: list[str]) -> list[str]:
        """The row, mistyped if it is the one."""
        self._children += 1
        if self._children == self._child:
            cells[HEADERS["children"].index("living_at_home")] = "y"
        return cells

    def visit(self, cells: list[str]) -> list[str]:
        """The row, mistyped if it is one of those."""
        self._visits += 1
        if (
            self._wanted
            and self._visits % 40 == 0
            and cells[3] == "completed"
            and cells[4] == "visit"
            and cells[17]
        ):
            column = self._wanted.pop()
            at = HEADERS["visits"].index(column)
            slip = {"seen": "", "worker_id": "W999999"}
            cells[at] = slip.get(column) or (_slashes(cells[at]) if column == "finalised_at" else "")
        return cells


def _slashes(moment: str) -> str:
    return f"{moment[8:10]}/{moment[5:7]}/{moment[:4]}"
