"""`check` and `init`: the way in, and the list of everything that is not yet right."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from bot.caseload.plain import read
from bot.cli.output import say, say_problems, warn
from bot.errors import BotError, Problem, Refused, WronglyUsed
from bot.rendering.check import check_templates
from bot.run.sheets import amiss
from bot.run.snapshot import Snapshot, load_packs, take
from bot.settings import HOME, Settings
from bot.settings_file import load

T = TypeVar("T")


def check(config: Path, today: date) -> int:
    """Read everything, change nothing; 1 where there is a problem."""
    problems: list[Problem] = []
    settings = _collecting(problems, lambda: load(config))
    if settings is None:
        say_problems(problems)
        warn(
            f"{len(problems)} problem(s) in the settings; the rest is checked once they are mended.",
            style="bold",
        )
        return 1
    problems += check_templates(settings.templates)
    packs = _collecting(problems, lambda: load_packs(settings.packs, settings.rules))
    if packs is None:  # no pack to judge by: what can be read is still checked
        caseload = _collecting(problems, lambda: read(settings.caseload, today))
        problems += caseload.problems if caseload else ()
        snapshot = None
    else:
        snapshot = _collecting(problems, lambda: take(settings.caseload, packs, today, settings.own_days))
    workers = set(snapshot.caseload.workers["worker_id"]) if snapshot is not None else None
    problems += amiss(settings.sheets, workers, str(config))
    if snapshot is not None:
        problems += snapshot.problems
        problems += _unknown_pilots(config, settings, snapshot)
        for warning in snapshot.judgement.warnings:
            warn(warning)
        say(_sizes(snapshot, settings))
    say_problems(problems)
    if problems:
        warn(f"{len(problems)} problem(s).", style="bold")
        return 1
    say("No problem found.")
    return 0


def _unknown_pilots(config: Path, settings: Settings, snapshot: Snapshot) -> list[Problem]:
    workers = set(snapshot.caseload.workers["worker_id"])
    return [
        Problem(f"{config}:pilot", f"{worker} is no worker of the caseload", "Mend the id.", "value ignored")
        for worker in settings.pilot
        if worker not in workers
    ]


def _sizes(snapshot: Snapshot, settings: Settings) -> str:
    caseload = snapshot.caseload
    return (
        f"{caseload.children.height} children, {caseload.episodes.height} episodes, "
        f"{caseload.visits.height} visits, {caseload.workers.height} workers; "
        f"{len(snapshot.visits)} owed under {', '.join(settings.packs)}."
    )


def _collecting(problems: list[Problem], work: Callable[[], T]) -> T | None:
    """Do the work; what it refuses joins the problems, and the next check goes on."""
    try:
        return work()
    except (Refused, WronglyUsed) as error:
        problems += error.problems or [_as_problem(error)]
    except BotError as error:
        problems.append(_as_problem(error))
    return None


def _as_problem(error: BotError) -> Problem:
    what, _, mend = str(error).partition(". ")
    return Problem("check", what, mend or "Mend it and check again.", "run refused")


def init(path: Path) -> None:
    """Write the commented settings and a key secret beside them; never over what is there."""
    if path.exists():
        raise Refused(
            f"{path} is there already and was left alone. Name another file, or move it away first."
        )
    secret = path.parent / "key.secret"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            (HOME / "config" / "settings.example.toml").read_text(encoding="utf-8"), encoding="utf-8"
        )
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_hex(32) + "\n", encoding="utf-8")
    except OSError as error:
        raise Refused(
            f"{path} cannot be written ({error.strerror}). Name a folder you may write to."
        ) from None
    say(f"Wrote {path}, and {secret} (keep it, and keep it secret).")
    say("Next:")
    say("  1. Put the tenant's and the app's ids, the sender and the domains in it (docs/tenant.md).")
    say("  2. Put the caseload where `caseload` says (docs/caseload.md).")
    say(f"  3. python run_bot.py check --config {path}")
    say(f"  4. python run_bot.py plan --config {path}      (nothing is written)")
