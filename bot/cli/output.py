"""How the command line speaks: rich at a terminal, plain when piped, problems on stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.errors import BotError, Problem, Refused, WronglyUsed, place

WIDE = 250  # where nobody looks on, a row stays a line


def _console(*, stderr: bool) -> Console:
    piped = not (sys.stderr if stderr else sys.stdout).isatty()
    return Console(
        stderr=stderr,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=piped,
        width=WIDE if piped else None,
    )


out = _console(stderr=False)
err = _console(stderr=True)


def day(value: date) -> str:
    """A day as people write it: Fri 4 Dec 2026."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def say(line: str, style: str | None = None) -> None:
    """One line to stdout; square brackets in it are text."""
    out.print(Text(line, style=style or ""))


def warn(line: str, style: str | None = None) -> None:
    """One line to stderr."""
    err.print(Text(line, style=style or ""))


def show(table: Table) -> None:
    """A table to stdout."""
    out.print(table)


def table(*columns: str, title: str | None = None) -> Table:
    """An empty table whose cells are text, never markup."""
    made = Table(
        title=title, title_justify="left", box=box.SIMPLE_HEAD if out.is_terminal else None, pad_edge=False
    )
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def say_problems(problems: Sequence[Problem]) -> None:
    """Every problem on stderr, in the order of the files."""
    for problem in problems:
        warn(f"{problem.where}: {problem.what}")
        warn(f"    {problem.effect}. {problem.mend}", style="dim")


def write_problems(problems: Sequence[Problem], file: Path) -> None:
    """Every problem to a file as the JSON array of CONTRACT's ``--problems``."""
    rows = [{"where": p.where, "what": p.what, "mend": p.mend, "effect": p.effect} for p in problems]
    try:
        file.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise WronglyUsed(f"{file} cannot be written ({error.strerror}). Name another file.") from None


def say_error(error: Exception) -> None:
    """Whatever ended a command, as one message with the mend."""
    if isinstance(error, BotError):
        if isinstance(error, Refused | WronglyUsed):
            say_problems(error.problems)
        warn(str(error), style="bold")
        return
    if os.environ.get("VISIT_BOT_DEBUG"):
        err.print_exception()
    warn(
        f"The program met something it does not know how to handle ({type(error).__name__}{place(error)}). "
        "Nothing further was done. Run it again; if it stays so, report this line. "
        "VISIT_BOT_DEBUG=1 shows more, and may show case data.",
        style="bold",
    )
