"""A saved plan is applied exactly, or refused with whose diary moved and how; then nothing is written."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli.app import main
from bot.cli.options import LONDON
from bot.settings import HOME

MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """The command line, in this process."""

    def call(here: Any, *arguments: object) -> Said:
        told = ["run_bot.py", *map(str, arguments), "--config", str(here.config)]
        monkeypatch.setattr(sys, "argv", told)
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return Said(int(left.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture
def here(council: Callable[..., Any], tmp_path: Path) -> Any:
    """A council with templates and rules of its own, whose diaries stand since Monday."""
    for name in ("templates", "rules"):
        shutil.copytree(HOME / name, tmp_path / name)
    made = council(MONDAY, diary='identify = "number"', extra='templates = "templates"\nrules = "rules"')
    made.run(MONDAY)
    return made


def due_sooner(here: Any) -> str:
    """Change one child's date; gives whose diary it is in."""
    entry = [one for one in here.shown() if not one.all_day and one.what.startswith("Visit due")][-1]
    episodes = here.table("episodes")
    for row in episodes:
        if row["child_id"] == entry.child:
            row |= {"agreed_every": "1 working days", "agreed_from": str(MONDAY), "agreed_reason": "worries"}
    here.write("episodes", episodes)
    return str(entry.mailbox)


@contextmanager
def as_it_was(file: Path) -> Iterator[Path]:
    """Whatever is done to a file is undone."""
    before = file.read_bytes()
    yield file
    file.write_bytes(before)


def retitle(here: Any, mailbox: str) -> None:
    """What a person does: another title."""
    tenant = here.running.tenant
    own = tenant.mailbox(tenant.user(mailbox)["id"])
    item = next(one for one in own.items("event").values() if "Visit" in one.props["subject"])
    with tenant.lock:
        item.props = item.props | {"subject": "Call first"}
        own.changed(item)


def test_a_saved_plan_says_who_and_what_holds_no_more_and_is_applied_exactly(
    here: Any, bot: Callable[..., Said], tmp_path: Path
) -> None:
    mailbox = due_sooner(here)
    saved = tmp_path / "plan.json"
    planned = bot(here, "plan", "--today", TUESDAY, "--save", saved)
    document = json.loads(saved.read_text())
    assert f"Saved in {saved}" in planned.out
    assert saved.stat().st_mode & 0o777 == 0o600
    assert planned.out.splitlines()[0].split()[:4] == ["Worker", "Diary", "New", "Changed"]
    assert f"{len(document['mails'])} mails sent" in planned.out
    for line in document["diaries"][mailbox]["actions"]:
        assert line in planned.out, "what is approved is what was shown"
    for row in here.table("children"):
        if row["date_of_birth"]:
            assert row["date_of_birth"] not in saved.read_text()
    done = bot(here, "run", "--today", TUESDAY, "--plan", saved, "--json")
    assert done.status == 0, done.err
    wanted = {box: len(one["actions"]) for box, one in document["diaries"].items()}
    written = {
        one["mailbox"]: one["created"] + one["changed"] + one["removed"] + one["released"]
        for one in json.loads(done.out)["diaries"]
    }
    assert written == wanted
    again = bot(here, "run", "--today", TUESDAY, "--plan", saved)
    assert again.status == 1
    assert "another run has written" in again.err


def test_where_the_world_moved_nothing_is_written_and_who_and_what_is_named(
    here: Any, bot: Callable[..., Said], tmp_path: Path
) -> None:
    mailbox = due_sooner(here)
    worker = next(row["worker_id"] for row in here.table("workers") if row["email"] == mailbox)
    saved, other = tmp_path / "plan.json", tmp_path / "other.json"
    bot(here, "plan", "--today", TUESDAY, "--save", saved)

    def refused(*words: str, plan: Path = saved, today: date = TUESDAY, more: tuple[str, ...] = ()) -> None:
        outcome: list[Said] = []
        command = ("run", "--today", today, "--plan", plan, *more)
        assert here.writes_of(lambda: outcome.append(bot(here, *command))) == 0
        assert outcome[0].status in (1, 2)
        for one in words:
            assert one in outcome[0].err

    refused("The plan is of 2026-11-24", today=TUESDAY + timedelta(days=1))
    refused("saved for every diary", "Leave --only out", more=("--only", worker))
    with as_it_was(here.folder / "episodes.csv"):
        episodes = here.table("episodes")
        for row in episodes:
            row["agreed_every"] = ""
        here.write("episodes", episodes)
        refused("The world moved", f"{worker} ({mailbox}): what is owed has changed", "plan --save")
    with as_it_was(here.config) as file:
        file.write_text(file.read_text().replace("[diary]", "[diary]\nreminder_minutes_long = 30"))
        refused("the settings have changed")
    with as_it_was(tmp_path / "templates" / "entry.html.j2") as file:
        file.write_text(file.read_text() + "<!-- new -->")
        refused("the templates have changed")
    with as_it_was(tmp_path / "rules" / "visiting-policy.yaml") as file:
        file.write_text(file.read_text() + "# looked at\n")
        refused("the packs have changed")
    text = saved.read_text()
    other.write_text(text.replace(document_line(text), "remove: all of it"))
    refused("its seal does not fit", plan=other)
    other.write_text(text[: len(text) // 2])
    refused("cut off", plan=other)
    other.write_text(json.dumps({"today": str(TUESDAY), "diaries": {}}))
    refused("saved by another version", plan=other)
    other.write_text("[]")
    refused("is not a saved plan", plan=other)
    refused("cannot be read", plan=tmp_path / "nowhere.json")
    retitle(here, mailbox)
    refused(f"{worker} ({mailbox}): the diary was touched")


def document_line(text: str) -> str:
    """One line of what a person approves."""
    diaries = json.loads(text)["diaries"].values()
    return str(next(line for one in diaries for line in one["actions"]))


def test_a_plan_that_a_guard_holds_back_can_be_saved_and_is_applied_only_with_a_reason(
    here: Any, bot: Callable[..., Said], tmp_path: Path
) -> None:
    episodes = here.table("episodes")
    for row in episodes:
        row["end"] = "2026-11-20"
    here.write("episodes", episodes)
    saved = tmp_path / "plan.json"
    planned = bot(here, "plan", "--today", TUESDAY, "--save", saved)
    assert planned.status == 1
    assert "Guards hold the whole run back" in planned.out
    held: list[Said] = []
    command = ("run", "--today", TUESDAY, "--plan", saved)
    assert here.writes_of(lambda: held.append(bot(here, *command))) == 0
    assert held[0].status == 1
    assert held[0].err.count("open plans are gone or ended") == 1, "printed, and not logged as well"
    assert '"event"' not in held[0].err
    forced = bot(here, *command, "--force", "the service was wound up", "--json")
    assert "open plans" in " ".join(json.loads(forced.out)["lifted"])
    removed = sum(one["removed"] for one in json.loads(forced.out)["diaries"])
    actions = [line for one in json.loads(saved.read_text())["diaries"].values() for line in one["actions"]]
    assert removed == sum(line.startswith("remove:") for line in actions) > 0


def test_a_plan_for_some_is_applied_to_them_alone(
    here: Any, bot: Callable[..., Said], tmp_path: Path
) -> None:
    mailbox = due_sooner(here)
    worker = next(row["worker_id"] for row in here.table("workers") if row["email"] == mailbox)
    saved = tmp_path / "plan.json"
    bot(here, "plan", "--today", TUESDAY, "--save", saved, "--only", worker)
    assert list(json.loads(saved.read_text())["diaries"]) == [mailbox]
    done = bot(here, "run", "--today", TUESDAY, "--plan", saved, "--json")
    assert [one["worker_id"] for one in json.loads(done.out)["diaries"]] == [worker]
    made = datetime.fromisoformat(json.loads(saved.read_text())["made_at"])
    assert abs(datetime.now(LONDON).replace(tzinfo=None) - made) < timedelta(minutes=5), "the real moment"
    asked = bot(here, "plan", "--today", TUESDAY, "--save", saved, "--only", worker, "--json")
    assert json.loads(asked.out), "what a program reads is JSON alone"
    assert f"Saved in {saved}" in asked.err
