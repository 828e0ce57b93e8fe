"""Who is told of what: each cause of docs/notices.md, to its readers and to nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.digest.gathering import gather
from bot.digest.notices import Notice, Seal
from bot.digest.noticing.causes import causes
from bot.digest.noticing.facts import Facts
from bot.digest.noticing.welcome import newcomers, welcome
from bot.errors import Problem
from bot.policy.judgement import ClauseDue, Concern
from bot.run.snapshot import load_packs
from bot.settings import HOME

TODAY = date(2026, 11, 23)  # a Monday
DAY = timedelta(days=1)
SEAL = Seal(b"k" * 32)
NOW = datetime(2026, 11, 23, 7, 0)
IRO = "iro@council.example"


def facts(council: Any, away: frozenset[str] = frozenset(), packs: tuple[str, ...] = ()) -> Facts:
    due, judgement, caseload, today = council.given()
    return Facts(
        known=gather(due, judgement, caseload, today, "number"),
        caseload=caseload,
        judgement=judgement,
        packs=load_packs(packs, HOME / "rules") if packs else (),
        ahead=5,
        allowed=lambda address: address.endswith("@council.example"),
        out_of_office=away,
    )


def found(council: Any, **more: Any) -> tuple[tuple[Notice, ...], tuple[Problem, ...]]:
    return causes(facts(council, **more))


def told(council: Any, **more: Any) -> set[tuple[str, str, str]]:
    """(person, clause, child) of everything that stands."""
    notices, _ = found(council, **more)
    return {(one.to.person, one.clause, line.child_id) for one in notices for line in one.lines}


def concern(child: str, clause: str, *to: str, situation: str = "", **more: Any) -> Concern:
    return Concern(
        child, clause, to, "It is so.", "What closes it.", TODAY - DAY, situation=situation, **more
    )


# concerns


@pytest.mark.parametrize("clause", ["A.7", "A.8a", "A.8b", "A.8c", "A.8d"])
def test_a7_and_a8_go_to_the_manager_and_the_iro(council: Any, clause: str) -> None:
    council.child("20001", "J.S.", "W1", iro_email=IRO)
    council.concerns.append(concern("20001", clause, "manager", "iro"))
    notices, problems = found(council)
    assert {(one.to.person[:4], one.to.address, one.clause) for one in notices} == {
        ("M1", "", clause),
        ("iro-", IRO, clause),
    }
    assert problems == ()


def test_a_concern_put_to_the_worker_alone_is_no_notice(council: Any) -> None:
    council.child("20001", "J.S.", "W1")
    council.concerns.append(concern("20001", "A.9", "worker"))
    assert told(council) == set()


def test_an_iro_who_is_among_the_workers_is_one_reader_with_one_name(council: Any) -> None:
    council.worker("R1", "Ivo Ross", role="iro", email=IRO, manager_id=None)
    council.child("20001", "J.S.", "W1", iro_email=IRO)
    council.concerns.append(concern("20001", "A.8a", "iro"))
    assert told(council) == {("R1", "A.8a", "20001")}


@pytest.mark.parametrize("address", [None, "iro@elsewhere.example"])
def test_an_iro_without_an_address_mail_may_go_to_is_told_by_the_manager_and_it_is_a_problem(
    council: Any, address: str | None
) -> None:
    council.child("20001", "J.S.", "W1", iro_email=address)
    council.concerns.append(concern("20001", "A.8a", "manager", "iro"))
    notices, problems = found(council)
    assert [one.to.person for one in notices] == ["M1"]
    assert "tell the IRO yourself" in notices[0].asks
    assert [problem.where for problem in problems] == ["children.csv: iro_email of child 20001"]


def test_a_restricted_childs_manager_is_told_in_place_of_everybody_else_and_asked_to_tell_them(
    council: Any,
) -> None:
    council.child("20001", "J.S.", "W1", iro_email=IRO, restricted=True)
    council.concerns.append(concern("20001", "A.8a", "manager", kept_from=("iro",)))
    council.concerns.append(concern("20001", "X.1", "service_manager"))
    notices, _ = found(council)
    assert {(one.to.person, one.clause) for one in notices} == {("M1", "A.8a"), ("M1", "X.1")}
    assert all("restricted" in one.asks for one in notices)


def test_a_pack_may_name_the_service_manager_above_the_manager(council: Any) -> None:
    council.worker("S1", "Sue Vice", role="service_manager", manager_id=None)
    council.workers[0]["manager_id"] = "S1"
    council.child("20001", "J.S.", "W1")
    council.concerns.append(concern("20001", "X.1", "service_manager"))
    assert told(council) == {("S1", "X.1", "20001")}


def test_a_notice_without_a_reader_is_a_problem_and_never_a_silence(council: Any) -> None:
    council.worker("W9", "Nobody's", manager_id=None)
    council.child("20001", "J.S.", "W9")
    council.child("20002", "K.S.", None)
    council.concerns += [concern("20001", "A.8b", "manager"), concern("20002", "A.8b", "manager")]
    notices, problems = found(council)
    assert notices == ()
    assert [problem.where for problem in problems] == ["workers.csv:W9:manager_id", "episodes.csv"]


def test_c8e_asks_for_advice_is_repeated_daily_and_urgent_from_the_due_day(council: Any) -> None:
    council.child("20001", "J.S.", "W1")
    council.child("20002", "K.S.", "W1")
    late, ahead = TODAY, TODAY + 3 * DAY
    for child, since in (("20001", late), ("20002", ahead)):
        council.concerns.append(
            Concern(child, "C.8e", ("manager",), "Late.", "It.", since, situation="foreseeably_late")
        )
    notices, _ = found(council)
    assert all(one.daily and "advice or approval" in one.asks for one in notices)
    assert [one.urgent for one in notices] == [True, False]


def late(child: str, since: date) -> Concern:
    return Concern(
        child,
        "C.8e",
        ("manager",),
        "Late.",
        "It.",
        since,
        situation="foreseeably_late",
        of_clauses=("C.0", "C.1"),
    )


@pytest.mark.parametrize(
    ("due", "ends", "said"),
    [
        (
            2,
            3,
            [
                "Visit due Wed 25 Nov under A.3, the earlier day",
                "The timescale that would be passed is Thu 26 Nov under C.1",
            ],
        ),
        (
            -1,
            0,
            [
                "Visit OVERDUE 1 day, was due Sun 22 Nov under A.3, the earlier day",
                "The timescale that would be passed is TODAY under C.1",
            ],
        ),
        (
            -3,
            -1,
            [
                "Visit OVERDUE 3 days, was due Fri 20 Nov under A.3, the earlier day",
                "The timescale that has been passed was Sun 22 Nov under C.1",
            ],
        ),
    ],
)
def test_c8e_says_the_earlier_day_of_another_clause_and_the_timescale_that_would_be_passed(
    council: Any, due: int, ends: int, said: list[str]
) -> None:
    """A manager reads which day matters: the child is owed a visit before C.1's timescale ends."""
    council.child("20001", "J.S.", "W1")
    timescale = ClauseDue("C.1", TODAY + ends * DAY, None, "14 days.", NOW, "visit", "14 days")
    council.owe("20001", TODAY + due * DAY, clause="A.3", more=(timescale,))
    council.concerns.append(late("20001", TODAY + ends * DAY))
    (notice,) = found(council)[0]
    assert list(notice.lines[0].words) == ["Worker: Amira Khan", *said]


def test_c8e_of_one_day_says_it_once(council: Any) -> None:
    council.child("20001", "J.S.", "W1")
    council.owe("20001", TODAY + 3 * DAY, clause="C.1")
    council.concerns.append(late("20001", TODAY + 3 * DAY))
    (notice,) = found(council)[0]
    said = "Visit due Thu 26 Nov under C.1: the timescale that would be passed"
    assert list(notice.lines[0].words) == ["Worker: Amira Khan", said]


@pytest.mark.parametrize(
    ("ends", "says"), [(-2, "The visit has gone out of timescale"), (0, "Late"), (2, "Late")]
)
def test_c8e_of_a_timescale_that_has_been_passed_says_so_and_the_packs_words_of_one_to_come(
    council: Any, ends: int, says: str
) -> None:
    council.child("20001", "J.S.", "W1")
    council.concerns.append(late("20001", TODAY + ends * DAY))
    assert [one.says for one in found(council)[0]] == [says]


def test_c3_says_which_visit_has_no_record_and_by_when_it_was_to_be_finished(council: Any) -> None:
    council.child("20001", "J.S.", "W1")
    for days, due in ((8, 6), (4, 2), (0, -2)):
        visit = council.visit("20001", TODAY - days * DAY, worker_id="W1")
        council.record_owed("20001", visit, clause="C.3", due=TODAY - due * DAY)
    council.concerns.append(concern("20001", "C.3", "manager", situation="recording_overdue"))
    (notice,) = found(council)[0]
    assert notice.lines[0].words == (
        "Worker: Amira Khan",
        "The record of the visit of Sun 15 Nov was to be finished by Tue 17 Nov",
        "The record of the visit of Thu 19 Nov was to be finished by Sat 21 Nov",
    )


# one cause, several clauses

BY_ANOTHER = {"situation": "seen_by_someone_else", "figures": (2, 0, 0)}


def keys(council: Any) -> set[tuple[str, str]]:
    """(person, key) of all that is remembered once everything is told."""
    return {(one.to.person, key) for one in found(council)[0] for key in SEAL.keys(one)}


def test_a0_and_b0_of_one_cause_are_one_notice_under_both_and_not_told_anew_where_a_pack_is_added(
    council: Any,
) -> None:
    council.child("20001", "J.S.", "W1")
    council.concerns.append(concern("20001", "B.0", "manager", **BY_ANOTHER))
    under_one = keys(council)
    council.concerns.insert(0, concern("20001", "A.0", "manager", **BY_ANOTHER))
    assert told(council) == {("M1", "A.0, B.0", "20001")}
    assert keys(council) == under_one


def test_whom_only_the_added_clause_names_is_told_and_nobody_else_again(council: Any) -> None:
    council.child("20001", "J.S.", "W1", iro_email=IRO)
    council.concerns.append(concern("20001", "B.0", "manager", **BY_ANOTHER))
    before = keys(council)
    council.concerns.append(concern("20001", "X.0", "manager", "iro", **BY_ANOTHER))
    assert {person[:4] for person, _ in keys(council) - before} == {"iro-"}
    assert {(person[:4], clause) for person, clause, _ in told(council)} == {
        ("M1", "B.0, X.0"),
        ("iro-", "X.0"),
    }


@pytest.mark.parametrize("more", [{"restricted": True}, {"iro_email": None}])
def test_a_manager_who_is_now_asked_to_tell_the_iro_is_told_anew(council: Any, more: dict[str, Any]) -> None:
    council.child("20001", "J.S.", "W1", **({"iro_email": IRO} | more))
    council.concerns.append(concern("20001", "B.0", "manager", **BY_ANOTHER))
    before = keys(council)
    council.concerns.append(concern("20001", "X.0", "manager", "iro", **BY_ANOTHER))
    assert {person for person, _ in keys(council) - before} == {"M1"}


@pytest.mark.parametrize("other", [{"figures": (3, 0, 0)}, {"situation": "missed_in_a_row"}])
def test_by_other_figures_or_of_another_kind_it_is_another_cause(council: Any, other: dict[str, Any]) -> None:
    """Not seen for 28 days is something new to whoever was told that it is 10."""
    council.child("20001", "J.S.", "W1")
    council.concerns.append(concern("20001", "B.0", "manager", **BY_ANOTHER))
    council.concerns.append(concern("20001", "X.0", "manager", **(BY_ANOTHER | other)))
    assert told(council) == {("M1", "B.0", "20001"), ("M1", "X.0", "20001")}


def test_c8e_two_clauses_that_want_an_approval_each_are_two_notices(council: Any) -> None:
    """An approval recorded under one answers not the other."""
    council.child("20001", "J.S.", "W1")
    council.concerns += [late("20001", TODAY), replace(late("20001", TODAY), id="X.9")]
    assert {clause for _, clause, _ in told(council)} == {"C.8e", "X.9"}


def test_b8_a_plan_past_the_due_date_goes_to_the_manager_at_once(council: Any) -> None:
    council.child("20001", "J.S.", "W1")
    council.concerns.append(concern("20001", "B.8", "manager", situation="planned_too_late"))
    assert [one.urgent for one in found(council)[0]] == [True]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (4, "It is planned for Fri 27 Nov"),
        (-1, "It was planned for Sun 22 Nov, and the record does not say how it went"),
    ],
)
def test_b8_names_the_day_that_a_visit_was_put_off_to_and_whether_that_is_past(
    council: Any, days: int, said: str
) -> None:
    council.child("20001", "J.S.", "W1")
    put_off = TODAY - 5 * DAY
    council.visit("20001", put_off, status="postponed", planned_for=TODAY + days * DAY)
    council.concerns.append(
        replace(concern("20001", "B.8", "manager", situation="planned_too_late"), since=put_off)
    )
    (notice,) = found(council)[0]
    assert notice.lines[0].words == (
        "Worker: Amira Khan",
        "The visit of Wed 18 Nov was put off",
        said,
    )


# absences


def absent(council: Any, start: date, end: date | None, kind: str, **more: Any) -> None:
    council.absences.append({"worker_id": "W1", "start": start, "end": end, "kind": kind} | more)


def test_c8b_the_manager_is_told_of_what_is_due_today_or_overdue_and_of_nothing_later(council: Any) -> None:
    for number, days in enumerate((-3, 0, 1)):
        council.child(f"2000{number}", "J.S.", "W1")
        council.owe(f"2000{number}", TODAY + days * DAY)
    absent(council, TODAY - DAY, None, "unplanned")
    assert told(council) == {("M1", "C.8b", "20000"), ("M1", "C.8b", "20001")}
    assert all(one.urgent for one in found(council)[0])


FRIDAY, SATURDAY, SUNDAY = TODAY - 3 * DAY, TODAY - 2 * DAY, TODAY - DAY
OVERDUE, ON_SATURDAY, ON_SUNDAY, ON_MONDAY = "20001", "20002", "20003", "20004"


def over_a_weekend(council: Any) -> None:
    """Off since Thursday; one visit is overdue, and one falls due on each day from Saturday to Monday."""
    for child, due in (
        (OVERDUE, FRIDAY - DAY),
        (ON_SATURDAY, SATURDAY),
        (ON_SUNDAY, SUNDAY),
        (ON_MONDAY, TODAY),
    ):
        council.child(child, "J.S.", "W1")
        council.owe(child, due)
    absent(council, FRIDAY - DAY, None, "unplanned")


def test_c8b_through_a_weekend_what_is_due_in_it_is_told_before_it_and_on_it_and_the_overdue_once(
    council: Any,
) -> None:
    over_a_weekend(council)
    new: dict[date, set[str]] = {}
    before: set[tuple[str, str]] = set()
    for today in (FRIDAY, SATURDAY, SUNDAY, TODAY):
        council.today = today
        notices, _ = found(council)
        new[today] = {
            one.lines[0].child_id for one in notices if (SEAL.key(one), one.to.person) not in before
        }
        before = {(SEAL.key(one), one.to.person) for one in notices}
    assert new == {
        FRIDAY: {OVERDUE, ON_SATURDAY, ON_SUNDAY},
        SATURDAY: {ON_SATURDAY, ON_SUNDAY},
        SUNDAY: {ON_SATURDAY, ON_SUNDAY},
        TODAY: {OVERDUE, ON_SATURDAY, ON_SUNDAY, ON_MONDAY},
    }


@pytest.mark.parametrize(
    ("today", "says", "asks"),
    [
        (
            FRIDAY,
            "these visits are overdue, or due before Mon 23 Nov, the next working day",
            "Arrange today who makes them: after today nobody is at work until Mon 23 Nov.",
        ),
        (
            SUNDAY,
            "these visits are overdue, or due today",
            "Today is no working day, and the next is Mon 23 Nov: arrange who makes those that cannot wait",
        ),
        (TODAY, "these visits are due today or overdue", "Arrange today who makes them. You get"),
    ],
)
def test_c8b_says_which_day_is_the_next_on_which_anybody_is_at_work(
    council: Any, today: date, says: str, asks: str
) -> None:
    over_a_weekend(council)
    council.today = today
    notice = found(council)[0][0]
    assert says in notice.says
    assert notice.asks.startswith(asks)


def test_c8b_before_a_bank_holiday_what_is_due_on_it_is_told_while_somebody_is_there(council: Any) -> None:
    """Friday 25 and Monday 28 December 2026 are bank holidays: after Thursday the next at work is Tuesday."""
    council.today = date(2026, 12, 24)
    for child, due in (("20001", date(2026, 12, 28)), ("20002", date(2026, 12, 29))):
        council.child(child, "J.S.", "W1")
        council.owe(child, due)
    absent(council, date(2026, 12, 24), None, "unplanned")
    assert told(council) == {("M1", "C.8b", "20001")}
    assert "before Tue 29 Dec" in found(council)[0][0].says


def test_c8b_an_absence_that_is_first_known_of_on_a_sunday_is_told_on_it(council: Any) -> None:
    over_a_weekend(council)
    council.absences[0]["start"] = SUNDAY
    council.today = SUNDAY
    assert {child for _, _, child in told(council)} == {OVERDUE, ON_SATURDAY, ON_SUNDAY}


def test_c8b_each_day_is_a_notice_of_its_own(council: Any) -> None:
    council.child("20001", "J.S.", "W1")
    council.owe("20001", TODAY - DAY)
    absent(council, TODAY - DAY, None, "unplanned")
    today = {SEAL.key(one) for one in found(council)[0]}
    council.today = TODAY + DAY
    assert not today & {SEAL.key(one) for one in found(council)[0]}


def arranged(council: Any, **more: Any) -> list[Notice]:
    """What is told of appointments."""
    return [one for one in found(council, **more)[0] if one.kind == "arranged today"]


def test_c8b_a_visit_arranged_for_today_that_is_due_later_is_told_with_the_time_once_a_day(
    council: Any,
) -> None:
    """A family waits, and somebody is asked to go or to tell them."""
    council.child("20001", "J.S.", "W1")
    council.owe("20001", TODAY + 8 * DAY)
    council.visit("20001", TODAY, status="scheduled", worker_id="W1", at=datetime(2026, 11, 23, 10, 30))
    assert arranged(council) == [], "nobody is absent"
    absent(council, TODAY - DAY, None, "unplanned")
    (notice,) = arranged(council)
    assert (notice.to.person, notice.clause, notice.urgent) == ("M1", "C.8b", True)
    assert notice.says.endswith("(since Sun 22 Nov), and these visits are arranged for today")
    assert "tell the family" in notice.asks
    said = notice.lines[0].words
    assert (said[0], said[1], said[-1]) == (
        "Arranged for today, 10:30",
        "Visit due Tue 1 Dec",
        "Sam Okoro is named to cover",
    )
    council.absences[0]["start"] = TODAY + DAY
    assert arranged(council) == [], "the worker is back"


@pytest.mark.parametrize(
    ("row", "is_told"),
    [
        ({"at": TODAY + DAY, "status": "scheduled", "worker_id": "W1"}, False),
        ({"at": TODAY, "status": "scheduled", "worker_id": "W2"}, False),
        ({"at": TODAY, "status": "scheduled", "worker_id": None}, True),
        ({"at": TODAY, "status": "completed", "worker_id": "W1"}, False),
        ({"at": TODAY - DAY, "status": "postponed", "worker_id": "W1", "planned_for": TODAY}, True),
    ],
)
def test_c8b_an_appointment_ends_with_the_visit_another_date_or_another_worker(
    council: Any, row: dict[str, Any], is_told: bool
) -> None:
    council.child("20001", "J.S.", "W1")
    council.owe("20001", TODAY + 8 * DAY)
    council.visit("20001", row.pop("at"), **row)
    absent(council, TODAY, None, "unplanned")
    assert bool(arranged(council)) == is_told


def test_c8b_a_day_planned_anew_that_a_later_attempt_has_replaced_is_no_appointment(council: Any) -> None:
    council.child("20001", "J.S.", "W1")
    council.visit("20001", TODAY - 5 * DAY, status="postponed", worker_id="W1", planned_for=TODAY)
    council.visit("20001", TODAY - 3 * DAY, worker_id="W1")
    absent(council, TODAY, None, "unplanned")
    assert arranged(council) == []


def test_c8b_what_is_due_and_arranged_for_today_is_told_once_with_the_time(council: Any) -> None:
    council.child("20001", "J.S.", "W1")
    council.owe("20001", TODAY)
    council.visit("20001", TODAY, status="scheduled", worker_id="W1")
    absent(council, TODAY, None, "unplanned")
    (notice,) = found(council)[0]
    assert "Arranged for today" in notice.lines[0].words


def test_c8b_a_restricted_childs_appointment_is_told_to_the_manager_of_its_own_worker_alone(
    council: Any,
) -> None:
    council.manager("M2", "Max Ober")
    council.worker("W3", "Third Person", manager_id="M2")
    council.child("20001", "J.S.", "W3", restricted=True)
    council.visit("20001", TODAY, status="scheduled", worker_id="W1")
    absent(council, TODAY, None, "unplanned")
    (notice,) = arranged(council)
    assert notice.to.person == "M2"
    assert any("arrange cover yourself" in words for words in notice.lines[0].words)


def test_c8b_outlooks_own_out_of_office_tells_too_and_says_so(council: Any) -> None:
    council.child("20001", "J.S.", "W1")
    council.owe("20001", TODAY)
    assert told(council) == set()
    notices, _ = found(council, away=frozenset({"W1"}))
    assert [(one.to.person, one.clause) for one in notices] == [("M1", "C.8b")]
    assert "out-of-office" in notices[0].says


@pytest.mark.parametrize(("today", "is_told"), [(0, False), (1, True), (8, True), (15, False)])
def test_c8a_buddy_and_manager_are_told_five_working_days_before_leave_until_it_is_over(
    council: Any, today: int, is_told: bool
) -> None:
    """Leave from Tuesday 1 to Monday 7 December: the fifth working day before it is Tuesday 24 November."""
    council.child("20001", "J.S.", "W1")
    council.owe("20001", date(2026, 12, 3))
    absent(council, date(2026, 12, 1), date(2026, 12, 7), "planned")
    council.today = TODAY + today * DAY
    wanted = {("W2", "C.8a", "20001"), ("M1", "C.8a", "20001")}
    assert {one for one in told(council) if one[1] == "C.8a"} == (wanted if is_told else set())


def test_c8a_a_changed_buddy_is_told_and_the_manager_again(council: Any) -> None:
    council.worker("W3", "Third Person")
    council.child("20001", "J.S.", "W1")
    council.owe("20001", TODAY + 2 * DAY)
    absent(council, TODAY + DAY, TODAY + 5 * DAY, "planned")
    before = {(SEAL.key(one), one.to.person) for one in found(council)[0]}
    council.absences[0]["buddy_id"] = "W3"
    after = {(SEAL.key(one), one.to.person) for one in found(council)[0]}
    assert {person for _, person in before} == {"M1", "W2"}
    assert {person for _, person in after} == {"M1", "W3"}
    assert not before & after


def test_c8a_a_restricted_child_is_told_to_no_buddy_and_the_manager_is_asked_to_arrange(council: Any) -> None:
    council.child("20001", "J.S.", "W1", restricted=True)
    council.owe("20001", TODAY + 2 * DAY)
    absent(council, TODAY + DAY, TODAY + 5 * DAY, "planned")
    (notice,) = found(council)[0]
    assert notice.to.person == "M1"
    assert any("arrange cover yourself" in words for words in notice.lines[0].words)


def test_c8a_of_a_visit_that_is_to_be_made_before_the_leave_that_is_said(council: Any) -> None:
    council.child("20001", "J.S.", "W1")
    council.child("20002", "K.S.", "W1")
    for child in ("20001", "20002"):
        council.owe(child, TODAY + 4 * DAY)
    council.visit("20001", TODAY + DAY, status="scheduled")
    absent(council, TODAY + 3 * DAY, TODAY + 5 * DAY, "planned")
    said = {(one.to.person, line.child_id, line.words[-1]) for one in found(council)[0] for line in one.lines}
    before = "Planned for Tue 24 Nov, before the leave: to be covered only if that does not come off"
    assert {(who, child) for who, child, words in said if words == before} == {
        ("W2", "20001"),
        ("M1", "20001"),
    }


@pytest.mark.parametrize(
    ("start", "end", "is_told"),
    [(-3, 9, False), (-3, None, True), (1, 9, True), (-3, 4, True), (None, None, True)],
)
def test_c8a_a_buddy_who_is_away_now_and_through_the_leave_is_told_nothing_and_the_manager_is(
    council: Any, start: int | None, end: int | None, is_told: bool
) -> None:
    """Whoever is there today, or back before the end of the leave, or off for who knows how long, is told."""
    council.child("20001", "J.S.", "W1")
    council.owe("20001", TODAY + 3 * DAY)
    absent(council, TODAY + 2 * DAY, TODAY + 5 * DAY, "planned")
    if start is not None:
        until = None if end is None else TODAY + end * DAY
        council.absences.append(
            {"worker_id": "W2", "start": TODAY + start * DAY, "end": until, "kind": "unplanned"}
        )
    notices = [one for one in found(council)[0] if one.clause == "C.8a"]
    assert {one.to.person for one in notices} == ({"M1", "W2"} if is_told else {"M1"})
    asked = next(one.asks for one in notices if one.to.person == "M1")
    assert ("away in that time too: find somebody else" in asked) == (start is not None)


def test_c8a_nobody_named_is_said_to_the_manager(council: Any) -> None:
    council.workers[1]["buddy_id"] = None
    council.child("20001", "J.S.", "W1")
    council.owe("20001", TODAY + 2 * DAY)
    absent(council, TODAY + DAY, TODAY + 5 * DAY, "planned")
    (notice,) = found(council)[0]
    assert notice.to.person == "M1"
    assert "Nobody is named" in notice.asks


def test_c8c_on_the_first_day_back_the_worker_hears_what_was_made_recorded_and_missed(council: Any) -> None:
    for number in range(4):
        council.child(f"2000{number}", "J.S.", "W1")
    thursday = TODAY - 4 * DAY
    council.visit("20000", thursday, worker_id="W2", finalised_at=None)
    council.visit("20001", thursday, status="failed", worker_id="W2")
    council.owe("20002", thursday)
    council.visit("20003", thursday, worker_id="W1")
    absent(council, TODAY - 7 * DAY, TODAY - 3 * DAY, "planned")
    (notice,) = found(council)[0]
    assert (notice.to.person, notice.clause) == ("W1", "C.8c")
    said = {line.child_id: " ".join(line.words) for line in notice.lines}
    assert said.keys() == {"20000", "20001", "20002"}
    assert "by Sam Okoro" in said["20000"]
    assert "did not take place" in said["20001"]
    assert "nothing recorded counts" in said["20002"]


@pytest.mark.parametrize(("days", "said"), [(0, "(Fri 20 Nov)"), (2, "(Wed 18 Nov to Fri 20 Nov)")])
def test_c8c_one_day_away_is_said_as_one_day(council: Any, days: int, said: str) -> None:
    council.child("20001", "J.S.", "W1")
    council.visit("20001", FRIDAY, worker_id="W2")
    absent(council, FRIDAY - days * DAY, FRIDAY, "planned")
    assert said in found(council)[0][0].says


@pytest.mark.parametrize(("days", "is_told"), [(-1, False), (0, True), (2, True), (3, False)])
def test_c8c_from_the_first_day_at_work_until_two_working_days_later(
    council: Any, days: int, is_told: bool
) -> None:
    council.child("20001", "J.S.", "W1")
    council.visit("20001", TODAY - 4 * DAY, worker_id="W2")
    absent(council, TODAY - 7 * DAY, TODAY - 3 * DAY, "planned")
    council.today = TODAY + days * DAY
    assert bool(told(council)) == is_told


# risks


def test_e5_a_danger_reaches_workers_buddies_and_managers_of_the_address_at_once(council: Any) -> None:
    council.manager("M2", "Max Ober")
    council.worker("W3", "Third Person", manager_id="M2", buddy_id=None)
    council.worker("W4", "Fourth Person")
    council.child("20001", "J.S.", "W1", household_id="H1")
    council.child("20002", "K.S.", "W3", household_id="H1")
    council.child("20003", "L.S.", "W4", household_id="H2")
    council.owe("20001", TODAY + DAY, needs_cover=True, cover_id="W2")
    council.risks.append({"household_id": "H1", "risk": "dog", "to": "workers", "recorded_on": TODAY})
    notices, _ = found(council)
    assert told(council) == {
        ("W1", "E.5", "20001"),
        ("W2", "E.5", "20001"),
        ("M1", "E.5", "20001"),
        ("W3", "E.5", "20002"),
        ("M2", "E.5", "20002"),
    }
    assert all(one.urgent for one in notices)
    assert all("other agencies" in one.asks and "risk assessment" in one.asks for one in notices)


def test_e5_says_since_when_the_risk_is_recorded(council: Any) -> None:
    council.child("20001", "J.S.", "W1", household_id="H1")
    council.risks.append({"household_id": "H1", "risk": "dog", "to": "workers", "recorded_on": TODAY - DAY})
    says = {one.says for one in found(council)[0]}
    assert says == {"A risk to whoever visits is recorded at an address since Sun 22 Nov: dog"}


def test_e5_a_record_to_finish_sends_nobody_to_an_address(council: Any) -> None:
    council.child("20001", "J.S.", "W1", household_id="H1")
    council.owe("20001", TODAY, kind="recording", needs_cover=True, cover_id="W2")
    council.risks.append({"household_id": "H1", "risk": "dog", "to": "workers", "recorded_on": TODAY})
    assert {person for person, _, _ in told(council)} == {"W1", "M1"}


def test_e5_whoever_is_allocated_later_is_told_and_the_others_not_again(council: Any) -> None:
    council.child("20001", "J.S.", "W1", household_id="H1")
    council.risks.append({"household_id": "H1", "risk": "dog", "to": None, "recorded_on": TODAY - 90 * DAY})
    before = {(SEAL.key(one), one.to.person) for one in found(council)[0]}
    council.episodes[0]["worker_id"] = "W2"
    after = {(SEAL.key(one), one.to.person) for one in found(council)[0]}
    assert {person for _, person in after - before} == {"W2"}


def test_e5_a_restricted_child_is_named_to_its_worker_and_manager_alone(council: Any) -> None:
    council.manager("M2", "Max Ober")
    council.worker("W3", "Third Person", manager_id="M2")
    council.child("20001", "J.S.", "W1", household_id="H1", restricted=True)
    council.child("20002", "K.S.", "W3", household_id="H1")
    council.owe("20001", TODAY)
    absent(council, TODAY, None, "unplanned", buddy_id="W2")
    council.risks.append({"household_id": "H1", "risk": "dog", "to": "workers", "recorded_on": TODAY})
    readers = {person for person, clause, child in told(council) if (clause, child) == ("E.5", "20001")}
    assert readers == {"W1", "M1"}, "not even to a buddy who would go instead"


@pytest.mark.parametrize("more", [{"to": "child"}, {"ends": TODAY - DAY}, {"recorded_on": TODAY + DAY}])
def test_e5_a_risk_to_the_child_one_that_ended_or_one_of_tomorrow_tells_nobody(
    council: Any, more: dict[str, Any]
) -> None:
    council.child("20001", "J.S.", "W1", household_id="H1")
    risk = {"household_id": "H1", "risk": "dog", "to": "workers", "recorded_on": TODAY}
    council.risks.append(risk | more)
    assert told(council) == set()


# newcomers


def new(council: Any, before: tuple[Any, ...] = (), **more: Any) -> Any:
    given = {"served": lambda _: True, "hears_now": lambda _: True} | more
    return newcomers(facts(council), before, SEAL, NOW, **given)


def test_c8g_a_store_that_knows_nobody_welcomes_those_of_the_last_four_weeks_and_no_council(
    council: Any,
) -> None:
    council.worker("W3", "Just Started", started=TODAY - 28 * DAY)
    council.worker("W4", "Started Before", started=TODAY - 29 * DAY)
    first = new(council)
    assert first.welcomed == ("W3",)
    assert {one.person for one in first.known} == {"M1", "W1", "W2", "W4"}


def test_c8g_later_anybody_not_known_before_is_welcomed_agency_too_once(council: Any) -> None:
    known = new(council).known
    council.worker("W7", "From An Agency", agency=True)
    council.manager("M2", "Max Ober")
    later = new(council, known)
    assert later.welcomed == ("W7",)
    assert [one.person for one in later.known] == ["M2"]


def test_c8g_who_starts_tomorrow_is_welcomed_tomorrow(council: Any) -> None:
    known = new(council).known
    council.worker("W7", "To Come", started=TODAY + DAY)
    assert new(council, known).welcomed == ()
    council.today = TODAY + DAY
    assert new(council, known).welcomed == ("W7",)


def test_c8g_whoever_may_not_be_written_to_now_stays_new_and_the_end_of_a_pilot_welcomes_nobody(
    council: Any,
) -> None:
    known = new(council).known
    council.worker("W7", "New")
    later = new(council, known, hears_now=lambda _: False)
    assert (later.welcomed, later.known) == ((), ())
    outside = new(council, known, served=lambda _: False)
    assert (outside.welcomed, [one.person for one in outside.known]) == ((), ["W7"])


def test_c8g_the_welcome_has_the_frequencies_and_standards_of_the_packs_chosen(council: Any) -> None:
    council.worker("W7", "New Person", agency=True)
    value = welcome(facts(council, packs=("visiting-policy", "cp-statutory-visits")), "W7")
    often = {rule.clause for policy in value.policies for rule in policy.frequencies}
    other = {rule.clause for policy in value.policies for rule in policy.standards}
    assert {"B.1", "B.2", "C.1", "C.3"} <= often
    assert {"B.4", "B.5", "C.4", "C.8e"} <= other
    assert (value.agency, value.manager, value.clause) == (True, "Grace Adeyemi", "C.8g")
