"""Notices on their whole way: from the files over real HTTP and TLS into the right inboxes, exactly once."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.cli.app import main
from bot.sandbox.faults.fault import Fault

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
PACKS = ("short-guide", "cp-statutory-visits", "ddscp-home-visits")
EMPTY = ("absences", "away", "requests", "risks", "approvals", "supervisions")
WHOSE = "your team's visits|your visits|visits of children you review|visits"
SUBJECT = re.compile(
    rf"\d+ notices? about ({WHOSE})(, \d+ for today)?"
    r"|Welcome: visiting standards, frequencies and how reminders work(, and \d+ notices?)?"
)
Row = dict[str, str]


class Team:
    """Four children of two workers of one manager; what a test writes stands in the files of the council."""

    def __init__(self, here: Any) -> None:
        self.here = here
        people = here.table("workers")
        casework = [row for row in people if row["role"] == "social_worker"]
        self.boss = casework[0]["manager_id"]
        mine = [row for row in casework if row["manager_id"] == self.boss]
        self.worker, self.buddy = mine[0]["worker_id"], mine[1]["worker_id"]
        self.iro = next(row["worker_id"] for row in people if row["role"] == "iro")
        self.address = {row["worker_id"]: row["email"] for row in people}
        for row in people:
            row |= {"works": "", "buddy_id": "", "started": "2020-01-01"}
        self.set("workers", people)
        self.blank = {
            name: dict.fromkeys(here.table(name)[0], "") for name in ("children", "episodes", "visits")
        }
        self.blank |= {name: self.columns(name) for name in EMPTY}
        self.rows: dict[str, list[Row]] = {name: [] for name in self.blank}

    def columns(self, name: str) -> Row:
        header = (self.here.folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        return dict.fromkeys(header.split(","), "")

    def set(self, name: str, rows: list[Row]) -> None:
        self.here.write(name, rows)

    def add(self, table: str, **cells: object) -> Row:
        row = self.blank[table] | {name: str(value) for name, value in cells.items()}
        self.rows[table].append(row)
        return row

    def child(self, number: int, worker: str, last: date, **more: object) -> str:
        child = f"7000{number}"
        self.add(
            "children",
            child_id=child,
            initials="J.S.",
            date_of_birth="2015-03-01",
            household_id=f"H{number}",
            living_at_home="yes",
            iro_email=self.address[self.iro],
            **more,
        )
        start = last - 20 * DAY
        self.add("episodes", child_id=child, kind="child_protection", start=start, worker_id=worker)
        self.visit(child, worker, last)
        return child

    def visit(self, child: str, worker: str, when: date, status: str = "completed") -> None:
        done = {"seen": "yes", "seen_alone": "yes", "awake": "yes", "at_home": "yes", "announced": "no"}
        done |= {"finalised_at": str(when)}
        number = len(self.rows["visits"])
        cells = done if status == "completed" else {"reason": "nobody there"}
        self.add(
            "visits", visit_id=f"V{number}", child_id=child, at=when, status=status, worker_id=worker, **cells
        )

    def run(self, today: date) -> Any:
        self.write()
        return self.here.run(today)

    def write(self) -> None:
        for name, rows in self.rows.items():
            if rows:
                self.here.write(name, rows)
            else:
                (self.here.folder / f"{name}.csv").write_text(",".join(self.blank[name]) + "\n")

    def inboxes(self) -> Counter[tuple[str, str, str]]:
        """(person, clause, child) of everything that notices in inboxes speak of."""
        found: Counter[tuple[str, str, str]] = Counter()
        for person, address in self.address.items():
            for mail in self.here.mails(address):
                if "notice" not in str(mail["subject"]) and "Welcome" not in str(mail["subject"]):
                    continue
                assert SUBJECT.fullmatch(mail["subject"])
                assert [to["emailAddress"]["address"] for to in mail["toRecipients"]] == [address]
                text = re.sub(r"<[^>]*>", " ", mail["body"]["content"].split("</style>")[-1])
                at = 0
                for closing in re.finditer(r"([A-Z]\.\d+[a-z]?)\s+What closes it", text):
                    for child in re.findall(r"\b7000\d\b", text[at : closing.start()]):
                        found[person, closing[1], child] += 1
                    at = closing.end()
        return found


@pytest.fixture
def team(council: Callable[..., Any]) -> Team:
    return Team(council(MONDAY, children=30, packs=PACKS, diary='identify = "number"'))


def test_each_kind_comes_to_its_readers_once_and_not_again_the_same_day_or_the_next(team: Team) -> None:
    fresh, late = MONDAY - 2 * DAY, MONDAY - 13 * DAY
    missed = team.child(1, team.buddy, fresh)  # A.8a: two in a row
    closed = team.child(2, team.buddy, fresh, restricted="yes")  # the same, and the record is restricted
    sick = team.child(3, team.worker, late)  # C.8b: overdue, and the worker is off
    leave = team.child(4, team.buddy, MONDAY - 8 * DAY)  # C.8a: falls due in leave
    for child in (missed, closed):
        for _ in range(2):
            team.visit(child, team.buddy, MONDAY - DAY, "cancelled")
    team.add("absences", worker_id=team.worker, start=MONDAY, kind="unplanned")
    week = {"start": MONDAY + DAY, "end": MONDAY + 4 * DAY, "kind": "planned"}
    team.add("absences", worker_id=team.buddy, buddy_id=team.worker, **week)
    team.add("risks", household_id="H1", risk="dog", to="workers", recorded_on=MONDAY)
    team.run(MONDAY)
    first = team.inboxes()
    wanted = {
        (team.boss, "A.8a", missed),
        (team.iro, "A.8a", missed),
        (team.boss, "A.8a", closed),
        (team.boss, "C.8b", sick),
        (team.boss, "C.8a", leave),
        (team.worker, "C.8a", leave),
        (team.buddy, "E.5", missed),
        (team.boss, "E.5", missed),
    }
    assert wanted <= first.keys()
    assert max(first.values()) == 1, "nobody is told a thing twice"
    readers = {person for person, _, child in first if child == closed}
    assert readers == {team.boss}, "a restricted child's notices go to its worker and manager alone"
    team.run(MONDAY)
    assert team.inboxes() == first, "a second run on the same day tells nothing"
    team.run(MONDAY + DAY)
    again = team.inboxes() - first
    assert (team.boss, "C.8b", sick) in again, "each day of the absence"
    assert {clause for _, clause, _ in again} <= {"C.8b", "C.8e", "A.8b"}


def test_a_notice_stops_when_it_is_mended_and_comes_again_when_it_happens_again(team: Team) -> None:
    child = team.child(1, team.worker, MONDAY - 2 * DAY)
    for _ in range(2):
        team.visit(child, team.worker, MONDAY - DAY, "cancelled")
    team.run(MONDAY)
    assert team.inboxes()[team.boss, "A.8a", child] == 1
    team.visit(child, team.worker, MONDAY)
    team.run(MONDAY + DAY)
    for _ in range(2):
        team.visit(child, team.worker, MONDAY + DAY, "failed")
    team.run(MONDAY + 2 * DAY)
    assert team.inboxes()[team.boss, "A.8a", child] == 2


def test_c8g_a_new_worker_is_welcomed_once_and_the_others_never(team: Team) -> None:
    team.child(1, team.worker, MONDAY - 2 * DAY)
    team.run(MONDAY)
    people = team.here.table("workers")
    old = next(row for row in people if row["worker_id"] == team.buddy)
    people.remove(old)
    team.set("workers", [*people, old | {"worker_id": "W99", "agency": "yes", "started": ""}])
    for day in (1, 2):
        team.run(MONDAY + day * DAY)
    welcomes = {
        address: [mail for mail in team.here.mails(address) if str(mail["subject"]).startswith("Welcome")]
        for address in team.address.values()
    }
    assert {address: len(mails) for address, mails in welcomes.items() if mails} == {old["email"]: 1}
    body = str(welcomes[old["email"]][0]["body"]["content"])
    assert "A.3" in body
    assert "C.7a" in body


def test_c8b_an_out_of_office_reply_tells_the_manager_where_the_setting_allows(
    council: Callable[..., Any],
) -> None:
    setting = 'identify = "number"\n[notices]\nout_of_office = true'
    team = Team(council(MONDAY, children=30, packs=PACKS, diary=setting))
    child = team.child(1, team.worker, MONDAY - 13 * DAY)
    tenant = team.here.running.tenant
    own = tenant.mailbox(tenant.user(team.address[team.worker])["id"])
    team.run(MONDAY)
    assert not team.inboxes()[team.boss, "C.8b", child]
    own.settings["automaticRepliesSetting"] = {"status": "alwaysEnabled"}
    report = team.run(MONDAY)
    assert team.inboxes()[team.boss, "C.8b", child] == 1
    assert not [one for one in report.problems if "out of office" in one.what]
    box = team.address[team.worker]
    refused = {"do": "403", "path": "mailboxSettings", "mailbox": box, "times": None}
    team.here.running.graph.faults.order([Fault.read(refused)])
    report = team.run(MONDAY)
    assert [one.where for one in report.problems if "out of office" in one.what] == [
        f"Outlook of {team.worker}"
    ]
    team.here.running.graph.faults.clear()
    team.run(MONDAY)
    assert team.inboxes()[team.boss, "C.8b", child] == 1, "an Outlook that did not answer ended nothing"


def bot(here: Any, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """The command line, in this process."""
    monkeypatch.setattr(sys, "argv", ["run_bot.py", *map(str, arguments), "--config", str(here.config)])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_a_saved_plan_holds_its_notices_and_carries_out_just_these(
    team: Team, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    child = team.child(1, team.worker, MONDAY - 2 * DAY)
    team.run(MONDAY - 3 * DAY)
    for _ in range(2):
        team.visit(child, team.worker, MONDAY - DAY, "cancelled")
    team.write()
    file = team.here.folder.parent / "plan.json"
    capsys.readouterr()
    bot(team.here, monkeypatch, "plan", "--today", MONDAY, "--save", file, "--json")
    jobs = Counter(mail["job"] for mail in json.loads(capsys.readouterr().out)["mails"])
    assert jobs["notices"] == 2, "the manager's and the IRO's"
    assert not team.inboxes()[team.boss, "A.8a", child]
    assert bot(team.here, monkeypatch, "run", "--today", MONDAY, "--plan", file) == 0
    assert team.inboxes()[team.boss, "A.8a", child] == 1
    assert team.inboxes()[team.iro, "A.8a", child] == 1
