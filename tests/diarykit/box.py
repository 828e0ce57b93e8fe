"""A mailbox and a ledger in memory that fail as the real ones do, and a shell that carries plans out.

The shell does what any shell must: intents first, then the calls, then what is remembered; a call that fails
is left to the next run. ``without`` takes one safety away, to see that the histories notice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.diary.actions import (
    Action,
    Change,
    Create,
    Known,
    Look,
    Remove,
    Seen,
    Untag,
    already_gone,
    forgets,
    intent,
    outcome,
)
from bot.diary.entries import Wanted
from bot.diary.mailbox import MailboxPlan
from bot.diary.plan import looked, plan_mailbox
from bot.diary.settle import PlanRules

MAILBOX = "ann@x.gov.uk"


class Down(Exception):
    """The request was not carried out."""


class Lost(Exception):
    """The request was carried out, and its answer never came."""


class Conflict(Exception):
    """Someone changed it since."""


class Missing(Exception):
    """It is not there."""


class Killed(Exception):
    """The process ended here."""


@dataclass
class Box:
    without: str = ""
    events: dict[str, Seen] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)  # ids that carry our Owner mark
    born: dict[str, str] = field(default_factory=dict)  # id of what the bot made → key
    made: dict[str, str] = field(default_factory=dict)  # transaction id → id
    texts: dict[str, object] = field(default_factory=dict)
    removed: list[Seen] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    writes: int = 0
    count: int = 0

    def _fault(self) -> str:
        fault = self.faults.pop(0) if self.faults else "ok"
        self.happened[f"fault {fault}"] += 1
        if fault == "down":
            raise Down
        return fault

    def _answer(self, fault: str) -> None:
        self.writes += 1
        if fault == "lost":
            raise Lost

    def new_id(self) -> str:
        self.count += 1
        return f"e{self.count:04}"

    def put(self, seen: Seen) -> Seen:
        self.events[seen.id] = replace(seen, etag=f"v{self.count}")
        self.count += 1
        return self.events[seen.id]

    def list(self) -> tuple[Seen, ...]:
        try:
            self._fault()
        except Down:
            if self.without == "whole list or nothing":
                return ()
            raise
        return tuple(self.events[id_] for id_ in sorted(self.marked & self.events.keys()))

    def get(self, id_: str) -> Seen | None:
        self._fault()
        return self.events.get(id_)

    def create(self, action: Create) -> tuple[str, Seen | None]:
        fault = self._fault()
        known = self.made.get(action.transaction_id)
        if known and self.without != "transaction id":
            stands = self.events.get(
                known
            )  # as the bot looks for it: by its key, which one let go has no more
            return ("exists", stands) if stands and stands.key == action.key else ("gone", None)
        id_ = self.new_id()
        seen = self._written(id_, action)
        self.made[action.transaction_id] = id_
        self.born[id_] = action.key
        self._answer(fault)
        return "done", seen

    def change(self, action: Change) -> Seen:
        fault = self._fault()
        self._match(action)
        seen = self._written(action.event_id, action)
        self._answer(fault)
        return seen

    def release(self, action: Untag) -> None:
        fault = self._fault()
        self._match(action)
        self.put(replace(self.events[action.event_id], key="released"))
        self.marked.discard(action.event_id)
        self._answer(fault)

    def remove(self, action: Remove) -> None:
        fault = self._fault()
        self._match(action)
        self.removed.append(self.events.pop(action.event_id))
        self._answer(fault)

    def _match(self, action: Change | Untag | Remove) -> None:
        if action.event_id not in self.events:
            raise Missing
        if self.events[action.event_id].etag != action.etag and self.without != "if-match":
            self.happened["conflict"] += 1
            raise Conflict

    def _written(self, id_: str, action: Create | Change) -> Seen:
        write = action.write
        self.marked.add(id_)
        self.texts[id_] = write.body
        return self.put(
            Seen(
                id=id_,
                etag="",
                key=write.key,
                subject=write.subject,
                starts=write.starts,
                ends=write.ends,
                all_day=write.all_day,
                categories=write.categories,
                alarm_minutes=write.alarm_minutes,
            )
        )


@dataclass
class Ledger:
    rows: dict[str, Known] = field(default_factory=dict)
    dies_at: int = 0  # the how-manieth write from now ends the process; 0: none
    dies_after_writing: bool = False

    def write(self, puts: list[Known], forget: str | None = None) -> None:
        """One transaction; the process may end just before or just after it."""
        dies = self.dies_at == 1
        self.dies_at = max(0, self.dies_at - 1)
        if dies and not self.dies_after_writing:
            raise Killed
        self.rows |= {row.key: row for row in puts}
        self.rows.pop(forget or "", None)
        if dies:
            raise Killed


@dataclass
class Shell:
    box: Box
    ledger: Ledger

    def plan(self, wanted: Wanted, rules: PlanRules) -> MailboxPlan:
        return plan_mailbox(MAILBOX, wanted, self.box.list(), list(self.ledger.rows.values()), rules)

    def run(
        self, wanted: Wanted, rules: PlanRules, meanwhile: Callable[[int], None] = lambda _: None
    ) -> None:
        """One run; ``meanwhile`` is called before each action, for whatever people do at that moment."""
        plan = self.plan(wanted, rules)
        if plan.refusal is None:
            self.carry_out(plan.actions, rules, meanwhile)

    def carry_out(
        self, actions: tuple[Action, ...], rules: PlanRules, meanwhile: Callable[[int], None] = lambda _: None
    ) -> None:
        begun = [row for action in actions if (row := intent(MAILBOX, action))]
        if begun and self.box.without != "intents first":
            self.ledger.write(begun)
        for number, action in enumerate(actions):
            meanwhile(number)
            try:
                self._one(action, rules)
            except (Down, Lost, Conflict, Missing) as failure:
                self.box.happened[f"failed by {type(failure).__name__}"] += 1

    def _one(self, action: Action, rules: PlanRules) -> None:
        self.box.happened[f"action {action.do}"] += 1
        row: Known | None = None
        match action:
            case Create():
                row = self._create(action)
            case Change():
                done = self.box.change(action)
                row = outcome(MAILBOX, action, done.id, done.etag)
            case Look():
                found = self.box.get(action.event_id)
                self.carry_out(looked(action, found, rules), rules)
            case Untag():
                self.box.release(action)
            case Remove():
                self.box.remove(action)
            case _:
                row = outcome(MAILBOX, action)
        if row:
            self.ledger.write([row])
        elif forgets(action):
            self.ledger.write([], forget=action.key)

    def _create(self, action: Create) -> Known | None:
        try:
            status, seen = self.box.create(action)
        except Lost:  # asked again at once, as the calendar's own door does
            status, seen = self.box.create(action)
        if seen is None:
            return already_gone(MAILBOX, action)
        return outcome(MAILBOX, action, seen.id, seen.etag, existed=status == "exists")
