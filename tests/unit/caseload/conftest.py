"""A small sound caseload as files, which each test spoils in its own way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.caseload import plain
from bot.caseload.model import Caseload

TODAY = date(2026, 11, 23)
SOUND = {
    "children": "child_id,initials,date_of_birth,household_id,living_at_home,iro_email,restricted\n"
    "C1,J.S.,2015-04-03,H1,yes,iro@northdale.example,no\n"
    "C2,A.B.,2019-12-24,H1,yes,,\n",
    "episodes": "child_id,kind,start,end,worker_id,agreed_every,agreed_from,agreed_reason\n"
    "C1,child_protection,2026-09-01T10:00,,W1,5 working days,2026-10-01,worries\n"
    "C2,child_in_need,2026-09-01,,W1,,,\n",
    "visits": "visit_id,child_id,at,status,kind,channel,seen,seen_alone,reason,worker_id,next_plan\n"
    "V1,C1,2026-11-16T14:30,completed,visit,in_person,yes,yes,,W1,\n"
    "V2,C2,2026-11-16,failed,,,no,,family not at home,W1,\n",
    "workers": "worker_id,name,email,role,works,buddy_id\n"
    "W1,Zoë Farrow,zoe.farrow@northdale.example,social_worker,mon tue wed thu fri,W2\n"
    "W2,Owen Lomax,owen.lomax@northdale.example,social_worker,mon tue,\n",
}


@pytest.fixture
def caseload_folder(tmp_path: Path) -> Path:
    """The sound caseload."""
    for name, text in SOUND.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def read_with(caseload_folder: Path) -> Callable[..., Caseload]:
    """Read the sound caseload with these files put in place of, or beside, its own."""

    def read(**files: str | bytes) -> Caseload:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (caseload_folder / f"{name}.csv").write_bytes(data)
        return plain.read(caseload_folder, TODAY)

    return read


@pytest.fixture
def sound() -> dict[str, str]:
    """The text of each file of the sound caseload."""
    return dict(SOUND)
