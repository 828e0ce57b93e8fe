"""An export that is old, broken off or short: refused before Microsoft 365 is asked anything, or borne."""

from __future__ import annotations

from datetime import timedelta

import pytest
from faultkit.caseload import SECOND, second_day
from faultkit.scene import errors

from bot.errors import BotError


def _refused(scene, good) -> int:
    """Nothing is written by it, and the next export is taken; gives how often Microsoft 365 was asked."""
    before = scene.shown()
    with scene.counting() as writes:
        bad = scene.run()
        asked = scene.running.tenant.record.requests
        assert writes(None) == 0
    assert isinstance(bad, BotError), bad
    scene.told(bad)
    assert scene.shown() == before
    scene.harmless([bad])
    scene.second()
    scene.repaired(good)
    return asked


@pytest.mark.trouble("export-stale")
def test_a_stale_export_is_refused(scene, good) -> None:
    scene.filled()
    scene.second()
    second_day().on(SECOND - timedelta(days=4)).write(scene.config.parent / "caseload")
    assert _refused(scene, good) == 0, "not even asked"


@pytest.mark.trouble("export-truncated")
def test_an_export_that_breaks_off_in_the_middle_of_a_line_is_refused(scene, good) -> None:
    scene.filled()
    scene.second()
    file = scene.config.parent / "caseload" / "visits.csv"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    import os

    at = (scene.config.parent / "caseload" / "children.csv").stat().st_mtime
    os.utime(file, (at, at))
    assert _refused(scene, good) == 0, "not even asked"


@pytest.mark.trouble("export-shrunken")
def test_an_export_with_half_of_the_children_is_refused(scene, good) -> None:
    scene.filled()
    scene.know(second_day().without(*range(7003, 7009)))
    _refused(scene, good)


@pytest.mark.trouble("case-missing-once")
def test_a_case_missing_once_keeps_its_entries(scene, good) -> None:
    scene.filled()
    scene.know(second_day().without(7009))
    kept = scene.of_child(7009)
    assert len(kept) == 2
    report = scene.run()
    assert errors(report) == []
    assert scene.of_child(7009) == kept
    assert any("K7009" in str(problem) for problem in report.problems), "somebody is told"
    scene.second()
    scene.repaired(good)
    assert scene.of_child(7009) == kept
