"""Weeks of a council's diaries with the real code: cases change, people do as they like, Microsoft has bad
days, processes are stopped or overtaken, the store is lost; and at every moment nothing is doubled, nothing
that is not ours is touched, and nothing that a person decided is undone.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from random import Random
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.diary.entry import Role
from bot.errors import BotError
from bot.store import ledger
from keepkit.acts import ACTS, act
from keepkit.bad_days import FAULTS, HIDING
from keepkit.bench import Bench
from keepkit.cases import CHANGES, change
from keepkit.children import MONDAY, Case, Council, address
from keepkit.expected import WORKERS, Expected
from keepkit.people import Office
from keepkit.seams import Stopped

ANY = st.integers(0, 199)
DAYS = st.integers(-3, 12)
CHANCE = st.randoms(use_true_random=True)  # of one seed: what is drawn one by one has its favourites


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
            noon = datetime.combine(MONDAY + timedelta(days=2), time(12))
            self.expected.own_appointment(worker, noon)
        self.memory_failed = False
        self.forgotten: set[str] = set()  # workers whose mailboxes were gone after they had left
        self.bench.run()
        assert sum(one.ours for one in self.office.everywhere(list(WORKERS))) >= 8
        self.saved = self.bench.folder.parent / "saved.db"
        self.bench.save_store(self.saved)

    # What happens to children, workers and their mailboxes
    @rule(changes=st.lists(st.tuples(st.sampled_from(CHANGES), ANY, DAYS), min_size=1, max_size=4))
    def caseload_changes(self, changes: list[tuple[str, int, int]]) -> None:
        for what, which, days in changes:
            asked = self._asked_for()
            if change(self.council, self.expected, what, which, days):
                self.told[what] += 1
                self.told["orange: its visit is recorded"] += what == "visit is recorded" and (
                    len(self._asked_for()) < len(asked)
                )

    def _asked_for(self) -> set[str]:
        """Keys of the orange entries of visits that are owed."""
        owed = {case.key(Role.TYPE_UP) for case in self.council.cases if case.open}
        return {str(one.key) for one in self.office.everywhere(list(WORKERS)) if one.ours} & owed

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        self.bench.set_day(self.council.today + timedelta(days=days))
        self.expected.day_has_come(self.council.today)

    @rule(which=ANY, gone=st.booleans())
    def mailbox_closes(self, which: int, gone: bool) -> None:
        """A licence is taken away (404), or the bot's permission (403): rather a leaver's than another's."""
        left = [one for one in WORKERS if one not in self.council.workers]
        worker = (left or WORKERS)[which % len(left or WORKERS)]
        if worker in self.expected.closed:
            return
        if gone:
            self.office.close_mailbox(worker)
        else:
            self.bench.bar(worker)
        self.expected.mailbox_closes(worker)
        self.told[f"mailbox: {'is gone' if gone else 'may not be opened'}"] += 1
        self.told["mailbox: of a worker who left"] += worker in left

    @rule(which=ANY)
    def mailbox_opens(self, which: int) -> None:
        if self.expected.closed:
            self._opens(sorted(self.expected.closed)[which % len(self.expected.closed)])

    def _opens(self, worker: str) -> None:
        self.office.close_mailbox(worker, closed=False)
        self.bench.barred.discard(worker)
        self.bench.mend()
        self.expected.mailbox_opens(worker)
        self.told["mailbox: opens again"] += 1

    # What people do
    @rule(times=st.integers(2, 4), chance=CHANCE)
    def people_act(self, times: int, chance: Random) -> None:
        for _ in range(times):
            self.person_acts(chance)

    def person_acts(self, chance: Random) -> None:
        what, which = chance.choice(ACTS), chance.randrange(200)
        days, hour = chance.randint(-3, 12), chance.randint(7, 17)
        self.told[f"person: {what}"] += act(self.expected, what, which, days, hour)

    # What the bot does, and what happens to it
    @rule(chance=CHANCE)
    def runs(self, chance: Random) -> None:
        stop_at, meddles_at = (chance.choice((0, chance.randint(3, 30))) for _ in range(2))

        def meanwhile() -> None:
            self.told["person: during a run"] += 1
            self.person_acts(chance)

        self.bench.seams.begin(stop_at=stop_at, at=meddles_at, do=meanwhile)
        self._run()

    @rule(
        changes=st.lists(st.tuples(st.sampled_from(CHANGES), ANY, DAYS), min_size=1, max_size=3),
        chance=CHANCE,
        anew=st.booleans(),
    )
    def runs_on_a_bad_day(self, changes: list[tuple[str, int, int]], chance: Random, anew: bool) -> None:
        faults = chance.sample(FAULTS, 4)
        self.caseload_changes(changes)
        if anew:  # a process that has to sign in
            self.bench.end_process()
        if self.memory_failed or self.forgotten:
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
            self._forgets()
        self.bench.seams.begin()

    def _forgets(self) -> None:
        """What stands in a leaver's mailbox that is gone is forgotten, until something of theirs is known."""
        self.forgotten |= {
            worker
            for worker in WORKERS
            if self.office.is_closed(worker) and worker not in self.council.workers
        }
        self.forgotten -= {worker for worker in WORKERS if address(worker) in self._rows()}

    @rule(at=st.integers(3, 25), which=ANY, days=DAYS)
    def run_is_overtaken(self, at: int, which: int, days: int) -> None:
        """The process sleeps in the middle of a run and loses its lock; another runs on a newer caseload."""

        def another() -> None:
            self.told["run: overtaken"] += 1
            with self.bench.seams.aside():
                self.bench.world.store.hold.close()
                change(self.council, self.expected, "due date changes", which, days)
                other = self.bench.new_world()
                self.bench.run(other)
                other.close()

        self.bench.seams.begin(at=at, do=another)
        self._run()

    @rule(older=st.booleans())
    def store_fails(self, older: bool) -> None:
        """It is lost, or a copy from before is put back."""
        if self._unknown_to_memory():
            return
        self.bench.restore_store(self.saved if older else None)
        self.expected.memory_failed()
        self.memory_failed = True
        self.told[f"store: {'restored' if older else 'lost'}"] += 1

    @rule(opened=st.booleans())
    def settles(self, opened: bool) -> None:
        """Once faults stop, one run repairs, and then Microsoft sees no write at all, though some mailboxes
        may stay closed.

        A second or third is needed where a transaction id was used up on the same day, or an old diary waits
        for a new one.
        """
        for worker in sorted(self.expected.closed) if opened else ():
            self._opens(worker)
        needed, done = 0, []
        while self.bench.writes_of_a_run() or self._errors():
            needed += 1
            done.append([line for one in self.bench.report.kept for line in one.lines if line.did != "left"])
            assert needed <= 3, (done, self.bench.report.errors)
        self._forgets()
        self.told[f"settled after {needed}"] += 1
        self.told["settled"] += 1
        self.told["settled: with a closed mailbox"] += bool(self.expected.closed)
        self.memory_failed = False
        self.expected.doubted &= self.expected.closed
        self._everything_stands()
        if opened:
            self.bench.save_store(self.saved)
            self.told["store: saved"] += 1

    def _errors(self) -> list[str]:
        """What went wrong although nobody's mailbox is closed for it."""
        closed = [address(worker) for worker in self.expected.closed]
        return [
            error
            for error in self.bench.report.errors
            if not any(one in error for one in closed)
            and not (closed and "Its new diary could not be written" in error)
        ]

    def _everything_stands(self) -> None:
        for case in self.council.cases:
            if case.open and case.worker not in self.expected.closed:
                self.expected.stands(case, Role.REMINDER)
                if case.due >= self.council.today:
                    self.expected.stands(case, Role.MARKER)
        self.told["orange: asks for a record"] += len(self.expected.records_are_asked_for())
        wanted = {case.key(role) for case in self.council.cases for role in Role if case.open}
        achieved = {
            case.key(role, cycle)
            for case in self.council.cases
            for role in Role
            for cycle in range(case.cycle)
        }
        looked_at = [one for one in WORKERS if address(one) in self._rows()]
        for event in self.office.everywhere([one for one in looked_at if one not in self.expected.closed]):
            if event.ours and event.key:
                assert event.key in wanted | achieved, f"left over: {event}"

    def _rows(self) -> dict[str, tuple[ledger.LedgerRow, ...]]:
        return ledger.rows_by_mailbox(self.bench.world.store)

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
            self.expected.signs_stand()
