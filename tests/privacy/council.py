"""Invented councils whose every cell that could tell on a child is a word that can be looked for."""

from __future__ import annotations

import contextlib
import csv
import io
import logging
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest
from differential.invented import invent
from differential.words import FIELDS
from keepkit.bench import FREE, empty, settings_file
from keepkit.children import DOMAIN, SENDER

from bot.outlook.connection import connect
from bot.run.order import run_once
from bot.run.report import RunReport
from bot.run.snapshot import Snapshot, take
from bot.run.world import open_world
from bot.sandbox.server import Running
from bot.sandbox.tenant import Person
from bot.sandbox.tenant.record import Call
from bot.service.logs import configure
from bot.settings_file import load
from privacy import scene
from privacy.scan import spellings
from privacy.scene import IRO, MONDAY, NOBODY_THERE, OUTSIDERS, PARENT

LETTERS = ("a", "b", "z")  # two that are invented, and the scene's
ABOVE = {"S1": ("service_manager", "D1"), "D1": ("assistant_director", "")}
WHO = tuple(f"{letter}{who}" for letter in LETTERS for who in ("W1", "W2", "W3", "W4", "M1")) + tuple(ABOVE)
STAFF = frozenset(f"{who.lower()}@{DOMAIN}" for who in WHO) | {IRO}
PEOPLE = (
    *(Person(address, address.title()) for address in sorted(STAFF) if not address.startswith(NOBODY_THERE)),
    *(Person(address, address.title()) for address in OUTSIDERS),
    Person(SENDER, "Visit bot"),
)
FREE_TEXT = ("reason", "risk", "contact_details", "setting", "excluded_reason", "next_plan")
SECRET = "Quillfeather"  # stands in every cell of free text
DAYS = 2
Rows = dict[str, list[dict[str, str]]]


@dataclass
class Told:
    """What came of two days of runs."""

    rows: Rows
    mails: list[dict[str, Any]] = field(default_factory=list)  # from the sender's Sent Items
    boxes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # every message, with whose it is
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # with whose diary
    calls: list[Call] = field(default_factory=list)
    reports: list[RunReport] = field(default_factory=list)
    snapshot: Snapshot | None = None  # of the last day
    log: str = ""

    @property
    def names(self) -> set[str]:
        """Ids, initials and free text of children: none may stand where anybody may look."""
        return {row["child_id"] for row in self.rows["children"]} | self.initials | {SECRET}

    @property
    def initials(self) -> set[str]:
        return {row["initials"] for row in self.rows["children"]}

    @property
    def staff(self) -> set[str]:
        """Names, addresses."""
        return {row["name"] for row in self.rows["workers"]} | {row["email"] for row in self.rows["workers"]}

    @property
    def births(self) -> set[str]:
        """Each date of birth as people and machines write it."""
        days = [
            date.fromisoformat(row["date_of_birth"]) for row in self.rows["children"] if row["date_of_birth"]
        ]
        return {spelt for day in days for spelt in spellings(day)}

    @property
    def said(self) -> list[str]:
        """Everything that a run says to whoever ran it, but what it says of the rules by their titles."""
        return [
            str(one)
            for report in self.reports
            for said in (
                report.problems,
                report.errors,
                report.set_aside,
                report.of_mails,
                report.of_sheets,
                *(kept.notes for kept in report.kept),
            )
            for one in said
        ]

    @property
    def may_read(self) -> dict[str, set[str]]:
        """Of each restricted child who may: its workers, whoever has visited it, and their managers."""
        people = {row["worker_id"]: row for row in self.rows["workers"]}
        found: dict[str, set[str]] = {
            row["child_id"]: set() for row in self.rows["children"] if row["restricted"] == "yes"
        }
        for row in (*self.rows["episodes"], *self.rows["visits"]):
            worker = people.get(row["worker_id"])
            if row["child_id"] in found and worker:
                manager = people.get(worker["manager_id"])
                found[row["child_id"]] |= {one["email"] for one in (worker, manager) if one}
        return found


def run(running: Running, seeds: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> Told:
    """Two days of the real bot against the stand-in, the second with what happened meanwhile."""
    empty(running)
    monkeypatch.setattr("bot.run.world.connect", partial(connect, sleep=running.tenant.clock.let_pass))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        config = settings_file(
            folder, running, f"{FREE}max_age_hours = 87600\n[schedule]\nmorning_mail = true\n"
        )
        words = config.read_text(encoding="utf-8")
        packs = '["visiting-policy", "cp-statutory-visits", "measures-of-practice", "short-guide"]'
        config.write_text(words.replace('["visiting-policy"]', packs), encoding="utf-8")
        told = Told(_marked(folder / "caseload", seeds))
        with _heard() as heard:
            for today in (MONDAY + timedelta(number) for number in range(DAYS)):
                _write(folder / "caseload", told.rows, known_by=today)
                running.tenant.clock.set_today(today)
                world = open_world(load(config))
                try:
                    told.reports.append(run_once(world, datetime.combine(today, time(21, 59))))
                finally:
                    world.close()
        told.log = heard.getvalue()
        told.snapshot = take(folder / "caseload", world.packs, today)
    tenant = running.tenant
    told.calls = tenant.record.calls()
    told.mails = tenant.messages(tenant.user(SENDER)["id"], "sentitems")
    with tenant.lock:
        for person in tenant.people_by_id.values():
            mailbox = tenant.mailbox(person.id)
            told.events += [(person.email, item.props) for item in mailbox.items("event").values()]
            told.boxes += [(person.email, item.props) for item in mailbox.items("message").values()]
    return told


@contextlib.contextmanager
def _heard() -> Iterator[io.StringIO]:
    """Everything that is logged, by the bot and by every library, as a service would log it."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    configure()
    logging.getLogger().addHandler(handler)
    try:
        with contextlib.redirect_stderr(heard), contextlib.redirect_stdout(heard):
            yield heard
    finally:
        logging.getLogger().removeHandler(handler)


def _marked(folder: Path, seeds: tuple[int, int]) -> Rows:
    """An invented caseload, its ids those of people who are there, its free text a word to look for."""
    chosen = (seeds[0], seeds[1] + (seeds[0] == seeds[1]))
    invent(folder, chosen, MONDAY)
    rows: Rows = {}
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as opened:
            rows[file.stem] = [_renamed(row, chosen) for row in csv.DictReader(opened)]
    for number, child in enumerate(rows["children"]):
        child |= {"iro_email": IRO if number % 2 else ""}
    for worker in rows["workers"]:
        worker |= {"email": f"{worker['worker_id'].lower()}@{DOMAIN}"}
    for name, of in scene.rows().items():
        rows[name] += [dict.fromkeys(FIELDS[name].split(), "") | row for row in of]
    coming = scene.arranged(rows["children"], random.Random(chosen[0]))
    rows["visits"] += [dict.fromkeys(FIELDS["visits"].split(), "") | row for row in coming]
    for who, (role, manager) in ABOVE.items():
        row = dict.fromkeys(FIELDS["workers"].split(), "")
        more = {"worker_id": who, "role": role, "manager_id": manager, "email": f"{who.lower()}@{DOMAIN}"}
        rows["workers"].append(row | more)
    for number, child in enumerate(rows["children"]):
        child |= {"initials": f"Q.{ascii_uppercase[number]}."}
    for worker in rows["workers"]:
        worker |= {"name": f"Wilhelmina {worker['worker_id']} Yarrow"}
        if worker["worker_id"].endswith("M1"):
            worker |= {"manager_id": "S1"}
    return {name: [_with_secret(row) for row in of] for name, of in rows.items()}


def _renamed(row: dict[str, str], seeds: tuple[int, int]) -> dict[str, str]:
    told = dict(row)
    for seed, letter in zip(seeds, LETTERS, strict=False):
        told = {
            name: f"{letter}{value[len(f's{seed}') :]}"
            if value.startswith(f"s{seed}") and value[len(f"s{seed}") :][:1].isalpha()
            else value
            for name, value in told.items()
        }
    return told


def _with_secret(row: dict[str, str]) -> dict[str, str]:
    """A word to look for, and somebody's address who is none of the staff."""
    return {
        name: f"{value} {SECRET} {PARENT}" if value and name in FREE_TEXT else value
        for name, value in row.items()
    }


WHEN = {"risks": "recorded_on", "absences": "start", "requests": "asked_on", "approvals": "asked_on"}


def _write(folder: Path, rows: Rows, *, known_by: date) -> None:
    """The files; of what happens later nothing is known before the second day, but of the scene's leave."""
    for name, of in rows.items():
        column = WHEN.get(name)
        known = [row for row in of if column is None or row[column] < known_by.isoformat() or _planned(row)]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, FIELDS[name].split())
            writer.writeheader()
            writer.writerows(known)


def _planned(row: dict[str, str]) -> bool:
    return row.get("kind") == "planned" and row["worker_id"].startswith("z")
