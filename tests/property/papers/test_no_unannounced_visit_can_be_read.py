"""What a family is handed tells nothing of an unannounced visit: no day, no weekday, no count, no gap.

Held against invented households with visits of every outcome: what is hidden is moved, added and taken away,
and the papers stay the same to the letter; and a reader who counts gaps, written here a second time in plain
Python, finds none that a hidden visit would leave.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import holidays
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from paperkit.household import TODAY, Papers, caseload, coming, papers, seen
from paperkit.reading import words

from bot.digest.papers.family_diary import LINES, unbroken
from bot.rendering.papers import making

Row = dict[str, Any]
DAY = timedelta(days=1)
MONTHS = [date(2026, n, 1).strftime("%B") for n in range(1, 13)]
WEEKDAYS = [(date(2026, 11, 23) + n * DAY).strftime("%A") for n in range(7)]
PACKS = (("short-guide",), ("visiting-policy",), ("cp-statutory-visits",), ("visiting-policy", "short-guide"))
CHILDREN = [{"child_id": c, "date_of_birth": date(2019, 6, 1), "household_id": "H1"} for c in ("C1", "C2")]
few = settings(max_examples=max(12, settings.default.max_examples // 5))


@st.composite
def arranged(draw: st.DrawFn) -> Row:
    """A row of the days to come, announced or not."""
    day = TODAY + timedelta(days=draw(st.integers(0, 45)))
    hour = draw(st.sampled_from([None, 9, 15]))
    row = {
        "child_id": draw(st.sampled_from(["C1", "C1", "C1", "C2"])),
        "announced": draw(st.sampled_from([True, True, True, False, None])),
        "kind": draw(st.sampled_from(["visit", "visit", "visit", "contact"])),
    }
    if draw(st.integers(0, 4)) == 0:
        return coming(TODAY - 3 * DAY, **row, status="postponed", planned_for=day, reason="ill")
    return coming(datetime.combine(day, time(hour)) if hour else day, **row)


@st.composite
def households(draw: st.DrawFn) -> dict[str, list[Row]]:
    kind = draw(st.sampled_from(["child_protection", "child_in_need"]))
    past, day = [], TODAY
    for gap in draw(st.lists(st.integers(2, 20), max_size=5)):
        day -= timedelta(days=gap)
        past.append(seen(day, child_id="C1", announced=draw(st.booleans())))
    plans = [
        {"child_id": c, "kind": kind, "start": day - timedelta(days=20), "worker_id": "W1"}
        for c in ("C1", "C2")
    ]
    rows = past + draw(st.lists(arranged(), max_size=8))
    return {"children": CHILDREN, "episodes": plans, "visits": rows}


def secret(row: Row) -> bool:
    return row["announced"] is False and row["status"] != "completed"


def days_of(rows: list[Row]) -> set[date]:
    found = {row.get("planned_for") or row["at"] for row in rows}
    return {one.date() if isinstance(one, datetime) else one for one in found}


def made(home: dict[str, list[Row]], names: tuple[str, ...]) -> Papers:
    return papers(caseload(**home), *names)


def listed(found: Papers) -> list[date]:
    return [one.when.date() for one in found.diary.coming]


@few
@given(households(), st.sampled_from(PACKS), st.data())
def test_what_is_hidden_changes_nothing_that_is_shown(
    home: dict[str, list[Row]], names: tuple[str, ...], data: st.DataObject
) -> None:
    """The unannounced visits taken away, or others put in: the same papers, to the letter."""
    open_rows = [row for row in home["visits"] if not secret(row)]
    told = days_of([row for row in open_rows if row["status"] != "completed"])
    without = made({**home, "visits": open_rows}, names).for_family
    free = [TODAY + n * DAY for n in range(46) if TODAY + n * DAY not in told]
    assume(free)
    hidden = [
        coming(day, child_id=data.draw(st.sampled_from(["C1", "C2"])), announced=False)
        for day in data.draw(st.lists(st.sampled_from(free), min_size=1, max_size=3))
    ]
    assert made({**home, "visits": open_rows + hidden}, names).for_family == without


@few
@given(households(), st.sampled_from(PACKS))
def test_no_day_of_an_unannounced_visit_is_ever_shown(
    home: dict[str, list[Row]], names: tuple[str, ...]
) -> None:
    """Neither as a date nor, where the record has an announced visit on the same day, as that one's."""
    found = made(home, names)
    said = words(making.agreement(found.agreement)) + words(making.family_diary(found.diary))
    for day in days_of([row for row in home["visits"] if secret(row)]):
        for spelling in (
            day.isoformat(),
            f"{day.day} {MONTHS[day.month - 1]}",
            f"{day.day} {MONTHS[day.month - 1][:3]}",
            f"{day.day:02}/{day.month:02}",
        ):
            assert not re.search(rf"(?<!\d){spelling}(?!\d)", said)


@few
@given(households(), st.sampled_from(PACKS))
def test_the_only_days_and_weekdays_on_paper_are_those_of_visits_arranged_with_the_family(
    home: dict[str, list[Row]], names: tuple[str, ...]
) -> None:
    found = made(home, names)
    agreement, diary = words(making.agreement(found.agreement)), words(making.family_diary(found.diary))
    agreement = agreement.replace("A working day is Monday to Friday.", "")
    assert not [one for one in (*MONTHS, *WEEKDAYS) if re.search(rf"\b{one}\b", agreement)]
    days = listed(found)
    assert set(re.findall("|".join(WEEKDAYS), diary)) == {WEEKDAYS[day.weekday()] for day in days}
    shown = re.findall(rf"(\d+) ({'|'.join(MONTHS)}) (\d{{4}})", diary)
    assert shown == [(str(d.day), MONTHS[d.month - 1], str(d.year)) for d in days]
    open_days = days_of([row for row in home["visits"] if not secret(row)])
    assert set(days) <= open_days


@few
@given(households(), st.sampled_from(PACKS))
def test_every_diary_has_the_same_number_of_lines_and_the_same_words(
    home: dict[str, list[Row]], names: tuple[str, ...]
) -> None:
    found = made(home, names)
    page = making.family_diary(found.diary)
    assert page.count("<tr>") == LINES + 1
    calm = made({**home, "visits": [row for row in home["visits"] if row["status"] == "completed"]}, names)
    shown = re.sub(r"(?s)<tbody>.*?</tbody>", "", page)
    assert shown == re.sub(r"(?s)<tbody>.*?</tbody>", "", making.family_diary(calm.diary))
    assert making.agreement(found.agreement) == making.agreement(calm.agreement)


@few
@given(households(), st.sampled_from(PACKS))
def test_a_reader_who_counts_finds_no_gap_longer_than_was_promised(
    home: dict[str, list[Row]], names: tuple[str, ...]
) -> None:
    found = made(home, names)
    often = found.agreement.often
    if often is None:  # nothing was promised: no pack has an interval for this plan
        return
    past = [row["at"] for row in home["visits"] if row["status"] == "completed"]
    last = max(past, default=home["episodes"][0]["start"])
    if by_promise(last, often.says) < TODAY:
        last = TODAY
    for one, two in pairwise([last, *listed(found)]):
        assert two <= by_promise(one, often.says)


def by_promise(day: date, says: str) -> date:
    """The last day that keeps "once every 10 working days" or "once every 3 weeks", counted on fingers."""
    if says == "once a week":
        return day + 7 * DAY
    number, *unit = says.removeprefix("once every ").split()
    if unit == ["working", "days"]:
        closed = holidays.country_holidays("GB", subdiv="ENG", years=range(2025, 2028))
        left = int(number)
        while left:
            day += DAY
            left -= day.weekday() < 5 and day not in closed
        return day
    return day + int(number) * {"days": 1, "weeks": 7}[unit[0]] * DAY


@given(
    rhythm=st.integers(4, 14),
    made_before=st.integers(3, 8),
    to_come=st.integers(1, 8),
    hidden=st.integers(0, 7),
    late=st.integers(0, 3),
)
def test_a_rhythm_with_one_visit_left_out_is_never_shown_beyond_it(
    rhythm: int, made_before: int, to_come: int, hidden: int, late: int
) -> None:
    """Somebody comes every few days; one visit to come is unannounced, and so not among the days to list."""
    last = TODAY - timedelta(days=min(late, rhythm - 1))
    past = [last - n * rhythm * DAY for n in range(made_before)][::-1]
    whole = [last + n * rhythm * DAY for n in range(1, to_come + 1)]
    days = [day for place, day in enumerate(whole) if place != hidden]
    for promised in (lambda day: day + 14 * DAY, lambda day: day + 60 * DAY, None):
        shown = unbroken(days, past=past, begun=None, today=TODAY, promised=promised)
        assert shown == min(hidden, len(whole), LINES)


@given(
    rhythm=st.integers(4, 14),
    jitter=st.lists(st.integers(-1, 1), min_size=8, max_size=8),
    hidden=st.integers(0, 6),
)
def test_neither_is_one_that_is_kept_only_roughly(rhythm: int, jitter: list[int], hidden: int) -> None:
    """A day sooner or later each time; the gap where the hidden visit is stays nearly twice the usual one."""
    assume(rhythm >= 7)
    days = [TODAY + ((n + 1) * rhythm + off) * DAY for n, off in enumerate(jitter)]
    past = [TODAY - n * rhythm * DAY for n in range(5)][::-1]
    open_days = [day for place, day in enumerate(days) if place != hidden]
    assert unbroken(open_days, past=past, begun=None, today=TODAY, promised=None) <= hidden


@few
@given(households(), st.sampled_from(PACKS))
def test_where_the_policy_wants_it_unannounced_a_row_that_does_not_say_is_not_shown(
    home: dict[str, list[Row]], names: tuple[str, ...]
) -> None:
    found = made(home, names)
    if any("unannounced" in need for row in (found.sheet.owed if found.sheet else ()) for need in row.needs):
        announced = days_of([row for row in home["visits"] if row["announced"] is True])
        assert set(listed(found)) <= announced
