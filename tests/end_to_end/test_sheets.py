"""A reminder links to its preparation sheet, which lies where the council guards it, never on the entry."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from paperkit.household import TODAY, caseload, pack
from paperkit.reading import pdf_words

from bot.caseload.model import Caseload
from bot.diary.day import DiaryRules
from bot.diary.entries import wanted
from bot.policy.due import judge, visits
from bot.rendering.templates import TEMPLATES
from bot.run import sheets, undo
from bot.run.snapshot import Snapshot
from bot.run.world import open_world
from bot.settings import Diary, Sheets
from bot.settings_file import load

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
LINK = re.compile(r'href="https://northdale\.example/s/([^/"]+)/([^/"]+)"')
SETTINGS = (
    '[sheets]\nfolder = "sheets"\nlink = "https://northdale.example/s/{worker}/{file}"\ndays_ahead = 14'
)


@pytest.fixture
def here(council: Callable[..., object], tmp_path: Path) -> object:
    """A council where the first worker has a guarded folder."""
    made = council(MONDAY, diary=SETTINGS)
    folder(tmp_path, "W01")
    return made


def folder(tmp_path: Path, worker: str) -> Path:
    made = tmp_path / "sheets" / worker
    made.mkdir(parents=True)
    made.chmod(0o770)
    return made


def files(tmp_path: Path) -> dict[str, set[str]]:
    root = tmp_path / "sheets"
    return {one.name: {file.name for file in one.iterdir()} for one in root.iterdir() if any(one.iterdir())}


def links(here: object) -> dict[str, set[tuple[str, str]]]:
    """Whose entries link to which worker's which file."""
    tenant = here.running.tenant
    found: dict[str, set[tuple[str, str]]] = {}
    for person in tenant.people_by_id.values():
        for item in tenant.mailbox(person.id).items("event").values():
            for match in LINK.finditer(unescape(item.props["body"]["content"])):
                found.setdefault(person.email, set()).add((match[1], match[2]))
            assert not item.props.get("hasAttachments")
    return found


def address(here: object, worker: str) -> str:
    return next(row["email"] for row in here.table("workers") if row["worker_id"] == worker)


def test_a_reminder_links_to_the_sheet_that_lies_in_its_workers_own_folder_b10(
    here: object, tmp_path: Path
) -> None:
    first = here.run(MONDAY)
    assert first.errors == first.of_sheets == ()
    put = files(tmp_path)
    assert set(put) == {"W01"}
    assert links(here) == {}, "an entry links only to what lay there when it was planned"
    here.run(MONDAY)
    assert links(here) == {address(here, "W01"): {("W01", name) for name in put["W01"]}}
    assert files(tmp_path) == put
    name = sorted(put["W01"])[0]
    assert "Preparing the visit" in pdf_words((tmp_path / "sheets" / "W01" / name).read_bytes())
    mine = {row["child_id"] for row in here.table("episodes") if row["worker_id"] == "W01"}
    assert not [child for child in mine if child in name], "nothing can be read from a name"


def test_a_run_with_nothing_changed_writes_no_entry_and_no_sheet(here: object, tmp_path: Path) -> None:
    here.run(MONDAY)
    here.run(MONDAY)
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "sheets").rglob("*.pdf")}
    assert here.writes_of(lambda: here.run(MONDAY)) == 0
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "sheets").rglob("*.pdf")} == before


def test_a_sheet_goes_when_nothing_is_owed_and_what_is_not_ours_stays(here: object, tmp_path: Path) -> None:
    here.run(MONDAY)
    own = tmp_path / "sheets" / "W01" / "my notes.pdf"
    own.write_text("mine")
    (tmp_path / "sheets" / "W01" / f"visit-sheet-{'0a' * 32}.part").write_text(
        "half of one: a run was killed"
    )
    here.write("episodes", [row for row in here.table("episodes") if row["worker_id"] != "W01"])
    here.run(MONDAY, forced="the team has moved")
    assert files(tmp_path) == {"W01": {"my notes.pdf"}}


def test_undo_takes_the_sheets_away_too(here: object, tmp_path: Path) -> None:
    here.run(MONDAY)
    world = open_world(load(here.config))
    try:
        undo.remove(world, undo.find(world, [address(here, "W01")]))
        sheets.take_all_away(world, ["W02"])
        assert files(tmp_path)["W01"]
        sheets.take_all_away(world)
    finally:
        world.close()
    assert files(tmp_path) == {}


@pytest.mark.skipif(os.name == "nt", reason="on Windows a folder's rights are the share's")
def test_nothing_is_put_where_everybody_on_the_machine_may_read(here: object, tmp_path: Path) -> None:
    (tmp_path / "sheets" / "W01").chmod(0o775)
    report = here.run(MONDAY)
    assert files(tmp_path) == {}
    assert report.of_sheets[0].startswith("W01: No preparation sheet was put into")
    assert report.errors == ()
    assert report.writes > 0


def test_a_sheet_that_cannot_be_written_stops_no_reminder(here: object, tmp_path: Path) -> None:
    here.run(MONDAY)
    for file in (tmp_path / "sheets" / "W01").iterdir():
        file.unlink()
        file.mkdir()  # something else has its name
    report = here.run(TUESDAY)
    assert report.errors == ()
    assert "W01: A preparation sheet could not be put into" in report.of_sheets[0]
    assert links(here) == {}


@pytest.mark.parametrize(("holder", "put"), [("W1", True), ("W2", False)])
def test_a_restricted_childs_sheet_lies_with_nobody_who_does_not_hold_the_child(
    tmp_path: Path, holder: str, put: bool
) -> None:
    """Even if an entry of it stood with a colleague, as it never does."""
    child = {"child_id": "C1", "initials": "JS", "restricted": True}
    plan = {"kind": "child_protection", "start": date(2026, 8, 3), "worker_id": holder}
    taken = _snapshot(caseload(children=[child], episodes=[plan]))
    owed = wanted(taken.judgement, taken.visits, taken.caseload, DiaryRules(key_secret=b"s"), TODAY)
    folder(tmp_path, "W1")
    world: Any = SimpleNamespace(
        settings=SimpleNamespace(
            sheets=Sheets(
                folder=tmp_path / "sheets", link="https://x.example/{worker}/{file}", days_ahead=28
            ),
            diary=Diary(),
            pilot=(),
            templates=TEMPLATES,
        )
    )
    with_ann = replace(owed, entries={"ann@x": tuple(one for all_ in owed.entries.values() for one in all_)})
    assert with_ann.entries["ann@x"]
    assert sheets.put(world, taken, with_ann, {"ann@x": "W1"}) == ()
    assert bool(files(tmp_path)) is put


def _snapshot(known: Caseload) -> Snapshot:
    packs = (pack("visiting-policy"),)
    judgement = judge(known, packs, TODAY)
    return Snapshot(TODAY, known, packs, judgement, tuple(visits(judgement)))


def test_without_the_setting_nothing_is_put_and_nothing_links(
    council: Callable[..., object], tmp_path: Path
) -> None:
    made = council(MONDAY)
    folder(tmp_path, "W01")
    made.run(MONDAY)
    made.run(MONDAY)
    assert files(tmp_path) == {}
    assert links(made) == {}
