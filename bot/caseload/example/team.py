"""The people of the example: who works when, who manages whom, who is away."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bot.caseload.example import words
from bot.caseload.example.calendar import on_to_work

Row = dict[str, str]
DOMAIN = "northdale.example"
_DAYS = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with an allocation of children."""

    worker_id: str
    manager_id: str
    buddy_id: str
    days: frozenset[int]
    role: str
    sick_since: date | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody, by what they do."""

    rows: tuple[Row, ...]
    social_workers: tuple[Worker, ...]
    practitioners: tuple[Worker, ...]
    advisers: tuple[Worker, ...]
    iro_emails: tuple[str, ...]
    director_id: str

    @property
    def visiting(self) -> tuple[Worker, ...]:
        """Everybody who visits."""
        return (*self.social_workers, *self.practitioners, *self.advisers)


def make_team(rng: Random, workers: int, children: int, today: date) -> Team:
    """Eight workers have two managers; the rest grows with them."""
    workers = max(workers, 3)
    managers = max(2, workers // 5)
    apart = max(1, workers // 8)  # early help practitioners, and as many personal advisers
    heads = max(1, managers // 8)
    iros = max(1, children // 60)
    width = max(2, len(str(workers)))
    names = _names(rng)
    rows: list[Row] = []

    def hire(prefix: str, number: int, role: str, **more: str) -> str:
        first, last = next(names)
        local = unicodedata.normalize("NFD", f"{first}.{last}").encode("ascii", "ignore").decode().lower()
        row = {
            "worker_id": f"{prefix}{number:0{width}d}",
            "name": f"{first} {last}",
            "email": f"{local}@{DOMAIN}",
            "phone": f"01632 960{rng.randrange(1_000):03d}",
            "role": role,
            **more,
        }
        rows.append(row)
        return row["worker_id"]

    director = hire("D", 1, "assistant_director", team="Children's Services")
    service = [
        hire("S", i + 1, "service_manager", team="Children's Services", manager_id=director)
        for i in range(heads)
    ]
    leads = [
        hire("M", i + 1, "manager", team=_team_name(i), manager_id=service[i % heads])
        for i in range(managers)
    ]
    for i in range(iros):
        hire("R", i + 1, "iro", team="Reviewing", manager_id=director)
    visiting: list[Worker] = []
    for i in range(workers):
        role = _role(i, workers, apart)
        lead = i % managers
        days, duty = _pattern(rng, i)
        # Within a team people stand in for one another in a ring; now and then nobody is named.
        buddy = f"W{(i + managers) % workers + 1:0{width}d}" if i % 7 != 6 else ""
        started = today - timedelta(days=rng.randrange(8, 30) if i % 11 == 4 else rng.randrange(200, 3000))
        own = hire(
            "W",
            i + 1,
            role,
            team=_team_name(lead),
            manager_id=leads[lead],
            buddy_id=buddy,
            works=" ".join(_DAYS[d] for d in sorted(days)) if i % 4 else "",
            duty=duty if i % 4 else "",
            started=str(started),
            agency="yes" if i % 11 == 4 else "no",
        )
        worked = days if i % 4 else frozenset(range(5))
        sick = min(on_to_work(today - timedelta(days=4)), today) if i % 8 == 3 else None
        visiting.append(Worker(own, leads[lead], buddy, worked, role, sick))
    by_role = {
        role: tuple(worker for worker in visiting if worker.role == role)
        for role in ("social_worker", "early_help_practitioner", "personal_adviser")
    }
    return Team(
        tuple(rows),
        by_role["social_worker"],
        by_role["early_help_practitioner"],
        by_role["personal_adviser"],
        tuple(row["email"] for row in rows if row["role"] == "iro"),
        director,
    )


def absences(rng: Random, team: Team, today: date) -> Iterator[Row]:
    """Leave with a buddy and without, sickness without an end, and leave long over."""
    for i, worker in enumerate(team.visiting):
        if i % 8 == 1:
            start = on_to_work(today + timedelta(days=4))
            end = start + timedelta(days=9)
            told = str(today - timedelta(days=12))
            yield _absence(worker, start, end, "planned", buddy_id=worker.buddy_id, manager_told_on=told)
        elif worker.sick_since:
            yield _absence(worker, worker.sick_since, None, "unplanned")
        elif i % 8 == 6:
            start = on_to_work(today + timedelta(days=7))
            yield _absence(worker, start, start + timedelta(days=4), "planned")
        if i % 3 == 0:
            start = on_to_work(today - timedelta(days=rng.randrange(60, 200)))
            yield _absence(worker, start, start + timedelta(days=4), "planned", buddy_id=worker.buddy_id)


def _absence(worker: Worker, start: date, end: date | None, kind: str, **more: str) -> Row:
    return {
        "worker_id": worker.worker_id,
        "start": str(start),
        "end": str(end or ""),
        "kind": kind,
        **more,
    }


def _role(index: int, workers: int, apart: int) -> str:
    if index >= workers - apart:
        return "personal_adviser"
    return "early_help_practitioner" if index >= workers - 2 * apart else "social_worker"


def _pattern(rng: Random, index: int) -> tuple[frozenset[int], str]:
    """Most work all week; some part of it. Duty is a day on which they are at work."""
    if index % 4 == 2:
        days = rng.choice((frozenset({0, 1, 2}), frozenset({1, 2, 3, 4}), frozenset({0, 2, 4})))
    else:
        days = frozenset(range(5))
    return days, _DAYS[sorted(days)[index % len(days)]]


def _team_name(index: int) -> str:
    name = words.TEAMS[index % len(words.TEAMS)]
    return name if index < len(words.TEAMS) else f"{name} {index // len(words.TEAMS) + 1}"


def _names(rng: Random) -> Iterator[tuple[str, str]]:
    """Every first name with every surname in a shuffled order; thereafter numbered."""
    pairs = [(first, last) for first in words.FIRST_NAMES for last in words.SURNAMES]
    rng.shuffle(pairs)
    round_number = 1
    while True:
        for first, last in pairs:
            yield first, last if round_number == 1 else f"{last}-{round_number}"
        round_number += 1
