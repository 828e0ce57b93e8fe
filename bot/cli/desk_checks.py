"""What the demo's desk refuses to write down, and the words for it: where, what, why and how to mend it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from bot.cli.desk_reading import Reading
from bot.cli.records import Records
from bot.diary.people import Worker
from bot.diary.words import full_day
from bot.sandbox.page.desk import Away, DeskRefused, Mistake, PostponeForm, VisitForm

MOST_LETTERS = 300
LONGEST = timedelta(days=366)
spoken = full_day


def yes_no(answer: bool | None) -> str:
    """As the caseload writes it; blank is not known."""
    return "" if answer is None else "yes" if answer else "no"


def one_line(text: str) -> str:
    """A reason as one line: a line end in a cell reads like a broken export."""
    return " ".join(text.split())


def _refuse(mistakes: list[Mistake]) -> None:
    if mistakes:
        raise DeskRefused(*mistakes)


def visit(reading: Reading, visits: Records, child: str, form: VisitForm) -> None:
    """Refuse a visit that the caseload would set aside or that contradicts itself."""
    day, mistakes = form.at.date(), []
    if day > reading.today:
        mistakes.append(
            Mistake(
                "day",
                f"{spoken(day)} is still to come.",
                "A visit is recorded when it was made or tried; the bot would set this one aside.",
                "Choose today or a day before; to move a visit, postpone it.",
            )
        )
    elif not _in_a_plan(reading, child, day):
        mistakes.append(
            Mistake(
                "day",
                f"On {spoken(day)} the child had no plan.",
                "A visit outside every plan counts for none.",
                "Choose a day within the plan.",
            )
        )
    if form.took_place and form.seen is None:
        mistakes.append(
            Mistake(
                "seen",
                "It is not said whether the child was seen.",
                "A completed visit counts only where the child was seen.",
                "Say yes or no.",
            )
        )
    if form.took_place and form.seen is False and (form.alone or form.awake or form.observed):
        mistakes.append(
            Mistake(
                "seen",
                "The child was not seen, and yet seen alone, awake or with the parents.",
                "Only one of the two can be.",
                "Say that the child was seen, or take the others out.",
            )
        )
    if not form.took_place and not one_line(form.reason):
        mistakes.append(_no_reason("A visit that failed needs its reason: the manager asks for it."))
    mistakes += _too_long(form.reason)
    if any(one.get("at") == form.at.isoformat(timespec="minutes") for one in _held(visits, child)):
        mistakes.append(
            Mistake(
                "day",
                f"A visit on {spoken(day)} at {form.at:%H:%M} is recorded already.",
                "The same visit would stand twice.",
                "Choose another time if there were two.",
            )
        )
    _refuse(mistakes)


def postponing(reading: Reading, visits: Records, child: str, form: PostponeForm) -> None:
    """Refuse a postponement to a day before, or without a reason."""
    mistakes = []
    if abs(form.planned - reading.today) > LONGEST:
        mistakes.append(
            Mistake(
                "planned", f"{spoken(form.planned)} is more than a year from today.",
                "Nobody postpones a visit of then.", "Check the year.",
            )
        )  # fmt: skip
    if form.to is not None and form.to <= form.planned:
        mistakes.append(
            Mistake(
                "to", f"{spoken(form.to)} is not after {spoken(form.planned)}.",
                "A visit is put off to a later day.",
                "Choose a later day, or record the visit if it was made.",
            )
        )  # fmt: skip
    elif form.to is not None and form.to < reading.today:
        mistakes.append(
            Mistake(
                "to", f"{spoken(form.to)} is past.", "Nothing can be planned for it.",
                "Choose today or a later day.",
            )
        )  # fmt: skip
    if not one_line(form.reason):
        mistakes.append(_no_reason("The policy asks for the reason of every postponement (A.7)."))
    mistakes += _too_long(form.reason)
    same = visits.having(child_id=child, status="postponed")
    if any(one.get("at", "")[:10] == form.planned.isoformat() for one in same):
        mistakes.append(
            Mistake(
                "planned", f"The visit of {spoken(form.planned)} is put off already.",
                "The same one would stand twice.", "Name the day it is planned for now.",
            )
        )  # fmt: skip
    _refuse(mistakes)


def sickness(
    reading: Reading, worker: Worker, first: date, last: date | None, covered_by: str | None
) -> Worker | None:
    """Refuse an absence that another holds already or that nobody could cover; give who covers."""
    mistakes = []
    if abs(first - reading.today) > LONGEST:
        mistakes.append(
            Mistake(
                "first", f"{spoken(first)} is more than a year from today.",
                "Sickness is told when it comes.", "Check the year.",
            )
        )  # fmt: skip
    if last is not None and last < first:
        mistakes.append(
            Mistake(
                "last", f"{spoken(last)} is before {spoken(first)}.", "The bot would set the absence aside.",
                "Choose a later last day, or leave it blank while it is not known.",
            )
        )  # fmt: skip
    absences = reading.snapshot.caseload.absences.filter(pl.col("worker_id") == worker.worker_id)
    for row in absences.iter_rows(named=True):
        if row["start"] <= first <= (row["end"] or date.max):
            until = f" to {spoken(row['end'])}" if row["end"] else ""
            mistakes.append(
                Mistake(
                    "first", f"{worker.called} is away already from {spoken(row['start'])}{until}.",
                    "Sickness begins on a day of work.",
                    "Say that they are back first, or choose days outside it.",
                )
            )  # fmt: skip
    buddy = _buddy(reading, worker, covered_by)
    if covered_by and (buddy is None or buddy.worker_id == worker.worker_id):
        mistakes.append(
            Mistake(
                "covered_by", "Who is to cover is not one of the team.", "The bot knows no diary of theirs.",
                "Choose a colleague from the list.",
            )
        )  # fmt: skip
    elif buddy and first <= reading.today and buddy.worker_id in reading.people.away:
        usual = "" if covered_by else ", the usual buddy,"
        mistakes.append(
            Mistake(
                "covered_by", f"{buddy.called}{usual} is away today.", "Nobody would see what is owed.",
                "Choose somebody who is at work.",
            )
        )  # fmt: skip
    _refuse(mistakes)
    return buddy


def coming_back(reading: Reading, worker: Worker, away: Away | None, on: date) -> None:
    """Refuse an end to an absence that is not there, or one that another day gives."""
    if away is None:
        raise DeskRefused(
            Mistake(
                "on", f"{worker.called} is not away on {spoken(reading.today)}.", "There is nothing to end.",
                "Nothing need be done.",
            )
        )  # fmt: skip
    if on < away.first or on - reading.today > LONGEST:
        raise DeskRefused(
            Mistake(
                "on", f"{spoken(on)} lies before {spoken(away.first)}, or more than a year ahead.",
                "An absence ends after it began.", "Choose the first day back at work.",
            )
        )  # fmt: skip


def no_desk(mailbox: str) -> Mistake:
    """Whose mailbox has no children behind it."""
    return Mistake("mailbox", f"{mailbox} visits no children.", "Only workers have visits to record.",
                   "Open the diary of a worker.")  # fmt: skip


def not_theirs(worker: Worker) -> Mistake:
    """A child of somebody else."""
    return Mistake("child", f"{worker.called} neither holds nor covers this child.",
                   "A visit is recorded by who is allocated or covers.",
                   "Choose a child from the list.")  # fmt: skip


def nothing_to_finalise(called: str) -> Mistake:
    """Every record is finalised."""
    return Mistake("child", f"No record of {called} waits to be finalised.", "Each has been.",
                   "Nothing need be done.")  # fmt: skip


def not_the_demos(name: str) -> Mistake:
    """A file that does not lie in the demo's own folder."""
    return Mistake("caseload", f"{name}.csv is not in this demo's own folder.",
                   "This page writes nowhere else.", "Run the demo again to make a new folder.")  # fmt: skip


def unwritable(name: str, reason: str) -> Mistake:
    """A file that cannot be opened for writing."""
    return Mistake("caseload", f"{name}.csv cannot be written into.", reason,
                   "Close it in other programs, or run the demo again.")  # fmt: skip


def _in_a_plan(reading: Reading, child: str, day: date) -> bool:
    episodes = reading.snapshot.caseload.episodes.filter(
        pl.col("child_id") == child,
        pl.col("start").cast(pl.Date) <= day,
        pl.col("end").is_null() | (pl.col("end") >= day),
    )
    return not episodes.is_empty()


def _held(visits: Records, child: str) -> list[dict[str, str]]:
    return [
        dict(one)
        for status in ("completed", "failed")
        for one in visits.having(child_id=child, status=status)
    ]


def _buddy(reading: Reading, worker: Worker, covered_by: str | None) -> Worker | None:
    if covered_by:
        return next(
            (one for one in reading.people.workers.values() if one.email == covered_by.casefold()), None
        )
    return reading.people.workers.get(reading.buddy(worker.worker_id) or "")


def _no_reason(why: str) -> Mistake:
    return Mistake("reason", "No reason is given.", why, "Say in a few words why.")


def _too_long(reason: str) -> list[Mistake]:
    if len(one_line(reason)) <= MOST_LETTERS:
        return []
    return [
        Mistake(
            "reason",
            f"The reason is longer than {MOST_LETTERS} letters.",
            "It is read in a list.",
            "Say it shorter.",
        )
    ]
