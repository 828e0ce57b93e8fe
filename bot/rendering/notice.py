"""Notices and the welcome of a new worker as mails. A subject says how many and whose, never of whom."""

from __future__ import annotations

from pathlib import Path

from bot.digest.noticing.letter import NoticeMail
from bot.digest.words import count
from bot.rendering.mail import Mail, MailWords, both
from bot.rendering.templates import TEMPLATES

WHOSE = {"team": "your team's visits", "own": "your visits", "reviewed": "visits of children you review"}
WELCOME = "Welcome: visiting standards, frequencies and how reminders work"


def notice(value: NoticeMail, words: MailWords, templates: Path = TEMPLATES) -> Mail:
    """One person's notices as a mail."""
    now = f", {value.urgent} for today" if value.urgent else ""
    subject = f"{count(value.number, 'notice')} about {WHOSE.get(value.whose, 'visits')}{now}"
    html, text = both("notice", templates, mail=value, words=words, subject=subject)
    return Mail(subject, html, text)


def welcome(value: NoticeMail, words: MailWords, templates: Path = TEMPLATES) -> Mail:
    """A new worker's welcome, with whatever they are told that day (C.8g)."""
    also = f", and {count(value.number, 'notice')}" if value.number else ""
    html, text = both("welcome", templates, mail=value, words=words, subject=WELCOME + also)
    return Mail(WELCOME + also, html, text)
