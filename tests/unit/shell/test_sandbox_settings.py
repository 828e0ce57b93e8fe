"""What `sandbox` prints is all that a bot of one's own needs: no demo's folder, and nothing to fill in."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import pytest

from bot.cli.demo_folder import settings_alone
from bot.cli.demonstrating import EXAMPLE, EXAMPLE_DAY
from bot.outlook.calendar import list_many
from bot.run.prepare import read_world
from bot.run.world import open_world
from bot.sandbox.server import start
from bot.sandbox.tenant import Person
from bot.settings_file import load


def test_with_the_printed_settings_and_secrets_a_bot_reads_the_example_and_the_stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person("asha.karim@northdale.example", "Asha Karim")
    with start(people=[person]) as running:
        file = tmp_path / "sandbox.toml"
        file.write_text(settings_alone(running, EXAMPLE, EXAMPLE_DAY), encoding="utf-8")
        monkeypatch.setenv("VISIT_BOT_CLIENT_SECRET", running.client_secret)
        monkeypatch.setenv("VISIT_BOT_KEY_SECRET", "k" * 64)
        world = open_world(load(file))
        try:
            assert read_world(world, datetime.combine(EXAMPLE_DAY, time(23, 59))).visits
            assert list_many(world.connection, [person.email]) == {person.email: ()}
        finally:
            world.close()
