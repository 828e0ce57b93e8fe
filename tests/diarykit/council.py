"""What ten children are owed, from day to day, and what their worker does to the diary by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bot.diary import words
from bot.diary.actions import Seen
from bot.diary.entries import Wanted
from bot.diary.entry import Achieved, Body, CategoryNames, Colour, Entry, Role
from bot.diary.settle import PlanRules
from diarykit.box import MAILBOX, Box, Ledger

KEEP_DAYS = 6
NAMES = CategoryNames()


@dataclass
class Case:
    number: int
    due: date
    cycle: int = 0
    risk: str = ""
    open: bool = True

    def key(self, role: Role, cycle: int | None = None) -> str:
        return f"{self.number:02}{self.cycle if cycle is None else cycle:02}{role.value}"


@dataclass
class Council:
    today: date
    cases: list[Case]
    achieved: dict[str, Achieved] = field(default_factory=dict)

    @property
    def rules(self) -> PlanRules:
        return PlanRules(today=self.today, most_removed=1.0, always_removable=99)

    def wanted(self) -> Wanted:
        entries = tuple(entry for case in self.cases if case.open for entry in self._entries(case))
        since = self.today - timedelta(days=KEEP_DAYS)
        achieved = {key: one for key, one in self.achieved.items() if one.seen_on >= since}
        return Wanted({MAILBOX: entries}, achieved, (), frozenset(entry.key for entry in entries))

    def _entries(self, case: Case) -> tuple[Entry, Entry]:
        late = case.due < self.today
        day = max(case.due - timedelta(days=1), self.today)
        starts = datetime.combine(day, time(9))
        says = words.late_subject if late else words.due_subject
        body = Body("", "", (), (), (case.risk,) if case.risk else (), 0, "", (), "", "")
        reminder = Entry(
            key=case.key(Role.REMINDER),
            mailbox=MAILBOX,
            role=Role.REMINDER,
            due=case.due,
            on=day,
            starts=starts,
            ends=starts + timedelta(minutes=15),
            all_day=False,
            subject=says("visit", case.due, self.today, str(case.number)),
            body=body,
            colour=Colour.VISIT,
            alarm_minutes=0,
        )
        midnight = datetime.combine(case.due, time(0))
        marker = replace(
            reminder,
            key=case.key(Role.MARKER),
            role=Role.MARKER,
            on=case.due,
            starts=midnight,
            ends=midnight + timedelta(days=1),
            all_day=True,
            subject=words.due_subject("visit", case.due, self.today, str(case.number)),
            alarm_minutes=None,
            create=not late,
        )
        return reminder, marker

    def record_visit(self, case: Case, next_due: date) -> None:
        subject = words.done_subject("visit", self.today, self.today, str(case.number))
        body = Body("Done", "", (), (), (), 0, "", (), "", "")
        for role in (Role.REMINDER, Role.MARKER):
            key = case.key(role)
            self.achieved[key] = Achieved(key, role, self.today, subject, body)
        case.cycle, case.due = case.cycle + 1, next_due

    def uncount_visit(self, case: Case, due: date) -> None:
        if case.cycle:
            case.cycle, case.due = case.cycle - 1, due
            for role in (Role.REMINDER, Role.MARKER):
                self.achieved.pop(case.key(role), None)


@dataclass
class Worker:
    """A person at their own diary, and what they may expect to stay as they left it."""

    box: Box
    ledger: Ledger
    council: Council
    moved: dict[str, tuple[str, datetime]] = field(default_factory=dict)  # id → key, start
    deleted: dict[str, date] = field(default_factory=dict)  # key → the due date it had
    ever_deleted: set[tuple[str, date]] = field(default_factory=set)  # key, due date it had
    categories: dict[str, str] = field(default_factory=dict)  # id → a category of their own
    silenced: dict[str, datetime] = field(default_factory=dict)  # id → where it stood when dismissed
    did: Counter[str] = field(default_factory=Counter)

    def forget(self, case: Case) -> None:
        """A changed due date, a recorded visit or a closed case ends what was decided about its entries."""
        keys = {case.key(role) for role in Role}
        self.moved = {id_: one for id_, one in self.moved.items() if one[0] not in keys}
        self.deleted = {key: due for key, due in self.deleted.items() if key not in keys}
        for id_, key in self.box.born.items():
            if key in keys:
                self.silenced.pop(id_, None)

    def forget_all(self) -> None:
        self.moved, self.deleted, self.silenced = {}, {}, {}

    def pick(self, number: int) -> Seen | None:
        ours = sorted(id_ for id_ in self.box.born if id_ in self.box.events)
        return self.box.events[ours[number % len(ours)]] if ours else None

    def _wanted(self, seen: Seen) -> Entry | None:
        """The entry that this event stands for, if it says what is owed now."""
        entry = next(
            (one for one in self.council.wanted().of(MAILBOX) if one.key == self.box.born[seen.id]), None
        )
        if entry is None or words.day(entry.due, self.council.today) not in seen.subject:
            return None
        row = self.ledger.rows.get(entry.key)
        known = row is not None and not row.achieved and row.event_id in (seen.id, None)
        return entry if known else None

    def move(self, seen: Seen, days: int, hour: int) -> None:
        starts = datetime.combine(seen.starts.date() + timedelta(days=days), time(hour))
        self.box.put(replace(seen, starts=starts, ends=starts + timedelta(hours=1), all_day=False))
        self.moved.pop(seen.id, None)
        self.silenced.pop(seen.id, None)
        entry = self._wanted(seen)
        if entry and starts.date() >= self.council.today:
            row = self.ledger.rows[entry.key]
            if starts not in (row.placed, row.placing, entry.starts):
                self.moved[seen.id] = (entry.key, starts)

    def delete(self, seen: Seen) -> None:
        entry = self._wanted(seen)
        if row := self.ledger.rows.get(self.box.born[seen.id]):
            self.ever_deleted.add((row.key, row.due))
        del self.box.events[seen.id]
        self.moved.pop(seen.id, None)
        row = self.ledger.rows.get(entry.key) if entry else None
        twin = entry and any(one.key == entry.key for one in self.box.events.values())
        if (
            entry and not twin and row and (row.state, row.due) == ("live", entry.due)
        ):  # otherwise better shown than hidden
            self.deleted[entry.key] = entry.due

    def copy(self, seen: Seen, hour: int) -> None:
        id_ = self.box.new_id()
        starts = datetime.combine(seen.starts.date(), time(hour))
        self.box.put(replace(seen, id=id_, starts=starts, ends=starts + timedelta(minutes=15), all_day=False))
        if seen.id in self.box.marked:
            self.box.marked.add(id_)

    def strip(self, seen: Seen, *, wholly: bool) -> None:
        """Some clients drop properties. With neither tag nor memory nobody could know the entry for ours."""
        if seen.id not in {row.event_id for row in self.ledger.rows.values()}:
            return
        self.box.put(replace(seen, key=None))
        self.silenced.pop(seen.id, None)
        if wholly:
            self.box.marked.discard(seen.id)

    def categorise(self, seen: Seen, name: str) -> None:
        self.box.put(replace(seen, categories=(*(c for c in seen.categories if c != name), name)))
        self.categories[seen.id] = name

    def take_colour_out(self, seen: Seen) -> None:
        self.box.put(replace(seen, categories=tuple(c for c in seen.categories if not NAMES.is_ours(c))))

    def retitle(self, seen: Seen) -> None:
        self.box.put(replace(seen, subject=f"{seen.subject}!"))

    def dismiss_alarm(self, seen: Seen) -> None:
        self.box.put(replace(seen, alarm_minutes=None))
        if self._wanted(seen):
            self.silenced[seen.id] = seen.starts
