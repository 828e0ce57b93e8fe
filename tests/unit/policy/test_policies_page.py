"""docs/policies.md tells every clause and the whole language, and each example in it is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import make_policies
from bot.policy import cases
from bot.policy.brought import packs_of
from bot.policy.pack import Pack, PackError, read_pack
from bot.policy.reading_packs import all_keys
from bot.run.snapshot import load_packs, pack_names

REPO = Path(__file__).resolve().parents[3]
RULES = REPO / "rules"
RUN = "run .venv/bin/python docs/make_policies.py"
PAGE = (REPO / "docs" / "policies.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
HEAD = {
    "title": "T",
    "source": {"title": "S"},
    "covers": ["child_in_need", "child_protection", "in_our_care"],
}
CLAUSE = {"id": "V.1", "says": "s", "cites": "c"}


@pytest.fixture(scope="module")
def rows() -> dict[str, list[str]]:
    """The page's table of clauses: each id with its cells."""
    between = PAGE.split("<!-- clauses:begin -->")[1].split("<!-- clauses:end -->")[0]
    lines = [line for line in between.splitlines() if line.startswith("| ") and "| says |" not in line]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells}


def test_the_table_is_what_the_cases_and_the_rendered_places_show() -> None:
    assert make_policies.filled(PAGE) == PAGE, f"docs/policies.md is stale; {RUN}"


def test_every_clause_of_every_pack_has_a_case_and_a_place_where_it_shows(rows: dict[str, list[str]]) -> None:
    packs = load_packs(pack_names(RULES), RULES)
    for pack in packs:
        for clause in pack.clauses:
            stages = {step.id for clock in clause.clocks for step in clock.steps if step.id}
            for id_ in stages or {clause.id}:
                assert id_ in rows, f"{id_} is not in the table; {RUN}"
                assert all(rows[id_]), f"{id_} has an empty cell; {RUN}"


def test_c8g_is_shown_by_the_welcome_that_new_staff_get(rows: dict[str, list[str]]) -> None:
    """C.8g: new staff are given the standards, the frequencies and the guide."""
    assert "welcome" in rows["C.8g"][-1].split(", ")
    assert all("welcome" in rows[id_][-1] for id_ in ("A.3", "B.1", "C.1", "D.3")), "the frequencies"


def test_an_id_is_found_as_a_word_of_its_own() -> None:
    assert make_policies.stands_in("A.1", "due by A.1.")
    assert make_policies.stands_in("C.7a", "(C.7a)")
    assert not make_policies.stands_in("A.1", "A.10 and CA.1 and A.1.2 and A.1a")


def test_every_word_of_the_language_stands_on_the_page() -> None:
    words = set(re.findall(r"\w+", PAGE))
    assert not [key for key in all_keys() if key not in words], (
        "keys of the language that the page leaves out"
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.split("\n")[0][:60] for one in EXAMPLES])
def test_an_example_of_the_page_is_read_as_it_stands(example: str) -> None:
    try:
        built(example)
    except PackError as error:
        pytest.fail("\n".join(map(str, error.problems)))


def built(example: str) -> Pack | None:
    """The example as a pack: a whole one, the head of one, clauses, or what stands inside a clause."""
    value = yaml.safe_load(example)
    if isinstance(value, list) and "case" in value[0]:
        return None  # run by test_the_cases_on_the_page_hold
    if isinstance(value, list):
        value = {**HEAD, "clauses": value}
    elif not {"clauses", "extends"} & set(value):
        is_head = set(value) <= set(Pack.model_fields)
        clause = {**CLAUSE, "guidance": True} if is_head else {**CLAUSE, **value}
        value = {**HEAD, **(value if is_head else {}), "clauses": [clause]}
    return read_pack("page.yaml", yaml.safe_dump(value), _from_rules)


def _from_rules(name: str) -> Pack:
    return load_packs((name,), RULES)[0]


def test_the_cases_on_the_page_hold() -> None:
    told = [one for one in EXAMPLES if one.startswith("- case:")]
    assert told
    for text in told:
        for case in cases.read(text, "page.yaml"):
            result = cases.run(case, packs_of(case.packs, case.own, _from_rules))
            assert result.passed, "\n".join(result.differences)
