"""What a concern's situation may look at: one concern of one clause, with the whole judgement so far."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bot.policy.clauses import ConcernRule
from bot.policy.compiled import Part, counting, in_scope
from bot.policy.history import History
from bot.policy.pack import Pack


@dataclass(frozen=True)
class Asked:
    """One concern of one clause, with everything a situation may look at."""

    history: History
    part: Part
    rule: ConcernRule
    claims: pl.DataFrame
    objects: pl.DataFrame

    @property
    def pack(self) -> Pack:
        """The clause's pack."""
        return self.part.pack

    def episodes(self) -> pl.LazyFrame:
        """The open episodes the clause is for, with what counts for it."""
        facts = self.history.facts(counting(self.pack, self.part.clause))
        frame = pl.concat([self.history.scene.episodes, facts], how="horizontal").lazy()
        return frame.filter(in_scope(self.pack, self.part.clause))

    def pairs(self) -> pl.LazyFrame:
        """Every visit of whatever outcome in those episodes: child and visit number, once."""
        mine = self.episodes().select("ep", "child")
        return self.history.belongs.lazy().join(mine, on="ep").select("child", "vi").unique()

    def number_of(self, clause_id: str) -> int:
        """The number of a clause id."""
        return self.history.compiled.clause(clause_id)
