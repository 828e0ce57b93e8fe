"""Diaries over real HTTP: what is written is what stands, once, whatever happens to the answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bot.errors import Permanent, Temporary
from bot.outlook.answer import Ask
from bot.outlook.calendar import (
    ChangeOp,
    CreateOp,
    GetOp,
    ReleaseOp,
    RemoveOp,
    list_many,
    list_ours,
    write,
)
from bot.outlook.connection import Connection
from bot.outlook.event import Draft, Standing

BOX = "w1@council.test"
Drafts = Callable[..., Draft]


def create(connection: Connection, draft: Draft, *, box: str = BOX) -> Standing:
    (outcome,) = write(connection, [CreateOp(box, draft, f"t-{draft.key}")])
    assert outcome.status == "done", outcome
    assert outcome.standing is not None
    return outcome.standing


def as_stored(cloud: Any, box: str = BOX) -> list[dict[str, Any]]:
    return [item.props for item in cloud.running.tenant.mailbox(box).events.values()]


def test_an_entry_stands_as_it_was_written(cloud: Any, a_draft: Drafts) -> None:
    connection, draft = cloud.connect(), a_draft()
    made = create(connection, draft)
    (seen,) = list_ours(connection, BOX)
    assert seen == made
    assert (seen.key, seen.subject, seen.starts, seen.ends) == ("a1", draft.subject, draft.starts, draft.ends)
    assert (seen.all_day, seen.categories, seen.alarm_minutes) == (False, ("Visit",), 0)
    (stored,) = as_stored(cloud)
    assert (stored["sensitivity"], stored["showAs"]) == ("private", "free")


def test_reading_writes_nothing_and_asks_once_for_twenty_mailboxes(
    cloud: Any, boxes: tuple[str, ...], a_draft: Drafts
) -> None:
    connection = cloud.connect()
    write(connection, [CreateOp(box, a_draft(f"a{n}"), f"t{n}") for n, box in enumerate(boxes)])
    cloud.forget()
    lists = list_many(connection, boxes)
    assert {
        box: [entry.key for entry in found] for box, found in lists.items() if isinstance(found, tuple)
    } == {box: [f"a{n}"] for n, box in enumerate(boxes)}
    assert cloud.writes == 0
    assert len(cloud.calls(like="$batch")) == 2
    assert len(cloud.calls(like="/events")) == len(boxes)


@pytest.mark.fact("bot-reads-only-ours")
def test_nobodys_own_appointments_are_read(cloud: Any, a_draft: Drafts) -> None:
    connection = cloud.connect()
    own = {
        "subject": "Dentist",
        "start": {"dateTime": "2026-12-03T10:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-03T11:00:00", "timeZone": "UTC"},
    }
    connection.ask(Ask("POST", f"/users/{BOX}/events", own))
    create(connection, a_draft())
    assert [entry.key for entry in list_ours(connection, BOX)] == ["a1"]


def test_a_long_list_is_read_over_all_its_pages(
    cloud: Any, a_draft: Drafts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outlook.reading.PAGE", 7)
    connection = cloud.connect()
    write(connection, [CreateOp(BOX, a_draft(f"a{n}"), f"t{n}") for n in range(23)])
    cloud.forget()
    assert {entry.key for entry in list_ours(connection, BOX)} == {f"a{n}" for n in range(23)}
    assert len(cloud.calls(like="/events")) == 4


def test_a_page_that_fails_discards_the_list(
    cloud: Any, a_draft: Drafts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outlook.reading.PAGE", 7)
    connection = cloud.connect()
    write(connection, [CreateOp(BOX, a_draft(f"a{n}"), f"t{n}") for n in range(23)])
    cloud.spoil(do="500", verb="GET", mailbox=BOX, nth=3, times=None)
    with pytest.raises(Temporary):
        list_ours(connection, BOX)


@pytest.mark.fact("bot-duplicate-is-there")
def test_the_same_transaction_twice_makes_one_entry(cloud: Any, a_draft: Drafts) -> None:
    connection = cloud.connect()
    made = create(connection, a_draft())
    (again,) = write(connection, [CreateOp(BOX, a_draft(), "t-a1")])
    assert again.status in ("done", "exists")
    assert again.standing is not None
    assert again.standing.id == made.id
    assert len(list_ours(connection, BOX)) == 1


@pytest.mark.parametrize("status", [400, 409])
@pytest.mark.fact("bot-duplicate-is-there")
def test_both_ways_of_refusing_a_duplicate_are_understood(
    start_cloud: Callable[..., Any], a_draft: Drafts, status: int
) -> None:
    cloud = start_cloud(duplicate_transaction=status)
    connection = cloud.connect()
    create(connection, a_draft())
    (again,) = write(connection, [CreateOp(BOX, a_draft(), "t-a1")])
    assert again.standing is not None
    assert len(as_stored(cloud)) == 1


def test_a_change_is_written_and_read_back(cloud: Any, a_draft: Drafts) -> None:
    connection = cloud.connect()
    made = create(connection, a_draft())
    later = a_draft(
        subject="Seen Thu 3 Dec · J.S. 20417",
        starts=datetime(2026, 12, 4),
        ends=datetime(2026, 12, 5),
        all_day=True,
        categories=("Their own",),
        alarm_minutes=None,
    )
    (outcome,) = write(connection, [ChangeOp(BOX, made.id, made.etag, later)])
    assert outcome.status == "done"
    (seen,) = list_ours(connection, BOX)
    assert outcome.standing == seen
    assert (seen.subject, seen.starts, seen.all_day) == (later.subject, later.starts, True)
    assert (seen.categories, seen.alarm_minutes, seen.id) == (("Their own",), None, made.id)


def test_what_somebody_edited_meanwhile_wins(cloud: Any, a_draft: Drafts) -> None:
    connection = cloud.connect()
    made = create(connection, a_draft())
    connection.ask(Ask("PATCH", f"/users/{BOX}/events/{made.id}", {"subject": "Moved by hand"}))
    change, remove, release = (
        write(connection, [op])[0].status
        for op in (
            ChangeOp(BOX, made.id, made.etag, a_draft()),
            RemoveOp(BOX, made.id, made.etag),
            ReleaseOp(BOX, made.id, made.etag),
        )
    )
    assert (change, remove, release) == ("conflict", "conflict", "conflict")
    assert [entry.subject for entry in list_ours(connection, BOX)] == ["Moved by hand"]


def test_an_entry_is_removed_looked_at_and_gone(cloud: Any, a_draft: Drafts) -> None:
    connection = cloud.connect()
    made = create(connection, a_draft())
    (seen,) = write(connection, [GetOp(BOX, made.id)])
    assert (seen.status, seen.standing) == ("done", made)
    assert write(connection, [RemoveOp(BOX, made.id, made.etag)])[0].status == "done"
    gone, again = (
        write(connection, [op])[0].status for op in (GetOp(BOX, made.id), RemoveOp(BOX, made.id, made.etag))
    )
    assert (gone, again) == ("gone", "gone")


def test_a_released_entry_stays_and_is_ours_no_longer(cloud: Any, a_draft: Drafts) -> None:
    connection = cloud.connect()
    made = create(connection, a_draft())
    (outcome,) = write(connection, [ReleaseOp(BOX, made.id, made.etag, ())])
    assert outcome.status == "done"
    assert list_ours(connection, BOX) == ()
    (seen,) = write(connection, [GetOp(BOX, made.id)])
    assert seen.standing is not None
    assert (seen.standing.key, seen.standing.categories) == (None, ())


@pytest.mark.fact("bot-heeds-429")
def test_throttled_items_are_made_after_their_wait_and_the_others_not_again(
    cloud: Any, boxes: tuple[str, ...], a_draft: Drafts
) -> None:
    connection = cloud.connect()
    cloud.spoil(do="429", verb="POST", mailbox=boxes[3], retry_after=4)
    cloud.spoil(do="429", verb="POST", mailbox=boxes[5], retry_after=2)
    outcomes = write(
        connection, [CreateOp(box, a_draft(f"a{n}"), f"t{n}") for n, box in enumerate(boxes[:10])]
    )
    assert {outcome.status for outcome in outcomes} == {"done"}
    assert cloud.slept == [pytest.approx(4, abs=1)]
    posts = [path for verb, path, _ in cloud.calls(like="/events") if verb == "POST"]
    assert len(posts) == 12
    assert all(len(as_stored(cloud, box)) == 1 for box in boxes[:10])


@pytest.mark.parametrize("fault", ["reset_done", "cut", "503_done", "504_done", "500_done"])
@pytest.mark.fact("saved-though-503")
def test_a_creation_whose_answer_was_lost_is_never_doubled(cloud: Any, a_draft: Drafts, fault: str) -> None:
    connection = cloud.connect()
    on_the_line = fault in ("reset_done", "cut")
    cloud.spoil(do=fault, verb="POST", **({"path": "$batch"} if on_the_line else {"mailbox": BOX}))
    outcomes = write(connection, [CreateOp(BOX, a_draft(f"a{n}"), f"t{n}") for n in range(6)])
    assert {outcome.status for outcome in outcomes} == {"done"}
    assert len(as_stored(cloud)) == 6
    assert len(list_ours(connection, BOX)) == 6


def test_trouble_in_one_mailbox_is_told_of_that_mailbox_alone(
    start_cloud: Callable[..., Any], boxes: tuple[str, ...], a_draft: Drafts
) -> None:
    reach = frozenset({*boxes[:5], "nobody@council.test"})
    cloud = start_cloud(grants={"Calendars.ReadWrite": reach})
    cloud.ask("POST", f"mailboxes/{boxes[1]}", {"gone": True})
    cloud.spoil(do="507", verb="POST", mailbox=boxes[2], times=None)
    connection = cloud.connect()
    asked = (boxes[0], boxes[1], boxes[2], boxes[9], "nobody@council.test")
    outcomes = write(connection, [CreateOp(box, a_draft(f"a{n}"), f"t{n}") for n, box in enumerate(asked)])
    assert [o.status for o in outcomes] == ["done", "permanent", "permanent", "permanent", "permanent"]
    for outcome, words in zip(
        outcomes[1:], ["no such mailbox", "full", "management scope", "mailbox"], strict=True
    ):
        assert words in str(outcome.error)
        assert str(outcome.error).startswith(outcome.op.mailbox)
    lists = list_many(connection, asked)
    assert [isinstance(lists[box], Permanent) for box in asked] == [False, True, False, True, True]


@pytest.mark.parametrize(
    "starts",
    [
        datetime(2026, 3, 28, 9),
        datetime(2026, 3, 29, 9),
        datetime(2026, 3, 30, 9),
        datetime(2026, 7, 3, 0, 30),
        datetime(2026, 10, 24, 9),
        datetime(2026, 10, 25, 9),
        datetime(2026, 10, 26, 9),
        datetime(2026, 12, 31, 23, 45),
    ],
)
def test_times_and_days_stand_right_in_the_weeks_the_clocks_change(
    cloud: Any, a_draft: Drafts, starts: datetime
) -> None:
    connection = cloud.connect()
    midnight = starts.replace(hour=0, minute=0)
    create(connection, a_draft("a1", starts=starts, ends=starts.replace(minute=starts.minute + 14)))
    create(
        connection,
        a_draft("a2", starts=midnight, ends=datetime.fromordinal(midnight.toordinal() + 1), all_day=True),
    )
    found = {entry.key: entry for entry in list_ours(connection, BOX)}
    assert found["a1"].starts == starts
    assert (found["a2"].starts, found["a2"].ends.toordinal()) == (midnight, midnight.toordinal() + 1)


@pytest.mark.fact("bot-heeds-429", "bot-limits-itself")
def test_never_more_at_work_than_microsoft_allows(
    cloud: Any, boxes: tuple[str, ...], a_draft: Drafts
) -> None:
    connection = cloud.connect()
    write(connection, [CreateOp(box, a_draft(f"a{n}"), f"t{n}") for n, box in enumerate(boxes)])
    assert cloud.slept == []
    assert cloud.running.tenant.record.summary()["most_at_work"] <= 4


@pytest.mark.fact("bot-limits-itself")
def test_much_is_written_by_four_at_a_time_and_nobody_is_ever_refused_or_early(
    start_cloud: Callable[..., Any], boxes: tuple[str, ...], a_draft: Drafts
) -> None:
    cloud = start_cloud(request_ms=2, item_ms=2)
    ops = [CreateOp(boxes[n % 3], a_draft(f"a{n}"), f"t{n}") for n in range(170)]
    assert {outcome.status for outcome in write(cloud.connect(), ops)} == {"done"}
    record = cloud.running.tenant.record.summary()
    assert (record["throttled"], record["came_too_early"]) == (0, 0)
    assert record["most_at_work"] <= 4
    assert record["batch_sizes"]["20"] >= 7, "twenty to a request"
    assert sum(len(as_stored(cloud, box)) for box in boxes[:3]) == 170


@pytest.mark.fact("bot-heeds-429")
def test_where_fewer_are_allowed_at_once_than_thought_fewer_are_asked_at_once(
    start_cloud: Callable[..., Any], boxes: tuple[str, ...], a_draft: Drafts
) -> None:
    cloud = start_cloud(at_once=2, item_ms=2, request_ms=30)
    connection = cloud.connect()
    ops = [CreateOp(boxes[n % 3], a_draft(f"a{n}"), f"t{n}") for n in range(90)]
    assert {outcome.status for outcome in write(connection, ops)} == {"done"}
    first = cloud.running.tenant.record.summary()
    assert first["throttled"] > 0
    assert first["came_too_early"] == 0
    cloud.forget()
    more = [CreateOp(boxes[n % 3], a_draft(f"b{n}"), f"u{n}") for n in range(60)]
    assert {outcome.status for outcome in write(connection, more)} == {"done"}
    assert cloud.running.tenant.record.summary()["throttled"] <= 2


def test_a_tenth_of_bad_items_costs_the_others_nothing(
    start_cloud: Callable[..., Any], boxes: tuple[str, ...], a_draft: Drafts
) -> None:
    cloud = start_cloud()
    cloud.spoil(do="412", verb="POST", path="/events", rate=0.05, seed=4, times=None)
    cloud.spoil(do="507", verb="POST", path="/events", rate=0.05, seed=4, times=None)
    ops = [CreateOp(boxes[n % 9], a_draft(f"a{n}"), f"t{n}") for n in range(180)]
    outcomes = write(cloud.connect(), ops)
    failed = [one for one in outcomes if one.status != "done"]
    assert 0 < len(failed) < 36
    assert {one.status for one in failed} == {"permanent"}, "a conflict passes"
    assert sum(len(as_stored(cloud, box)) for box in boxes[:9]) == 180 - len(failed)
