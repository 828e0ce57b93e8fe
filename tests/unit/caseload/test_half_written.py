"""A caseload that is still being written, or whose writing was broken off, is told from one that is whole."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.caseload.guard import check_files
from bot.caseload.wholeness import half_written, stamps
from bot.verdict import Held

ROWS = (
    "visit_id,child_id,at,status,reason\nV1,C1,2026-11-02,completed,\n"
    'V2,C2,2026-11-03,failed,"nobody, though ""expected"", came\nto the door"\n'
    "V3,C1,2026-11-09,completed,fine\n"
)
NOW = datetime(2026, 11, 23, 6, 30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("children", "episodes"):
        (tmp_path / f"{name}.csv").write_text("child_id,x\nC1,1\n")
    (tmp_path / "visits.csv").write_text(ROWS)
    return tmp_path


def said(folder: Path) -> str:
    found = stamps(folder)
    return "\n".join(map(str, half_written(found, found)))


def test_whole_files_pass_with_and_without_a_last_line_end(folder: Path) -> None:
    assert said(folder) == ""
    (folder / "visits.csv").write_text(ROWS.rstrip("\n"))
    assert said(folder) == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(len("visit_id,child_id,at,status,reason\n") + 1, len(ROWS) - 1))
def test_a_file_cut_anywhere_but_at_a_row_s_end_is_seen_to_be_cut(folder: Path, cut: int) -> None:
    """Only what ends as a row ends can pass: at a line end, or after the last cell has begun."""
    text = ROWS[:cut]
    (folder / "visits.csv").write_text(text)
    last = text.rpartition("\n")[2]
    seems_whole = last == "" or (last.count(",") >= 4 and last.count('"') % 2 == 0)
    assert (said(folder) == "") == seems_whole


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty, without even a header"),
        (ROWS + "\0" * 512, "ends in empty bytes"),
        (ROWS + "V4,C2", "after 2 of 5 cells"),
        (ROWS + 'V4,C2,2026-11-10,failed,"nobody', "inside a cell in quotation marks"),
    ],
)
def test_each_broken_end_is_said_with_the_file_and_the_way_out(folder: Path, text: str, words: str) -> None:
    (folder / "visits.csv").write_text(text)
    assert words in said(folder)
    assert "visits.csv" in said(folder)
    assert "run again" in said(folder)


def test_a_file_that_changes_while_it_is_read_refuses_the_whole(folder: Path) -> None:
    before = stamps(folder)
    with (folder / "visits.csv").open("a") as file:
        file.write("V4,C2,2026-11-10,completed,\n")
    with pytest.raises(Held, match=r"visits\.csv: it changed while it was being read"):
        check_files(before, stamps(folder), "exports", NOW, 48)
    (folder / "away.csv").write_text("child_id,start\n")
    assert "away.csv" in str(half_written(stamps(folder)[1:], stamps(folder))[0])


def test_a_file_that_an_export_left_behind_refuses_the_whole_and_is_named(folder: Path) -> None:
    for name, hours in (("children", 3), ("episodes", 3), ("visits", 75)):
        moment = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(folder / f"{name}.csv", (moment, moment))
    found = stamps(folder)
    with pytest.raises(Held, match=r"visits\.csv: 75\.0 hours old, over the limit of 48") as held:
        check_files(found, found, "exports", NOW, 48)
    assert "children.csv" not in str(held.value).replace("while children.csv", "")
    check_files(found, found, "exports", NOW, 80)


def test_files_kept_by_hand_may_be_old_and_strangers_in_the_folder_do_not_matter(folder: Path) -> None:
    (folder / "workers.csv").write_text("worker_id,email\nW1,a@b.example\n")
    os.utime(folder / "workers.csv", (0, 0))
    (folder / "notes.csv").write_text("")
    found = stamps(folder)
    check_files(found, found, "exports", datetime.now(), 48)
