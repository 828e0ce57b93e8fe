"""What fell due in the last twelve weeks, in cases that a person can check by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.caseload.model import Caseload
from bot.policy.looking_back import FellDue, fell_due
from bot.policy.pack import Pack

TODAY = date(2026, 11, 30)  # a Monday
DAY = timedelta(days=1)
EIGHTY_FOUR = TODAY - 84 * DAY

Look = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def look(caseload: Callable[..., Caseload], pack: Callable[[str], Pack]) -> Look:
    """The rows of a child protection plan from 1 June under pack C, with these visits."""

    def back(
        *visits: dict[str, Any], today: date = TODAY, packs: tuple[str, ...] = (), **plan: Any
    ) -> list[dict[str, Any]]:
        given = {"kind": "child_protection", "start": date(2026, 6, 1), "worker_id": "W1", **plan}
        known = caseload(
            children=[{"child_id": "C1", "date_of_birth": date(2015, 6, 1)}],
            episodes=[given],
            visits=list(visits),
            workers=[{"worker_id": "W1"}],
        )
        rows = fell_due(known, [pack(name) for name in packs or ("cp-statutory-visits",)], today)
        assert FellDue.validate(rows) is not None
        return rows.to_dicts()

    return back


def seen(day: date, **boxes: Any) -> dict[str, Any]:
    given = {"at": day, "status": "completed", "seen": True, "seen_alone": True, "at_home": True}
    return {**given, "finalised_at": day, "worker_id": "W1", **boxes}


def told(rows: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]


def every(days: int, first: date, last: date = TODAY - DAY) -> list[dict[str, Any]]:
    return [seen(first + n * DAY) for n in range(0, (last - first).days + 1, days)]


def test_a_visit_made_early_fell_due_too_and_is_in_time(look: Look) -> None:
    """C.1: every 14 days. Who goes every ten is in time as often as it fell due, not never."""
    rows = look(*every(10, date(2026, 6, 11)))
    assert {row["outcome"] for row in rows} == {"in_time"}
    dues = [row["due"] for row in rows]
    assert dues == [row["done_on"] + 4 * DAY for row in rows]
    assert EIGHTY_FOUR <= min(dues) < EIGHTY_FOUR + 10 * DAY


def test_only_what_fell_due_in_the_84_days_up_to_yesterday_is_told(look: Look) -> None:
    on_the_day = [
        [row["due"] for row in look(*every(14, EIGHTY_FOUR - 28 * DAY + n * DAY, TODAY)) if row["done_on"]]
        for n in (0, 1)
    ]
    assert on_the_day[0][0] == EIGHTY_FOUR
    assert on_the_day[1][0] == EIGHTY_FOUR + DAY
    assert all(TODAY not in days for days in on_the_day)


def test_a_visit_made_before_the_twelve_weeks_for_a_day_within_them_is_told(look: Look) -> None:
    early = EIGHTY_FOUR - 2 * DAY
    rows = look(*every(10, early - 30 * DAY))
    assert told(rows[:1], "due", "done_on", "outcome") == [(early + 4 * DAY, early, "in_time")]


def test_a_visit_never_made_counts_once_however_long_it_is_owed(look: Look) -> None:
    """Nine weeks overdue is one visit not done, with its own due day."""
    last = TODAY - 77 * DAY
    rows = look(*every(14, date(2026, 6, 15), last - 15 * DAY), seen(last))
    assert told(rows[-1:], "due", "done_on", "outcome", "days_late") == [
        (last + 14 * DAY, None, "not_done", 63)
    ]


def test_what_was_owed_before_the_twelve_weeks_and_still_is_counts_in_every_one_of_them(look: Look) -> None:
    rows = look(start=date(2026, 3, 1))
    assert told(rows, "due", "outcome") == [(date(2026, 3, 15), "not_done")]


def test_a_plan_that_ends_takes_no_visit_with_it_that_was_never_made(look: Look) -> None:
    rows = look(seen(date(2026, 9, 10)), start=date(2026, 9, 1), end=date(2026, 10, 20))
    assert told(rows, "due", "outcome", "days_late") == [
        (date(2026, 9, 15), "in_time", 0),
        (date(2026, 9, 24), "not_done", 26),
    ]


def test_a_plan_that_ends_before_the_day_makes_nothing_fall_due(look: Look) -> None:
    rows = look(seen(date(2026, 9, 10)), start=date(2026, 9, 1), end=date(2026, 9, 23))
    assert told(rows, "due") == [(date(2026, 9, 15),)]


@pytest.mark.parametrize("box", [{"finalised_at": None}, {"seen_alone": None}, {"seen": None}])
def test_done_and_not_recorded_is_kept_apart_from_not_done_c4(look: Look, box: dict[str, Any]) -> None:
    """C.4: counts only when finalised, with seen and seen-alone ticked."""
    rows = look(seen(TODAY - 30 * DAY), seen(TODAY - 18 * DAY, **box), start=TODAY - 40 * DAY)
    assert told(rows[-1:], "due", "done_on", "recorded", "outcome", "days_late") == [
        (TODAY - 16 * DAY, TODAY - 18 * DAY, False, "not_recorded", 0)
    ]


def test_a_visit_that_did_not_see_the_child_is_not_done_however_well_recorded(look: Look) -> None:
    rows = look(seen(TODAY - 30 * DAY), seen(TODAY - 18 * DAY, seen=False), start=TODAY - 40 * DAY)
    assert told(rows[-1:], "done_on", "outcome") == [(None, "not_done")]


def test_what_was_recorded_since_counts_as_it_is_today_c4(look: Look) -> None:
    """A record written three weeks late is a record; that it was late is C.3's to say."""
    rows = look(
        seen(TODAY - 40 * DAY), seen(TODAY - 28 * DAY, finalised_at=TODAY - DAY), start=TODAY - 41 * DAY
    )
    assert told(rows[1:2], "due", "outcome", "recorded") == [(TODAY - 26 * DAY, "in_time", True)]


def test_where_no_clause_asks_for_the_record_a_visit_counts_and_is_told_to_be_unrecorded(look: Look) -> None:
    rows = look(
        seen(TODAY - 30 * DAY),
        seen(TODAY - 22 * DAY, finalised_at=None),
        start=TODAY - 31 * DAY,
        packs=("short-guide",),
    )
    assert told(rows[1:2], "outcome", "recorded") == [("in_time", False)]


def test_a_late_visit_tells_how_late(look: Look) -> None:
    rows = look(seen(TODAY - 40 * DAY), seen(TODAY - 20 * DAY), start=TODAY - 41 * DAY)
    assert told(rows[1:2], "due", "done_on", "outcome", "days_late") == [
        (TODAY - 26 * DAY, TODAY - 20 * DAY, "late", 6)
    ]


def test_a_day_before_the_present_worker_held_the_child_is_nobodys_that_is_known(look: Look) -> None:
    rows = look(*every(14, date(2026, 6, 15)), worker_since=TODAY - 30 * DAY)
    assert {row["worker_id"] for row in rows if row["due"] < TODAY - 30 * DAY} == {None}
    assert {row["worker_id"] for row in rows if row["due"] >= TODAY - 30 * DAY} == {"W1"}


def test_a_must_that_is_wanted_now_and_then_makes_no_visit_that_fell_due_a4(look: Look) -> None:
    """A.4: an unannounced visit every three months is asked of a visit that is owed anyway."""
    visits = every(10, date(2026, 6, 11))
    assert {row["outcome"] for row in look(*visits, packs=("short-guide",))} == {"in_time"}


def test_a_second_attempt_that_failed_is_neither_for_nor_against_anybody_b7(look: Look) -> None:
    """B.7: try again within two working days; the last one sets the day."""
    failed = [{"at": TODAY - n * DAY, "status": "failed", "worker_id": "W1"} for n in (20, 18, 17)]
    rows = look(
        seen(TODAY - 26 * DAY),
        *failed,
        seen(TODAY - 13 * DAY),
        start=TODAY - 27 * DAY,
        packs=("visiting-policy",),
    )
    assert told(rows, "due", "done_on", "outcome") == [
        (date(2026, 11, 17), TODAY - 26 * DAY, "in_time"),
        (date(2026, 11, 17), TODAY - 13 * DAY, "in_time"),
    ]


def test_stages_met_one_by_one_are_rows_of_their_own_d5(look: Look) -> None:
    """D.5a on the day of placement, D.5b within a week, then weekly (D.5c)."""
    start = TODAY - 20 * DAY
    rows = look(
        seen(start),
        seen(start + 5 * DAY),
        seen(start + 15 * DAY),
        start=start,
        kind="in_our_care",
        packs=("measures-of-practice",),
    )
    assert told(rows, "due", "outcome") == [
        (start, "in_time"),
        (start + 7 * DAY, "in_time"),
        (start + 12 * DAY, "late"),
    ]


def test_an_empty_caseload_has_nothing_that_fell_due(
    caseload: Callable[..., Caseload], pack: Callable[[str], Pack]
) -> None:
    rows = fell_due(caseload(), [pack("cp-statutory-visits")], TODAY)
    assert rows.schema == FellDue.create_empty().schema
    assert rows.is_empty()
