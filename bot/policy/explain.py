"""Why a child is due when it is: every clause that applies, step by step, and why the others do not.

Built from the claims and the visits that did not count; nothing is reckoned a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from bot.caseload.model import Caseload
from bot.policy.clauses import Clause
from bot.policy.due import visits
from bot.policy.explanation import Explanation, NotAsked, NotCounted, Owed, Raised, Sum
from bot.policy.judgement import Judgement
from bot.policy.pack import Pack
from bot.policy.worktime import WorkTime


def explain(caseload: Caseload, packs: Sequence[Pack], judgement: Judgement, child_id: str) -> Explanation:
    """Why ``child_id`` is owed what it is under these packs."""
    work = judgement.work
    claims = judgement.claims.filter(pl.col("child_id") == child_id)
    mine = judgement.due.filter(pl.col("child_id") == child_id)
    one = replace(judgement, claims=claims, due=mine)
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
            visit.must,
            tuple(_sums(claims, packs, work, visit)),
        )
        for visit in visits(one)
    )
    uncounted = judgement.uncounted.filter(pl.col("child_id") == child_id).sort("at", "visit_id", "clause")
    return Explanation(
        child_id,
        judgement.today,
        owed,
        tuple(Raised(c.id, c.to, c.says, c.closes) for c in judgement.concerns if c.child_id == child_id),
        tuple(
            NotCounted(row["visit_id"], row["at"], row["clause"], row["reason"])
            for row in uncounted.iter_rows(named=True)
        ),
        tuple(_not_asked(caseload, packs, judgement.today, child_id, set(claims["clause"]))),
    )


def _sums(claims: pl.DataFrame, packs: Sequence[Pack], work: WorkTime, visit: Any) -> Iterator[Sum]:
    own = claims.filter(
        pl.col("kind") == visit.kind,
        pl.col("worker_id").eq_missing(visit.worker_id),
        pl.col("setting").eq_missing(visit.setting),
    ).sort("due", "clause")
    for row in own.iter_rows(named=True):
        pack, clause = _written(packs, row["clause"])
        step = row["step"]
        counted_in_working_days = step.endswith(("working days", "working day"))
        start = row["base"].date()
        skipped = work.skipped(start, row["due"]) if counted_in_working_days and row["due"] > start else ()
        yield Sum(
            row["clause"],
            pack.says.get(row["clause"], ""),
            clause.cites,
            clause.document or pack.title,
            row["kind"],
            row["base"],
            row["base_is"],
            row["base_visit"],
            step,
            skipped,
            row["due"],
            row["due_at"],
            row["due"] == visit.due,
        )


def _written(packs: Sequence[Pack], id_: str) -> tuple[Pack, Clause]:
    return next((pack, clause) for pack in packs for clause in pack.clauses if id_ in clause.every_id)


def _not_asked(
    caseload: Caseload, packs: Sequence[Pack], today: date, child_id: str, claimed: set[str]
) -> Iterator[NotAsked]:
    """Clauses with dates of their own that set none for this child."""
    episodes = caseload.episodes.filter(pl.col("child_id") == child_id)
    started = episodes.filter(pl.col("start").dt.date() <= today)
    running = started.filter((pl.col("end") >= today).fill_null(value=True))
    for pack in packs:
        for clause in pack.clauses:
            if not (clause.clocks or clause.own_frequency or clause.requests or clause.after_attempt):
                continue
            for id_, says in clause.every_id.items():
                stages = {part.id for clock in clause.clocks for part in clock.steps if part.id}
                if id_ in claimed or (stages and id_ not in stages):
                    continue
                yield NotAsked(id_, says, _why_not_asked(pack, clause, episodes, running, stages & claimed))


def _why_not_asked(
    pack: Pack, clause: Clause, episodes: pl.DataFrame, running: pl.DataFrame, other_stage: set[str]
) -> str:
    kinds = list(pack.kinds_of(clause))
    mine = running.filter(pl.col("kind").is_in(kinds))
    if mine.is_empty():
        few = " or ".join(kind.replace("_", " ") for kind in kinds)
        words = few if len(kinds) < 4 else "plan or placement it is for"
        ended = not episodes.filter(pl.col("kind").is_in(kinds)).is_empty()
        return f"no {words} is open today" + (" (one has ended or not begun)" if ended else "")
    agreed = mine["agreed_every_n"].null_count() < len(mine)
    once = all(step.within for clock in clause.clocks for step in clock.steps)
    reasons = (
        (
            pack.leaves_out_excluded and mine["excluded_reason"].null_count() == 0,
            f"the episode is outside this policy: {mine['excluded_reason'][0]}",
        ),
        (bool(other_stage), f"another stage is the one owed now: {', '.join(sorted(other_stage))}"),
        (
            bool(clause.own_frequency) and not agreed,
            "no frequency of the child's own is agreed, and no request is open",
        ),
        (bool(clause.own_frequency), "the agreed frequency gives no earlier date than the policy"),
        (bool(clause.after_attempt), "no attempt is waiting to be made good"),
        (bool(clause.clocks) and once, "it was asked once and has been done"),
        (True, "its conditions do not hold for this child"),
    )
    return next(words for holds, words in reasons if holds)
