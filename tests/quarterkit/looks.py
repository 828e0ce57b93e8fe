"""One look for notices at a team of which half the children are restricted."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.agenda import DueRun
from bot.run.order import Wishes, perform
from bot.run.report import RunReport
from bot.run.world import World
from quarterkit.team import FIRST, Team

NOW = datetime.combine(FIRST, time(7))


def look(world: World, days: float = 0) -> RunReport:
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
