"""Months of one diary, some hundreds of times over (diarykit.history says what may happen in them)."""

from __future__ import annotations

import os

from diarykit.history import ACTS, TOLD, Diary
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

EXAMPLES = int(os.environ.get("DIARY_HISTORIES", "350"))
LEAST = {
    "settled": 100,
    "run: killed": 30,
    "run: list failed": 20,
    "fault lost": 50,
    "fault down": 50,
    "conflict": 3,
}
LEAST |= {"store: lost": 10, "store: restored": 10, "export: refused": 30, "person: during a run": 20}
LEAST |= {f"person: {act}": 10 for act in ACTS}
LEAST |= {
    f"action {do}": 5 for do in ("adopt", "change", "create", "dismiss", "forget", "look", "remove", "untag")
}


def test_whatever_happens_a_diary_is_never_doubled_undone_or_lost():
    histories = settings(
        max_examples=EXAMPLES,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],  # a failing history is told as it was found; making it short takes minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Diary, settings=histories)
    print(dict(sorted(TOLD.items())))
    too_rare = {name: TOLD[name] for name, times in LEAST.items() if TOLD[name] < times}
    assert not too_rare, "what hardly ever happened was hardly tested"
