"""Of every kind of mail: what shows before it is opened, or over a shoulder, names nobody and nothing."""

from __future__ import annotations

import re

import pytest
from privacy.scan import PLANS, Seen

from bot.rendering.kinds import samples
from bot.rendering.mail import Mail, MailWords

MAILS = {name: make() for name, make in samples(MailWords("Wrong?", "duty@council.example"))}
NAMES = re.compile(r"Khan|Okoro|Nair|Adeyemi|Coyle|Reeve|\b[A-Z]\.[A-Z]\.|\b20\d{3}\b")


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS)
def test_the_first_lines_name_nobody(mail: Mail) -> None:
    shown = Seen(mail.html)
    for text in (mail.subject, shown.first_lines, *mail.text.splitlines()[:2]):
        assert not NAMES.search(text), text
        assert not PLANS.search(text), text


@pytest.mark.parametrize("mail", MAILS.values(), ids=MAILS)
def test_what_a_phone_shows_under_the_subject_is_the_hidden_line_alone(mail: Mail) -> None:
    """A line of figures, and then so much of nothing that no word of the mail comes after it."""
    hidden = "".join(Seen(mail.html).hidden)
    assert 5 < len(hidden.split("\u2007")[0].strip()) < 90
    assert len(hidden) >= 120
