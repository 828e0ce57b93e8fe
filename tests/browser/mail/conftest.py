"""Mails in a real browser, with their pictures in place."""

from __future__ import annotations

import base64

import pytest

from bot.rendering import sample
from bot.rendering.mail import Mail, MailWords, manager_digest, worker_list

WORDS = MailWords("Wrong? Tell your manager, and mend the case record.", "duty@council.example")


def page_of(mail: Mail) -> str:
    """The mail's HTML as a mail program shows it, its inline pictures found."""
    html = mail.html
    for image in mail.images:
        data = base64.b64encode(image.png).decode()
        html = html.replace(f"cid:{image.cid}", f"data:image/png;base64,{data}")
    return html


@pytest.fixture(scope="session")
def mail_pages() -> dict[str, str]:
    lists = {f"list {n}": worker_list(v, WORDS) for n, v in enumerate(sample.worker_lists())}
    digests = {f"digest {n}": manager_digest(v, WORDS) for n, v in enumerate(sample.manager_digests())}
    return {name: page_of(mail) for name, mail in (lists | digests).items()}
