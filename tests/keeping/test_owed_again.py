"""What was taken out and is owed again stands again after one run, however often that happens in a day.

Microsoft makes no second entry for a transaction id that it has seen, even when the first is gone, and the
memory of how many were used may be lost. A visit that is owed and stands nowhere is a missed reminder.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from keepkit.bench import Bench
from keepkit.children import MONDAY, Council
from keepkit.people import Event, Office

from bot.run import undo

Make = Callable[[Council], Bench]


def subjects(office: Office) -> list[str]:
    return sorted(event.subject for event in office.events("W1") if event.ours)


@pytest.mark.parametrize("store", ["kept", "lost"])
def test_a_case_that_closes_and_opens_four_times_in_a_day_has_its_reminder_each_time(
    bench: Make, office: Office, store: str
) -> None:
    one = bench(Council.of(cases=6, workers=1))
    one.run()
    wanted = subjects(office)
    for _ in range(4):
        one.council.cases[1].open = False
        one.run()
        assert len(subjects(office)) < len(wanted)
        if store == "lost":
            one.restore_store(None)
        one.council.cases[1].open = True
        kept = one.run().kept
        assert subjects(office) == wanted
        assert [error for diary in kept for error in diary.errors] == []
        assert one.writes_of_a_run() == 0


def test_an_undo_and_a_run_can_follow_one_another_all_day_and_from_an_empty_store(
    bench: Make, office: Office
) -> None:
    one = bench(Council.of(cases=6, workers=1))
    one.run()
    wanted = subjects(office)
    for _ in range(3):
        undo.remove(one.world, undo.find(one.world, undo.mailboxes(one.world, [], ())))
        assert subjects(office) == []
        one.restore_store(None)
        one.run()
        assert subjects(office) == wanted


def test_a_sign_that_a_lost_store_and_a_renamed_category_take_away_has_its_orange_entry_each_time_it_is_given(
    bench: Make, office: Office
) -> None:
    """Found by the histories: the fifth sign of a day waited five runs for its entry."""
    council = Council.of(cases=1, workers=1)
    council.cases[0].due = MONDAY + timedelta(days=4)
    one = bench(council)
    one.run()
    signed = next(event.id for event in office.events("W1") if not event.all_day)

    def the_one() -> Event:
        return next(event for event in office.events("W1") if event.id == signed)

    for times in range(5):
        office.take_colour_out(the_one())
        one.run()
        assert [event.categories for event in office.events("W1")].count(("Type up",)) == 1
        assert one.writes_of_a_run() == 0
        if times == 0:
            office.rename_category("W1", "Visit", "Besuche")
        office.recolour(the_one(), "Besuche")
        one.restore_store(None)
        one.run()
        assert "Visit" in the_one().categories, "with the store lost a category of their own is no sign"
        assert "Type up" not in {name for event in office.events("W1") for name in event.categories}


@pytest.mark.parametrize("noticed", [True, False])
def test_a_visit_that_did_not_count_after_all_is_reminded_of_although_its_done_entry_was_deleted(
    bench: Make, office: Office, noticed: bool
) -> None:
    """Whoever clears away what is done does not say that they want no reminder of what is not."""
    one = bench(Council.of(cases=3, workers=1, spread=1))
    one.run()
    wanted = subjects(office)
    case = one.council.cases[1]
    due = case.due
    one.council.record_visit(case, due + timedelta(days=14))
    one.run()
    done = [event for event in office.events("W1") if event.ours and not event.categories]
    assert done
    for event in done:
        office.delete(event)
    if noticed:
        one.run()
    one.council.uncount_visit(case, due)
    one.run()
    assert subjects(office) == wanted
    assert one.writes_of_a_run() == 0
