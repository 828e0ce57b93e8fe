"""A workbook is read like a folder, whatever a spreadsheet made of the cells."""

from __future__ import annotations

from datetime import date, datetime, time

import polars as pl
import pytest
import xlsxwriter
from polars.testing import assert_frame_equal

from bot.caseload import example, model, plain
from bot.errors import Refused

TODAY = date(2026, 11, 23)


@pytest.fixture
def workbook(tmp_path, sound):
    """Write the sound caseload as a workbook, with these sheets' cells put in its place, and read it."""

    def read(header_row=0, **sheets):
        path = tmp_path / "caseload.xlsx"
        with xlsxwriter.Workbook(path) as book:
            day = book.add_format({"num_format": "dd/mm/yyyy"})
            for name, text in sound.items():
                sheet = book.add_worksheet(name.capitalize())
                rows = sheets.get(name) or [line.split(",") for line in text.splitlines()]
                for r, row in enumerate(rows):
                    for c, cell in enumerate(row):
                        if isinstance(cell, date):
                            sheet.write_datetime(r + header_row, c, cell, day)
                        elif isinstance(cell, str) and cell.startswith("!"):
                            sheet.write_formula(r + header_row, c, "=1/0", value=cell[1:])
                        elif isinstance(cell, bool):
                            sheet.write_boolean(r + header_row, c, cell)
                        elif isinstance(cell, int | float):
                            sheet.write_number(r + header_row, c, cell)
                        elif cell:
                            sheet.write_string(r + header_row, c, cell)
        return plain.read(path, TODAY)

    return read


def test_the_example_reads_alike_from_a_folder_and_from_a_workbook(tmp_path):
    example.write(tmp_path / "folder", seed=3, children=60, today=TODAY)
    example.write_workbook(tmp_path / "book.xlsx", seed=3, children=60, today=TODAY)
    folder, book = plain.read(tmp_path / "folder", TODAY), plain.read(tmp_path / "book.xlsx", TODAY)
    for name in model.SCHEMAS:
        assert_frame_equal(getattr(folder, name), getattr(book, name))
    assert [p.where.replace(".csv", "") for p in folder.problems] == [p.where for p in book.problems]
    assert [p.what for p in folder.problems] == [p.what for p in book.problems]


def test_real_dates_ticks_and_numbers_are_read(workbook):
    caseload = workbook(
        children=[
            ["child_id", "date_of_birth", "restricted"],
            [20417.0, date(2015, 4, 3), True],
            ["C2", "", False],
        ],
        episodes=[
            ["child_id", "kind", "start", "difficulty"],
            [20417, "child_protection", datetime(2026, 9, 1, 14, 30), 2.0],
            ["20417", "missing", date(2026, 9, 2), ""],
        ],
        visits=[["visit_id", "child_id", "at", "status"]],
    )
    assert caseload.problems == ()
    assert caseload.children.rows() == [
        ("20417", None, date(2015, 4, 3), None, None, None, True),
        ("C2", None, None, None, None, None, False),
    ]
    assert caseload.episodes["start"].to_list() == [datetime(2026, 9, 1, 14, 30), datetime(2026, 9, 2)]
    assert caseload.episodes["start_timed"].to_list() == [True, False]
    assert caseload.episodes["difficulty"].to_list() == [2, None]


def test_a_time_of_day_is_read_to_the_minute(workbook):
    almost = datetime(2026, 9, 1, 14, 29, 59, 999_000)
    caseload = workbook(episodes=[["child_id", "kind", "start"], ["C1", "child_protection", almost]])
    assert caseload.episodes["start"].to_list() == [datetime(2026, 9, 1, 14, 30)]


def test_what_a_spreadsheet_spoils_is_told(workbook):
    caseload = workbook(
        episodes=[
            ["child_id", "kind", "start", "end", "worker_id", "setting"],
            ["C1", "child_protection", 46349, "", "", ""],
            ["C1", "child_protection", date(2026, 9, 1), "!#N/A", "!#REF!", ""],
            ["C1", "child_protection", date(2026, 9, 1), time(12, 0).isoformat(), "", True],
        ],
    )
    told = {problem.where: problem.what for problem in caseload.problems}
    assert list(told) == ["episodes:2:start", "episodes:3:end", "episodes:3:worker_id", "episodes:4:end"]
    assert "spreadsheet's count of days" in told["episodes:2:start"]
    assert "#N/A" in told["episodes:3:end"]
    assert caseload.episodes.height == 2


def test_rows_are_counted_as_the_spreadsheet_counts_them(workbook):
    caseload = workbook(
        header_row=2,
        episodes=[
            ["child_id", "kind", "start"],
            ["C1", "child_protection", "soon"],
            [],
            ["C1", "missing", "2026-09-01"],
        ],
    )
    assert [problem.where for problem in caseload.problems] == ["episodes:4:start"]
    assert caseload.episodes["row"].to_list() == [6]


def test_a_workbook_without_a_needed_sheet_is_refused(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "c.xlsx") as book:
        book.add_worksheet("children").write_row(0, 0, ["child_id"])
        book.add_worksheet("visits")
    with pytest.raises(Refused) as refused:
        plain.read(tmp_path / "c.xlsx", TODAY)
    assert {p.where for p in refused.value.problems} == {"episodes", "workers", "visits"}


def test_a_frame_is_of_the_schemas_types_even_when_a_sheet_is_a_header_alone(workbook):
    caseload = workbook(visits=[["visit_id", "child_id", "at", "status"]])
    assert dict(caseload.visits.schema) == dict(model.empty("visits").schema)
    assert isinstance(caseload.visits, pl.DataFrame)
