"""Plans the diaries: what should stand, what stands and what we remember, for all before any is written.

A mailbox whose list could not be read whole has no plan, and so gets no write.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import Protocol

from bot.diary.actions import Known, Seen
from bot.diary.day import day_of
from bot.diary.entries import Wanted, owed_on
from bot.diary.entry import Entry
from bot.diary.mailbox import MailboxPlan
from bot.diary.placing import Unplaced
from bot.diary.plan import plan_mailbox
from bot.diary.said import Said, lost_colour, said_done, with_type_ups
from bot.diary.said import remembered as said_before
from bot.diary.settle import PlanRules
from bot.errors import BotError, Temporary
from bot.outlook.calendar import list_many
from bot.outlook.event import Standing
from bot.outlook.faults import OutOfScope, SignInRefused
from bot.rendering.entry import fingerprint
from bot.run.colours import colours_gone
from bot.run.marks import store_may_be_older
from bot.run.sheets import linked
from bot.run.snapshot import Snapshot
from bot.run.world import World
from bot.store import people
from bot.store.ledger import LedgerRow, rows_by_mailbox


@dataclass(frozen=True)
class Plans:
    """Every mailbox's plan, or why it has none."""

    wanted: Wanted
    rules: PlanRules
    read_at: datetime  # when the diaries were about to be read, by the clock (UTC)
    by_mailbox: dict[str, MailboxPlan]
    unread: dict[str, BotError]
    owners: dict[str, str]  # mailbox → worker id
    seen: dict[str, tuple[Seen, ...]]  # what stands, and
    known: dict[str, tuple[Known, ...]]  # what is remembered: what each plan was made of
    said: tuple[Said, ...] = ()  # visits that somebody says are done and the record does not know of
    renamed: Mapping[str, str] = field(default_factory=dict)  # old address → new, of one and the same mailbox
    shut: frozenset[str] = frozenset()  # of people who left, and told before that they may not be opened

    @property
    def children_of(self) -> dict[str, str]:
        """The child of every entry that is wanted, by key."""
        return {key: visit.child_id for key, visit in self.wanted.visits.items()}

    @property
    def unplaced(self) -> tuple[Unplaced, ...]:
        """Visits that stand in no diary."""
        return self.wanted.unplaced


class Progress(Protocol):
    """Told how far long work has come."""

    def __call__(self, done: int, of: int, what: str) -> None:
        """``done`` of ``of`` have been done."""


def silent(done: int, of: int, what: str) -> None:
    """Progress that nobody watches."""
    del done, of, what


def make_plans(
    world: World, snapshot: Snapshot, only: Collection[str] = (), keep: frozenset[str] = frozenset()
) -> Plans:
    """Read every diary concerned and plan it.

    ``only``: these worker ids (a pilot's, if there is one). ``keep``: keys of entries that stay although
    nothing wants them.
    """
    day = day_of(snapshot.judgement, snapshot.caseload, world.diary_rules, snapshot.today)
    diaries = owed_on(day, snapshot.visits)
    owners = _owners(snapshot)
    diaries = linked(world, diaries, owners)
    remembered = rows_by_mailbox(world.store)
    chosen = set(only) or set(world.settings.pilot)
    concerned = diaries.entries.keys() | remembered.keys()
    # With nothing remembered (the first run, a lost store) something of ours may stand with any worker.
    anywhere = not remembered or store_may_be_older(world, snapshot.today)
    mailboxes = [
        mailbox
        for mailbox in sorted(concerned | owners.keys() if anywhere else concerned)
        if not chosen or owners.get(mailbox) in chosen
    ]
    read_at = datetime.now(UTC)
    lists = list_many(world.connection, mailboxes) if mailboxes else {}
    rules = PlanRules(
        today=snapshot.today,
        names=world.names,
        template=fingerprint(world.settings.templates),
        most_removed=world.settings.guard.max_removed_share,
        always_removable=world.settings.guard.max_removed_floor,
        keep=keep,
    )
    shut = people.shut(world.store)
    unread: dict[str, BotError] = {}
    seen: dict[str, tuple[Seen, ...]] = {}
    known: dict[str, tuple[Known, ...]] = {}
    for mailbox, found in lists.items():
        if isinstance(found, SignInRefused):  # nobody's diary can be read, and nobody mailed
            raise found
        if mailbox not in concerned and (isinstance(found, BotError) or not found):
            continue
        if isinstance(found, BotError):
            if not (mailbox in shut and mailbox not in owners and isinstance(found, OutOfScope)):
                unread[mailbox] = found
            continue
        seen[mailbox] = tuple(as_seen(one) for one in found)
        known[mailbox] = tuple(as_known(row) for row in remembered.get(mailbox, ()))
    renamed = _renamed(diaries, seen)
    for old, new in renamed.items():
        mine = {row.key for row in known[new]}
        moved = (replace(row, mailbox=new) for row in known.pop(old) if row.key not in mine)
        known[new] = (*known[new], *moved)
        del seen[old]
    gone, doubtful = _colours_gone(world, diaries.entries, seen, known, rules)
    for mailbox, error in doubtful.items():
        unread[mailbox] = error
        del seen[mailbox], known[mailbox]
    rules = replace(rules, colours_gone=gone)
    said = said_done(diaries, seen, known, day, rules)
    diaries = with_type_ups(diaries, said, day)
    records = {
        mailbox: [entry for entry in owed if entry.said_at]
        for mailbox, owed in diaries.entries.items()
        if mailbox not in gone
    }
    rules = replace(rules, colours_gone=gone | _colours_gone(world, records, seen, known, rules)[0])
    plans = {
        mailbox: plan_mailbox(mailbox, diaries, standing, known[mailbox], rules)
        for mailbox, standing in seen.items()
    }
    elsewhere = [as_known(row) for mailbox, rows in remembered.items() if mailbox not in seen for row in rows]
    said = (*said, *said_before(snapshot.visits, elsewhere, day))
    return Plans(diaries, rules, read_at, plans, unread, owners, seen, known, said, renamed, shut)


def _renamed(diaries: Wanted, seen: Mapping[str, Sequence[Seen]]) -> dict[str, str]:
    """Old addresses that still lead to a mailbox that has a new one: both show the same entries.

    Planned apart, what is put in order under the new address would be taken out under the old.
    """
    served = {one.id: box for box, standing in seen.items() if diaries.of(box) for one in standing}
    found: dict[str, str] = {}
    for box, standing in seen.items():
        new = next((served[one.id] for one in standing if one.id in served), None)
        if new is not None and new != box and not diaries.of(box):
            found[box] = new
    return found


def _colours_gone(
    world: World,
    owed: Mapping[str, Sequence[Entry]],
    seen: Mapping[str, Sequence[Seen]],
    known: Mapping[str, Sequence[Known]],
    rules: PlanRules,
) -> tuple[dict[str, frozenset[str]], dict[str, Temporary]]:
    """The categories of ours that mailboxes have no more, looked at only where an entry has lost its own."""
    doubtful = [
        box for box, standing in seen.items() if lost_colour(owed.get(box, ()), standing, known[box], rules)
    ]
    return colours_gone(world, doubtful)


def said_remembered(world: World, snapshot: Snapshot) -> tuple[Said, ...]:
    """What is said to be done by the last look at each diary, for lists that are made without one."""
    rows = [as_known(row) for rows in rows_by_mailbox(world.store).values() for row in rows]
    if not any(row.said_done_at for row in rows):
        return ()
    day = day_of(snapshot.judgement, snapshot.caseload, world.diary_rules, snapshot.today)
    return said_before(snapshot.visits, rows, day)


def _owners(snapshot: Snapshot) -> dict[str, str]:
    workers = snapshot.caseload.workers
    return dict(zip(workers["email"], workers["worker_id"], strict=True))


# The fields as they are: a council has tens of thousands of entries, and copies of copies cost seconds.
_seen, _known, _row = (attrgetter(*(one.name for one in fields(of))) for of in (Seen, Known, LedgerRow))


def as_seen(one: Standing) -> Seen:
    """What Outlook shows, as planning takes it: the same names, so that neither room needs the other."""
    return Seen(*_seen(one))


def as_known(row: LedgerRow) -> Known:
    """What the store remembers, as planning takes it."""
    return Known(*_known(row))


def as_row(known: Known) -> LedgerRow:
    """What planning says to remember, as the store takes it."""
    return LedgerRow(*_row(known))
