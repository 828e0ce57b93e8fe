"""Why a child is due when it is: every clause that applies, step by step, and why the others do not.

Built from what the judgement found; no date is judged a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from bot.caseload.model import Caseload
from bot.policy.clauses import Clause
from bot.policy.due import visits
from bot.policy.explanation import AskedFor, Explanation, Guide, NotCounted, Owed, Raised, Sum
from bot.policy.judgement import DueVisit, Judgement
from bot.policy.not_asked import Child, not_asked
from bot.policy.pack import Pack

BY_CHILD = ("children", "episodes", "visits", "away", "requests", "approvals", "supervisions")


def explain(caseload: Caseload, packs: Sequence[Pack], judgement: Judgement, child_id: str) -> Explanation:
    """Why ``child_id`` is owed what it is under these packs."""
    claims = judgement.claims.filter(pl.col("child_id") == child_id)
    mine = judgement.due.filter(pl.col("child_id") == child_id)
    alone = replace(
        caseload,
        **{name: getattr(caseload, name).filter(pl.col("child_id") == child_id) for name in BY_CHILD},
    )
    asked = judgement.asked.filter(pl.col("child_id") == child_id).collect()
    owed = tuple(
        Owed(
            visit.kind,
            visit.worker_id,
            visit.setting,
            visit.due,
            visit.status,
            visit.act_by,
            visit.remind_on,
            visit.needs_cover,
            visit.cover_id,
            tuple(_asked(asked, visit)),
            tuple(_sums(claims, packs, judgement, visit)),
        )
        for visit in visits(replace(judgement, claims=claims, due=mine))
    )
    concerns = tuple(
        Raised(c.id, c.to, c.says, c.closes) for c in judgement.concerns if c.child_id == child_id
    )
    uncounted = judgement.uncounted.filter(pl.col("child_id") == child_id).sort("at", "visit_id", "clause")
    speaking = {*claims["clause"], *asked["clause"], *(concern.clause for concern in concerns)}
    child = Child(alone.episodes, judgement.today, frozenset(speaking))
    return Explanation(
        child_id,
        judgement.today,
        owed,
        concerns,
        tuple(
            NotCounted(row["visit_id"], row["at"], row["clause"], row["reason"])
            for row in uncounted.iter_rows(named=True)
        ),
        tuple(guidance(packs, child)),
        tuple(not_asked(packs, child)),
    )


def _asked(asked: pl.DataFrame, visit: DueVisit) -> Iterator[AskedFor]:
    mine = _of(asked, visit)
    for must in visit.must:
        clauses = mine.filter(pl.col("must") == must)["clause"]
        yield AskedFor(must, tuple(clauses.unique().sort()))


def _of(frame: pl.DataFrame, visit: DueVisit) -> pl.DataFrame:
    return frame.filter(
        pl.col("kind") == visit.kind,
        pl.col("worker_id").eq_missing(visit.worker_id),
        pl.col("setting").eq_missing(visit.setting),
    )


def _sums(
    claims: pl.DataFrame, packs: Sequence[Pack], judgement: Judgement, visit: DueVisit
) -> Iterator[Sum]:
    for row in _of(claims, visit).sort("due", "clause").iter_rows(named=True):
        pack, clause = _written(packs, row["clause"])
        yield Sum(
            row["clause"],
            pack.says.get(row["clause"], ""),
            clause.cites,
            clause.document or pack.title,
            row["kind"],
            row["base"],
            row["base_is"],
            row["base_visit"],
            row["step"],
            _skipped(judgement, row),
            row["due"],
            row["due_at"],
            row["due"] == visit.due,
        )


def _skipped(judgement: Judgement, row: dict[str, Any]) -> tuple[Any, ...]:
    """The days between that are no working days, where working days were counted."""
    start = row["base"].date()
    if not row["step"].endswith(("working days", "working day")) or row["due"] <= start:
        return ()
    return judgement.work.skipped(start, row["due"])


def _written(packs: Sequence[Pack], id_: str) -> tuple[Pack, Clause]:
    return next((pack, clause) for pack in packs for clause in pack.clauses if id_ in clause.every_id)


def guidance(packs: Sequence[Pack], child: Child) -> Iterator[Guide]:
    """What the packs say about the visit itself, without a date of its own."""
    for pack in packs:
        for clause in pack.clauses:
            if clause.guidance and clause.holds_on(child.today) and child.runs(pack.kinds_of(clause)):
                yield Guide(clause.id, clause.says, clause.cites, clause.document or pack.title)
