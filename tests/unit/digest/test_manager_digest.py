"""A manager sees how the own team stands, what only a manager can mend, and nobody else's children."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.diary.said import cycle_of
from bot.digest.gathering import gather
from bot.digest.manager import ManagerDigest, digest_for, weeklies, weekly
from bot.digest.said import SaidDone
from bot.digest.worker import list_for
from bot.errors import Problem

DAY = timedelta(days=1)


def digest(council: Any, manager: str = "M1") -> ManagerDigest:
    return weekly(manager, *council.given(), names="initials_and_number")


def test_every_worker_of_the_team_has_a_line_and_who_is_furthest_behind_stands_first(council: Any) -> None:
    council.child("1", "AB", "W2")
    council.owe("1", council.today - 3 * DAY)
    assert [(w.name, w.overdue, w.oldest_days, w.children) for w in digest(council).workers] == [
        ("Sam Okoro", 1, 3, 1),
        ("Amira Khan", 0, 0, 0),
    ]


def test_another_managers_team_does_not_appear(council: Any) -> None:
    council.manager("M2", "Bola Hart")
    council.worker("W9", "Jo Bright", manager_id="M2")
    council.child("999", "ZZ", "W9")
    council.owe("999", council.today - DAY)
    council.raise_concern("999", "A.8a", ("manager",), "Two visits in a row", "a visit that counts")
    assert "999" not in repr(digest(council))
    assert "999" in repr(digest(council, "M2"))


def test_a_manager_without_a_team_gets_a_digest_that_says_so(council: Any) -> None:
    council.manager("M2", "Bola Hart")
    found = {d.manager_id: d for d in weeklies(*council.given(), names="number")}
    assert set(found) == {"M1", "M2"}
    assert found["M2"].workers == ()


def test_a_child_counts_once_however_much_is_owed(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today - DAY)
    council.owe("1", council.today + DAY, kind="contact")
    council.child("2", "CD", "W1")
    council.owe("2", council.today + 2 * DAY)
    council.child("3", "EF", "W1")
    team = digest(council).team
    assert (team.children, team.overdue, team.due_this_week, team.in_time) == (3, 1, 1, 1)


def test_each_plan_kind_has_its_own_line(council: Any) -> None:
    for number, plan, ahead in (
        ("1", "child_protection", -2),
        ("2", "child_in_need", 2),
        ("3", "child_in_need", 30),
    ):
        council.child(number, "AB", "W1", plan=plan)
        council.owe(number, council.today + ahead * DAY)
    assert [(p.plan, p.overdue, p.due_this_week, p.in_time, p.children) for p in digest(council).plans] == [
        ("Child protection", 1, 0, 0, 1),
        ("Child in need", 0, 1, 1, 2),
    ]


def test_what_must_be_done_this_week_because_of_leave_is_this_weeks_in_every_count(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today + 9 * DAY, act_by=council.today + 4 * DAY)
    found = digest(council)
    assert found.team.due_this_week == found.plans[0].due_this_week == 1
    assert [line.due_this_week for line in found.workers] == [1, 0]


def test_one_concern_about_many_children_is_said_once(council: Any) -> None:
    for number in "12":
        council.child(number, "AB", "W1")
        council.raise_concern(
            number, "A.8d", ("manager", "iro"), "The child cannot be seen alone", "a visit alone"
        )
    (group,) = digest(council).concerns
    assert (group.clause, group.closes, group.told) == ("A.8d", "a visit alone", "manager and IRO")
    assert [(row.child, row.workers) for row in group.rows] == [
        ("A.B. 1", "Amira Khan"),
        ("A.B. 2", "Amira Khan"),
    ]


def test_what_was_put_to_the_worker_alone_is_counted_not_listed(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.raise_concern("1", "A.9", ("worker",), "A visit is not recorded", "its record")
    found = digest(council)
    assert (found.concerns, found.to_workers_only) == ((), 1)


def test_a_visit_that_nobody_can_make_needs_cover(council: Any) -> None:
    """C.8b: the manager arranges who goes; a buddy who is named is shown."""
    for number, cover in (("1", "W2"), ("2", None)):
        council.child(number, "AB", "W1")
        council.owe(number, council.today, needs_cover=True, cover_id=cover)
    assert [group.cover for group in digest(council).cover] == [
        "Sam Okoro covers",
        "nobody is named to cover",
    ]


def test_leave_with_no_one_to_cover_shows_as_that(council: Any) -> None:
    council.absences.append({"worker_id": "W2", "start": council.today, "end": None, "kind": "unplanned"})
    leave = {w.name: w.leave for w in digest(council).workers}["Sam Okoro"][0]
    assert (leave.now, leave.end, leave.cover) == (True, None, "")


def test_cover_by_somebody_who_is_away_too_is_no_cover(council: Any) -> None:
    """C.8a, C.8b: a name that cannot go would leave the child unseen while the page says it is covered."""
    off = {"end": None, "kind": "unplanned"}
    council.absences.append({"worker_id": "W1", "start": council.today, "buddy_id": "W2", **off})
    council.absences.append({"worker_id": "W2", "start": council.today, "buddy_id": None, **off})
    council.child("1", "AB", "W1")
    council.owe("1", council.today, needs_cover=True, cover_id="W2")
    found = digest(council)
    assert [group.cover for group in found.cover] == [
        "Sam Okoro, who is named to cover, is away too: nobody covers"
    ]
    leave = {w.name: w.leave for w in found.workers}["Amira Khan"][0]
    assert (leave.cover, leave.cover_away) == ("Sam Okoro", True)


def test_a_cell_that_cannot_be_read_goes_to_the_manager_of_the_childs_worker(council: Any) -> None:
    council.manager("M2", "Bola Hart")
    council.worker("W9", "Jo Bright", manager_id="M2")
    council.child("1", "AB", "W1")
    for _ in range(2):
        council.visit("1", council.today - 3 * DAY)
    council.problems += [
        Problem(f"visits.csv:{row}:seen", "seen is blank", "Write yes or no.", "value ignored")
        for row in (2, 3)
    ]
    council.problems.append(Problem("visits.csv:77:at", "no date", "Write one.", "row set aside"))
    (fault,) = digest(council).mending.faults
    assert fault.places == ("visits.csv:2:seen", "visits.csv:3:seen")
    assert digest(council, "M2").mending.faults == ()
    assert digest(council).mending.elsewhere == digest(council, "M2").mending.elsewhere == 1


def test_a_child_nobody_holds_is_listed_with_the_team_that_saw_it_last(council: Any) -> None:
    council.manager("M2", "Bola Hart")
    council.child("1", "AB", None)
    council.visit("1", council.today - 30 * DAY, worker_id="W1")
    council.owe("1", council.today - 2 * DAY)
    council.child("2", "CD", None)
    mending = digest(council).mending
    assert [(row.child, row.last_seen_by, row.days_late) for row in mending.unheld] == [
        ("A.B. 1", "Amira Khan", 2)
    ]
    assert mending.unheld_elsewhere == 1
    assert digest(council, "M2").mending.unheld == ()
    assert digest(council, "M2").mending.unheld_elsewhere == 1


def test_a_child_of_a_worker_who_left_is_listed_with_the_team_that_saw_it_last(council: Any) -> None:
    council.child("1", "AB", "W9")
    council.visit("1", council.today - 20 * DAY, worker_id="W1")
    council.owe("1", council.today - 2 * DAY)
    (unheld,) = digest(council).mending.unheld
    assert (unheld.child_id, unheld.last_seen_by, unheld.days_late) == ("1", "Amira Khan", 2)


def test_a_restricted_child_nobody_holds_is_only_counted(council: Any) -> None:
    council.child("777", "AB", None, restricted=True)
    council.visit("777", council.today - 30 * DAY, worker_id="W1")
    council.problems.append(
        Problem("visits.csv:2:seen", "seen is blank", "Write yes or no.", "value ignored")
    )
    mending = digest(council).mending
    assert (mending.unheld, mending.unheld_elsewhere) == ((), 1)
    assert (mending.faults, mending.elsewhere) == ((), 1)


def test_what_belongs_to_a_worker_in_no_team_is_counted_in_every_digest(council: Any) -> None:
    council.worker("W8", "Jo Bright", manager_id=None)
    council.child("1", "AB", "W8")
    council.child("2", "CD", None)
    council.visit("1", council.today - 3 * DAY)
    council.visit("2", council.today - 3 * DAY, worker_id="W8")
    council.problems.append(
        Problem("visits.csv:2:seen", "seen is blank", "Write yes or no.", "value ignored")
    )
    mending = digest(council).mending
    assert (mending.faults, mending.elsewhere) == ((), 1)
    assert (mending.unheld, mending.unheld_elsewhere) == ((), 1)


def test_workers_who_name_no_manager_are_counted_in_every_digest(council: Any) -> None:
    council.worker("W8", "Jo Bright", manager_id=None)
    assert digest(council).mending.workers_in_no_team == 1


def test_what_the_rule_packs_warn_of_is_said(council: Any) -> None:
    """B.13: a policy past its review says so in every digest."""
    council.warnings = ("visiting-policy was due for review",)
    assert digest(council).warnings == council.warnings


def test_records_to_finish_are_counted_for_each_worker(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.visit("1", council.today - 4 * DAY, worker_id="W1")
    council.visit("1", council.today - 9 * DAY, worker_id="W1", finalised_at=datetime(2026, 11, 15))
    found = digest(council)
    assert found.team.not_recorded == 1
    assert {w.name: w.not_recorded for w in found.workers} == {"Amira Khan": 1, "Sam Okoro": 0}


@given(
    children=st.lists(
        st.tuples(st.sampled_from(["W1", "W2", "W3", "W4"]), st.integers(-20, 40), st.booleans()), max_size=14
    )
)
@settings(max_examples=60, deadline=None)
def test_every_child_is_in_its_own_workers_managers_digest_and_in_no_other(
    new_council: Callable[[], Any], children: list[tuple[str, int, bool]]
) -> None:
    council = new_council()
    council.manager("M1", "Grace Adeyemi")
    council.manager("M2", "Bola Hart")
    teams = {"W1": "M1", "W2": "M1", "W3": "M2", "W4": "M2"}
    for worker, manager in teams.items():
        council.worker(worker, f"Worker {worker}", manager_id=manager)
    for number, (worker, ahead, restricted) in enumerate(children):
        council.child(f"C{number:03}x", "AB", worker, restricted=restricted)
        council.owe(f"C{number:03}x", council.today + ahead * DAY, needs_cover=ahead < 5, cover_id="W3")
    for manager in ("M1", "M2"):
        found = digest(council, manager)
        own = [(n, ahead) for n, (worker, ahead, _) in enumerate(children) if teams[worker] == manager]
        team = found.team
        assert team.children == len(own) == team.in_time + team.due_this_week + team.overdue
        assert team.overdue == sum(1 for _, ahead in own if ahead < 0)
        assert sum(len(late.rows) for late in found.overdue) == team.overdue
        assert sum(line.overdue for line in found.workers) == team.overdue
        others = [n for n, (worker, _, _) in enumerate(children) if teams[worker] != manager]
        assert not [n for n in others if f"C{n:03}x" in repr(found)]


def test_a_visit_said_to_be_done_is_told_apart_and_still_counts_as_not_done(council: Any) -> None:
    council.child("1", "AB", "W1")
    council.owe("1", council.today - DAY)
    council.child("2", "CD", "W1")
    council.owe("2", council.today - DAY)
    visits, judgement, caseload, today = council.given()
    known = gather(visits, judgement, caseload, today, "number")
    said = SaidDone("Said to be done on Fri 20 Nov, not yet recorded.", over=False)
    known = replace(known, said={cycle_of(visit): said for visit in visits if visit.child_id == "1"})
    found = digest_for(known, "M1")
    assert [row.child_id for row in found.said_done] == ["1"]
    assert (found.team.overdue, found.team.said_done, found.team.in_time) == (2, 1, 0)
    assert [row.said_done for row in list_for(known, "W1").overdue] == [said, None]
