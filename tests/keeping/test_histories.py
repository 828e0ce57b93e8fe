"""Weeks of diaries with the real code over HTTP, some dozens of times (see keepkit.history)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from keepkit.acts import ACTS
from keepkit.bad_days import FAULTS
from keepkit.bench import Bench
from keepkit.cases import CHANGES
from keepkit.children import Council
from keepkit.history import History
from keepkit.people import Office

CHOSEN = os.environ.get("KEEPING_HISTORIES")  # so many, of other random numbers each time
EXAMPLES = int(CHOSEN or 24)
STEPS = 50
ENOUGH = 100  # chosen histories, of which all must happen that is told of the usual ones
LEAST = dict.fromkeys(("run: well", "run: overtaken", "settled"), 10)
LEAST |= {"person: during a run": 3, "run: stopped": 5, "store: lost": 2, "store: restored": 2}
LEAST |= {"orange: asks for a record": 3, "orange: its visit is recorded": 1}
LEAST |= {"mailbox: is gone": 3, "mailbox: may not be opened": 3, "mailbox: of a worker who left": 1}
LEAST |= {"mailbox: opens again": 3, "settled: with a closed mailbox": 3}
LEAST |= dict.fromkeys(CHANGES, 1)
LEAST |= {f"person: {act}": 2 for act in ACTS}
LEAST |= {f"fault: {one['do']}": 1 for one in FAULTS}


def test_whatever_happens_diaries_are_never_doubled_undone_or_lost(
    bench: Callable[[Council], Bench], office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outlook.reading.PAGE", 4)  # lists of several pages
    History.bench = bench(Council.of(cases=1))
    History.office, History.told = office, Counter()
    histories = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=CHOSEN is None,
        database=None,
        phases=[Phase.generate],  # a failing history is told as it was found; making it short takes minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(History, settings=histories)
    print(dict(sorted(History.told.items())))
    too_rare = {name: History.told[name] for name, times in LEAST.items() if History.told[name] < times}
    assert not too_rare or (CHOSEN and EXAMPLES < ENOUGH), "what hardly ever happened was hardly tested"
