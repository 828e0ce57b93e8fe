"""Every kind of mail, whole: whoever changes a word or a place sees all that changes.

``GOLDEN=write`` writes them anew; read the difference before it is committed. The page stands there one
element a line and without its styles, which are mail.css's; that they are on the elements is tested apart.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.rendering.kinds import samples
from bot.rendering.mail import Mail, MailWords

GOLDEN = Path(__file__).with_name("golden")
MAILS = dict(samples(MailWords("Wrong? Tell your manager.", "duty@council.example")))
WRITE = os.environ.get("GOLDEN") == "write"


def page(mail: Mail) -> str:
    """The HTML as it can be reviewed."""
    body = mail.html[mail.html.index("<body") :].replace("\u2007\u034f", "")
    body = re.sub(r' (?:style|cellpadding|cellspacing|border)="[^"]*"', "", body)
    lines = re.sub(r"\s*(<(?!/?(?:strong|span|br)\b))", r"\n\1", body).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("rendering", ["html", "txt"])
def test_the_mail_reads_as_it_did(name: str, rendering: str) -> None:
    mail = MAILS[name]()
    told: dict[str, Callable[[Mail], str]] = {"html": page, "txt": lambda mail: mail.text}
    file = GOLDEN / f"{name}.{rendering}"
    found = f"{mail.subject}\n\n{told[rendering](mail)}"
    if WRITE:
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


def test_no_golden_mail_is_left_of_what_is_made_no_more() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == {
        f"{name}.{of}" for name in MAILS for of in ("html", "txt")
    }
