"""Packs of the repository, and small caseloads written as a case would be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.caseload.model import Caseload
from bot.policy import cases
from bot.policy.pack import Pack, read_pack

RULES = Path(__file__).parents[3] / "rules"


@pytest.fixture(scope="session")
def pack() -> Callable[[str], Pack]:
    """A pack of rules/ by name."""
    read: dict[str, Pack] = {}

    def one(name: str) -> Pack:
        if name not in read:
            read[name] = read_pack(f"{name}.yaml", (RULES / f"{name}.yaml").read_text(encoding="utf-8"))
        return read[name]

    return one


@pytest.fixture(scope="session")
def caseload() -> Callable[..., Caseload]:
    """A caseload from rows, typed as a case's are."""

    def one(**rows: list[dict[str, Any]]) -> Caseload:
        entry = {
            "case": "x",
            "clauses": [],
            "packs": [],
            "today": date(2026, 11, 30),
            "reckoning": "",
            "expect": [],
        }
        text = yaml.safe_dump([{**entry, **rows}])
        return cases.read(text, "here.yaml")[0].caseload

    return one
