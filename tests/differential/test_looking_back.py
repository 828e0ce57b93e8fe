"""What fell due in twelve weeks, and how it went, is what a plain walk through every one of those days finds.

The engine judges before and after each day on which something was done, all of them in one pass; the
reckoning lives through the days one by one, with its own judging. ``VISIT_BOT_POOLS=75`` looks at more.
"""

from __future__ import annotations

import os
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from differential.invented import invent
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from reckoning import looking_back as reckoning

from bot.caseload.plain import read
from bot.policy.looking_back import fell_due
from bot.run.snapshot import load_packs
from bot.settings import HOME

A, B, C, D = "short-guide", "visiting-policy", "cp-statutory-visits", "measures-of-practice"
F = "england-statutory"
SETS = {"A": (A,), "B": (B,), "C": (C,), "D": (D,), "DF": (D, F), "ABCD": (A, B, C, D)}
POOLED = 15
POOLS = int(os.environ.get("VISIT_BOT_POOLS", "1"))
DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(800)]
TOLD = ("child_id", "worker_id", "kind", "setting", "due", "done_on", "outcome", "days_late")


@pytest.mark.parametrize("packs", SETS.values(), ids=SETS)
@given(first=st.integers(0, 10**7), today=st.sampled_from(DAYS))
@settings(max_examples=POOLS, deadline=None, phases=[Phase.generate])
def test_both_find_the_same_to_have_fallen_due(packs: tuple[str, ...], first: int, today: date) -> None:
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where) / "caseload"
        invent(folder, range(first, first + POOLED), today, children=15)
        ours = fell_due(read(folder, today), load_packs(packs, HOME / "rules"), today)
        assert sorted(ours.select(TOLD).rows(), key=str) == reckoning.fell_due(folder, list(packs), today)
