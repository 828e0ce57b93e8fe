"""Mails in a real browser, with their pictures in place."""

from __future__ import annotations

import base64

import pytest

from bot.rendering.kinds import samples
from bot.rendering.mail import Mail, MailWords

WORDS = MailWords("Wrong? Tell your manager, and mend the case record.", "duty@council.example")
LONG = "Featherstonehaugh-Wolfeschlegelsteinhausen"  # a name that no line of a phone holds


def page_of(mail: Mail) -> str:
    """The mail's HTML as a mail program shows it, its inline pictures found."""
    html = mail.html
    for image in mail.images:
        data = base64.b64encode(image.png).decode()
        html = html.replace(f"cid:{image.cid}", f"data:image/png;base64,{data}")
    return html.replace("Bankole-Fitzgerald", LONG).replace("Ashdown", LONG)


@pytest.fixture(scope="session")
def mail_pages() -> dict[str, str]:
    """Of each kind the fullest mail, and of the widest kinds the barest."""
    return {
        name: page_of(make())
        for name, make in samples(WORDS)
        if name.endswith("-1") or name in {"worker_list-3", "manager_digest-4", "roll_up-2"}
    }
