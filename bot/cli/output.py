"""How the command line speaks: rich at a terminal, plain when piped, problems on stderr."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from rich import box
from rich.console import Console, JustifyMethod
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.errors import BotError, Effect, Problem, Refused, WronglyUsed, place

INDENT = 4
FEW = 20  # so many problems are said whole
FIRST = 3  # so many of each kind, where there are more
_WORST_FIRST: tuple[Effect, ...] = ("run refused", "excluded", "row set aside", "value ignored", "warning")
_MANY = {"row set aside": "rows set aside", "value ignored": "values ignored", "warning": "warnings"}
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


def say(line: str, style: str | None = None, *, below: bool = False) -> None:
    """One line to stdout; square brackets in it are text. ``below``: it belongs to the line above it."""
    _print(out, line, style, below=below)


def warn(line: str, style: str | None = None, *, below: bool = False) -> None:
    """One line to stderr."""
    _print(err, line, style, below=below)


def _print(console: Console, line: str, style: str | None, *, below: bool) -> None:
    if below and console.is_terminal:  # where it is broken it goes on below itself
        console.print(Padding(Text(line, style=style or ""), (0, 0, 0, INDENT), expand=False))
    else:
        console.print(Text(" " * INDENT * below + line, style=style or ""))


def say_command(what: str, command: str, style: str | None = None) -> None:
    """A command that answers as it stands: left to the terminal to break, so that it can be copied whole."""
    out.print(Text(f"{what}: {command}", style=style or ""), soft_wrap=True)


def show(table: Table) -> None:
    """A table to stdout, at a terminal with air around it."""
    air = [""] if out.is_terminal else []
    out.print(*air, table, *air, sep="\n")


def is_roomy(columns: int) -> bool:
    """Whether so many columns fit; where nobody looks on, they always do."""
    return not out.is_terminal or out.width >= columns


def table(
    *columns: str, title: str | None = None, numbers: Collection[str] = (), whole: Collection[str] = ()
) -> Table:
    """An empty table whose cells are text, never markup.

    ``numbers``: the columns that hold one; ``whole``: those whose cells are never broken.
    """
    made = Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD if out.is_terminal else None,
        show_edge=False,
        pad_edge=False,
        collapse_padding=out.is_terminal,
    )
    for column in columns:
        justify: JustifyMethod = "right" if column in numbers else "left"
        made.add_column(column, overflow="fold", justify=justify, no_wrap=column in whole)
    return made


def worth_a_column(heads: Sequence[str], counts: Sequence[Sequence[int]], rare: Collection[str]) -> list[int]:
    """Which columns of counts to show: at a terminal, ``rare`` ones only where something is counted."""
    anything = [any(row[place] for row in counts) for place in range(len(heads))]
    return [
        place
        for place, head in enumerate(heads)
        if anything[place] or head not in rare or not out.is_terminal
    ]


def addresses(head: str, all_: Sequence[str]) -> tuple[str, Sequence[str]]:
    """A column of mail addresses: at a terminal, what they all end with stands once, in its head."""
    ends = {one.partition("@")[2] for one in all_}
    if not out.is_terminal or len(ends) != 1:
        return head, all_
    return f"{head} @{ends.pop()}", [one.partition("@")[0] for one in all_]


def say_problems(problems: Sequence[Problem]) -> None:
    """Every problem on stderr, in the order of the files."""
    for problem in problems:
        warn(f"{problem.where}: {problem.what}")
        warn(f"{problem.effect}. {problem.mend}", style="dim", below=True)


def say_problems_in_short(problems: Sequence[Problem], whole: str) -> None:
    """The problems on stderr for somebody who has other things to read there; ``whole`` is the command that
    says every one of them.

    A few are all said. Of many, the first few of each kind, the worst effect first, and how many of each;
    what is wrong in no row, but with a file or a kind of plan as a whole, is said whatever there is.
    """
    if len(problems) <= FEW:
        say_problems(problems)
        return
    kinds: dict[tuple[int, str, str], list[Problem]] = {}
    for problem in problems:
        file, _, cell = problem.where.partition(":")
        column = cell.rpartition(":")[2]
        kinds.setdefault((_WORST_FIRST.index(problem.effect), file, column), []).append(problem)
    for (_, file, column), found in sorted(kinds.items()):
        of_rows = found[0].where.count(":") > 1 and "::" not in found[0].where
        say_problems(found[:FIRST] if of_rows else found)
        if of_rows and len(found) > FIRST:
            place = f"{file}:{column}" if column else file
            warn(
                f"{place}: {len(found) - FIRST:,} more like these ({found[0].effect}), {len(found):,} in all"
            )
    counts = Counter((problem.where.partition(":")[0], problem.effect) for problem in problems)
    told = "; ".join(
        f"{file}: {number:,} {effect if number == 1 else _MANY.get(effect, effect)}"
        for (file, effect), number in sorted(counts.items())
    )
    warn(f"{len(problems):,} data problems. {told}. `{whole}` says every one of them.", style="bold")


def as_rows(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Problems as JSON has them."""
    return [{"where": p.where, "what": p.what, "mend": p.mend, "effect": p.effect} for p in problems]


def write_problems(problems: Sequence[Problem], file: Path) -> None:
    """Every problem to a file as the JSON array of CONTRACT's ``--problems``."""
    try:
        file.write_text(json.dumps(as_rows(problems), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
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
