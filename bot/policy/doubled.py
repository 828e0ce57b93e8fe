"""Clause ids that stand twice: told from the file as written, so that no other slip in it hides them.

Whoever quotes D.12 at a person has to mean one clause; two of one id are right only as versions, each with
its ``in_force``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from bot.policy.marks import Path, line_of


class Named(NamedTuple):
    """One clause: its id, where it stands in the file, and whether it says when it is in force."""

    id: str
    path: Path
    dated: bool


def as_written(value: Mapping[str, Any]) -> Iterator[Named]:
    """The clauses of a pack's plain value, though other parts of it may be wrong."""
    clauses = value.get("clauses")
    for place, clause in enumerate(clauses if isinstance(clauses, list) else ()):
        if isinstance(clause, dict) and isinstance(clause.get("id"), str):
            yield Named(clause["id"], ("clauses", place), bool(clause.get("in_force")))


def doubled(clauses: Iterable[Named], lines: Mapping[Path, int]) -> Iterator[tuple[Path, str, str]]:
    """Each id that stands more than once: where it stands last, all its lines, and the mend."""
    places: dict[str, list[Named]] = {}
    for clause in clauses:
        places.setdefault(clause.id, []).append(clause)
    for id_, found in places.items():
        if len(found) < 2 or all(clause.dated for clause in found):
            continue
        *first, last = dict.fromkeys(str(line_of(lines, clause.path)) for clause in found)
        on = f"lines {', '.join(first)} and {last}" if first else f"line {last}"
        path = found[-1].path
        mend = "Give each clause its own id, or each version its 'in_force'."
        yield (
            (*path, "id") if path[0] == "clauses" else path,
            f"the clause id {id_!r} stands {len(found)} times: on {on}",
            mend,
        )
