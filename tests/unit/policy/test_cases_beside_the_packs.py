"""Every case in rules/cases holds, and every clause with a date has one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.policy import cases
from bot.policy.brought import packs_of
from bot.policy.pack import Pack

FILES = sorted((Path(__file__).parents[3] / "rules" / "cases").glob("*.yaml"))
CASES = [case for file in FILES for case in cases.read(file.read_text(encoding="utf-8"), file.name)]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_case_beside_its_pack_holds(case: cases.Case, pack: Callable[[str], Pack]) -> None:
    result = cases.run(case, packs_of(case.packs, case.own, pack))
    assert result.passed, "\n".join(result.differences)


@pytest.mark.parametrize("name", sorted(file.stem for file in FILES[0].parents[1].glob("*.yaml")))
def test_every_clause_that_asks_for_something_has_a_case(name: str, pack: Callable[[str], Pack]) -> None:
    written = {id_ for case in CASES for id_ in case.clauses}
    asked = set()
    for clause in pack(name).clauses:
        stages = {step.id for clock in clause.clocks for step in clock.steps if step.id}
        if not clause.guidance:
            asked |= stages or {clause.id}
    assert asked <= written


def test_a_case_that_does_not_hold_says_what_differs(pack: Callable[[str], Pack]) -> None:
    text = """
- case: wrong on purpose
  clauses: [A.2]
  packs: [short-guide]
  today: 2026-11-30
  episodes: [{kind: child_in_need, start: 2026-11-20, worker_id: W1}]
  reckoning: 20 Nov + 21 is 11 Dec, and this says the 12th.
  expect: [{due: 2026-12-12}]
"""
    result = cases.run(cases.read(text, "here.yaml")[0], [pack("short-guide")])
    assert not result.passed
    assert result.differences == ("C1 visit: due expected 2026-12-12, found 2026-12-11",)


def test_a_case_with_an_unknown_key_is_refused_on_its_line() -> None:
    text = """
- case: a
  clauses: []
  packs: []
  today: 2026-11-30
  reckoning: none
  expect: []
  vists: []
"""
    with pytest.raises(Refused) as refused:
        cases.read(text, "here.yaml")
    assert str(refused.value.problems[0]).startswith("here.yaml:2:")
    assert "did you mean 'visits'" in str(refused.value.problems[0])
