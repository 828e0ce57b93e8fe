"""A store on SQLite and, where its wheel is there, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from keepkit.postgres import emptied, postgres  # noqa: F401 - a fixture

from bot.store.database import Store, open_store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'bot.db'}"
    else:
        url = emptied(request.getfixturevalue("postgres"))
    opened = open_store(url)
    yield opened
    opened.close()
