"""A council adds a pack: what is open under the old one and said by the new one too is not told anew."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from quarterkit.team import FIRST, Team

from bot.agenda import DueRun
from bot.run.order import Wishes, perform
from bot.run.snapshot import load_packs
from bot.run.world import World
from bot.settings import HOME
from bot.store import outbox

DAY = timedelta(days=1)
BY_OTHERS = re.compile(r"^  (.*) What closes it: A visit by the allocated worker", re.MULTILINE)


def told(world: World, packs: tuple[str, ...], days: int) -> list[str]:
    """The clauses under which a run tells of visits made by somebody else."""
    with_packs = replace(world, packs=load_packs(packs, HOME / "rules"))
    before = {row.id for row in outbox.unsent(world.store)}
    now = datetime.combine(FIRST + days * DAY, time(7))
    perform(with_packs, now, [DueRun("notices", now.isoformat(), now)], Wishes(sends=False))
    made = [row.mail.text for row in outbox.unsent(world.store) if row.id not in before]
    return [clause for text in made for clause in BY_OTHERS.findall(text)]


def visited_by_others(world: World) -> None:
    """One child's last two visits were made by somebody other than the allocated worker."""
    team = Team.of(3)
    plan = team.rows["episodes"][0]
    other = "W2" if plan["worker_id"] != "W2" else "W1"
    for number, day in enumerate((FIRST - 2 * DAY, FIRST - DAY)):
        visit = {"visit_id": f"X{number}", "child_id": plan["child_id"], "at": day.isoformat()}
        made = {"status": "completed", "worker_id": other, "finalised_at": day.isoformat()}
        team.rows["visits"].append(visit | made | {"seen": "yes", "seen_alone": "yes"})
    team.write(world.settings.caseload)


def test_what_was_told_under_b0_is_not_told_again_as_a0_where_the_short_guide_is_added(world: World) -> None:
    visited_by_others(world)
    assert told(world, ("visiting-policy",), 0) == ["B.0"]
    assert told(world, ("visiting-policy", "short-guide"), 1) == []


def test_said_by_two_packs_from_the_first_it_is_one_notice_under_both_clauses(world: World) -> None:
    visited_by_others(world)
    assert told(world, ("visiting-policy", "short-guide"), 0) == ["A.0, B.0"]
