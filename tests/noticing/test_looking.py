"""A look through the day reads the caseload where its files changed, on a new day, or something waits."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from quarterkit.team import FIRST, Team

from bot.agenda import DueRun
from bot.run.looking import nothing_new, pass_over, with_notices
from bot.run.order import Wishes, due_now, perform
from bot.run.report import RunReport
from bot.run.world import World
from bot.store import outbox
from bot.verdict import Held

DAY = timedelta(days=1)


def at(hour: int, minute: int = 0, day: date = FIRST) -> datetime:
    return datetime.combine(day, time(hour, minute))


def look(world: World, now: datetime, **wishes: object) -> RunReport:
    item = DueRun("notices", now.isoformat(timespec="minutes"), now)
    return perform(world, now, [item], Wishes(sends=False, **wishes))  # type: ignore[arg-type]


def mailed(world: World) -> Counter[str]:
    return Counter(row.mail.person for row in outbox.unsent(world.store))


@pytest.fixture
def team(world: World) -> Team:
    made = Team.of(3)
    made.write(world.settings.caseload)
    return made


def test_before_the_first_look_everything_is_new(world: World, team: Team) -> None:
    assert not nothing_new(world, at(7))


def test_while_the_files_stand_as_they_were_read_there_is_nothing_new_until_tomorrow(
    world: World, team: Team
) -> None:
    look(world, at(7))
    assert nothing_new(world, at(8))
    assert not nothing_new(world, at(7, day=FIRST + DAY))
    file = world.settings.caseload / "visits.csv"
    os.utime(file, ns=(1, file.stat().st_mtime_ns + 1))
    assert not nothing_new(world, at(8))


def test_a_look_passed_over_is_done_and_the_next_knows_as_much(world: World, team: Team) -> None:
    look(world, at(7))
    (item,) = (item for item in due_now(world, at(8)) if item.job == "notices")
    pass_over(world, item, at(8))
    assert not [item for item in due_now(world, at(8, 30)) if item.job == "notices"]
    assert nothing_new(world, at(9))


def test_what_waits_for_its_readers_next_mail_is_looked_at_again(world: World, team: Team) -> None:
    look(world, at(7))
    for row in team.rows["episodes"][:4]:
        child = row["child_id"]
        for number in range(2):
            day = (FIRST - DAY).isoformat()
            visit = {"visit_id": f"X{child}{number}", "child_id": child, "at": day, "status": "cancelled"}
            team.rows["visits"].append(visit | {"reason": "nobody there"})
    team.write(world.settings.caseload)
    look(world, at(7, 30))
    assert max(mailed(world).values()) == 1, "within the hour of the first mail"
    assert not nothing_new(world, at(8))
    look(world, at(8))
    assert mailed(world)["M1"] == 2
    assert nothing_new(world, at(9))


def test_a_run_for_some_people_leaves_the_others_to_the_next_look(world: World, team: Team) -> None:
    look(world, at(7), only=("M1",))
    assert mailed(world) == {"M1": 1}
    assert not nothing_new(world, at(8))
    look(world, at(8))
    assert mailed(world)["M2"] == mailed(world)["M1"] == 1


def test_a_look_that_was_refused_is_no_look(world: World, team: Team) -> None:
    look(world, at(7))
    (world.settings.caseload / "children.csv").write_text("")
    with pytest.raises(Held):
        look(world, at(8))
    team.write(world.settings.caseload)
    assert not nothing_new(world, at(9))


def test_where_outlook_is_asked_every_look_is_worth_it(make_world: Callable[..., World]) -> None:
    world = make_world()
    Team.of(3).write(world.settings.caseload)
    look(world, at(7))
    asking = make_world("\n[notices]\nout_of_office = true\n")
    assert not nothing_new(asking, at(8))


def test_the_days_diaries_tell_on_the_same_reading_and_lists_go_alone() -> None:
    diaries, lists = DueRun("diaries", "2026-06-01", at(6, 30)), DueRun("worker_list", "2026-06-01", at(7))
    assert [item.job for item in with_notices(diaries)] == ["diaries", "notices"]
    assert with_notices(lists) == (lists,)
