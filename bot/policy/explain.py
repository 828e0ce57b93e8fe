"""Why a child is due when it is: every clause that applies, step by step, and why the others do not.

Built from the claims and the visits that did not count; nothing is reckoned a second time.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from bot.caseload.model import Caseload
from bot.policy.clauses import Clause
from bot.policy.due import visits
from bot.policy.judgement import Judgement
from bot.policy.pack import Pack
from bot.policy.worktime import WorkTime, for_england

WIDTH = 96


@dataclass(frozen=True, slots=True)
class Sum:
    """One clause's date: from what, how far, over which days that do not count, to when."""

    clause: str
    says: str
    cites: str
    pack: str
    kind: str
    base: datetime
    base_is: str
    base_visit: str | None
    step: str
    skipped: tuple[date, ...]
    due: date
    due_at: datetime | None
    governs: bool

    def words(self) -> str:
        """The arithmetic in a sentence."""
        what = "the visit on" if self.base_is == "visit" else f"the {self.base_is} on"
        text = f"{what} {_day(self.base.date())} + {self.step}"
        if self.step == "the day wanted":
            text = f"asked for on {_day(self.base.date())}, for the day wanted"
        if self.skipped:
            text += f" (not counting {_runs(self.skipped)})"
        end = f"{self.due_at:%H:%M} on {_day(self.due)}" if self.due_at else _day(self.due)
        return f"{text} = {end}"


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing owed, with its sums."""

    kind: str
    worker_id: str | None
    setting: str | None
    due: date
    status: str
    act_by: date
    remind_on: date
    needs_cover: bool
    cover_id: str | None
    must: tuple[str, ...]
    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A visit that did not count for a clause, and the box that was not ticked."""

    visit_id: str
    at: datetime
    clause: str
    reason: str


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A clause that asks nothing of this child now, and why."""

    clause: str
    says: str
    why: str


@dataclass(frozen=True, slots=True)
class Raised:
    """An open concern."""

    clause: str
    to: tuple[str, ...]
    says: str
    closes: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that makes a child's dates, as a value."""

    child_id: str
    today: date
    owed: tuple[Owed, ...]
    concerns: tuple[Raised, ...]
    not_counted: tuple[NotCounted, ...]
    not_asked: tuple[NotAsked, ...]

    def json(self) -> dict[str, Any]:
        """The same as plain values for JSON."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    def text(self) -> str:
        """The same as a social worker would read it."""
        return "\n".join(_lines(self))


def explain(caseload: Caseload, packs: Sequence[Pack], judgement: Judgement, child_id: str) -> Explanation:
    """Why ``child_id`` is owed what it is under these packs."""
    work = for_england([day for pack in packs for day in pack.closures])
    claims = judgement.claims.filter(pl.col("child_id") == child_id)
    mine = judgement.due.filter(pl.col("child_id") == child_id)
    one = Judgement(
        judgement.today,
        claims,
        mine,
        judgement.seen,
        judgement.uncounted,
        judgement.concerns,
        (),
        judgement.says,
        (),
    )
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
            pack.title,
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


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _runs(days: Sequence[date]) -> str:
    """Days in words, neighbours drawn together."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"{run[0].day} {run[0]:%b}"
        if len(run) == 1
        else f"{run[0].day} {run[0]:%b}–{run[-1].day} {run[-1]:%b}"
        for run in runs
    )


def _lines(found: Explanation) -> Iterator[str]:
    yield f"{found.child_id} on {_day(found.today)}"
    if not found.owed:
        yield "Nothing is owed."
    for owed in found.owed:
        yield ""
        yield from _heading(owed)
        if owed.must:
            yield f"  Must: {', '.join(word.replace('_', ' ') for word in owed.must)}."
        for sum_ in owed.sums:
            mark = "►" if sum_.governs else " "
            yield f"  {mark} {sum_.clause}  {sum_.says}"
            yield f"      {sum_.words()}"
            yield f"      {sum_.pack}, {sum_.cites}"
    if found.concerns:
        yield ""
        yield "Open concerns:"
    for concern in found.concerns:
        yield f"  {concern.clause} (to {', '.join(concern.to)}): {concern.says} Closes: {concern.closes}"
    if found.not_counted:
        yield ""
        yield "Did not count:"
    for one in found.not_counted:
        yield f"  {_day(one.at.date())} ({one.visit_id}) for {one.clause}: {one.reason}."
    if found.not_asked:
        yield ""
        yield "Asks nothing now:"
    for other in found.not_asked:
        yield from textwrap.wrap(
            f"  {other.clause}  {other.says} — {other.why}.", WIDTH, subsequent_indent="      "
        )


def _heading(owed: Owed) -> Iterator[str]:
    where = f" in {owed.setting}" if owed.setting else ""
    what = owed.kind.replace("_", " ").capitalize() + where
    yield f"{what}, {owed.status}: {_day(owed.due)}. Worker {owed.worker_id or 'not known'}."
    cover = ""
    if owed.needs_cover:
        by = f" by {owed.cover_id}" if owed.cover_id else ", and nobody is named"
        cover = f" Needs cover{by}."
    yield f"  Act by {_day(owed.act_by)}; reminder on {_day(owed.remind_on)}.{cover}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
