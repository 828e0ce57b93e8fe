"""Whether Outlook says that somebody is away: asked in batches, and no answer is not "at work" (C.8b)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from bot.errors import BotError
from bot.outlook.out_of_office import away_in

NOON = datetime(2026, 11, 23, 12, 0)


def replies(cloud: Any, box: str, **setting: Any) -> None:
    tenant = cloud.running.tenant
    with tenant.lock:
        tenant.mailbox(tenant.find(box).id).settings["automaticRepliesSetting"] = setting


def scheduled(first: str, last: str, zone: str = "UTC") -> dict[str, Any]:
    sides = {"scheduledStartDateTime": first, "scheduledEndDateTime": last}
    return {name: {"dateTime": at, "timeZone": zone} for name, at in sides.items()} | {"status": "scheduled"}


@pytest.mark.parametrize(
    ("setting", "away"),
    [
        ({"status": "disabled"}, False),
        ({"status": "alwaysEnabled"}, True),
        (scheduled("2026-11-23T08:00:00.0000000", "2026-11-27T17:00:00.0000000"), True),
        (scheduled("2026-11-23T12:00:00.0000000", "2026-11-23T13:00:00.0000000"), True),
        (scheduled("2026-11-23T08:00:00.0000000", "2026-11-23T12:00:00.0000000"), False),
        (scheduled("2026-11-24T08:00:00.0000000", "2026-11-27T17:00:00.0000000"), False),
        (scheduled("2026-11-23T11:59:00", "2026-11-23T13:00:00", "GMT Standard Time"), True),
    ],
)
def test_automatic_replies_that_are_on_at_the_moment_say_that_somebody_is_away(
    cloud: Any, boxes: Sequence[str], setting: dict[str, Any], away: bool
) -> None:
    replies(cloud, boxes[0], **setting)
    assert away_in(cloud.connect(), boxes[:2], NOON) == {boxes[0]: away, boxes[1]: False}


def test_a_mailbox_that_cannot_be_asked_has_an_error_and_no_answer(cloud: Any, boxes: Sequence[str]) -> None:
    cloud.spoil(do="403", mailbox=boxes[0], path="mailboxSettings", times=None)
    cloud.spoil(do="503", mailbox=boxes[1], path="mailboxSettings", times=None)
    found = away_in(cloud.connect(), boxes[:3], NOON)
    assert isinstance(found[boxes[0]], BotError)
    assert isinstance(found[boxes[1]], BotError)
    assert found[boxes[2]] is False


def test_an_answer_that_cannot_be_understood_is_an_error(cloud: Any, boxes: Sequence[str]) -> None:
    replies(cloud, boxes[0], **scheduled("2026-11-23T08:00:00", "2026-11-27T17:00:00", "Nowhere Time"))
    assert isinstance(away_in(cloud.connect(), boxes[:1], NOON)[boxes[0]], BotError)


def test_thirty_people_are_asked_in_a_few_batches_and_nothing_is_written(
    cloud: Any, boxes: Sequence[str]
) -> None:
    connection = cloud.connect()
    away_in(connection, boxes[:1], NOON)
    cloud.forget()
    assert set(away_in(connection, boxes, NOON).values()) == {False}
    assert len(cloud.calls(like="$batch")) <= 8  # four at once in all, items among them
    assert cloud.writes == 0
