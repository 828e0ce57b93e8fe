"""Puts preparation sheets (B.10, C.7k) where the council guards them, and links each reminder to its own.

An entry can be seen by whoever may open the diary, so the sheet never hangs on it: it lies in a folder that
the council names, one folder in it for each worker, and the entry holds an address that opens for whoever may
open that folder. Who that is, is the council's to say and never this program's: it makes no worker's folder,
puts nothing where everybody on the machine may read, and a worker without a folder has no sheet here.

A file is known as ours by its name, which is made of the reminder's key: nothing can be read from it. The
folder alone says what is there, so nothing is remembered; what should not be there any more goes with the
next run. Reminders come first: sheets are put after the diaries are written, whatever goes wrong with one is
a note, and an entry links only to a file that lay there when it was planned.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from bot.diary.body import PREPARED
from bot.diary.entries import Wanted
from bot.diary.entry import Entry, Role
from bot.digest.known import Known
from bot.digest.papers.sheet import sheet_for
from bot.errors import Effect, Problem
from bot.policy.judgement import DueVisit
from bot.rendering.papers import making
from bot.run.operator import operator
from bot.run.snapshot import Snapshot
from bot.run.world import World
from bot.settings import Sheets

OURS = re.compile(r"visit-sheet-[0-9a-f]{16,}\.(?:pdf|part)")  # a half one is left where a run was killed
_SAFE = re.compile(r"(?!\.+$)[A-Za-z0-9._-]+")  # an id that names a folder, and no way out of it
_OTHERS = stat.S_IRWXO
_FOR_OWNER_AND_GROUP = 0o660


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the sheet of one reminder in one worker's diary belongs."""

    worker: str
    file: Path
    visit: DueVisit


def linked(world: World, diaries: Wanted, owners: Mapping[str, str]) -> Wanted:
    """The same diaries, each reminder with the address of its sheet where the file is there."""
    sheets = world.settings.sheets
    if sheets.folder is None:
        return diaries
    there = {
        mailbox: frozenset(_files(sheets.folder, owners[mailbox]))
        for mailbox in diaries.entries
        if mailbox in owners
    }
    entries = {
        mailbox: tuple(
            _linked(entry, owners.get(mailbox, ""), there.get(mailbox, ()), sheets) for entry in owed
        )
        for mailbox, owed in diaries.entries.items()
    }
    return replace(diaries, entries=entries)


def _linked(entry: Entry, worker: str, there: Collection[str], sheets: Sheets) -> Entry:
    name = _name(entry.key)
    if entry.role is not Role.REMINDER or name not in there:
        return entry
    link = sheets.link.replace("{worker}", quote(worker, safe="")).replace("{file}", quote(name, safe=""))
    return replace(entry, body=replace(entry.body, sheet="", sheet_link=link))


def put(
    world: World,
    snapshot: Snapshot,
    diaries: Wanted,
    owners: Mapping[str, str],
    *,
    keep: Collection[str] = (),
    only: Collection[str] = (),
) -> tuple[str, ...]:
    """Put the sheets of what is due soon, take away what is over; say what could not be done, by worker.

    ``keep``: keys of entries that stay although nothing wants them. ``only``: these workers' folders alone.
    """
    root = world.settings.sheets.folder
    if root is None:
        return ()
    until = snapshot.today + timedelta(days=world.settings.sheets.days_ahead)
    known = snapshot.gathered(world.settings.diary.identify)
    chosen = set(only) or set(world.settings.pilot)
    notes: dict[str, str] = {}
    wanted: dict[str, set[str]] = {}
    for place in _places(root, diaries, owners):
        if (chosen and place.worker not in chosen) or not _may_have(known, place):
            continue
        if place.visit.act_by > until and not place.file.exists():
            continue
        wanted.setdefault(place.worker, set()).add(place.file.name)
        if place.worker not in notes and (
            why := _cannot(place.file.parent) or _written(world, snapshot, known, place)
        ):
            notes[place.worker] = why
    kept = {_name(key) for key in keep}
    for worker in _folders(root):
        if not chosen or worker in chosen:
            _take_away(root, worker, wanted.get(worker, set()) | kept)
    return tuple(f"{worker}: {why}" for worker, why in sorted(notes.items()))


def take_all_away(world: World, only: Collection[str] = ()) -> None:
    """Take every sheet away, or those of ``only`` these workers: reminders that `undo` removes have none."""
    root = world.settings.sheets.folder
    for worker in _folders(root) if root else ():
        if root and (not only or worker in only):
            _take_away(root, worker, set())


def amiss(sheets: Sheets, workers: Collection[str] | None, settings: str) -> list[Problem]:
    """What keeps sheets from being put where they belong, for `check`; nothing is written to find out.

    ``workers``: their ids, null where they are not known. ``settings``: the file that names the folder.
    """
    root = sheets.folder
    if root is None:
        return []

    def wrong(folder: Path, what: str, mend: str, effect: Effect = "value ignored") -> Problem:
        return Problem(f"{settings}:sheets.folder", f"{folder} {what}", mend, effect)

    none = "no preparation sheet is put anywhere, and reminders say whom to ask"
    if not root.is_dir():
        why = "is no folder" if root.exists() else "is not there"
        return [wrong(root, f"{why}: {none}", "Make it, or mend the path.")]
    if not os.access(root, os.R_OK | os.X_OK):
        return [wrong(root, f"may not be opened by {operator()}: {none}", "Give that account the right.")]
    theirs = [root / one for one in _folders(root) if _SAFE.fullmatch(one) and one in (workers or {one})]
    found = []
    if _open_to_all(root):
        mend = f"Take their rights away (chmod o= {root})."
        found.append(wrong(root, "may be opened by everybody on this machine", mend, "warning"))
    for one in theirs:
        if _open_to_all(one):
            what = "may be opened by everybody on this machine: nothing is put there"
            found.append(wrong(one, what, f"Take their rights away (chmod o= {one})."))
        elif not os.access(one, os.R_OK | os.W_OK | os.X_OK):
            what = f"may not be written by {operator()}: nothing is put there"
            found.append(wrong(one, what, "Give that account the right, as the bot's own."))
    if not theirs:
        mend = "Make one for each worker who shall have sheets, named by worker id (docs/papers.md)."
        found.append(wrong(root, f"has no worker's folder in it: {none}", mend))
    return found


def _open_to_all(folder: Path) -> bool:
    """On Windows a folder's rights are the share's, and not looked at."""
    with contextlib.suppress(OSError):
        return os.name != "nt" and bool(folder.stat().st_mode & _OTHERS)
    return False


def _places(root: Path, diaries: Wanted, owners: Mapping[str, str]) -> Iterator[_Place]:
    """Of every reminder to prepare for, in the folders that there are."""
    for mailbox, entries in diaries.entries.items():
        worker = owners.get(mailbox, "")
        if not _SAFE.fullmatch(worker) or not (root / worker).is_dir():
            continue
        for entry in entries:
            visit = diaries.visits.get(entry.key)
            if entry.role is Role.REMINDER and visit is not None and visit.kind in PREPARED:
                yield _Place(worker, root / worker / _name(entry.key), visit)


def _may_have(known: Known, place: _Place) -> bool:
    """A restricted child's sheet lies with a worker who holds the child, and with nobody who covers."""
    child = place.visit.child_id
    return not known.child(child).restricted or place.worker in known.holders.get(child, ())


def _cannot(folder: Path) -> str:
    """Why nothing may be put there."""
    if _open_to_all(folder):
        return (
            f"No preparation sheet was put into {folder}: everybody on this machine may open it. "
            f"Take their rights away (chmod o= {folder})."
        )
    return ""


def _written(world: World, snapshot: Snapshot, known: Known, place: _Place) -> str:
    """Write one sheet where it says something else than what lies there; say why it could not be."""
    try:
        content = _content(world, snapshot, known, place.visit.child_id)
        if content is None:
            return ""
        if not place.file.is_file() or place.file.read_bytes() != content:
            _put(place.file, content)
    except OSError as error:
        return (
            f"A preparation sheet could not be put into {place.file.parent} ({error.strerror}); its reminder "
            "stands without it. Mend the folder or its rights: the next run tries again."
        )
    except Exception as error:  # an edited template can fail in any way Python can, and reminders go on
        return (
            f"A preparation sheet could not be made ({type(error).__name__}); its reminder stands without "
            "it. `check` says what is wrong with the templates."
        )
    return ""


def _content(world: World, snapshot: Snapshot, known: Known, child_id: str) -> bytes | None:
    sheet = sheet_for(
        known, child_id, snapshot.visits, snapshot.judgement, snapshot.caseload, packs=snapshot.packs
    )
    if sheet is None:
        return None
    return making.file_of(making.preparation_sheet(sheet, world.settings.templates), "pdf")


def _put(file: Path, content: bytes) -> None:
    """Whole or not at all: nobody opens half a sheet."""
    half = file.with_suffix(".part")
    with contextlib.suppress(FileNotFoundError):
        half.unlink()
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FOR_OWNER_AND_GROUP), "wb") as out:
        out.write(content)
    half.replace(file)


def _take_away(root: Path, worker: str, wanted: Collection[str]) -> None:
    for name in _files(root, worker):
        if name not in wanted:
            with contextlib.suppress(OSError):  # open on somebody's screen: it goes with the next run
                (root / worker / name).unlink()


def _folders(root: Path) -> tuple[str, ...]:
    with contextlib.suppress(OSError):
        return tuple(sorted(one.name for one in root.iterdir() if one.is_dir()))
    return ()


def _files(root: Path, worker: str) -> tuple[str, ...]:
    """Our files in one worker's folder; none where there is no such folder or it cannot be read."""
    if _SAFE.fullmatch(worker):
        with contextlib.suppress(OSError):
            return tuple(
                sorted(
                    one.name
                    for one in (root / worker).iterdir()
                    if OURS.fullmatch(one.name) and one.is_file()
                )
            )
    return ()


def _name(key: str) -> str:
    return f"visit-sheet-{key}.pdf"
