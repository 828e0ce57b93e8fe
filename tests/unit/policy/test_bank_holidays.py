"""Working-day dues across bank holidays, each date reckoned by hand with a calendar of that year.

No expected value here comes from a library of holidays: those extrapolate, and two of them part in 2023.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.caseload.model import Caseload
from bot.policy.due import judge
from bot.policy.pack import Pack, read_pack
from bot.policy.worktime import OwnDays, for_england

COMPARED = Path(__file__).parents[4] / "shared" / "data" / "bank_holidays_compare_2018_2030.csv"
PUBLISHED = "govuk_bank_holidays_0.19_cached"
Make = Callable[..., Caseload]
Packs = Callable[[str], Pack]


def due(
    make: Make,
    pack: Pack,
    kind: str,
    anchor: str,
    clause: str,
    closures: Sequence[date] = (),
    **visit: object,
) -> date:
    """The clause's date for a plan that started, or was visited at home and alone, on the anchor."""
    episode = {"kind": kind, "start": anchor, "worker_id": "W1"}
    seen = {"at": anchor, "status": "completed", "seen": True, "seen_alone": True, "at_home": True}
    visits = [seen | {"worker_id": "W1"} | visit] if visit.pop("visited", True) else []
    known = make(episodes=[episode], visits=visits)
    found = judge(known, [pack], date.fromisoformat(anchor), OwnDays(tuple(closures))).due
    return {one["id"]: one["due"] for row in found["clauses"] for one in row}[clause]


# --- the Christmas weeks of every year ---------------------------------------------------------------

TEN_AFTER_20_DECEMBER = [
    ("2018-12-20", "2019-01-08"),  # Thu: 21, 24 · 27, 28, 31 · 2, 3, 4, 7, 8
    ("2019-12-20", "2020-01-08"),  # Fri: 23, 24 · 27, 30, 31 · 2, 3, 6, 7, 8
    ("2020-12-20", "2021-01-06"),  # Sun: 21 to 24 · Mon 28 is Boxing Day's: 29, 30, 31 · 4, 5, 6
    ("2021-12-20", "2022-01-06"),  # Mon: 21 to 24 · 27 and 28 are both Christmas's: 29 to 31 · Mon 3: 4, 5, 6
    ("2022-12-20", "2023-01-06"),  # Tue: 21 to 23 · 26, and 27 for Sunday the 25th: 28 to 30 · Mon 2: 3 to 6
    ("2023-12-20", "2024-01-08"),  # Wed: 21, 22 · 27 to 29 · Mon 1: 2 to 5, 8
    ("2024-12-20", "2025-01-08"),  # Fri: 23, 24 · 27, 30, 31 · 2, 3, 6, 7, 8
    ("2025-12-20", "2026-01-07"),  # Sat: 22 to 24 · 29 to 31 · 2, 5, 6, 7
    ("2026-12-20", "2027-01-06"),  # Sun: 21 to 24 · Mon 28 is Boxing Day's: 29 to 31 · 4, 5, 6
    ("2027-12-20", "2028-01-06"),  # Mon: 21 to 24 · 27 and 28 are both Christmas's: 29 to 31 · Mon 3: 4, 5, 6
    ("2028-12-20", "2029-01-08"),  # Wed: 21, 22 · 27 to 29 · Mon 1: 2 to 5, 8
    ("2029-12-20", "2030-01-08"),  # Thu: 21, 24 · 27, 28, 31 · 2, 3, 4, 7, 8
    ("2030-12-20", "2031-01-08"),  # Fri: 23, 24 · 27, 30, 31 · 2, 3, 6, 7, 8
]


@pytest.mark.parametrize(("seen", "expected"), TEN_AFTER_20_DECEMBER)
def test_ten_working_days_over_the_christmas_of_every_year_by_b_1_and_d_4b(
    seen: str, expected: str, pack: Packs, caseload: Make
) -> None:
    for name, clause in (("visiting-policy", "B.1"), ("measures-of-practice", "D.4b")):
        found = due(caseload, pack(name), "child_protection", seen, clause)
        assert found == date.fromisoformat(expected), clause


@pytest.mark.parametrize(
    ("kind", "name", "clause", "anchor", "visited", "expected"),
    [
        # Fri 24 Dec 2021; Christmas is kept on Mon 27 and Tue 28: Wed 29 is 1, Thu 30 is 2.
        ("section_47", "measures-of-practice", "D.2b", "2021-12-24", False, "2021-12-30"),
        # Fri 31 Dec 2021; New Year's Day is kept on Mon 3: Tue 4 is 1.
        ("referral", "measures-of-practice", "D.2a", "2021-12-31", False, "2022-01-04"),
        # Sat 25 Dec 2027, a start on the holiday itself: 29, 30, 31 · 4, 5.
        ("early_help", "measures-of-practice", "D.1a", "2027-12-25", False, "2028-01-05"),
        # Fri 11 Dec 2026: 14 to 18 are 5, 21 to 24 are 9, 29 to 31 are 12, 4 to 8 Jan are 17; 11, 12, 13.
        ("child_in_need", "visiting-policy", "B.2", "2026-12-11", True, "2027-01-13"),
        ("child_in_need", "measures-of-practice", "D.3", "2026-12-11", True, "2027-01-13"),
        # Wed 23 Dec 2026: 24 · 29, 30, 31 · 4, 5, 6.
        ("private_fostering", "england-statutory", "PF.initial", "2026-12-23", False, "2027-01-06"),
    ],
)
def test_the_other_clauses_in_working_days_over_christmas(
    kind: str,
    name: str,
    clause: str,
    anchor: str,
    visited: bool,
    expected: str,
    pack: Packs,
    caseload: Make,
) -> None:
    found = due(caseload, pack(name), kind, anchor, clause, visited=visited)
    assert found == date.fromisoformat(expected)


def test_a_failed_visit_on_christmas_eve_is_tried_again_after_the_substitute_days_by_b_7(
    pack: Packs, caseload: Make
) -> None:
    # Fri 24 Dec 2021; Mon 27 and Tue 28 are holidays: Wed 29 is 1, Thu 30 is 2.
    known = caseload(
        episodes=[{"kind": "child_in_need", "start": "2021-12-20", "worker_id": "W1"}],
        visits=[{"at": "2021-12-24", "status": "failed", "worker_id": "W1"}],
    )
    rows = judge(known, [pack("visiting-policy")], date(2021, 12, 24)).due.to_dicts()
    assert {one["id"]: one["due"] for one in rows[0]["clauses"]}["B.7"] == date(2021, 12, 30)


# --- the days that came once -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("2020-05-01", "2020-05-18"),  # May Day kept on Fri 8, for Victory in Europe: 4 to 7 · 11 to 15 · 18
        (
            "2022-05-27",
            "2022-06-14",
        ),  # Spring moved to Thu 2, the Jubilee on Fri 3: 30 to 1 · 6 to 10 · 13, 14
        ("2022-06-01", "2022-06-17"),  # Thu 2 and Fri 3: 6 to 10 · 13 to 17
        ("2022-09-15", "2022-09-30"),  # the State funeral on Mon 19: 16 · 20 to 23 · 26 to 30
        ("2022-09-19", "2022-10-03"),  # seen on that day: 20 to 23 · 26 to 30 · 3
        ("2023-04-28", "2023-05-16"),  # May Day on Mon 1, the Coronation on Mon 8: 2 to 5 · 9 to 12 · 15, 16
        ("2024-03-28", "2024-04-15"),  # Easter: Fri 29 and Mon 1: 2 to 5 · 8 to 12 · 15
        ("2018-03-29", "2018-04-16"),  # Easter: Fri 30 and Mon 2: 3 to 6 · 9 to 13 · 16
        ("2027-08-27", "2027-09-13"),  # Summer, Mon 30: 31 to 3 · 6 to 10 · 13
    ],
)
def test_ten_working_days_over_the_holidays_of_one_year_alone(
    seen: str, expected: str, pack: Packs, caseload: Make
) -> None:
    found = due(caseload, pack("measures-of-practice"), "child_protection", seen, "D.4b")
    assert found == date.fromisoformat(expected)


# --- the council's own days --------------------------------------------------------------------------

BETWEEN_THE_YEARS = (date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31))


def test_days_on_which_the_council_is_closed_are_no_working_days(pack: Packs, caseload: Make) -> None:
    # Sun 20 Dec 2026: 21 to 24 are 4; 29 to 31 closed; 4 to 8 Jan are 9; Mon 11 is 10.
    for name, clause in (("visiting-policy", "B.1"), ("measures-of-practice", "D.4b")):
        found = due(caseload, pack(name), "child_protection", "2026-12-20", clause, BETWEEN_THE_YEARS)
        assert found == date(2027, 1, 11)


def test_a_pack_carries_closures_of_its_own(caseload: Make) -> None:
    text = "title: T\nsource: {title: S}\ncovers: [child_protection]\n"
    text += f"closures: [{', '.join(day.isoformat() for day in BETWEEN_THE_YEARS)}]\n"
    text += "clauses: [{id: X.1, says: s, cites: c, clocks: [{every: 10 working days}]}]\n"
    found = due(caseload, read_pack("x.yaml", text), "child_protection", "2026-12-20", "X.1")
    assert found == date(2027, 1, 11)


def test_a_closure_at_a_weekend_or_on_a_holiday_takes_no_second_day(pack: Packs, caseload: Make) -> None:
    closed = (date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 27), date(2026, 12, 28))
    found = due(caseload, pack("visiting-policy"), "child_protection", "2026-12-20", "B.1", closed)
    assert found == date(2027, 1, 6)


@pytest.mark.parametrize(
    ("closed", "act_by", "remind_on"),
    [
        ((), date(2026, 12, 24), date(2026, 12, 23)),
        ((date(2026, 12, 24),), date(2026, 12, 23), date(2026, 12, 22)),
    ],
)
def test_a_calendar_date_stays_on_christmas_day_and_what_people_are_told_moves(
    closed: tuple[date, ...], act_by: date, remind_on: date, pack: Packs, caseload: Make
) -> None:
    # C.1: "regardless of public holidays". Fri 11 Dec + 14 = Fri 25 Dec.
    known = caseload(episodes=[{"kind": "child_protection", "start": "2026-12-11", "worker_id": "W1"}])
    found = judge(known, [pack("cp-statutory-visits")], date(2026, 12, 11), OwnDays(tuple(closed)))
    row = found.due.to_dicts()[0]
    assert (row["due"], row["act_by"], row["remind_on"]) == (date(2026, 12, 25), act_by, remind_on)


# --- every day of thirteen years ---------------------------------------------------------------------


@pytest.mark.skipif(not COMPARED.exists(), reason="the table of bank holidays is not beside the repository")
def test_the_working_days_of_2018_to_2030_are_those_of_the_published_list() -> None:
    with COMPARED.open(encoding="utf-8") as file:
        published = {date.fromisoformat(row["date"]) for row in csv.DictReader(file) if row[PUBLISHED]}
    first, last = date(2018, 1, 1), date(2030, 12, 31)
    weekdays = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    weekdays = [day for day in weekdays if day.weekday() < 5]
    work = for_england()
    assert [day for day in weekdays if not work.is_working(day)] == sorted(published & set(weekdays))
