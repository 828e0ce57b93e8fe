"""What people may expect to find as they left it, worked out from what they did, not from the bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.diary import words
from bot.diary.entry import Role
from bot.store import ledger
from keepkit.bench import Bench
from keepkit.children import Case, Council, address
from keepkit.people import Event, Office


@dataclass
class Expected:
    council: Council
    office: Office
    bench: Bench
    own: dict[tuple[str, str], str] = field(default_factory=dict)  # worker, id → the whole of it
    moved: dict[str, tuple[str, str, datetime]] = field(default_factory=dict)  # id → worker, key, start
    deleted: dict[tuple[str, str], date] = field(default_factory=dict)  # worker, key → its due date
    ever_deleted: set[tuple[str, str]] = field(default_factory=set)
    own_categories: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → worker, category

    def own_appointment(self, worker: str, at: datetime) -> None:
        id_ = self.office.put_own(worker, "Visit due Fri 4 Dec · J.S. 20001", at, "Court")
        self.own[worker, id_] = self.office.print_of(worker, id_)

    def moves(self, event: Event, starts: datetime) -> None:
        case, row = self._case(event), self._row(event)
        self.office.move(event, starts)
        self.moved.pop(event.id, None)
        if case is None or row is None or row.achieved or row.event_id not in (event.id, None):
            return
        ours = (row.placed, row.placing, *self._places(case))
        if starts.date() >= self.council.today and starts not in ours:
            self.moved[event.id] = (event.worker, str(event.key), starts)

    def deletes(self, event: Event) -> None:
        case, row = self._case(event), self._row(event)
        self.office.delete(event)
        self.moved.pop(event.id, None)
        self.own_categories.pop(event.id, None)
        if event.key:
            self.ever_deleted.add((event.worker, event.key))
        twin = any(one.key == event.key for one in self.office.events(event.worker))
        known = row is not None and (row.state, row.event_id) == ("live", event.id)
        if case and known and row and row.due == case.due and not row.achieved and not twin:
            self.deleted[event.worker, str(event.key)] = case.due

    def recolours(self, event: Event, category: str) -> None:
        self.office.recolour(event, category)
        self.own_categories[event.id] = (event.worker, category)

    def forget(self, case: Case) -> None:
        """A changed due date, a recorded visit, another worker: what was decided about it ends."""
        keys = case.keys()
        self.moved = {id_: one for id_, one in self.moved.items() if one[1] not in keys}
        self.deleted = {place: due for place, due in self.deleted.items() if place[1] not in keys}

    def forget_all(self) -> None:
        self.moved, self.deleted = {}, {}

    def day_has_come(self, today: date) -> None:
        self.moved = {id_: one for id_, one in self.moved.items() if one[2].date() >= today}

    # what must hold

    def own_are_untouched(self) -> None:
        for (worker, id_), was in self.own.items():
            assert self.office.print_of(worker, id_) == was, "a person's own appointment was touched"

    def moves_stand(self) -> None:
        for id_, (worker, _, starts) in self.moved.items():
            now = {one.id: one for one in self.office.events(worker)}.get(id_)
            assert now is not None, "an entry that a person moved was taken away"
            assert now.starts == starts, f"a person's move was undone: {now}"

    def deleted_stay_away(self) -> None:
        for worker, key in self.deleted:
            assert key not in {one.key for one in self.office.events(worker)}, (
                "what a person deleted came back"
            )

    def own_categories_stay(self) -> None:
        for id_, (worker, category) in self.own_categories.items():
            now = {one.id: one for one in self.office.events(worker)}.get(id_)
            assert now is None or category in now.categories, f"a person's category was taken away: {now}"

    def stands(self, case: Case, role: Role) -> None:
        """An entry that is owed stands once in its worker's diary and names the due date, or was deleted."""
        key, today = case.key(role), self.council.today
        there = [one for one in self.office.events(case.worker) if one.key == key]
        if not there:
            assert (case.worker, key) in self.ever_deleted, f"missing: {role} of {case}"
            return
        assert len(there) == 1, there
        assert words.day(case.due, today) in there[0].subject or case.due < today, there
        for worker in {"W1", "W2", "W3", "W4"} - {case.worker}:
            strangers = [one for one in self.office.events(worker) if one.key == key and one.made_by_bot]
            assert not strangers or address(worker) not in self._rows(), f"left with {worker}: {strangers}"

    def _case(self, event: Event) -> Case | None:
        """The case whose visit this entry stands for now; none where it says what was owed before."""
        for case in self.council.cases:
            keys = {case.key(role) for role in (Role.REMINDER, Role.MARKER)}
            if case.open and case.worker == event.worker and event.key in keys:
                says = words.day(case.due, self.council.today) in event.subject
                return case if says and event.worker in self.council.workers else None
        return None

    def _places(self, case: Case) -> tuple[datetime, datetime]:
        reminded = max(case.due - timedelta(days=1), self.council.today)
        return datetime.combine(reminded, time(9)), datetime.combine(case.due, time(0))

    def _row(self, event: Event) -> ledger.LedgerRow | None:
        rows = self._rows().get(address(event.worker), ())
        return next((row for row in rows if row.key == event.key), None)

    def _rows(self) -> dict[str, tuple[ledger.LedgerRow, ...]]:
        with self.bench.seams.aside():
            return ledger.rows_by_mailbox(self.bench.world.store)
