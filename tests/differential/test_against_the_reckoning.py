"""The engine and an independent plain-Python reckoning, written from the policies alone, owe the same visits.

The two share no code: one is expressions over frames compiled from the packs, the other loops over a child's
rows. Where they part, the policies' own words decide which is wrong. ``VISIT_BOT_POOLS=75`` looks at 1,500
caseloads for each set of packs.
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
from reckoning import reckon

from bot.cli.judging import due_objects
from bot.run.snapshot import load_packs, take
from bot.settings import HOME

A, B, C, D = "short-guide", "visiting-policy", "cp-statutory-visits", "measures-of-practice"
E, F = "ddscp-home-visits", "england-statutory"
POOLED = 20  # caseloads judged as one, since a judgement costs much the same for many children
POOLS = int(os.environ.get("VISIT_BOT_POOLS", "2"))
DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(800)]


def differences(folder: Path, packs: tuple[str, ...], today: date) -> list[str]:
    ours = due_objects(take(folder, load_packs(packs, HOME / "rules"), today).judgement.due)
    theirs = reckon.due(folder, list(packs), today)
    if ours == theirs:
        return []
    key = lambda one: (one["child_id"], one["kind"], one["worker_id"], one["setting"])  # noqa: E731
    mine, other = {key(one): one for one in ours}, {key(one): one for one in theirs}
    found = [f"only the engine: {mine[k]}" for k in mine.keys() - other.keys()]
    found += [f"only the reckoning: {other[k]}" for k in other.keys() - mine.keys()]
    for k in mine.keys() & other.keys():
        differ = {
            name: (mine[k][name], other[k][name]) for name in mine[k] if mine[k][name] != other[k][name]
        }
        if differ:
            found.append(f"{k}: (engine, reckoning) {differ}")
    return found or ["the order differs"]


ALONE = ((A,), (B,), (C,), (D,), (E,), (F,))
TOGETHER = ((A, B, C, D), (D, F), (A, B, C, D, E, F))
LETTERS = {name: letter for letter, name in zip("ABCDEF", (A, B, C, D, E, F), strict=True)}


@pytest.mark.parametrize("packs", [*ALONE, *TOGETHER], ids=lambda packs: "".join(map(LETTERS.get, packs)))
@given(first=st.integers(0, 10**7), today=st.sampled_from(DAYS))
@settings(max_examples=POOLS, deadline=None, phases=[Phase.generate])  # a smaller seed is no smaller caseload
def test_both_owe_the_same(packs: tuple[str, ...], first: int, today: date) -> None:
    """A child's id tells its caseload's seed, so that a difference can be looked at alone."""
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where) / "caseload"
        invent(folder, range(first, first + POOLED), today, children=15)
        assert differences(folder, packs, today) == []
