"""Every claim there is, gathered in the policies' own order.

Clocks of each episode and records; the child's own frequency; what stands on no one episode; what may never
be later than the others; limits on visits that are owed anyway.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bot.errors import Problem
from bot.policy.agreed import own_frequency, requests
from bot.policy.attempts import attempt_claims, open_attempts, without_reason
from bot.policy.clocks import clock_claims
from bot.policy.compiled import Compiled, counting, no_claims
from bot.policy.history import History
from bot.policy.limits import limit_claims
from bot.policy.owed import VISIT, settle
from bot.policy.recording import recording_claims
from bot.policy.together import collected, each_collected


def every_claim(history: History) -> tuple[pl.DataFrame, pl.DataFrame, list[Problem]]:
    """Every claim, the musts that limits put on an object, and what was found amiss on the way."""
    recorded = [part for part in history.parts_in_force() if part.clause.recording]
    settled, problems = _settled(history, [recording_claims(history, part) for part in recorded])
    pressing = limit_claims(history, history.parts_in_force(), settled)
    every = pl.concat([settled, pressing.claims])
    return _never_later(history.compiled, every), pressing.musts, problems


def owed_by_itself(history: History) -> pl.DataFrame:
    """The claims alone that make somebody go: no record to write, no must on a visit that is owed anyway."""
    return _settled(history, [])[0]


def _settled(history: History, records: Sequence[pl.LazyFrame]) -> tuple[pl.DataFrame, list[Problem]]:
    """The claims with ``records`` among them, each on its object, and what was found amiss on the way."""
    problems: list[Problem] = []
    running = [(part, clock) for part in history.parts() for clock in part.clause.clocks]
    history.gather((counting(part.pack, part.clause, clock), clock.after_end) for part, clock in running)
    clocks = (clock_claims(history, *one) for one in running)
    gathered = _least_of_versions(
        history.compiled, pl.concat([no_claims(), *each_collected((*clocks, *records))])
    )
    together = pl.col("ep").is_null()
    standing, floating = [gathered.filter(~together)], [gathered.filter(together)]
    for part in history.parts_in_force():
        if part.clause.own_frequency:
            own, found = own_frequency(history, part, standing[0])
            standing.append(own)
            problems += found
        if part.clause.requests:
            floating.append(requests(history, part))
        if part.clause.after_attempt:
            attempts = open_attempts(history, part)
            floating.append(attempt_claims(history, part, attempts))
            problems += without_reason(part, attempts)
    settled = settle(history.scene, history.compiled, pl.concat(standing), pl.concat(floating))
    return _never_later(history.compiled, settled), problems


def _least_of_versions(compiled: Compiled, claims: pl.DataFrame) -> pl.DataFrame:
    """Of a clause with versions the earliest date that any of them gives; the rest are none."""
    ids = {id_ for part in compiled.parts() if part.clause.in_force for id_ in part.clause.every_id}
    if not ids:
        return claims
    versioned = pl.col("clause").is_in([compiled.clause(id_) for id_ in ids])
    least = (
        claims.filter(versioned)
        .sort("due")
        .unique(["child", "ep", "place", "kind", "clause"], keep="first", maintain_order=True)
    )
    return pl.concat([claims.filter(~versioned), least])


def _never_later(compiled: Compiled, claims: pl.DataFrame) -> pl.DataFrame:
    """Follow-ups that may never be later than the child's other clauses say."""
    ids = [
        compiled.clause(part.clause.id)
        for part in compiled.parts()
        if part.clause.after_attempt and part.clause.after_attempt.never_later_than_others
    ]
    if not ids:
        return claims
    follow_up = pl.col("clause").is_in(ids)
    others = (
        claims.lazy()
        .filter(~follow_up, pl.col("kind") == VISIT)
        .group_by("child")
        .agg(earliest=pl.col("due").min())
    )
    return (
        claims.lazy()
        .join(others, on="child", how="left", maintain_order="left")
        .with_columns(due=pl.when(follow_up).then(pl.min_horizontal("due", "earliest")).otherwise("due"))
        .drop("earliest")
        .pipe(collected)
    )
