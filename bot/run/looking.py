"""Whether a look through the day is worth reading the caseload for: only where its files have changed.

A run of notices leaves behind what it read and whether anything waits. While the files are those, on the same
day, and nothing waits, there is nothing to tell. Where Outlook is asked who is out of office, every look is
worth it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.agenda import DueRun
from bot.caseload.wholeness import fingerprint, stamps
from bot.run.making import Remember
from bot.run.prepare import DIARIES, NOTICES
from bot.run.world import World
from bot.store import runs


def looked(remember: Remember, now: datetime) -> dict[str, Any]:
    """What a run of notices leaves behind for the next look."""
    return {"held": remember.held, "read": remember.read, "on": now.date().isoformat()}


def nothing_new(world: World, now: datetime) -> bool:
    """Whether everything there is to tell was told by the last look."""
    last = runs.latest(world.store, NOTICES)
    if last is None or last.state != "done" or world.settings.notices.out_of_office:
        return False
    before = last.summary
    same_files = before.get("read") == fingerprint(stamps(world.settings.caseload)) != ""
    return same_files and before.get("held") == 0 and before.get("on") == now.date().isoformat()


def pass_over(world: World, item: DueRun, now: datetime) -> None:
    """Take a slot for done that had nothing new, and leave behind what the last look left."""
    last = runs.latest(world.store, NOTICES)
    fence = world.store.take_fence()
    run_id = runs.begin(world.store, fence, item.job, item.slot, now)
    if run_id is not None and last is not None:
        runs.finish(world.store, fence, run_id, done=True, now=now, summary=last.summary | {"mails": 0})


def with_notices(item: DueRun) -> tuple[DueRun, ...]:
    """The day's diaries tell what they find at once, on the same reading."""
    if item.job != DIARIES:
        return (item,)
    return (item, DueRun(NOTICES, f"{item.slot} {DIARIES}", item.since))
