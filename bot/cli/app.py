"""Declares the commands. Each imports its room only when it is called, so that help is quick.

Exit status: 0 done, 1 refused (or problems found, where that is the command's job), 2 used wrongly.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.errors import BotError, WronglyUsed

LONDON = ZoneInfo("Europe/London")

app = typer.Typer(
    name="run_bot.py",
    help="Keeps statutory visits to children in social workers' Outlook calendars.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
rules_app = typer.Typer(help="Look after rule packs.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rules_app, name="rules")


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
DEFAULT = Path("config/settings.toml")


@app.command()
def demo(
    today: Today = None,
    state: Annotated[Path, typer.Option("--state", metavar="DIR", help="Where the demo lives.")] = Path(
        ".demo"
    ),
    port: Annotated[int | None, typer.Option("--port", help="The page's port; 0: any free one.")] = None,
    leave: Annotated[
        bool, typer.Option("--exit", envvar="EXIT", help="Do not serve the page; leave.")
    ] = False,
    record: Record = None,
) -> None:
    """The whole way on a local Microsoft 365: an example team, one run, a page to look at it."""
    from bot.cli.demonstrating import demo as run

    run(today=today, state=state, port=port, serve=sys.stdout.isatty() and not leave, record=record)


@app.command()
def check(config: Config = DEFAULT, today: Today = None) -> None:
    """Read settings, packs, templates and caseload, and list every problem. Touches nothing outside."""
    from bot.cli.checking import check as run

    raise typer.Exit(run(config, _today(today)))


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="Where to write the settings.")] = DEFAULT,
) -> None:
    """Write a commented settings file, and say what to do next."""
    from bot.cli.checking import init as run

    run(path)


@app.command()
def due(
    caseload: CaseloadPath = None,
    rules: Packs = None,
    today: Today = None,
    as_json: Json = False,
    problems: Annotated[
        Path | None, typer.Option("--problems", metavar="FILE", help="Write the problems there, as JSON.")
    ] = None,
    config: MaybeConfig = None,
) -> None:
    """Every due visit. Needs no Microsoft 365."""
    from bot.cli.judging import due as run

    run(caseload, rules, config, _today(today), as_json=as_json, problems_file=problems)


@app.command()
def explain(
    child: Annotated[str, typer.Argument(help="The child's id in the caseload.")],
    caseload: CaseloadPath = None,
    rules: Packs = None,
    today: Today = None,
    as_json: Json = False,
    config: MaybeConfig = None,
) -> None:
    """Why that date: clauses, anchor, interval, arithmetic; and which visits did not count."""
    from bot.cli.judging import explain as run

    run(child, caseload, rules, config, _today(today), as_json=as_json)


Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the files go.")]
Formats = Annotated[
    str | None, typer.Option("--format", metavar="docx|html|pdf", help="One or more, with commas; else all.")
]
Reader = Annotated[
    str | None,
    typer.Option("--for", metavar="WORKER", help="Refuse unless it may go to this worker or manager."),
]
HERE = Path()


@app.command()
def prepare(
    child: Annotated[str, typer.Argument(help="The child's id in the caseload.")],
    caseload: CaseloadPath = None,
    rules: Packs = None,
    today: Today = None,
    out: Out = HERE,
    formats: Formats = None,
    reader: Reader = None,
    config: MaybeConfig = None,
) -> None:
    """The preparation sheet and write-up template of a child's next visit. Needs no Microsoft 365."""
    from bot.cli.papers import Chosen
    from bot.cli.papers import prepare as write

    write(child, Chosen(caseload, rules, config, _today(today), out, formats, reader))


@app.command()
def letter(
    child: Annotated[str, typer.Argument(help="The child's id in the caseload.")],
    caseload: CaseloadPath = None,
    rules: Packs = None,
    today: Today = None,
    out: Out = HERE,
    formats: Formats = None,
    large_print: Annotated[bool, typer.Option("--large-print", help="In 18 points.")] = False,
    reader: Reader = None,
    config: MaybeConfig = None,
) -> None:
    """The family's visit agreement and diary, in which no unannounced visit can be read."""
    from bot.cli.papers import Chosen
    from bot.cli.papers import letter as write

    write(child, Chosen(caseload, rules, config, _today(today), out, formats, reader), large=large_print)


@app.command()
def plan(
    config: Config = DEFAULT,
    as_json: Json = False,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="F", help="Keep the plan for run --plan.")
    ] = None,
    only: Only = None,
    today: Today = None,
) -> None:
    """A dry run against Outlook: what would be created, changed, removed, mailed. Nothing is written."""
    from bot.cli.planning import plan as run

    run(config, _moment(today), as_json=as_json, save=save, only=_list(only))


@app.command()
def run(
    config: Config = DEFAULT,
    today: Today = None,
    only: Only = None,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", metavar="F", help="Apply exactly this saved plan, or refuse.")
    ] = None,
    force: Annotated[
        str | None,
        typer.Option("--force", metavar="REASON", help="Lift the mass-change guards once; recorded."),
    ] = None,
    as_json: Json = False,
) -> None:
    """One run: read, judge, plan, check, write, mail, record."""
    from bot.cli.keeping import run as go

    code = go(config, _moment(today), only=_list(only), plan_file=plan_file, force=force, as_json=as_json)
    raise typer.Exit(code)


@app.command()
def serve(config: Config = DEFAULT) -> None:
    """The service: scheduled runs and a health endpoint, until stopped."""
    from bot.cli.serving import serve as go

    go(config)


@app.command()
def undo(
    config: Config = DEFAULT,
    only: Only = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove every entry the bot made, and only those."""
    from bot.cli.undoing import undo as go

    raise typer.Exit(go(config, _moment(None), only=_list(only), yes=yes))


@app.command()
def sandbox(
    port: Annotated[int | None, typer.Option("--port", help="The page's port; 0: any free one.")] = None,
    state: Annotated[
        Path | None, typer.Option("--state", metavar="DIR", help="Keep its state there; else in memory.")
    ] = None,
    graph_port: Annotated[int, typer.Option("--graph-port", help="Microsoft 365's port; 0: any.")] = 0,
    settings: Annotated[
        Path | None,
        typer.Option(
            "--settings", metavar="FILE", help="Limits, permissions, faults: config/sandbox.example.toml."
        ),
    ] = None,
    record: Record = None,
) -> None:
    """The local Microsoft 365 alone, until stopped."""
    from bot.cli.demonstrating import sandbox as go

    go(port=port, graph_port=graph_port, state=state, settings=settings, record=record)


PackNames = Annotated[
    list[str] | None, typer.Argument(metavar="[PACK]…", help="Packs; all of rules/ where none is named.")
]


@rules_app.command("lint")
def rules_lint(packs: PackNames = None) -> None:
    """Read packs; list every error with file, line, key and the mend."""
    from bot.cli.packs import lint

    raise typer.Exit(lint(packs or []))


@rules_app.command("test")
def rules_test(
    cases: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]…", help="Case files; all of rules/cases/ by default."),
    ] = None,
) -> None:
    """Run the packs' own cases, and print which clause each failed."""
    from bot.cli.packs import test

    raise typer.Exit(test(cases or []))


@rules_app.command("compare")
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

    names = [*(packs or []), *_list(rules)]
    compare(names, caseload, config, _today(today), as_json=as_json)


@rules_app.command("impact")
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

    show_impact(changed, against, caseload, config, _today(today), as_json=as_json)


@rules_app.command("schema")
def rules_schema() -> None:
    """Print the JSON Schema of a pack, for editors."""
    from bot.cli.packs import schema

    schema()


def main() -> None:
    """Run a command; whatever goes wrong becomes one message and an exit status, never a traceback."""
    from bot.cli.output import say_error

    try:
        app()
    except BotError as error:
        say_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        say_error(error)
        sys.exit(1)


def _today(given: date | None) -> date:
    return given or datetime.now(LONDON).date()


def _moment(given: date | None) -> datetime:
    """Now in London, naive; the end of the day where ``--today`` names one: all of it has come."""
    if given is not None:
        return datetime.combine(given, datetime.max.time()).replace(microsecond=0)
    return datetime.now(LONDON).replace(tzinfo=None)


def _list(value: str | None) -> tuple[str, ...]:
    if value is None:
        return ()
    names = tuple(part.strip() for part in value.split(",") if part.strip())
    if not names:
        raise WronglyUsed("--only names no worker. Give worker ids, with commas between.")
    return names
