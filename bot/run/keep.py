"""Plans the diaries: what should stand, what stands and what we remember, for all before any is written.

A mailbox whose list could not be read whole has no plan, and so gets no write.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Protocol

from bot.diary.actions import Action, Change, Create, Dismiss, Known, Remove, Seen, Untag, Write
from bot.diary.entries import Wanted, wanted
from bot.diary.mailbox import Left, MailboxPlan, say
from bot.diary.placing import Unplaced
from bot.diary.plan import plan_mailbox
from bot.diary.settle import PlanRules
from bot.diary.words import full_day
from bot.errors import BotError
from bot.outlook.calendar import list_many
from bot.outlook.event import Standing
from bot.rendering.entry import fingerprint
from bot.run.report import Did, Line
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


_CHANGED = {
    "due": "due date",
    "place": "day",
    "words": "title",
    "colour": "colour",
    "alarm": "alarm",
    "tag": "mark",
    "body": "text",
}


def line(action: Action, event_id: str | None = None) -> Line:
    """A thing done, as a person would say it, with the reason: the clauses that govern, or what differed."""
    what, why, did = _said(action)
    return Line(what, why, did, event_id)


def _said(action: Action) -> tuple[str, str, Did]:
    match action:
        case Create(write=write):
            return f"Put in “{write.subject}” on {_when(write)}", _because(write), "put"
        case Change(write=write, record=record) if record.achieved:
            return f"Took the colour out: “{write.subject}”", "the visit is recorded and counts", "done"
        case Change(write=write, why=why, was=was) if "place" in why:
            still = was is not None and "due" not in why and was.placed.date() < write.starts.date()
            because = "the day it stood on has passed, and it is still owed" if still else _because(write)
            return f"Moved “{write.subject}” to {_when(write)}", because, "moved"
        case Change(write=write, why=why):
            changed = ", ".join(_CHANGED[one] for one in why)
            return f"Changed “{write.subject}”: its {changed}", _because(write), "changed"
        case Remove(subject=subject, why=why):
            return (
                f"Took out “{subject}”",
                "owed no more here" if why == "unwanted" else "stood twice",
                "removed",
            )
        case Untag(why="released"):
            return "Let an achieved entry go: it stays, and is no longer ours", "its time is over", "left"
        case Untag():
            return "Left a person's copy to them", "whoever made it keeps it", "left"
        case Dismiss(subject=subject):
            return *_left(Left(subject, "deleted")), "left"
        case _:
            return say(action), "", "told"


def left_lines(plan: MailboxPlan) -> tuple[Line, ...]:
    """What a person decided about an entry, and the bot holds to."""
    return tuple(Line(*_left(one), "left", one.event_id) for one in plan.left)


def _left(one: Left) -> tuple[str, str]:
    match one.decided:
        case "deleted":
            return f"Left out “{one.subject}”", "a person deleted it; the lists still name it"
        case "moved":
            where = f"{full_day(one.starts)}" if one.starts else ""
            return f"Left “{one.subject}” on {where}", "a person moved it there"
        case "said_done":
            return (
                f"Left “{one.subject}” without its colour",
                "a person took it out; the record does not say so yet",
            )


def _when(write: Write) -> str:
    return full_day(write.starts) if write.all_day else f"{full_day(write.starts)} at {write.starts:%H:%M}"


def _because(write: Write) -> str:
    return "; ".join(f"{one.id}: {one.counted}" for one in write.body.why if one.governs)


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
