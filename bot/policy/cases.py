"""Cases beside the packs: a small caseload, a day, and what must be owed, as a practitioner would write it.

The rows are those of the plain caseload, typed by YAML; what is left out is blank. Nothing expected here
comes from the engine: each case carries its reckoning.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from bot.caseload.model import SCHEMAS, UNITS, Caseload, empty
from bot.errors import Problem, Refused
from bot.policy.brought import Brought, brought
from bot.policy.due import judge
from bot.policy.explain import guidance
from bot.policy.marks import NotYaml, Path, line_of, load
from bot.policy.not_asked import Child
from bot.policy.pack import Pack
from bot.policy.period import parse
from bot.policy.worktime import OwnDays

TOLD = ("problems", "warnings", "not_counted", "holds")
KEYS = ("case", "clauses", "pack", "packs", "today", "closures", "reckoning", "expect", *TOLD, *SCHEMAS)
WANTED = ("case", "clauses", "today", "reckoning", "expect")
FIRST_CHILD = "C1"  # the child of a row that names none
PERIODS = ("agreed_every", "breaks_every")
DEFAULTS: dict[str, Any] = {"kind": "visit", "channel": "in_person"}


@dataclass(frozen=True)
class Case:
    """One case: what is known, on which day, and what must follow."""

    name: str
    clauses: tuple[str, ...]
    packs: tuple[str, ...]
    today: date
    closures: tuple[date, ...]
    caseload: Caseload
    expect: tuple[dict[str, Any], ...]
    problems: tuple[str, ...] | None  # where each problem is found
    warnings: tuple[str, ...] | None  # words that a warning of the run holds; none given: no warning
    not_counted: tuple[str, ...] | None  # "V2 for A.3: …", as each line begins
    holds: (
        tuple[str, ...] | None
    )  # guidance that holds for the visits of C1, by clause id, in the packs' order
    own: Brought | None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case came out; ``differences`` are sentences."""

    clauses: tuple[str, ...]
    passed: bool
    differences: tuple[str, ...]


def read(text: str, name: str) -> tuple[Case, ...]:
    """The cases of a file; raises :class:`Refused` with every problem."""
    try:
        raw, lines = load(text)
    except NotYaml as error:
        raise Refused(
            f"{name} cannot be read.",
            [Problem(f"{name}:{error.line}:", error.what, error.mend, "run refused")],
        ) from None
    if not isinstance(raw, list):
        what = "a case file is a list of cases"
        raise Refused(
            f"{name}: {what}.", [Problem(f"{name}:1:", what, "Start each with '- case: …'.", "run refused")]
        )
    cases, problems = [], []
    for place, entry in enumerate(raw):
        try:
            cases.append(_case(entry, place, lines, name))
        except ValueError as error:
            line = line_of(lines, (place,))
            problems.append(Problem(f"{name}:{line}:", str(error), "Mend the case.", "run refused"))
    if problems:
        raise Refused(f"{name} has {len(problems)} case(s) that cannot be read.", problems)
    return tuple(cases)


def run(case: Case, packs: Sequence[Pack]) -> CaseResult:
    """Judge the case's caseload and compare what is owed with what must be."""
    judgement = judge(case.caseload, packs, case.today, OwnDays(case.closures))
    found = [_as_written(row) for row in judgement.due.iter_rows(named=True)]
    differences = [*_compare(case.expect, found)]
    if case.problems is not None:
        got = sorted(problem.where for problem in judgement.problems)
        if got != sorted(case.problems):
            differences.append(f"problems: expected {sorted(case.problems)}, found {got}")
    if case.warnings is not None:
        differences += _told("warnings", case.warnings, judgement.warnings, str.__contains__)
    if case.not_counted is not None:
        rows = judgement.uncounted.sort("visit_id", "clause").iter_rows(named=True)
        lines = [f"{row['visit_id']} for {row['clause']}: {row['reason']}" for row in rows]
        differences += _told("not counted", case.not_counted, lines, str.startswith)
    if case.holds is not None:
        first = Child(
            case.caseload.episodes.filter(pl.col("child_id") == FIRST_CHILD), case.today, frozenset()
        )
        held = tuple(guide.clause for guide in guidance(packs, first))
        if held != case.holds:
            differences.append(f"holds: expected {list(case.holds)}, found {list(held)}")
    return CaseResult(case.clauses, not differences, tuple(differences))


def _told(
    what: str, wanted: Sequence[str], found: Sequence[str], fits: Callable[[str, str], bool]
) -> list[str]:
    """What was not said, and, where nothing was to be said at all, what was."""
    missing = [
        f"{what}: nothing says {one!r} in {list(found)}" for one in wanted if not _any(found, one, fits)
    ]
    return missing or ([f"{what}: expected none, found {list(found)}"] if found and not wanted else [])


def _any(found: Sequence[str], wanted: str, fits: Callable[[str, str], bool]) -> bool:
    return any(fits(line, wanted) for line in found)


def _compare(expected: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> list[str]:
    if len(expected) != len(found):
        there = "; ".join(
            f"{one['child_id']} {one['kind']} due {one['due']} {one['clauses']}" for one in found
        )
        return [f"expected {len(expected)} owed, found {len(found)}: {there or 'nothing'}"]
    return [
        f"{one['child_id']} {one['kind']}: {key} expected {value}, found {got.get(key, 'no such key')}"
        for one, got in zip(expected, found, strict=True)
        for key, value in one.items()
        if got.get(key, "no such key") != value
    ]


def _as_written(row: dict[str, Any]) -> dict[str, Any]:
    """A row of ``Dues`` as a case writes it: clauses and concerns as mappings, several dates as a list."""
    dates: dict[str, list[date]] = {}
    for part in row["clauses"]:
        dates.setdefault(part["id"], []).append(part["due"])
    return {
        **row,
        "due_at": row["due_at"] and row["due_at"].strftime("%Y-%m-%dT%H:%M"),
        "clauses": {id_: days[0] if len(days) == 1 else days for id_, days in dates.items()},
        "concerns": {part["id"]: part["to"] for part in row["concerns"]},
    }


def _case(entry: Any, place: int, lines: Mapping[Path, int], file: str) -> Case:
    if not isinstance(entry, dict):
        raise ValueError("a case is a list of keys and values")  # noqa: TRY004 — one kind of error a case
    _known(entry, KEYS, "a case")
    for key in WANTED:
        if key not in entry:
            raise ValueError(f"the case has no {key!r}")
    own = brought(entry, place, lines, file)
    if "packs" not in entry and own is None:
        raise ValueError("the case has neither 'packs' nor a 'pack' of its own")
    problems, warnings, not_counted, holds = (tuple(entry[key]) if key in entry else None for key in TOLD)
    return Case(
        name=str(entry["case"]),
        clauses=tuple(entry["clauses"]),
        packs=tuple(entry["packs"]) if "packs" in entry or own is None else (own.name,),
        today=_day(entry["today"]),
        closures=tuple(_day(day) for day in entry.get("closures", ())),
        caseload=_caseload(entry),
        expect=tuple({"child_id": FIRST_CHILD, "kind": "visit", **one} for one in entry["expect"] or ()),
        problems=problems,
        warnings=warnings,
        not_counted=not_counted,
        holds=holds,
        own=own,
    )


def _known(found: dict[str, Any], known: Sequence[str], where: str) -> None:
    for key in found:
        if key not in known:
            close = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise ValueError(f"{where} has no {key!r}{hint}")


def _caseload(entry: dict[str, Any]) -> Caseload:
    rows = {name: [dict(row) for row in entry.get(name) or ()] for name in SCHEMAS}
    for place, row in enumerate(rows["visits"], start=1):
        row.setdefault("visit_id", f"V{place}")
    for name in ("children", "episodes", "visits", "away", "requests", "approvals", "supervisions"):
        for row in rows[name]:
            row.setdefault("child_id", FIRST_CHILD)
    there = {row.get("child_id") for row in rows["children"]}
    children = dict.fromkeys(row["child_id"] for row in rows["episodes"] if row["child_id"] not in there)
    rows["children"] += [{"child_id": child} for child in children]
    frames = {name: _frame(name, table) for name, table in rows.items()}
    return Caseload(
        children=frames["children"],
        episodes=frames["episodes"],
        visits=frames["visits"],
        workers=frames["workers"],
        absences=frames["absences"],
        away=frames["away"],
        requests=frames["requests"],
        risks=frames["risks"],
        approvals=frames["approvals"],
        supervisions=frames["supervisions"],
        source="case",
    )


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    if not rows:
        return empty(name)
    columns = empty(name).schema
    made = [_row(name, place, row, dict(columns)) for place, row in enumerate(rows)]
    needed = [key for key, column in SCHEMAS[name].columns().items() if not column.nullable]
    for place, row in enumerate(made, start=1):
        blank = [key for key in needed if row.get(key) is None]
        if blank:
            raise ValueError(f"{name}, row {place}: {', '.join(blank)} must be given")
    return SCHEMAS[name].validate(pl.DataFrame(made, schema=columns))


def _row(name: str, place: int, row: dict[str, Any], columns: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {column: DEFAULTS.get(column) if name == "visits" else None for column in columns}
    for key, value in row.items():
        if key in PERIODS:
            period = parse(value)
            made[f"{key}_n"], made[f"{key}_unit"] = period.n, UNITS[period.unit]
            continue
        _known({key: value}, tuple(columns), name)
        made[key] = _cell(name, key, value, columns[key])
    for column in columns:
        if column.endswith("_timed"):
            moment = row.get(column.removesuffix("_timed"))
            given = isinstance(moment, datetime) or (isinstance(moment, str) and "T" in moment)
            made[column] = given if moment is not None else None
    if "row" in columns:
        made["row"] = place + 2
    if "episode" in columns:
        made["episode"] = place
    if name == "workers":
        made["email"] = made["email"] or f"{made['worker_id']}@example.gov.uk".lower()
    return made


def _cell(name: str, key: str, value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if kind == pl.Datetime:
        return _moment(value)
    if kind == pl.Date:
        return _day(value)
    if kind == pl.Boolean and not isinstance(value, bool):
        raise ValueError(f"{name} {key}: {value!r} is not yes or no")
    if isinstance(kind, pl.List):
        return str(value).split()
    return value


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return datetime.fromisoformat(str(value))


def _day(value: Any) -> date:
    return _moment(value).date()
