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
from keepkit.signs import Signs

WORKERS = ("W1", "W2", "W3", "W4")


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
    signs: Signs = field(default_factory=Signs)
    closed: set[str] = field(default_factory=set)  # workers whose mailboxes nobody can look into
    doubted: set[str] = field(
        default_factory=set
    )  # workers of whom an older store cannot tell what they deleted

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
        self._sign_may_end(event)
        self.ever_deleted.add((event.worker, self._key(event)))
        if event.worker in self.doubted:
            return
        twin = any(one.key == event.key for one in self.office.events(event.worker))
        known = row is not None and (row.state, row.event_id) == ("live", event.id)
        if case and known and row and row.due == case.due and not row.achieved and not twin:
            self.deleted[event.worker, str(event.key)] = case.due

    def recolours(self, event: Event, category: str) -> None:
        self.office.recolour(event, category)
        self.own_categories[event.id] = (event.worker, category)
        self.signs.in_doubt(event.worker, event.id)

    def says_done(self, event: Event) -> None:
        """The colour goes out: a sign where the entry stood for what is owed, and its category is there."""
        case, row = self._case(event), self._row(event)
        is_sign = case is not None and self.office.has_category(event.worker, "Visit")
        known = row is not None and (row.state, row.event_id, row.achieved) == ("live", event.id, False)
        stands = is_sign and known and row is not None and row.due == case.due  # type: ignore[union-attr]
        self.own_categories.pop(event.id, None)
        self.office.take_colour_out(event)
        self.signs.given(event, self._key(event), self._clock, will_stand=stands)

    def takes_sign_back(self, event: Event) -> None:
        self.office.recolour(event, "Visit")
        self._sign_may_end(event)

    def category_goes(self, worker: str, *, renamed: bool) -> None:
        if renamed:
            self.office.rename_category(worker, "Visit", "Visits (mine)")
        else:
            self.office.delete_category(worker, "Visit", from_entries=True)
        self.signs.in_doubt(worker)

    def mailbox_closes(self, worker: str) -> None:
        """Nobody sees what stands there, and its signs count no more: the first of two may be another's."""
        self.closed.add(worker)
        self.signs.clocks.clear()

    def mailbox_opens(self, worker: str) -> None:
        self.closed.discard(worker)
        self.signs.clocks.clear()

    def _sign_may_end(self, event: Event) -> None:
        self.signs.taken_back(event)
        for case in self.council.cases:
            keys = case.keys()
            if event.key in keys:
                self.signs.clocks.pop(case.key(Role.TYPE_UP), None)

    def forget(self, case: Case) -> None:
        """A changed due date, a recorded visit, another worker: what was decided about it ends."""
        keys = case.keys()
        self.moved = {id_: one for id_, one in self.moved.items() if one[1] not in keys}
        self.deleted = {place: due for place, due in self.deleted.items() if place[1] not in keys}
        self.signs.forget(keys)

    def memory_failed(self) -> None:
        """The store is lost, or an older one put back: what the bot took out looks as if a person had."""
        self.moved, self.deleted, self.doubted = {}, {}, set(WORKERS)
        self.signs.forget_all()

    def day_has_come(self, today: date) -> None:
        self.moved = {id_: one for id_, one in self.moved.items() if one[2].date() >= today}

    # what must hold

    def own_are_untouched(self) -> None:
        for (worker, id_), was in self.own.items():
            assert worker in self.closed or self.office.print_of(worker, id_) == was, (
                "a person's own appointment was touched"
            )

    def moves_stand(self) -> None:
        for id_, (worker, _, starts) in self.moved.items():
            if worker in self.closed:
                continue
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

    def signs_stand(self) -> None:
        if self.signs.standing:
            self.signs.still_stand(self.office.everywhere(list(WORKERS)), self.closed)

    def records_are_asked_for(self) -> list[str]:
        """Each visit that is said to be done has its orange entry, and no other has; gives their keys."""
        looked_at = [one for one in WORKERS if address(one) in self._rows() and one not in self.closed]
        events = self.office.everywhere(looked_at)
        asked = [
            case.key(Role.TYPE_UP)
            for case in self.council.cases
            if case.open
            and case.worker not in self.closed
            and self.signs.settled(case, events, self.ever_deleted, self.council.today, self._clock)
        ]
        for one in events:
            assert not (one.ours and "Type up" in one.categories and one.key not in asked), (
                f"left over: {one}"
            )
        self.signs.seen |= self.signs.standing.keys()
        return asked

    def stands(self, case: Case, role: Role) -> None:
        """An entry that is owed stands once in its worker's diary and names the due date, or was deleted."""
        key, today = case.key(role), self.council.today
        there = [one for one in self.office.events(case.worker) if one.key == key]
        if not there:
            assert (case.worker, key) in self.ever_deleted, f"missing: {role} of {case}"
            return
        assert len(there) == 1, there
        assert words.day(case.due, today) in there[0].subject or case.due < today, there
        for worker in set(WORKERS) - {case.worker} - self.closed:
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

    @property
    def _clock(self) -> date:
        return self.bench.running.tenant.clock.today()

    def _key(self, event: Event) -> str:
        """By its tag, or by memory where a client took that off."""
        return event.key or next((one.key for one in self._rows_of(event) if one.event_id == event.id), "")

    def _row(self, event: Event) -> ledger.LedgerRow | None:
        return next((row for row in self._rows_of(event) if row.key == event.key), None)

    def _rows_of(self, event: Event) -> tuple[ledger.LedgerRow, ...]:
        return self._rows().get(address(event.worker), ())

    def _rows(self) -> dict[str, tuple[ledger.LedgerRow, ...]]:
        with self.bench.seams.aside():
            return ledger.rows_by_mailbox(self.bench.world.store)
