"""Facts, the tests that state them and the page that shows both stay together."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from facts import AREAS, FACTS
from facts.told import rows, shown, stated

import make_stand_in
from bot.sandbox.settings import SandboxSettings

REPO = Path(__file__).resolve().parents[2]
FINDINGS = REPO.parent / "shared" / "GRAPH.md"
RUN = "run .venv/bin/python docs/make_stand_in.py"


def test_every_fact_is_stated_by_a_test_and_every_marker_names_a_fact() -> None:
    found = stated()
    assert not [one for one in FACTS if one not in found], "facts without a test"
    assert not [one for one in found if one not in FACTS], "markers that name no fact"


def test_no_fact_is_told_twice() -> None:
    told = [fact for area in AREAS for fact in area.facts]
    assert len(FACTS) == len(told)
    assert len({fact.words for fact in told}) == len(told)


def test_a_setting_that_changes_a_fact_is_one_of_the_stand_ins() -> None:
    known = {one.name for one in fields(SandboxSettings)}
    assert {fact.setting for fact in FACTS.values() if fact.setting} <= known
    varying = [fact.id for fact in FACTS.values() if fact.known == "documents vary" and not fact.setting]
    assert not varying, "where documents vary, a setting chooses"


def test_the_page_shows_the_facts_faults_and_settings_as_they_are() -> None:
    page = make_stand_in.PAGE.read_text(encoding="utf-8")
    stale = {
        "docs/stand-in.md": make_stand_in.filled(page) != page,
        "config/sandbox.example.toml": make_stand_in.EXAMPLE.read_text(encoding="utf-8")
        != make_stand_in.example(),
    }
    assert not any(stale.values()), f"stale: {[name for name, old in stale.items() if old]}; {RUN}"


def test_every_fact_and_each_of_its_tests_is_on_the_page() -> None:
    page = make_stand_in.PAGE.read_text(encoding="utf-8")
    wanted = [f"`{name}`" for fact, tests in stated().items() for name in (fact, *map(shown, tests))]
    missing = [name for name in wanted if name not in page]
    assert not missing, RUN


def test_every_handle_is_on_the_page() -> None:
    page = make_stand_in.PAGE.read_text(encoding="utf-8")
    control = (REPO / "bot" / "sandbox" / "control.py").read_text(encoding="utf-8")
    for verb in ("GET", "POST", "DELETE"):
        for line in control.splitlines():
            if line.strip().startswith(f'("{verb}", "'):
                handle = line.split('"')[3]
                assert f"{verb} /_sandbox/{handle}" in page, f"{verb} {handle} is not told of"


@pytest.fixture(scope="module")
def found_rows() -> list[str]:
    """The rows of the list of findings that the facts were made of."""
    if not FINDINGS.exists():
        pytest.skip("the list of findings (shared/GRAPH.md) does not lie beside this checkout")
    return rows(FINDINGS.read_text(encoding="utf-8"))


def test_every_row_of_the_findings_is_covered(found_rows: list[str]) -> None:
    assert len(found_rows) > 25
    beginnings = {fact.row for fact in FACTS.values()}
    assert not [row for row in found_rows if not any(row.startswith(one) for one in beginnings)]


def test_every_fact_comes_from_one_row_of_the_findings(found_rows: list[str]) -> None:
    wrong = [fact.id for fact in FACTS.values() if sum(row.startswith(fact.row) for row in found_rows) != 1]
    assert not wrong


def test_facts_are_told_in_our_own_words(found_rows: list[str]) -> None:
    theirs = " ".join(found_rows).casefold().split()
    runs = {" ".join(theirs[n : n + 8]) for n in range(len(theirs))}
    for fact in FACTS.values():
        ours = fact.words.casefold().split()
        assert not [run for n in range(len(ours) - 7) if (run := " ".join(ours[n : n + 8])) in runs], fact.id
