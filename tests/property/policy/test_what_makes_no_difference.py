"""What may change nothing, for every pack and all together: the week it is, the order of the rows, and who
else is in the caseload."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from property.policy.made import SETS, TEXTS, TODAY, Known, build, few, owed, packs_of, read, several, tables

from bot.cli.judging import due_objects
from bot.policy.due import judge

# From 2 June to 30 August 2026 there is no bank holiday in England.
MONDAY, BEFORE_THE_HOLIDAY = date(2026, 6, 29), date(2026, 8, 28)
TOLD = ("due", "act_by", "remind_on")
every_set = pytest.mark.parametrize("name", sorted(SETS))


def in_months() -> set[str]:
    """The clauses that count in months or years somewhere: four weeks are not a month."""
    found = set()
    for text in TEXTS.values():
        for clause in yaml.safe_load(text)["clauses"]:
            steps = [step for clock in clause.get("clocks", ()) for step in (*clock.get("stages", ()), clock)]
            steps += clause.get("limits", [])
            months = {step.get("id") or clause["id"] for step in steps if _counts_months(step)}
            found |= months
    return found


def _counts_months(step: dict[str, Any]) -> bool:
    own = {key: value for key, value in step.items() if key != "stages"}
    return any("month" in str(value) or "year" in str(value) for value in own.values())


IN_MONTHS = in_months()


def told(children: list[Known], name: str, today: date) -> dict[tuple[Any, ...], Any]:
    """By object and clause its date; by when to act and remind, where the date is before the holiday."""
    found: dict[tuple[Any, ...], Any] = {}
    for row in owed(build(children, today), packs_of(name), today):
        object_ = (row["child_id"], row["kind"], row["worker_id"], row["setting"])
        parts = [part for part in row["clauses"] if part["id"] not in IN_MONTHS]
        for part in parts:
            found.setdefault((*object_, part["id"]), set()).add(part["due"] - today)
        if parts and row["due"] in {part["due"] for part in parts} and row["due"] <= BEFORE_THE_HOLIDAY:
            found[(*object_, "told")] = (*(row[one] - today for one in TOLD), row["status"])
    return found


@every_set
@few
@given(
    children=several(MONDAY, 24),
    weeks=st.integers(1, 2),
    own=st.sampled_from([{}, {"agreed_every": "4 working days"}, {"agreed_every": "2 weeks"}]),
)
def test_every_date_moved_by_whole_weeks_moves_every_due_alike(
    name: str, children: list[Known], weeks: int, own: dict[str, str]
) -> None:
    """For clauses in days, weeks, working days and hours, in a time without bank holidays."""
    by = timedelta(weeks=weeks)
    here = told([child.agreeing(**own) for child in children], name, MONDAY)
    there = told([child.agreeing(**own).later(by) for child in children], name, MONDAY + by)
    beyond = {key for key in here.keys() ^ there.keys() if key[-1] == "told"}  # one of them is not at hand
    assert {k: v for k, v in here.items() if k not in beyond} == {
        k: v for k, v in there.items() if k not in beyond
    }


@every_set
@few
@given(children=several(), seed=st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing(name: str, children: list[Known], seed: int) -> None:
    """Of children, plans, visits, requests, absences, and of the workers."""
    rows = tables(children)
    dice = random.Random(seed)
    mixed = {table: dice.sample(rows[table], len(rows[table])) for table in rows}
    here, there = (judge(read(some), packs_of(name), TODAY) for some in (rows, mixed))
    assert due_objects(there.due) == due_objects(here.due)


@every_set
@few
@given(children=several(), keep=st.integers(1, 3))
def test_the_other_children_of_a_caseload_change_nothing(name: str, children: list[Known], keep: int) -> None:
    rows = tables(children)
    kept = {row["child_id"] for row in rows["children"][::keep]}
    fewer = {table: [row for row in rows[table] if row.get("child_id") in {None, *kept}] for table in rows}
    here, there = (owed(read(some), packs_of(name)) for some in (rows, fewer))
    assert there == [row for row in here if row["child_id"] in kept]
