"""Each paper from its value: the page its template gives, and the same as a Word file and a PDF.

A paper for staff (:func:`preparation_sheet`, :func:`write_up`, :func:`supervision_sheet`) may tell what the
record knows; a paper for a family (:func:`agreement`, :func:`family_diary`) is rendered from values that hold
nothing it may not show.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from bot.diary.words import full_day
from bot.digest.papers.agreement import Agreement
from bot.digest.papers.family_diary import FamilyDiary
from bot.digest.papers.sheet import Sheet
from bot.digest.papers.supervision import Supervision
from bot.digest.words import attempt
from bot.rendering.papers.blocks import NotForPaper, Paper, read
from bot.rendering.templates import TEMPLATES, environment

Format = Literal["docx", "html", "pdf"]
FORMATS: tuple[Format, ...] = ("docx", "html", "pdf")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def preparation_sheet(sheet: Sheet, templates: Path = TEMPLATES) -> str:
    """The preparation sheet's page."""
    return _page("preparation_sheet", templates, sheet=sheet)


def write_up(sheet: Sheet, templates: Path = TEMPLATES) -> str:
    """The page of the template that the visit is written up in."""
    return _page("write_up", templates, sheet=sheet)


def supervision_sheet(sheet: Supervision, templates: Path = TEMPLATES) -> str:
    """The page of a worker's supervision sheet."""
    return _page("supervision_sheet", templates, sheet=sheet)


def agreement(value: Agreement, templates: Path = TEMPLATES, *, large: bool = False) -> str:
    """The family visit agreement's page."""
    return _page("family_agreement", templates, large=large, agreement=value)


def family_diary(value: FamilyDiary, templates: Path = TEMPLATES, *, large: bool = False) -> str:
    """The family's diary's page."""
    return _page("family_diary", templates, large=large, diary=value)


def file_of(page: str, kind: Format, *, large: bool = False) -> bytes:
    """A page as a file of one format."""
    if kind == "html":
        return page.encode("utf-8")
    return _maker(kind)(read(page, large=large))


def _maker(kind: Format) -> Callable[[Paper], bytes]:
    """Imported where it is needed: a library of thirty megabytes is not loaded for a page."""
    if kind == "docx":
        from bot.rendering.papers.docx import to_docx  # noqa: PLC0415

        return to_docx
    from bot.rendering.papers.pdf import to_pdf  # noqa: PLC0415

    return to_pdf


def _page(name: str, templates: Path, *, large: bool = False, **values: object) -> str:
    template = environment(templates).get_template(f"{name}.html.j2")
    page = template.render(
        **values, large=large, full_day=full_day, long_day=long_day, clock=clock, attempt=attempt
    )
    try:
        read(page)  # a page that no Word file can hold is wrong, whichever format was asked for
    except NotForPaper as error:
        raise NotForPaper(f"{name}.html.j2: {error}") from None
    return page


def long_day(when: date) -> str:
    """A day as a family reads it: "Tuesday 1 December 2026"."""
    return f"{_WEEKDAYS[when.weekday()]} {when.day} {_MONTHS[when.month - 1]} {when.year}"


def clock(when: datetime) -> str:
    """A time as a family reads it: "3:30 pm"."""
    return f"{when.hour % 12 or 12}:{when:%M} {'am' if when.hour < 12 else 'pm'}"
