"""The text of an entry, as Outlook and a terminal show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from diarykit.makers import BODY
from jinja2 import UndefinedError

from bot.diary.entry import Body, Clause
from bot.rendering.entry import body_html, body_text, fingerprint

FULL = Body(
    heading="Visit due Fri 4 Dec 2026",
    child="J.S. 20417",
    why=(
        Clause("B.1", "At least every 10 working days", "10 working days after …", date(2026, 12, 4), True),
        Clause("A.2", "At least every 3 weeks", "21 days after …", date(2026, 12, 11), False),
    ),
    must=("See the child alone",),
    risk=("Dog",),
    siblings_owed=2,
    if_no_access="Ring.",
    call=("Your manager: Mo, 1",),
    cover="Bo covers.",
    wrong="Wrong? Tell Mo.",
    where="Foster home",
    sheet="Ask Mo, with number 20417.",
    sheet_link="https://northdale.example/sheets/W1/visit-sheet-0a.pdf",
)


@pytest.mark.parametrize("render", [body_html, body_text])
def test_everything_that_the_value_says_is_shown(render):
    said = render(FULL)
    for words in (
        *(
            "Visit due Fri 4 Dec 2026",
            "J.S. 20417",
            "B.1",
            "A.2",
            "due Fri 11 Dec 2026",
            "See the child alone",
        ),
        *(
            "Dog",
            "2 children",
            "Ring.",
            "Your manager: Mo, 1",
            "Bo covers.",
            "Wrong? Tell Mo.",
            "Foster home",
            "Ask Mo, with number 20417.",
            "https://northdale.example/sheets/W1/visit-sheet-0a.pdf",
        ),
    ):
        assert words in said
    assert said.count("sets the date") == 1


@pytest.mark.parametrize("render", [body_html, body_text])
def test_what_is_not_said_leaves_no_empty_heading(render):
    said = render(BODY)
    for heading in (
        "Risk",
        "RISK",
        "Cover",
        "must include",
        "Why",
        "call",
        "cannot see",
        "Living",
        "household",
    ):
        assert heading not in said


def test_what_people_typed_is_text_and_never_markup():
    said = body_html(replace(FULL, risk=("<script>alert(1)</script>",), child='=HYPERLINK("x") & <b>'))
    assert "<script>" not in said
    assert "<b>" not in said
    assert "&lt;script&gt;" in said


def test_the_same_value_gives_the_same_text():
    assert body_html(FULL) == body_html(replace(FULL))


def test_the_risk_comes_before_everything_else_that_is_to_be_done():
    said = body_html(FULL)
    assert (
        said.index("Dog") < said.index("Bo covers.") < said.index("See the child alone") < said.index("B.1")
    )


def test_an_edited_template_changes_its_fingerprint_and_an_unknown_variable_is_an_error(tmp_path):
    (tmp_path / "entry.html.j2").write_text("{{ body.no_such_thing }}")
    assert fingerprint(tmp_path) != fingerprint()
    with pytest.raises(UndefinedError, match="no_such_thing"):
        body_html(FULL, tmp_path)
