"""Months of a diary: cases change, people do as they like, calls fail, the process dies; and at every moment
nothing is doubled, nothing that is not ours is touched, and nothing that a person decided is undone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from bot.diary.actions import Seen
from bot.diary.plan import plan_mailbox
from bot.diary.settle import PlanRules
from diarykit.box import MAILBOX, Box, Down, Killed, Ledger, Lost, Shell
from diarykit.council import NAMES, Case, Council, Worker

FIRST_DAY = date(2026, 11, 30)
CASES = st.integers(0, 9)
ANY = st.integers(0, 199)
DAYS = st.integers(-3, 12)
HOURS = st.integers(7, 17)
ACTS = (
    "move",
    "move",
    "move",
    "delete",
    "copy",
    "strip",
    "strip wholly",
    "strip wholly",
    "categorise",
    "colour",
    "retitle",
    "alarm",
)
TOLD: Counter[str] = Counter()


class Diary(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.council = Council(FIRST_DAY, [Case(n, FIRST_DAY + timedelta(days=n - 2)) for n in range(10)])
        self.box, self.ledger = Box(), Ledger()
        self.shell = Shell(self.box, self.ledger)
        self.worker = Worker(self.box, self.ledger, self.council)
        self.own = self.box.put(self._own_appointment())
        self.memory_failed = False
        self.saved = dict(self.ledger.rows)

    def _own_appointment(self) -> Seen:
        noon = datetime(2026, 12, 3, 12)
        return Seen("own", "", None, "Dentist", noon, noon, False, ("Visit",), 15)

    @initialize()
    def has_a_full_diary(self) -> None:
        self.shell.run(self.council.wanted(), self.council.rules)
        assert len(self.box.born) >= 8
        self.saved = dict(self.ledger.rows)

    # What happens to children
    @rule(n=CASES, days=DAYS)
    def due_date_changes(self, n: int, days: int) -> None:
        case, due = self.council.cases[n], self.council.today + timedelta(days=days)
        if due != case.due:
            self.worker.forget(case)
            case.due = due

    @rule(n=CASES, risk=st.sampled_from(["", "dog", "stairs"]))
    def risk_is_recorded(self, n: int, risk: str) -> None:
        self.council.cases[n].risk = risk

    @rule(n=CASES, days=st.integers(1, 12))
    def visit_is_recorded(self, n: int, days: int) -> None:
        case = self.council.cases[n]
        if case.open:
            self.worker.forget(case)
            self.council.record_visit(case, self.council.today + timedelta(days=days))

    @rule(n=CASES, days=DAYS)
    def visit_turns_out_not_to_count(self, n: int, days: int) -> None:
        case = self.council.cases[n]
        if case.cycle:
            self.worker.forget(case)
            self.council.uncount_visit(case, self.council.today + timedelta(days=days))
            self.worker.forget(case)

    @rule(n=CASES)
    def case_goes_or_comes_back(self, n: int) -> None:
        case = self.council.cases[n]
        self.worker.forget(case)
        case.open = not case.open

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        self.council.today += timedelta(days=days)
        self.worker.moved = {
            id_: one for id_, one in self.worker.moved.items() if one[1].date() >= self.council.today
        }

    # What people do
    @rule(act=st.sampled_from(ACTS), which=ANY, days=DAYS, hour=HOURS)
    def person_acts(self, act: str, which: int, days: int, hour: int) -> None:
        seen = self.worker.pick(which)
        if seen is None:
            return
        TOLD[f"person: {act}"] += 1
        match act:
            case "move":
                self.worker.move(seen, days, hour)
            case "delete":
                self.worker.delete(seen)
            case "copy":
                self.worker.copy(seen, hour)
            case "strip" | "strip wholly":
                self.worker.strip(seen, wholly=act == "strip wholly")
            case "categorise":
                self.worker.categorise(seen, "Court")
            case "colour":
                self.worker.take_colour_out(seen)
            case "retitle":
                self.worker.retitle(seen)
            case "alarm":
                self.worker.dismiss_alarm(seen)

    # What the bot does, and what happens to it
    @rule(
        faults=st.lists(st.sampled_from(["ok", "ok", "ok", "down", "lost"]), max_size=20),
        dies_at=st.sampled_from([0, 0, 0, 1, 2, 3, 5, 8]),
        after=st.booleans(),
        meddles_at=st.integers(-2, 4),
        act=st.sampled_from(ACTS),
        which=ANY,
        days=DAYS,
        hour=HOURS,
    )
    def runs(self, faults, dies_at, after, meddles_at, act, which, days, hour) -> None:
        self.box.faults, self.ledger.dies_at, self.ledger.dies_after_writing = list(faults), dies_at, after

        def meanwhile(number: int) -> None:
            if number == meddles_at:
                TOLD["person: during a run"] += 1
                self.person_acts(act, which, days, hour)

        before = {**self.box.events}
        self.box.removed = []
        try:
            self.shell.run(self.council.wanted(), self.council.rules, meanwhile)
        except (Down, Lost):
            TOLD["run: list failed"] += 1
        except Killed:
            TOLD["run: killed"] += 1
        self.box.faults, self.ledger.dies_at = [], 0
        self._removed_only_what_may_go(before)

    @precondition(
        lambda self: not any(one.key is None for one in self.box.events.values() if one.id != "own")
    )
    @rule(old=st.booleans())
    def store_is_lost_or_restored(self, old: bool) -> None:
        self.ledger.rows = dict(self.saved) if old else {}
        self.worker.forget_all()
        self.memory_failed = True
        TOLD["store: restored" if old else "store: lost"] += 1

    @rule()
    def store_is_saved(self) -> None:
        self.saved = dict(self.ledger.rows)

    @rule(left=st.integers(0, 10))
    def export_is_truncated(self, left: int) -> None:
        """A short export is refused, or removes no more than the limit says."""
        wanted = self.council.wanted()
        kept = wanted.of(MAILBOX)[:left]
        short = replace(wanted, entries={MAILBOX: kept}, keys=frozenset(one.key for one in kept))
        plan = plan_mailbox(
            MAILBOX,
            short,
            self.box.list(),
            list(self.ledger.rows.values()),
            PlanRules(today=self.council.today),
        )
        lost = sum(action.do == "remove" and action.why == "unwanted" for action in plan.actions)
        standing = {row.event_id for row in self.ledger.rows.values()} | self.box.events.keys()
        assert plan.refusal or lost <= max(5, 0.3 * len(standing))
        TOLD["export: refused" if plan.refusal else "export: let through"] += 1

    @rule()
    def settles(self) -> None:
        """Once faults stop, a few clean runs put everything right, and the next one does nothing at all."""
        wanted, rules = self.council.wanted(), self.council.rules
        for _ in range(4):
            self.shell.run(wanted, rules)
        writes, rows = self.box.writes, dict(self.ledger.rows)
        plan = self.shell.plan(wanted, rules)
        self.shell.run(wanted, rules)
        assert (self.box.writes, self.ledger.rows) == (writes, rows), plan.lines()
        assert plan.writes == 0
        for entry in wanted.of(MAILBOX):
            self._stands(entry)
        for one in self._ours():
            assert one.key in wanted.keys or one.key in wanted.achieved, f"left over: {one}"
            if one.key not in wanted.keys:
                assert one.subject == wanted.achieved[one.key].subject
                assert one.alarm_minutes is None
                assert not any(NAMES.is_ours(category) for category in one.categories)
        TOLD["settled"] += 1

    def _ours(self) -> list[Seen]:
        return [one for one in self.box.events.values() if one.id in self.box.marked and one.key is not None]

    def _stands(self, entry) -> None:
        """Each wanted entry stands once, saying the right thing in the right place, or was deleted."""
        row = self.ledger.rows.get(entry.key)
        if row is None:
            assert not entry.create
            return
        if row.state == "dismissed":
            assert (
                self.memory_failed or (entry.key, entry.due) in self.worker.ever_deleted or not entry.create
            ), row
            return
        seen = self.box.events[row.event_id]
        assert [one.id for one in self._ours() if one.key == entry.key] == [seen.id]
        assert seen.subject == entry.subject
        if seen.id in self.box.born and not self.memory_failed:
            assert self.box.texts[seen.id] == entry.body
        assert NAMES.visit in seen.categories or not seen.categories
        if seen.starts != entry.starts and not self.memory_failed:
            assert (
                seen.id in self.worker.moved or seen.id not in self.box.born or entry.on < self.council.today
            )

    # What holds at every moment
    @invariant()
    def never_two_of_ours_for_one_visit(self) -> None:
        wanted = self.council.wanted()
        standing = Counter(
            key
            for id_, key in self.box.born.items()
            if id_ in self.box.events and key in wanted.keys and self.box.events[id_].key != "released"
        )
        assert not [key for key, times in standing.items() if times > 1], standing

    @invariant()
    def never_touches_what_is_not_ours(self) -> None:
        assert self.box.events["own"] == self.own

    @invariant()
    def never_undoes_a_persons_move(self) -> None:
        for id_, (_, starts) in self.worker.moved.items():
            assert id_ in self.box.events, "a moved entry was removed"
            assert self.box.events[id_].starts == starts

    @invariant()
    def never_brings_back_what_a_person_deleted(self) -> None:
        keys = {one.key for one in self.box.events.values()}
        assert not keys & self.worker.deleted.keys()

    @invariant()
    def never_takes_away_a_persons_category(self) -> None:
        for id_, name in self.worker.categories.items():
            assert id_ not in self.box.events or name in self.box.events[id_].categories

    @invariant()
    def never_rings_again_where_a_person_dismissed_it(self) -> None:
        for id_, starts in self.worker.silenced.items():
            seen = self.box.events.get(id_)
            assert seen is None or seen.starts != starts or seen.alarm_minutes is None

    def _removed_only_what_may_go(self, before: dict[str, Seen]) -> None:
        """What was removed was wanted no more, or had a twin that stands."""
        wanted = self.council.wanted()
        for gone in self.box.removed:
            key = self.box.born.get(gone.id, gone.key)
            assert key not in wanted.keys or any(
                replace(one, id=gone.id, etag=gone.etag) == gone
                for one in before.values()
                if one.id != gone.id
            )

    def teardown(self) -> None:
        TOLD.update(self.box.happened)
