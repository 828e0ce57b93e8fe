"""A council for each trouble. Judging is the same for the same files, and is done once for all of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from faultkit.caseload import NAMES, SENDER, Caseload, first_day
from faultkit.scene import Good, Scene, errors
from faultkit.trouble import Trouble
from faultkit.troubles import BY_NAME

from bot.outlook.connection import connect
from bot.run.snapshot import Snapshot, take
from bot.sandbox import server
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Person

Play = Callable[..., Scene]
JUDGED: dict[Any, Snapshot] = {}
GOOD: Good = {}
READS = next(one for one in map(import_module, ("bot.run.order", "bot.run.prepare")) if hasattr(one, "take"))
NO_LISTS = 'worker_list_day = "sun"\nmanager_digest_day = "sun"'  # where the test is not of mail


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its tables made, to be copied."""
    from bot.store.database import open_store

    path = tmp_path_factory.mktemp("store") / "empty.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def trouble(request: pytest.FixtureRequest) -> Trouble | None:
    """What the test says it is about."""
    mark = request.node.get_closest_marker("trouble")
    return BY_NAME[mark.args[0]] if mark else None


@pytest.fixture
def play(
    tmp_path: Path, empty_store: Path, trouble: Trouble | None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Play]:
    """Makes a council: `play()`, or `play(caseload=…, sandbox=…, settings=…, lists=…)`."""
    open_ones: list[server.Running] = []
    monkeypatch.setattr(READS, "take", _judged_once)
    monkeypatch.setattr("bot.outlook.reading.PAGE", 3)  # so that a diary has several pages

    def make(
        *,
        caseload: Caseload | None = None,
        sandbox: SandboxSettings | None = None,
        settings: str = "",
        lists: str = NO_LISTS,
    ) -> Scene:
        folder = tmp_path / f"council-{len(open_ones)}"
        folder.mkdir()
        people = [Person(address, name) for address, name in NAMES.items()]
        running = server.start(people=[*people, Person(SENDER, "Visit bot")], settings=sandbox)
        open_ones.append(running)
        monkeypatch.setattr(
            "bot.run.world.connect",
            partial(connect, sleep=running.tenant.clock.let_pass, clock=running.tenant.clock.wall),
        )
        shutil.copy(empty_store, folder / "store.db")
        (folder / "client.secret").write_text(running.client_secret)
        (folder / "key.secret").write_text("k" * 64)
        config = folder / "settings.toml"
        config.write_text(
            _SETTINGS.format(running=running, sender=SENDER, schedule=lists, more=settings), encoding="utf-8"
        )
        return Scene(running, config, trouble, caseload or first_day())

    yield make
    for running in open_ones:
        running.stop()


@pytest.fixture
def scene(play: Play, trouble: Trouble | None, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """A council that has been kept well until today; whatever it logs names nobody."""
    here = play()
    yield here
    here.harmless([])
    if trouble is not None and here.running.graph.faults:
        here.mend()


@pytest.fixture
def good(play: Play) -> Good:
    """What stands after each of the two days where nothing goes wrong; played once."""
    if not GOOD:
        other = play()
        other.filled()
        GOOD[other.today] = other.diaries
        other.second()
        report = other.run()
        assert errors(report) == []
        GOOD[other.today] = other.diaries
        first, second = GOOD.values()
        assert first - second, "something of every kind happens on the second day"
        assert second - first
    return GOOD


def _judged_once(caseload: Path, packs: Any, today: Any, *more: Any, **named: Any) -> Snapshot:
    files = sorted(caseload.glob("*.csv"))
    key = (
        tuple((one.name, one.read_bytes(), one.stat().st_mtime) for one in files),
        tuple(one.name for one in packs),
        today,
        repr((more, named)),
    )
    if key not in JUDGED:
        JUDGED[key] = take(caseload, packs, today, *more, **named)
    return JUDGED[key]


_SETTINGS = """caseload = "caseload"
packs = ["short-guide"]
[store]
url = "sqlite:///store.db"
[microsoft]
tenant_id = "{running.tenant_id}"
client_id = "{running.client_id}"
client_secret_file = "client.secret"
graph_url = "{running.graph_url}"
authority = "{running.authority}"
ca_file = "{running.ca_file}"
[schedule]
{schedule}
[mail]
sender = "{sender}"
allowed_domains = ["northdale.example"]
[diary]
key_secret_file = "key.secret"
identify = "number"
{more}
"""
