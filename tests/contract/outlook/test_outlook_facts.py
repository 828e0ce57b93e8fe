"""What the bot does because of what Microsoft 365 is: advice that is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.outlook.calendar import CreateOp, GetOp, list_many, write
from bot.outlook.event import Draft

BOX = "w1@council.test"


@pytest.mark.fact("bot-default-calendar")
def test_entries_are_made_in_the_default_calendar_and_nowhere_else(
    cloud: Any, a_draft: Callable[..., Draft]
) -> None:
    connection = cloud.connect()
    (made,) = write(connection, [CreateOp(BOX, a_draft(), "t1")])
    assert made.status == "done"
    posts = [path for verb, path, _ in cloud.calls(like="/events") if verb == "POST"]
    assert posts == [f"/users/{BOX}/events"]
    calendar = connection.get_json(f"/users/{BOX}/calendar")
    assert calendar["isDefaultCalendar"] is True
    standing = connection.get_json(f"/users/{BOX}/calendars/{calendar['id']}/events")["value"]
    assert [one["subject"] for one in standing] == [a_draft().subject]


@pytest.mark.fact("bot-reads-only-ours")
def test_no_view_and_no_delta_is_ever_opened(
    cloud: Any, boxes: tuple[str, ...], a_draft: Callable[..., Draft]
) -> None:
    connection = cloud.connect()
    (made,) = write(connection, [CreateOp(BOX, a_draft(), "t1")])
    list_many(connection, boxes[:3])
    write(connection, [GetOp(BOX, made.standing.id)])
    asked = [path.casefold() for _, path, _ in cloud.calls()]
    assert asked
    assert not [path for path in asked if "calendarview" in path or "delta" in path]
