"""`run` and `undo`: what the bot does, and takes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from bot.caseload.plain import read
from bot.cli.output import (
    addresses,
    as_rows,
    day,
    err,
    out,
    say,
    say_problems,
    say_problems_in_short,
    show,
    table,
    warn,
)
from bot.errors import WronglyUsed
from bot.run import saved
from bot.run.keep import Progress as Told
from bot.run.keep import silent
from bot.run.order import Wishes, run_once
from bot.run.report import RunReport
from bot.run.senders import left_waiting
from bot.run.world import World, open_world
from bot.service import logs
from bot.settings_file import load


def run(
    config: Path,
    now: datetime,
    *,
    only: Sequence[str],
    plan_file: Path | None,
    force: str | None,
    as_json: bool,
) -> int:
    """One run. 0 where it did its work, with what could not be done on stderr; 1 where it was refused."""
    if force is not None and not force.strip():
        raise WronglyUsed("--force needs a reason: it is recorded with your name.")
    with opened(config) as world:
        wishes = Wishes(tuple(only), force)
        if plan_file is not None:
            kept = saved.read(plan_file, world, now, only)
            wishes = Wishes(
                kept.only, force, kept.jobs, lambda prepared: saved.refuse_if_moved(kept, world, prepared)
            )
        workers_named(world, now, wishes.only)
        try:
            with watched() as told:
                report = run_once(world, now, replace(wishes, progress=told, tell=warn))
        except KeyboardInterrupt:
            warn(f"Stopped. {left_waiting(world)}", style="bold")
            raise
    if as_json:
        out.file.write(json.dumps(_report(report), indent=1, ensure_ascii=False) + "\n")
    else:
        show_report(report)
    beside = set(report.found_beside)
    of_caseload = [one for one in report.problems if one not in beside]
    say_problems_in_short(of_caseload, f"check --config {config}")
    say_problems(report.found_beside)
    for line in (
        *report.restored,
        *report.of_mails,
        *report.of_sheets,
        *report.warnings,
        *report.set_aside,
        *report.lifted,
    ):
        warn(line)
    for error in report.errors:
        warn(error, style="bold")
    refused = any(one.refused for one in report.kept)
    return 1 if refused or report.nothing_done else 0


def show_report(report: RunReport) -> None:
    """What was put in whose calendar, and who was mailed."""
    kept = sorted(report.kept, key=lambda one: (one.worker_id, one.mailbox))
    diary, boxes = addresses("Diary", [one.mailbox for one in kept])
    counts = ("New", "Changed", "Removed", "Let go", "As it was")
    shown = table("Worker", diary, *counts, "", numbers=counts)
    for one, box in zip(kept, boxes, strict=True):
        shown.add_row(
            one.worker_id,
            box,
            str(one.created),
            str(one.changed),
            str(one.removed),
            str(one.released),
            str(one.unchanged),
            "not done" if one.errors else "",
        )
    if report.kept:
        show(shown)
    if report.posted:
        address, boxes = addresses("Address", [mail.recipient for mail in report.posted])
        shown = table("Mail to", address, "Subject", "")
        for mail, box in zip(report.posted, boxes, strict=True):
            shown.add_row(mail.person, box, mail.subject, mail.state)
        show(shown)
    say(
        f"{day(report.today)}: {report.owed} owed; {report.writes} entries written in "
        f"{sum(bool(one.writes) for one in report.kept)} of {len(report.kept)} diaries; "
        f"{report.mails_sent} mails sent; {len(report.problems)} data problem(s)."
    )


def _report(report: RunReport) -> dict[str, object]:
    return {
        "today": report.today.isoformat(),
        "owed": report.owed,
        "writes": report.writes,
        "diaries": [
            {
                "worker_id": one.worker_id,
                "mailbox": one.mailbox,
                "created": one.created,
                "changed": one.changed,
                "removed": one.removed,
                "released": one.released,
                "unchanged": one.unchanged,
                "errors": list(one.errors),
            }
            for one in report.kept
        ],
        "mails": [
            {"person": one.person, "to": one.recipient, "subject": one.subject, "state": one.state}
            for one in report.posted
        ],
        "set_aside": list(report.set_aside),
        "lifted": list(report.lifted),
        "sheets": list(report.of_sheets),
        "mails_forecast": report.forecast or None,
        "mails_waiting": report.mails_waiting,
        "mails_left": report.mails_left or None,
        "senders_refused": list(report.of_senders),
        "not_delivered": [
            {"person": one.person, "to": one.recipient, "told": one.manager or None}
            for one in report.not_delivered
        ],
        "restored": list(report.restored),
        "problems": as_rows(report.problems),
    }


@contextmanager
def opened(config: Path) -> Iterator[World]:
    """What the settings lead to, for as long as a command works; says nothing but problems."""
    logs.configure(quiet=True)
    world = open_world(load(config))
    try:
        yield world
    finally:
        world.close()


@contextmanager
def watched() -> Iterator[Told]:
    """A bar for long work at a terminal; nothing when piped."""
    if not err.is_terminal:
        yield silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def told(done: int, of: int, what: str) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done)

        yield told


def workers_named(world: World, now: datetime, only: Sequence[str]) -> None:
    """Raise WronglyUsed where ``only`` names somebody who is no worker of the caseload; nothing is judged."""
    if only:
        only_known(only, read(world.settings.caseload, now.date()).workers["worker_id"])


def only_known(only: Sequence[str], workers: Iterable[str], more: str = "") -> None:
    """Raise WronglyUsed, saying ``more``, where ``only`` names somebody else than these workers."""
    known = set(workers)
    unknown = [worker for worker in only if worker not in known]
    if unknown:
        names = ", ".join(unknown)
        raise WronglyUsed(f"--only names no worker of the caseload: {names}. Give worker ids{more}.")
