"""What a family is handed: plain words, what was promised, and nothing that is not theirs to know."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from paperkit.household import TODAY, caseload, coming, papers, seen
from paperkit.reading import parts, words

from bot.digest.papers.family_diary import unbroken
from bot.rendering.papers import making, sample

DAY = timedelta(days=1)
LAST = date(2026, 11, 13)
CARE = [{"kind": "in_our_care", "start": date(2026, 8, 3), "worker_id": "W1"}]
IN_NEED = [{"kind": "child_in_need", "start": date(2026, 8, 3), "worker_id": "W1"}]


def agreement(*names: str, **rows: Any) -> str:
    return words(making.agreement(papers(caseload(**({"visits": [seen(LAST)]} | rows)), *names).agreement))


def diary(*names: str, **rows: Any) -> str:
    return making.family_diary(papers(caseload(**rows), *names).diary)


@pytest.mark.parametrize(
    ("names", "more", "says"),
    [
        (["visiting-policy"], {}, "at least once every 10 working days . A working day is Monday to Friday."),
        (["visiting-policy"], {"episodes": IN_NEED}, "at least once every 20 working days ."),
        (["short-guide"], {"episodes": IN_NEED}, "at least once every 3 weeks ."),
        (["cp-statutory-visits"], {}, "at least once every 2 weeks ."),
        (["cp-statutory-visits", "short-guide"], {}, "at least once every 10 days ."),
        (["measures-of-practice"], {"visits": []}, "at least once every 10 working days ."),
        (["cp-statutory-visits"], {"episodes": IN_NEED}, "at least once every ____"),
    ],
)
def test_parents_are_told_how_often_in_the_packs_own_interval_c7i(
    names: list[str], more: dict[str, Any], says: str
) -> None:
    """The shortest that runs; where only a one-off visit is owed, what follows it (D.4a, then D.4b)."""
    assert f"We will visit {says}" in agreement(*names, **more)


def test_a_frequency_of_the_childs_own_is_the_one_promised_b3() -> None:
    own = [{**IN_NEED[0], "agreed_every": "1 week", "agreed_from": LAST, "agreed_reason": "worries"}]
    assert "We will visit at least once a week ." in agreement("visiting-policy", episodes=own)


@pytest.mark.parametrize(
    "says",
    [
        "Your worker is Amira Khan .",  # who
        "Others come unannounced: we do not tell you first.",  # E.0, C.7i
        "What the visits are for",  # planned and purposeful: A.10
        "You and your child can ask to see us sooner.",
        "Before you go away, tell us",
        "phone 01632 960101",
        "You can also complain.",
        "in another language, in Braille, in larger print",
        "We agree",  # a written agreement, signed
    ],
)
def test_the_agreement_has_what_a_written_agreement_with_parents_needs_a10(says: str) -> None:
    assert says in agreement("visiting-policy")


def test_arranged_visits_stand_in_the_diary_with_day_time_and_who_comes_c7j() -> None:
    first = coming(datetime(2026, 11, 24, 15, 30), at_home=True)
    moved = coming(TODAY - DAY, status="postponed", planned_for=TODAY + 8 * DAY, reason="ill", worker_id="W2")
    rows = [seen(date(2026, 11, 16)), first, moved]
    listed = [
        one
        for one in parts(diary("visiting-policy", visits=rows), "tr")
        if "November" in one or "December" in one
    ]
    assert listed == [
        "Tuesday 24 November 20263:30 pmVisit at home",
        "Tuesday 1 December 2026Visit, with Sam Okoro",
    ]


def test_a_visit_that_does_not_say_reads_as_announced_unless_the_next_is_to_be_unannounced() -> None:
    """A.4: no visit for three months was unannounced, so that today's may have to be."""
    told = [coming(TODAY, announced=announced) for announced in (None, True)]
    for row in told:
        assert "23 November" in diary("visiting-policy", visits=[seen(LAST), row])
    doubtful, announced = (diary("short-guide", visits=[seen(LAST), row]) for row in told)
    assert "23 November" not in doubtful
    assert "23 November" in announced


def test_the_worker_hears_that_something_was_kept_back_and_never_which_day() -> None:
    gap = [seen(LAST - 10 * DAY), seen(LAST), coming(TODAY + 2 * DAY), coming(TODAY + 40 * DAY)]
    found = papers(caseload(visits=gap), "visiting-policy")
    assert (len(found.diary.coming), found.kept.back, found.kept.contradicted) == (1, 1, False)
    both = [seen(LAST), coming(TODAY + 2 * DAY), coming(TODAY + 2 * DAY, announced=False)]
    found = papers(caseload(visits=both), "visiting-policy")
    assert (found.diary.coming, found.kept.back, found.kept.contradicted) == ((), 1, True)


def test_neither_paper_tells_a_risk_a_plan_a_place_or_a_concern() -> None:
    rows = {
        "children": [{"child_id": "C1", "initials": "JS", "household_id": "H1", "restricted": True}],
        "episodes": [{**CARE[0], "setting": "Oak Lane"}],
        "risks": [{"household_id": "H1", "risk": "a loud dog", "to": to, "recorded_on": LAST}
                  for to in ("workers", "child")],
        "visits": [seen(LAST, setting="Oak Lane", next_plan="ask about bruises"),
                   coming(TODAY + DAY, setting="Oak Lane", reason="a complaint")],
    }  # fmt: skip
    said = words(papers(caseload(**rows), "measures-of-practice").for_family).lower()
    for told in (
        "dog",
        "joint",
        "oak lane",
        "bruises",
        "complaint made",
        "our care",
        "protection",
        "restricted",
    ):
        assert told not in said


def test_carers_and_young_people_are_spoken_to_as_who_they_are() -> None:
    left = [{"kind": "care_leaver", "start": date(2026, 8, 3), "worker_id": "W1"}]
    assert "your child" not in agreement("measures-of-practice", episodes=CARE).lower()
    young = agreement("measures-of-practice", episodes=left)
    assert "the child" not in young
    assert "your child" not in young


def test_a_family_is_shown_no_clause_but_in_the_line_for_our_own_files() -> None:
    said = agreement("visiting-policy", "short-guide")
    assert re.findall(r"\b[A-E]\.\d+\w*", said) == ["A.10", "C.7i", "E.0"]
    assert "For our own files: A.10, C.7i, E.0." in said
    assert "For our own files: C.7i, C.7j, E.0." in words(diary("visiting-policy"))


JARGON = (
    "statutory", "timescale", "IRO", "conference", "core group", "allocated", "safeguarding", "multi-agency",
    "assessment", "intervention", "pursuant", "hereby", "supervision", "household", "placement",
)  # fmt: skip


@pytest.mark.parametrize("value", sample.diaries())
def test_the_words_are_plain(value: Any) -> None:
    """Short sentences, short words, none of the office's own."""
    for page in (making.agreement(value.agreement), making.family_diary(value)):
        text = [one for tag in ("p", "li") for one in parts(page, tag)]
        sentences = [s for one in text for s in re.split(r"(?<=[.?!:])\s", one) if s]
        lengths = [len(sentence.split()) for sentence in sentences]
        assert max(lengths) <= 20
        assert sum(lengths) / len(lengths) <= 10
        said = words(page)
        assert not [word for word in JARGON if word.lower() in said.lower()]
        letters = [len(word) for word in re.findall(r"[A-Za-z]+", said)]
        assert sum(letters) / len(letters) < 4.8


def test_no_family_paper_is_made_where_nothing_is_open() -> None:
    ended = [{**IN_NEED[0], "end": LAST}]
    with pytest.raises(AssertionError):
        papers(caseload(episodes=ended), "visiting-policy")


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ([7, 7, 14, 7], 2),  # every week, and one week left out: nothing from there on
        ([14, 7, 7], 1),  # the week left out is the first
        ([3, 14, 14, 14], 4),  # soon for once, then every fortnight: no gap
        ([10, 11, 10, 12], 4),
        ([10, 30], 1),  # longer than was promised
        ([29], 0),
    ],
)
def test_where_no_visit_was_made_yet_the_list_itself_is_the_rhythm(steps: list[int], shown: int) -> None:
    days = [TODAY + sum(steps[: n + 1]) * DAY for n in range(len(steps))]
    within = {"past": [], "begun": TODAY, "today": TODAY, "promised": lambda day: day + 28 * DAY}
    assert unbroken(days, **within) == shown


def test_a_day_on_which_somebody_comes_unannounced_to_a_brother_or_sister_is_not_shown() -> None:
    children = [
        {"child_id": c, "household_id": "H1", "date_of_birth": date(2019, 6, 1)} for c in ("C1", "C2")
    ]
    plans = [{**IN_NEED[0], "child_id": c} for c in ("C1", "C2")]
    hidden = {"status": "postponed", "planned_for": TODAY + DAY, "announced": False, "reason": "ill"}
    for other in (coming(TODAY + DAY, child_id="C2", announced=False), coming(LAST, child_id="C2", **hidden)):
        rows = [seen(LAST, child_id="C1"), coming(TODAY + DAY, child_id="C1"), other]
        found = papers(caseload(children=children, episodes=plans, visits=rows), "visiting-policy")
        assert found.diary.coming == ()
        assert found.kept.contradicted
