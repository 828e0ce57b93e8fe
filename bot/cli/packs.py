"""`rules lint|test|schema`: what a council needs to bend a pack to its own policy and trust the result."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bot.cli.output import out, say, say_problems, warn
from bot.errors import Problem, Refused, WronglyUsed
from bot.policy import cases as case_files
from bot.policy.brought import packs_of
from bot.policy.pack import Pack, PackError, json_schema
from bot.run.snapshot import load_pack, load_packs, pack_file, pack_names
from bot.settings import HOME

RULES = HOME / "rules"


def lint(names: Sequence[str]) -> int:
    """Read each pack; 0 where all are right, 1 where one has problems."""
    problems: list[Problem] = []
    files = [pack_file(name, RULES) for name in (names or pack_names(RULES))]
    for file in files:
        try:
            pack = load_pack(file, RULES)
            say(f"{file.name}: {len(pack.clauses)} clauses, no problem")
        except PackError as error:
            problems += error.problems
    say_problems(problems)
    if problems:
        warn(f"{len(problems)} problem(s) in {len(files)} pack(s).", style="bold")
    return 1 if problems else 0


def test(files: Sequence[Path]) -> int:
    """Run case files; prints each failure by clause; 1 where any failed."""
    chosen = list(files) or sorted((RULES / "cases").glob("*.yaml"))
    ran, failed = 0, Counter[str]()
    failures = 0
    for file in chosen:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise WronglyUsed(
                f"There is no file {file}. The packs' own cases are in {RULES / 'cases'}."
            ) from None
        except UnicodeDecodeError:
            raise WronglyUsed(f"{file} is not UTF-8 text. Save it as UTF-8.") from None
        except OSError as error:
            raise WronglyUsed(f"{file} cannot be read ({error.strerror}). Check the path.") from None
        for case in case_files.read(text, file.name):
            result = case_files.run(case, packs_of(case.packs, case.own, _by_name))
            ran += 1
            if not result.passed:
                failures += 1
                failed.update(result.clauses)
                warn(f"{file.name}: {case.name} ({', '.join(result.clauses)})", style="bold")
                for difference in result.differences:
                    warn(difference, below=True)
    if ran == 0:
        raise Refused("There is no case to run.")
    by_clause = ", ".join(f"{clause} {count}" for clause, count in sorted(failed.items()))
    say(f"{ran} cases, {failures} failed." + (f" By clause: {by_clause}." if failed else ""))
    return 1 if failures else 0


@cache
def _by_name(name: str) -> Pack:
    return load_packs((name,), RULES)[0]


def schema() -> None:
    """Print a pack's JSON Schema."""
    out.file.write(json.dumps(json_schema(), indent=2) + "\n")
