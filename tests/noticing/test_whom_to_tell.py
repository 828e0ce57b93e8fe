"""Every mail says whom to tell where it is wrong, and each reader somebody who fits: a manager is not told to
tell a manager."""

from __future__ import annotations

import re
from datetime import datetime, time

import pytest
from quarterkit.looks import look
from quarterkit.team import FIRST, Team

from bot.agenda import DueRun
from bot.run.order import Wishes, perform
from bot.run.world import World
from bot.store import outbox

FOOT = re.compile(r"^Wrong\? Tell (.*)\.$", re.MULTILINE)
WORKERS = "your manager, and mend the case record"
MANAGERS = "whoever keeps the caseload, who can mend the case record"
IROS = "the worker's manager"


def told(world: World) -> dict[str, set[str]]:
    """By the first letter of who reads it: W workers, M managers, S the service manager, i and R IROs."""
    found: dict[str, set[str]] = {}
    for row in outbox.unsent(world.store):
        found.setdefault(row.mail.person[0], set()).update(FOOT.findall(row.mail.text))
        (in_page,) = re.findall(r"Wrong\? Tell ([^<]*)\.<", row.mail.html)
        assert in_page.replace("&#39;", "'") in found[row.mail.person[0]]
    return found


@pytest.mark.parametrize("job", ["worker_list", "manager_digest"])
def test_lists_name_the_manager_and_digests_whoever_keeps_the_caseload(world: World, job: str) -> None:
    Team.of(3).write(world.settings.caseload)
    now = datetime.combine(FIRST, time(9))
    perform(world, now, [DueRun(job, FIRST.isoformat(), now)], Wishes(sends=False))
    wanted = {"W": {WORKERS}} if job == "worker_list" else {"M": {MANAGERS}, "S": {MANAGERS}}
    assert told(world) == wanted


def test_of_notices_each_reader_has_words_that_fit(world: World) -> None:
    look(world)
    found = told(world)
    assert found["M"] == {MANAGERS}
    assert found["W"] == {WORKERS}
    assert found.get("i", set()) | found.get("R", set()) == {IROS}
