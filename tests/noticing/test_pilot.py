"""While piloting, notices keep to the pilot's children, and to a shared box goes no restricted one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from quarterkit.team import FIRST, Team

from bot.agenda import DueRun
from bot.run.order import Wishes, perform
from bot.run.report import RunReport
from bot.run.world import World
from bot.store import notices, outbox

CHILD = re.compile(r"^\* (C\d\d)$", re.MULTILINE)
NOW = datetime.combine(FIRST, time(7))


def look(world: World, days: int = 0) -> RunReport:
    """Half of the children are restricted here, and everybody's last two visits were missed."""
    team = Team.of(3)
    for row in team.rows["children"]:
        row["restricted"] = "yes" if row["child_id"] in {"C01", "C05", "C06"} else ""
        for number in range(2):
            visit = {"visit_id": f"X{row['child_id']}{number}", "child_id": row["child_id"]}
            missed = {"at": "2026-05-30", "status": "cancelled", "reason": "nobody there"}
            team.rows["visits"].append(visit | missed)
    team.write(world.settings.caseload)
    now = NOW + timedelta(days=days)
    return perform(world, now, [DueRun("notices", now.isoformat(), now)], Wishes(sends=False))


def told(world: World) -> dict[str, set[str]]:
    return {row.mail.person: set(CHILD.findall(row.mail.text)) for row in outbox.unsent(world.store)}


def test_a_pilots_notices_are_of_its_workers_children_and_go_to_no_other_worker(world: World) -> None:
    pilot = replace(world, settings=world.settings.model_copy(update={"pilot": ("W1",)}))
    look(pilot)
    held = {row["child_id"] for row in Team.of(3).rows["episodes"] if row["worker_id"] == "W1"}
    found = told(pilot)
    assert set().union(*found.values()) <= held
    assert "M1" in found
    assert not {person for person in found if person[0] == "W"} - {"W1"}
    look(world, days=1)
    assert "M2" in told(world)
    welcomed = [row.mail.person for row in outbox.unsent(world.store) if "Welcome" in row.mail.subject]
    assert welcomed == [], "the end of a pilot welcomes nobody"


def test_with_one_box_for_all_nothing_of_a_restricted_child_goes_and_none_of_it_is_forgotten(
    world: World,
) -> None:
    box = world.settings.mail.model_copy(update={"redirect_to": "pilot@northdale.example"})
    shared = replace(world, settings=world.settings.model_copy(update={"mail": box}))
    report = look(shared)
    assert not set().union(*told(shared).values()) & {"C01", "C05", "C06"}
    assert [one.where for one in report.problems if "restricted" in one.what] == ["settings:mail.redirect_to"]
    before = len(notices.remembered(world.store))
    look(world, days=1)
    assert len(notices.remembered(world.store)) > before
