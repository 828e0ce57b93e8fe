"""Renders every template with invented values and goes through all its branches, so that ``check`` finds a
wrong word and nobody meets it at 07:00.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

from bot.errors import Problem
from bot.rendering import sample
from bot.rendering.branches import Branches, noted
from bot.rendering.entry import body_html, body_text
from bot.rendering.kinds import KINDS, samples
from bot.rendering.mail import MailWords
from bot.rendering.papers import sample as papers
from bot.rendering.shapes import Shape
from bot.rendering.templates import TEMPLATES, environment

NEEDED = (
    "entry.html.j2",
    "entry.txt.j2",
    "layout.html.j2",
    "mail.css",
    "mail-dark.css",
    "macros.html.j2",
    "macros.txt.j2",
    *(name for kind in KINDS for name in kind.templates),
    "notice_macros.html.j2",
    "notice_macros.txt.j2",
    "paper.css",
    "paper.html.j2",
    "paper_macros.html.j2",
    "preparation_sheet.html.j2",
    "write_up.html.j2",
    "team.html.j2",
    "team.txt.j2",
    "supervision.html.j2",
    "supervision.txt.j2",
    "supervision_sheet.html.j2",
    "family_macros.html.j2",
    "family_agreement.html.j2",
    "family_diary.html.j2",
)
WORDS = (MailWords("Wrong? Tell your manager.", "duty@council.example"), MailWords("Wrong?", ""))


def check_templates(folder: Path = TEMPLATES) -> tuple[Problem, ...]:
    """Everything wrong in the templates of ``folder``: missing, unreadable, or naming what does not exist."""
    folder = folder.resolve()
    missing = [_missing(name, folder) for name in NEEDED if not (folder / name).is_file()]
    if missing:
        return tuple(missing)
    with noted(folder) as given:
        broken = [problem for path in sorted(folder.glob("*.j2")) for problem in _compiled(path, folder)]
        if broken:
            return tuple(broken)
        rendered = _rendered(folder)
    named = _in_every_branch(folder, given)
    places = {problem.where for problem in named}
    return tuple(dict.fromkeys([*named, *(problem for problem in rendered if problem.where not in places)]))


def _missing(name: str, folder: Path) -> Problem:
    return Problem(
        f"{folder.name}/{name}",
        "this template is missing",
        "Put it back from the release, or take `templates` out of the settings to use the release's own.",
        "run refused",
    )


def _compiled(path: Path, folder: Path) -> list[Problem]:
    try:
        environment(folder).get_template(path.name)
    except TemplateSyntaxError as error:
        return [_problem(f"{folder.name}/{path.name}:{error.lineno}", error.message or "cannot be read")]
    except (TemplateError, UnicodeDecodeError) as error:
        return [_problem(f"{folder.name}/{path.name}", str(error))]
    return []


def _rendered(folder: Path) -> list[Problem]:
    """Every value of the sample through every template it goes into."""
    renderings: list[Callable[[], object]] = []
    for words in WORDS:
        renderings += [render for _, render in samples(words, folder)]
    for body in sample.entry_bodies():
        renderings += [partial(body_html, body, folder), partial(body_text, body, folder)]
    renderings += papers.renderings(folder)
    return [problem for render in renderings for problem in _tried(render, folder)]


def _in_every_branch(folder: Path, given: Mapping[str, Mapping[str, Shape]]) -> list[Problem]:
    """Names that do not exist, also where no value of the sample leads."""
    walk = Branches(folder)
    problems: list[Problem] = []
    for name, values in given.items():
        try:
            problems += [
                _problem(f"{folder.name}/{Path(file).name}:{line}", what)
                for file, line, what in walk.wrong(name, values)
            ]
        except TemplateSyntaxError as error:
            problems.append(_problem(f"{folder.name}/{error.name}:{error.lineno}", error.message or ""))
        except Exception as error:  # as with rendering
            problems.append(_problem(_place(error, folder), _what(error)))
    return problems


def _tried(render: Callable[[], object], folder: Path) -> list[Problem]:
    try:
        render()
    except Exception as error:  # an edited template can fail in any way Python can
        return [_problem(_place(error, folder), _what(error))]
    return []


def _what(error: Exception) -> str:
    said = str(error) or type(error).__name__
    if isinstance(error, UndefinedError):
        return f"it names something that does not exist: {said}"
    return f"it cannot be rendered: {said}"


def _place(error: Exception, folder: Path) -> str:
    """The innermost line of a template: Jinja puts its own lines into the traceback."""
    for step in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(step.filename).parent == folder:
            return f"{folder.name}/{Path(step.filename).name}:{step.lineno}"
    return folder.name


def _problem(where: str, what: str) -> Problem:
    return Problem(
        where,
        what,
        "Compare the line with the release's own template, or put that template back.",
        "run refused",
    )
