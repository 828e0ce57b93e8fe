"""The record: what came, counted as tests and benchmarks need it, cheap to keep and told apart as asked."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.tenant import record as records
from bot.sandbox.tenant.record import Call, Record, Sought

CALLS = st.lists(
    st.builds(
        Call,
        st.sampled_from(["GET", "POST", "PATCH", "DELETE"]),
        st.sampled_from(["/users/x/events", "/users/x/calendar/getSchedule"]),
        st.sampled_from([None, "ann@x", "bo@x"]),
        st.sampled_from([0, 200, 201, 204, 404, 429, 503]),
        st.booleans(),
        st.sampled_from(["2026-12-04T09:00:00Z", "2026-12-04T09:01:00Z", "2026-12-05T00:00:00Z"]),
        st.floats(0, 5000),
    ),
    max_size=60,
)


@given(CALLS, st.sampled_from([None, "ann@x", "BO@x"]), st.sampled_from([None, "get", "PATCH"]))
def test_what_is_counted_is_what_came(calls: list[Call], mailbox: str | None, verb: str | None) -> None:
    record = Record()
    for call in calls:
        record.add(call)
    sought = Sought(mailbox, verb)
    fits = [
        call
        for call in calls
        if mailbox in (None, call.mailbox) or mailbox.casefold() == call.mailbox
        if verb is None or verb.upper() == call.verb
    ]
    found = record.summary(sought)
    counted = {(one["mailbox"], one["verb"], one["status"]): one["count"] for one in found["counts"]}
    assert counted == Counter((call.mailbox, call.verb, call.status) for call in fits)
    assert found["writes"] == sum(call.is_write for call in fits)
    assert found["throttled"] == sum(call.status == 429 for call in fits)
    assert len(found["calls"]) == len(fits)
    assert found["requests"] == sum(not call.in_batch for call in calls)
    assert sum(found["by_minute"].values()) == found["answered"] == len(calls)
    assert found["complete"]
    if calls:
        times = sorted(call.ms for call in calls)
        assert found["ms"]["most"] == pytest.approx(times[-1], abs=0.01)
        middle = times[(len(times) - 1) // 2]
        assert middle <= found["ms"]["median"] + 0.01
        assert found["ms"]["median"] <= max(0.05, middle * 1.25 + 0.01)


@given(CALLS, CALLS)
def test_since_tells_what_came_after(before: list[Call], after: list[Call]) -> None:
    record = Record()
    for call in before:
        record.add(call)
    last = record.summary()["last"]
    for call in after:
        record.add(call)
    found = record.summary(Sought(since=last))
    assert sum(one["count"] for one in found["counts"]) == len(found["calls"]) == len(after)
    assert found["writes"] == sum(call.is_write for call in after)
    moment = datetime(2026, 12, 4, 9, 1, tzinfo=UTC)
    later = [call for call in before + after if call.at >= "2026-12-04T09:01"]
    assert len(record.calls(Sought(since=moment))) == len(later)


def test_memory_stays_bounded_and_the_record_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "KEPT", 10)
    monkeypatch.setattr(records, "MINUTES_KEPT", 5)
    record, at = Record(), datetime(2026, 12, 4, tzinfo=UTC)
    for minute in range(100):
        stamp = (at + timedelta(minutes=minute)).isoformat()
        record.add(Call("POST", "/users/x/events", "ann@x", 201, False, stamp, 1.0))
    found = record.summary()
    assert (found["writes"], found["requests"], len(found["calls"]), len(found["by_minute"])) == (
        100,
        100,
        10,
        5,
    )
    assert not found["complete"]
    assert record.summary(Sought(since=95))["complete"]
    assert not record.summary(Sought(since=80))["complete"]
    record.reset()
    assert record.summary()["answered"] == 0


def test_a_client_asks_the_record_what_it_wants_to_know(call: Any, words: Any) -> None:
    call.made(words.event())
    last = call.control("GET", "record").json()["last"]
    call.made(words.event(), who=words.colleague)
    items = [{"id": str(n), "method": "GET", "url": f"/users/{words.worker}/events"} for n in range(3)]
    call("POST", "$batch", {"requests": items})
    found = call.control("GET", f"record?mailbox={words.worker.upper()}&verb=get").json()
    assert found["counts"] == [{"mailbox": words.worker, "verb": "GET", "status": 200, "count": 3}]
    assert {one["in_batch"] for one in found["calls"]} == {True}
    found = call.control("GET", f"record?since={last}").json()
    assert (found["writes"], len(found["calls"]), found["batch_sizes"]) == (1, 5, {"3": 1})
    assert found["ms"]["total"] > 0
    assert found["bytes"]["received"] > 0
    assert found["bytes"]["sent"] > found["bytes"]["received"]
    now = call.control("GET", "clock").json()["now"]
    call.control("POST", "clock", {"pass_seconds": 120})
    call("GET", f"users/{words.worker}")
    assert len(call.control("GET", f"record?since={now}").json()["calls"]) == 1
    assert len(call.control("GET", "record").json()["by_minute"]) >= 2
    wrong = call.control("GET", "record?mailbx=x")
    assert (wrong.status_code, "mailbox" in wrong.json()["error"]["message"]) == (400, True)
    assert call.control("GET", "record?since=yesterday").status_code == 400
