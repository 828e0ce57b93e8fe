"""One thing that is so about Microsoft 365 or a library that speaks to it, and how it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Known = Literal["measured", "read", "documents vary"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact in our words. `row` is how its row of the list of findings begins; `setting` changes it here."""

    id: str
    words: str
    known: Known
    row: str
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Facts that belong together."""

    title: str
    facts: tuple[Fact, ...]
