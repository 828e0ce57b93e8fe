"""The plain caseload: a folder of CSV files or one workbook, as documented for the people who export it.

This is the format the program recommends; the columns stand here as the documentation has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from bot.caseload import model
from bot.caseload.cells import (
    DAY,
    DIFFICULTY,
    EMAIL,
    EVERY,
    IDENTIFIER,
    INITIALS,
    MOMENT,
    OPEN_CODE,
    TEXT,
    WEEKDAYS,
    YES_NO,
    Cell,
    Column,
    code,
    open_code,
)
from bot.caseload.checks import Desk
from bot.caseload.crosscheck import cross_check
from bot.caseload.csvfile import CsvFile
from bot.caseload.reading import Reading, Table, read_table
from bot.caseload.sheet import Source
from bot.caseload.workbook import open_workbook
from bot.errors import Problem, Refused

REQUIRED_FILES = ("children", "episodes", "visits", "workers")


def _needed(name: str, cell: Cell = IDENTIFIER) -> Column:
    return Column(name, cell, required=True)


def _each(cell: Cell, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, cell) for name in names)


# A child's particulars stand side by side: were columns to slip, a name could land under any of them.
_PRIVATE_YES_NO = YES_NO.kept_private()

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "children",
            (
                _needed("child_id"),
                Column("initials", INITIALS),
                Column("date_of_birth", DAY.kept_private()),
                Column("household_id", IDENTIFIER.kept_private()),
                Column("living_at_home", _PRIVATE_YES_NO),
                Column("iro_email", EMAIL),
                # Whoever wrote something here meant to say something: better too careful than too open.
                Column("restricted", _PRIVATE_YES_NO, unreadable="yes"),
            ),
        ),
        Table(
            "episodes",
            (
                _needed("child_id"),
                _needed("kind", OPEN_CODE),
                _needed("start", MOMENT),
                Column("end", DAY),
                Column("worker_id", IDENTIFIER),
                Column("worker_since", DAY),
                Column("setting", IDENTIFIER),
                *_each(DAY, "first_review", "permanence_agreed_on", "lower_frequency_agreed_on"),
                *_each(DAY, "approved_on", "final_hearing"),
                Column("agreed_every", EVERY),
                Column("agreed_from", DAY),
                Column("agreed_reason", OPEN_CODE),
                Column("first_contact", DAY),
                *_each(MOMENT, "decision_at", "referrer_told_at", "returned_at"),
                Column("breaks_every", EVERY),
                *_each(DAY, "assessment_done_on", "support_declined_on"),
                Column("excluded_reason", TEXT),
                Column("difficulty", DIFFICULTY),
            ),
        ),
        Table(
            "visits",
            (
                _needed("visit_id"),
                _needed("child_id"),
                _needed("at", MOMENT),
                _needed("status", code(*model.VISIT_STATUSES)),
                Column(
                    "kind", open_code("visit", "contact", "return_interview"), blank="visit", unreadable="row"
                ),
                # Blank reads as in person: an unknown word must not make a visit count.
                Column("channel", code(*model.CHANNELS), blank="in_person", unreadable="row"),
                *_each(YES_NO, "seen", "seen_alone", "awake", "observed", "at_home", "bedroom_seen"),
                *_each(YES_NO, "sleeping_arrangements_seen", "announced", "brief"),
                Column("reason", TEXT),
                Column("access_problem", YES_NO),
                Column("finalised_at", MOMENT),
                Column("worker_id", IDENTIFIER),
                Column("setting", IDENTIFIER),
                *_each(DAY, "planned_for", "notified_on"),
                Column("next_plan", TEXT),
            ),
        ),
        Table(
            "workers",
            (
                _needed("worker_id"),
                Column("name", TEXT),
                _needed("email", EMAIL),
                Column("phone", TEXT),
                Column("role", code(*model.ROLES)),
                Column("team", TEXT),
                *_each(IDENTIFIER, "manager_id", "buddy_id"),
                *_each(WEEKDAYS, "works", "duty"),
                Column("started", DAY),
                Column("agency", YES_NO),
            ),
        ),
        Table(
            "absences",
            (
                _needed("worker_id"),
                _needed("start", DAY),
                Column("end", DAY),
                _needed("kind", code("planned", "unplanned")),
                Column("buddy_id", IDENTIFIER),
                Column("manager_told_on", DAY),
            ),
        ),
        Table(
            "away",
            (
                _needed("child_id"),
                _needed("start", DAY),
                Column("end", DAY),
                Column("abroad", YES_NO),
                Column("contact_details", TEXT),
                Column("agency_told", YES_NO),
            ),
        ),
        Table(
            "requests",
            (
                _needed("child_id"),
                _needed("asked_on", DAY),
                Column("by", TEXT),
                *_each(DAY, "wanted_by", "refused_on"),
            ),
        ),
        Table(
            "risks",
            (
                _needed("household_id"),
                _needed("risk", TEXT),
                Column("to", code("workers", "child")),
                _needed("recorded_on", DAY),
                Column("ends", DAY),
                Column("joint_visit", YES_NO),
            ),
        ),
        Table(
            "approvals",
            (
                _needed("child_id"),
                _needed("clause", IDENTIFIER),
                *_each(DAY, "asked_on", "recorded_on"),
                Column("by", TEXT),
            ),
        ),
        Table(
            "supervisions",
            (
                _needed("worker_id"),
                _needed("child_id"),
                _needed("held_on", DAY),
                Column("frequency_reviewed", YES_NO),
            ),
        ),
    )
}


def read(path: Path, today: date) -> model.Caseload:
    """Read a folder of CSV files or a workbook; refuse only where there is nothing to go by."""
    try:
        return _read(path, today)
    except OSError as error:
        raise Refused(
            f"{error.filename or path} cannot be read ({error.strerror}). See that it is not open in another "
            "program and that the account this runs under may read it."
        ) from error


def _read(path: Path, today: date) -> model.Caseload:
    sources, problems = _sources(path)
    refusals = [_absent(name, path) for name in REQUIRED_FILES if name not in sources]
    readings: dict[str, Reading] = {}
    for name, table in TABLES.items():
        if name in sources:
            reading = read_table(sources[name], table)
            if name not in REQUIRED_FILES and reading.refusals:
                problems += [_unused(refusal) for refusal in reading.refusals]
                continue
            readings[name] = reading
            refusals += reading.refusals
    if not refusals and readings["children"].frame.is_empty():
        refusals.append(_no_children(readings["children"].where))
    if refusals:
        found = [problem for reading in readings.values() for problem in reading.problems]
        raise Refused(_refusal(path, refusals), (*refusals, *problems, *found))
    desks = {
        name: Desk.of(readings.pop(name))
        if name in readings
        else Desk(name, pl.DataFrame(schema=table.schema))
        for name, table in TABLES.items()
    }
    cross_check(desks, today)
    problems += [problem for desk in desks.values() for problem in desk.problems]
    return _caseload(desks, problems, path)


def _sources(path: Path) -> tuple[dict[str, Source], list[Problem]]:
    """The tables found by name, and what else lay there."""
    if path.is_dir():
        files = sorted(each for each in path.iterdir() if each.suffix.lower() == ".csv" and each.is_file())
        found: list[tuple[str, Source]] = [(f.stem.casefold(), CsvFile(f, f.name)) for f in files]
    elif path.is_file() and path.suffix.lower() in (".xlsx", ".xlsm"):
        found = [(sheet.where, sheet) for sheet in open_workbook(path)]
    elif path.is_file():
        raise Refused(
            f"{path} is neither a folder of CSV files nor an .xlsx workbook. Name the folder itself, or save "
            "the workbook as .xlsx."
        )
    else:
        raise Refused(f"There is no caseload at {path}. Correct the path, or put the export there.")
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for name, source in found:
        if name in TABLES and name not in sources:
            sources[name] = source
        else:
            problems.append(_not_used(source.where, doubled=name in sources))
    return sources, problems


def _not_used(where: str, *, doubled: bool) -> Problem:
    if doubled:
        return Problem(where, "there is another of the same name", "Keep one of the two.", "value ignored")
    known = ", ".join(TABLES)
    return Problem(where, "not one of the caseload's tables", f"Those are: {known}.", "value ignored")


def _absent(name: str, path: Path) -> Problem:
    where = f"{name}.csv" if path.is_dir() else name
    what = "the file is missing" if path.is_dir() else "the workbook has no such sheet"
    mend = "Export it again with this table; where there is nothing to tell, with its header alone."
    return Problem(where, what, mend, "run refused")


def _unused(refusal: Problem) -> Problem:
    return Problem(refusal.where, f"{refusal.what}; the table was left out", refusal.mend, "value ignored")


def _no_children(where: str) -> Problem:
    mend = "See that the export was finished; with no child nothing can be due, and every entry would go."
    return Problem(where, "not one child could be read", mend, "run refused")


def _refusal(path: Path, refusals: Sequence[Problem]) -> str:
    lines = "\n".join(f"  {refusal}" for refusal in refusals)
    return f"The caseload at {path} cannot be used:\n{lines}"


def _caseload(desks: Mapping[str, Desk], problems: Sequence[Problem], path: Path) -> model.Caseload:
    frames = {name: desk.frame for name, desk in desks.items()}
    numbers = pl.int_range(pl.len(), dtype=pl.UInt32).alias("episode")
    frames["episodes"] = frames["episodes"].with_columns(numbers)
    shaped = {name: frame.select(model.SCHEMAS[name].column_names()) for name, frame in frames.items()}
    return model.Caseload(**shaped, problems=tuple(problems), source=str(path), newest=_newest(path))


def _newest(path: Path) -> datetime:
    """When the newest of the files was written, in London."""
    files = [each for each in path.iterdir() if each.suffix.lower() == ".csv"] if path.is_dir() else [path]
    written = max(each.stat().st_mtime for each in files)
    return datetime.fromtimestamp(written, ZoneInfo("Europe/London")).replace(tzinfo=None)
