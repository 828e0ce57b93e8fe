"""What is wrong with a pack though each part of it is right: versions that overlap, references to nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.caseload.model import ROLES
from bot.policy.clauses import Clause
from bot.policy.marks import Path
from bot.policy.never import never

if TYPE_CHECKING:
    from bot.policy.pack import Pack

KNOWN_KINDS = (
    "referral",
    "early_help",
    "section_47",
    "child_in_need",
    "child_protection",
    "in_our_care",
    "short_breaks",
    "adoptive_placement",
    "private_fostering",
    "temporary_carer",
    "interim_care_order_home",
    "care_order_home",
    "missing",
    "care_leaver",
)
Found = tuple[Path, str, str]


def contradictions(pack: Pack) -> Iterator[Found]:
    """Each as where it stands, what it is, and the mend."""
    if not pack.clauses:
        yield ("clauses",), "the pack has no clause", "Write at least one."
    if not pack.covers:
        yield ("covers",), "the pack covers no plan kind", "Name at least one."
    yield from _unknown_kinds(pack)
    yield from _ids(pack)
    yield from _ids_of_parts(pack)
    for place, clause in enumerate(pack.clauses):
        yield from _references(pack, place, clause)
        for path, what, mend in never(clause):
            yield ("clauses", place, *path), f"{clause.id}: {what}", mend
        if not _asks_something(clause):
            mend = "Give it a clock, a must or a concern, or say 'guidance: true'."
            yield ("clauses", place, "id"), f"{clause.id} asks for nothing", mend


def _unknown_kinds(pack: Pack) -> Iterator[Found]:
    known = (*KNOWN_KINDS, *pack.adds_kinds)
    said: list[tuple[Path, str]] = [(("covers", n), kind) for n, kind in enumerate(pack.covers)]
    for place, clause in enumerate(pack.clauses):
        said += [(("clauses", place, "for", n), kind) for n, kind in enumerate(clause.for_)]
        said += [(("clauses", place, "roles", kind), kind) for kind in clause.roles]
        for kind, role in clause.roles.items():
            if role not in ROLES:
                yield ("clauses", place, "roles", kind), f"{role!r} is not a role", _one_of(role, ROLES)
        if clause.for_ and set(clause.for_) <= set(KNOWN_KINDS) - set(pack.covers):
            what = f"{clause.id} is for {', '.join(map(repr, clause.for_))}, which the pack does not cover"
            yield ("clauses", place, "for"), what, "Add the kind to 'covers', or take the clause out."
    for path, kind in said:
        if kind not in known:
            close = difflib.get_close_matches(kind, known, 1)
            mend = (
                f"Did you mean {close[0]!r}?" if close else "A council's own kinds stand under 'adds_kinds'."
            )
            yield path, f"{kind!r} is not a plan kind", mend


def _one_of(word: str, words: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, words, 1)
    return f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(words)}."


def _ids(pack: Pack) -> Iterator[Found]:
    """Versions of one clause that hold on the same day."""
    places: dict[str, list[int]] = {}
    for place, clause in enumerate(pack.clauses):
        places.setdefault(clause.id, []).append(place)
    for id_, found in places.items():
        forces = [pack.clauses[place].in_force for place in found]
        path: Path = ("clauses", found[-1], "id")
        if not all(forces):
            continue
        spans = sorted((force.from_ or date.min, force.until or date.max) for force in forces if force)
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            yield path, f"the versions of {id_!r} overlap", "End one on the day on which the next begins."


def _ids_of_parts(pack: Pack) -> Iterator[Found]:
    """Ids of stages and clocks that another clause has too, unless as a version of the same."""
    owner = {clause.id: clause.id for clause in pack.clauses}
    for place, clause in enumerate(pack.clauses):
        for n, clock in enumerate(clause.clocks):
            path: Path = ("clauses", place, "clocks", n)
            parts = [(path, clock.id)] if clock.id else []
            parts += [((*path, "stages", k), part.id) for k, part in enumerate(clock.stages) if part.id]
            for where, id_ in parts:
                if owner.setdefault(id_, clause.id) != clause.id:
                    what = f"the clause id {id_!r} stands 2 times: in {owner[id_]} and in {clause.id}"
                    yield where, what, "Give each its own id."


def _references(pack: Pack, place: int, clause: Clause) -> Iterator[Found]:
    there = {id_ for other in pack.clauses for id_ in other.every_id}
    refers = [id_ for rule in clause.concerns for id_ in rule.of_clauses]
    refers += clause.must_with
    refers += clause.after_attempt.latest_among if clause.after_attempt else ()
    for clock in clause.clocks:
        refers += [id_ for id_ in (clock.starts.or_first_counted_by, clock.starts.else_due_of) if id_]
        refers += clock.also_as
    for id_ in refers:
        if id_ not in there:
            close = difflib.get_close_matches(id_, there, 1)
            mend = f"Did you mean {close[0]!r}?" if close else "Name a clause of this pack."
            yield ("clauses", place), f"{clause.id} refers to {id_!r}, which is no clause here", mend


def _asks_something(clause: Clause) -> bool:
    lists = (clause.clocks, clause.must, clause.limits, clause.concerns, clause.roles)
    ones = (clause.own_frequency, clause.requests, clause.after_attempt, clause.while_away, clause.recording)
    return clause.guidance or any(lists) or any(one is not None for one in ones)
