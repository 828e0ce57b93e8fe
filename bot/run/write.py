"""Carries plans out: intents into the ledger, the batch to Outlook, ids and etags into the ledger, and again.

Removals come last, and what is to appear in a new worker's diary does so before it goes from the old one's:
a child's reminder stands twice for a moment rather than nowhere for one.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

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
from bot.outlook.calendar import ChangeOp, CreateOp, GetOp, Op, Outcome, ReleaseOp, RemoveOp, write
from bot.outlook.event import Draft
from bot.outlook.faults import SignInRefused
from bot.rendering.entry import body_html
from bot.run.keep import Plans, Progress, as_row, as_seen, silent
from bot.run.mailboxes import keep_renamed, make_ready, tell_unread
from bot.run.report import Kept, Line
from bot.run.tally import Tally
from bot.run.words import line
from bot.run.world import World
from bot.store import ledger
from bot.store.ledger import LedgerRow

BATCH = 20  # so many of what needs no call are remembered together
_FIRST_CHOSEN, _CHOSEN = 2**30, 2**29  # generations beyond those that go by the day
_USED_UP = "Microsoft says that it was made before, and it is not there. The next run makes it again."


@dataclass(frozen=True, slots=True)
class _Step:
    """One action in one mailbox."""

    mailbox: str
    action: Action


def carry_out(
    world: World,
    fence: int,
    plans: Plans,
    now: datetime,
    *,
    forced: bool = False,
    progress: Progress = silent,
) -> tuple[Kept, ...]:
    """Write every plan that may be written; what failed is in the answer, mailbox by mailbox."""
    tallies = {
        mailbox: Tally(mailbox, plans.owners.get(mailbox, "?"))
        for mailbox in sorted(plans.by_mailbox.keys() | plans.unread.keys())
    }
    tell_unread(world, fence, plans, now, tallies)
    keep_renamed(world, fence, plans, tallies)
    allowed = {}
    for mailbox, plan in plans.by_mailbox.items():
        if plan.refusal is not None and not forced:
            tallies[mailbox].could_not(str(plan.refusal))
            tallies[mailbox].refused = True
        else:
            allowed[mailbox] = plan
    make_ready(world, fence, plans, allowed, now=now, tallies=tallies)
    steps = [_Step(mailbox, action) for mailbox, plan in allowed.items() for action in plan.actions]
    writer = _Writer(world, fence, tallies, progress, len(steps), begun=_begun(plans))
    writer.keep_back(_wanted_in_vain(world, plans, allowed))
    found = writer.look([step for step in steps if isinstance(step.action, Look)], plans)
    rest = [step for step in steps if not isinstance(step.action, Look)] + found
    writer.do([step for step in rest if not isinstance(step.action, Remove)])
    writer.do([step for step in rest if isinstance(step.action, Remove)])
    return tuple(tally.kept(plans.by_mailbox.get(mailbox)) for mailbox, tally in tallies.items())


def _wanted_in_vain(world: World, plans: Plans, allowed: Collection[str]) -> set[str]:
    """Give the keys wanted in a diary that gets no write now: unread, refused, or not asked for this time.

    A diary that a pilot leaves out is another matter: nothing will ever be put there.
    """
    pilot = world.settings.pilot
    return {
        entry.key
        for mailbox, entries in plans.wanted.entries.items()
        if mailbox not in allowed and (not pilot or plans.owners.get(mailbox) in pilot)
        for entry in entries
    }


def _begun(plans: Plans) -> set[tuple[str, str]]:
    """Give the (mailbox, key) an earlier run began to make: they may stand where no list shows them yet."""
    return {
        (mailbox, row.key)
        for mailbox, rows in plans.known.items()
        for row in rows
        if row.state == "intent" and row.event_id is None
    }


class _Writer:
    """Does steps; what a batch is about to do is remembered before it is sent, what became of it after."""

    def __init__(
        self,
        world: World,
        fence: int,
        tallies: dict[str, Tally],
        progress: Progress,
        total: int,
        *,
        begun: Collection[tuple[str, str]],
    ) -> None:
        self._world = world
        self._fence = fence
        self._tallies = tallies
        self._progress = progress
        self._total = total
        self._done = 0
        self._not_made: set[str] = set()  # keys that could not be put into the diary they belong in
        self._used_up: list[_Step] = []  # creations whose transaction id has made an entry that is gone
        self._begun = begun

    def keep_back(self, keys: Collection[str]) -> None:
        """Leave what is wanted in a diary that is not written where it stands."""
        self._not_made |= set(keys)

    def look(self, steps: Sequence[_Step], plans: Plans) -> list[_Step]:
        """Ask by id for entries the lists did not show; gives what is to be done about each."""
        follow: list[_Step] = []
        looks = [(step, step.action) for step in steps if isinstance(step.action, Look)]
        ends = write(self._world.connection, [GetOp(step.mailbox, look.event_id) for step, look in looks])
        for (step, look), end in zip(looks, ends, strict=True):
            if end.status not in ("done", "gone"):
                self._failed(step, end)
                continue
            standing = as_seen(end.standing) if end.standing else None
            follow += [_Step(step.mailbox, action) for action in looked(look, standing, plans.rules)]
        return follow

    def do(self, steps: Sequence[_Step]) -> None:
        """Carry steps out; one that failed leaves the others alone."""
        allowed = [step for step in steps if not self._is_held(step)]
        ops = [(step, self._op(step)) for step in allowed]
        here = [(step, None) for step, op in ops if op is None]
        for start in range(0, len(here), BATCH):
            self._remember(here[start : start + BATCH])
        self._carry([(step, op) for step, op in ops if op is not None])
        used, self._used_up = self._used_up, []
        anew: list[_Step] = []
        for step in used:
            if (step.mailbox, step.action.key) in self._begun:
                self._used_up.append(step)
            else:
                anew.append(_anew(step))
        self._carry([(step, op) for step in anew if (op := self._op(step)) is not None])
        for step in self._used_up:
            self._not_made.add(step.action.key)
            self._tallies[step.mailbox].could_not_write(_USED_UP, temporary=True)
        self._used_up = []

    def _carry(self, calls: Sequence[tuple[_Step, Op]]) -> None:
        def before(places: Sequence[int]) -> None:
            intents = [intent(calls[place][0].mailbox, calls[place][0].action) for place in places]
            ledger.put(self._world.store, self._fence, [as_row(known) for known in intents if known])

        def after(ended: Mapping[int, Outcome]) -> None:
            self._remember([(calls[place][0], end) for place, end in ended.items()])

        if calls:
            write(self._world.connection, [op for _, op in calls], before=before, after=after)

    def _is_held(self, step: _Step) -> bool:
        """Whether an entry must stay because its new diary could not be written."""
        held = isinstance(step.action, Remove) and step.action.key in self._not_made
        if held:
            words = "Its new diary could not be written, so it stays in this one. The next run tries again."
            self._tallies[step.mailbox].could_not_write(words, temporary=False)
        return held

    def _op(self, step: _Step) -> Op | None:
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

    def _remember(self, ended: Sequence[tuple[_Step, Outcome | None]]) -> None:
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

    def _known(self, step: _Step, end: Outcome | None) -> tuple[Known | None, bool]:
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
            tally.lines.append(
                Line("Left alone what was changed in Outlook meanwhile", "the next run plans again", "left")
            )
            return None, False
        self._failed(step, end)
        return None, False

    def _failed(self, step: _Step, end: Outcome) -> None:
        if isinstance(end.error, SignInRefused):  # nothing else can succeed
            raise end.error
        if isinstance(step.action, Create | Adopt):
            self._not_made.add(step.action.key)
        why = end.error or "Nobody said why; the next run looks again."
        self._tallies[step.mailbox].could_not_write(why, temporary=end.status == "temporary")


def _anew(step: _Step) -> _Step:
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
