"""Entries stand in the right diary: children reassigned, workers who leave, cover, and new addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from diarykit import makers
from keepkit.bench import Bench
from keepkit.children import MONDAY, Council, address
from keepkit.people import Office
from structlog.testing import capture_logs

from bot.diary.entry import Role
from bot.run.leavers import NOBODY
from bot.store.accepted import Accepted, Holding, remember
from bot.store.ledger import rows_by_mailbox

Make = Callable[[Council], Bench]


def two(bench: Make, cases: int = 4) -> Bench:
    council = Council.of(cases=cases, workers=2)
    for case in council.cases:
        case.worker, case.due = "W1", MONDAY + timedelta(days=3)
    return bench(council)


def ours(office: Office, worker: str) -> list[str]:
    return sorted(one.subject for one in office.events(worker) if one.ours)


def judged(one: Bench, change: Callable[..., object]) -> None:
    """The council's snapshot with a change to what it holds."""
    usual = one.council.snapshot
    one.council.snapshot = lambda: change(usual())  # type: ignore[method-assign]


def test_a_reassigned_child_stands_with_the_new_worker_and_no_longer_with_the_old(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    before = ours(office, "W1")
    one.council.cases[0].worker = "W2"
    one.run()
    assert sorted(ours(office, "W1") + ours(office, "W2")) == before
    assert len(ours(office, "W2")) == 2
    assert one.writes_of_a_run() == 0


@pytest.mark.parametrize("verb", ["POST", "GET"], ids=["cannot be written", "cannot be read"])
def test_while_the_new_workers_diary_is_out_of_reach_the_entry_stays_with_the_old_and_that_is_told(
    bench: Make, office: Office, verb: str
) -> None:
    one = two(bench)
    one.run()
    before = ours(office, "W1")
    for case in one.council.cases[:2]:
        case.worker = "W2"
    one.strike({"do": "503", "mailbox": address("W2"), "verb": verb, "path": "events", "times": None})
    report = one.run()
    assert any("W2" in error for error in report.errors)
    assert [subject for subject in before if subject not in ours(office, "W1")] == []
    one.mend()
    one.run()
    assert sorted(ours(office, "W1") + ours(office, "W2")) == before
    assert one.writes_of_a_run() == 0


def test_while_the_old_workers_diary_is_out_of_reach_the_child_has_a_reminder_with_the_new(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    one.council.cases[0].worker = "W2"
    one.strike({"do": "503", "mailbox": address("W1"), "verb": "GET", "path": "events", "times": None})
    one.run()
    assert len(ours(office, "W2")) == 2
    one.mend()
    one.run()
    assert len(ours(office, "W1")) == 6
    assert one.writes_of_a_run() == 0


def test_a_worker_who_left_has_nothing_of_the_bots_left_and_the_heir_has_all(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    before = ours(office, "W1")
    one.council.leave("W1", "W2")
    one.run()
    assert (ours(office, "W1"), ours(office, "W2")) == ([], before)
    assert one.writes_of_a_run() == 0


def test_a_mailbox_that_closed_behind_a_leaver_is_told_once_and_then_forgotten(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    one.council.leave("W1", "W2")
    office.close_mailbox("W1")
    report = one.run()
    assert [error for error in report.errors if "no such mailbox" in error and "forgotten" in error]
    assert address("W1") not in rows_by_mailbox(one.world.store)
    assert len(ours(office, "W2")) == 8
    assert one.run().errors == ()
    office.close_mailbox("W1", closed=False)


def out_of_scope(one: Bench, worker: str) -> None:
    one.strike({"do": "403", "mailbox": address(worker), "times": None})


def test_a_leavers_mailbox_that_may_not_be_opened_is_told_once_and_cleared_once_it_may_be(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    one.council.leave("W1", "W2")
    out_of_scope(one, "W1")
    (error,) = one.run().errors
    assert "may not open this mailbox" in error
    assert "told once" in error
    again = one.run()
    assert (again.errors, again.writes) == ((), 0)
    assert not again.nothing_done
    assert len(rows_by_mailbox(one.world.store)[address("W1")]) == 8, "what stands there is remembered"
    one.mend()
    one.run()
    assert ours(office, "W1") == []
    assert one.writes_of_a_run() == 0


@pytest.mark.parametrize(("children_known", "called"), [(True, "W1"), (False, NOBODY)])
def test_a_leaver_is_called_by_their_id_where_it_is_known_whose_children_were_theirs_and_never_by_address(
    bench: Make, children_known: bool, called: str
) -> None:
    one = two(bench)
    one.run()
    if children_known:
        lists = tuple(Holding(case.child_id, "W1", 1) for case in one.council.cases)
        caseload = Accepted(MONDAY, {"children": len(lists)}, len(lists), lists)
        of = {case.key(Role.REMINDER): case.child_id for case in one.council.cases}
        store = one.world.store
        remember(store, store.take_fence(), 1, caseload, problems=0, children_of=of)
    one.council.leave("W1", "W2")
    out_of_scope(one, "W1")
    with capture_logs() as logs:
        report = one.run()
    (told,) = [entry for entry in logs if entry["event"] == "diary not done"]
    assert told["worker"] == called
    assert report.errors[0].startswith(f"{called} · {address('W1')}: ")


def test_a_leavers_mailbox_that_was_shut_is_told_anew_when_it_was_open_in_between_or_they_came_back(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    usual = list(one.council.workers)
    one.run()
    one.council.leave("W1", "W2")
    out_of_scope(one, "W1")
    one.run()
    one.council.workers[:] = usual
    assert [error for error in one.run().errors if "Nothing was written in this diary" in error]
    one.council.workers.remove("W1")
    assert [error for error in one.run().errors if "told once" in error]
    assert one.run().errors == ()


def test_a_mailbox_that_may_not_be_opened_while_its_worker_is_still_listed_is_told_every_time(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    out_of_scope(one, "W1")
    assert one.run().errors != ()
    assert one.run().errors != ()
    one.mend()
    assert one.writes_of_a_run() == 0


def test_a_mailbox_that_closed_while_its_worker_is_still_listed_is_told_every_time_and_remembered(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    office.close_mailbox("W1")
    assert one.run().errors != ()
    assert one.run().errors != ()
    office.close_mailbox("W1", closed=False)
    assert one.writes_of_a_run() == 0


def test_children_of_a_leaver_whom_nobody_was_given_stand_in_no_diary_and_that_is_told(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    one.council.workers.remove("W1")
    report = one.run()
    assert len(report.set_aside) == 4
    assert all("W1 is not in the caseload's list of workers" in line for line in report.set_aside)
    assert ours(office, "W1") == []


def away(snapshot, until: date, *, restricted: bool = False):
    """W1 is away, W2 covers."""
    caseload = snapshot.caseload
    absent = {"worker_id": "W1", "start": snapshot.today, "end": until, "kind": "planned"}
    children = caseload.children.to_dicts()
    frames = {
        "absences": makers.frame("absences", absent),
        "children": makers.frame("children", *(row | {"restricted": restricted} for row in children)),
    }
    visits = tuple(replace(visit, needs_cover=True, cover_id="W2") for visit in snapshot.visits)
    return replace(snapshot, caseload=replace(caseload, **frames), visits=visits)


def test_c8a_a_buddys_entries_come_with_the_absence_and_go_with_its_end(bench: Make, office: Office) -> None:
    one = two(bench)
    one.run()
    before = ours(office, "W1")
    usual = one.council.snapshot
    one.council.snapshot = lambda: away(usual(), MONDAY + timedelta(days=2))
    one.run()
    assert len(ours(office, "W2")) == 8
    assert all("cover" in subject for subject in ours(office, "W2"))
    assert len(ours(office, "W1")) == 8
    assert one.writes_of_a_run() == 0
    one.council.snapshot = usual
    one.run()
    assert (ours(office, "W1"), ours(office, "W2")) == (before, [])
    assert one.writes_of_a_run() == 0


def test_a_restricted_child_is_nobodys_but_the_workers_own_also_when_cover_is_named(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    judged(one, lambda snapshot: away(snapshot, MONDAY + timedelta(days=2), restricted=True))
    one.run()
    assert ours(office, "W2") == []
    assert len(ours(office, "W1")) == 8


def test_a_child_that_becomes_restricted_goes_out_of_the_buddys_diary(bench: Make, office: Office) -> None:
    one = two(bench)
    usual = one.council.snapshot
    one.council.snapshot = lambda: away(usual(), MONDAY + timedelta(days=2))
    one.run()
    assert len(ours(office, "W2")) == 8
    one.council.snapshot = lambda: away(usual(), MONDAY + timedelta(days=2), restricted=True)
    one.run()
    assert ours(office, "W2") == []


def moved_address(snapshot, who: str, to: str):
    workers = snapshot.caseload.workers.to_dicts()
    rows = [row | {"email": to} if row["worker_id"] == who else row for row in workers]
    return replace(snapshot, caseload=replace(snapshot.caseload, workers=makers.frame("workers", *rows)))


def test_a_worker_with_a_new_mailbox_has_the_entries_there_and_none_in_the_old(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    before = ours(office, "W1")
    judged(one, lambda snapshot: moved_address(snapshot, "W1", address("W4")))
    one.run()
    assert (ours(office, "W1"), ours(office, "W4")) == ([], before)
    assert one.writes_of_a_run() == 0


def test_a_mailbox_that_answers_to_its_old_and_its_new_address_keeps_its_entries_and_nothing_is_written(
    bench: Make, office: Office
) -> None:
    one = two(bench)
    one.run()
    before = office.events("W1")
    with office.also_known_as("W1", "w1.married@northdale.example"):
        judged(one, lambda snapshot: moved_address(snapshot, "W1", "w1.married@northdale.example"))
        assert one.writes_of_a_run() == 0
        assert office.events("W1") == before
        assert set(rows_by_mailbox(one.world.store)) == {"w1.married@northdale.example"}
        assert one.writes_of_a_run() == 0
