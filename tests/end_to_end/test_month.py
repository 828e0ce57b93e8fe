"""A month of days: every visit that was due had its reminder on the right day, none was ever doubled, every
achieved one lost its colour, by the count of an independent plain-Python reckoning of the policies.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from reckoning import reckon
from reckoning.worktime import is_working_day

START = date(2026, 12, 7)  # over Christmas and New Year's bank holidays
DAYS = 31
PACKS = ("visiting-policy", "cp-statutory-visits", "measures-of-practice")
WORDS = {"visit": "Visit", "contact": "Contact", "return_interview": "Talk", "decision": "Decision"}
SHARES = {
    "on time": 0.45,
    "late": 0.12,
    "failed": 0.12,
    "back-dated": 0.1,
    "unfinalised": 0.13,
    "reallocated": 0.08,
}


@dataclass
class Team:
    """The workers of the month: what they will do about each visit that comes up."""

    council: object
    dice: random.Random
    decided: dict[tuple[str, str, str | None, str], str] = field(default_factory=dict)
    later: list[tuple[date, dict[str, str]]] = field(default_factory=list)  # rows to be recorded on a day
    counts: Counter[str] = field(default_factory=Counter)
    number: int = 0

    def works(self, today: date, owed: list[dict[str, object]]) -> None:
        """Do a day's work: record what is recorded today, and visit whom we mean to visit today."""
        visits = self.council.table("visits")
        blank = dict.fromkeys(visits[0], "")
        by_id = {row["visit_id"]: row for row in visits}
        for day, row in self.later:
            if day == today:
                by_id[row["visit_id"]] = {**blank, **row}
        self.later = [(day, row) for day, row in self.later if day > today]
        for one in owed:
            if one["kind"] == "visit":
                for row in self._visit(today, one):
                    by_id[row["visit_id"]] = {**blank, **row}
        self.council.write("visits", list(by_id.values()))

    def _visit(self, today: date, one: dict[str, object]) -> list[dict[str, str]]:
        due = date.fromisoformat(one["due"])
        cycle = (one["child_id"], one["worker_id"], one["setting"], one["due"])
        if cycle not in self.decided and date.fromisoformat(one["remind_on"]) <= today:
            choice = self.dice.choices(list(SHARES), list(SHARES.values()))[0]
            self.decided[cycle] = choice
        choice = self.decided.get(cycle)
        go = {"late": due + timedelta(days=2)}.get(choice or "", due)
        if choice is None or today < min(go, due + timedelta(days=2)) or self.decided.get((*cycle, "done")):
            return []
        self.decided[(*cycle, "done")] = "done"
        if choice == "reallocated" and self._reallocate(str(one["child_id"]), str(one["worker_id"]), today):
            self.decided[(*cycle, "done")] = ""
            self.decided[cycle] = "on time"
            self.counts["reallocated"] += 1
            return []
        choice = "on time" if choice == "reallocated" else choice  # nobody else was there to take the child
        self.counts[choice] += 1
        row = self._row(today, one)
        if choice == "failed":
            return [row | {"status": "failed", "seen": "no", "reason": "nobody in", "finalised_at": ""}]
        if choice == "back-dated":
            self.later.append((today + timedelta(days=3), row))
            return []
        if choice == "unfinalised":
            self.later.append((today + timedelta(days=4), row))
            return [row | {"finalised_at": ""}]
        return [row]

    def _row(self, today: date, one: dict[str, object]) -> dict[str, str]:
        self.number += 1
        yes = ("seen", "seen_alone", "awake", "observed", "at_home", "bedroom_seen", "announced")
        return dict.fromkeys(yes, "yes") | {
            "visit_id": f"M{self.number}",
            "child_id": str(one["child_id"]),
            "at": f"{today}T10:30",
            "status": "completed",
            "kind": "visit",
            "channel": "in_person",
            "finalised_at": f"{today}T16:00",
            "worker_id": str(one["worker_id"]),
            "setting": str(one["setting"] or ""),
        }

    def _reallocate(self, child: str, worker: str, today: date) -> bool:
        """The child goes to another worker of the same team."""
        workers = {row["worker_id"]: row for row in self.council.table("workers")}
        team = workers.get(worker, {}).get("manager_id")
        others = sorted(
            row["worker_id"]
            for row in workers.values()
            if row["manager_id"] == team and row["role"] == "social_worker" and row["worker_id"] != worker
        )
        episodes = self.council.table("episodes")
        mine = [row for row in episodes if row["child_id"] == child and row["worker_id"] == worker]
        if not others or not mine or not team:
            return False
        for row in mine:
            row["worker_id"], row["worker_since"] = self.dice.choice(others), today.isoformat()
        self.council.write("episodes", episodes)
        return True


def stands_on(one: dict[str, object], today: date) -> date:
    """The day to act on once late, else the day to be reminded; cover that is far off waits for its time."""
    act_by = date.fromisoformat(str(one["act_by"]))
    if one["needs_cover"] and one["status"] != "overdue" and (act_by - today).days > 14:
        return next(day for n in range(1, 30) if is_working_day(day := act_by - timedelta(days=n)))
    return act_by if one["status"] == "overdue" else date.fromisoformat(str(one["remind_on"]))


def expected(
    council: object, owed: list[dict[str, object]], today: date
) -> Counter[tuple[str, str, str, date]]:
    """Where each reminder must stand today, by the reckoning alone: (mailbox, kind, child, day)."""
    workers = {row["worker_id"]: row["email"].lower() for row in council.table("workers")}
    restricted = {row["child_id"] for row in council.table("children") if row["restricted"] == "yes"}
    wanted: Counter[tuple[str, str, str, date]] = Counter()
    for one in owed:
        if one["kind"] not in WORDS or one["worker_id"] not in workers:
            continue
        day = stands_on(one, today)
        homes = {workers[str(one["worker_id"])]}
        if one["needs_cover"] and one["cover_id"] in workers and one["child_id"] not in restricted:
            homes.add(workers[str(one["cover_id"])])
        for mailbox in homes:
            wanted[mailbox, WORDS[str(one["kind"])], str(one["child_id"]), day] += 1
    return wanted


def test_a_month_of_visits_recorded_on_time_late_failed_back_dated_unfinalised_and_reallocated(
    council: Callable[..., object],
) -> None:
    bot = council(START, children=48, packs=PACKS, diary='identify = "number"')
    team = Team(bot, random.Random(20261207))
    seen_entries: Counter[str] = Counter()
    reminders = 0
    for offset in range(DAYS):
        today = START + timedelta(days=offset)
        owed = reckon.due(bot.folder, list(PACKS), today)
        team.works(today, owed)
        owed = reckon.due(bot.folder, list(PACKS), today)
        report = bot.run(today)
        assert report.errors == (), report.errors
        shown = bot.shown()

        ours = (entry for entry in shown if entry.key and entry.key != "released")
        keys = Counter((entry.mailbox, entry.key) for entry in ours)
        assert [key for key, count in keys.items() if count > 1] == [], f"doubled on {today}"

        coloured = [entry for entry in shown if entry.categories and not entry.all_day]
        standing = Counter(
            (entry.mailbox, entry.what.split()[0], entry.child, entry.day)
            for entry in coloured
            if not entry.what.startswith("Type up")
        )
        wanted = expected(bot, owed, today)
        assert standing == wanted, (
            f"on {today}: missing {sorted((wanted - standing).items())[:5]}, "
            f"too many {sorted((standing - wanted).items())[:5]}"
        )
        reminders += sum(wanted.values())

        for entry in shown:
            if entry.what.startswith(("Seen", "Contact done", "Talk done", "Decided", "Recorded")):
                assert entry.categories == (), f"achieved and still coloured on {today}: {entry.subject}"
                assert not entry.alarm
                seen_entries["achieved"] += 1
            else:
                assert entry.categories, f"owed and without colour on {today}: {entry.subject}"
            assert entry.private
            assert entry.show_as == "free"
        if offset in (0, 10, 20):
            assert bot.writes_of(lambda day=today: bot.run(day)) == 0, "a second run wrote"
    print(dict(team.counts), {"reminders": reminders, **seen_entries})
    assert set(team.counts) == set(SHARES), f"a share is empty: {team.counts}"
    assert min(team.counts.values()) > 0
    assert seen_entries["achieved"] > 50
    assert reminders > 1000
    assert datetime.fromisoformat(START.isoformat()).weekday() == 0


def test_due_json_on_the_example_equals_the_reckoning_for_every_child(tmp_path: Path) -> None:
    from bot.caseload import example
    from bot.cli.judging import due_objects
    from bot.run.snapshot import load_packs, take
    from bot.settings import HOME

    folder = tmp_path / "caseload"
    everything = ("short-guide", *PACKS)
    for today in (date(2026, 11, 23), date(2026, 12, 27), date(2028, 2, 29)):
        example.write(folder, seed=7, children=120, today=today)
        for packs in (*((pack,) for pack in everything), everything):
            snapshot = take(folder, load_packs(packs, HOME / "rules"), today)
            ours = due_objects(snapshot.judgement.due)
            theirs = reckon.due(folder, list(packs), today)
            for mine, other in zip(ours, theirs, strict=False):
                assert mine == other, f"{packs} on {today}"
            assert len(ours) == len(theirs)
