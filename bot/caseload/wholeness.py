"""Tells a caseload that is still being written, or whose writing was broken off, from one that is whole.

Half an export reads like half a council: a file without its last rows is a sound file of fewer children. What
can be seen on the files themselves is looked for here; what cannot is held against the last accepted caseload
in `shrinkage`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.caseload.plain import TABLES
from bot.errors import Problem

_TAIL = 1 << 16
_AGAIN = "Wait until the export has finished, or write it again from the case system, and run again."


@dataclass(frozen=True, slots=True)
class Stamp:
    """One file of the caseload as the disk knew it at a moment."""

    path: Path
    size: int
    written_ns: int

    @property
    def table(self) -> str:
        """The table that it holds; the file's own name where it is a workbook."""
        return self.path.stem.casefold()

    @property
    def written(self) -> datetime:
        """When it was written, in London, naive as the caseload's moments are."""
        moment = datetime.fromtimestamp(self.written_ns / 1e9, ZoneInfo("Europe/London"))
        return moment.replace(tzinfo=None)


def stamps(path: Path) -> tuple[Stamp, ...]:
    """The files that a caseload at ``path`` is read from, as they are now; none where there are none."""
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        return tuple(
            Stamp(each, each.stat().st_size, each.stat().st_mtime_ns)
            for each in files
            if _is_ours(each, path)
        )
    except OSError:
        return ()  # reading it says what is wrong


def fingerprint(stamped: Sequence[Stamp]) -> str:
    """Files as they were stamped: the same while none of them has changed; empty where there are none."""
    said = "\n".join(f"{one.path.name} {one.size} {one.written_ns}" for one in stamped)
    return hashlib.sha256(said.encode()).hexdigest()[:32] if stamped else ""


def _is_ours(file: Path, caseload: Path) -> bool:
    return file == caseload or (file.suffix.lower() == ".csv" and file.stem.casefold() in TABLES)


def half_written(before: Sequence[Stamp], after: Sequence[Stamp]) -> tuple[Problem, ...]:
    """What shows that files were not whole; ``before`` and ``after`` are their stamps around the reading."""
    return (*_changed(before, after), *(problem for stamp in after for problem in _broken_off(stamp)))


def _changed(before: Sequence[Stamp], after: Sequence[Stamp]) -> list[Problem]:
    old, new = ({stamp.path.name: stamp for stamp in some} for some in (before, after))
    return [
        Problem(name, "it changed while it was being read: it is still being written", _AGAIN, "run refused")
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _broken_off(stamp: Stamp) -> list[Problem]:
    if stamp.size == 0:
        return [Problem(stamp.path.name, "the file is empty, without even a header", _AGAIN, "run refused")]
    if stamp.path.suffix.lower() != ".csv":
        return []  # a workbook is a whole archive or none at all
    what = _how_it_ends(stamp.path, stamp.size)
    return [Problem(stamp.path.name, what, _AGAIN, "run refused")] if what else []


def _how_it_ends(path: Path, size: int) -> str:
    """Why the end of a CSV file cannot be the end of an export; nothing where it can.

    Many programs write no line end after the last row, so that alone says nothing.
    """
    with path.open("rb") as file:
        header = file.readline(_TAIL)
        file.seek(max(len(header), size - _TAIL))
        tail = file.read()
    if (tail or header).endswith(b"\0"):
        return "it ends in empty bytes, as a file does whose writing was broken off"
    if not tail or tail.endswith((b"\n", b"\r")):
        return ""
    line = tail.rpartition(b"\n")[2]
    if line.count(b'"') % 2:
        return "it ends inside a cell in quotation marks: its writing was broken off"
    cells, width = line.count(b",") + 1, header.count(b",") + 1
    if line.strip() and cells < width:
        return f"its last line ends after {cells} of {width} cells: its writing was broken off"
    return ""
