"""`check` and `init`: the way in, and the list of everything that is not yet right."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.cli.output import say, say_problems, warn
from bot.errors import BotError, Problem, Refused, WronglyUsed
from bot.rendering.check import check_templates
from bot.run.snapshot import load_packs, take
from bot.settings import HOME
from bot.settings_file import load


def check(config: Path, today: date) -> int:
    """Read everything, change nothing; 1 where there is a problem."""
    problems: list[Problem] = []
    settings = None
    with _collected(problems):
        settings = load(config)
    if settings is None:
        say_problems(problems)
        warn(
            f"{len(problems)} problem(s) in the settings; the rest is checked once they are mended.",
            style="bold",
        )
        return 1
    problems += check_templates(settings.templates)
    with _collected(problems):
        packs = load_packs(settings.packs, settings.rules)
        snapshot = take(settings.caseload, packs, today, settings.closures)
        problems += snapshot.problems
        problems += [
            Problem(
                f"{config}:pilot", f"{worker} is no worker of the caseload", "Mend the id.", "value ignored"
            )
            for worker in settings.pilot
            if worker not in set(snapshot.caseload.workers["worker_id"])
        ]
        for warning in snapshot.judgement.warnings:
            warn(warning)
        say(
            f"{snapshot.caseload.children.height} children, {snapshot.caseload.episodes.height} episodes, "
            f"{snapshot.caseload.visits.height} visits, {snapshot.caseload.workers.height} workers; "
            f"{len(snapshot.visits)} owed under {', '.join(settings.packs)}."
        )
    say_problems(problems)
    if problems:
        warn(f"{len(problems)} problem(s).", style="bold")
        return 1
    say("No problem found.")
    return 0


@contextlib.contextmanager
def _collected(problems: list[Problem]) -> Iterator[None]:
    try:
        yield
    except (Refused, WronglyUsed) as error:
        problems += error.problems
        if not error.problems:
            problems.append(Problem("check", str(error), "See the line above.", "run refused"))
    except BotError as error:
        problems.append(Problem("check", str(error), "See the line above.", "run refused"))


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
