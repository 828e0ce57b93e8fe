"""Renders every template with invented values and goes through all its branches, so that ``check`` finds a
wrong word and nobody meets it at 07:00.
"""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.meta import find_referenced_templates

from bot.errors import Problem
from bot.rendering.branches import Branches, noted
from bot.rendering.kinds import KINDS
from bot.rendering.renderings import renderings
from bot.rendering.shapes import Shape
from bot.rendering.templates import TEMPLATES, environment

# A council's own folder holds every template of the release, the newest too: words are never mixed of two.
NEEDED = tuple(
    sorted({path.name for path in TEMPLATES.iterdir()} | {name for kind in KINDS for name in kind.templates})
)


def check_templates(folder: Path = TEMPLATES) -> tuple[Problem, ...]:
    """Everything wrong in the templates of ``folder``: missing, unreadable, or naming what does not exist."""
    folder = folder.resolve()
    bad = {name: [_missing(name, folder)] for name in NEEDED if not (folder / name).is_file()}
    bad |= {path.name: wrong for path in sorted(folder.glob("*.j2")) if (wrong := _compiled(path, folder))}
    if bad:
        return (*(problem for wrong in bad.values() for problem in wrong), *_the_others(folder, bad))
    with noted(folder) as given:
        rendered = _rendered(folder)
    named = _in_every_branch(folder, given)
    places = {problem.where for problem in named}
    return tuple(dict.fromkeys([*named, *(problem for problem in rendered if problem.where not in places)]))


def _the_others(folder: Path, bad: Collection[str]) -> tuple[Problem, ...]:
    """What is wrong beside the templates that cannot be read, the release's own in their place: else whoever
    mends those is told of the next only then. Where the release has no such template, nothing can be said."""
    if any(not (TEMPLATES / name).is_file() for name in bad):
        return ()
    with TemporaryDirectory() as place:
        whole = Path(place) / folder.name
        shutil.copytree(TEMPLATES, whole)
        for path in folder.iterdir():
            if path.is_file() and path.name not in bad:
                shutil.copyfile(path, whole / path.name)
        return check_templates(whole)


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
    """Every invented value through its templates; thoroughly where these are not as they were released.

    What the release's own words cannot say of a value either is no value that there could be.
    """
    own = {name for name in NEEDED if (folder / name).read_bytes() != (TEMPLATES / name).read_bytes()}
    problems: list[Problem] = []
    for rendering, released in zip(renderings(folder), renderings(TEMPLATES), strict=True):
        if not own & _read_with(rendering.templates, folder):
            problems += [problem for render in rendering.once() for problem in _tried(render, folder)]
            continue
        for render, known_good in zip(rendering.thoroughly(), released.thoroughly(), strict=True):
            found = _tried(render, folder)
            problems += found if found and not _tried(known_good, TEMPLATES) else []
    return problems


def _read_with(names: Iterable[str], folder: Path) -> set[str]:
    """These templates and all that they take in."""
    found: set[str] = set()
    left = set(names)
    while left:
        name = left.pop()
        found.add(name)
        read = environment(folder).parse((folder / name).read_text(encoding="utf-8"))
        left |= {other for other in find_referenced_templates(read) if other} - found
    return found


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
