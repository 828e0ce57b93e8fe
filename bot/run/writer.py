"""Does steps, many at a time, and remembers: before a batch is sent what it is about to do, then what it did.

A step is one action in one mailbox. Nothing is decided here: the plan says what is to be done, and the answer
what became of it.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from bot.diary.actions import (
    Action,
    Adopt,
    Change,
    Create,
    Dismiss,
    Known,
    Look,
    Remove,
    Untag,
    Write,
    already_gone,
    forgets,
    intent,
    outcome,
)
from bot.diary.entry import Body
from bot.diary.plan import looked
from bot.errors import BotError, Temporary
from bot.outlook.calendar import ChangeOp, CreateOp, GetOp, Op, Outcome, ReleaseOp, RemoveOp, write
from bot.outlook.event import Draft
from bot.outlook.faults import SignInRefused
from bot.rendering.entry import body_html
from bot.run.colours import Colours
from bot.run.keep import Progress, as_row, as_seen
from bot.run.marks import Marks
from bot.run.report import Line
from bot.run.tally import Tally
from bot.run.words import line
from bot.run.world import World
from bot.store import ledger
from bot.store.ledger import LedgerRow

BATCH = 20  # so many of what needs no call are remembered together
_FIRST_CHOSEN, _CHOSEN = 2**30, 2**29  # generations beyond those that go by the day
_IN_DOUBT = (
    "Not all of this diary could be looked at, so nothing is taken out of it. The next run tries again."
)
_CHANGED = Line("Left alone what was changed in Outlook meanwhile", "the next run plans again", "left")
_USED_UP = "Microsoft says that it was made before, and it is not there. The next run makes it again."


@dataclass(frozen=True, slots=True)
class Step:
    """One action in one mailbox."""

    mailbox: str
    action: Action


class Writer:
    """Does steps; what a batch is about to do is remembered before it is sent, what became of it after."""

    def __init__(
        self,
        world: World,
        fence: int,
        tallies: dict[str, Tally],
        progress: Progress,
        total: int,
        *,
        marks: Marks,
        begun: Collection[tuple[str, str]],
    ) -> None:
        self._world = world
        self._fence = fence
        self._tallies = tallies
        self._marks = marks
        self._progress = progress
        self._total = total
        self._done = 0
        self._not_made: set[str] = set()  # keys that could not be put into the diary they belong in
        self._used_up: list[Step] = []  # creations whose transaction id has made an entry that is gone
        self._begun = begun
        self._older: frozenset[str] = frozenset()  # mailboxes of which the store is older than what stands
        self._doubtful: set[str] = set()  # mailboxes where it is not known yet who took something out

    def keep_back(self, keys: Collection[str]) -> None:
        """Leave what is wanted in a diary that is not written where it stands."""
        self._not_made |= set(keys)

    def look(self, steps: Sequence[Step], colours: Colours) -> list[Step]:
        """Ask by id for entries the lists did not show; gives what is to be done about each."""
        follow: list[Step] = []
        looks = [(step, step.action) for step in steps if isinstance(step.action, Look)]
        ends = write(self._world.connection, [GetOp(step.mailbox, look.event_id) for step, look in looks])
        asked = list(zip(looks, ends, strict=True))
        gone = {step.mailbox for (step, look), end in asked if end.status == "gone" and look.target}
        self._older, unread = self._marks.look(gone)
        there = [(step.mailbox, look, as_seen(end.standing)) for (step, look), end in asked if end.standing]
        unsure = colours.look(there)
        for (step, look), end in asked:
            box = step.mailbox
            if end.status not in ("done", "gone"):
                self._failed(step, end)
                continue
            if look.target and (error := (unread if end.status == "gone" else unsure).get(box)):
                self._failed(step, Outcome(end.op, _status(error), error=error))
                continue
            standing = as_seen(end.standing) if end.standing else None
            if standing is not None:
                self._tallies[box].untouched.add(standing.id)
            older = box in self._older
            actions = looked(look, standing, colours.rules, memory_is_older=older)
            follow += [Step(box, action) for action in actions]
            self._tallies[box].made_again += older and actions != looked(look, standing, colours.rules)
        return follow

    def remove(self, steps: Sequence[Step]) -> None:
        """Take entries out, of mailboxes that are marked first: a store put back from before must not take
        for a person's deletion what went now. Each is remembered as going before that."""
        going = [step for step in steps if not self._is_held(step)]
        self._intend(going)
        unmarked = self._marks.leave({step.mailbox for step in going})
        for step in going:
            error = unmarked.get(step.mailbox)
            if isinstance(error, Temporary):
                self._tallies[step.mailbox].could_not_write(error, temporary=True)
            elif step.mailbox in unmarked and error is None:
                self._tallies[step.mailbox].lines.append(_CHANGED)
        staying = {box for box, error in unmarked.items() if error is None or isinstance(error, Temporary)}
        self.do([step for step in going if step.mailbox not in staying])

    def settle(self, mailboxes: Collection[str], read_at: datetime) -> None:
        """Say that the store knows again what stands, in these mailboxes, where everything went well."""
        well = {mailbox for mailbox in mailboxes if self._tallies[mailbox].all_went_well}
        self._marks.settle(self._doubtful, well, read_at)

    def do(self, steps: Sequence[Step]) -> None:
        """Carry steps out; one that failed leaves the others alone."""
        ops = [(step, self._op(step)) for step in steps]
        here = [(step, None) for step, op in ops if op is None]
        for start in range(0, len(here), BATCH):
            self._remember(here[start : start + BATCH])
        self._carry([(step, op) for step, op in ops if op is not None])
        used, self._used_up = self._used_up, []
        anew: list[Step] = []
        for step in used:
            if (step.mailbox, step.action.key) in self._begun:
                self._used_up.append(step)
            else:
                anew.append(_anew(step))
        self._carry([(step, op) for step in anew if (op := self._op(step)) is not None])
        for step in self._used_up:
            self._not_made.add(step.action.key)
            self._doubtful.add(step.mailbox)
            self._tallies[step.mailbox].could_not_write(_USED_UP, temporary=True)
        self._used_up = []

    def _carry(self, calls: Sequence[tuple[Step, Op]]) -> None:
        def before(places: Sequence[int]) -> None:
            self._intend([calls[place][0] for place in places])

        def after(ended: Mapping[int, Outcome]) -> None:
            self._remember([(calls[place][0], end) for place, end in ended.items()])

        if calls:
            write(self._world.connection, [op for _, op in calls], before=before, after=after)

    def _intend(self, steps: Sequence[Step]) -> None:
        intents = [intent(step.mailbox, step.action) for step in steps]
        ledger.put(self._world.store, self._fence, [as_row(known) for known in intents if known])

    def _is_held(self, step: Step) -> bool:
        """Whether an entry must stay: its new diary was not written, or its mailbox's mark is needed yet."""
        if step.action.key in self._not_made:
            words = "Its new diary could not be written, so it stays in this one. The next run tries again."
            self._tallies[step.mailbox].could_not_write(words, temporary=False)
            return True
        if step.mailbox in self._doubtful:
            self._tallies[step.mailbox].could_not_write(_IN_DOUBT, temporary=True)
            return True
        return False

    def _op(self, step: Step) -> Op | None:
        match step.action:
            case Create(write=wanted) as create:
                return CreateOp(step.mailbox, self._draft(wanted), create.transaction_id)
            case Change(event_id=event_id, etag=etag, write=wanted):
                return ChangeOp(step.mailbox, event_id, etag, self._draft(wanted))
            case Untag(event_id=event_id, etag=etag, why=why):
                return ReleaseOp(step.mailbox, event_id, etag, made_by_us=why == "released")
            case Remove(event_id=event_id, etag=etag):
                return RemoveOp(step.mailbox, event_id, etag)
            case _:
                return None

    def _draft(self, wanted: Write) -> Draft:
        return Draft(
            key=wanted.key,
            subject=wanted.subject,
            html=_html(wanted.body, self._world.settings.templates),
            starts=wanted.starts,
            ends=wanted.ends,
            all_day=wanted.all_day,
            categories=wanted.categories,
            alarm_minutes=wanted.alarm_minutes,
        )

    def _remember(self, ended: Sequence[tuple[Step, Outcome | None]]) -> None:
        """Write down what became of steps; without an outcome only our memory changes."""
        rows: list[LedgerRow] = []
        gone: dict[str, list[str]] = defaultdict(list)
        for step, end in ended:
            row, forget = self._known(step, end)
            if row is not None:
                rows.append(as_row(row))
            if forget:
                gone[step.mailbox].append(step.action.key)
        ledger.put(self._world.store, self._fence, rows)
        for mailbox, keys in gone.items():
            ledger.forget(self._world.store, self._fence, mailbox, keys)
        self._done += len(ended)
        self._progress(self._done, self._total, "entries")

    def _known(self, step: Step, end: Outcome | None) -> tuple[Known | None, bool]:
        """What to remember of a step, and whether what was remembered of it ends."""
        action = step.action
        tally = self._tallies[step.mailbox]
        if end is None:  # only our memory changes
            if isinstance(action, Dismiss) and action.subject:
                tally.lines.append(line(action))
            return outcome(step.mailbox, action), forgets(action)
        if isinstance(action, Create) and end.status in ("exists", "gone") and end.standing is None:
            self._used_up.append(step)
            return already_gone(step.mailbox, action), False
        if isinstance(action, Change | Remove | Untag) and end.status in ("done", "gone"):
            tally.untouched.discard(action.event_id)
        if end.status == "gone" and isinstance(action, Remove | Untag):
            return None, forgets(action)
        if end.status in ("done", "exists"):
            tally.counts[action.do] += 1
            standing = end.standing
            stands = standing.id if standing else getattr(action, "event_id", None)
            tally.lines.append(line(action, None if isinstance(action, Remove) else stands))
            known = outcome(
                step.mailbox,
                action,
                standing.id if standing else None,
                standing.etag if standing else None,
                existed=end.status == "exists",
            )
            return known, forgets(action)
        if end.status in ("conflict", "gone"):
            tally.lines.append(_CHANGED)
            return None, False
        self._failed(step, end)
        return None, False

    def _failed(self, step: Step, end: Outcome) -> None:
        if isinstance(end.error, SignInRefused):  # nothing else can succeed
            raise end.error
        if step.mailbox in self._older or (isinstance(step.action, Look) and end.status == "temporary"):
            self._doubtful.add(step.mailbox)
        if isinstance(step.action, Create | Adopt):
            self._not_made.add(step.action.key)
        why = end.error or "Nobody said why; the next run looks again."
        self._tallies[step.mailbox].could_not_write(why, temporary=end.status == "temporary")


def _status(error: BotError) -> Literal["temporary", "permanent"]:
    return "temporary" if isinstance(error, Temporary) else "permanent"


def _anew(step: Step) -> Step:
    """The same creation under an id that nobody can have used.

    An entry that went and is owed again on the same day would have to wait, run after run, for an id of the
    day that is free: those that remember how many were used may be lost.
    """
    if not isinstance(step.action, Create):
        raise TypeError("only a creation has a transaction id")
    record = replace(step.action.record, generation=_FIRST_CHOSEN + secrets.randbelow(_CHOSEN))
    return replace(step, action=replace(step.action, record=record))


@lru_cache(maxsize=4096)
def _html(body: Body, templates: Path) -> str:
    return body_html(body, templates)
