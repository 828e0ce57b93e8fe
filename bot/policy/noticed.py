"""What judging found amiss in the caseload: each on the row to mend, with what was done about it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from bot.errors import Problem
from bot.policy.compiled import in_scope
from bot.policy.conditions import select
from bot.policy.history import History
from bot.policy.law import looser_than_law
from bot.policy.musts import ages_unknown
from bot.policy.stepping import agreed_known
from bot.policy.together import collected


def noticed(history: History, claims: pl.DataFrame) -> list[Problem]:
    """Every problem that the packs chosen make of the caseload."""
    return [
        *history.scene.problems,
        *_excluded(history),
        *_uncovered(history),
        *_wrong_roles(history),
        *_no_setting(history),
        *_no_agreed_frequency(history, claims),
        *ages_unknown(history),
        *looser_than_law(history, claims),
    ]


def _excluded(history: History) -> Iterator[Problem]:
    """The reason is free text, which can hold anything about a child: it is pointed at, and not repeated."""
    for pack in history.compiled.packs:
        if not pack.leaves_out_excluded:
            continue
        out = history.scene.episodes.lazy().filter(
            "open", pl.col("kind").is_in(list(pack.covers)), pl.col("excluded_reason").is_not_null()
        )
        for row in out.sort("row").select("row").pipe(collected)["row"]:
            what = f"the episode is outside {pack.name}, for the reason that stands there"
            mend = "Clear excluded_reason if the policy does apply."
            yield Problem(f"episodes.csv:{row}:excluded_reason", what, mend, "excluded")


def _uncovered(history: History) -> Iterator[Problem]:
    covered = sorted(
        {
            kind
            for pack in history.compiled.packs
            if any(clause.sets_dates for clause in pack.clauses)
            for kind in pack.covers
        }
    )
    left = history.scene.episodes.lazy().filter("open", ~pl.col("kind").is_in(covered))
    counts = left.group_by("kind").agg(children=pl.col("child").n_unique()).sort("kind")
    for kind, children in counts.pipe(collected).iter_rows():
        what = (
            f"no chosen pack covers {kind}: {children} child{'ren' if children != 1 else ''} with an open one"
        )
        yield Problem(
            "episodes.csv::kind",
            what,
            "Choose a pack that covers it, or look after these by hand.",
            "excluded",
        )


def _wrong_roles(history: History) -> Iterator[Problem]:
    parts = [part for part in history.parts() if part.clause.roles]
    if not parts:
        return
    roles = history.scene.caseload.workers.lazy().select("worker_id", "role").drop_nulls("role")
    plans = history.scene.episodes.lazy().filter("open").join(roles, on="worker_id")
    frame = plans.select("row", "kind", "open", "excluded_reason", "role").pipe(collected)
    there = set(frame.select("kind", "role").unique().iter_rows())
    for part in parts:
        pack, clause = part.pack, part.clause
        for kind, role in clause.roles.items():
            if not any(one == kind and other != role for one, other in there):
                continue
            other = frame.filter(in_scope(pack), pl.col("kind") == kind, pl.col("role") != role)
            for row, found in other.sort("row").select("row", "role").iter_rows():
                what = f"the worker is recorded as {found}; {clause.id} asks for {role}"
                yield Problem(
                    f"episodes.csv:{row}:worker_id", what, "Correct the worker or the role.", "warning"
                )


def _no_setting(history: History) -> Iterator[Problem]:
    """Visits that cannot be told apart where each setting has a clock of its own."""
    scene = history.scene
    for part in history.parts():
        pack, clause = part.pack, part.clause
        for clock in clause.clocks:
            if clock.by != "setting" or not clock.asks_several:
                continue
            episodes = select(scene, scene.episodes.lazy().filter(in_scope(pack, clause)), clock.when_of_plan)
            rows = (
                history.belongs.lazy()
                .join(episodes.select("ep"), on="ep")
                .with_columns(
                    status=scene.visit("vi", "status"),
                    is_visit=scene.visit("vi", "is_visit"),
                    setting=scene.raw("vi", "setting"),
                )
                .filter(pl.col("status") == "completed", "is_visit", pl.col("setting").is_null())
                .select(row=scene.raw("vi", "row"))
                .unique()
                .sort("row")
                .pipe(collected)
            )
            for row in rows["row"]:
                what = f"the visit names no setting, and {clause.id} asks for one"
                mend = "Fill in where the child was seen; until then it counts for no single setting."
                yield Problem(f"visits.csv:{row}:setting", what, mend, "warning")


def _no_agreed_frequency(history: History, claims: pl.DataFrame) -> Iterator[Problem]:
    for part in history.parts():
        clause = part.clause
        for clock in clause.clocks:
            for stage in clock.steps:
                if not stage.as_agreed or not stage.as_agreed.required:
                    continue
                id_ = stage.id or clock.id or clause.id
                owed = claims.filter(
                    pl.col("clause") == history.compiled.clause(id_), pl.col("pack") == part.number
                )
                bare = (
                    history.scene.episodes.lazy()
                    .filter(~agreed_known())
                    .select("ep", "row")
                    .join(owed.select("ep").lazy(), on="ep")
                    .pipe(collected)
                )
                for row in bare["row"].sort():
                    what = f"{id_} goes by the care plan, and no frequency is given"
                    mend = f"Fill in agreed_every; until then every {stage.every}."
                    yield Problem(f"episodes.csv:{row}:agreed_every", what, mend, "warning")
