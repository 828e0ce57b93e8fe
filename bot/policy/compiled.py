"""Packs made ready to run: every clause id numbered, every way of counting listed once.

Clauses are numbered in order of their id, so that sorting by number is sorting by id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from bot.caseload.model import UNITS
from bot.policy.clauses import Clause, Limit
from bot.policy.counts import Counting
from bot.policy.pack import Pack
from bot.policy.stages import Clock

KINDS = ("concern", "contact", "decision", "recording", "return_interview", "visit")  # in order of name
BASES = (
    "visit",
    "start",
    "first contact",
    "first contact due",
    "return",
    "20th birthday",
    "attempt",
    "request",
    "referral",
)
NOTHING = Counting(status=())  # a decision is taken, not visited

CLAIM: dict[str, pl.DataType | type[pl.DataType]] = {
    "child": pl.UInt32,
    "ep": pl.UInt32,
    "worker": pl.UInt32,
    "place": pl.UInt32,
    "kind": pl.UInt8,
    "clause": pl.UInt16,
    "pack": pl.UInt8,
    "base": pl.Datetime("us"),
    "base_is": pl.UInt8,
    "base_vi": pl.UInt32,
    "n": pl.Int32,
    "unit": pl.UInt8,
    "due": pl.Date,
    "due_at": pl.Datetime("us"),
    "recurring": pl.Boolean,
    "then_n": pl.Int32,
    "then_unit": pl.UInt8,
    "longer": pl.Boolean,
    "staged": pl.Boolean,  # of a clock that recurs: the child's own frequency is held against it
    "limit": pl.Boolean,
    "anchor": pl.Datetime("us"),  # what the child's own frequency counts from
    "anchor_vi": pl.UInt32,
}
_AS_IT_IS = {name: pl.col(name).cast(kind) for name, kind in CLAIM.items()}
_NOT_GIVEN = {name: pl.lit(None, kind).alias(name) for name, kind in CLAIM.items()} | {
    "limit": pl.lit(value=False).alias("limit")
}


def no_claims() -> pl.DataFrame:
    """An empty frame of claims."""
    return pl.DataFrame(schema=CLAIM)


def as_claims(frame: pl.LazyFrame, **columns: pl.Expr) -> pl.LazyFrame:
    """Claims from a frame, still to be run; columns not given or not there are null, ``limit`` false."""
    there = set(frame.collect_schema().names())
    made = []
    for name, kind in CLAIM.items():
        found = columns.get(name)
        if found is not None:
            made.append(found.cast(kind).alias(name))
        else:
            made.append(_AS_IT_IS[name] if name in there else _NOT_GIVEN[name])
    return frame.select(made)


@dataclass(frozen=True, slots=True)
class Part:
    """One clause in its place: its pack, and the pack's number among those chosen."""

    number: int
    pack: Pack
    clause: Clause


@dataclass(frozen=True)
class Compiled:
    """The packs chosen, numbered."""

    packs: tuple[Pack, ...]
    ids: tuple[str, ...]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {id_: number for number, id_ in enumerate(self.ids)}

    def clause(self, id_: str) -> int:
        """The number of a clause id."""
        return self._numbers[id_]

    def parts(self) -> Iterator[Part]:
        """Every clause, in its place, whether in force yet or still."""
        for number, pack in enumerate(self.packs):
            for clause in pack.clauses:
                yield Part(number, pack, clause)


def compile_packs(packs: Sequence[Pack]) -> Compiled:
    """Number the clauses of the packs chosen."""
    ids = {id_ for pack in packs for id_ in pack.says}
    return Compiled(tuple(packs), tuple(sorted(ids)))


def counting(pack: Pack, clause: Clause, clock: Clock | None = None) -> Counting:
    """What counts for a clause, or for one of its clocks: by the version in force on the visit's day."""
    if clause.in_force is None:
        return _as_written(pack, clause, clock)
    place = clause.clocks.index(clock) if clock else None
    combined: Counting | None = None
    versions = versions_of(pack, clause)
    for number in range(len(versions) - 1, -1, -1):
        version, force = versions[number], versions[number].in_force
        its_clock = None if place is None or place >= len(version.clocks) else version.clocks[place]
        since = force.from_ if force and number else None  # the first version judges all that was before it
        mine = _as_written(pack, version, its_clock)
        combined = mine.within(since, force.until if force else None, combined)
    return combined or _as_written(pack, clause, clock)


def versions_of(pack: Pack, clause: Clause) -> list[Clause]:
    """Every version of a clause, the earliest first."""
    same = [other for other in pack.clauses if other.id == clause.id]
    return sorted(same, key=lambda one: (one.in_force and one.in_force.from_) or date.min)


def _as_written(pack: Pack, clause: Clause, clock: Clock | None) -> Counting:
    base = clause.counts.on(pack.counts) if clause.counts else pack.counts
    if clock is None:
        return base
    if clock.owes == "decision":
        return NOTHING
    return clock.counts.on(base) if clock.counts else base


def streams(compiled: Compiled) -> tuple[Counting, ...]:
    """Every way of counting in use, once."""
    found: dict[Counting, None] = {}
    for part in compiled.parts():
        pack, clause = part.pack, part.clause
        found[pack.counts] = None
        found[counting(pack, clause)] = None
        for clock in clause.clocks:
            found[counting(pack, clause, clock)] = None
        for limit in clause.limits:
            found[met(pack, clause, limit)] = None
    return tuple(found)


def met(pack: Pack, clause: Clause, limit: Limit) -> Counting:
    """What counts for a clause and also has the limit's boxes ticked, in whatever setting."""
    base = counting(pack, clause)
    asks = dict.fromkeys((*base.asks, *limit.met_by))
    if limit.by == "setting":  # the visits are told apart by their own setting, not by their episode's
        asks.pop("in_this_setting", None)
    return base.model_copy(update={"asks": tuple(asks)})


def in_scope(pack: Pack, clause: Clause | None = None, *, ended_too: bool = False) -> pl.Expr:
    """Which episodes a clause is for: of its kinds, open today, not excluded from the pack."""
    kinds = pack.kinds_of(clause) if clause else pack.covers
    scope = pl.col("kind").is_in(list(kinds))
    if not ended_too:
        scope &= pl.col("open")
    return scope & pl.col("excluded_reason").is_null() if pack.leaves_out_excluded else scope


def unit_name(unit: int) -> str:
    """The unit's name as the caseload writes it."""
    return UNITS[unit]
