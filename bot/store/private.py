"""Keeps a store's files for their owner alone: they hold case numbers, and mails that are yet to go.

What is made is made so whatever the umask; what stands with looser rights, and is ours, is tightened. SQLite
gives the files it makes beside its own the same rights.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

_BESIDE = ("", "-wal", "-shm", "-journal", ".lock")
_OWNER_ALONE = 0o600


def keep_private(database: Path) -> None:
    """Make a SQLite file or tighten one, and whatever stands beside it; raises OSError where it cannot be.

    On Windows a file has the rights of its folder, and nothing is done. A file of another owner is left.
    """
    if os.name == "nt":
        return
    # One that stands is not opened here: closing it would drop the locks that this process holds on it.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(database, os.O_RDWR | os.O_CREAT | os.O_EXCL, _OWNER_ALONE))
    for end in _BESIDE:
        file = database.with_name(database.name + end)
        try:
            found = file.stat()
        except FileNotFoundError:  # nothing there, or another process has just taken it away
            continue
        if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & ~_OWNER_ALONE:
            file.chmod(_OWNER_ALONE)
