"""A bot with a caseload folder and a store of its own, that asks Microsoft for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.run.snapshot import load_packs
from bot.run.world import World
from bot.settings import HOME
from bot.settings_file import load
from bot.store.database import open_store

PACKS = ("short-guide", "cp-statutory-visits", "ddscp-home-visits")
SETTINGS = """caseload = "caseload"
packs = ["short-guide"]
[microsoft]
tenant_id = "nobody"
client_id = "nobody"
client_secret_file = "key.secret"
[mail]
sender = "visit-bot@northdale.example"
allowed_domains = ["northdale.example"]
[guard]
max_age_hours = 876000
[diary]
identify = "number"
key_secret_file = "key.secret"
"""


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Makes the world of a process; the store stays. ``more``: lines for the end of the settings."""
    made: list[World] = []

    def make(more: str = "") -> World:
        (tmp_path / "key.secret").write_text("k" * 64)
        (tmp_path / "settings.toml").write_text(SETTINGS + more)
        settings = load(tmp_path / "settings.toml")
        made.append(World(settings, open_store(settings.store.url), load_packs(PACKS, HOME / "rules")))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
