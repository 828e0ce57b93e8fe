"""A mail is one value in two renderings, and its subject and first line give nothing away."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest.manager import ManagerDigest
from bot.digest.step_down import NOTHING_WAITS
from bot.digest.worker import WorkerList
from bot.rendering import sample
from bot.rendering.kinds import samples
from bot.rendering.mail import Mail, MailWords, manager_digest, roll_up, worker_list

WORDS = MailWords("Wrong? Tell your manager, and mend the case record.", "duty@council.example")
NUMBER = re.compile(r"\b20\d{3}\b")
PLANS = ("protection", "in need", "our care", "referral", "early help", "fostering", "adoptive", "missing")


class Reading(HTMLParser):
    """What a reader of the HTML gets, in order: text, pictures' alt texts, headings, table headers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._mute = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        self._mute += tag in {"style", "title", "script"}
        if tag == "img":
            self.words.append(dict(attrs)["alt"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._mute -= tag in {"style", "title", "script"}

    def handle_data(self, data: str) -> None:
        if not self._mute:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\xad", "").split())


def mails() -> list[Mail]:
    return [make() for _, make in samples(WORDS)]


def first_lines(mail: Mail) -> str:
    """What shows before the mail is opened: the subject, and what a phone puts under it."""
    return " ".join([mail.subject, Reading(mail.html).text[:60], mail.text[:60]])


@pytest.mark.parametrize("mail", mails(), ids=lambda mail: mail.subject)
def test_every_child_clause_and_date_of_one_rendering_is_in_the_other(mail: Mail) -> None:
    html, text = Reading(mail.html).text, " ".join(mail.text.split())
    for pattern in (
        NUMBER,
        re.compile(r"\b[A-E]\.\d+[a-z]?\b"),
        re.compile(r"\b\w{3} \d+ (?:Nov|Dec|Oct)\b"),
    ):
        assert set(pattern.findall(html)) == set(pattern.findall(text))
    for words in (
        "OVERDUE 6 days",
        "RISK AT THIS ADDRESS",
        "Must:",
        "What closes it",
        "Needs cover",
        "DUE TODAY",
    ):
        assert (words.lower() in html.lower()) == (words.lower() in text.lower())


@pytest.mark.parametrize("mail", mails(), ids=lambda mail: mail.subject)
def test_a_screen_reader_finds_its_way(mail: Mail) -> None:
    tags = Reading(mail.html).tags
    assert dict(tags)["html"]["lang"] == "en-GB"
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(attrs.get("scope") for tag, attrs in tags if tag == "th")
    assert all(
        attrs.get("role") == "presentation" or attrs["class"] == "data"
        for tag, attrs in tags
        if tag == "table"
    )
    assert all(attrs["alt"] for tag, attrs in tags if tag == "img")


@pytest.mark.parametrize("mail", mails(), ids=lambda mail: mail.subject)
def test_a_mail_loads_nothing_from_anywhere(mail: Mail) -> None:
    tags = Reading(mail.html).tags
    assert {attrs["src"] for tag, attrs in tags if tag == "img"} == {
        f"cid:{image.cid}" for image in mail.images
    }
    assert not [tag for tag, _ in tags if tag in {"script", "link", "a", "iframe", "form"}]
    assert "url(" not in mail.html


@pytest.mark.parametrize("mail", mails(), ids=lambda mail: mail.subject)
def test_outlook_finds_its_styles_on_the_elements_and_phones_find_their_rules(mail: Mail) -> None:
    assert "prefers-color-scheme: dark" in mail.html
    assert 'name="color-scheme"' in mail.html
    assert "display: flex" not in mail.html
    assert "display: grid" not in mail.html
    assert '<h1 style="' in mail.html


def test_subjects_are_numbers_and_a_week() -> None:
    lists = [worker_list(value, WORDS).subject for value in sample.worker_lists()]
    digests = [manager_digest(value, WORDS).subject for value in sample.manager_digests()]
    assert lists[:3] + digests[:2] == [
        "Your visits this week: 3 overdue, 4 due, 1 to cover · week of 23 Nov",
        "Your visits this week: nothing owed · week of 23 Nov",
        "Your visits this week: 3 overdue, 0 due, 1 to cover · week of 23 Nov",
        "Your team's visits: 6 children overdue, 14 due this week, in a team of 5 workers · week of 23 Nov",
        "Your team's visits: 0 children overdue, 14 due this week, in a team of 5 workers · week of 23 Nov",
    ]


@pytest.mark.parametrize(
    "mail",
    [
        *(manager_digest(value, WORDS) for value in sample.manager_digests()),
        *(roll_up(value, WORDS) for value in sample.roll_ups()),
    ],
    ids=lambda mail: mail.subject,
)
def test_a_managers_subject_and_first_lines_count_the_same_in_the_same_words(mail: Mail) -> None:
    counted = re.search(r"\d+ (child|children|visits?) overdue, \d+ due this week", mail.subject)
    if counted is None:
        assert "nothing owed" in mail.subject
        return
    head = mail.text.split("not forward it.")[1].strip().splitlines()
    assert any(line.startswith(counted[0]) for line in head[:2])
    assert counted[0] in mail.html.split("</div>")[0], "the line that a phone shows"


@pytest.mark.parametrize(
    "mail",
    [manager_digest(sample.manager_digests()[0], WORDS), roll_up(sample.roll_ups()[0], WORDS)],
    ids=["manager", "roll-up"],
)
def test_the_twelve_weeks_say_up_to_which_day_in_page_text_and_picture(mail: Mail) -> None:
    """What falls due this week is not among them: the week is not over."""
    for said in (Reading(mail.html).text, mail.text):
        assert "in the last 12 weeks, up to Sun 22 Nov, " in said
        assert "What falls due this week is counted when it is over." in said
    assert any("12 weeks up to 22 Nov" in image.alt for image in mail.images)


# Words that people may have put where initials, settings and risks stand.
SECRETS = st.text(alphabet="ABCxyz' -<>&=\"\u00e9", min_size=4, max_size=20).map(lambda text: f"Q{text}Q")


def with_words(value: WorkerList, secret: str) -> WorkerList:
    rows = {
        name: tuple(
            replace(row, child=secret, setting=secret, risks=(secret,), siblings=(secret,)) for row in of
        )
        for name, of in (
            ("overdue", value.overdue),
            ("this_week", value.this_week),
            ("next_week", value.next_week),
        )
    }
    return replace(value, **rows)


def team_with_words(value: ManagerDigest, secret: str) -> ManagerDigest:
    plans = tuple(replace(row, plan=secret) for row in value.plans)
    late = tuple(
        replace(of, rows=tuple(replace(row, child=secret) for row in of.rows)) for of in value.overdue
    )
    return replace(value, plans=plans, overdue=late)


@given(secret=SECRETS, which=st.integers(0, 1))
@settings(max_examples=40, deadline=None)
def test_nothing_about_a_child_stands_in_a_subject_or_a_first_line(secret: str, which: int) -> None:
    if which:
        mail = manager_digest(team_with_words(sample.manager_digests()[0], secret), WORDS)
    else:
        mail = worker_list(with_words(sample.worker_lists()[0], secret), WORDS)
    shown = first_lines(mail)
    assert secret not in shown
    assert not NUMBER.search(shown)
    assert not [plan for plan in PLANS if plan in shown.lower()]
    assert "\n" not in mail.subject
    assert " ".join(secret.split()) in Reading(mail.html).text


@given(secret=SECRETS)
@settings(max_examples=40, deadline=None)
def test_what_a_cell_holds_is_shown_and_never_obeyed(secret: str) -> None:
    plain = worker_list(with_words(sample.worker_lists()[0], "plain"), WORDS)
    mail = worker_list(with_words(sample.worker_lists()[0], secret), WORDS)
    assert [tag for tag, _ in Reading(mail.html).tags] == [tag for tag, _ in Reading(plain.html).tags]


@pytest.mark.parametrize(
    "cell", ["<script>alert(1)</script>", '=HYPERLINK("http://x")', "{{ 7 * 7 }}", "</td>"]
)
def test_a_hostile_cell_stays_words(cell: str) -> None:
    mail = worker_list(with_words(sample.worker_lists()[0], cell), WORDS)
    assert cell in Reading(mail.html).text
    assert "<script" not in mail.html
    assert cell in mail.text


def test_where_nothing_may_identify_a_child_the_list_gives_no_number() -> None:
    hidden = sample.worker_lists()[2]
    bare = replace(hidden, next_week=(), covering=(), records=(), concerns=(), waiting=NOTHING_WAITS)
    mail = worker_list(bare, WORDS)
    assert not NUMBER.search(Reading(mail.html).text)
    assert "1 other child of this household is owed too" in Reading(mail.html).text.replace("\xa0", " ")


def test_the_foot_says_why_it_came_what_to_do_when_wrong_and_where_answers_go() -> None:
    for mail in mails():
        for said in (Reading(mail.html).text, mail.text):
            assert re.search(r"You (get this|are told)", said)
            assert WORDS.wrong in said
            assert "your answer goes to duty@council.example" in said
    silent = worker_list(sample.worker_lists()[0], MailWords("Wrong?", ""))
    assert "Nobody reads replies" in silent.text
