"""Packs that a case brings along: a small policy of its own, to show what the language can say.

Written under ``pack:`` as a pack's file would be; it may extend the packs of rules/ and be judged beside
them. Title and source may be left out, since nobody will ever quote it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused
from bot.policy.marks import Path
from bot.policy.pack import Pack, PackError, pack_of

OURS = "our-policy"
Load = Callable[[str], Pack]  # a pack of rules/ by name


@dataclass(frozen=True)
class Brought:
    """One pack as a case has it, and where its parts stand in the case file."""

    name: str
    value: Mapping[str, Any]
    lines: Mapping[Path, int]
    file: str

    def read(self, load: Load) -> Pack:
        """The pack, checked; raises :class:`Refused` with every problem on its line."""
        head = {"name": self.name, "title": "Our policy", "source": {"title": "Our policy"}}
        try:
            return pack_of(self.file, {**head, **self.value}, dict(self.lines), load)
        except PackError as error:
            raise Refused(f"{self.file}: the case's own pack cannot be used.", error.problems) from None


def brought(entry: Mapping[str, Any], place: int, lines: Mapping[Path, int], file: str) -> Brought | None:
    """The pack of one case, if it has one; raises ValueError with what is wanted."""
    value = entry.get("pack")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ValueError("'pack' is a pack as its file would have it: covers, clauses …")  # noqa: TRY004
    before = (place, "pack")
    inside = {path[2:]: line for path, line in lines.items() if path[:2] == before}
    return Brought(str(value.get("name", OURS)), value, inside, file)


def packs_of(names: Sequence[str], own: Brought | None, load: Load) -> tuple[Pack, ...]:
    """The packs that a case is judged by: those of rules/ that it names, and its own."""
    return tuple(own.read(load) if own and name == own.name else load(name) for name in names)
