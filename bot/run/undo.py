"""Takes every entry of the bot's out of diaries again, and only those: known by tag or by ledger.

Ours are the entries it made and keeps, those it made and let go when their time was over, and those that it
remembers by id, whatever a client did to their tag. A person's copy of one is theirs and stays; only the mark
that it carries is taken off.
Undo asks nothing of the caseload but who works where, so that it works on the day it is needed most. Stopped
half-way or kept out of a mailbox it leaves the rest as it is; asked again it goes on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import BotError, Temporary
from bot.outlook.calendar import GetOp, Outcome, ReleaseOp, RemoveOp, list_made, write
from bot.outlook.event import Standing
from bot.outlook.faults import NoMailbox
from bot.run.keep import Progress, silent
from bot.run.marks import Marks
from bot.run.world import World
from bot.store import ledger, people
from bot.store.lock import keeping

_LONDON = ZoneInfo("Europe/London")
_EVERY_KIND = tuple((released, copies) for copies in (False, True) for released in (False, True))


@dataclass(frozen=True)
class Found:
    """What stands of ours, by mailbox, and which mailboxes could not be read."""

    entries: dict[str, tuple[Standing, ...]]  # every one of ours
    unread: dict[str, BotError]
    released: dict[str, int] = field(default_factory=dict)  # how many of them were let go before
    copies: dict[str, tuple[Standing, ...]] = field(default_factory=dict)  # people's own, with our mark
    nowhere: tuple[str, ...] = ()  # mailboxes that there are none of, and nothing is remembered in

    @property
    def is_nothing(self) -> bool:
        """Whether everything could be looked at and there is nothing to take away."""
        return not (self.count or self.copied or self.unread)

    @property
    def count(self) -> int:
        """How many entries would be removed."""
        return sum(len(entries) for entries in self.entries.values())

    @property
    def copied(self) -> int:
        """How many copies would lose our mark."""
        return sum(len(copies) for copies in self.copies.values())


@dataclass(frozen=True)
class Undone:
    """What was removed, by mailbox, and what could not be."""

    by_mailbox: dict[str, int]
    left: dict[str, int]  # changed by somebody since they were counted
    errors: tuple[str, ...]
    copies: int = 0  # that people made, and that carry our mark no more

    @property
    def removed(self) -> int:
        """How many entries were removed."""
        return sum(self.by_mailbox.values())


def find(world: World, mailboxes: Collection[str]) -> Found:
    """List our entries in these mailboxes, and ask by id for those the ledger knows and no list shows."""
    boxes = sorted(mailboxes)
    if not boxes:
        return Found({}, {})
    entries: dict[str, tuple[Standing, ...]] = {}
    copies: dict[str, tuple[Standing, ...]] = {}
    released: dict[str, int] = {}
    unread: dict[str, BotError] = {}
    nowhere: list[str] = []
    known = {box for box, rows in ledger.rows_by_mailbox(world.store).items() if any(map(_stands, rows))}
    lists = [list_made(world.connection, boxes, released=gone, copies=theirs) for gone, theirs in _EVERY_KIND]
    for mailbox in boxes:
        found = [one[mailbox] for one in lists]
        error = next((one for one in found if isinstance(one, BotError)), None)
        if isinstance(error, NoMailbox) and mailbox not in known:
            nowhere.append(mailbox)
            continue
        if error is not None:
            unread[mailbox] = error
            continue
        kept, before, *theirs = (one for one in found if not isinstance(one, BotError))
        entries[mailbox] = (*kept, *before)
        released[mailbox] = len(before)
        copies[mailbox] = tuple(one for some in theirs for one in some)
    for mailbox, more in _remembered(world, entries).items():
        entries[mailbox] += more
    for mailbox, all_ in entries.items():  # a copy that took the place of the entry is ours
        ours = {one.id for one in all_}
        copies[mailbox] = tuple(one for one in copies[mailbox] if one.id not in ours)
    with_copies = {box: some for box, some in copies.items() if some}
    return Found(entries, unread, released, with_copies, tuple(nowhere))


def _remembered(world: World, listed: dict[str, tuple[Standing, ...]]) -> dict[str, tuple[Standing, ...]]:
    """What the ledger knows by id and the lists do not show: a client took the tag off."""
    rows = ledger.rows_by_mailbox(world.store)
    asked = [
        GetOp(mailbox, row.event_id)
        for mailbox, entries in listed.items()
        for row in rows.get(mailbox, ())
        if row.event_id and _stands(row) and row.event_id not in {one.id for one in entries}
    ]
    more: dict[str, tuple[Standing, ...]] = defaultdict(tuple)
    for end in write(world.connection, asked) if asked else ():
        if end.standing is not None:
            more[end.op.mailbox] += (end.standing,)
    return dict(more)


def _stands(row: ledger.LedgerRow) -> bool:
    """Whether an entry stands by what is remembered."""
    return row.event_id is not None and row.state != "dismissed"


def remove(world: World, found: Found, *, progress: Progress = silent) -> Undone:
    """Remove what was found, and forget it; an entry changed meanwhile is left and said so.

    Raises Occupied where another process keeps diaries from this store.
    """
    with keeping(world.store, "undo"):
        return _remove(world, found, progress)


def _remove(world: World, found: Found, progress: Progress) -> Undone:
    fence = world.store.take_fence()
    going = [RemoveOp(mailbox, one.id, one.etag) for mailbox, all_ in found.entries.items() for one in all_]
    done: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    errors = [str(error) for error in found.unread.values()]
    left: dict[str, set[str]] = defaultdict(set)

    def after(ended: Mapping[int, Outcome]) -> None:
        done["ended"] += len(ended)
        progress(done["ended"], len(ops), "entries")

    _intend(world, fence, going)
    now = datetime.now(_LONDON).replace(tzinfo=None)
    unmarked = Marks(world, fence, now).leave({op.mailbox for op in going})
    for mailbox, error in unmarked.items():
        if error is None or isinstance(error, Temporary):  # else it cannot be helped, and undo is needed
            why = error or f"{mailbox}: Its calendar was changed just now."
            errors.append(f"{why} Nothing was taken out of this diary. Run undo again.")
            left[mailbox] |= {op.id for op in going if op.mailbox == mailbox}
    ops: list[RemoveOp | ReleaseOp] = [op for op in going if op.id not in left[op.mailbox]]
    ops += [ReleaseOp(mailbox, one.id, one.etag) for mailbox, all_ in found.copies.items() for one in all_]
    removed: Counter[str] = Counter()
    for end in write(world.connection, ops, after=after):
        op = _of(end)
        if end.status in ("done", "gone"):
            done["copies"] += isinstance(op, ReleaseOp)
            removed[op.mailbox] += isinstance(op, RemoveOp)
            continue
        left[op.mailbox].add(op.id)
        if end.status == "conflict":
            changed[op.mailbox] += 1
        else:
            errors.append(str(end.error or f"{op.mailbox}: an entry could not be removed."))
    errors += [
        f"{mailbox}: {number} changed since they were counted, and were left. Run undo again to look anew."
        for mailbox, number in sorted(changed.items())
    ]
    _forget(world, fence, found, left)
    return Undone(dict(+removed), dict(changed), tuple(dict.fromkeys(errors)), done["copies"])


def _forget(world: World, fence: int, found: Found, left: Mapping[str, Collection[str]]) -> None:
    rows = ledger.rows_by_mailbox(world.store)
    for mailbox in found.entries:
        ended = [row for row in rows.get(mailbox, ()) if row.event_id not in left.get(mailbox, ())]
        ledger.put(world.store, fence, [_used_up(row) for row in ended if row.event_id])
        ledger.forget(world.store, fence, mailbox, [row.key for row in ended if not row.event_id])
    people.forget_all(world.store, list(found.entries))


def _intend(world: World, fence: int, ops: Sequence[RemoveOp]) -> None:
    """Remember that these are about to go, before anything marks that they went: else a run after a stop, or
    from a copy of the store made at this moment, would think that people deleted them."""
    going = {(op.mailbox, op.id) for op in ops}
    known = (row for rows in ledger.rows_by_mailbox(world.store).values() for row in rows)
    begun = [
        replace(row, state="intent", generation=row.generation + 1)
        for row in known
        if (row.mailbox, row.event_id) in going and row.state == "live"
    ]
    ledger.put(world.store, fence, begun)


def _used_up(row: ledger.LedgerRow) -> ledger.LedgerRow:
    """Remember of one that is gone only that its transaction id is used up: a run today makes it at once.

    One that a person deleted, and no run has missed yet, was not among what was taken out.
    """
    used = row.generation + (row.state == "live")
    return replace(
        row, state="intent", generation=used, event_id=None, etag=None, placing=None, said_done_at=None
    )


def _of(end: Outcome) -> RemoveOp | ReleaseOp:
    if not isinstance(end.op, RemoveOp | ReleaseOp):
        raise TypeError("undo only removes and lets go")
    return end.op


def mailboxes(world: World, known: Sequence[tuple[str, str]], only: Collection[str]) -> tuple[str, ...]:
    """Where to look: every worker's mailbox, and the ledger's. ``known``: (worker id, address)."""
    chosen = {address for worker, address in known if not only or worker in only}
    if not only:
        chosen |= set(ledger.rows_by_mailbox(world.store))
    return tuple(sorted(chosen))
