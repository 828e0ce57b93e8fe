"""Opens the store and brings its tables up to date, so that no command meets yesterday's schema.

SQLite gets write-ahead logging, a busy timeout and immediate transactions, so that a second process waits
its turn, rights for its owner alone, and deletion that overwrites; PostgreSQL is used as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.errors import Permanent, Temporary
from bot.store import schema
from bot.store.private import keep_private

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_VERSION = sa.table("alembic_version", sa.column("version_num"))
_UPGRADING = 0x5649534255505F31  # an advisory lock's number: two machines that start at once upgrade once


class Overtaken(Temporary):
    """Another run has started since: this one must write nothing more."""


class Store:
    """An open store. Every method of the room's modules takes one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.turn = threading.Lock()  # around the two below, which bot.store.lock looks after
        self.kept = 0  # how many of this process's own are keeping diaries from it
        self.hold = ExitStack()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on an error."""
        with usable(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def fenced(self, number: int) -> Iterator[Connection]:
        """A transaction that only the newest run may make; raises :class:`Overtaken` for an older one."""
        with self.transaction() as connection:
            current = connection.execute(sa.select(schema.fence.c.number).with_for_update()).scalar_one()
            if current != number:
                raise Overtaken(
                    f"Run number {number} was overtaken by number {current} and stopped; "
                    "nothing of it is lost, the newer run does the work."
                )
            yield connection

    def take_fence(self) -> int:
        """Start a run's turn: the number that every write of it must carry."""
        with self.transaction() as connection:
            connection.execute(sa.update(schema.fence).values(number=schema.fence.c.number + 1))
            return int(connection.execute(sa.select(schema.fence.c.number)).scalar_one())

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


@contextmanager
def usable() -> Iterator[None]:
    """Say of a store that does not answer that it will be tried again: raises Temporary."""
    try:
        yield
    except sa.exc.OperationalError as error:
        raise Temporary(
            f"The store cannot be used just now ({_plain(error)}). Nothing was half-written; "
            "the next run tries again. If it stays so, look at the disk or the database server."
        ) from error


def open_store(url: str) -> Store:
    """Open the store at a SQLAlchemy URL, making or upgrading its tables; raises Permanent with the mend."""
    try:
        parsed = sa.engine.make_url(url)
    except sa.exc.ArgumentError:
        raise Permanent(
            "store.url is not a database address. Use sqlite:///file.db or postgresql+psycopg://…"
        ) from None
    try:
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            file = Path(str(parsed.database))
            file.parent.mkdir(parents=True, exist_ok=True)
            if not str(parsed.database).startswith("file:"):  # a URI says itself how its file is opened
                keep_private(file)
        engine = _engine(parsed)
        _upgrade(engine)
    except (sa.exc.OperationalError, OSError) as error:
        raise Permanent(
            f"The store {parsed.render_as_string(hide_password=True)} cannot be opened ({_plain(error)}). "
            "Check the path and its rights, or that the database server runs and lets this user in."
        ) from error
    except ModuleNotFoundError as error:
        raise Permanent(
            f"The store needs the package {error.name}. Install it: pip install '.[distributed]'."
        ) from None
    return Store(engine)


def _engine(url: sa.engine.URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": 30})

    def prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # the driver's own BEGIN comes too late to lock a read-then-write
        cursor = raw.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    sa.event.listen(engine, "connect", prepare)
    sa.event.listen(engine, "begin", begin)
    return engine


def _upgrade(engine: Engine) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # SQLite's transactions wait for one another anyway
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADING})")
        if not _is_newest(connection):
            _migrate(connection)


def _is_newest(connection: Connection) -> bool:
    """Whether the tables are those of this release, as every command but the first after an upgrade finds."""
    if not sa.inspect(connection).has_table(_VERSION.name):
        return False
    newest = max(file.stem for file in (MIGRATIONS / "versions").glob("v*.py"))
    return connection.execute(sa.select(_VERSION.c.version_num)).scalars().all() == [newest[1:5]]


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a third of a second that hardly any command has to wait for
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _plain(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0]
