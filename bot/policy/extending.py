"""A pack built on others: their clauses taken over, single ones replaced, left out or added.

A council takes timescales from one policy and guidance from another, and changes what it has agreed
differently. What a clause counts, whom it is for and which document it is from stay those of the pack it
was written in; a clause of the same id written here takes its place, and one that is in force only from a
day on ends the other's on that day.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from bot.policy.clauses import Clause, InForce
from bot.policy.counts import Counting, CountingChange, Strict
from bot.policy.marks import Path

if TYPE_CHECKING:
    from bot.policy.pack import Pack, PackFile

Bases = Callable[[str], "Pack"]
Found = tuple[Path, str, str]


class Base(Strict):
    """Another pack to build on: all its clauses, only some, or all but some."""

    pack: str
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def _read(raw: Any) -> Any:
    return {"pack": raw} if isinstance(raw, str) else raw


Extends = Annotated[
    Base,
    BeforeValidator(_read),
    WithJsonSchema({"anyOf": [{"type": "string"}, Base.model_json_schema()]}),
]


class Merged:
    """The fields of the pack that comes out, and where in the file each of its clauses stands."""

    def __init__(self, file: PackFile, bases: Mapping[str, Pack]) -> None:
        self.problems: list[Found] = []
        self.places: list[Path] = []
        self._file, self._bases = file, bases
        self._known = [bases[one.pack] for one in file.extends if one.pack in bases]
        self.counts = file.counts or next((base.counts for base in self._known), Counting())
        self.covers = file.covers or _once(kind for base in self._known for kind in base.covers)
        self.clauses = tuple(self._clauses())

    def fields(self) -> dict[str, Any]:
        """What the pack is made of."""
        own, bases = self._file, self._known
        reviews = [base.review_by for base in bases if base.review_by]
        return {
            "name": own.name,
            "title": own.title,
            "source": own.source,
            "version": own.version,
            "law": own.law,
            "review_by": own.review_by or min(reviews, default=None),
            "holidays_confirmed_until": own.holidays_confirmed_until
            or min(
                (base.holidays_confirmed_until for base in bases if base.holidays_confirmed_until),
                default=None,
            ),
            "covers": self.covers,
            "adds_kinds": _once((*own.adds_kinds, *(kind for base in bases for kind in base.adds_kinds))),
            "leaves_out_excluded": any(base.leaves_out_excluded for base in bases)
            if own.leaves_out_excluded is None
            else own.leaves_out_excluded,
            "closures": tuple(sorted({*own.closures, *(day for base in bases for day in base.closures)})),
            "counts": self.counts,
            "clauses": self.clauses,
        }

    def in_file(self, path: Path) -> Path:
        """Where something said of the merged pack stands in the file."""
        if len(path) > 1 and path[0] == "clauses" and isinstance(path[1], int) and path[1] < len(self.places):
            place = self.places[path[1]]
            return (*place, *path[2:]) if place[0] == "clauses" else place
        return path

    def _clauses(self) -> Iterator[Clause]:
        own = self._file.clauses
        mine = {clause.id for clause in own}
        stages: dict[str, str] = {}
        for place, base in enumerate(self._file.extends):
            pack = self._bases.get(base.pack)
            if pack is None:
                continue
            yield from self._from(place, base, pack, own)
            stages |= {
                id_: clause.id for clause in pack.clauses for id_ in clause.every_id if id_ != clause.id
            }
        for place, clause in enumerate(own):
            if clause.id in stages and stages[clause.id] not in mine:
                what = f"{clause.id} is a stage of {stages[clause.id]}, which stands beside it"
                self.problems.append(
                    (("clauses", place, "id"), what, f"Write {stages[clause.id]} anew, whole.")
                )
            self.places.append(("clauses", place))
            yield clause

    def _from(self, place: int, base: Base, pack: Pack, own: Iterable[Clause]) -> Iterator[Clause]:
        there = [clause.id for clause in pack.clauses]
        for key, ids in (("only", base.only), ("without", base.without)):
            for n, id_ in enumerate(ids):
                if id_ not in there:
                    close = difflib.get_close_matches(id_, there, 1)
                    mend = f"Did you mean {close[0]!r}?" if close else f"Name a clause of {pack.name}."
                    self.problems.append(
                        (("extends", place, key, n), f"{pack.name} has no clause {id_!r}", mend)
                    )
        for clause in pack.clauses:
            if (base.only and clause.id not in base.only) or clause.id in base.without:
                continue
            kept = _until_replaced(clause, [one for one in own if one.id == clause.id])
            if kept is not None:
                self.places.append(("extends", place))
                yield self._as_written_there(kept, pack)

    def _as_written_there(self, clause: Clause, pack: Pack) -> Clause:
        """The clause with what it took from its own pack said in it."""
        counts = clause.counts
        if pack.counts != self.counts:
            full = clause.counts.on(pack.counts) if clause.counts else pack.counts
            counts = CountingChange(
                status=full.status,
                kinds=full.kinds,
                channels=full.channels,
                asks=full.asks,
                or_else=full.or_else,
            )
        return clause.model_copy(
            update={
                "counts": counts,
                "for_": clause.for_ or pack.covers,
                "document": clause.document or pack.title,
            }
        )


def _until_replaced(clause: Clause, replacing: list[Clause]) -> Clause | None:
    """The clause, ended on the day on which a dated one takes its place; None where one does at once."""
    if not replacing:
        return clause
    starts = [one.in_force.from_ if one.in_force else None for one in replacing]
    first = min((day or date.min for day in starts), default=date.min)
    force = clause.in_force or InForce()
    if first <= (force.from_ or date.min):
        return None
    return clause.model_copy(
        update={
            "in_force": InForce.model_validate(
                {"from": force.from_, "until": min(first, force.until or first)}
            )
        }
    )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
