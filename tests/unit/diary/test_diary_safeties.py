"""Each safety has a history that goes wrong without it, and only without it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from diarykit.box import Box, Down, Killed, Ledger, Shell
from diarykit.makers import PLAN, achieved, entry, remembered, standing, wanted

from bot.diary.plan import plan_mailbox

ONE = entry()
ON_FRIDAY = entry(on=date(2026, 12, 4))


def diary(without: str) -> Shell:
    return Shell(Box(without=without), Ledger())


def subjects(shell: Shell) -> list[str]:
    return [seen.subject for seen in shell.box.events.values()]


@pytest.mark.parametrize(("without", "entries"), [("", 1), ("transaction id", 2)])
def test_the_transaction_id_keeps_a_repeated_creation_from_making_a_second_entry(without, entries):
    shell = diary(without)
    shell.box.faults = ["ok", "lost", "ok"]  # the list, the creation, the creation again
    shell.run(wanted(ONE), PLAN)
    assert len(shell.box.events) == entries


@pytest.mark.parametrize(("without", "stays"), [("", True), ("if-match", False)])
def test_if_match_keeps_what_a_person_did_between_our_look_and_our_write(without, stays):
    shell = diary(without)
    shell.run(wanted(ONE), PLAN)
    (seen,) = shell.box.events.values()
    noon = datetime(2026, 12, 7, 12)

    def person_moves_it(_: int) -> None:
        shell.box.put(replace(shell.box.events[seen.id], starts=noon, ends=noon + timedelta(hours=1)))

    told = replace(ONE, body=replace(ONE.body, risk=("Dog",)))
    shell.run(wanted(told), PLAN, person_moves_it)
    assert (shell.box.events[seen.id].starts == noon) == stays


@pytest.mark.parametrize(("without", "entries"), [("", 1), ("whole list or nothing", 2)])
def test_a_list_that_failed_is_no_empty_list(without, entries):
    shell = diary(without)
    shell.run(wanted(ONE), PLAN)
    shell.ledger.rows.clear()
    shell.box.made.clear()
    shell.box.faults = ["down"]
    with contextlib.suppress(Down):
        shell.run(wanted(ONE), PLAN)
    assert len(shell.box.events) == entries


@pytest.mark.parametrize(("without", "right"), [("", True), ("intents first", False)])
def test_an_intent_keeps_our_own_lost_shift_from_being_taken_for_a_persons_move(without, right):
    shell = diary(without)
    shell.run(wanted(ONE), PLAN)
    (seen,) = shell.box.events.values()
    shell.box.faults = ["ok", "lost"]
    shell.run(wanted(ON_FRIDAY), PLAN)  # the worker is to be away on Thursday …
    assert shell.box.events[seen.id].starts == ON_FRIDAY.starts
    shell.run(wanted(ONE), PLAN)  # … and is not, after all
    shell.run(wanted(entry(on=date(2026, 12, 2))), PLAN)
    assert (shell.box.events[seen.id].starts == datetime(2026, 12, 2, 9)) == right


@pytest.mark.parametrize("dies_at", range(1, 6))
@pytest.mark.parametrize("after", [False, True])
def test_a_run_that_ends_at_any_point_is_mended_by_the_next(dies_at, after):
    other, gone, done = entry("bb"), entry("cc"), entry("dd")
    shell = diary("")
    shell.run(wanted(ONE, gone, done), PLAN)
    shell.ledger.dies_at, shell.ledger.dies_after_writing = dies_at, after
    now = wanted(replace(ONE, due=date(2026, 12, 3)), other, done=(achieved("dd"),))
    with pytest.raises(Killed):
        shell.run(now, PLAN)
    shell.ledger.dies_at = 0
    shell.run(now, PLAN)
    writes = shell.box.writes
    shell.run(now, PLAN)
    assert shell.box.writes == writes
    assert sorted(subjects(shell)) == [achieved().subject, ONE.subject, other.subject]


def test_the_guard_keeps_a_truncated_export_from_emptying_a_diary():
    many = [entry(f"{number:02}") for number in range(20)]
    seen, known = [standing(one) for one in many], [remembered(one) for one in many]
    careless = replace(PLAN, most_removed=1.0)
    assert plan_mailbox("ann@x.gov.uk", wanted(*many[:4]), seen, known, PLAN).refusal
    assert not plan_mailbox("ann@x.gov.uk", wanted(*many[:4]), seen, known, careless).refusal
