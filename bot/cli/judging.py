"""`due` and `explain`: what is owed and why, with no Microsoft 365 anywhere."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from bot.cli.options import packs as packs_in
from bot.cli.output import day, is_roomy, out, say, say_problems, show, table, warn, write_problems
from bot.errors import Refused, WronglyUsed
from bot.policy.explain import explain as explain_child
from bot.policy.explained import in_words
from bot.run.snapshot import Snapshot, load_packs, take
from bot.settings import HOME
from bot.settings_file import load

JSON_COLUMNS = (
    "child_id",
    "worker_id",
    "kind",
    "setting",
    "due",
    "due_at",
    "act_by",
    "remind_on",
    "status",
    "governed_by",
    "clauses",
    "must",
    "needs_cover",
    "cover_id",
    "concerns",
)
HEADS = ("Due", "Child", "Worker", "What", "Status", "Act by", "Reminder", "Clauses", "Must")
WITH_ROOM = ("Act by", "Reminder", "Must")  # where the window is wide enough for them
ROOMY = 120


def due(
    caseload: Path | None,
    rules: str | None,
    config: Path | None,
    today: date,
    *,
    as_json: bool,
    problems_file: Path | None,
) -> None:
    """Print every due visit: CONTRACT's JSON array, or a table."""
    snapshot = snapshot_of(caseload, rules, config, today)
    if problems_file is not None:
        write_problems(snapshot.problems, problems_file)
    else:
        say_problems(snapshot.problems)
    for warning in snapshot.judgement.warnings:
        warn(warning)
    if as_json:
        out.file.write(json.dumps(due_objects(snapshot.judgement.due), indent=1, ensure_ascii=False) + "\n")
        return
    _table(snapshot)


def due_objects(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows of ``Dues`` as CONTRACT's JSON objects."""
    return [{name: _plain(row[name]) for name in JSON_COLUMNS} for row in frame.iter_rows(named=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _table(snapshot: Snapshot) -> None:
    heads = tuple(head for head in HEADS if is_roomy(ROOMY) or head not in WITH_ROOM)
    shown = table(*heads, whole=("Due", "Act by", "Reminder"))
    counts = {"overdue": 0, "due": 0, "upcoming": 0}
    for visit in snapshot.visits:
        counts[visit.status] += 1
        late = visit.days_late(snapshot.today)
        status = f"{late} day{'s' if late != 1 else ''} late" if late else visit.status
        cells = {
            "Due": day(visit.due),
            "Child": visit.child_id,
            "Worker": visit.worker_id or "—",
            "What": visit.kind.replace("_", " ") + (f" ({visit.setting})" if visit.setting else ""),
            "Status": status + (", needs cover" if visit.needs_cover else ""),
            "Act by": day(visit.act_by),
            "Reminder": day(visit.remind_on),
            "Clauses": " ".join(visit.governed_by),
            "Must": " ".join(visit.must),
        }
        shown.add_row(*(cells[head] for head in heads))
    show(shown)
    if len(heads) < len(HEADS):
        say(f"Left out here: {', '.join(WITH_ROOM)}. A window of {ROOMY} columns shows them, or --json.")
    say(
        f"{len(snapshot.visits)} owed on {day(snapshot.today)}: {counts['overdue']} overdue, "
        f"{counts['due']} due today, {counts['upcoming']} to come. {len(snapshot.problems)} problem(s)."
    )


def explain(
    child: str, caseload: Path | None, rules: str | None, config: Path | None, today: date, *, as_json: bool
) -> None:
    """Print why a child is due when it is."""
    snapshot = snapshot_of(caseload, rules, config, today)
    if child not in set(snapshot.caseload.children["child_id"]):
        raise Refused(
            f"There is no child {child!r} in {snapshot.caseload.source}. "
            "Check the id; a row with a bad cell may have been set aside (see `check`)."
        )
    explanation = explain_child(snapshot.caseload, snapshot.packs, snapshot.judgement, child)
    if any(one.effect == "row set aside" for one in snapshot.caseload.problems):
        warn("Rows of the caseload were set aside (see `check`); a visit missing here may be among them.")
    if as_json:
        out.file.write(json.dumps(explanation.json(), indent=1, ensure_ascii=False) + "\n")
    else:
        out.file.write(in_words(explanation).rstrip() + "\n")


def snapshot_of(caseload: Path | None, rules: str | None, config: Path | None, today: date) -> Snapshot:
    """Read and judge what the options name; raises where they name too little or nothing that can be read."""
    if config is not None:
        settings = load(config)
        packs = load_packs(packs_in(rules) if rules is not None else settings.packs, settings.rules)
        return take(caseload or settings.caseload, packs, today, settings.own_days)
    if caseload is None or rules is None:
        raise WronglyUsed(
            "Say which caseload and which packs: --caseload PATH --rules PACK[,PACK…], or --config F."
        )
    return take(caseload, load_packs(packs_in(rules), HOME / "rules"), today)
