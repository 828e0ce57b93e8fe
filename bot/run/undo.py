"""Takes every entry of the bot's out of diaries again, and only those: known by tag or by ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.errors import BotError
from bot.outlook.calendar import GetOp, Outcome, RemoveOp, list_many, write
from bot.outlook.event import Standing
from bot.run.world import World
from bot.store import ledger, people
from bot.store.lock import keeping

BATCH = 20


@dataclass(frozen=True)
class Found:
    """What stands of ours, by mailbox, and which mailboxes could not be read."""

    entries: dict[str, tuple[Standing, ...]]
    unread: dict[str, BotError]

    @property
    def count(self) -> int:
        """How many entries would be removed."""
        return sum(len(entries) for entries in self.entries.values())


@dataclass(frozen=True)
class Undone:
    """What was removed, and what could not be."""

    removed: int
    errors: tuple[str, ...]


def find(world: World, mailboxes: Collection[str]) -> Found:
    """List our entries in these mailboxes and in every one the ledger knows among them."""
    entries: dict[str, tuple[Standing, ...]] = {}
    unread: dict[str, BotError] = {}
    for mailbox, found in list_many(world.connection, sorted(mailboxes)).items() if mailboxes else ():
        if isinstance(found, BotError):
            unread[mailbox] = found
        else:
            entries[mailbox] = found
    for mailbox, more in _remembered(world, entries).items():
        entries[mailbox] += more
    return Found(entries, unread)


def _remembered(world: World, listed: dict[str, tuple[Standing, ...]]) -> dict[str, tuple[Standing, ...]]:
    """What the ledger knows by id and the lists do not show: a client took the tag off."""
    rows = ledger.rows_by_mailbox(world.store)
    asked = [
        GetOp(mailbox, row.event_id)
        for mailbox, entries in listed.items()
        for row in rows.get(mailbox, ())
        if row.event_id and row.state == "live" and row.event_id not in {one.id for one in entries}
    ]
    more: dict[str, tuple[Standing, ...]] = defaultdict(tuple)
    for end in write(world.connection, asked) if asked else ():
        if end.standing is not None:
            more[end.op.mailbox] += (end.standing,)
    return dict(more)


def remove(world: World, found: Found) -> Undone:
    """Remove what was found, and forget it; an entry changed meanwhile is left and said so.

    Raises Occupied where another process keeps diaries from this store.
    """
    with keeping(world.store, "undo"):
        return _remove(world, found)


def _remove(world: World, found: Found) -> Undone:
    fence = world.store.take_fence()
    ops = [RemoveOp(mailbox, one.id, one.etag) for mailbox, all_ in found.entries.items() for one in all_]
    removed = 0
    errors = [str(error) for error in found.unread.values()]
    left: dict[str, set[str]] = defaultdict(set)
    for start in range(0, len(ops), BATCH):
        some = ops[start : start + BATCH]
        _intend(world, fence, some)
        for end in write(world.connection, some):
            if end.status in ("done", "gone"):
                removed += 1
            else:
                left[_of(end).mailbox].add(_of(end).id)
                errors.append(str(end.error or "an entry was changed meanwhile and was left; run undo again"))
    rows = ledger.rows_by_mailbox(world.store)
    for mailbox in found.entries:
        keys = [row.key for row in rows.get(mailbox, ()) if row.event_id not in left[mailbox]]
        ledger.forget(world.store, fence, mailbox, keys)
    people.forget_all(world.store, list(found.entries))
    return Undone(removed, tuple(errors))


def _intend(world: World, fence: int, ops: Sequence[RemoveOp]) -> None:
    """Remember that these are about to go; else a run after a stop would think people deleted them."""
    going = {(op.mailbox, op.id) for op in ops}
    known = (row for rows in ledger.rows_by_mailbox(world.store).values() for row in rows)
    begun = [
        replace(row, state="intent", generation=row.generation + 1)
        for row in known
        if (row.mailbox, row.event_id) in going and row.state == "live"
    ]
    ledger.put(world.store, fence, begun)


def _of(end: Outcome) -> RemoveOp:
    if not isinstance(end.op, RemoveOp):
        raise TypeError("undo only removes")
    return end.op


def mailboxes(world: World, known: Sequence[tuple[str, str]], only: Collection[str]) -> tuple[str, ...]:
    """Where to look: every worker's mailbox, and the ledger's. ``known``: (worker id, address)."""
    chosen = {address for worker, address in known if not only or worker in only}
    if not only:
        chosen |= set(ledger.rows_by_mailbox(world.store))
    return tuple(sorted(chosen))
