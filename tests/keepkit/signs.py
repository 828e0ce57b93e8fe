"""Who said of which visit that it is done, by taking the colour out, and what must follow: the colour stays
out, one orange entry asks for the record within 48 hours, and none where nobody said anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.diary import words
from bot.diary.entry import Role
from keepkit.children import Case
from keepkit.people import Event

OURS = {"Visit", "Visit (red)", "Type up", "Others' minutes"}
_RECORD_BY = re.compile(r"(?:by|was due) (\w+ \d+ \w+(?: \d{4})?)")


@dataclass
class Signs:
    ever: set[str] = field(default_factory=set)  # keys of entries of which anybody ever took the colour out
    standing: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → worker, key: must stay so
    seen: set[str] = field(default_factory=set)  # ids of those that a run has settled
    clocks: dict[str, str] = field(default_factory=dict)  # key of an orange entry → the day it names
    first: date | None = None  # the day of the first sign of all

    def given(self, event: Event, key: str, today: date, *, will_stand: bool) -> None:
        self.first = self.first or today
        self.ever.add(key)
        self.standing.pop(event.id, None)
        self.seen.discard(event.id)
        if will_stand:
            self.standing[event.id] = (event.worker, key)

    def taken_back(self, event: Event) -> None:
        """By its owner; or the entry says nothing any more."""
        self.standing.pop(event.id, None)

    def in_doubt(self, worker: str, *ids: str) -> None:
        """A category of theirs went, or these entries wear another: what no run has seen is no sign."""
        self.standing = {
            id_: one
            for id_, one in self.standing.items()
            if one[0] != worker or id_ in self.seen or (ids and id_ not in ids)
        }

    def forget(self, keys: Iterable[str]) -> None:
        gone = set(keys)
        self.standing = {id_: one for id_, one in self.standing.items() if one[1] not in gone}
        for key in gone:
            self.clocks.pop(key, None)

    def forget_all(self) -> None:
        self.standing, self.clocks = {}, {}

    def was_given(self, case: Case) -> bool:
        return case.open and any(case.key(role) in self.ever for role in (Role.REMINDER, Role.MARKER))

    def asks_for(self, case: Case) -> bool:
        """Whether an orange entry stood for it as all was settled last."""
        return case.open and case.key(Role.TYPE_UP) in self.clocks

    # what must hold

    def still_stand(self, events: Iterable[Event], closed: Iterable[str]) -> None:
        now = {one.id: one for one in events}
        for id_, (worker, _) in self.standing.items():
            if worker not in closed:
                assert id_ in now, "an entry that a person took the colour out of was taken away"
                assert not OURS & set(now[id_].categories), f"a person's sign was undone: {now[id_]}"

    def settled(
        self, case: Case, events: Iterable[Event], deleted: set[tuple[str, str]], today: date, clock: date
    ) -> bool:
        """Of a case that is open: what stands after everything was put right; tells whether it has an orange
        entry. ``deleted``: (worker, key) of what a person ever deleted.
        """
        ours = [one for one in events if one.ours]
        mine = {case.key(role) for role in (Role.REMINDER, Role.MARKER)}
        signs = [
            one
            for one in ours
            if one.worker == case.worker and one.key in mine and not OURS & set(one.categories)
        ]
        key = case.key(Role.TYPE_UP)
        records = [one for one in ours if one.key == key]
        assert len(records) <= 1, f"one visit is to be typed up twice: {records}"
        assert not (records and not self.was_given(case)), f"nobody said that it is done: {records}"
        if signs and not records:
            assert any(gone == key for _, gone in deleted), f"nothing asks for the record of {signs}"
        if not records:
            return False
        self._keeps_its_day(records[0], today, clock)
        return True

    def _keeps_its_day(self, record: Event, today: date, clock: date) -> None:
        found = _RECORD_BY.search(record.subject)
        assert found, record
        day = found[1]
        assert self.first
        longest = (clock - self.first).days + 3
        within = {words.day(self.first + timedelta(days=n), today) for n in range(2, 2 + longest)}
        assert day in within, f"not 48 hours from any sign: {record}"
        was = self.clocks.setdefault(str(record.key), day)
        assert was == day, f"the clock began anew, it said {was}: {record}"
