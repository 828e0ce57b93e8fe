"""A notice is told once while its cause stands, then silent, and new when the cause comes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.notices import Letter, Line, Notice, Reader, Seal, Told, letters, sort_out

SEAL = Seal(b"k" * 32)
MONDAY = datetime(2026, 11, 23, 9, 0)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MANAGER, IRO = Reader("M1", team="team"), Reader("iro-0123", "iro@council.example", "reviewed")


def notice(child: str = "20001", to: Reader = MANAGER, **more: object) -> Notice:
    made = Notice(
        cause=("A.8a", child, "2026-11-19"),
        about=f"child {child}",
        kind="concern",
        clause="A.8a",
        says="The last two visits that were to happen did not",
        closes="A visit that takes place",
        asks="",
        to=to,
        lines=(Line(child, child, ("Since Thu 19 Nov",)),),
        since=None,
    )
    return replace(made, **more)  # type: ignore[arg-type]


class Office:
    """What is remembered from one look to the next, as the store does it."""

    def __init__(self) -> None:
        self.told: dict[tuple[str, str], Told] = {}
        self.held = 0

    def look(
        self, *notices: Notice, now: datetime = MONDAY, works: bool = True, unknown: tuple[str, ...] = ()
    ) -> tuple[Letter, ...]:
        before = tuple(self.told.values())
        found = sort_out(notices, before, SEAL, now, works_today=works, unknown=unknown)
        post = letters(found, before, now, HOUR)
        for gone in found.closed:
            del self.told[gone.key, gone.person]
        for letter in post.letters:
            rows = (row for one in letter.tellings for row in one.rows)
            self.told |= {(row.key, row.person): row for row in rows}
        self.held = post.held
        return post.letters


def test_a_notice_is_told_once_and_not_again_the_next_day_or_week() -> None:
    office = Office()
    assert len(office.look(notice())) == 1
    for days in (0, 1, 2, 7, 30):
        assert office.look(notice(), now=MONDAY + days * DAY) == ()


def test_a_cause_that_ended_and_comes_again_is_told_again() -> None:
    office = Office()
    office.look(notice())
    assert office.look(now=MONDAY + DAY) == ()
    assert office.told == {}
    assert len(office.look(notice(), now=MONDAY + 2 * DAY)) == 1


def test_each_reader_is_told_by_a_mail_of_their_own() -> None:
    office = Office()
    first = office.look(notice(), notice(to=IRO))
    assert [letter.to for letter in first] == [MANAGER, IRO]
    assert office.look(notice(), notice(to=IRO), now=MONDAY + DAY) == ()
    new = Reader("M2", team="team")
    assert [letter.to for letter in office.look(notice(to=new), now=MONDAY + DAY)] == [new]


def test_several_notices_of_one_person_are_one_mail() -> None:
    (letter,) = Office().look(notice("20001"), notice("20002"), notice("20003"))
    assert len(letter.tellings) == 3


def test_within_the_hour_nothing_more_is_sent_that_can_wait_and_nothing_is_forgotten() -> None:
    office = Office()
    office.look(notice("20001"))
    both = notice("20001"), notice("20002")
    assert office.look(*both, now=MONDAY + timedelta(minutes=20)) == ()
    assert office.held == 1
    (letter,) = office.look(*both, now=MONDAY + HOUR)
    assert [one.notice.lines[0].child_id for one in letter.tellings] == ["20002"]


def test_what_is_urgent_goes_at_once_and_takes_along_what_waits() -> None:
    office = Office()
    office.look(notice("20001"))
    waits, urgent = notice("20002"), notice("20003", urgent=True)
    assert office.look(waits, now=MONDAY + timedelta(minutes=10)) == ()
    (letter,) = office.look(waits, urgent, now=MONDAY + timedelta(minutes=20))
    assert [one.notice.lines[0].child_id for one in letter.tellings] == ["20003", "20002"]
    assert letter.urgent


def test_a_later_mail_of_a_list_says_how_many_of_it_were_told_before_and_still_stand() -> None:
    """C.8a: whoever reads the newest mail must not take it for all that falls due in the leave."""
    office = Office()
    four = [notice(f"2000{n}", in_list=True) for n in range(4)]
    (first,) = office.look(*four, notice("30001"))
    assert [one.told_before for one in first.tellings] == [0] * 5
    office.look(*four[1:], notice("30001"), now=MONDAY + DAY)
    more = [notice(f"4000{n}", in_list=True) for n in range(2)]
    others = [notice("50001", in_list=True, says="Of another leave"), notice("50002")]
    (later,) = office.look(*four[1:], *more, *others, notice("30001"), now=MONDAY + 2 * DAY)
    said = {one.notice.lines[0].child_id: one.told_before for one in later.tellings}
    assert said == {"40000": 4 - 1, "40001": 4 - 1, "50001": 0, "50002": 0}


def test_what_is_asked_in_addition_is_told_and_what_is_asked_no_more_is_not() -> None:
    office = Office()
    office.look(notice())
    asked = notice(asks="Tell the IRO yourself.", duties=("iro",))
    (letter,) = office.look(asked, now=MONDAY + DAY)
    assert not letter.tellings[0].again
    assert office.look(asked, now=MONDAY + 2 * DAY) == ()
    assert office.look(notice(), now=MONDAY + 3 * DAY) == ()
    assert len(office.told) == 1
    assert office.look(now=MONDAY + 4 * DAY) == ()
    assert office.told == {}


def test_c8e_is_reminded_each_working_day_and_once_on_each_until_the_record_shows_it() -> None:
    office = Office()
    late = notice(daily=True)
    days = [MONDAY + n * DAY for n in range(8)]
    told = [bool(office.look(late, now=day, works=day.weekday() < 5)) for day in days]
    assert told == [True] * 5 + [False] * 2 + [True]
    assert office.look(late, now=days[-1] + 3 * HOUR) == ()
    (row,) = office.told.values()
    assert row.first_told_at == MONDAY
    office.look(now=days[-1] + DAY)
    assert office.look(now=days[-1] + 2 * DAY) == ()


def test_what_could_not_be_looked_at_is_neither_over_nor_told_again() -> None:
    """An Outlook that did not answer does not say that somebody is back at work (C.8b)."""
    office = Office()
    away = notice(about="worker W1", urgent=True)
    office.look(away)
    assert office.look(now=MONDAY + HOUR, unknown=("worker W1",)) == ()
    assert office.look(away, now=MONDAY + 2 * HOUR) == ()
    assert office.look(now=MONDAY + 3 * HOUR, unknown=("worker W2",)) == ()
    assert len(office.look(away, now=MONDAY + 4 * HOUR)) == 1


def test_a_clock_that_was_set_back_holds_nothing_for_ever() -> None:
    office = Office()
    office.look(notice("20001"), now=MONDAY + 7 * DAY)
    assert len(office.look(notice("20001"), notice("20002"), now=MONDAY)) == 1


def test_a_key_says_nothing_and_is_the_same_for_the_same_cause() -> None:
    key = SEAL.key(notice("20001"))
    assert key == SEAL.key(notice("20001", says="in other words", urgent=True))
    assert key != SEAL.key(notice("20002"))
    assert key != Seal(b"j" * 32).key(notice("20001"))
    assert "20001" not in key
    assert len(key) == 64


@given(st.lists(st.frozensets(st.sampled_from("ABC")), min_size=1, max_size=25))
def test_whatever_comes_and_goes_each_cause_is_told_when_it_begins_and_only_then(
    standing: list[frozenset[str]],
) -> None:
    office, yesterday = Office(), frozenset()
    for number, today in enumerate(standing):
        told = office.look(*(notice(child) for child in sorted(today)), now=MONDAY + number * DAY)
        children = [one.notice.lines[0].child_id for letter in told for one in letter.tellings]
        assert sorted(children) == sorted(today - yesterday)
        yesterday = today


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=25))
def test_however_often_it_is_looked_nothing_is_lost_or_doubled_and_who_can_wait_gets_one_mail_an_hour(
    steps: list[tuple[int, bool]],
) -> None:
    """Each step: so many minutes later one more cause stands, urgent or not."""
    office, now, standing = Office(), MONDAY, []
    mails: list[tuple[datetime, Letter]] = []
    for number, (minutes, urgent) in enumerate(steps):
        now += timedelta(minutes=minutes)
        standing.append(notice(f"{20000 + number}", urgent=urgent))
        mails += [(now, letter) for letter in office.look(*standing, now=now)]
        if urgent:
            assert mails[-1][0] == now, "what is urgent goes at once"
    mails += [(now + 2 * HOUR, letter) for letter in office.look(*standing, now=now + 2 * HOUR)]
    children = [one.notice.lines[0].child_id for _, letter in mails for one in letter.tellings]
    assert sorted(children) == sorted(one.lines[0].child_id for one in standing)
    calm = [(at, before) for (before, _), (at, letter) in pairwise(mails) if not letter.urgent]
    assert all(at - before >= HOUR for at, before in calm)


@pytest.mark.parametrize("minutes", [0, 59, 60])
def test_the_hour_is_counted_from_the_last_mail_of_that_person_alone(minutes: int) -> None:
    office = Office()
    office.look(notice("20001"))
    now = MONDAY + timedelta(minutes=minutes)
    told = {letter.to for letter in office.look(notice("20001"), notice("20002"), notice(to=IRO), now=now)}
    assert told == ({MANAGER, IRO} if minutes >= 60 else {IRO})
