"""What lies on a worker's desk, read from the demo's caseload the way the bot reads and judges it.

Reading and judging again for every look would be slow and doing it never would be wrong, so that a reading
is kept for as long as no file of the caseload changes and the day stays the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from bot.diary.entry import Role
from bot.diary.key import entry_key
from bot.diary.people import Child, People, Worker, known_in
from bot.diary.words import child as called
from bot.diary.words import counted, due_subject, late_subject
from bot.policy.judgement import DueVisit
from bot.policy.pack import Pack
from bot.run.snapshot import Snapshot, load_packs, take
from bot.sandbox.page import desk
from bot.settings import Settings
from bot.settings_file import load

NOT_ON_A_DESK = ("concern",)


@dataclass(frozen=True)
class Reading:
    """One reading of the caseload, with what a desk asks of it."""

    snapshot: Snapshot
    people: People
    settings: Settings

    @property
    def today(self) -> date:
        """The day it was judged on."""
        return self.snapshot.today

    def worker(self, mailbox: str) -> Worker | None:
        """Whose mailbox that is, where they visit children."""
        found = [one for one in self.people.workers.values() if one.email == mailbox.casefold()]
        return found[0] if found and found[0].worker_id in self.visiting else None

    @cached_property
    def visiting(self) -> frozenset[str]:
        """The workers who hold or cover children, and those of their trades who have none."""
        trades = ("social_worker", "early_help_practitioner", "personal_adviser")
        workers = self.snapshot.caseload.workers
        return frozenset(workers.filter(pl.col("role").is_in(trades))["worker_id"]) | set(self.held)

    @cached_property
    def held(self) -> Mapping[str, tuple[str, ...]]:
        """The children of each worker's open episodes."""
        episodes = self.snapshot.caseload.episodes
        now = episodes.filter(
            pl.col("start").cast(pl.Date) <= self.today,
            pl.col("end").is_null() | (pl.col("end") >= self.today),
            pl.col("worker_id").is_not_null(),
        )
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for worker, child in now.select("worker_id", "child_id").sort("child_id").iter_rows():
            found[worker][child] = None
        return {worker: tuple(children) for worker, children in found.items()}

    @cached_property
    def owed(self) -> Mapping[str, tuple[DueVisit, ...]]:
        """What each child is owed, earliest first."""
        found: dict[str, list[DueVisit]] = defaultdict(list)
        for one in sorted(self.snapshot.visits, key=lambda visit: (visit.due, visit.kind)):
            if one.kind not in NOT_ON_A_DESK:
                found[one.child_id].append(one)
        return {child: tuple(some) for child, some in found.items()}

    @cached_property
    def unfinalised(self) -> Mapping[str, tuple[date, ...]]:
        """The days of completed visits whose record waits."""
        waiting = self.snapshot.caseload.visits.filter(
            pl.col("status") == "completed", pl.col("finalised_at").is_null()
        ).sort("at")
        found: dict[str, list[date]] = defaultdict(list)
        for child, at in waiting.select("child_id", "at").iter_rows():
            found[child].append(at.date())
        return {child: tuple(days) for child, days in found.items()}

    def covered_by(self, worker_id: str) -> Mapping[str, str]:
        """The children whom a worker covers, with whose they are."""
        return {
            one.child_id: one.worker_id or ""
            for one in self.snapshot.visits
            if one.needs_cover and one.cover_id == worker_id and one.worker_id != worker_id
        }

    def called(self, child_id: str) -> str:
        """What the bot calls a child in a diary."""
        record = self.people.children.get(child_id, Child(None, None, restricted=False))
        return called(child_id, record.initials, "initials_and_number")

    def child(self, child_id: str, cover_for: str = "") -> desk.Child:
        """A child as the desk shows them."""
        owed = self.owed.get(child_id, ())
        seen = [one.last_seen for one in owed if one.last_seen]
        whose = self.people.workers.get(cover_for)
        return desk.Child(
            id=child_id,
            called=self.called(child_id),
            last_seen=max(seen, default=None),
            owed=tuple(self._owed(one) for one in owed),
            cover_for=whose.called if whose else "",
            to_finalise=self.unfinalised.get(child_id, ()),
        )

    def _owed(self, one: DueVisit) -> desk.Owed:
        says = late_subject if one.due < self.today else due_subject
        why = "; ".join(
            f"{clause.id}: {counted(clause)}" for clause in one.clauses if clause.id in one.governed_by
        )
        return desk.Owed(
            one.kind, says(one.kind, one.due, self.today, ""), one.due, one.due < self.today, why
        )

    @cached_property
    def _by_key(self) -> Mapping[str, DueVisit]:
        secret = self.settings.key_secret
        if secret is None:
            return {}
        return {
            entry_key(
                secret.get_secret_value().encode(),
                child_id=one.child_id,
                kind=one.kind,
                setting=one.setting,
                cycle=one.cycle,
                role=role,
            ): one
            for one in self.snapshot.visits
            for role in ((Role.TYPE_UP,) if one.kind == "recording" else (Role.REMINDER, Role.MARKER))
        }

    def meaning(self, tags: Collection[str]) -> desk.Meaning | None:
        """What an entry that carries one of these keys is owed for."""
        found = [self._by_key[tag.lower()] for tag in tags if tag.lower() in self._by_key]
        if not found:
            return None
        one = found[0]
        return desk.Meaning(one.child_id, self.called(one.child_id), one.kind, one.due)

    def away(self, worker_id: str) -> desk.Away | None:
        """The absence of today, if there is one."""
        absences = self.snapshot.caseload.absences.filter(
            pl.col("worker_id") == worker_id,
            pl.col("start") <= self.today,
            pl.col("end").is_null() | (pl.col("end") >= self.today),
        ).sort("kind", "start", descending=[True, False])  # sickness before leave
        for row in absences.iter_rows(named=True):
            buddy = self.people.workers.get(row["buddy_id"] or self.buddy(worker_id) or "")
            name = buddy.called if buddy else ""
            return desk.Away(row["start"], row["end"], name, planned=row["kind"] == "planned")
        return None

    def buddy(self, worker_id: str) -> str | None:
        """The worker's usual buddy, by id."""
        rows = self.snapshot.caseload.workers.filter(pl.col("worker_id") == worker_id)["buddy_id"]
        return rows[0] if len(rows) else None


class Reader:
    """Reads the caseload of one demo's folder, again only when something changed."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._stamp: tuple[object, ...] = ()
        self._reading: Reading | None = None

    @cached_property
    def _settings(self) -> tuple[Settings, tuple[Pack, ...]]:
        settings = load(self._state / "settings.toml")
        return settings, load_packs(settings.packs, settings.rules)

    def read(self, today: date) -> Reading:
        """The caseload as it is, judged today."""
        files = sorted((self._state / "caseload").glob("*.csv"))
        stamp = (today, *((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files))
        if self._reading is None or stamp != self._stamp:
            settings, packs = self._settings
            snapshot = take(self._state / "caseload", packs, today, settings.own_days)
            self._reading = Reading(snapshot, known_in(snapshot.caseload, today), settings)
            self._stamp = stamp
        return self._reading
