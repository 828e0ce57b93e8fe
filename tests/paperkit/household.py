"""A small caseload, judged, and the papers of one of its children."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.caseload.model import Caseload
from bot.digest.gathering import gather
from bot.digest.papers.agreement import Agreement
from bot.digest.papers.family_diary import FamilyDiary, Kept, diary_of
from bot.digest.papers.sheet import Sheet, prepare
from bot.digest.papers.supervision import Supervision, supervision
from bot.policy import cases
from bot.policy.due import judge, visits
from bot.policy.pack import Pack, read_pack
from bot.rendering.papers import making

RULES = Path(__file__).parents[2] / "rules"
TODAY = date(2026, 11, 23)  # a Monday
ALL = ("short-guide", "visiting-policy", "cp-statutory-visits", "measures-of-practice", "ddscp-home-visits")
WORKERS = [
    {
        "worker_id": "W1",
        "name": "Amira Khan",
        "email": "amira.khan@council.example",
        "phone": "01632 960101",
        "role": "social_worker",
        "manager_id": "M1",
        "buddy_id": "W2",
    },
    {"worker_id": "W2", "name": "Sam Okoro", "role": "social_worker", "manager_id": "M1"},
    {"worker_id": "M1", "name": "Grace Adeyemi", "phone": "01632 960102", "role": "manager"},
]


@functools.cache
def pack(name: str) -> Pack:
    return read_pack(f"{name}.yaml", (RULES / f"{name}.yaml").read_text(encoding="utf-8"))


def caseload(today: date = TODAY, **rows: Any) -> Caseload:
    """Rows typed as a case's are; one child of one household where nothing else is said."""
    entry = {"case": "x", "clauses": [], "packs": [], "today": today, "reckoning": "", "expect": []}
    given = {
        "children": [
            {"child_id": "C1", "initials": "JS", "date_of_birth": date(2019, 6, 1), "household_id": "H1"}
        ],
        "episodes": [{"kind": "child_protection", "start": date(2026, 8, 3), "worker_id": "W1"}],
        "workers": WORKERS,
    }
    return cases.read(yaml.safe_dump([{**entry, **given, **rows}]), "here.yaml")[0].caseload


def seen(day: date, **more: Any) -> dict[str, Any]:
    """A visit made, everything ticked."""
    ticks = dict.fromkeys(("seen", "seen_alone", "awake", "observed", "at_home", "bedroom_seen"), True)
    made = {"at": day, "status": "completed", "finalised_at": day, "worker_id": "W1", "announced": True}
    return {**made, **ticks, **more}


def coming(day: date, **more: Any) -> dict[str, Any]:
    """A visit arranged with the family."""
    return {"at": day, "status": "scheduled", "announced": True, "worker_id": "W1", **more}


@dataclass(frozen=True)
class Papers:
    """Everything that is made of one child."""

    sheet: Sheet | None
    diary: FamilyDiary
    kept: Kept

    @property
    def agreement(self) -> Agreement:
        return self.diary.agreement

    @property
    def for_family(self) -> str:
        """Both pages that the family gets."""
        return making.agreement(self.agreement) + making.family_diary(self.diary)


def papers(known: Caseload, *names: str, child: str = "C1", today: date = TODAY) -> Papers:
    packs = [pack(name) for name in names or ALL]
    judgement = judge(known, packs, today)
    owed = visits(judgement)
    sheet = prepare(child, owed, judgement, known, packs, names="initials_and_number")
    made = diary_of(child, owed, judgement, known, packs, names="initials_and_number")
    assert made is not None
    return Papers(sheet, *made)


def supervision_of(known: Caseload, *names: str, worker: str = "W1", today: date = TODAY) -> Supervision:
    """The supervision sheet of one worker."""
    packs = [pack(name) for name in names or ALL]
    judgement = judge(known, packs, today)
    of_all = gather(visits(judgement), judgement, known, today, "initials_and_number")
    return supervision(of_all, worker, [one.title for one in packs])


def sheet_page(*names: str, **rows: Any) -> str:
    """The preparation sheet's page of a caseload of these rows."""
    sheet = papers(caseload(**rows), *names).sheet
    assert sheet is not None
    return making.preparation_sheet(sheet)
