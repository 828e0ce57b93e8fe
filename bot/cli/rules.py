"""Declares the commands under ``rules``: those of whoever writes packs, and none of them needs Outlook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import CaseloadPath, Json, MaybeConfig, Packs, Today, day
from bot.cli.options import packs as packs_in

app = typer.Typer(help="Look after rule packs.", no_args_is_help=True, rich_markup_mode=None)

PackNames = Annotated[
    list[str] | None, typer.Argument(metavar="[PACK]…", help="Packs; all of rules/ where none is named.")
]


@app.command("lint")
def rules_lint(packs: PackNames = None) -> None:
    """Read packs; list every error with file, line, key and the mend."""
    from bot.cli.packs import lint

    raise typer.Exit(lint(packs or []))


@app.command("test")
def rules_test(
    cases: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]…", help="Case files; all of rules/cases/ by default."),
    ] = None,
) -> None:
    """Run the packs' own cases, and print which clause each failed."""
    from bot.cli.packs import test

    raise typer.Exit(test(cases or []))


@app.command("compare")
def rules_compare(
    packs: Annotated[
        list[str] | None, typer.Argument(metavar="PACK PACK…", help="Names in rules/, or paths.")
    ] = None,
    caseload: CaseloadPath = None,
    rules: Packs = None,
    today: Today = None,
    as_json: Json = False,
    config: MaybeConfig = None,
) -> None:
    """Packs side by side on a caseload: each child's date under each, and where they part."""
    from bot.cli.comparing import compare

    names = [*(packs or []), *(packs_in(rules) if rules is not None else ())]
    compare(names, caseload, config, day(today), as_json=as_json)


@app.command("impact")
def rules_impact(
    changed: Annotated[str, typer.Argument(metavar="PACK", help="The changed pack: a path, or a name.")],
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="PACK", help="Today's, where its name is another."),
    ] = None,
    caseload: CaseloadPath = None,
    today: Today = None,
    as_json: Json = False,
    config: MaybeConfig = None,
) -> None:
    """Who is affected by a changed pack before it is switched on: dates, teams, visits a week."""
    from bot.cli.comparing import show_impact

    show_impact(changed, against, caseload, config, day(today), as_json=as_json)


@app.command("schema")
def rules_schema() -> None:
    """Print the JSON Schema of a pack, for editors."""
    from bot.cli.packs import schema

    schema()
