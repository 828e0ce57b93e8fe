"""Each paper of one family, whole, as a person reads it: whoever changes a word sees all that changes.

``GOLDEN=write`` writes the texts anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import pytest
from paperkit.household import caseload, coming, papers, seen, supervision_of
from paperkit.reading import lines

from bot.rendering.papers import making

SUPERVISED = ("cp-statutory-visits", "measures-of-practice", "ddscp-home-visits")
GOLDEN = Path(__file__).with_name("golden")
FAMILY = {
    "children": [
        {"child_id": "C1", "initials": "JS", "date_of_birth": date(2019, 6, 1), "household_id": "H1"},
        {"child_id": "C2", "initials": "KS", "date_of_birth": date(2022, 2, 3), "household_id": "H1"},
    ],
    "episodes": [
        {"child_id": child, "kind": "child_protection", "start": date(2026, 8, 3), "worker_id": "W1"}
        for child in ("C1", "C2")
    ],
    "visits": [
        seen(date(2026, 10, 23), child_id="C1", announced=False, next_plan="ask about sleep"),
        seen(date(2026, 11, 3), child_id="C1", seen_alone=False),
        seen(
            date(2026, 11, 13),
            child_id="C1",
            seen_alone=False,
            bedroom_seen=False,
            next_plan="see the bedroom",
        ),
        seen(date(2026, 11, 13), child_id="C2"),
        coming(date(2026, 11, 19), child_id="C1", status="failed", access_problem=True, reason="nobody in"),
        coming(datetime(2026, 11, 24, 15, 30), child_id="C1", at_home=True),
        coming(date(2026, 12, 1), child_id="C1", announced=False),
        coming(date(2026, 12, 15), child_id="C1"),
    ],
    "risks": [
        {
            "household_id": "H1",
            "risk": "dog loose in the garden",
            "to": "workers",
            "recorded_on": date(2026, 10, 2),
        }
    ],
    "requests": [{"child_id": "C1", "asked_on": date(2026, 11, 20), "by": "child"}],
    "supervisions": [{"child_id": "C1", "worker_id": "W1", "held_on": date(2026, 11, 10)}],
    "away": [{"child_id": "C1", "start": date(2026, 12, 19), "end": date(2026, 12, 27), "abroad": True}],
}


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    made = papers(caseload(**FAMILY), "visiting-policy", "ddscp-home-visits")
    assert made.sheet is not None
    return {
        "supervision": making.supervision_sheet(supervision_of(caseload(**FAMILY), *SUPERVISED)),
        "preparation-sheet": making.preparation_sheet(made.sheet),
        "write-up": making.write_up(made.sheet),
        "visit-agreement": making.agreement(made.agreement),
        "visit-diary": making.family_diary(made.diary),
    }


@pytest.mark.parametrize(
    "name", ["preparation-sheet", "write-up", "supervision", "visit-agreement", "visit-diary"]
)
def test_the_paper_reads_as_it_did(pages: dict[str, str], name: str) -> None:
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(lines(pages[name]), encoding="utf-8")
    assert lines(pages[name]) == file.read_text(encoding="utf-8")
