"""Caseloads made by Hypothesis: a handful of children with plans, visits of every outcome and requests.

Everything is laid out around a day that stands for today. No two plans of a child start, and no two of its
visits fall, on one day: which of two is the later would else hang on the order of the rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from differential.words import KINDS
from hypothesis import settings
from hypothesis import strategies as st

from bot.caseload.model import Caseload
from bot.policy import cases
from bot.policy.due import judge
from bot.policy.pack import Pack, read_pack

RULES = Path(__file__).parents[3] / "rules"
TEXTS = {file.stem: file.read_text(encoding="utf-8") for file in sorted(RULES.glob("*.yaml"))}
PACKS = {name: read_pack(f"{name}.yaml", text) for name, text in TEXTS.items()}
SETS = {name: (name,) for name in PACKS} | {"together": tuple(PACKS)}
TODAY = date(2026, 8, 12)
SEEING = ("visit", "contact")  # while a family is away a visit turns into a contact (B.9)
TICKS = ("seen_alone", "at_home", "bedroom_seen", "sleeping_arrangements_seen")
EVENTS = ("first_review", "permanence_agreed_on", "lower_frequency_agreed_on", "approved_on", "final_hearing")
Row = dict[str, Any]

# Three caseloads a property, many more where the profile is a thorough one.
few = settings(max_examples=max(3, settings.default.max_examples // 25 - 1))


@dataclass(frozen=True)
class Known:
    """What is known of one child."""

    child: Row
    episodes: tuple[Row, ...]
    visits: tuple[Row, ...]
    requests: tuple[Row, ...]

    def visited(self, day: date) -> Known:
        """With one more visit, every box of which is ticked."""
        return dataclasses.replace(self, visits=(*self.visits, visit(day)))

    def later(self, by: timedelta) -> Known:
        """The same, every date moved."""
        tables = (
            tuple({key: _later(value, by) for key, value in row.items()} for row in table)
            for table in (self.episodes, self.visits, self.requests)
        )
        return Known(self.child, *tables)

    def agreeing(self, **own: Any) -> Known:
        """With a frequency of the child's own on every plan."""
        return dataclasses.replace(self, episodes=tuple(episode | own for episode in self.episodes))


def _later(value: Any, by: timedelta) -> Any:
    return value + by if isinstance(value, date) else value


def visit(day: date) -> Row:
    yes = {"seen": True, **dict.fromkeys(TICKS, True)}
    return {
        "at": day,
        "status": "completed",
        "announced": False,
        "finalised_at": day,
        "worker_id": "W1",
    } | yes


# --- strategies --------------------------------------------------------------------------------------

blank_or = st.sampled_from([None, True, False])
workers = st.sampled_from(["W1", "W2", "W3"])
settings_ = st.sampled_from([None, "S1", "S2"])


def before(most: int, today: date = TODAY) -> st.SearchStrategy[date]:
    return st.integers(0, most).map(lambda days: today - timedelta(days=days))


@st.composite
def episodes(draw: st.DrawFn, today: date, span: int, timed: bool) -> Row:
    start = draw(before(span, today))
    made: Row = {"kind": draw(st.sampled_from(KINDS)), "start": start, "worker_id": draw(workers)}
    made["setting"] = draw(settings_)
    for event in draw(st.sets(st.sampled_from(EVENTS), max_size=3)):
        made[event] = start + timedelta(days=draw(st.integers(0, span)))
    if made["kind"] == "missing":
        back = datetime.combine(start, datetime.min.time())
        made["returned_at"] = back + timedelta(hours=draw(st.integers(1, 60))) if timed else start
    if made["kind"] == "early_help" and draw(st.booleans()):
        made["first_contact"] = start
    return made


@st.composite
def outcomes(draw: st.DrawFn, day: date) -> Row:
    """A visit as it went: mostly one that counts."""
    status = draw(st.sampled_from(["completed"] * 5 + ["failed", "postponed", "cancelled", "scheduled"]))
    made: Row = {"at": day, "status": status, "worker_id": draw(workers), "setting": draw(settings_)}
    if status == "completed":
        made |= {"seen": draw(st.sampled_from([True, True, True, False])), "finalised_at": day}
        made |= {tick: draw(blank_or) for tick in draw(st.sets(st.sampled_from(TICKS)))}
        made["announced"] = draw(blank_or)
    return made


@st.composite
def known(draw: st.DrawFn, today: date = TODAY, span: int = 500, *, timed: bool = True) -> Known:
    born = today - timedelta(days=draw(st.integers(0, 22 * 365)))
    plans = draw(
        st.lists(episodes(today, span, timed), min_size=1, max_size=2, unique_by=lambda plan: plan["start"])
    )
    days = draw(st.lists(before(min(span, 200), today), max_size=5, unique=True))
    asked = draw(st.lists(before(12, today), max_size=1))
    return Known(
        {
            "date_of_birth": born,
            "living_at_home": draw(blank_or),
            "household_id": draw(st.sampled_from("HK")),
        },
        tuple(plans),
        tuple(draw(outcomes(day)) for day in days),
        tuple({"asked_on": day, "by": "child"} for day in asked),
    )


def several(today: date = TODAY, span: int = 500, *, timed: bool = True) -> st.SearchStrategy[list[Known]]:
    return st.lists(known(today, span, timed=timed), min_size=4, max_size=12)


# --- judging -----------------------------------------------------------------------------------------

TEAM = [
    {"worker_id": "W1", "buddy_id": "W2", "works": "mon tue wed thu fri"},
    {"worker_id": "W2", "works": "mon tue wed"},
    {"worker_id": "W3", "buddy_id": "W1"},
]
AWAY = {"start": TODAY + timedelta(days=2), "end": TODAY + timedelta(days=12)}


def tables(children: Sequence[Known], today: date = TODAY) -> dict[str, list[Row]]:
    """The rows of a caseload: C00 is the first child."""
    ids = [f"C{n:02}" for n in range(len(children))]
    pairs = list(zip(ids, children, strict=True))
    rows: dict[str, list[Row]] = {
        "children": [{"child_id": id_} | one.child for id_, one in pairs],
        "episodes": [{"child_id": id_} | row for id_, one in pairs for row in one.episodes],
        "visits": [{"child_id": id_} | row for id_, one in pairs for row in one.visits],
        "requests": [{"child_id": id_} | row for id_, one in pairs for row in one.requests],
        "workers": [dict(row) for row in TEAM],
        "absences": [{"worker_id": "W1", "kind": "planned"} | AWAY],
        "risks": [{"household_id": "H", "risk": "dog", "recorded_on": today - timedelta(days=40)}],
    }
    for place, row in enumerate(rows["visits"]):
        row["visit_id"] = f"V{place:03}"
    return rows


def read(rows: dict[str, list[Row]], today: date = TODAY) -> Caseload:
    entry = {"case": "x", "clauses": [], "packs": [], "today": today, "reckoning": "", "expect": []}
    blanks = {name: [{k: v for k, v in row.items() if v is not None} for row in rows[name]] for name in rows}
    return cases.read(yaml.dump([{**entry, **blanks}], Dumper=yaml.CSafeDumper), "here.yaml")[0].caseload


def build(children: Sequence[Known], today: date = TODAY) -> Caseload:
    return read(tables(children, today), today)


def owed(caseload: Caseload, packs: Sequence[Pack], today: date = TODAY) -> list[dict[str, Any]]:
    return judge(caseload, packs, today).due.to_dicts()


def earliest(rows: Sequence[dict[str, Any]], kinds: Sequence[str] = SEEING) -> dict[str, date]:
    """Each child's earliest date of these kinds."""
    found: dict[str, date] = {}
    for row in rows:
        if row["kind"] in kinds:
            found[row["child_id"]] = min(row["due"], found.get(row["child_id"], row["due"]))
    return found


def by_clause(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str | None, str], date]:
    """The earliest date of each clause of each child and setting."""
    found: dict[tuple[str, str | None, str], date] = {}
    for row in rows:
        for part in row["clauses"] if row["kind"] in SEEING else ():
            key = (row["child_id"], row["setting"], part["id"])
            found[key] = min(part["due"], found.get(key, part["due"]))
    return found


def packs_of(name: str) -> tuple[Pack, ...]:
    return tuple(PACKS[one] for one in SETS[name])
