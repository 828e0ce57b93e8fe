"""What is seen to of each mailbox as a whole before any entry is written in one: is it there, and ready?

A mailbox that cannot be read gets no write; one that has a new address is still the same diary; and one that
is served must have our categories, since without them entries read as done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.outlook.faults import NoMailbox, OutOfScope
from bot.outlook.people import ensure_categories_in
from bot.run.keep import Plans
from bot.run.report import Line
from bot.run.tally import Tally
from bot.run.world import World
from bot.store import ledger, people

LOOKED_AT_EVERY = timedelta(days=7)
_STANDS = "What the bot put there stands, and is taken out once it may be opened. This is told once."


def tell_unread(world: World, fence: int, plans: Plans, now: datetime, tallies: Mapping[str, Tally]) -> None:
    """Say which diaries could not be read; of one that nobody in the caseload has, once where that will stay.

    What stands in a mailbox that may not be opened is remembered: where it may be again, it is taken out.
    """
    for mailbox, error in plans.unread.items():
        left = mailbox not in plans.owners
        if left and isinstance(error, NoMailbox):
            tallies[mailbox].could_not(error, " Nobody in the caseload has it: it is forgotten.")
            ledger.forget_mailbox(world.store, fence, mailbox)
        elif left and isinstance(error, OutOfScope):
            tallies[mailbox].could_not(error, f" Nobody in the caseload has it. {_STANDS}")
            people.remember_shut(world.store, fence, mailbox, now)
        else:
            tallies[mailbox].could_not(error, " Nothing was written in this diary.")
    opened = plans.shut & (plans.by_mailbox.keys() | plans.owners.keys())
    if opened:
        people.remember_open(world.store, fence, opened)


def keep_renamed(world: World, fence: int, plans: Plans, tallies: Mapping[str, Tally]) -> None:
    """Remember under its new address what was remembered of a mailbox under the old one."""
    for old, new in plans.renamed.items():
        ledger.rename_mailbox(world.store, fence, old, new)
        tallies[new].lines.append(Line("Kept the same diary under its new address", f"it was {old}"))


def make_ready(
    world: World,
    fence: int,
    plans: Plans,
    allowed: Collection[str],
    *,
    now: datetime,
    tallies: Mapping[str, Tally],
) -> None:
    """Make the four categories where they are missing; a mailbox without them still gets its entries.

    Each list is looked at once a week, and at once where an entry shows that a category is gone.
    """
    ready = people.ready(world.store, world.categories, now.date() - LOOKED_AT_EVERY)
    served = [mailbox for mailbox in allowed if plans.wanted.of(mailbox)]
    missing = [box for box in served if box not in ready or box in plans.rules.colours_gone]
    if not missing:
        return
    known = people.ready(world.store, world.categories)
    for mailbox, made in ensure_categories_in(world.connection, missing, world.categories).items():
        if isinstance(made, Exception):
            tallies[mailbox].could_not(str(made), " Its entries have no colour until then.")
            continue
        if made.made and mailbox in known:
            names = ", ".join(made.made)
            why = "it was no longer in the list, and entries without colour read as done"
            tallies[mailbox].lines.append(Line(f"Made the category {names} again", why, "changed"))
        if made.other_colour:
            names = ", ".join(made.other_colour)
            tallies[mailbox].lines.append(
                Line(f"Left the owner's own colour for {names}", "a person chose it", "left")
            )
        people.remember(world.store, fence, mailbox, world.categories, now)
