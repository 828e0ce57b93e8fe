"""Finds the words that people may edit, and refuses one that names what does not exist.

A council changes mails by editing ``templates/``. An unknown variable is an error, never an empty place;
what goes into HTML is escaped; a template sees values only, no settings and no caseload.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateRuntimeError,
    pass_eval_context,
    select_autoescape,
)
from jinja2.nodes import EvalContext

from bot.digest import words

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


@lru_cache(maxsize=8)
def environment(folder: Path = TEMPLATES) -> Environment:
    """The templates of one folder, compiled once."""
    found = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=_printed,
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters.update(day_month=_day_month, day=_day, moment=_moment, count=_count)
    return found


def _printed(value: object) -> object:
    """Nobody shall read "None" in a mail: what may be missing is asked for first."""
    if value is None:
        raise TemplateRuntimeError(
            "what is printed here may be missing: ask first, with {% if … is not none %}"
        )
    return value


@pass_eval_context
def _day(page: EvalContext, when: date, today: date) -> str:
    return _held_together(page, words.day(when, today))


@pass_eval_context
def _day_month(page: EvalContext, when: date) -> str:
    return _held_together(page, words.day_month(when))


@pass_eval_context
def _moment(page: EvalContext, when: datetime, today: date) -> str:
    return _held_together(page, words.moment(when, today))


@pass_eval_context
def _count(page: EvalContext, number: int, one: str, many: str = "") -> str:
    return _held_together(page, words.count(number, one, many))


def _held_together(page: EvalContext, said: str) -> str:
    """In HTML a date or a number never breaks over two lines; plain text keeps its plain spaces."""
    return said.replace(" ", "\u00a0") if page.autoescape else said
