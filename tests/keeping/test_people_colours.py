"""What people do to the bot's colours: the sign that a visit is done, categories that go or are renamed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from keepkit.bench import Bench
from keepkit.children import MONDAY, Council, address
from keepkit.people import Event, Office
from keepkit.seams import Stopped

from bot.store.ledger import rows_by_mailbox

Make = Callable[[Council], Bench]
ORANGE = "Type up"


def reminder(office: Office, worker: str = "W1") -> Event:
    return next(one for one in office.events(worker) if one.ours and not one.all_day and one.categories)


def orange(office: Office, worker: str = "W1") -> list[Event]:
    return [one for one in office.events(worker) if ORANGE in one.categories]


def case_of(one: Bench, event: Event):
    return next(case for case in one.council.cases if case.child_id in event.subject)


def one_child(bench: Make) -> Bench:
    council = Council.of(cases=1, workers=2)
    council.cases[0].worker, council.cases[0].due = "W1", MONDAY + timedelta(days=4)
    return bench(council)


def said_done(one: Bench, office: Office) -> None:
    one.run()
    office.take_colour_out(reminder(office))
    one.run()


def test_the_sign_makes_one_orange_entry_in_the_same_run_and_the_next_writes_nothing(
    bench: Make, office: Office
) -> None:
    one = one_child(bench)
    said_done(one, office)
    assert len(orange(office)) == 1
    assert one.writes_of_a_run() == 0
    assert [row.said_done_at is not None for row in rows_by_mailbox(one.world.store)[address("W1")]].count(
        True
    ) == 2


def test_a_plan_shows_the_orange_entry_before_anything_is_written_and_the_run_does_just_that(
    bench: Make, office: Office
) -> None:
    one = one_child(bench)
    one.run()
    office.take_colour_out(reminder(office))
    report = one.run()
    (kept,) = [kept for kept in report.kept if kept.worker_id == "W1"]
    assert (kept.created, kept.changed, kept.removed) == (1, 0, 0)
    assert any("without its colour" in line.what for line in kept.lines)


def test_a_recorded_visit_ends_the_clock_and_both_entries_say_so_without_colour(
    bench: Make, office: Office
) -> None:
    one = one_child(bench)
    said_done(one, office)
    one.council.record_visit(one.council.cases[0], MONDAY + timedelta(days=20))
    one.run()
    assert orange(office) == []
    subjects = [event.subject for event in office.events("W1")]
    assert sum(subject.startswith("Recorded") for subject in subjects) == 1
    assert sum(subject.startswith("Seen") for subject in subjects) == 2
    assert one.writes_of_a_run() == 0


def test_a_visit_that_turns_out_not_to_count_after_all_is_owed_again_in_its_colour(
    bench: Make, office: Office
) -> None:
    one = one_child(bench)
    case = one.council.cases[0]
    said_done(one, office)
    one.council.record_visit(case, MONDAY + timedelta(days=20))
    one.run()
    one.council.uncount_visit(case, MONDAY + timedelta(days=4))
    one.run()
    assert "Visit" in reminder(office).categories
    assert orange(office) == []
    one.run()
    assert one.writes_of_a_run() == 0


def test_a_lost_store_does_not_take_an_entry_without_colour_that_says_seen_for_somebodys_sign(
    bench: Make, office: Office
) -> None:
    """The bot took its colour out, on the very day that is due again."""
    one = one_child(bench)
    case = one.council.cases[0]
    case.due = MONDAY
    one.run()
    one.council.record_visit(case, MONDAY + timedelta(days=20))
    one.run()
    one.restore_store(None)
    one.council.uncount_visit(case, MONDAY)
    one.run()
    assert orange(office) == []
    assert "Visit" in reminder(office).categories


@pytest.mark.parametrize("what", ["put back", "due changed", "deleted", "coloured out", "moved"])
def test_what_a_person_does_next_is_respected_and_then_nothing_more_is_written(
    bench: Make, office: Office, what: str
) -> None:
    one = one_child(bench)
    said_done(one, office)
    (typed,) = orange(office)
    if what == "put back":
        colourless = next(e for e in office.events("W1") if not e.all_day and not e.categories)
        office.recolour(colourless, "Visit")
    elif what == "due changed":
        one.council.cases[0].due = MONDAY + timedelta(days=6)
    elif what == "deleted":
        office.delete(typed)
    elif what == "coloured out":
        office.take_colour_out(typed)
    else:
        office.move(typed, typed.starts + timedelta(days=1))
    one.run()
    left = orange(office)
    assert len(left) == (1 if what == "moved" else 0)
    if what == "moved":
        assert left[0].starts == typed.starts + timedelta(days=1)
    if what == "coloured out":
        assert any(event.id == typed.id for event in office.events("W1"))
    one.run()
    assert one.writes_of_a_run() == 0
    assert office.doubled(["W1"]) == []


def test_a_lost_store_keeps_the_sign_and_doubles_nothing(bench: Make, office: Office) -> None:
    one = one_child(bench)
    said_done(one, office)
    before = office.picture(["W1"])
    one.restore_store(None)
    one.run()
    assert [entry[3:] for entry in office.picture(["W1"])] == [entry[3:] for entry in before]
    assert one.writes_of_a_run() == 0


def test_a_child_given_to_somebody_else_keeps_the_orange_entry_with_whoever_made_the_visit(
    bench: Make, office: Office
) -> None:
    one = one_child(bench)
    said_done(one, office)
    one.council.cases[0].worker = "W2"
    one.run()
    assert "Visit" in reminder(office, "W2").categories
    assert [event.subject for event in office.events("W1")] == [orange(office)[0].subject]
    assert one.writes_of_a_run() == 0
    one.council.record_visit(one.council.cases[0], MONDAY + timedelta(days=20))
    one.run()
    assert orange(office) == []


def test_a_category_that_its_owner_deletes_is_made_again_and_nobody_is_taken_to_have_said_anything(
    bench: Make, office: Office
) -> None:
    one = one_child(bench)
    one.run()
    office.delete_category("W1", "Visit", from_entries=True)
    report = one.run()
    assert orange(office) == []
    assert "Visit" in reminder(office).categories
    assert office.has_category("W1", "Visit")
    assert any("Made the category Visit again" in line.what for kept in report.kept for line in kept.lines)
    assert one.writes_of_a_run() == 0


def test_a_category_that_its_owner_renames_is_made_beside_theirs(bench: Make, office: Office) -> None:
    one = one_child(bench)
    one.run()
    office.rename_category("W1", "Visit", "Besuche")
    one.run()
    assert set(reminder(office).categories) == {"Besuche", "Visit"}
    assert office.has_category("W1", "Visit")
    assert orange(office) == []
    assert one.writes_of_a_run() == 0


def test_a_category_missing_from_the_list_alone_is_noticed_within_a_week(bench: Make, office: Office) -> None:
    one = one_child(bench)
    one.council.cases[0].due = MONDAY + timedelta(days=40)
    one.run()
    office.delete_category("W1", "Visit", from_entries=False)
    one.set_day(MONDAY + timedelta(days=6))
    one.run()
    assert not office.has_category("W1", "Visit")
    one.set_day(MONDAY + timedelta(days=8))
    one.run()
    assert office.has_category("W1", "Visit")


@pytest.mark.parametrize("trouble", ["stopped", "refused"])
def test_a_category_made_again_by_a_run_that_could_not_colour_the_entries_makes_nobody_say_anything(
    bench: Make, office: Office, trouble: str
) -> None:
    """Else the next run would see its category in the list, and entries without it: said to be done."""
    one = one_child(bench)
    one.run()
    office.delete_category("W1", "Visit", from_entries=True)
    if trouble == "stopped":
        one.seams.begin(stop_after=("POST $batch", lambda: office.has_category("W1", "Visit")))
        with contextlib.suppress(Stopped):
            one.run()
        one.seams.begin()
        one.end_process()
    else:
        one.strike({"do": "503", "verb": "PATCH", "times": None})
        one.run()
        one.mend()
    one.run()
    assert orange(office) == []
    assert "Visit" in reminder(office).categories
    one.run()
    assert office.has_category("W1", "Visit")
    assert one.writes_of_a_run() == 0


def test_where_the_list_of_categories_cannot_be_read_nobody_is_taken_to_have_said_anything(
    bench: Make, office: Office
) -> None:
    one = one_child(bench)
    one.run()
    office.delete_category("W1", "Visit", from_entries=True)
    one.strike({"do": "503", "path": "masterCategories", "verb": "GET", "times": None})
    (error,) = one.run().errors
    assert "Nothing was written in this diary" in error
    assert one.mend() > 0
    assert orange(office) == []
    one.run()
    assert orange(office) == []
    assert "Visit" in reminder(office).categories
    assert one.writes_of_a_run() == 0


@pytest.mark.parametrize("readable", [True, False])
def test_an_entry_that_the_list_did_not_show_says_nothing_by_a_colour_that_went_with_its_category(
    bench: Make, office: Office, readable: bool
) -> None:
    """It is asked for by its id, and its mailbox for its categories, before anything is concluded."""
    one = one_child(bench)
    one.run()
    office.delete_category("W1", "Visit", from_entries=True)
    one.strike({"do": "empty", "path": "events", "verb": "GET", "times": None})
    if not readable:
        one.strike({"do": "503", "path": "masterCategories", "verb": "GET", "times": None})
    report = one.run()
    assert bool(report.errors) is not readable
    assert one.mend() > 0
    assert orange(office) == []
    one.run()
    assert orange(office) == []
    assert "Visit" in reminder(office).categories
    assert office.has_category("W1", "Visit")
    assert one.writes_of_a_run() == 0


def test_an_orange_entry_whose_category_is_deleted_is_orange_again(bench: Make, office: Office) -> None:
    one = one_child(bench)
    said_done(one, office)
    (typed,) = orange(office)
    office.delete_category("W1", ORANGE, from_entries=True)
    one.run()
    assert [event.id for event in orange(office)] == [typed.id]
    assert office.has_category("W1", ORANGE)
    assert one.writes_of_a_run() == 0
