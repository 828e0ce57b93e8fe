"""`prepare`, `supervision` and `letter`: staff sheets and a family's papers as files, without Microsoft 365.

A file that somebody may have written in is never written over, and only its owner may read it. What the
worker has to know and the family must not see is said on stderr, never in a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from bot.cli.judging import snapshot_of
from bot.cli.output import day, say, say_problems, warn
from bot.diary.words import Identify
from bot.digest.papers.family_diary import Kept, diary_of
from bot.digest.papers.people import owners
from bot.digest.papers.record import record_of
from bot.digest.papers.sheet import Sheet
from bot.digest.papers.sheet import prepare as sheet_of
from bot.digest.papers.supervision import supervision as supervision_of
from bot.digest.tracing import traced
from bot.errors import Refused, WronglyUsed
from bot.rendering.papers import making
from bot.rendering.papers.making import FORMATS, Format
from bot.rendering.templates import TEMPLATES
from bot.run.snapshot import Snapshot
from bot.settings_file import load

MOST_COPIES = 99
OWNERS = "the allocated worker and that worker's manager"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the options of both commands name."""

    caseload: Path | None
    rules: str | None
    config: Path | None
    today: date
    out: Path
    formats: str | None
    reader: str | None  # the worker or manager that it is made for


@dataclass(frozen=True, slots=True)
class Desk:
    """What papers are made from."""

    snapshot: Snapshot
    names: Identify
    templates: Path


def prepare(child: str, chosen: Chosen) -> None:
    """Write the preparation sheet and the write-up template of a child's next visit."""
    formats = _formats(chosen.formats)
    desk = _desk(child, chosen)
    taken = desk.snapshot
    sheet = sheet_of(child, taken.visits, taken.judgement, taken.caseload, taken.packs, names=desk.names)
    if sheet is None:
        raise Refused(
            f"No visit or contact is owed to {child} on {day(taken.today)} under {_packs(taken)}: "
            f"there is nothing to prepare. `explain {child}` says why each clause asks nothing."
        )
    _refuse_others(child, chosen.reader, taken)
    if sheet.restricted:
        warn(f"Restricted record: this is for {_who_may(sheet)} only. Give it to nobody else.", style="bold")
    name = _file_name(child, desk.names)
    pages = {
        f"preparation-sheet{name}-{taken.today}": making.preparation_sheet(sheet, desk.templates),
        f"write-up{name}-{taken.today}": making.write_up(sheet, desk.templates),
    }
    _write(chosen.out, pages, formats)


def supervision(worker: str, chosen: Chosen) -> None:
    """Write the sheet that a worker and the worker's manager go through in supervision (C.8f, D.0, D.15)."""
    formats = _formats(chosen.formats)
    desk = _of_caseload(chosen)
    taken = desk.snapshot
    known = taken.gathered(desk.names)
    person = known.people.get(worker)
    if person is None:
        raise Refused(
            f"There is no worker {worker!r} in {taken.caseload.source}. Check the id; a row with a bad cell "
            "may have been set aside (see `check`)."
        )
    may = [one for one in (worker, person.manager_id) if one]
    if chosen.reader is not None and chosen.reader not in may:
        raise Refused(
            f"The supervision sheet of {worker} is for {' and '.join(may)} only, and {chosen.reader} is not "
            "one of them. Nothing was written."
        )
    sheet = supervision_of(known, worker, [pack.title for pack in taken.packs])
    if sheet.restricted:
        warn(f"It names restricted children: it is for {' and '.join(may)} only.", style="bold")
    page = making.supervision_sheet(sheet, desk.templates)
    _write(chosen.out, {f"supervision-{_safe(worker)}-{taken.today}": page}, formats)


def letter(child: str, chosen: Chosen, *, large: bool) -> None:
    """Write the family visit agreement and the family's diary."""
    formats = _formats(chosen.formats)
    desk = _desk(child, chosen)
    taken = desk.snapshot
    made = diary_of(child, taken.visits, taken.judgement, taken.caseload, taken.packs, names=desk.names)
    if made is None:
        raise Refused(
            f"No plan or placement of {child} is open on {day(taken.today)}: there are no visits to agree "
            "on. Check the episodes of the child, or the day."
        )
    _refuse_others(child, chosen.reader, taken)
    diary, kept = made
    _say_what_was_kept(kept)
    name = f"{_file_name(child, desk.names)}{'-large-print' if large else ''}"
    pages = {
        f"visit-agreement{name}": making.agreement(diary.agreement, desk.templates, large=large),
        f"visit-diary{name}": making.family_diary(diary, desk.templates, large=large),
    }
    _write(chosen.out, pages, formats, large=large)


def _desk(child: str, chosen: Chosen) -> Desk:
    desk = _of_caseload(chosen)
    taken = desk.snapshot
    if child not in set(taken.caseload.children["child_id"]):
        raise Refused(
            f"There is no child {child!r} in {taken.caseload.source}. "
            "Check the id; a row with a bad cell may have been set aside (see `check`)."
        )
    say_problems([one for one, of in traced(taken.caseload, taken.judgement) if of == child])
    return desk


def _of_caseload(chosen: Chosen) -> Desk:
    taken = snapshot_of(chosen.caseload, chosen.rules, chosen.config, chosen.today)
    for warning in taken.judgement.warnings:
        warn(warning)
    if chosen.config is None:
        return Desk(taken, "initials_and_number", TEMPLATES)
    settings = load(chosen.config)
    return Desk(taken, settings.diary.identify, settings.templates)


def _refuse_others(child: str, reader: str | None, taken: Snapshot) -> None:
    """Nobody gets a paper about a child that is none of theirs; a restricted one's only two people."""
    if reader is None:
        return
    caseload = taken.caseload
    if reader not in set(caseload.workers["worker_id"]):
        raise Refused(f"There is no worker {reader!r} in {caseload.source}. Check the id after --for.")
    record = record_of(caseload, child, taken.today)
    mine = [visit for visit in taken.visits if visit.child_id == child]
    may = {who.worker_id for who in owners(caseload, record.holders)}
    if not record.restricted:
        may |= {visit.cover_id for visit in mine if visit.needs_cover and visit.cover_id}
    if reader not in may:
        why = "The record is restricted: its papers are" if record.restricted else f"Papers about {child} are"
        raise Refused(
            f"{why} for {' and '.join(sorted(may)) or OWNERS} only, and {reader} is not one of them. Nothing "
            "was written. Who goes instead is for the manager to arrange."
        )


def _who_may(sheet: Sheet) -> str:
    names = [f"{who.name} ({who.worker_id})" for who in sheet.may_have]
    return " and ".join(names) or OWNERS


def _say_what_was_kept(kept: Kept) -> None:
    """For the worker: nothing of this stands in a file, and no day is named here either."""
    if kept.back:
        warn(
            f"{kept.back} arranged visit(s) are not in the diary: with them the family could work out when "
            "somebody comes unannounced, or the record does not say that they are announced (docs/papers.md)."
        )
    if kept.contradicted:
        warn(
            "The record has an announced and an unannounced visit to this household on one day. Mend it: the "
            "diary ends before that day.",
            style="bold",
        )


def _packs(taken: Snapshot) -> str:
    return ", ".join(pack.name for pack in taken.packs)


def _formats(asked: str | None) -> tuple[Format, ...]:
    if asked is None:
        return FORMATS
    names = tuple(dict.fromkeys(part.strip().lower() for part in asked.split(",") if part.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise WronglyUsed(
            f"--format {asked!r} is not one this makes. Give {', '.join(FORMATS)}, with commas between; "
            "all of them where it is left out."
        )
    return cast("tuple[Format, ...]", names)


def _file_name(child: str, names: Identify) -> str:
    """What tells one child's files from another's: the case number, unless nothing may identify."""
    if names == "nothing":
        return ""
    return f"-{_safe(child)}"


def _safe(id_: str) -> str:
    """An id as every file system takes it in a name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", id_).strip(".-") or "one"


def _write(out: Path, pages: dict[str, str], formats: Sequence[Format], *, large: bool = False) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, page in pages.items():
            for kind in formats:
                file = _put(out, name, kind, making.file_of(page, kind, large=large))
                say(str(file))
    except OSError as error:
        raise WronglyUsed(
            f"{out} cannot be written to ({error.strerror}). Name a folder of yours after --out."
        ) from None


def _put(out: Path, name: str, kind: Format, content: bytes) -> Path:
    """Write a new file; one of the same content stays, one that somebody changed gets a neighbour."""
    for file in _free(out, name, kind):
        with suppress(FileExistsError):
            file.touch(mode=0o600, exist_ok=False)
            file.write_bytes(content)
            return file
        if file.read_bytes() == content:
            return file
    raise Refused(f"{out} holds {MOST_COPIES} copies of {name}.{kind}. Take some away.")


def _free(out: Path, name: str, kind: Format) -> Iterator[Path]:
    yield out / f"{name}.{kind}"
    yield from (out / f"{name}-{number}.{kind}" for number in range(2, MOST_COPIES + 1))
