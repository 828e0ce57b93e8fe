"""A roll-up adds the teams below one person up: nobody twice, nobody left out, and nobody by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest.gathering import gather
from bot.digest.in_time import LookedBack, looked_back
from bot.digest.known import Known
from bot.digest.manager import ManagerDigest, digest_for
from bot.digest.roll_up import RollUp, Tree, roll_up_for
from bot.digest.worker import readers
from bot.policy.looking_back import FellDue
from bot.rendering import mail
from bot.run.addressing import children_in

DAY = timedelta(days=1)
OUTCOMES = ("in_time", "late", "not_recorded", "not_done")


def known_of(council: Any) -> Known:
    visits, judgement, caseload, today = council.given()
    return gather(visits, judgement, caseload, today, "number")


def roll_up(council: Any, person: str, back: LookedBack | None = None) -> RollUp:
    known, back = known_of(council), back or LookedBack()
    return roll_up_for(known, Tree(known, back), person, back)


def readers_of(council: Any) -> tuple[str, ...]:
    return Tree(known_of(council), LookedBack()).readers


def above(council: Any) -> Any:
    """A head, a service manager below, two managers below that; M1's team comes with the council."""
    council.worker("D1", "Niamh Oyelaran", role="assistant_director", manager_id=None)
    council.worker("S1", "Dilys Coyle", role="service_manager", manager_id="D1")
    next(row for row in council.workers if row["worker_id"] == "M1")["manager_id"] = "S1"
    council.manager("M2", "Bola Hart", manager_id="S1", team="Moorside")
    council.worker("W9", "Jo Bright", manager_id="M2")
    return council


def test_a_service_manager_gets_a_line_a_team_the_one_furthest_behind_first(council: Any) -> None:
    above(council)
    council.child("1", "AB", "W9")
    council.owe("1", council.today - 3 * DAY)
    found = roll_up(council, "S1")
    assert [(row.name, row.team, row.standing.overdue) for row in found.lines] == [
        ("Bola Hart", "Moorside", 1),
        ("Grace Adeyemi", "", 0),
    ]
    assert (found.whole.teams, found.whole.workers, found.whole.oldest_days) == (2, 3, 3)
    assert found.own is None


def test_a_head_of_service_gets_a_line_a_service_with_all_below_it(council: Any) -> None:
    above(council)
    council.child("1", "AB", "W9")
    (service,) = roll_up(council, "D1").lines
    assert (service.name, service.standing.teams, len(service.standing.children)) == ("Dilys Coyle", 2, 1)


def test_whoever_is_above_a_manager_gets_one_whatever_their_role_and_a_manager_alone_does_not(
    council: Any,
) -> None:
    above(council)
    council.worker("X1", "Pat Ito", role=None, manager_id=None)
    council.workers[-2]["manager_id"] = "M2"
    next(row for row in council.workers if row["worker_id"] == "D1")["manager_id"] = "X1"
    assert readers_of(council) == ("D1", "S1", "X1")


def test_one_who_manages_workers_and_managers_gets_both_parts_in_one_mail(council: Any) -> None:
    above(council)
    council.worker("W8", "Sol Reed", manager_id="S1")
    council.child("8", "AB", "W8")
    council.owe("8", council.today - DAY)
    found = roll_up(council, "S1")
    assert [row.worker_id for row in found.lines] == ["S1", "M2", "M1"]
    assert found.own is not None
    assert [row.rows[0].child_id for row in found.own.overdue] == ["8"]
    assert len(roll_up(council, "D1").whole.children) == 1


def test_children_are_counted_and_none_is_listed(council: Any) -> None:
    above(council)
    for number, restricted in (("771", True), ("772", False)):
        council.child(number, "AB", "W9", restricted=restricted)
        council.owe(number, council.today - DAY)
        council.raise_concern(number, "A.8a", ("manager", "iro"), "Two visits missed", "a visit")
    found = roll_up(council, "S1")
    assert (len(found.whole.children), len(found.whole.concerns)) == (2, 2)
    assert children_in(found) == frozenset()
    assert "77" not in repr(found)


def test_a_concern_put_to_the_service_manager_is_listed_there_but_for_a_restricted_child(
    council: Any,
) -> None:
    above(council)
    for number, restricted in (("771", True), ("772", False)):
        council.child(number, "AB", "W9", restricted=restricted)
        council.raise_concern(number, "Z.1", ("manager", "service_manager"), "Said upwards", "an answer")
    found = roll_up(council, "S1")
    assert [(row.child_id, group.clause) for group in found.concerns for row in group.rows] == [
        ("772", "Z.1")
    ]
    assert found.unlisted == 1
    head = roll_up(council, "D1")
    assert (head.concerns, head.unlisted, len(head.whole.concerns)) == ((), 0, 2)


def test_where_no_service_manager_is_above_who_is_directly_above_is_told(council: Any) -> None:
    above(council)
    next(row for row in council.workers if row["worker_id"] == "S1")["role"] = None
    council.child("772", "AB", "W9")
    council.raise_concern("772", "Z.1", ("service_manager",), "Said upwards", "an answer")
    assert len(roll_up(council, "S1").concerns) == 1
    assert roll_up(council, "D1").concerns == ()


def test_a_child_whom_two_teams_hold_counts_once_in_the_sum(council: Any) -> None:
    above(council)
    council.child("1", "AB", "W1")
    council.child("1", "AB", "W9")
    council.children.pop()
    council.raise_concern("1", "A.8a", ("manager",), "Two visits missed", "a visit")
    found = roll_up(council, "S1")
    assert [len(row.standing.children) for row in found.lines] == [1, 1]
    assert (len(found.whole.children), len(found.whole.concerns), found.shared) == (1, 1, 1)


def test_what_no_team_holds_is_shown_as_that(council: Any) -> None:
    above(council)
    council.worker("W7", "Lee Ash", manager_id=None)
    council.child("1", "AB", "W7")
    council.owe("1", council.today - DAY)
    council.child("2", "AB", None)
    council.child("3", "AB", None)
    council.visit("3", council.today - 30 * DAY, worker_id="W9")
    found = roll_up(council, "S1")
    assert (found.no_team.workers, found.no_team.overdue) == (1, 1)
    assert (found.no_team.children, found.no_team.unheld) == (frozenset("12"), frozenset("2"))
    assert (found.whole.unheld, found.whole.children) == (frozenset("3"), frozenset())


def test_what_fell_due_before_the_present_worker_took_over_is_in_nobodys_share_and_said(council: Any) -> None:
    above(council)
    rows = [
        {"worker_id": who, "due": council.today - DAY, "outcome": "in_time"} for who in ("W9", None, "W9")
    ]
    back = looked_back(pl.DataFrame(rows, schema=FellDue.create_empty().schema), council.today)
    found = roll_up(council, "S1", back)
    assert (found.whole.kept.fell_due, found.no_team.kept.fell_due) == (2, 1)
    said = "1 more fell due in these weeks and is in nobody's share"
    assert said in mail.roll_up(found, mail.MailWords("Wrong?", "")).text


def test_people_who_report_to_one_another_in_a_circle_are_counted_once_and_told(council: Any) -> None:
    above(council)
    next(row for row in council.workers if row["worker_id"] == "D1")["manager_id"] = "M1"
    council.child("1", "AB", "W9")
    council.child("2", "AB", "W1")
    for person, teams in (("S1", 2), ("D1", 2), ("M1", 2)):
        found = roll_up(council, person)
        assert found.circle
        assert (found.whole.teams, len(found.whole.children)) == (teams, 2)
    assert not roll_up(council, "M2").circle


def test_one_who_is_their_own_manager_is_not_below_themselves(council: Any) -> None:
    above(council)
    next(row for row in council.workers if row["worker_id"] == "S1")["manager_id"] = "S1"
    found = roll_up(council, "S1")
    assert found.circle
    assert [row.worker_id for row in found.lines] == ["M2", "M1"]


def listed(digest: ManagerDigest) -> set[tuple[str, str]]:
    groups = [*digest.concerns, *digest.approvals]
    return {(row.child_id, group.clause) for group in groups for row in group.rows}


CHILD = st.tuples(
    st.sampled_from(["W0", "W1", "W2", "W3", "W4", "W5", "gone", None]),  # of its plan
    st.sampled_from(["W0", "W2", "W4", "W5", None]),  # of a second plan, and who went last
    st.integers(-20, 30),  # when something is due
    st.sampled_from([(), ("manager",), ("worker",), ("manager", "service_manager")]),
    st.sampled_from(OUTCOMES),
    st.booleans(),
)
PEOPLE = ("M0", "M1", "S0", "S1", "D0")


@given(
    children=st.lists(CHILD, max_size=10),
    workers=st.lists(st.sampled_from([*PEOPLE, None]), min_size=6, max_size=6),
    bosses=st.lists(st.sampled_from([*PEOPLE, None]), min_size=5, max_size=5),
    away=st.frozensets(st.sampled_from(["W0", "W3", "M1"])),
)
@settings(max_examples=60, deadline=None)
def test_a_roll_up_is_the_sum_of_the_digests_below_and_of_no_team_the_rest(
    new_council: Callable[[], Any],
    children: list[Any],
    workers: list[str | None],
    bosses: list[str | None],
    away: frozenset[str],
) -> None:
    council = council_of(new_council(), children, workers, bosses, away)
    known = known_of(council)
    rows = [
        {"worker_id": who, "due": council.today - DAY, "outcome": outcome}
        for who, _, _, _, outcome, _ in children
    ]
    back = looked_back(pl.DataFrame(rows, schema=FellDue.create_empty().schema), council.today)
    tree = Tree(known, back)
    digests = {person: digest_for(known, person, back) for person in known.people}
    for person in tree.readers:
        found = roll_up_for(known, tree, person, back)
        below = [digests[one] for one in everybody_below(known, person)]
        assert found.whole.overdue == sum(w.overdue for d in below for w in d.workers)
        assert found.whole.due == sum(w.due_this_week for d in below for w in d.workers)
        assert found.whole.not_recorded == sum(d.team.not_recorded for d in below)
        assert found.whole.oldest_days == max((d.team.oldest_days for d in below), default=0)
        assert found.whole.without_cover == sum(d.leave_without_cover for d in below)
        assert found.whole.workers == sum(len(d.workers) for d in below)
        assert found.whole.kept == sum((d.trend.whole for d in below), start=found.trend.whole.__class__())
        assert found.trend.whole == found.whole.kept
        assert found.whole.concerns == frozenset().union(*map(listed, below))
        assert found.whole.unheld == {one.child_id for d in below for one in d.mending.unheld}
        lines = [row.standing for row in found.lines]
        assert found.whole.teams == sum(row.teams for row in lines) == sum(bool(d.workers) for d in below)
        assert sum(len(row.children) for row in lines) - found.shared == len(found.whole.children)
    every_team = [tree.team(person) for person in known.people]
    for person, digest in digests.items():
        assert len(tree.team(person).children) == digest.team.children
    everybody = frozenset().union(*(one.children | one.unheld for one in (*every_team, tree.no_team)))
    assert everybody == {f"C{number}" for number in range(len(children))}
    owed = sum(one.overdue + one.due for one in (*every_team, tree.no_team))
    assert owed == sum(1 for visit in council.due if visit.due <= council.today + 6 * DAY)
    assert sum(one.kept.fell_due for one in (*every_team, tree.no_team)) == len(children)
    assert sum(one.workers for one in (*every_team, tree.no_team)) == len(readers(known))


def council_of(
    council: Any,
    children: list[Any],
    workers: list[str | None],
    bosses: list[str | None],
    away: frozenset[str],
) -> Any:
    roles = {"M": "manager", "S": "service_manager", "D": "assistant_director"}
    for person, boss in zip(PEOPLE, bosses, strict=True):
        council.worker(person, person, role=roles[person[0]], manager_id=boss)
    for number, boss in enumerate(workers):
        council.worker(f"W{number}", f"W{number}", manager_id=boss, buddy_id="W3")
    for number, (first, second, ahead, to, _, restricted) in enumerate(children):
        child = f"C{number}"
        council.child(child, "AB", first, restricted=restricted)
        council.owe(child, council.today + ahead * DAY)
        if second:
            council.visit(child, council.today - 30 * DAY, worker_id=second)
            council.child(child, "AB", second)
            council.children.pop()
        if to:
            council.raise_concern(child, "Z.1", to, "Said upwards", "an answer")
    council.absences += [
        {"worker_id": who, "start": council.today, "end": None, "kind": "unplanned"} for who in away
    ]
    return council


def everybody_below(known: Known, person: str) -> set[str]:
    """By walking upwards from everybody: whoever comes to the person, and the person."""
    found = {person}
    for one in known.people:
        seen, at = set[str](), known.people[one].manager_id
        while at in known.people and at not in seen and at != person:
            seen.add(at)
            at = known.people[at].manager_id
        if at == person:
            found.add(one)
    return found
