"""What an operator is told by the commands themselves: nothing that is not so, and what to do about it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from keepkit.children import MONDAY, address
from keepkit.commands import House, Said, house
from outboxkit.office import a_mail

from bot.outlook.connection import connect
from bot.sandbox.faults.fault import Fault
from bot.store import outbox, runs
from bot.store.database import open_store

NEVER_WAS = "W98"
DAY = ("--today", MONDAY.isoformat())
RUN = ("run", *DAY)
NO_SUCH = "mail.more_senders: no-such@northdale.example: There is no such mailbox"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A council whose caseload has a worker without a mailbox."""
    with house(tmp_path_factory.mktemp("house"), MONDAY, children=12) as one:
        file = one.folder / "caseload" / "workers.csv"
        head, *rows = file.read_text(encoding="utf-8").splitlines()
        cells = dict.fromkeys(head.lstrip("\ufeff").split(","), "") | {
            "worker_id": NEVER_WAS,
            "name": "Nobody Yet",
            "email": address(NEVER_WAS),
            "role": "social_worker",
        }
        file.write_text("\n".join([head, *rows, ",".join(cells.values())]) + "\n", encoding="utf-8")
        yield one


@pytest.fixture(autouse=True)
def as_new(here: House) -> None:
    here.begin_again()


def strike(here: House, *faults: dict[str, object]) -> None:
    here.running.graph.faults.order([Fault.read(one) for one in faults])


def as_json(said: Said) -> dict[str, Any]:
    """What a command printed as JSON, without what stood on stderr."""
    found, _ = json.JSONDecoder().raw_decode(said.words[said.words.index("{") :])
    return dict(found)


def put_in_the_outbox(here: House, mails: int) -> None:
    """Mails of an earlier run that could not go."""
    store = open_store(f"sqlite:///{here.database}")
    fence, made_at = store.take_fence(), datetime(2026, 11, 22)
    run = runs.begin(store, fence, "worker_list", "before", made_at)
    assert run is not None
    to = here.workers[0]
    made = [a_mail(to, f"mail {number}", recipient=to) for number in range(mails)]
    outbox.enqueue(store, fence, run, made, now=made_at, summary={})
    store.close()


# undo


def test_an_undo_where_nothing_of_the_bots_stands_says_so_and_is_done(here: House) -> None:
    said = here.command("undo", "--yes")
    assert said.code == 0, said.words
    assert "there is nothing to take away" in said.words
    assert f"{NEVER_WAS} · {address(NEVER_WAS)}: there is no such mailbox" in said.words
    said = here.command("undo", "--yes", "--only", NEVER_WAS)
    assert said.code == 0, said.words
    assert "0 entries removed" not in said.words


def test_a_mailbox_in_which_something_stood_or_that_may_not_be_opened_stays_an_error(here: House) -> None:
    assert here.command(*RUN).code == 0
    worker = next(one for one in here.workers if here.office.events(one))
    here.office.close_mailbox(worker)
    said = here.command("undo", "--yes")
    here.office.close_mailbox(worker, closed=False)
    assert said.code == 1
    assert said.words.count("There is no such mailbox in Microsoft 365") == 1
    assert here.command("undo", "--yes").code == 0
    strike(here, {"do": "403", "mailbox": worker, "times": None})
    said = here.command("undo", "--yes")
    assert said.code == 1
    assert "The app may not open this mailbox" in said.words


# senders


@contextmanager
def mail_settings(here: House, more: str) -> Iterator[None]:
    """The same council with more in its mail settings."""
    before = here.config.read_text(encoding="utf-8")
    here.config.write_text(before.replace("[diary]", f"{more}\n[diary]", 1), encoding="utf-8")
    try:
        yield
    finally:
        here.config.write_text(before, encoding="utf-8")


def test_a_sender_that_is_none_is_said_by_plan_and_run_with_its_mend_and_mail_goes_on(here: House) -> None:
    with mail_settings(here, 'more_senders = ["no-such@northdale.example"]'):
        said = here.command("plan", *DAY)
        assert said.code == 1
        assert said.words.count(NO_SUCH) == 1
        said = here.command(*RUN)
        assert said.code == 0, said.words
        assert said.words.index(NO_SUCH) < said.words.index("entries written"), "at once, not at the end"
        assert "Correct the address in the settings" in said.words
        assert "Mail goes through the other one meanwhile" in said.words
        assert " 0 mails sent" not in said.words
        assert as_json(here.command("plan", *DAY, "--json"))["senders_refused"][0].startswith(NO_SUCH)


def test_a_steady_run_asks_one_batch_of_lists_and_with_several_senders_one_request_more(here: House) -> None:
    here.command(*RUN)
    record = here.running.tenant.record
    batches = {}
    for senders in ("", f'more_senders = ["{here.workers[0]}"]'):
        with mail_settings(here, senders):
            here.command(*RUN)
            record.reset()
            here.command(*RUN)
            batches[senders] = (sum(record.summary()["batch_sizes"].values()), record.writes)
    (alone, writes), (several, more_writes) = batches.values()
    assert (alone, several, writes, more_writes) == (1, 2, 0, 0)


# how long the mails take


def test_a_plan_says_when_the_last_mail_would_go_as_the_run_then_does(here: House) -> None:
    document = as_json(here.command("plan", *DAY, "--json"))
    assert len(document["mails"]) > 1
    assert (
        f"{len(document['mails'])} mails at 30 a minute from one sender: the last about"
        in (document["mails_forecast"])
    )
    assert datetime.fromisoformat(document["mails_last_at"]).tzinfo is not None
    now = datetime.now(UTC)
    put_in_the_outbox(here, 70)
    said = here.command("plan", *DAY)
    of = 70 + len(document["mails"])
    assert f"Sent now: {of} mails at 30 a minute from one sender: the last about " in said.words
    last = as_json(here.command("plan", *DAY, "--json"))["mails_last_at"]
    assert datetime.fromisoformat(last) - now > timedelta(minutes=1)


def test_a_run_that_is_interrupted_says_how_many_mails_wait_and_when_the_last_goes(
    here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.run.world.connect", partial(connect, sleep=interrupted))
    put_in_the_outbox(here, 30)  # and one of the run's own
    said = here.command("run", *DAY, "--only", NEVER_WAS)
    assert said.code != 0
    assert "Stopped. 1 mail waits for the next `run` or the service, 1 mail at 30 a minute" in said.words


def test_a_run_that_leaves_mails_says_so_in_its_json_too(here: House) -> None:
    strike(here, {"do": "429", "path": "/send", "retry_after": 900, "times": None})
    said = here.command("run", *DAY, "--only", NEVER_WAS, "--json")  # whose list it is
    assert said.code == 0, said.words
    told = as_json(said)
    assert told["mails_waiting"] == 1
    assert told["mails_left"].startswith("1 mail waits: a `run` from ")
    assert said.words.count(told["mails_left"]) == 2, "on stderr as well"


# problems


def test_many_problems_are_counted_by_run_and_plan_and_each_is_said_by_check_and_due(here: House) -> None:
    """CONTRACT: `check` lists every problem; `due`: problems on stderr."""
    file = here.folder / "caseload" / "visits.csv"
    before = file.read_text(encoding="utf-8")
    head, *rows = before.splitlines()
    place = head.lstrip("\ufeff").split(",").index("seen")
    broken = [row.split(",") for row in rows]
    for cells in broken[:30]:
        cells[place] = "perhaps"
    text = "\n".join([head, *(",".join(cells) for cells in broken)]) + "\n"
    try:
        file.write_text(text, encoding="utf-8")
        for command in ("plan", "run"):
            said = here.command(command, *DAY).words
            assert said.count("“perhaps”") == 3, command
            assert "visits.csv:seen: 27 more like these (value ignored), 30 in all" in said
            assert "visits.csv: 30 values ignored" in said
            assert f"`check --config {here.config}` says every one of them." in said
        for command in ("check", "due"):
            assert here.command(command, *DAY).words.count("“perhaps”") == 30, command
        found = as_json(here.command("plan", *DAY, "--json"))["problems"]
        assert sum("“perhaps”" in one["what"] for one in found) == 30
    finally:
        file.write_text(before, encoding="utf-8")


# the folder of sheets


@contextmanager
def sheets_settings(here: House) -> Iterator[Path]:
    """The same council with a folder of sheets, which is not there yet."""
    before = here.config.read_text(encoding="utf-8")
    link = "https://northdale.example/s/{worker}/{file}"
    here.config.write_text(f'{before}\n[sheets]\nfolder = "sheets"\nlink = "{link}"\n', encoding="utf-8")
    try:
        yield here.folder / "sheets"
    finally:
        here.config.write_text(before, encoding="utf-8")
        shutil.rmtree(here.folder / "sheets", ignore_errors=True)


def test_check_says_what_is_wrong_with_the_folder_of_sheets_and_how_to_mend_it(
    here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said() -> str:
        words = here.command("check", *DAY).words
        assert "sheets.folder" not in words or f"{here.config}:sheets.folder: " in words
        return words

    with sheets_settings(here) as root:
        assert f"{root} is not there: no preparation sheet is put anywhere" in said()
        root.touch()
        assert f"{root} is no folder" in said()
        root.unlink()
        root.mkdir(mode=0o700)
        assert "has no worker's folder in it" in said()
        (root / "W01").mkdir(mode=0o700)
        assert "sheets.folder" not in said()
        if os.name != "nt":
            (root / "W01").chmod(0o705)
            assert (
                f"{root / 'W01'} may be opened by everybody on this machine: nothing is put there" in said()
            )
            assert f"chmod o= {root / 'W01'}" in said()
            (root / "W01").chmod(0o700)
            root.chmod(0o755)
            assert f"{root} may be opened by everybody on this machine" in said()
            root.chmod(0o700)
        monkeypatch.setattr(os, "access", lambda path, _: path != root / "W01")
        assert f"{root / 'W01'} may not be written by " in said()
        monkeypatch.setattr(os, "access", lambda path, _: path != root)
        assert f"{root} may not be opened by " in said()


def test_a_link_to_sheets_without_worker_or_file_is_said_with_its_line(here: House) -> None:
    with sheets_settings(here):
        text = here.config.read_text(encoding="utf-8").replace("{worker}/", "")
        here.config.write_text(text, encoding="utf-8")
        line = text.splitlines().index('link = "https://northdale.example/s/{file}"') + 1
        words = here.command("check", *DAY).words
    assert f"{here.config}:{line}:sheets.link: " in words
    assert "is a link that is not https://… with {worker} and {file} in it, each once" in words
