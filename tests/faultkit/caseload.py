"""Twelve children and three workers, small enough that every trouble can have them to itself.

Between the first day and the second something of every kind happens: visits are recorded, a plan ends, a
frequency is agreed. So a run of the second day creates, changes, takes the colour out and removes.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ANN, BEA, CY = (f"{name}@northdale.example" for name in ("ann.arkley", "bea.birch", "cy.croft"))
MANAGER, SENDER = "mia.moss@northdale.example", "visit-bot@northdale.example"
NAMES = {ANN: "Ann Arkley", BEA: "Bea Birch", CY: "Cy Croft", MANAGER: "Mia Moss"}
BOXES = {"W1": ANN, "W2": BEA, "W3": CY}
FIRST, SECOND = date(2026, 11, 23), date(2026, 11, 25)  # a Monday, and its Wednesday
HELD = {"W1": 7, "W2": 3, "W3": 2}
INITIALS = "QXZVJK"


@dataclass(frozen=True, slots=True)
class Child:
    """One child in need, and the visits that were recorded."""

    number: int
    worker: str
    visits: tuple[date, ...]
    ended: date | None = None
    agreed: str = ""

    @property
    def id(self) -> str:
        return f"K{self.number}"

    @property
    def initials(self) -> str:
        return f"{INITIALS[self.number % 6]}.{INITIALS[self.number // 6 % 6]}."

    @property
    def born(self) -> date:
        return date(2015, 1, 1) + timedelta(days=37 * (self.number % 60))


@dataclass(frozen=True, slots=True)
class Caseload:
    """What a council knows on one day."""

    children: tuple[Child, ...]
    day: date
    boxes: Mapping[str, str] = field(default_factory=lambda: dict(BOXES))

    def write(self, folder: Path, *, at: time = time(5)) -> None:
        """Write the files, as an export at that hour of the day did."""
        folder.mkdir(exist_ok=True)
        for name, rows in self._tables().items():
            _write(folder / f"{name}.csv", rows)
            moment = datetime.combine(self.day, at, ZoneInfo("Europe/London")).timestamp()
            os.utime(folder / f"{name}.csv", (moment, moment))

    def without(self, *numbers: int) -> Caseload:
        """The same with some children missing."""
        return replace(self, children=tuple(one for one in self.children if one.number not in numbers))

    def with_child(self, number: int, **changes: object) -> Caseload:
        """The same with one child's record changed."""
        return replace(
            self,
            children=tuple(
                replace(one, **changes) if one.number == number else one  # type: ignore[arg-type]
                for one in self.children
            ),
        )

    def on(self, day: date) -> Caseload:
        """The same, exported on another day."""
        return replace(self, day=day)

    def _tables(self) -> dict[str, Iterable[dict[str, object]]]:
        return {
            "children": [
                {
                    "child_id": one.id,
                    "initials": one.initials,
                    "date_of_birth": one.born,
                    "living_at_home": "yes",
                }
                for one in self.children
            ],
            "episodes": [
                {
                    "child_id": one.id,
                    "kind": "child_in_need",
                    "start": date(2025, 6, 1),
                    "end": one.ended,
                    "worker_id": one.worker,
                    "agreed_every": one.agreed,
                    "agreed_from": one.visits[-1] if one.agreed else None,
                    "agreed_reason": "core_group" if one.agreed else None,
                }
                for one in self.children
            ],
            "visits": [
                {
                    "visit_id": f"{one.id}V{number}",
                    "child_id": one.id,
                    "at": datetime.combine(day, time(11)),
                    "status": "completed",
                    "kind": "visit",
                    "channel": "in_person",
                    **dict.fromkeys(("seen", "seen_alone", "awake", "observed", "at_home"), "yes"),
                    "announced": "no",
                    "finalised_at": datetime.combine(day, time(15)),
                    "worker_id": one.worker,
                }
                for one in self.children
                for number, day in enumerate(one.visits)
            ],
            "workers": [
                {
                    "worker_id": worker,
                    "name": NAMES.get(address, "Someone"),
                    "email": address,
                    "phone": "01632 960100",
                    "role": "social_worker" if worker != "M1" else "manager",
                    "team": "North",
                    "manager_id": "M1" if worker != "M1" else None,
                    "works": "mon tue wed thu fri",
                }
                for worker, address in {**self.boxes, "M1": MANAGER}.items()
            ],
        }


def first_day(held: Mapping[str, int] | None = None, *, today: date = FIRST) -> Caseload:
    """Every child was seen within the last three weeks, each on another day."""
    children = []
    for worker, count in (held or HELD).items():
        for _ in range(count):
            number = 7001 + len(children)
            seen = today - timedelta(days=19 - len(children) % 14)
            children.append(Child(number, worker, (seen,)))
    return Caseload(tuple(children), today)


def second_day() -> Caseload:
    """Two days on: in each diary a visit was recorded, one of Ann's plans ended and one quickens."""
    known = first_day().on(SECOND)
    for number in (7001, 7008, 7011):
        seen = next(one.visits for one in known.children if one.number == number)
        known = known.with_child(number, visits=(*seen, SECOND - timedelta(days=1)))
    known = known.with_child(7002, ended=SECOND - timedelta(days=1))
    return known.with_child(7007, agreed="14 working days")


def _write(path: Path, rows: Iterable[dict[str, object]]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([{name: _said(value) for name, value in row.items()} for row in rows])


def _said(value: object) -> object:
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value
