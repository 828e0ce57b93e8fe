"""Small, dense caseloads invented at random: every column in use, dates close enough to interfere.

Plain Python from a seed, so that a history that tells two implementations apart can be kept by its number.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from differential.words import COMMON, FIELDS, KINDS, REASONS, STAGED


class Inventor:
    """Dice, and a day around which everything happens."""

    def __init__(self, seed: int, today: date) -> None:
        self.dice = random.Random(seed)
        self.today = today

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def near(self, back: int, ahead: int = 0) -> date:
        return self.today + timedelta(days=self.dice.randint(-back, ahead))

    def maybe(self, share: float, back: int, ahead: int = 0) -> str:
        return self.near(back, ahead).isoformat() if self.chance(share) else ""

    def yes_no(self, yes: float, blank: float = 0.1) -> str:
        roll = self.dice.random()
        return "" if roll < blank else ("yes" if roll < blank + yes else "no")

    def moment(self, day: date, timed: float = 0.5) -> str:
        if not self.chance(timed):
            return day.isoformat()
        return f"{day}T{self.dice.randint(0, 23):02}:{self.dice.choice((0, 15, 30, 59)):02}"


def invent(folder: Path, seeds: Iterable[int], today: date, *, children: int = 6) -> None:
    """Write the caseloads of these seeds into one folder, each with its own ids: s12C3 is C3 of seed 12."""
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in FIELDS}
    for seed in seeds:
        for name, some in _caseload(seed, today, children).items():
            rows[name] += [{key: _of(seed, key, value) for key, value in row.items()} for row in some]
    folder.mkdir(exist_ok=True)
    for name, fields in FIELDS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields.split(), restval="")
            writer.writeheader()
            writer.writerows(rows[name])


def _of(seed: int, key: str, value: str) -> str:
    return f"s{seed}{value}" if value and (key.endswith("_id") or key == "email") else value


def _caseload(seed: int, today: date, children: int) -> dict[str, list[dict[str, str]]]:
    inventor = Inventor(seed, today)
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in FIELDS}
    rows["workers"] = _workers(inventor)
    rows["absences"] = _absences(inventor)
    rows["risks"] = _risks(inventor)
    for number in range(1, children + 1):
        _child(
            inventor,
            f"C{number}",
            rows,
            inventor.dice.choices((COMMON, STAGED, KINDS), (35, 25, 40))[0],
        )
    return rows


def _workers(inventor: Inventor) -> list[dict[str, str]]:
    works = ["", "mon tue wed thu fri", "mon wed", "tue wed thu", "thu fri"]
    made = [
        {
            "worker_id": f"W{n}",
            "email": f"w{n}@council.example",
            "role": "social_worker",
            "manager_id": "M1",
            "buddy_id": f"W{n % 4 + 1}" if inventor.chance(0.5) else "",
            "works": inventor.dice.choice(works),
        }
        for n in range(1, 5)
    ]
    return [*made, {"worker_id": "M1", "email": "m1@council.example", "role": "manager"}]


def _absences(inventor: Inventor) -> list[dict[str, str]]:
    made = []
    for n in range(1, 5):
        for _ in range(inventor.dice.choice((0, 0, 1, 1, 2))):
            kind = inventor.dice.choice(("planned", "unplanned"))
            start = inventor.near(14, 15)
            end = start + timedelta(days=inventor.dice.randint(0, 16))
            made.append(
                {
                    "worker_id": f"W{n}",
                    "start": start.isoformat(),
                    "end": "" if kind == "unplanned" and inventor.chance(0.4) else end.isoformat(),
                    "kind": kind,
                    "buddy_id": f"W{(n + inventor.dice.randint(0, 1)) % 4 + 1}"
                    if inventor.chance(0.4)
                    else "",
                    "manager_told_on": inventor.maybe(0.4, 8),
                }
            )
    return made


def _risks(inventor: Inventor) -> list[dict[str, str]]:
    return [
        {
            "household_id": f"H{inventor.dice.randint(1, 5)}",
            "risk": inventor.dice.choice(("dog", "threats made")),
            "to": inventor.dice.choice(("workers", "workers", "", "child")),
            "recorded_on": inventor.near(60, 2).isoformat(),
            "ends": inventor.maybe(0.5, 10, 10) if inventor.chance(0.8) else inventor.today.isoformat(),
            "joint_visit": inventor.yes_no(0.4),
        }
        for _ in range(inventor.dice.choice((0, 1, 2, 3)))
    ]


def _child(inventor: Inventor, child: str, rows: dict[str, list[dict[str, str]]], kinds: list[str]) -> None:
    dice = inventor.dice
    age = dice.choice((0, 1, 2, 3, 4, 5, 9, 15, 17, 18, 19, 20, 22, 25))
    born = inventor.today - timedelta(days=int(age * 365.25) + dice.randint(-40, 330))
    rows["children"].append(
        {
            "child_id": child,
            "date_of_birth": "" if inventor.chance(0.07) else born.isoformat(),
            "household_id": dice.choice(("", "H1", "H2", "H3", "H4")),
            "living_at_home": inventor.yes_no(0.6, 0.2),
            "restricted": "yes" if inventor.chance(0.12) else "",
        }
    )
    starts = []
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3))):
        starts.append(_episode(inventor, child, rows, kinds))
    earliest = min(starts)
    for _ in range(dice.choice((0, 1, 2, 3, 5, 8))):
        _visit(inventor, child, rows, earliest)
    if inventor.chance(0.15):
        start = inventor.near(10, 12)
        end = start + timedelta(days=dice.randint(0, 20))
        rows["away"].append(
            {
                "child_id": child,
                "start": start.isoformat(),
                "end": "" if inventor.chance(0.3) else end.isoformat(),
                "contact_details": dice.choice(("", "with the aunt")),
                "abroad": inventor.yes_no(0.5),
            }
        )
    for _ in range(dice.choice((0, 0, 0, 0, 1, 2))):
        asked = inventor.near(12)
        rows["requests"].append(
            {
                "child_id": child,
                "asked_on": asked.isoformat(),
                "by": dice.choice(("child", "parent")),
                "wanted_by": (asked + timedelta(days=dice.randint(0, 9))).isoformat()
                if inventor.chance(0.5)
                else "",
                "refused_on": inventor.maybe(0.15, 5),
            }
        )
    if inventor.chance(0.15):
        rows["approvals"].append(
            {
                "child_id": child,
                "clause": dice.choice(("C.8e", "D.15")),
                "asked_on": inventor.maybe(0.8, 12),
                "recorded_on": inventor.maybe(0.6, 6),
            }
        )


def _episode(inventor: Inventor, child: str, rows: dict[str, list[dict[str, str]]], kinds: list[str]) -> date:
    dice = inventor.dice
    kind = dice.choice(kinds)
    start = inventor.near(dice.choice((5, 40, 120, 500, 900)))
    after = lambda share, span=120: (  # noqa: E731 - a date after the start, or blank
        (start + timedelta(days=dice.randint(0, span))).isoformat() if inventor.chance(share) else ""
    )
    ends = inventor.chance(0.12)
    end = start + timedelta(days=dice.randint(0, 200))
    number, unit = dice.choice(
        (
            (3, "days"),
            (5, "working days"),
            (1, "weeks"),
            (2, "weeks"),
            (9, "weeks"),
            (2, "months"),
            (4, "months"),
        )
    )
    agreed = inventor.chance(0.22)
    rows["episodes"].append(
        {
            "child_id": child,
            "kind": kind,
            "start": inventor.moment(start, 0.35),
            "end": end.isoformat() if ends else "",
            "worker_id": "" if inventor.chance(0.04) else f"W{dice.randint(1, 4)}",
            "worker_since": inventor.maybe(0.3, 60),
            "setting": dice.choice(("", "S1", "S2")),
            "first_review": after(0.4, 60),
            "permanence_agreed_on": after(0.3, 400),
            "lower_frequency_agreed_on": after(0.3, 450),
            "approved_on": after(0.3),
            "final_hearing": after(0.3),
            "agreed_every": f"{number} {unit}" if agreed else "",
            "agreed_from": inventor.near(60, 10).isoformat() if agreed and inventor.chance(0.9) else "",
            "agreed_reason": dice.choice(REASONS) if agreed else "",
            "first_contact": after(0.4, 12),
            "decision_at": inventor.moment(start + timedelta(days=dice.randint(0, 4)))
            if inventor.chance(0.4)
            else "",
            "referrer_told_at": after(0.3, 6),
            "returned_at": inventor.moment(start + timedelta(days=dice.randint(0, 6)))
            if kind == "missing" and inventor.chance(0.7)
            else "",
            "breaks_every": dice.choice(("", "3 weeks", "8 months", "6 months"))
            if kind == "short_breaks"
            else "",
            "assessment_done_on": inventor.maybe(0.4, 60, 30),
            "support_declined_on": after(0.4, 200) if kind == "care_leaver" else "",
            "excluded_reason": "short breaks only" if inventor.chance(0.05) else "",
        }
    )
    return start


def _visit(inventor: Inventor, child: str, rows: dict[str, list[dict[str, str]]], earliest: date) -> None:
    dice = inventor.dice
    status = dice.choices(("completed", "failed", "postponed", "cancelled", "scheduled"), (12, 2, 2, 1, 2))[0]
    span = max(1, (inventor.today - earliest).days + 5)
    day = inventor.today - timedelta(days=min(int(dice.expovariate(1 / 25)), span))
    if status in ("postponed", "cancelled", "scheduled"):
        day = inventor.near(14, 10)
    at = inventor.moment(day)
    finalised = inventor.moment(day + timedelta(days=dice.randint(0, 4)))
    completed = status == "completed"
    rows["visits"].append(
        {
            "visit_id": f"V{len(rows['visits']) + 1}",
            "child_id": child,
            "at": at,
            "status": status,
            "kind": dice.choices(
                ("visit", "", "contact", "return_interview", "core_group"), (14, 3, 2, 2, 1)
            )[0],
            "channel": dice.choices(("", "in_person", "video", "phone"), (8, 6, 1, 1))[0],
            "seen": inventor.yes_no(0.85, 0.04) if completed else inventor.yes_no(0.0, 0.7),
            "seen_alone": inventor.yes_no(0.6, 0.1) if completed else "",
            "awake": inventor.yes_no(0.6),
            "observed": inventor.yes_no(0.6),
            "at_home": inventor.yes_no(0.6),
            "bedroom_seen": inventor.yes_no(0.5),
            "sleeping_arrangements_seen": inventor.yes_no(0.3),
            "announced": inventor.yes_no(0.7, 0.2),
            "brief": inventor.yes_no(0.08, 0.6),
            "reason": dice.choice(("", "illness")) if not completed else "",
            "access_problem": inventor.yes_no(0.15, 0.6),
            "finalised_at": finalised if completed and inventor.chance(0.85) else "",
            "worker_id": "" if inventor.chance(0.05) else f"W{dice.randint(1, 4)}",
            "setting": dice.choice(("", "S1", "S2")),
            "planned_for": inventor.near(6, 12).isoformat()
            if status in ("postponed", "cancelled") and inventor.chance(0.5)
            else "",
            "notified_on": inventor.maybe(0.3, 10),
        }
    )
