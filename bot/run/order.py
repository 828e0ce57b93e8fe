"""One run in its order, fenced: read, judge, plan, check, write, mail, record.

Everything a scheduler, a person or the demo's page asks for comes through here. A run that is overtaken by
another writes nothing more; one that is killed is repaired by the next.
"""

from __future__ import annotations

import getpass
import socket
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog

from bot.agenda import DueRun, due_runs
from bot.caseload.guard import check_age
from bot.errors import BotError, Problem
from bot.run.keep import Plans, Progress, make_plans, silent
from bot.run.lists import make_mails
from bot.run.post import deliver
from bot.run.report import Kept, Posted, RunReport
from bot.run.snapshot import Snapshot, take
from bot.run.world import World
from bot.run.write import carry_out
from bot.store import outbox, runs
from bot.store.lock import keeping

log = structlog.get_logger("visit_bot.run")
DIARIES = "diaries"


@dataclass(frozen=True, slots=True)
class _Turn:
    """The place of one job in one run: the fence it writes under, its row, and the moment."""

    fence: int
    run_id: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked of one run beside what is due."""

    only: tuple[str, ...] = ()  # worker ids: their diaries and lists alone, and no slot is closed
    forced: str | None = None  # why the mass-change guard is lifted
    check: Callable[[Plans], None] | None = None  # looks at the plans before anything is written; may refuse
    progress: Progress = silent


def due_now(world: World, now: datetime) -> tuple[DueRun, ...]:
    """What should have happened by ``now`` (naive London) and has not."""
    return due_runs(now, runs.done_slots(world.store), world.timetable)


def run_once(world: World, now: datetime, wishes: Wishes | None = None) -> RunReport:
    """A run that a person asked for: the diaries whatever the hour, and the lists whose time has come."""
    lists = tuple(item for item in due_now(world, now) if item.job != DIARIES)
    slot = f"{now.isoformat(timespec='seconds')} {uuid.uuid4().hex[:8]}"  # asked twice is done twice
    asked = DueRun(DIARIES, slot, now)
    return perform(world, now, (asked, *lists), wishes or Wishes())


def perform(world: World, now: datetime, items: Sequence[DueRun], wishes: Wishes | None = None) -> RunReport:
    """Do these jobs, on one reading of the caseload, and send every mail that waits.

    Raises Occupied, before anything is read, where another process keeps diaries from this store.
    """
    with keeping(world.store, "run"):
        return _perform(world, now, items, wishes or Wishes())


def _perform(world: World, now: datetime, items: Sequence[DueRun], wishes: Wishes) -> RunReport:
    fence = world.store.take_fence()
    snapshot = read_world(world, now)
    if wishes.forced:
        _record_override(world, now, wishes)
    kept: tuple[Kept, ...] = ()
    unplaced: tuple[str, ...] = ()
    problems: list[Problem] = list(snapshot.problems)
    for item in items:
        slot = f"{item.slot} {uuid.uuid4().hex[:8]}" if wishes.only else item.slot
        run_id = runs.begin(world.store, fence, item.job, slot, now)
        if run_id is None:
            continue
        turn = _Turn(fence, run_id, now)
        try:
            if item.job == DIARIES:
                kept, unplaced = _diaries(world, turn, snapshot, wishes)
            else:
                problems += _lists(world, turn, snapshot, item, wishes.only)
        except BotError:
            runs.finish(world.store, fence, run_id, done=False, now=now, summary={})
            raise
    posted = deliver(world, fence, lambda: now, progress=wishes.progress)
    report = RunReport(
        today=snapshot.today,
        kept=kept,
        posted=posted,
        problems=tuple(problems),
        warnings=snapshot.judgement.warnings,
        owed=len(snapshot.visits),
        set_aside=unplaced,
    )
    _tell_the_log(report, [item.job for item in items])
    return report


def read_world(world: World, now: datetime) -> Snapshot:
    """Read and judge the caseload; raises Refused where it is missing or too old."""
    settings = world.settings
    snapshot = take(settings.caseload, world.packs, now.date(), settings.own_days)
    check_age(snapshot.caseload, now, settings.guard.max_age_hours)
    return snapshot


def _diaries(
    world: World, turn: _Turn, snapshot: Snapshot, wishes: Wishes
) -> tuple[tuple[Kept, ...], tuple[str, ...]]:
    plans = make_plans(world, snapshot, wishes.only)
    if wishes.check is not None:
        wishes.check(plans)
    kept = carry_out(
        world, turn.fence, plans, turn.now, forced=wishes.forced is not None, progress=wishes.progress
    )
    caseload = snapshot.caseload
    runs.remember_snapshot(
        world.store,
        turn.fence,
        turn.run_id,
        today=snapshot.today.isoformat(),
        children=caseload.children.height,
        open_episodes=_open_episodes(snapshot),
        visits=caseload.visits.height,
        problems=len(snapshot.problems),
    )
    again = any(one.again for one in kept) or (bool(kept) and all(one.errors for one in kept))
    runs.finish(world.store, turn.fence, turn.run_id, done=not again, now=turn.now, summary=_counts(kept))
    return kept, _unplaced(plans, wishes.only)


def _unplaced(plans: Plans, only: Collection[str]) -> tuple[str, ...]:
    return tuple(
        f"{one.child_id}: {one.kind.replace('_', ' ')} stands in no diary: {one.reason}"
        for one in plans.unplaced
        if not only or one.worker_id in only
    )


def _lists(
    world: World, turn: _Turn, snapshot: Snapshot, item: DueRun, only: Collection[str]
) -> tuple[Problem, ...]:
    mails, problems = make_mails(world, snapshot, item.job, item.slot, only)
    outbox.enqueue(
        world.store, turn.fence, turn.run_id, mails, now=turn.now, summary={"refused": len(problems)}
    )
    return problems


def _open_episodes(snapshot: Snapshot) -> int:
    today: date = snapshot.today
    ends = snapshot.caseload.episodes["end"]
    return int((ends.is_null() | (ends >= today)).sum())


def _counts(kept: Sequence[Kept]) -> dict[str, Any]:
    return {
        "mailboxes": len(kept),
        "created": sum(one.created for one in kept),
        "changed": sum(one.changed for one in kept),
        "removed": sum(one.removed for one in kept),
        "failed": sum(bool(one.errors) for one in kept),
    }


def _record_override(world: World, now: datetime, wishes: Wishes) -> None:
    who = f"{getpass.getuser()} at {socket.gethostname()}"
    details = ", ".join(wishes.only) or "every diary"
    runs.record_override(
        world.store, at=now, who=who, what="mass-change guard", why=wishes.forced or "", details=details
    )


def _tell_the_log(report: RunReport, jobs: Sequence[str]) -> None:
    """Counts and worker ids: never a name, an address or a child."""
    log.info(
        "run",
        jobs=list(jobs),
        owed=report.owed,
        problems=len(report.problems),
        sent=report.mails_sent,
        **_counts(report.kept),
    )
    for one in report.kept:
        if one.errors:
            log.warning("diary not done", worker=one.worker_id, errors=len(one.errors))
    posted: Posted
    for posted in report.posted:
        if posted.error:
            log.warning("mail not sent", worker=posted.person, job=posted.job, state=posted.state)
