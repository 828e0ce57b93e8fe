"""What is said of one trouble: docs/faults.md is made of such values, and the tests hold the bot to them.

What an operator is told is written here as the bot words it, with "…" for what differs, and each test holds
the bot to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Lasts = Literal["nothing", "temporary", "waiting", "permanent"]


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
