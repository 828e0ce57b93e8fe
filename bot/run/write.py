"""Carries plans out: intents into the ledger, the batch to Outlook, ids and etags into the ledger, and again.

Removals come last, and what is to appear in a new worker's diary does so before it goes from the old one's:
a child's reminder stands twice for a moment rather than nowhere for one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.diary.actions import Look, Remove
from bot.run.colours import Colours
from bot.run.keep import Plans, Progress, silent
from bot.run.leavers import called
from bot.run.mailboxes import keep_renamed, make_categories, make_ready, tell_unread
from bot.run.marks import Marks
from bot.run.report import Kept
from bot.run.tally import Tally
from bot.run.world import World
from bot.run.writer import Step, Writer


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
    mailboxes = sorted(plans.by_mailbox.keys() | plans.unread.keys())
    whose = called(world, plans.owners, mailboxes)
    tallies = {
        mailbox: Tally(mailbox, whose[mailbox], untouched={one.id for one in plans.seen.get(mailbox, ())})
        for mailbox in mailboxes
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
    gone = make_ready(world, fence, plans, allowed, now=now, tallies=tallies)
    steps = [Step(mailbox, action) for mailbox, plan in allowed.items() for action in plan.actions]
    marks = Marks(world, fence, now)
    writer = Writer(world, fence, tallies, progress, len(steps), marks=marks, begun=_begun(plans))
    writer.keep_back(_wanted_in_vain(world, plans, allowed))
    colours = Colours(world, fence, plans.rules, gone)
    found = writer.look([step for step in steps if isinstance(step.action, Look)], colours)
    rest = [step for step in steps if not isinstance(step.action, Look)] + found
    writer.do([step for step in rest if not isinstance(step.action, Remove)])
    writer.remove([step for step in rest if isinstance(step.action, Remove)])
    writer.settle(allowed, plans.read_at)
    coloured = [mailbox for mailbox in sorted(colours.gone) if tallies[mailbox].is_whole]
    make_categories(world, fence, coloured, now=now, tallies=tallies)
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
