"""The template a visit is written up in has every heading and every item that the policies list."""

from __future__ import annotations

from datetime import date

import pytest
from paperkit.household import caseload, papers, seen
from paperkit.reading import parts, words

from bot.rendering.papers import making


@pytest.fixture(scope="module")
def page() -> str:
    sheet = papers(caseload(visits=[seen(date(2026, 11, 13), seen_alone=False)])).sheet
    assert sheet is not None
    return making.write_up(sheet)


def test_the_seven_headings_stand_in_their_order_a9(page: str) -> None:
    numbered = [one for one in parts(page, "h2") if one[0].isdigit()]
    assert numbered == [
        "1. Purpose of the visit (A.9)",
        "2. Present (A.9)",
        "3. Talk with parent or carer (A.9)",
        "4. Talk with the child (A.9)",
        "5. What you saw (A.9)",
        "6. Analysis (A.9)",
        "7. Actions, and what has come up (A.9)",
    ]


ITEMS = [
    "What the visit was for", "Announced or unannounced", "The state of the home", "School",
    "Health", "Everybody you saw", "The child's voice", "What the parents think",
    "Which part of the plan", "Risks, and what makes each less", "So what", "What is to be done",
    "Skeleton plan for the next visit",
]  # fmt: skip


@pytest.mark.parametrize(("number", "starts"), list(enumerate(ITEMS, 1)))
def test_each_of_the_thirteen_things_a_record_includes_has_its_place_c6(
    page: str, number: int, starts: str
) -> None:
    (heading,) = [one for one in parts(page, "h3") if one.endswith(f"(C.6 no. {number})")]
    assert heading.startswith(starts)


def test_there_are_thirteen_and_no_more_c6(page: str) -> None:
    assert len([one for one in parts(page, "h3") if "(C.6 no." in one]) == 13


def test_what_follows_the_visit_is_asked_e6(page: str) -> None:
    (table,) = [one for one in parts(page, "table") if "(E.6, E.5)" in one]
    for asked in ("Who needs to know", "Who tells the others", "Who records"):
        assert asked in table


def test_seen_and_seen_alone_are_boxes_and_when_the_visit_counts_is_said_c4(page: str) -> None:
    rows = parts(page, "tr")
    assert any("Child seen? ☐ yes" in row for row in map(spaced, rows))
    assert any("Seen alone? ☐ yes" in row for row in map(spaced, rows))
    assert "“seen” and “seen alone” answered. (C.4)" in words(page)


def spaced(row: str) -> str:
    return row.replace("?☐", "? ☐")


def test_a_visit_that_did_not_take_place_has_its_part_and_the_days_to_try_again_a9_c5(page: str) -> None:
    assert "If the visit did not take place (A.9, C.5)" in parts(page, "h2")
    assert "another visit is tried within 2 working days. (B.7)" in words(page)


def test_by_when_the_record_is_to_be_finished_is_said_c3(page: str) -> None:
    assert "The visit is recorded within 48 hours. (C.3)" in words(page)


def test_worries_go_to_somebody_in_writing_e3b(page: str) -> None:
    assert "If you are worried (E.3b)" in parts(page, "h2")
