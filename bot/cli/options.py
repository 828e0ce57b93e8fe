"""What may be given on the command line, said once for every command: days, files, workers.

An option that two commands share reads and refuses the same in both, and its help says the same.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.errors import WronglyUsed

LONDON = ZoneInfo("Europe/London")
SETTINGS = Path("config/settings.toml")
HERE = Path()


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is not a day like 2026-11-30") from None


Today = Annotated[
    date | None,
    typer.Option(
        "--today", parser=_day, metavar="DATE", help="The day everything is reckoned for (2026-11-30)."
    ),
]
Config = Annotated[Path, typer.Option("--config", metavar="F", help="The settings file.")]
MaybeConfig = Annotated[Path | None, typer.Option("--config", metavar="F", help="The settings file.")]
Only = Annotated[
    str | None, typer.Option("--only", metavar="WORKER,…", help="Only these workers' diaries (worker ids).")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
CaseloadPath = Annotated[
    Path | None, typer.Option("--caseload", metavar="PATH", help="A folder of CSV files, or a workbook.")
]
Packs = Annotated[
    str | None,
    typer.Option("--rules", metavar="PACK[,PACK…]", help="Packs: names in rules/, or paths."),
]
Record = Annotated[
    Path | None,
    typer.Option(
        "--record", metavar="FILE", help="Add every exchange with Microsoft 365 to it, as JSON lines."
    ),
]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the files go.")]
Formats = Annotated[
    str | None, typer.Option("--format", metavar="docx|html|pdf", help="One or more, with commas; else all.")
]
Reader = Annotated[
    str | None,
    typer.Option("--for", metavar="WORKER", help="Refuse unless it may go to this worker or manager."),
]


def day(given: date | None) -> date:
    """The day to reckon for: the given one, or today in London."""
    return given or datetime.now(LONDON).date()


def moment(given: date | None) -> datetime:
    """Now in London, naive; the end of the day where ``--today`` names one: all of it has come."""
    if given is not None:
        return datetime.combine(given, datetime.max.time()).replace(microsecond=0)
    return datetime.now(LONDON).replace(tzinfo=None)


def workers(only: str | None) -> tuple[str, ...]:
    """The ids in ``--only``, none where it is not given; raises WronglyUsed where it names nobody."""
    if only is None:
        return ()
    return _named(only, "--only names no worker. Give worker ids, with commas between.")


def packs(rules: str) -> tuple[str, ...]:
    """The packs in ``--rules``; raises WronglyUsed where it names none."""
    return _named(rules, "--rules names no pack. Give names of rules/ or paths, with commas between.")


def _named(value: str, otherwise: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in value.split(",") if part.strip())
    if not names:
        raise WronglyUsed(otherwise)
    return names
