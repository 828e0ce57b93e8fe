"""Declares the commands. Each imports its room only when it is called, so that help is quick.

Exit status: 0 done, 1 refused (or problems found, where that is the command's job), 2 used wrongly.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import rules as rules_commands
from bot.cli.options import (
    HERE,
    SETTINGS,
    CaseloadPath,
    Config,
    Formats,
    Json,
    MaybeConfig,
    Only,
    Out,
    Packs,
    Reader,
    Record,
    Today,
    day,
    moment,
    workers,
)
from bot.errors import BotError

app = typer.Typer(
    name="run_bot.py",
    help="Keeps statutory visits to children in social workers' Outlook calendars.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(rules_commands.app, name="rules")


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
def check(config: Config = SETTINGS, today: Today = None) -> None:
    """Read settings, packs, templates and caseload, and list every problem. Touches nothing outside."""
    from bot.cli.checking import check as run

    raise typer.Exit(run(config, day(today)))


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="Where to write the settings.")] = SETTINGS,
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

    run(caseload, rules, config, day(today), as_json=as_json, problems_file=problems)


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

    run(child, caseload, rules, config, day(today), as_json=as_json)


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

    write(child, Chosen(caseload, rules, config, day(today), out, formats, reader))


@app.command()
def supervision(
    worker: Annotated[str, typer.Argument(help="The worker's id in the caseload.")],
    caseload: CaseloadPath = None,
    rules: Packs = None,
    today: Today = None,
    out: Out = HERE,
    formats: Formats = None,
    reader: Reader = None,
    config: MaybeConfig = None,
) -> None:
    """The sheet a worker and manager go through in supervision: hard to see, frequencies, sign-offs."""
    from bot.cli.papers import Chosen
    from bot.cli.papers import supervision as write

    write(worker, Chosen(caseload, rules, config, day(today), out, formats, reader))


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

    write(child, Chosen(caseload, rules, config, day(today), out, formats, reader), large=large_print)


@app.command()
def plan(
    config: Config = SETTINGS,
    as_json: Json = False,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="F", help="Keep the plan for run --plan.")
    ] = None,
    only: Only = None,
    today: Today = None,
) -> None:
    """A dry run against Outlook: what would be created, changed, removed, mailed. Nothing is written."""
    from bot.cli.planning import plan as run

    run(config, moment(today), as_json=as_json, save=save, only=workers(only))


@app.command()
def run(
    config: Config = SETTINGS,
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

    code = go(config, moment(today), only=workers(only), plan_file=plan_file, force=force, as_json=as_json)
    raise typer.Exit(code)


@app.command()
def serve(config: Config = SETTINGS) -> None:
    """The service: scheduled runs and a health endpoint, until stopped."""
    from bot.cli.serving import serve as go

    go(config)


@app.command()
def undo(
    config: Config = SETTINGS,
    only: Only = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove every entry the bot made, and only those."""
    from bot.cli.undoing import undo as go

    raise typer.Exit(go(config, moment(None), only=workers(only), yes=yes))


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
