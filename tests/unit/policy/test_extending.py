"""A council builds its pack on others: takes clauses over, replaces single ones, leaves some out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot.caseload.model import Caseload
from bot.policy.due import judge
from bot.policy.pack import Pack, PackError, read_pack

BASE = """
title: The county's policy
source: {title: S}
covers: [child_in_need, child_protection]
review_by: 2027-01-01
counts: {asks: [seen, finalised]}
closures: [2026-12-29]
clauses:
  - {id: N.1, says: Monthly., cites: "1", for: [child_in_need], clocks: [{every: 20 working days}]}
  - {id: N.2, says: Fortnightly., cites: "2", for: [child_protection], clocks: [{every: 10 working days}]}
  - id: N.3
    says: Seen early.
    cites: "3"
    clocks: [{stages: [{id: N.3a, within: 1 week}, {id: N.3b, every: 4 weeks}]}]
"""
GUIDE = """
title: A guide
source: {title: G}
covers: [child_in_need]
clauses:
  - {id: G.1, says: Prepare., cites: g, guidance: true}
  - {id: G.2, says: Follow up., cites: g, guidance: true}
"""
HEAD = "title: Ours\nsource: {title: O}\n"


def bases(name: str) -> Pack:
    return read_pack(f"{name}.yaml", {"county": BASE, "guide": GUIDE}[name])


def ours(text: str) -> Pack:
    return read_pack("ours.yaml", HEAD + text, bases)


def test_a_pack_takes_over_what_it_extends() -> None:
    pack = ours("extends: county\n")
    assert [clause.id for clause in pack.clauses] == ["N.1", "N.2", "N.3"]
    assert pack.covers == ("child_in_need", "child_protection")
    assert pack.counts.asks == ("seen", "finalised")
    assert pack.closures == (date(2026, 12, 29),)
    assert pack.review_by == date(2027, 1, 1), "what it is built on still has to be reviewed"


def test_a_clause_of_the_same_id_takes_the_place_of_the_other() -> None:
    pack = ours("extends: county\nclauses: [{id: N.1, says: s, cites: ours, clocks: [{every: 3 weeks}]}]\n")
    (clause,) = [clause for clause in pack.clauses if clause.id == "N.1"]
    assert str(clause.clocks[0].every) == "3 weeks"
    assert clause.document is None


def test_a_dated_clause_ends_the_other_on_its_first_day() -> None:
    pack = ours(
        "extends: county\nclauses:\n"
        "  - {id: N.1, says: s, cites: ours, in_force: {from: 2027-04-01}, clocks: [{every: 3 weeks}]}\n"
    )
    old, new = [clause for clause in pack.clauses if clause.id == "N.1"]
    assert old.holds_on(date(2027, 3, 31))
    assert not old.holds_on(date(2027, 4, 1))
    assert new.holds_on(date(2027, 4, 1))


def test_timescales_of_one_and_guidance_of_another() -> None:
    pack = ours("extends: [{pack: county, without: [N.3]}, {pack: guide, only: [G.2]}]\n")
    assert [clause.id for clause in pack.clauses] == ["N.1", "N.2", "G.2"]
    assert [clause.document for clause in pack.clauses] == ["The county's policy"] * 2 + ["A guide"]


def test_what_a_clause_counts_and_whom_it_is_for_stay_those_of_its_own_pack() -> None:
    pack = ours("extends: [guide, county]\ncovers: [child_in_need, child_protection, in_our_care]\n")
    clauses = {clause.id: clause for clause in pack.clauses}
    assert pack.counts.asks == ("seen",), "the first pack's, where the own one says nothing"
    counted = clauses["N.3"].counts
    assert counted is not None
    assert counted.on(pack.counts).asks == ("seen", "finalised")
    assert pack.kinds_of(clauses["N.3"]) == ("child_in_need", "child_protection")


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("extends: conty\n", "ours.yaml:3:extends.0", "'conty' cannot be built on"),
        ("extends: [county, {pack: guide, only: [G.9]}]\n", "ours.yaml:3:", "guide has no clause 'G.9'"),
        ("extends: [{pack: county, witout: [N.1]}]\n", "ours.yaml:3:", "Did you mean 'without'?"),
        ("extends: [county, county]\n", "ours.yaml:3:extends.1", "'N.1' stands 2 times"),
        (
            "extends: county\nclauses: [{id: N.3b, says: s, cites: c, clocks: [{every: 5 weeks}]}]\n",
            "ours.yaml:4:clauses.0.id",
            "N.3b is a stage of N.3",
        ),
        (
            "extends: county\nclauses: [{id: X.1, says: s, cites: c, must_with: [N.9], must: [awake]}]\n",
            "ours.yaml:4:clauses.0",
            "refers to 'N.9'",
        ),
        ("extends: broken\n", "ours.yaml:3:extends.0", "'broken', which this pack extends, has 1 problem(s)"),
    ],
)
def test_what_cannot_be_built_is_said_where_it_stands(text: str, where: str, words: str) -> None:
    def base(name: str) -> Pack:
        if name == "broken":
            return read_pack("broken.yaml", BASE.replace("every: 20", "evry: 20"))
        try:
            return bases(name)
        except KeyError:
            raise LookupError("there is no such pack") from None

    with pytest.raises(PackError) as error:
        read_pack("ours.yaml", HEAD + text, base)
    said = [str(problem) for problem in error.value.problems]
    assert any(one.startswith(where) and words in one for one in said), said


def test_a_pack_chosen_beside_the_one_it_is_built_on_is_warned_of(caseload: Callable[..., Caseload]) -> None:
    """Both would date N.1, and whoever reads the id could not tell by which."""
    known = caseload(episodes=[{"kind": "child_in_need", "start": date(2026, 11, 2), "worker_id": "W1"}])
    beside = judge(known, [bases("county"), ours("extends: county\n")], date(2026, 11, 30)).warnings
    assert any("county and ours both have N.1, N.2" in line for line in beside), beside
    alone = judge(known, [bases("county"), bases("guide")], date(2026, 11, 30)).warnings
    assert not any("both have" in line for line in alone)
