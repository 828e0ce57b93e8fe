"""Whatever stands in the files: every row is read or set aside by name, every lost cell is told."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.caseload import model, plain
from bot.errors import Refused

TODAY = date(2026, 11, 23)

_LIKELY = st.sampled_from(
    ["", "", "yes", "no", "YES", "y", "C1", "C2", "W1", "W9", "2026-11-02", "2026-11-02T10:15", "2026-12-24",
     "04/12/2026", "46349", "completed", "failed", "scheduled", "visit", "in_person", "phone",
     "5 working days", "2 weeks", "0 days", "mon tue", "#N/A", "a@b.example", "planned", " ", "1", "9"]
)  # fmt: skip
_WILD = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs",)), max_size=12
)
CELLS = st.one_of(_LIKELY, _LIKELY, _LIKELY, _WILD)
BASE = {
    "children": "child_id\nC1\nC2\n",
    "episodes": "child_id,kind,start\n",
    "visits": "visit_id,child_id,at,status\n",
    "workers": "worker_id,email\nW1,w1@northdale.example\n",
}


def as_csv(header: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def read(files: dict[str, str]) -> model.Caseload:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (BASE | files).items():
            (Path(folder) / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        return plain.read(Path(folder), TODAY)


def tables(name: str, least: int = 1):
    width = len(plain.TABLES[name].columns)
    return st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=least, max_size=6)


def rows_named(caseload: model.Caseload, file: str, effect: str) -> set[int]:
    return {
        int(parts[1])
        for problem in caseload.problems
        if (parts := problem.where.split(":"))[0] == file and len(parts) > 1 and problem.effect == effect
    }


@given(rows=tables("visits"))
def test_every_visit_is_read_or_set_aside_and_every_lost_cell_is_told(rows):
    header = [column.name for column in plain.TABLES["visits"].columns]
    caseload = read({"visits": as_csv(header, rows)})
    held_to_the_promise(caseload, caseload.visits, "visits", header, rows)


@settings(max_examples=60)
@given(rows=tables("episodes"))
def test_every_episode_is_read_or_set_aside_and_every_lost_cell_is_told(rows):
    header = [column.name for column in plain.TABLES["episodes"].columns]
    caseload = read({"episodes": as_csv(header, rows)})
    held_to_the_promise(caseload, caseload.episodes, "episodes", header, rows)


def held_to_the_promise(
    caseload: model.Caseload, frame: pl.DataFrame, name: str, header: list[str], rows: list[list[str]]
) -> None:
    file = f"{name}.csv"
    model.SCHEMAS[name].validate(frame)
    kept = set(frame["row"].to_list())
    aside = rows_named(caseload, file, "row set aside")
    filled = {i + 2 for i, row in enumerate(rows) if any(cell.strip() for cell in row)}
    assert kept | aside == filled
    assert not kept & aside
    told = {problem.where for problem in caseload.problems}
    for row in frame.iter_rows(named=True):
        for column, cell in zip(header, rows[row["row"] - 2], strict=True):
            value = row.get(column, row.get(f"{column}_n"))
            if cell.strip() and value is None:
                assert f"{file}:{row['row']}:{column}" in told


@given(rows=tables("children", 2))
def test_of_children_too_and_nothing_particular_is_ever_repeated(rows):
    header = [column.name for column in plain.TABLES["children"].columns]
    rows = [[f"C{i}", *row[1:]] for i, row in enumerate(rows)]
    caseload = read({"children": as_csv(header, rows)})
    assert caseload.children.height == len(rows)
    told = {problem.where for problem in caseload.problems}
    for i, row in enumerate(caseload.children.iter_rows()):
        for column, cell, value in zip(header, rows[i], row, strict=True):
            if cell.strip() and value is None:
                assert f"children.csv:{i + 2}:{column}" in told


PRIVATE = st.one_of(
    st.from_regex(r"[A-Z]{2}(zq|xj|vw)[0-9]{3}(/[0-9]{2})?", fullmatch=True),
    st.from_regex(r"[0-3]7[/.-]0[1-9][/.-]201[0-9]", fullmatch=True),
    st.sampled_from(["7 May 2014", "2014-5-7", "41766", "Jay Q. Smith", "ZQX"]),
)


@pytest.mark.parametrize("born", ["07/05/2014", "7 May 2014", "2014-5-7", "41766", "2014", "07.05.14"])
@pytest.mark.parametrize("column", [column.name for column in plain.TABLES["children"].columns[1:]])
def test_a_date_of_birth_is_not_repeated_whatever_column_it_slips_into(born, column):
    said = str(read({"children": f"child_id,{column}\nC1,{born}\n"}).problems)
    assert born not in said
    assert column == "household_id" or f"children.csv:2:{column}" in said


@given(secret=PRIVATE, data=st.data())
def test_no_message_repeats_initials_dates_of_birth_names_or_notes(secret, data):
    private = {
        "children": [
            "initials",
            "date_of_birth",
            "household_id",
            "living_at_home",
            "iro_email",
            "restricted",
        ],
        "visits": ["reason", "next_plan"],
        "workers": ["name", "phone", "email"],
        "episodes": ["excluded_reason"],
    }
    name = data.draw(st.sampled_from(sorted(private)))
    column = data.draw(st.sampled_from(private[name]))
    cells = {
        "children": {"child_id": "C1"},
        "visits": {"visit_id": "V1", "child_id": "C1", "at": "2026-11-02", "status": "completed"},
        "workers": {"worker_id": "W1", "email": "w1@northdale.example"},
        "episodes": {"child_id": "C1", "kind": "referral", "start": "2026-11-02"},
    }[name] | {column: secret}
    ragged = data.draw(st.booleans())
    row = [*cells.values(), secret] if ragged else list(cells.values())
    try:
        said = str(read({name: as_csv(list(cells), [row])}).problems)
    except Refused as refused:
        said = str(refused) + str(refused.problems)
    assert secret not in said


@settings(max_examples=60)
@given(data=st.binary(max_size=300))
def test_any_bytes_at_all_are_read_or_refused_in_words(data):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in BASE.items():
            (Path(folder) / f"{name}.csv").write_text(text, encoding="utf-8")
        (Path(folder) / "visits.csv").write_bytes(b"visit_id,child_id,at,status,reason\n" + data)
        (Path(folder) / "risks.csv").write_bytes(data)
        caseload = plain.read(Path(folder), TODAY)
    for name, schema in model.SCHEMAS.items():
        schema.validate(getattr(caseload, name))


_LINES = st.lists(
    st.sampled_from(
        [
            "V{n},C1,2026-11-02,failed,note",
            'V{n},C1,2026-11-02,failed,"a, b"',
            'V{n},C1,2026-11-02,failed,"a\nb"',
            'V{n},C1,2026-11-02,failed,"stray',
            'V{n},C1,2026-11-02,failed,str"ay',
            'V{n},C1,"2026-11-02,failed,x',
            "V{n},C1,2026-11-02,failed,x,y",
            "V{n},C1,2026-11-02,failed",
            "V{n},C1,2026-11-02,failed,caf\xe9",
            "",
        ]
    ),
    min_size=1,
    max_size=8,
)


@given(lines=_LINES, encoding=st.sampled_from(["utf-8", "cp1252"]))
def test_whatever_is_wrong_with_a_line_its_neighbours_are_read(lines, encoding):
    text = "".join(line.format(n=n) + "\n" for n, line in enumerate(lines))
    with tempfile.TemporaryDirectory() as folder:
        for name, base in BASE.items():
            (Path(folder) / f"{name}.csv").write_text(base, encoding="utf-8")
        file = Path(folder) / "visits.csv"
        file.write_bytes(f"visit_id,child_id,at,status,reason\n{text}".encode(encoding))
        caseload = plain.read(Path(folder), TODAY)
    good = {f"V{n}" for n, line in enumerate(lines) if line and '"stray' not in line and ',"2026' not in line}
    good -= {f"V{n}" for n, line in enumerate(lines) if line.endswith("x,y")}
    read_ids = set(caseload.visits["visit_id"].to_list())
    set_aside = sum(problem.effect == "row set aside" for problem in caseload.problems)
    assert good <= read_ids
    assert len(read_ids) + set_aside >= sum(bool(line) for line in lines)
