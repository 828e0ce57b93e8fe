"""Why a clause asks nothing of a child now, in words that whoever questions a date can check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from bot.policy.asks_where import asks_where
from bot.policy.clauses import Clause
from bot.policy.explanation import NotAsked
from bot.policy.pack import Pack


@dataclass(frozen=True)
class Child:
    """One child's episodes, and the clauses that do ask something today."""

    episodes: pl.DataFrame
    today: date
    speaking: frozenset[str]
    roles: Mapping[str, str | None] = field(default_factory=dict)  # of every worker, as recorded

    @property
    def running(self) -> pl.DataFrame:
        """The episodes that are open today."""
        started = self.episodes.filter(pl.col("start").dt.date() <= self.today)
        return started.filter((pl.col("end") >= self.today).fill_null(value=True))

    def runs(self, kinds: Sequence[str]) -> bool:
        """Whether one of these kinds is open."""
        return not self.running.filter(pl.col("kind").is_in(list(kinds))).is_empty()


def not_asked(packs: Sequence[Pack], child: Child) -> Iterator[NotAsked]:
    """Every clause but guidance that asks nothing of the child today; of a staged one each stage."""
    for pack in packs:
        for clause in pack.clauses:
            if clause.guidance:
                continue
            stages = {part.id for clock in clause.clocks for part in clock.steps if part.id}
            for id_, says in clause.every_id.items():
                if id_ in child.speaking or (stages and id_ not in stages):
                    continue
                why = _why(pack, clause, child, stages & child.speaking)
                yield NotAsked(id_, says, why, child.runs(pack.kinds_of(clause)))


def _why(pack: Pack, clause: Clause, child: Child, other_stage: set[str]) -> str:
    if not clause.holds_on(child.today):
        return "it is not in force today"
    kinds = list(pack.kinds_of(clause))
    mine = child.running.filter(pl.col("kind").is_in(kinds))
    if mine.is_empty():
        few = " or ".join(f"“{kind.replace('_', ' ')}”" for kind in kinds)
        words = f"plan of kind {few}" if len(kinds) < 4 else "plan or placement it is for"
        ended = not child.episodes.filter(pl.col("kind").is_in(kinds)).is_empty()
        return f"no {words} is open today" + (" (one has ended or not begun)" if ended else "")
    if pack.leaves_out_excluded and mine["excluded_reason"].null_count() == 0:
        return f"the episode is outside this policy: {mine['excluded_reason'][0]}"
    if other_stage:
        return f"another stage is the one owed now: {', '.join(sorted(other_stage))}"
    return _of_its_sort(clause, mine, child)


def _of_its_sort(clause: Clause, mine: pl.DataFrame, child: Child) -> str:
    agreed = mine["agreed_every_n"].null_count() < len(mine)
    once = all(step.within for clock in clause.clocks for step in clock.steps)
    reasons = (
        (
            bool(clause.own_frequency) and not agreed,
            "no frequency of the child's own is agreed, and no request is open",
        ),
        (bool(clause.own_frequency), "the agreed frequency gives no earlier date than the policy"),
        (bool(clause.requests), "no request is open"),
        (bool(clause.after_attempt), "no attempt is waiting to be made good"),
        (bool(clause.recording), "no record is waiting to be finished"),
        (bool(clause.while_away), "the child is not away"),
        (bool(clause.clocks), _of_clocks(clause, once=once)),
        (bool(clause.limits), _of_limits(clause)),
        (bool(clause.must), asks_where(clause.must_when) or "no visit is owed on which it asks"),
        (bool(clause.concerns), "there is nothing to tell"),
        (bool(clause.roles), _of_roles(clause, mine, child)),
    )
    return next((words for holds, words in reasons if holds), "it asks nothing by itself")


def _of_clocks(clause: Clause, *, once: bool) -> str:
    where = asks_where(clause.clocks[0].when) if clause.clocks else ""
    if not once:
        return where or "its conditions do not hold for this child"
    return (
        f"it was asked once and has been done, or {where}" if where else "it was asked once and has been done"
    )


def _of_limits(clause: Clause) -> str:
    words = "the visit after the next one is still in time for it"
    where = "; ".join(filter(None, (asks_where(limit.when) for limit in clause.limits)))
    return f"{words}, or none is owed" + (f"; {where}" if where else "")


def _of_roles(clause: Clause, mine: pl.DataFrame, child: Child) -> str:
    """Each worker of a plan the clause names, as recorded beside what it asks for."""
    said = []
    for kind, worker in mine.select("kind", "worker_id").unique(maintain_order=True).iter_rows():
        wanted, found = clause.roles.get(kind), child.roles.get(worker)
        if wanted:
            who = worker or "the worker, who is not known,"
            recorded = f"is recorded as {found.replace('_', ' ')}" if found else "has no role recorded"
            so = "as it asks" if found == wanted else f"and it asks for {wanted.replace('_', ' ')}"
            said.append(f"{who} {recorded}, {so}")
    return "; ".join(said) or "it names no role for this plan"
