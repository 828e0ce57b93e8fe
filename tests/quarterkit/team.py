"""The invented team: what happens on each day, and the files as the case system exports them that morning.

Children are seen or not seen, visits put off, records left for later; workers go on leave, fall ill and come
back; a buddy changes, a child changes worker, a danger is recorded at an address, newcomers start.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

DOMAIN = "northdale.example"
FIRST = date(2026, 6, 1)  # a Monday
DAY = timedelta(days=1)
WORKERS = ("W1", "W2", "W3", "W4", "W5", "W6")
MANAGERS = {"W1": "M1", "W2": "M1", "W3": "M1", "W4": "M2", "W5": "M2", "W6": "M2", "W7": ""}
HOMES = {"C01": "H1", "C02": "H1", "C03": "H1", "C04": "H2", "C05": "H2", "C10": "H3"}
IN_NEED = ("C09", "C12")
RESTRICTED = ("C06", "C05")
IRO = {"C07": "", "C08": "iro@elsewhere.example", "C01": f"iro.two@{DOMAIN}", "C02": f"iro.two@{DOMAIN}"}
FILES = {
    "workers": "worker_id name email role manager_id buddy_id works started agency",
    "children": "child_id date_of_birth household_id living_at_home iro_email restricted",
    "episodes": "child_id kind start worker_id worker_since",
    "visits": "visit_id child_id at status seen seen_alone awake at_home announced reason access_problem "
    "finalised_at worker_id planned_for notified_on",
    "absences": "worker_id start end kind buddy_id",
    "risks": "household_id risk to recorded_on ends",
    "approvals": "child_id clause asked_on recorded_on by",
}
Row = dict[str, str]


@dataclass
class Team:
    """The state of everything on ``today``; ``rows`` are the files' rows."""

    rng: Random
    today: date = FIRST
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in FILES})
    to_finalise: dict[str, date] = field(default_factory=dict)  # visit → the day its record is finished
    entered: list[tuple[date, Row]] = field(default_factory=list)  # absences that are entered on a day
    ended: list[tuple[date, Row, str]] = field(default_factory=list)  # … whose end is entered on a day

    @classmethod
    def of(cls, seed: int) -> Team:
        team = cls(Random(seed))
        team._people()
        team._children()
        team._absences()
        return team

    def next_day(self) -> None:
        """What happened yesterday and is in this morning's export."""
        self.today += DAY
        if self.today == FIRST + 15 * DAY:
            self._worker("W6", started=self.today.isoformat(), buddy_id="W5")
        if self.today == FIRST + 37 * DAY:
            self._worker("W7", agency="yes")
        for when, row in self.entered:
            if when == self.today:
                self.rows["absences"].append(row)
                if row["kind"] == "unplanned":
                    self._expected(row["worker_id"])
        for when, row, end in self.ended:
            if when == self.today:
                row["end"] = end
        for child in self.rows["children"]:
            self._child_day(child["child_id"])
        for row in self.rows["visits"]:
            if self.to_finalise.get(row["visit_id"]) == self.today:
                row["finalised_at"] = self.today.isoformat()
        self._around()

    def write(self, folder: Path) -> None:
        """The caseload as a folder of CSV files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, columns in FILES.items():
            header = columns.split()
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                put = csv.writer(file, lineterminator="\n").writerow
                put(header)
                for row in self.rows[name]:
                    put([row.get(column, "") for column in header])

    # the first morning

    def _worker(self, who: str, role: str = "social_worker", **more: str) -> None:
        row = {"worker_id": who, "name": f"Name {who}", "email": f"{who.lower()}@{DOMAIN}", "role": role}
        self.rows["workers"].append(row | {"manager_id": MANAGERS.get(who, "")} | more)

    def _people(self) -> None:
        self._worker("S1", "service_manager")
        self._worker("M1", "manager", manager_id="S1")
        self._worker("M2", "manager", manager_id="S1")
        self._worker("R1", "iro")
        self._worker("W1", buddy_id="W2")
        self._worker("W2", buddy_id="W1", works="mon tue wed thu")
        self._worker("W3")
        self._worker("W4", buddy_id="W5", started=(FIRST - 60 * DAY).isoformat())
        self._worker("W5", buddy_id="W1", started=(FIRST - 9 * DAY).isoformat())

    def _children(self) -> None:
        for number in range(1, 13):
            child = f"C{number:02d}"
            years = self.rng.choice((1, 2, 5, 9, 14))
            worker = WORKERS[number % 5]
            start = FIRST - self.rng.randrange(3, 50) * DAY
            self.rows["children"].append(
                {
                    "child_id": child,
                    "date_of_birth": (FIRST - years * 365 * DAY).isoformat(),
                    "household_id": HOMES.get(child, ""),
                    "living_at_home": "yes",
                    "iro_email": IRO.get(child, f"r1@{DOMAIN}"),
                    "restricted": "yes" if child in RESTRICTED else "",
                }
            )
            kind = "child_in_need" if child in IN_NEED else "child_protection"
            self.rows["episodes"].append(
                {
                    "child_id": child,
                    "kind": kind,
                    "start": start.isoformat(),
                    "worker_id": worker,
                    "worker_since": start.isoformat(),
                }
            )
            for days in range((FIRST - start).days - 1, 0, -8):
                self._completed(child, worker, FIRST - days * DAY)

    def _absences(self) -> None:
        rng = self.rng
        for who in WORKERS[:5]:
            start = FIRST + rng.randrange(6, 70) * DAY
            end = start + rng.randrange(2, 14) * DAY
            row = {"worker_id": who, "start": start.isoformat(), "end": end.isoformat(), "kind": "planned"}
            row["buddy_id"] = rng.choice(("", "W3", "W4"))
            if row["buddy_id"] == who:
                row["buddy_id"] = ""
            self.entered.append((start - rng.choice((20, 9, 3, -1)) * DAY, row))
        for who in ("W1", "W3", "W4", "W2"):
            start = FIRST + rng.randrange(3, 80) * DAY
            end = start + rng.randrange(0, 9) * DAY
            row = {"worker_id": who, "start": start.isoformat(), "end": "", "kind": "unplanned"}
            self.entered.append((start + rng.choice((0, 0, 1)) * DAY, row))
            self.ended.append((end + rng.choice((0, 1, 2, 3)) * DAY, row, end.isoformat()))

    # every day

    def _child_day(self, child: str) -> None:
        rng, yesterday = self.rng, self.today - DAY
        plan = next(row for row in self.rows["episodes"] if row["child_id"] == child)
        rows = [row for row in self.rows["visits"] if row["child_id"] == child]
        for row in rows:
            if row["status"] == "scheduled" and row["at"] == yesterday.isoformat() and rng.random() < 0.7:
                self._outcome(row, plan["worker_id"])
                return
        last = max((row["at"] for row in rows), default=plan["start"])
        since = (self.today - date.fromisoformat(last)).days
        if yesterday.weekday() >= 5 or since < 3:
            return
        if rng.random() < (0.05 if since < 6 else 0.28):
            visit = self._visit(child, yesterday, plan["worker_id"])
            self._outcome(visit, plan["worker_id"])
        elif rng.random() < 0.05:
            ahead = self._visit(child, self.today + rng.randrange(0, 8) * DAY, plan["worker_id"])
            ahead["status"] = "scheduled"

    def _expected(self, worker: str) -> None:
        """A family of whoever falls ill waits for a visit today: the one that was seen last."""
        mine = {row["child_id"] for row in self.rows["episodes"] if row["worker_id"] == worker}
        seen = [
            row for row in self.rows["visits"] if row["child_id"] in mine and row["status"] == "completed"
        ]
        if seen:
            latest = max(seen, key=lambda row: (row["at"], row["child_id"]))
            self._visit(latest["child_id"], self.today, worker)["status"] = "scheduled"

    def _outcome(self, row: Row, worker: str) -> None:
        rng = self.rng
        by = worker
        if self._is_away(worker, row["at"]) or rng.random() < 0.2:
            by = rng.choice(WORKERS[:5])
        row["worker_id"] = by
        dice = rng.random()
        if dice < 0.68:
            self._complete(row)
        else:
            row["status"] = "failed" if dice < 0.8 else "postponed" if dice < 0.92 else "cancelled"
            row["reason"] = "nobody there"
            row["access_problem"] = "yes" if row["status"] == "failed" and rng.random() < 0.5 else ""
            if row["status"] != "failed" and rng.random() < 0.6:
                row["planned_for"] = (date.fromisoformat(row["at"]) + rng.randrange(1, 12) * DAY).isoformat()

    def _visit(self, child: str, day: date, by: str) -> Row:
        number = len(self.rows["visits"])
        row = {"visit_id": f"V{number}", "child_id": child, "at": day.isoformat(), "worker_id": by}
        self.rows["visits"].append(row)
        return row

    def _completed(self, child: str, by: str, day: date) -> None:
        row = self._visit(child, day, by)
        self._complete(row)
        row["finalised_at"] = day.isoformat()

    def _complete(self, row: Row) -> None:
        rng = self.rng
        row |= {"status": "completed", "seen": "yes" if rng.random() < 0.95 else "no", "awake": "yes"}
        row |= {"seen_alone": "no" if rng.random() < 0.2 else "yes", "announced": "no"}
        row["at_home"] = "yes" if rng.random() < 0.9 else "no"
        day = date.fromisoformat(row["at"])
        self.to_finalise[row["visit_id"]] = max(day, self.today) + rng.choice((0, 1, 1, 2, 6)) * DAY
        if self.to_finalise[row["visit_id"]] == self.today:
            row["finalised_at"] = self.today.isoformat()

    def _is_away(self, who: str, day: str) -> bool:
        return any(
            row["worker_id"] == who and row["start"] <= day and (not row["end"] or day <= row["end"])
            for row in self.rows["absences"]
        )

    def _around(self) -> None:
        rng, today = self.rng, self.today.isoformat()
        if rng.random() < 0.06:
            home = rng.choice(("H1", "H2", "H3"))
            to = rng.choice(("workers", "", "child"))
            risk = {"household_id": home, "risk": f"dog {len(self.rows['risks'])}", "to": to}
            self.rows["risks"].append(risk | {"recorded_on": today, "ends": ""})
        for row in self.rows["risks"]:
            if not row["ends"] and rng.random() < 0.05:
                row["ends"] = today
        for plan in self.rows["episodes"]:
            if rng.random() < 0.01:
                there = [row["worker_id"] for row in self.rows["workers"] if row["worker_id"][0] == "W"]
                plan |= {"worker_id": rng.choice(there), "worker_since": today}
            if rng.random() < 0.03:
                row = {"child_id": plan["child_id"], "clause": "C.8e", "asked_on": today}
                self.rows["approvals"].append(row | {"recorded_on": today if rng.random() < 0.7 else ""})
        for row in self.rows["absences"]:
            if row["kind"] == "planned" and rng.random() < 0.02:
                row["buddy_id"] = "W3" if row["worker_id"] != "W3" else "W4"
