"""Invented councils whose every cell that could tell on a child is a word that can be looked for."""

from __future__ import annotations

import contextlib
import csv
import io
import logging
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from differential.invented import invent
from differential.words import FIELDS
from keepkit.bench import FREE, empty, settings_file
from keepkit.children import DOMAIN, SENDER

from bot.outlook.connection import connect
from bot.run.order import run_once
from bot.run.world import open_world
from bot.sandbox.server import Running
from bot.sandbox.tenant import Person
from bot.service.logs import configure
from bot.settings_file import load

MONDAY = date(2026, 11, 23)
LETTERS = ("a", "b")
ABOVE = {"S1": ("service_manager", "D1"), "D1": ("assistant_director", "")}
STAFF = tuple(f"{letter}{who}" for letter in LETTERS for who in ("W1", "W2", "W3", "W4", "M1")) + tuple(ABOVE)
IRO = f"iro@{DOMAIN}"
PEOPLE = (
    *(Person(f"{who.lower()}@{DOMAIN}", f"Person {who}") for who in STAFF),
    Person(IRO, "IRO"),
    Person(SENDER, "Visit bot"),
)
FREE_TEXT = ("reason", "risk", "contact_details", "setting", "excluded_reason", "next_plan")
SECRET = "Quillfeather"  # stands in every cell of free text
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass
class Told:
    """What came of two days of runs."""

    rows: dict[str, list[dict[str, str]]]
    mails: list[dict[str, Any]] = field(default_factory=list)  # from the sender's Sent Items
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # with whose diary
    log: str = ""

    @property
    def names(self) -> set[str]:
        """Ids, initials and free text of children: none may stand where anybody may look."""
        children = self.rows["children"]
        return {row["child_id"] for row in children} | {row["initials"] for row in children} | {SECRET}

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


def spellings(day: date) -> tuple[str, ...]:
    """A day as it could be written out."""
    month = MONTHS[day.month - 1]
    return (
        day.isoformat(),
        f"{day.day} {month} {day.year}",
        f"{day:%d/%m/%Y}",
        f"{day.day} {day:%B} {day.year}",
    )


PLANS = re.compile(
    r"child.protection|in.need|our.care|section.47|early.help|referral|foster|adopti|missing|care.(?:leaver|order)"
    r"|short.break|detained|temporary.carer|living.arrangement",
    re.IGNORECASE,
)


def run(running: Running, seeds: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> Told:
    """Two days of the real bot against the stand-in, the second with what happened meanwhile."""
    empty(running)
    monkeypatch.setattr("bot.run.world.connect", partial(connect, sleep=running.tenant.clock.let_pass))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        config = settings_file(folder, running, f"{FREE}max_age_hours = 87600\n")
        words = config.read_text(encoding="utf-8")
        packs = '["visiting-policy", "cp-statutory-visits", "measures-of-practice", "short-guide"]'
        config.write_text(words.replace('["visiting-policy"]', packs), encoding="utf-8")
        told = Told(_marked(folder / "caseload", seeds))
        with _heard() as heard:
            for number in range(2):
                today = MONDAY + timedelta(days=number)
                _write(folder / "caseload", told.rows, known_by=today)
                running.tenant.clock.set_today(today)
                world = open_world(load(config))
                try:
                    run_once(world, datetime.combine(today, time(21, 59)))
                finally:
                    world.close()
        told.log = heard.getvalue()
    tenant = running.tenant
    told.mails = tenant.messages(tenant.user(SENDER)["id"], "sentitems")
    with tenant.lock:
        told.events = [
            (person.email, item.props)
            for person in tenant.people_by_id.values()
            for item in tenant.mailbox(person.id).items("event").values()
        ]
    return told


@contextlib.contextmanager
def _heard() -> Iterator[io.StringIO]:
    """Everything that is logged, by the bot and by every library, as a service would log it."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    configure()
    logging.getLogger().addHandler(handler)
    try:
        with contextlib.redirect_stderr(heard):
            yield heard
    finally:
        logging.getLogger().removeHandler(handler)


def _marked(folder: Path, seeds: tuple[int, int]) -> dict[str, list[dict[str, str]]]:
    """An invented caseload, its ids those of people who are there, its free text a word to look for."""
    chosen = (seeds[0], seeds[1] + (seeds[0] == seeds[1]))
    invent(folder, chosen, MONDAY)
    rows: dict[str, list[dict[str, str]]] = {}
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as opened:
            rows[file.stem] = [_row(row, chosen) for row in csv.DictReader(opened)]
    for number, child in enumerate(rows["children"]):
        child |= {"initials": f"Zq{number}", "iro_email": IRO if number % 2 else ""}
    for worker in rows["workers"]:
        worker |= {
            "name": f"Wilhelmina {worker['worker_id']} Yarrow",
            "email": f"{worker['worker_id'].lower()}@{DOMAIN}",
            "manager_id": "S1" if worker["worker_id"].endswith("M1") else worker["manager_id"],
        }
    for who, (role, manager) in ABOVE.items():
        row = dict.fromkeys(rows["workers"][0], "")
        more = {"worker_id": who, "role": role, "manager_id": manager, "email": f"{who.lower()}@{DOMAIN}"}
        rows["workers"].append(row | more | {"name": f"Wilhelmina {who} Yarrow"})
    return rows


def _row(row: dict[str, str], seeds: tuple[int, int]) -> dict[str, str]:
    told = {
        name: f"{value} {SECRET}" if value and name in FREE_TEXT else value for name, value in row.items()
    }
    for seed, letter in zip(seeds, LETTERS, strict=True):
        told = {
            name: f"{letter}{value[len(f's{seed}') :]}"
            if value.startswith(f"s{seed}") and value[len(f"s{seed}") :][:1].isalpha()
            else value
            for name, value in told.items()
        }
    return told


WHEN = {"risks": "recorded_on", "absences": "start", "requests": "asked_on", "approvals": "asked_on"}


def _write(folder: Path, rows: dict[str, list[dict[str, str]]], *, known_by: date) -> None:
    """The files; of what happens later nothing is known before the second day."""
    for name, of in rows.items():
        column = WHEN.get(name)
        known = [row for row in of if column is None or row[column] < known_by.isoformat()] if of else []
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, FIELDS[name].split())
            writer.writeheader()
            writer.writerows(known)


class Seen(HTMLParser):
    """What shows of a mail: all that a reader sees, and apart from it the line that is hidden for phones."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden: list[str] = []
        self._mute = 0
        self._depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._mute += tag in {"style", "title"}
        if self._depth:
            self._depth += tag == "div"
        elif "preheader" in (dict(attrs).get("class") or ""):
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        self._mute -= tag in {"style", "title"}
        self._depth -= bool(self._depth) and tag == "div"

    def handle_data(self, data: str) -> None:
        if not self._mute:
            (self.hidden if self._depth else self.words).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def first_lines(self) -> str:
        return " ".join(" ".join(self.hidden).split()) + "\n" + self.text[:60]
