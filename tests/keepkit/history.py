"""Weeks of a council's diaries with the real code: cases change, people do as they like, Microsoft has bad
days, processes are stopped or overtaken, the store is lost; and at every moment nothing is doubled, nothing
that is not ours is touched, and nothing that a person decided is undone.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.diary.entry import Role
from bot.errors import BotError
from bot.store import ledger
from keepkit.bad_days import FAULTS, HIDING
from keepkit.bench import Bench
from keepkit.children import MONDAY, Case, Council, address
from keepkit.expected import Expected
from keepkit.people import Event, Office
from keepkit.seams import Stopped

WORKERS = ("W1", "W2", "W3", "W4")
ANY = st.integers(0, 199)
DAYS = st.integers(-3, 12)
HOURS = st.integers(7, 17)
STOPS = st.one_of(st.just(0), st.integers(3, 30))
MOVING = (
    *("due date changes", "visit is recorded", "visit does not count"),
    *("case closes or opens", "reallocated"),
)
CHANGES = (*MOVING, "visit does not count", "risk is recorded", "worker leaves", "worker comes")
ACTS = (
    *("move", "move", "move", "delete", "delete", "copy", "strip", "recolour", "retitle", "mark done"),
    *("silence", "own appointment", "rename category"),
)


class History(RuleBasedStateMachine):
    """``bench`` and ``office`` are set by the test; ``told`` counts what happened over all histories."""

    bench: ClassVar[Bench]
    office: ClassVar[Office]
    told: ClassVar[Counter[str]]

    @initialize()
    def has_full_diaries(self) -> None:
        cases = [Case(n, WORKERS[n % 4], MONDAY + timedelta(days=n - 2)) for n in range(12)]
        self.council = Council(MONDAY, list(WORKERS), cases)
        self.bench.begin_again(self.council)
        self.expected = Expected(self.council, self.office, self.bench)
        for worker in WORKERS:
            self._own_appointment(worker, 2, 12)
        self.memory_failed = False
        self.bench.run()
        assert sum(one.ours for one in self.office.everywhere(list(WORKERS))) >= 8
        self.saved = self.bench.folder.parent / "saved.db"
        self.bench.save_store(self.saved)

    # What happens to children and workers
    @rule(changes=st.lists(st.tuples(st.sampled_from(CHANGES), ANY, DAYS), min_size=1, max_size=4))
    def caseload_changes(self, changes: list[tuple[str, int, int]]) -> None:
        for what, which, days in changes:
            if self._changes(what, self.council.cases[which % 12], which, days):
                self.told[what] += 1

    def _changes(self, what: str, case: Case, which: int, days: int) -> bool:
        """One change of the caseload; tells whether anything is different now."""
        due, workers = self.council.today + timedelta(days=days), self.council.workers
        heir = workers[which % len(workers)]
        possible = {
            "due date changes": due != case.due,
            "visit is recorded": case.open,
            "visit does not count": case.cycle > 0,
            "reallocated": heir != case.worker,
            "worker leaves": len(workers) > 2,
            "worker comes": len(workers) < len(WORKERS),
        }
        if not possible.get(what, True):
            return False
        if what in MOVING:
            self.expected.forget(case)
        match what:
            case "due date changes":
                case.due = due
            case "risk is recorded":
                case.risk = ("", "dog", "stairs")[which % 3]
            case "visit is recorded":
                self.council.record_visit(case, self.council.today + timedelta(days=1 + abs(days)))
            case "visit does not count":
                self.council.uncount_visit(case, due)
                self.expected.forget(case)
            case "case closes or opens":
                case.open = not case.open
            case "reallocated":
                case.worker = heir
            case "worker leaves":
                self._leaves(heir)
            case "worker comes":
                workers.append(next(one for one in WORKERS if one not in workers))
        return True

    def _leaves(self, worker: str) -> None:
        for case in self.council.cases:
            if case.worker == worker:
                self.expected.forget(case)
        self.council.leave(worker, next(one for one in self.council.workers if one != worker))

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        self.bench.set_day(self.council.today + timedelta(days=days))
        self.expected.day_has_come(self.council.today)

    # What people do
    @rule(acts=st.lists(st.tuples(st.sampled_from(ACTS), ANY, DAYS, HOURS), min_size=1, max_size=3))
    def people_act(self, acts: list[tuple[str, int, int, int]]) -> None:
        for one in acts:
            self.person_acts(*one)

    def person_acts(self, act: str, which: int, days: int, hour: int) -> None:
        if act == "own appointment":
            self._own_appointment(WORKERS[which % 4], days, hour)
            self.told["person: own appointment"] += 1
            return
        if act == "rename category":
            self.office.rename_category(WORKERS[which % 4], "Visit", "Visits (mine)")
            self.told["person: rename category"] += 1
            return
        made = [one for one in self.office.everywhere(list(WORKERS)) if one.made_by_bot]
        if made:
            made.sort(key=lambda one: (one.worker, one.subject, one.starts, one.id))
            self._act_on(made[which % len(made)], act, days, hour)

    def _act_on(self, event: Event, act: str, days: int, hour: int) -> None:
        starts = datetime.combine(event.starts.date() + timedelta(days=days), time(hour))
        match act:
            case "move":
                self.expected.moves(event, starts)
            case "delete":
                self.expected.deletes(event)
            case "copy":
                self.office.copy(event, starts)
            case "strip":
                if not self._remembered(event):
                    return  # with neither tag nor memory nobody could know it for ours
                self.office.strip(event)
            case "recolour":
                self.expected.recolours(event, "Court")
            case "retitle":
                self.office.retitle(event)
            case "mark done":
                self.expected.own_categories.pop(event.id, None)
                self.office.take_colour_out(event)
            case "silence":
                self.office.dismiss_alarm(event)
        self.told[f"person: {act}"] += 1

    def _own_appointment(self, worker: str, days: int, hour: int) -> None:
        at = datetime.combine(self.council.today + timedelta(days=days), time(hour))
        self.expected.own_appointment(worker, at)

    # What the bot does, and what happens to it
    @rule(stop_at=STOPS, meddles_at=STOPS, act=st.sampled_from(ACTS), which=ANY, days=DAYS, hour=HOURS)
    def runs(self, stop_at: int, meddles_at: int, act: str, which: int, days: int, hour: int) -> None:
        def meanwhile() -> None:
            self.told["person: during a run"] += 1
            self.person_acts(act, which, days, hour)

        self.bench.seams.begin(stop_at=stop_at, at=meddles_at, do=meanwhile)
        self._run()

    @rule(
        changes=st.lists(st.tuples(st.sampled_from(CHANGES), ANY, DAYS), min_size=1, max_size=3),
        faults=st.lists(st.sampled_from(FAULTS), min_size=2, max_size=4, unique_by=str),
        anew=st.booleans(),
    )
    def runs_on_a_bad_day(
        self, changes: list[tuple[str, int, int]], faults: list[dict[str, object]], anew: bool
    ) -> None:
        self.caseload_changes(changes)
        if anew:  # a process that has to sign in
            self.bench.end_process()
        if self.memory_failed:
            faults = [one for one in faults if one not in HIDING]
        self.bench.strike(*faults)
        self._run()
        for one in self.bench.running.graph.faults.shown():
            self.told[f"fault: {one['do']}"] += bool(one["struck"])
        self.bench.mend()

    def _run(self) -> None:
        try:
            report = self.bench.run()
        except Stopped:
            self.told["run: stopped"] += 1
            self.bench.end_process()
        except BotError as error:
            self.told[f"run: {type(error).__name__}"] += 1
        else:
            self.told["run: with errors" if report.errors else "run: well"] += 1
        self.bench.seams.begin()

    @rule(at=st.integers(3, 25), which=ANY, days=DAYS)
    def run_is_overtaken(self, at: int, which: int, days: int) -> None:
        """The process sleeps in the middle of a run and loses its lock; another runs on a newer caseload."""

        def another() -> None:
            self.told["run: overtaken"] += 1
            with self.bench.seams.aside():
                self.bench.world.store.hold.close()
                self._changes("due date changes", self.council.cases[which % 12], which, days)
                other = self.bench.new_world()
                self.bench.run(other)
                other.close()

        self.bench.seams.begin(at=at, do=another)
        self._run()

    @rule(what=st.sampled_from(["saved", "saved", "restored", "lost"]))
    def store_is(self, what: str) -> None:
        if what == "saved":
            self.bench.save_store(self.saved)
        elif self._unknown_to_memory():
            return
        else:
            self.bench.restore_store(self.saved if what == "restored" else None)
            self.expected.forget_all()
            self.memory_failed = True
        self.told[f"store: {what}"] += 1

    @rule(_=st.booleans())
    def settles(self, _: bool) -> None:
        """Once faults stop, one run repairs, and then Microsoft sees no write at all.

        A second or third is needed where a transaction id was used up on the same day, or an old diary waits
        for a new one.
        """
        needed, done = 0, []
        while self.bench.writes_of_a_run() or self.bench.report.errors:
            needed += 1
            done.append([line for one in self.bench.report.kept for line in one.lines if line.did != "left"])
            assert needed <= 3, (done, self.bench.report.errors)
        self.told[f"settled after {needed}"] += 1
        self.told["settled"] += 1
        self.memory_failed = False
        self._everything_stands()

    def _everything_stands(self) -> None:
        for case in self.council.cases:
            if case.open:
                self.expected.stands(case, Role.REMINDER)
                if case.due >= self.council.today:
                    self.expected.stands(case, Role.MARKER)
        wanted = {case.key(role) for case in self.council.cases for role in Role if case.open}
        achieved = {
            case.key(role, cycle)
            for case in self.council.cases
            for role in Role
            for cycle in range(case.cycle)
        }
        looked_at = [one for one in WORKERS if address(one) in self._rows()]
        for event in self.office.everywhere(looked_at):
            if event.ours and event.key:
                assert event.key in wanted | achieved, f"left over: {event}"

    def _rows(self) -> dict[str, tuple[ledger.LedgerRow, ...]]:
        return ledger.rows_by_mailbox(self.bench.world.store)

    def _remembered(self, event: Event) -> bool:
        return any(row.event_id == event.id for row in self._rows().get(address(event.worker), ()))

    def _unknown_to_memory(self) -> bool:
        """Whether an entry of ours stands without its tag: only the store of the moment knows it."""
        return any(
            one.made_by_bot and not one.ours and not one.let_go
            for one in self.office.everywhere(list(WORKERS))
        )

    # What holds at every moment
    @invariant()
    def never_two_of_ours_for_one_visit(self) -> None:
        if hasattr(self, "expected"):
            wanted = {case.key(role) for case in self.council.cases for role in Role if case.open}
            doubled = [one for one in self.office.doubled(list(WORKERS)) if one.split(": ")[1] in wanted]
            assert not doubled, doubled

    @invariant()
    def never_touches_what_is_not_ours(self) -> None:
        if hasattr(self, "expected"):
            self.expected.own_are_untouched()

    @invariant()
    def never_undoes_what_a_person_decided(self) -> None:
        if hasattr(self, "expected"):
            self.expected.moves_stand()
            self.expected.deleted_stay_away()
            self.expected.own_categories_stay()
