"""London's days: the weeks in which the clocks change, and the hour that is tomorrow already."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog
import time_machine
from faultkit.caseload import ANN, first_day
from faultkit.scene import errors
from typer.testing import CliRunner

LONDON = ZoneInfo("Europe/London")
SUNDAYS = [date(2026, 10, 25), date(2026, 3, 29)]  # back an hour, on an hour


@pytest.mark.trouble("clocks-change")
@pytest.mark.parametrize("sunday", SUNDAYS, ids=["October", "March"])
def test_over_a_weekend_on_which_the_clocks_change_no_entry_moves(play, sunday) -> None:
    friday = sunday - timedelta(days=2)
    scene = play(caseload=first_day(today=friday))
    scene.filled()
    rings = [one for one in scene.ours() if not one.all_day]
    assert {one.starts.time() for one in rings} == {time(9)}
    hours = {one.starts.replace(tzinfo=LONDON).astimezone(UTC).hour for one in rings}
    assert hours == {8, 9}, "both sides of the change"
    markers = {one.key: one.starts for one in scene.ours() if one.all_day}
    night = datetime.combine(sunday, time(1, 30))
    moved = next(one for one in rings if one.starts.date() > sunday)
    scene.edit(
        moved,
        start={"dateTime": night.isoformat(), "timeZone": "Europe/London"},
        end={"dateTime": (night + timedelta(minutes=15)).isoformat(), "timeZone": "Europe/London"},
    )
    for day in (sunday - timedelta(days=1), sunday):
        scene.know(scene.caseload.on(day))
        report = scene.run()
        assert errors(report) == []
        again = {one.key: one for one in scene.ours()}
        assert again[moved.key].starts.date() == sunday, (
            "where a person put it, in an hour that is there twice"
        )
        owed = {key: at for key, at in markers.items() if at.date() > day}
        assert {key: again[key].starts for key in owed} == owed
        scene.repaired()
    assert not [
        one for one in scene.ours() if not one.all_day and one.id != moved.id and one.starts.hour != 9
    ]


@pytest.mark.trouble("half-past-eleven-utc")
def test_at_2330_utc_in_july_it_is_tomorrow_in_london(play) -> None:
    from bot.cli.app import app

    tuesday, wednesday = date(2026, 7, 14), date(2026, 7, 15)
    scene = play(caseload=first_day(today=tuesday - timedelta(days=2)).on(tuesday))
    due = next(one for one in scene.caseload.children if one.visits[-1] + timedelta(days=21) == tuesday)
    with time_machine.travel(datetime(2026, 7, 14, 23, 30, tzinfo=UTC), tick=True):
        scene.running.tenant.clock.set_today(wednesday)
        done = CliRunner().invoke(app, ["run", "--config", str(scene.config)])
    structlog.reset_defaults()  # the command's log went where the runner listened
    assert done.exit_code == 0, done.output
    (late,) = [one for one in scene.of_child(due.number) if not one.all_day]
    assert "1 day late" in late.subject, "due on Tuesday, and this is Wednesday"
    assert late.starts == datetime.combine(wednesday, time(9))
    assert {one.starts.time() for one in scene.ours(ANN) if one.all_day} == {time(0)}
    scene.edit(
        next(one for one in scene.ours(ANN) if not one.all_day and one.starts.date() > wednesday),
        start={"dateTime": "2026-07-16T23:30:00", "timeZone": "UTC"},
        end={"dateTime": "2026-07-16T23:45:00", "timeZone": "UTC"},
    )
    scene.know(scene.caseload.on(wednesday))
    scene.repaired()
    assert [one for one in scene.ours(ANN) if one.starts == datetime(2026, 7, 17, 0, 30)], (
        "it stays on Friday"
    )
