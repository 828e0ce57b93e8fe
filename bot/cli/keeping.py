"""`plan`, `run` and `undo`: what the bot would do, does, and takes back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from bot.cli.output import day, err, out, say, say_problems, show, table, warn
from bot.diary.mailbox import MailboxPlan, from_json
from bot.errors import Refused, WronglyUsed
from bot.run import undo as undoing
from bot.run.keep import Plans, make_plans, silent
from bot.run.keep import Progress as Told
from bot.run.lists import make_mails
from bot.run.order import DIARIES, Wishes, due_now, read_world, run_once
from bot.run.report import RunReport
from bot.run.world import World, open_world
from bot.service import logs
from bot.settings_file import load
from bot.store.lock import keeping


def plan(config: Path, now: datetime, *, as_json: bool, save: Path | None, only: Sequence[str]) -> None:
    """Print what a run would do now; exit 1 where problems were found. Nothing is written anywhere."""
    with _world(config) as world:
        snapshot = read_world(world, now)
        known = set(snapshot.caseload.workers["worker_id"])
        _only_known(only, known)
        plans = make_plans(world, snapshot, only)
        mails = [
            (item.job, mail.person, mail.recipient, mail.subject)
            for item in due_now(world, now)
            if item.job != DIARIES
            for mail in make_mails(world, snapshot, item.job, item.slot, only)[0]
        ]
    if save is not None:
        _save(save, plans, now)
    if as_json:
        document = _document(plans, now) | {
            "mails": [
                {"job": job, "person": person, "to": to, "subject": subject}
                for job, person, to, subject in mails
            ]
        }
        out.file.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    else:
        _show_plans(plans, mails)
    say_problems(snapshot.problems)
    errors = [*(str(error) for error in plans.unread.values()), *_refusals(plans)]
    for error in errors:
        warn(error, style="bold")
    if errors or snapshot.problems or plans.unplaced:
        raise typer.Exit(1)


def _show_plans(plans: Plans, mails: Sequence[tuple[str, str, str, str]]) -> None:
    for mailbox, one in plans.by_mailbox.items():
        counts = ", ".join(f"{count} {name}" for name, count in one.counts().items()) or "nothing to do"
        say(
            f"{plans.owners.get(mailbox, '?')} · {mailbox}: {counts}; {one.unchanged} unchanged", style="bold"
        )
        for words in one.lines():
            say(f"    {words}")
        for note in one.notes:
            say(f"    note: {note}")
    for visit in plans.unplaced:
        warn(f"{visit.child_id}: {visit.kind.replace('_', ' ')} stands in no diary: {visit.reason}")
    for _job, person, to, subject in mails:
        say(f"mail to {person} · {to}: {subject}")
    total = sum(one.writes for one in plans.by_mailbox.values())
    say(f"{total} entries would be written in {len(plans.by_mailbox)} diaries, {len(mails)} mails sent.")


def _refusals(plans: Plans) -> list[str]:
    return [f"{mailbox}: {one.refusal}" for mailbox, one in plans.by_mailbox.items() if one.refusal]


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
    saved = _saved(plan_file) if plan_file else None
    with _world(config) as world:
        _only_known(only, set(read_world(world, now).caseload.workers["worker_id"]) if only else set(only))

        def check(plans: Plans) -> None:
            if saved is not None:
                _refuse_unless_same(saved, plans, now)

        with _progress() as told:
            report = run_once(world, now, Wishes(tuple(only), force, check, told))
    if as_json:
        out.file.write(json.dumps(_report(report), indent=1, ensure_ascii=False) + "\n")
    else:
        show_report(report)
    say_problems(report.problems)
    for line in (*report.warnings, *report.set_aside):
        warn(line)
    for error in report.errors:
        warn(error, style="bold")
    refused = any(one.refused for one in report.kept)
    nothing = bool(report.kept) and all(one.errors for one in report.kept)
    return 1 if refused or nothing else 0


def show_report(report: RunReport) -> None:
    """What was put in whose calendar, and who was mailed."""
    shown = table("Worker", "Diary", "New", "Changed", "Removed", "Let go", "As it was", "")
    for one in report.kept:
        shown.add_row(
            one.worker_id,
            one.mailbox,
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
        shown = table("Mail to", "Address", "Subject", "")
        for mail in report.posted:
            shown.add_row(mail.person, mail.recipient, mail.subject, mail.state)
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
    }


def undo(config: Path, now: datetime, *, only: Sequence[str], yes: bool) -> int:
    """Count, ask, remove. 1 where it was refused or some entries could not be removed."""
    with _world(config) as world, keeping(world.store, "undo"):  # what is counted is what is then removed
        workers = read_world(world, now).caseload.workers
        _only_known(only, set(workers["worker_id"]))
        known = list(zip(workers["worker_id"], workers["email"], strict=True))
        found = undoing.find(world, undoing.mailboxes(world, known, only))
        say(f"{found.count} entries of the bot's stand in {sum(map(bool, found.entries.values()))} diaries.")
        for error in found.unread.values():
            warn(str(error), style="bold")
        if found.count and not yes:
            if not sys.stdin.isatty():
                raise Refused("Nothing was removed: say --yes where nobody can be asked.")
            if not typer.confirm("Remove them all?"):
                raise Refused("Nothing was removed.")
        done = undoing.remove(world, found)
    say(f"{done.removed} entries removed.")
    for message in done.errors:
        warn(message, style="bold")
    return 1 if done.errors else 0


@contextmanager
def _world(config: Path) -> Iterator[World]:
    logs.configure(quiet=True)
    world = open_world(load(config))
    try:
        yield world
    finally:
        world.close()


@contextmanager
def _progress() -> Iterator[Told]:
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


def _only_known(only: Sequence[str], workers: set[str]) -> None:
    unknown = [worker for worker in only if worker not in workers]
    if unknown:
        raise WronglyUsed(f"--only names no worker of the caseload: {', '.join(unknown)}. Give worker ids.")


def _document(plans: Plans, now: datetime) -> dict[str, object]:
    return {
        "today": now.date().isoformat(),
        "diaries": {mailbox: json.loads(one.to_json()) for mailbox, one in plans.by_mailbox.items()},
    }


def _save(file: Path, plans: Plans, now: datetime) -> None:
    if plans.unread:
        raise Refused("The plan was not saved: some diaries could not be read, and a saved plan is whole.")
    try:
        file.write_text(json.dumps(_document(plans, now), indent=1) + "\n", encoding="utf-8")
        file.chmod(0o600)
    except OSError as error:
        raise WronglyUsed(f"{file} cannot be written ({error.strerror}). Name another file.") from None


def _saved(file: Path) -> tuple[str, dict[str, MailboxPlan]]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return document["today"], {
            mailbox: from_json(json.dumps(one)) for mailbox, one in document["diaries"].items()
        }
    except OSError as error:
        raise WronglyUsed(f"{file} cannot be read ({error.strerror}). Make one with `plan --save`.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WronglyUsed(f"{file} is not a saved plan. Make one with `plan --save`.") from None


def _refuse_unless_same(saved: tuple[str, dict[str, MailboxPlan]], plans: Plans, now: datetime) -> None:
    """Apply exactly what was saved, or nothing: the world must not have moved since."""
    day_saved, by_mailbox = saved
    if day_saved != now.date().isoformat():
        raise Refused(f"The plan is of {day_saved}, and today is {now.date().isoformat()}. Make a new one.")
    moved = sorted(
        mailbox
        for mailbox in by_mailbox.keys() | plans.by_mailbox.keys() | plans.unread.keys()
        if by_mailbox.get(mailbox) != plans.by_mailbox.get(mailbox)
    )
    if moved:
        raise Refused(
            f"The world moved since the plan was saved, in {len(moved)} diaries ({', '.join(moved[:5])}"
            f"{' …' if len(moved) > 5 else ''}). Nothing was written. Make a new plan and look at it."
        )
