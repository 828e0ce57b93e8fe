"""`plan`: all that a run would do, as a table by person and then line by line. Nothing is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import typer

from bot.cli.keeping import opened, workers_named
from bot.cli.options import LONDON, moment
from bot.cli.output import (
    addresses,
    as_rows,
    day,
    out,
    say,
    say_problems,
    say_problems_in_short,
    show,
    table,
    warn,
    worth_a_column,
)
from bot.run import saved
from bot.run.order import asked_now
from bot.run.plan import Plan
from bot.run.prepare import prepare
from bot.run.senders import foreseen, said_of_refused
from bot.run.words import left_lines

COUNTS = ("New", "Changed", "Adopted", "Removed", "Let go", "Looked for", "Unchanged")
RARE = ("Adopted", "Let go", "Looked for")


def plan(config: Path, now: datetime, *, as_json: bool, save: Path | None, only: Sequence[str]) -> None:
    """Print what a run would do now; exit 1 where problems were found or a guard objects."""
    with opened(config) as world:
        workers_named(world, now, only)
        prepared = prepare(world, now, asked_now(world, now), only)
        of_senders = said_of_refused(world, prepared.refused)
        forecast = foreseen(world, [mail for post in prepared.posts for mail in post.mails], prepared.refused)
        if save is not None:
            saved.save(save, world, prepared, moment(None))
    if as_json:
        document = prepared.plan.document() | {
            "mails_forecast": str(forecast) if forecast else None,
            "mails_last_at": forecast.last.astimezone(LONDON).isoformat(timespec="minutes")
            if forecast
            else None,
            "senders_refused": list(of_senders),
            "problems": as_rows(prepared.problems),
        }
        out.file.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    else:
        show_plan(prepared.plan)
        if forecast is not None and not forecast.at_once:
            say(f"Sent now: {forecast}.")
    if save is not None:
        tell = warn if as_json else say  # stdout is for the JSON alone
        on = day(prepared.plan.today)
        tell(f"Saved in {save}, for you alone to read. `run --plan {save}` does just this, on {on}.")
    say_problems_in_short(prepared.snapshot.problems, f"check --config {config}")
    say_problems(prepared.found_beside(lifted=False))
    errors = [
        *of_senders,
        *prepared.plan.unread.values(),
        *prepared.plan.refusals.values(),
        *(str(one) for one in prepared.plan.verdicts),
    ]
    for error in errors:
        warn(error, style="bold")
    if errors or prepared.problems or prepared.plan.unplaced:
        raise typer.Exit(1)


def show_plan(one: Plan) -> None:
    """The table, then the lines of each diary that anything is to be done in."""
    rows = tuple(one.rows())
    all_ = [
        (row.new, row.changed, row.adopted, row.removed, row.let_go, row.looked_for, row.unchanged)
        for row in rows
    ]
    places = worth_a_column(COUNTS, all_, RARE)
    head, boxes = addresses("Diary", [row.mailbox for row in rows])
    shown = table("Worker", head, *(COUNTS[place] for place in places), "Guard", numbers=COUNTS)
    for row, box, counts in zip(rows, boxes, all_, strict=True):
        shown.add_row(row.worker_id, box, *(str(counts[place]) for place in places), row.guard or "ok")
    show(shown)
    for row in rows:
        diary = one.mailboxes.get(row.mailbox)
        if diary is None:
            continue
        lines = [*diary.lines(), *(f"{left.what}: {left.why}" for left in left_lines(diary))]
        lines += sorted(f"note: {note}" for note in diary.notes)
        if lines:
            say(f"{row.worker_id} · {row.mailbox}", style="bold")
        for words in lines:
            say(words, below=True)
    for visit in sorted(one.unplaced, key=lambda un: (un.worker_id or "", un.child_id, un.kind, un.reason)):
        warn(f"{visit.child_id}: {visit.kind.replace('_', ' ')} stands in no diary: {visit.reason}")
    for mail in sorted(one.mails, key=lambda mail: (mail.person, mail.slot, mail.subject)):
        say(f"mail to {mail.person} · {mail.recipient}: {mail.subject}")
    held = "Guards hold the whole run back. " if one.verdicts else ""
    counted = "1 diary" if len(one.mailboxes) == 1 else f"{len(one.mailboxes)} diaries"
    would = f"{one.writes} entries would be written in {counted}"
    say(f"{held}{would}, {len(one.mails)} mails sent.")
