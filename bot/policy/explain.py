"""Why a child is due when it is: every clause that applies, step by step, and why the others do not.

Built from what the judgement found; no date is judged a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from bot.caseload.model import Caseload
from bot.errors import Problem
from bot.policy.clauses import Clause
from bot.policy.due import visits
from bot.policy.explained import day_words, sentence
from bot.policy.explanation import (
    AskedFor,
    Explanation,
    Guide,
    LeftOut,
    NotCounted,
    OpenPlan,
    Owed,
    Raised,
    Sum,
    ToMend,
)
from bot.policy.judgement import DueVisit, Judgement
from bot.policy.not_asked import Child, not_asked
from bot.policy.pack import Pack
from bot.policy.period import HOURS, WORKING_DAYS, add, parse

BY_CHILD = ("children", "episodes", "visits", "away", "requests", "approvals", "supervisions")
CELL = re.compile(r"\b(children|episodes|visits)\b[^:]*:([^:]+):")  # of a problem's ``where``
START = {  # what the start of a plan or placement is
    "referral": "referral received",
    "early_help": "allocation",
    "section_47": "enquiry started",
    "child_in_need": "plan agreed",
    "child_protection": "plan agreed",
    "in_our_care": "placement begun",
    "short_breaks": "placement begun",
    "adoptive_placement": "placement begun",
    "private_fostering": "notification",
    "temporary_carer": "placement begun",
    "interim_care_order_home": "placement begun",
    "care_order_home": "placement begun",
    "missing": "report of being missing",
    "care_leaver": "leaving of care",
}


def explain(caseload: Caseload, packs: Sequence[Pack], judgement: Judgement, child_id: str) -> Explanation:
    """Why ``child_id`` is owed what it is under these packs."""
    claims = judgement.claims.filter(pl.col("child_id") == child_id)
    mine = judgement.due.filter(pl.col("child_id") == child_id)
    asked = judgement.asked.filter(pl.col("child_id") == child_id)
    alone = replace(
        caseload,
        **{name: getattr(caseload, name).filter(pl.col("child_id") == child_id) for name in BY_CHILD},
    )
    sums = _Sums(packs, judgement, alone.episodes)
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
            tuple(AskedFor(one.must, one.clauses) for one in visit.asked),
            tuple(sums.of(claims, visit)),
        )
        for visit in visits(replace(judgement, claims=claims, due=mine, asked=asked))
    )
    concerns = tuple(
        Raised(c.id, c.to, c.says, c.closes) for c in judgement.concerns if c.child_id == child_id
    )
    uncounted = judgement.uncounted.filter(pl.col("child_id") == child_id).sort("at", "visit_id", "clause")
    musts = {clause for one in owed for must in one.must for clause in must.clauses}
    speaking = {*claims["clause"], *musts, *(concern.clause for concern in concerns)}
    roles = dict(caseload.workers.select("worker_id", "role").iter_rows())
    child = Child(alone.episodes, judgement.today, frozenset(speaking), roles)
    return Explanation(
        child_id,
        judgement.today,
        tuple(map(_plan, child.running.iter_rows(named=True))),
        owed,
        concerns,
        tuple(
            NotCounted(row["visit_id"], row["at"], row["clause"], row["reason"])
            for row in uncounted.iter_rows(named=True)
        ),
        tuple(guidance(packs, child)),
        tuple(not_asked(packs, child)),
        tuple(_amiss((*caseload.problems, *judgement.problems), alone, child_id)),
    )


def _plan(episode: dict[str, Any]) -> OpenPlan:
    return OpenPlan(
        episode["kind"], episode["start"].date(), episode["end"], episode["setting"], episode["worker_id"]
    )


class _Sums:
    """The arithmetic of each claim, told again step by step."""

    def __init__(self, packs: Sequence[Pack], judgement: Judgement, episodes: pl.DataFrame) -> None:
        self._packs, self._work = packs, judgement.work
        self._plans = {row["episode"]: _plan(row) for row in episodes.iter_rows(named=True)}

    def of(self, claims: pl.DataFrame, visit: DueVisit) -> Iterator[Sum]:
        """A sum for each clause behind one thing owed, in order of date."""
        mine = claims.filter(
            pl.col("kind") == visit.kind,
            pl.col("worker_id").eq_missing(visit.worker_id),
            pl.col("setting").eq_missing(visit.setting),
        )
        for row in mine.sort("due", "clause").iter_rows(named=True):
            yield self._sum(row, visit)

    def _sum(self, row: dict[str, Any], visit: DueVisit) -> Sum:
        pack, clause = self._written(row["clause"])
        calendar, left_out, reckoned = self._counted(row)
        sum_ = Sum(
            clause=row["clause"],
            says=pack.says.get(row["clause"], ""),
            cites=clause.cites,
            pack=clause.document or pack.title,
            kind=row["kind"],
            plan=self._plans.get(row["episode"]),
            base=row["base"],
            base_is=row["base_is"],
            base_visit=row["base_visit"],
            step=row["step"],
            calendar=calendar,
            skipped=left_out,
            reckoned=reckoned,
            moved=_moved(row, clause, reckoned),
            due=row["due"],
            due_at=row["due_at"],
            governs=row["due"] == visit.due,
            arithmetic="",
        )
        return replace(sum_, arithmetic=sentence(_start(row), sum_))

    def _counted(self, row: dict[str, Any]) -> tuple[str, tuple[LeftOut, ...], date]:
        """By which calendar, which days between were left out, and where the sum comes to."""
        due: date = row["due"]
        try:
            period = parse(row["step"])
        except ValueError:  # "the day wanted" is no length of time
            return "the day itself", (), due
        if period.unit == HOURS and row["due_at"]:
            return "hours that pass", (), due
        start = row["base"].date()
        reckoned: date = pl.select(add(pl.lit(start), period, self._work)).item()
        if period.unit != WORKING_DAYS:
            return "calendar days", (), reckoned
        between = self._work.skipped(start, reckoned)
        left_out = tuple(LeftOut(day, self._work.why_not(day)) for day in between)
        return "working days: Monday to Friday, without bank holidays and closures", left_out, reckoned

    def _written(self, id_: str) -> tuple[Pack, Clause]:
        return next(
            (pack, clause) for pack in self._packs for clause in pack.clauses if id_ in clause.every_id
        )


def _start(row: dict[str, Any]) -> str:
    """From what the sum starts, with its day, and the hour where hours are counted."""
    when = f"on {day_words(row['base'].date())}"
    if row["due_at"]:
        when = f"at {row['base']:%H:%M} {when}"
    what = row["base_is"]
    if what in {"visit", "attempt"}:
        return f"the {what} {when} ({row['base_visit']})"
    if what == "start":
        what = START.get(row["plan_kind"] or "", "start")
    return f"the {what} {when}"


def _moved(row: dict[str, Any], clause: Clause, reckoned: date) -> str | None:
    """Why the date is another day than the sum gives."""
    if row["due"] == reckoned:
        return None
    if row["due"] < reckoned:
        return "no later than the other clauses ask"
    if clause.in_force and clause.in_force.from_ == row["due"]:
        return "not before the day from which the policy holds so"
    return "not before the day from which it was agreed"


def _amiss(problems: Iterable[Problem], alone: Caseload, child_id: str) -> Iterator[ToMend]:
    """The problems that stand on the child's own rows."""
    rows = {name: set(map(str, getattr(alone, name)["row"])) for name in ("episodes", "visits")}
    rows["children"] = {child_id}
    for one in problems:
        cell = CELL.search(one.where)
        if cell and cell[2] in rows[cell[1]]:
            yield ToMend(one.where, one.what, one.mend, one.effect)


def guidance(packs: Sequence[Pack], child: Child) -> Iterator[Guide]:
    """What the packs say about the visit itself, without a date of its own."""
    for pack in packs:
        for clause in pack.clauses:
            if clause.guidance and clause.holds_on(child.today) and child.runs(pack.kinds_of(clause)):
                yield Guide(clause.id, clause.says, clause.cites, clause.document or pack.title)
