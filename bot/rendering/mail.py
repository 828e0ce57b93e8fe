"""Makes mails of digests: one value, two renderings, and a subject that gives nothing away.

A subject and the line that a phone shows under it hold numbers and a date: no child, no plan kind, no
worker's name. HTML is inlined for Outlook's Word engine; rules for the dark and for phones stay in a style
block that engine passes over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import css_inline

from bot.digest.manager import ManagerDigest
from bot.digest.morning import Morning
from bot.digest.roll_up import RollUp
from bot.digest.undelivered import Undelivered
from bot.digest.words import count, day_month
from bot.digest.worker import WorkerList
from bot.rendering.charts import team_chart
from bot.rendering.drawing import Chart
from bot.rendering.templates import TEMPLATES, environment
from bot.rendering.trend_chart import trend_chart

CID = {"chart": "team-chart", "trend_chart": "trend-chart", "whole_chart": "whole-chart"}


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A picture that the HTML shows by its ``cid``; ``alt`` says what the picture says."""

    cid: str
    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready to go, but for its sender and its one recipient."""

    subject: str
    html: str
    text: str
    images: tuple[InlineImage, ...] = ()


@dataclass(frozen=True, slots=True)
class MailWords:
    """What every mail says at its foot; settings give it."""

    wrong: str  # "Wrong? Tell your manager, and mend the case record."
    reply_to: str  # an address; empty: answers go to nobody


def worker_list(value: WorkerList, words: MailWords, templates: Path = TEMPLATES) -> Mail:
    """A worker's Monday list as a mail."""
    subject = f"Your visits this week: {_worker_summary(value)} · week of {day_month(value.week.starts)}"
    html, text = both("worker_list", templates, list=value, words=words, subject=subject)
    return Mail(subject, html, text)


def morning(value: Morning, words: MailWords, templates: Path = TEMPLATES) -> Mail:
    """A morning's short mail."""
    due = len(value.due_today) + len(value.due_tomorrow) + len(value.covering)
    owing = f"{due} due" if due else f"{count(len(value.records), 'record')} to finish"
    owing = f"{owing}, {value.all_overdue} overdue" if value.all_overdue else owing
    subject = f"Today and tomorrow: {owing} · {day_month(value.today)}"
    html, text = both("morning", templates, morning=value, words=words, subject=subject)
    return Mail(subject, html, text)


def manager_digest(value: ManagerDigest, words: MailWords, templates: Path = TEMPLATES) -> Mail:
    """A manager's weekly digest as a mail, with the team's chart."""
    subject = f"Your team's visits: {_team_summary(value)} · week of {day_month(value.week.starts)}"
    charts = _charts_of_a_team(value)
    html, text = both("manager_digest", templates, digest=value, words=words, subject=subject, **charts)
    return Mail(subject, html, text, _images(charts))


def roll_up(value: RollUp, words: MailWords, templates: Path = TEMPLATES) -> Mail:
    """What whoever is above managers gets, with the digest of an own team in it where there is one."""
    subject = f"Your teams' visits: {_teams_summary(value)} · week of {day_month(value.week.starts)}"
    charts = {"whole_chart": trend_chart(value.trend)}
    charts |= _charts_of_a_team(value.own) if value.own else {"chart": None, "trend_chart": None}
    given = {"up": value, "digest": value.own, "words": words, "subject": subject}
    html, text = both("roll_up", templates, **given, **charts)
    return Mail(subject, html, text, _images(charts))


def undelivered(value: Undelivered, words: MailWords, templates: Path = TEMPLATES) -> Mail:
    """A manager's notice that mail to one of their workers reaches nobody."""
    subject = f"A mail could not be delivered · {day_month(value.today)}"
    html, text = both("undelivered", templates, notice=value, words=words, subject=subject)
    return Mail(subject, html, text)


def _worker_summary(value: WorkerList) -> str:
    if value.nothing_owed:
        return "nothing owed"
    covering = f", {len(value.covering)} to cover" if value.covering else ""
    return f"{len(value.overdue)} overdue, {len(value.this_week)} due{covering}"


def _team_summary(value: ManagerDigest) -> str:
    """Children, as the mail's first line counts them; what each worker owes is counted below."""
    team = value.team
    if not team.overdue and not team.due_this_week:
        return "nothing owed"
    overdue = f"{count(team.overdue, 'child', 'children')} overdue, {team.due_this_week} due this week"
    return f"{overdue}, in a team of {count(len(value.workers), 'worker')}"


def _teams_summary(value: RollUp) -> str:
    whole = value.whole
    if not whole.overdue and not whole.due:
        return "nothing owed"
    overdue = f"{count(whole.overdue, 'visit')} overdue, {whole.due} due this week"
    return f"{overdue}, in {count(whole.teams, 'team')}"


def _charts_of_a_team(value: ManagerDigest) -> dict[str, Chart | None]:
    """By the names that ``team.html.j2`` has for them."""
    return {"chart": team_chart(value.workers), "trend_chart": trend_chart(value.trend)}


def _images(charts: Mapping[str, Chart | None]) -> tuple[InlineImage, ...]:
    """A template shows a chart by this name for it."""
    return tuple(InlineImage(CID[name], chart.png, chart.alt) for name, chart in charts.items() if chart)


def both(name: str, templates: Path, **values: object) -> tuple[str, str]:
    """One value through both of its templates: HTML with its styles inlined, and plain text."""
    known = environment(templates)
    html = known.get_template(f"{name}.html.j2").render(values)
    text = known.get_template(f"{name}.txt.j2").render(values)
    return _inliner().inline(html), _tidied(text)


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)


def _tidied(text: str) -> str:
    """No more than one empty line at a time, none at the ends."""
    lines = (line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
