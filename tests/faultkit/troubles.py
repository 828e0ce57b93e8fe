"""Every trouble that has a test of its own, said once: docs/faults.md is made of this.

What an operator is told is written here as the bot words it, with "…" for what differs, and each test holds
the bot to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Lasts = Literal["nothing", "temporary", "permanent"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble as an operator meets it; ``says`` is empty where there is nothing to be told."""

    name: str
    group: str
    title: str
    says: str
    lasts: Lasts
    does: str
    do: str

    def fits(self, words: str) -> bool:
        """Whether these are the words."""
        return re.search(".*?".join(map(re.escape, self.says.split("…"))), words, re.DOTALL) is not None


NOTHING_TO_DO = "Nothing."
NEXT_RUN = "Nothing: the next run does it. Where it stays for a day, look at Microsoft 365's service health."

LISTS = "A list of entries that cannot be trusted"
TROUBLES: tuple[Trouble, ...] = (
    Trouble(
        "page-3-fails",
        LISTS,
        "Page 3 of a list fails",
        "Microsoft 365 is in difficulty (500…). The next run tries again.",
        "temporary",
        "Throws the whole list away and writes nothing in that diary. The other diaries are done.",
        NEXT_RUN,
    ),
    Trouble(
        "list-loops",
        LISTS,
        "The link to the next page leads back",
        "Microsoft's listing of the calendar goes round in a circle. The next run tries again.",
        "temporary",
        "Notices the circle, throws the list away and writes nothing in that diary.",
        NEXT_RUN,
    ),
    Trouble(
        "list-place-lost",
        LISTS,
        "Microsoft has lost its place in a list (410)",
        "The listing went out of date while it was read (410…). The next run tries again.",
        "temporary",
        "Throws the list away and writes nothing in that diary.",
        NEXT_RUN,
    ),
    Trouble(
        "event-on-two-pages",
        LISTS,
        "The same entry on two pages",
        "",
        "nothing",
        "Takes it for the one entry that it is.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "list-shrinks",
        LISTS,
        "A list shrinks between two pages, so that one entry is on neither",
        "",
        "nothing",
        "Asks for the missing entry by its id, and finds it.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "zero-list",
        LISTS,
        "A list of nothing, although the bot remembers forty entries",
        "",
        "nothing",
        "Asks for each of the forty by its id before it believes that they are gone; makes none anew.",
        NOTHING_TO_DO,
    ),
    Trouble(
        "removed-meanwhile",
        LISTS,
        "Somebody deletes an entry between the list and the change",
        "",
        "nothing",
        "Leaves it out, as a person decided; the lists to workers and managers still name the visit.",
        NOTHING_TO_DO,
    ),
)
BY_NAME = {one.name: one for one in TROUBLES}
