"""One run in its order, fenced: read, judge, plan, check, write, mail, record.

Everything a scheduler, a person or the demo's page asks for comes through here. A run that is overtaken by
another writes nothing more; one that is killed is repaired by the next. Nothing at all is written before
every diary is planned, every mail made and every guard asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.agenda import DueRun, due_runs
from bot.errors import BotError
from bot.run import sheets
from bot.run.accepting import accept
from bot.run.keep import Plans, Progress, silent
from bot.run.looking import looked
from bot.run.operator import operator
from bot.run.plan import Plan
from bot.run.post import Manner, deliver, silently
from bot.run.posting import tell_the_log
from bot.run.prepare import DIARIES, NOTICES, Post, Prepared, prepare
from bot.run.report import Delivery, Kept, RunReport, still_owed
from bot.run.senders import said_of_refused
from bot.run.world import World
from bot.run.write import carry_out
from bot.store import notices, outbox, runs
from bot.store.lock import keeping
from bot.verdict import Held, held_by

_LONDON = ZoneInfo("Europe/London")
log = structlog.get_logger("visit_bot.run")


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
    forced: str | None = None  # why the guards are lifted, this once
    jobs: tuple[tuple[str, str], ...] | None = None  # a saved plan's lists, as (job, slot); null: all due
    check: Callable[[Prepared], None] | None = None  # looks before anything is written; may refuse
    progress: Progress = silent
    tell: Callable[[str], None] = silently  # at once: which sender is refused, when the last mail will go
    sends: bool = True  # false: what is mailed waits in the outbox, for whoever looks after that


def due_now(world: World, now: datetime) -> tuple[DueRun, ...]:
    """What should have happened by ``now`` (naive London) and has not, for whoever does it unasked.

    Lists of a week that began before the store did are left to whoever asks for them.
    """
    begun = runs.first(world.store) or now
    return due_runs(now, runs.done_slots(world.store), world.timetable, begun=begun)


def asked_now(
    world: World, now: datetime, jobs: Collection[tuple[str, str]] | None = None
) -> tuple[DueRun, ...]:
    """What a run does that a person asks for: diaries and notices at any hour, and the lists that are due.

    ``jobs``: of notices and lists these alone.
    """
    lists = tuple(
        item
        for item in due_runs(now, runs.done_slots(world.store), world.timetable)
        if item.job not in {DIARIES, NOTICES} and (jobs is None or (item.job, item.slot) in jobs)
    )
    slot = f"{now.isoformat(timespec='seconds')} {uuid.uuid4().hex[:8]}"  # asked twice is done twice
    told = [(NOTICES, slot)] if jobs is None else [one for one in jobs if one[0] == NOTICES]
    return (DueRun(DIARIES, slot, now), *(DueRun(job, slot, now) for job, slot in told), *lists)


def run_once(world: World, now: datetime, wishes: Wishes | None = None) -> RunReport:
    """A run that a person asked for."""
    wishes = wishes or Wishes()
    return perform(world, now, asked_now(world, now, wishes.jobs), wishes)


def perform(world: World, now: datetime, items: Sequence[DueRun], wishes: Wishes | None = None) -> RunReport:
    """Do these jobs, on one reading of the caseload, and send every mail that waits.

    Raises Occupied, before anything is read, where another process keeps diaries from this store, and Held
    where a guard objects: then nothing was written and nothing mailed, and the run is remembered as failed.
    """
    with keeping(world.store, "run"):
        return _perform(world, now, items, wishes or Wishes())


def _perform(world: World, now: datetime, items: Sequence[DueRun], wishes: Wishes) -> RunReport:
    fence = world.store.take_fence()
    turns: list[tuple[DueRun, _Turn]] = []
    for item in items:
        slot = f"{item.slot} {uuid.uuid4().hex[:8]}" if wishes.only else item.slot
        run_id = runs.begin(world.store, fence, item.job, slot, now)
        if run_id is not None:
            turns.append((item, _Turn(fence, run_id, now)))
    try:
        prepared = prepare(world, now, [item for item, _ in turns], wishes.only)
        lifted = _pass_guards(world, now, prepared, wishes)
    except BotError as error:
        _failed(world, [turn for _, turn in turns], error)
        raise
    of_senders = said_of_refused(world, prepared.refused)
    for line in of_senders:
        wishes.tell(line)
    kept: tuple[Kept, ...] = ()
    made = 0
    for number, (item, turn) in enumerate(turns):
        try:
            if item.job == DIARIES and prepared.diaries is not None:
                kept = _diaries(world, turn, prepared, prepared.diaries, wishes)
            else:
                made += _enqueue(world, turn, next(post for post in prepared.posts if _is_of(post, item)))
        except BotError as error:
            _failed(world, [left for _, left in turns[number:]], error)
            raise
    manner = Manner(progress=wishes.progress, tell=wishes.tell, refused=prepared.refused)
    delivery = deliver(world, fence, lambda: now, manner) if wishes.sends else Delivery()
    of_sheets = _sheets(world, prepared, prepared.diaries, wishes) if prepared.diaries else ()
    report = RunReport(
        today=prepared.snapshot.today,
        kept=kept,
        posted=delivery.posted,
        problems=prepared.problems_where(lifted=wishes.forced is not None),
        warnings=prepared.snapshot.judgement.warnings,
        owed=len(prepared.snapshot.visits),
        set_aside=_unplaced(prepared.plan),
        lifted=lifted,
        not_delivered=delivery.not_delivered,
        of_mails=delivery.said,
        of_sheets=of_sheets,
        forecast=delivery.forecast,
        mails_made=made,
        of_senders=of_senders,
        found_beside=prepared.found_beside(lifted=wishes.forced is not None),
        mails_left=delivery.left,
    )
    _tell_the_log(report, [item.job for item in items])
    return report


def _is_of(post: Post, item: DueRun) -> bool:
    return (post.job, post.slot) == (item.job, item.slot)


def _pass_guards(world: World, now: datetime, prepared: Prepared, wishes: Wishes) -> tuple[str, ...]:
    """Refuse where a guard objects, unless it was lifted: then write down who did, why and what."""
    if wishes.check is not None:
        wishes.check(prepared)
    verdicts = prepared.plan.verdicts
    if wishes.forced is None:
        if verdicts:
            raise held_by(verdicts)
        return ()
    said = prepared.plan.lifted
    who, when = operator(), datetime.now(_LONDON)  # the clock's, whatever day the run is of
    runs.record_override(
        world.store,
        at=when.replace(tzinfo=None),
        who=who,
        what="mass-change guard",
        why=wishes.forced,
        details="\n".join(
            (
                f"the run of {now:%a %d %b %Y}",
                ", ".join(wishes.only) or "every diary",
                *(said or ("no limit was passed",)),
            )
        ),
    )
    log.warning("guards lifted for one run", who=who, limits=len(said))
    by = f"by {who}, {when:%a %d %b %Y %H:%M}, because “{wishes.forced}”"
    return tuple(f"Lifted for this run alone, {by}: {one}" for one in said)


def _failed(world: World, turns: Sequence[_Turn], error: BotError) -> None:
    """Remember that a run came to nothing; why, where it was a guard, whose words name nobody."""
    summary = {"held": list(error.reasons)} if isinstance(error, Held) else {}
    for turn in turns:
        runs.finish(world.store, turn.fence, turn.run_id, done=False, now=turn.now, summary=summary)
    if isinstance(error, Held):
        log.error("run refused", reasons=list(error.reasons))


def _diaries(world: World, turn: _Turn, prepared: Prepared, plans: Plans, wishes: Wishes) -> tuple[Kept, ...]:
    kept = carry_out(
        world, turn.fence, plans, turn.now, forced=wishes.forced is not None, progress=wishes.progress
    )
    accept(
        world,
        prepared.snapshot,
        prepared.comparison,
        fence=turn.fence,
        run_id=turn.run_id,
        children_of=plans.children_of,
    )
    owed = still_owed(kept)
    runs.finish(world.store, turn.fence, turn.run_id, done=not owed, now=turn.now, summary=_counts(kept))
    return kept


def _sheets(world: World, prepared: Prepared, plans: Plans, wishes: Wishes) -> tuple[str, ...]:
    """After everything else: nobody waits for a sheet to be reminded."""
    return sheets.put(
        world, prepared.snapshot, plans.wanted, plans.owners, keep=plans.rules.keep, only=wishes.only
    )


def _unplaced(plan: Plan) -> tuple[str, ...]:
    return tuple(
        f"{one.child_id}: {one.kind.replace('_', ' ')} stands in no diary: {one.reason}"
        for one in plan.unplaced
    )


def _enqueue(world: World, turn: _Turn, post: Post) -> int:
    summary: dict[str, Any] = {"refused": len(post.problems)}
    if post.job == NOTICES:
        summary |= looked(post.remember, turn.now)
    return outbox.enqueue(
        world.store,
        turn.fence,
        turn.run_id,
        post.mails,
        now=turn.now,
        summary=summary,
        also=lambda connection: notices.write(connection, post.remember.changes),
    )


def _counts(kept: Sequence[Kept]) -> dict[str, Any]:
    return {
        "mailboxes": len(kept),
        "created": sum(one.created for one in kept),
        "changed": sum(one.changed for one in kept),
        "removed": sum(one.removed for one in kept),
        "failed": sum(bool(one.errors) for one in kept),
    }


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
    if report.restored:
        again = [one.made_again for one in report.kept if one.made_again]
        log.warning("store older than what stands", diaries=len(again), made_again=sum(again))
    if report.of_senders:
        log.warning("senders refused", senders=len(report.of_senders))
    if report.of_sheets:
        log.warning("sheets not put", workers=len(report.of_sheets))
    for one in report.kept:
        if one.errors:
            log.warning("diary not done", worker=one.worker_id, errors=len(one.errors), refused=one.refused)
    tell_the_log(report.posted, report.not_delivered)
