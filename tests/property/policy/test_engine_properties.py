"""Properties of every pack and of all together: what more visits, tighter frequencies and more clauses may
never do.

Each example is a caseload of several children, judged at once.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from property.policy.made import (
    KINDS,
    PACKS,
    SEEING,
    SETS,
    TEXTS,
    TODAY,
    Known,
    build,
    by_clause,
    earliest,
    few,
    owed,
    packs_of,
    several,
)

from bot.policy.pack import Pack, read_pack

# Where a frequency of the child's own takes over only once an event has happened, it may be a shorter one
# than the stage before it: there a visit that moves the clock past the event can bring the date forward.
TAKEN_OVER_AT_AN_EVENT = {
    "in_our_care",
    "adoptive_placement",
    "temporary_carer",
    "interim_care_order_home",
    "care_order_home",
}
WEEKS = st.integers(1, 12)
every_set = pytest.mark.parametrize("name", sorted(SETS))


def not_before(child: Known, back: int) -> date:
    """A day from which no clause of the child counts already, nor anything later, and not after today."""
    days = [row["start"] for row in child.episodes]
    days += [row["first_contact"] for row in child.episodes if "first_contact" in row]
    days += [row["at"] for row in child.visits if row["status"] == "completed"]
    born = child.child["date_of_birth"]
    days += [day for day in [date(born.year + 20, born.month, min(born.day, 28))] if day <= TODAY]
    return max([*days, TODAY - timedelta(days=back)])


# --- one visit more ----------------------------------------------------------------------------------


@every_set
@few
@given(children=several(), back=st.integers(0, 30))
def test_a_counted_visit_more_never_makes_a_child_s_next_date_or_a_clause_earlier(
    name: str, children: list[Known], back: int
) -> None:
    """Where the visit is no earlier than what the clauses count from: the child's next date over visits and
    contacts together, and each clause's own. But for D.1b's own, which counts from the day by which a first
    contact is owed until there was one."""
    more = [child.visited(not_before(child, back)) for child in children]
    here, there = (owed(build(some), packs_of(name)) for some in (children, more))
    first, then = earliest(here), earliest(there)
    assert {child: due for child, due in then.items() if due < first.get(child, due)} == {}
    one, other = by_clause(here), by_clause(there)
    assert {key: due for key, due in other.items() if due < one.get(key, due) and key[2] != "D.1b"} == {}


@every_set
@few
@given(children=several(), back=st.integers(0, 30), weeks=WEEKS)
def test_a_counted_visit_more_never_makes_a_child_s_own_frequency_earlier(
    name: str, children: list[Known], back: int, weeks: int
) -> None:
    steady = [
        child.agreeing(agreed_every=f"{weeks} weeks", agreed_reason="plan")
        for child in children
        if not {row["kind"] for row in child.episodes} & TAKEN_OVER_AT_AN_EVENT
    ]
    more = [child.visited(not_before(child, back)) for child in steady]
    first, then = (earliest(owed(build(some), packs_of(name))) for some in (steady, more))
    assert {child: due for child, due in then.items() if due < first.get(child, due)} == {}


# --- a tighter frequency -----------------------------------------------------------------------------


@every_set
@few
@given(
    children=several(),
    weeks=st.tuples(WEEKS, WEEKS).map(sorted),
    reason=st.sampled_from(["worries", "review", "plan"]),
    since=st.integers(-20, 40),
)
def test_a_tighter_frequency_of_the_child_s_own_never_makes_a_date_later(
    name: str, children: list[Known], weeks: list[int], reason: str, since: int
) -> None:
    own = {"agreed_reason": reason, "agreed_from": TODAY - timedelta(days=since)}
    tight, loose = (
        earliest(owed(build([child.agreeing(agreed_every=f"{n} weeks", **own) for child in children]), packs))
        for n, packs in zip(weeks, [packs_of(name)] * 2, strict=True)
    )
    assert {child: due for child, due in loose.items() if tight[child] > due} == {}


def tightened(name: str, cut: int, third: int) -> Pack:
    """The pack with `every` of a third of its clauses shorter by `cut`, in its own unit."""
    raw = yaml.safe_load(TEXTS[name])
    for clause in raw["clauses"][third::3]:
        for clock in clause.get("clocks", ()):
            for step in (clock, *clock.get("stages", ())):
                if "every" in step:
                    number, unit = step["every"].split(" ", 1)
                    step["every"] = f"{max(1, int(number) - cut)} {unit}"
    return read_pack(f"{name}.yaml", yaml.safe_dump(raw, sort_keys=False))


@every_set
@few
@given(children=several(), cut=st.integers(1, 5), third=st.integers(0, 2))
def test_a_pack_with_shorter_intervals_never_makes_a_date_later(
    name: str, children: list[Known], cut: int, third: int
) -> None:
    """Of what recurs: a first visit (`within`) that is owed sooner may be closed by an earlier visit."""
    caseload = build(children)
    loose = earliest(owed(caseload, packs_of(name)))
    tight = earliest(owed(caseload, [tightened(one, cut, third) for one in SETS[name]]))
    assert {child: due for child, due in loose.items() if tight[child] > due} == {}


# --- a clause or a pack more -------------------------------------------------------------------------


def loosened(fewer: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[tuple[str, date]]:
    """Whom the more clauses would let wait longer, of a visit or contact or of each other kind."""
    found = []
    for kinds in (SEEING, ("decision",), ("return_interview",), ("recording",)):
        here, there = earliest(fewer, kinds), earliest(more, kinds)
        found += [(child, due) for child, due in here.items() if child not in there or there[child] > due]
    return found


@every_set
@few
@given(children=several(), others=st.sets(st.sampled_from(sorted(PACKS)), min_size=1), weeks=WEEKS)
def test_a_pack_more_never_loosens_what_a_child_is_owed(
    name: str, children: list[Known], others: set[str], weeks: int
) -> None:
    own = {"agreed_every": f"{weeks} weeks", "agreed_reason": "worries"}
    caseload = build([*children, *(child.agreeing(**own) for child in children[::3])])
    fewer = [PACKS[one] for one in SETS[name]]
    more = [PACKS[one] for one in sorted(others | set(SETS[name]))]
    assert loosened(owed(caseload, fewer), owed(caseload, more)) == []


@every_set
@few
@given(
    children=several(),
    every=st.tuples(st.integers(1, 40), st.sampled_from(["days", "working days", "weeks", "months"])),
    kinds=st.sets(st.sampled_from(KINDS), min_size=3),
    weeks=WEEKS,
)
def test_a_clause_more_never_loosens_what_a_child_is_owed(
    name: str, children: list[Known], every: tuple[int, str], kinds: set[str], weeks: int
) -> None:
    own = {"agreed_every": f"{weeks} weeks", "agreed_reason": "worries"}
    caseload = build([*children, *(child.agreeing(**own) for child in children[::3])])
    one = SETS[name][-1]
    raw = yaml.safe_load(TEXTS[one])
    covered = sorted(kinds & set(raw["covers"])) or raw["covers"][:1]
    clause = {"id": "X.9", "says": "s", "cites": "c", "for": covered}
    raw["clauses"].append(clause | {"clocks": [{"every": f"{every[0]} {every[1]}"}]})
    longer = read_pack(f"{one}.yaml", yaml.safe_dump(raw, sort_keys=False))
    packs = packs_of(name)
    assert loosened(owed(caseload, packs), owed(caseload, [*packs[:-1], longer])) == []
