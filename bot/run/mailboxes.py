"""What is seen to of each mailbox as a whole before any entry is written in one: is it there, and ready?

A mailbox that cannot be read gets no write; one that has a new address is still the same diary; and one that
is served must have our categories, since without them entries read as done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
) -> tuple[str, ...]:
    """Make the four categories where they are missing; a mailbox without them still gets its entries.

    Each list is looked at once a week. Where an entry shows that a category is gone, the entries must have
    their colour back first: an entry without it whose category is in the list reads as done, and a run may
    end in between. Gives those mailboxes; until their categories are made they are remembered as not ready.
    """
    ready = people.ready(world.store, world.categories, now.date() - LOOKED_AT_EVERY)
    served = [mailbox for mailbox in allowed if plans.wanted.of(mailbox)]
    gone = tuple(mailbox for mailbox in served if mailbox in plans.rules.colours_gone)
    people.remember_not_ready(world.store, fence, [mailbox for mailbox in gone if mailbox in ready])
    missing = [mailbox for mailbox in served if mailbox not in ready and mailbox not in gone]
    make_categories(world, fence, missing, now=now, tallies=tallies)
    return gone


def make_categories(
    world: World, fence: int, mailboxes: Sequence[str], *, now: datetime, tallies: Mapping[str, Tally]
) -> None:
    """Make what these mailboxes lack of our categories."""
    if not mailboxes:
        return
    known = people.ready(world.store, world.categories)
    for mailbox, made in ensure_categories_in(world.connection, mailboxes, world.categories).items():
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
