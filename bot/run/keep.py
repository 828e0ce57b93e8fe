"""Plans the diaries: what should stand, what stands and what we remember, for all before any is written.

A mailbox whose list could not be read whole has no plan, and so gets no write.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Protocol

from bot.diary.actions import Known, Seen
from bot.diary.entries import Wanted, wanted
from bot.diary.mailbox import MailboxPlan
from bot.diary.placing import Unplaced
from bot.diary.plan import plan_mailbox
from bot.diary.settle import PlanRules
from bot.errors import BotError
from bot.outlook.calendar import list_many
from bot.outlook.event import Standing
from bot.rendering.entry import fingerprint
from bot.run.snapshot import Snapshot
from bot.run.world import World
from bot.store.ledger import LedgerRow, rows_by_mailbox


@dataclass(frozen=True)
class Plans:
    """Every mailbox's plan, or why it has none."""

    wanted: Wanted
    rules: PlanRules
    by_mailbox: dict[str, MailboxPlan]
    unread: dict[str, BotError]
    owners: dict[str, str]  # mailbox → worker id

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


def make_plans(world: World, snapshot: Snapshot, only: Collection[str] = ()) -> Plans:
    """Read every diary concerned and plan it. ``only``: these worker ids (a pilot's, if there is one)."""
    diaries = wanted(
        snapshot.judgement, snapshot.visits, snapshot.caseload, world.diary_rules, snapshot.today
    )
    owners = _owners(snapshot)
    remembered = rows_by_mailbox(world.store)
    chosen = set(only) or set(world.settings.pilot)
    mailboxes = [
        mailbox
        for mailbox in sorted(diaries.entries.keys() | remembered.keys())
        if not chosen or owners.get(mailbox) in chosen
    ]
    lists = list_many(world.connection, mailboxes) if mailboxes else {}
    rules = PlanRules(
        today=snapshot.today,
        names=world.names,
        template=fingerprint(world.settings.templates),
        most_removed=world.settings.guard.max_removed_share,
        always_removable=world.settings.guard.max_removed_floor,
    )
    plans: dict[str, MailboxPlan] = {}
    unread: dict[str, BotError] = {}
    for mailbox, found in lists.items():
        if isinstance(found, BotError):
            unread[mailbox] = found
            continue
        known = [as_known(row) for row in remembered.get(mailbox, ())]
        plans[mailbox] = plan_mailbox(mailbox, diaries, [as_seen(one) for one in found], known, rules)
    return Plans(diaries, rules, plans, unread, owners)


def _owners(snapshot: Snapshot) -> dict[str, str]:
    workers = snapshot.caseload.workers
    return dict(zip(workers["email"], workers["worker_id"], strict=True))


def as_seen(one: Standing) -> Seen:
    """What Outlook shows, as planning takes it: the same names, so that neither room needs the other."""
    return Seen(**asdict(one))


def as_known(row: LedgerRow) -> Known:
    """What the store remembers, as planning takes it."""
    return Known(**asdict(row))


def as_row(known: Known) -> LedgerRow:
    """What planning says to remember, as the store takes it."""
    return LedgerRow(**asdict(known))
