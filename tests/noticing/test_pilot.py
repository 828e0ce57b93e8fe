"""While piloting, notices keep to the pilot's children, and to a shared box goes no restricted one."""

from __future__ import annotations

import re
from dataclasses import replace

from quarterkit.looks import look
from quarterkit.team import Team

from bot.run.world import World
from bot.store import notices, outbox

CHILD = re.compile(r"^\* (C\d\d)$", re.MULTILINE)


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


def test_what_was_told_of_a_restricted_child_before_one_box_took_all_is_still_told_afterwards(
    world: World,
) -> None:
    look(world)
    told_before = {(row.key, row.person) for row in notices.remembered(world.store)}
    box = world.settings.mail.model_copy(update={"redirect_to": "pilot@northdale.example"})
    look(replace(world, settings=world.settings.model_copy(update={"mail": box})), days=0.1)
    assert told_before <= {(row.key, row.person) for row in notices.remembered(world.store)}
