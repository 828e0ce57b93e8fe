"""One process at a time keeps diaries from a store: a second one is refused before it does anything.

The lock is the operating system's beside a SQLite file, and the server's own in PostgreSQL. Both end with
the process or the connection that holds them, so a keeper that was killed is in nobody's way. Should a lock
be lost all the same (a server started anew, a network drive without locks), the fence is the second line.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.errors import Permanent, Refused
from bot.store.database import Store, usable

_CLASS: Final = 0x56495342  # "VISB": ours among the advisory locks of a database that others use too
_BYTE: Final = 1 << 30  # on Windows a locked byte cannot be read: lock one far behind what the file says
_GONE_AFTER: Final = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}


class Occupied(Refused):
    """Another process keeps diaries from this store."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who holds a store: the command, its process and machine, and since when (London time)."""

    doing: str
    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"`{self.doing}`, process {self.pid} on {self.host}, since {self.since}"


@contextmanager
def keeping(store: Store, doing: str) -> Iterator[None]:
    """Be the one that keeps diaries from this store while this lasts; ``doing`` is the command's name.

    An open store may be kept several times over by its own process (the service, and each of its runs).
    Raises :class:`Occupied`, naming the holder, where another process has it, and Permanent where the lock's
    file cannot be made.
    """
    with store.turn:
        if store.kept == 0:
            store.hold = contextlib.ExitStack()
            store.hold.enter_context(_held(store.engine, _myself(doing)))
        store.kept += 1
    try:
        yield
    finally:
        with store.turn:
            store.kept -= 1
            if store.kept == 0:
                store.hold.close()


def _myself(doing: str) -> Keeper:
    now = datetime.now(ZoneInfo("Europe/London"))
    return Keeper(doing, os.getpid(), socket.gethostname(), f"{now:%Y-%m-%d %H:%M}")


def _held(engine: sa.Engine, keeper: Keeper) -> contextlib.AbstractContextManager[None]:
    if engine.dialect.name != "sqlite":
        return _held_by_server(engine, keeper)
    database = engine.url.database
    if database in (None, "", ":memory:"):
        return contextlib.nullcontext()  # nobody else can open it
    return _held_by_file(Path(str(database)).resolve(), keeper)


def _occupied(keeper: Keeper | None) -> Occupied:
    who = str(keeper) if keeper else "another process"
    return Occupied(
        f"The store is in use by {who}. Nothing was done: two at once would do the same work twice. Wait "
        "until it has ended, or stop it; one that was killed lets go by itself. A service (`serve`) holds "
        "its store for as long as it runs."
    )


@contextmanager
def _held_by_file(database: Path, keeper: Keeper) -> Iterator[None]:
    path = database.with_name(database.name + ".lock")
    try:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
    except OSError as error:
        raise Permanent(
            f"{path}, which keeps a second process away from the store, cannot be opened ({error.strerror}). "
            "Check the rights of the folder and of the file."
        ) from None
    with file:
        if not _lock(file):
            raise _occupied(_read(file))
        _say(file, json.dumps(asdict(keeper)))
        try:
            yield
        finally:
            _say(file, "")
            _unlock(file)  # the file stays: whoever removes it may remove another's lock


def _say(file: IO[str], words: str) -> None:
    """Write down who holds it. That is for people alone: the lock holds without it."""
    with contextlib.suppress(OSError):
        file.seek(0)
        file.truncate()
        file.write(words)
        file.flush()


def _read(file: IO[str]) -> Keeper | None:
    try:
        file.seek(0)
        return Keeper(**json.load(file))
    except (OSError, ValueError, TypeError):
        return None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> bool:
        file.seek(_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        file.seek(_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise Permanent(
                f"The drive of the store cannot lock files ({error.strerror}), so a second process could not "
                "be kept away from it. Put the store on a local drive, or use PostgreSQL."
            ) from None
        return True

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def _held_by_server(engine: sa.Engine, keeper: Keeper) -> Iterator[None]:
    """Hold an advisory lock on a connection of its own, by whose name the server can say who holds it.

    A machine that vanishes without a word is noticed after a minute, not after the server's two hours.
    """
    with usable():
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # closed at the end, never given back to the pool with the lock still on it
    with connection:
        with usable():
            _take(connection, keeper)
        try:
            yield
        finally:  # said aloud: the server takes a moment to notice that a connection has ended
            with contextlib.suppress(sa.exc.DBAPIError):
                connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")


def _take(connection: sa.Connection, keeper: Keeper) -> None:
    ours = {"class": _CLASS, "place": connection.execute(_PLACE).scalar_one()}
    if not connection.execute(_TRY, ours).scalar_one():
        raise _occupied(_holder(connection, ours))
    name = f"{keeper.doing}|{keeper.pid}|{keeper.since}|{keeper.host}"[:63]
    connection.execute(sa.text("SELECT set_config('application_name', :name, false)"), {"name": name})
    for setting, value in _GONE_AFTER.items():
        connection.exec_driver_sql(f"SET {setting} = {value}")


_TRY: Final = sa.text("SELECT pg_try_advisory_lock(:class, :place)")
_PLACE: Final = sa.text("SELECT hashtext(coalesce(current_schema(), ''))")  # a database may hold two stores
_HOLDER: Final = sa.text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = :class "
    "AND l.objid::bigint = (:place)::bigint & 4294967295 AND a.datname = current_database()"
)


def _holder(connection: sa.Connection, ours: dict[str, Any]) -> Keeper | None:
    name = connection.execute(_HOLDER, ours).scalar()
    parts = str(name or "").split("|", 3)
    if len(parts) != 4 or not parts[1].isdigit():
        return None
    return Keeper(parts[0], int(parts[1]), parts[3], parts[2])
