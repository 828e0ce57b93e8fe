"""What an entry without our colour means: a visit made, or a category that its owner has renamed or deleted.

Entries all lose their colour with the category, and that says of no visit that it is done. So a mailbox in
which one has lost its own is asked for its categories before anything is concluded from it, whether a list
showed the entry or it had to be asked for by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.diary.actions import Look, Seen
from bot.diary.entry import Entry
from bot.diary.said import newly_colourless
from bot.diary.settle import PlanRules
from bot.errors import BotError, Temporary
from bot.outlook.people import categories_in
from bot.run.world import World
from bot.store import people


def colours_gone(
    world: World, doubtful: Sequence[str]
) -> tuple[dict[str, frozenset[str]], dict[str, Temporary]]:
    """The categories of ours that these mailboxes have no more, and those that could not be asked just now.

    Of the latter nobody knows what entries without colour mean; where they may not be asked at all, such
    entries are taken for the sign that the guide asks for.
    """
    if not doubtful:
        return {}, {}
    wanted = {name.casefold() for name in world.categories}
    found = categories_in(world.connection, doubtful).items()
    gone = {box: frozenset(wanted - there) for box, there in found if not isinstance(there, BotError)}
    failed = {box: there for box, there in found if isinstance(there, Temporary)}
    return {box: names for box, names in gone.items() if names}, failed


class Colours:
    """What is known of the mailboxes' categories while a run writes."""

    def __init__(self, world: World, fence: int, rules: PlanRules, gone: Iterable[str]) -> None:
        """``gone``: mailboxes that are known to lack some, and are to have them made again."""
        self._world, self._fence = world, fence
        self.rules = rules
        self.gone = set(gone)

    def look(self, found: Iterable[tuple[str, Look, Seen]]) -> dict[str, Temporary]:
        """Ask for the categories of those in whose diary an entry that was found by its id has lost our
        colour; gives those of which it could not be known."""
        doubtful = {
            box
            for box, look, standing in found
            if isinstance(look.target, Entry)
            and newly_colourless(look.target, look.known, standing, self.rules.names)
        }
        gone, failed = colours_gone(self._world, sorted(doubtful - self.rules.colours_gone.keys()))
        self.rules = replace(self.rules, colours_gone={**self.rules.colours_gone, **gone})
        people.remember_not_ready(self._world.store, self._fence, sorted(gone.keys() - self.gone))
        self.gone |= gone.keys()
        return failed
