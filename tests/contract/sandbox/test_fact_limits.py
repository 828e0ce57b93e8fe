"""Limits and time: how much, how fast and how long, stated over raw HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.graph.limits import REQUESTS_SECONDS, UPLOAD_SECONDS, Limits
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Record
from bot.sandbox.tenant.refusal import GraphError

JSON = {"Content-Type": "application/json"}
WHO = "ann@council.example"


def _create(name: str, words: Any, **more: Any) -> dict[str, Any]:
    path = f"/users/{words.worker}/events"
    return {"id": name, "method": "POST", "url": path, "headers": JSON, "body": words.event(name)} | more


def _batch(call: Any, items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in call("POST", "$batch", {"requests": items}).json()["responses"]}


def _took(do: Callable[[], Any]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


@pytest.mark.fact("limit-upload")
def test_a_mailbox_takes_so_many_megabytes_in_five_minutes(stand_in: Any, words: Any) -> None:
    """limit-upload: Graph counts the bytes that come in, mailbox by mailbox."""
    call = stand_in(upload_mb_per_five_minutes=0.02)
    big = words.event(body={"contentType": "text", "content": "x" * 9_000})
    path = f"users/{words.worker}/events"
    assert [call("POST", path, big).status_code for _ in range(2)] == [201, 201]
    refused = call("POST", path, big)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "ApplicationThrottled"
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    assert call("POST", f"users/{words.colleague}/events", big).status_code == 201
    call.control("POST", "clock", {"pass_seconds": 600})
    assert call("POST", path, big).status_code == 201


@pytest.mark.fact("limit-upload", "batch-items-judged-alone")
def test_what_comes_in_a_batch_is_measured_item_by_item(stand_in: Any, words: Any) -> None:
    """limit-upload: the frame of a batch does not hide what is in it."""
    call = stand_in(upload_mb_per_five_minutes=0.02)
    big = words.event(body={"contentType": "text", "content": "x" * 9_000})
    found = _batch(call, [_create(str(n), words, body=big) for n in range(3)])
    assert sorted(one["status"] for one in found.values()) == [201, 201, 429]


@pytest.mark.fact("limit-refused-count", "limit-requests")
def test_who_asks_on_while_refused_waits_longer(stand_in: Any, words: Any) -> None:
    """limit-refused-count: a refused request is a request."""
    call = stand_in(requests_per_ten_minutes=2)
    path = f"users/{words.worker}/events"
    assert [call("GET", path).status_code for _ in range(2)] == [200, 200]
    call.control("POST", "clock", {"pass_seconds": 400})
    waits = [int(call("GET", path).headers["Retry-After"]) for _ in range(3)]
    assert 190 < waits[0] <= 200 < waits[1] <= waits[2] <= 600
    call.control("POST", "clock", {"pass_seconds": 201})
    assert call("GET", path).status_code == 429, "the refused ones fill the ten minutes now"
    call.control("POST", "clock", {"pass_seconds": 600})
    assert call("GET", path).status_code == 200


@pytest.mark.fact("limit-requests")
def test_items_of_a_batch_count_as_requests_to_their_mailbox(stand_in: Any, words: Any) -> None:
    """limit-requests: a batch is no way around it."""
    call = stand_in(requests_per_ten_minutes=3)
    items = [{"id": str(n), "method": "GET", "url": f"/users/{words.worker}/events"} for n in range(5)]
    assert sorted(one["status"] for one in _batch(call, items).values()) == [200] * 3 + [429] * 2


@pytest.mark.fact("limit-requests")
def test_however_it_is_named_a_mailbox_is_one_and_the_directory_is_none(stand_in: Any, words: Any) -> None:
    """limit-requests: the limit is a mailbox's; people and their managers are not in a mailbox."""
    call = stand_in(requests_per_ten_minutes=2)
    some_id = call.running.tenant.user(words.worker)["id"]
    found = [call("GET", f"users/{who}/events") for who in (words.worker.upper(), some_id, words.worker)]
    assert [one.status_code for one in found] == [200, 200, 429]
    for _ in range(4):
        assert call("GET", f"users/{words.worker}").status_code == 200
        assert call("GET", f"users/{words.worker}/manager").status_code == 200
        assert call("GET", "users").status_code == 200


@given(
    st.integers(1, 5),
    st.lists(st.floats(0, 400, allow_nan=False), min_size=1, max_size=30),
)
@pytest.mark.fact("limit-requests", "limit-refused-count")
def test_whoever_waits_as_told_is_let_in_and_whoever_does_not_is_not(most: int, pauses: list[float]) -> None:
    """limit-requests: so many in any ten minutes, refused ones among them; Retry-After is long enough."""
    now = [0.0]
    limits = Limits(SandboxSettings(requests_per_ten_minutes=most), Record(), clock=lambda: now[0])
    came: list[float] = []
    for pause in pauses:
        now[0] += pause
        lately = sum(1 for at in came if now[0] - at < REQUESTS_SECONDS)
        came.append(now[0])
        try:
            limits.count(WHO)
        except GraphError as error:
            assert lately >= most
            wait = int(error.headers["Retry-After"])
            assert 1 <= wait <= REQUESTS_SECONDS + 1
            last = came[-most]
            assert now[0] + wait >= last + REQUESTS_SECONDS - 0.001
        else:
            assert lately < most


@given(
    st.lists(
        st.tuples(st.integers(0, 90), st.sampled_from([1, 300_000, 600_000, 900_000])),
        min_size=8,
        max_size=30,
    )
)
@pytest.mark.fact("limit-upload")
def test_no_five_minutes_take_in_more_than_they_may(sent: list[tuple[int, int]]) -> None:
    """limit-upload: whatever is sent when, and Retry-After is long enough for the same again."""
    now, most = [0.0], 1_000_000
    limits = Limits(SandboxSettings(upload_mb_per_five_minutes=1), Record(), clock=lambda: now[0])
    came: list[tuple[float, int]] = []
    for pause, size in sent:
        now[0] += pause
        came.append((now[0], size))
        lately = sum(length for at, length in came if now[0] - at < UPLOAD_SECONDS)
        try:
            limits.count(WHO, size)
        except GraphError as error:
            assert lately > most
            then = now[0] + int(error.headers["Retry-After"])
            assert size + sum(length for at, length in came if then - at < UPLOAD_SECONDS - 0.001) <= most
        else:
            assert lately <= most


@pytest.mark.fact("batch-items-at-work", "limit-at-once")
def test_a_fifth_beside_a_full_batch_is_throttled(stand_in: Any, words: Any) -> None:
    """batch-items-at-work: four items of a batch are at work; a request beside them is the fifth."""
    call = stand_in(item_ms=400, retry_after=9)
    items = [{"id": str(n), "method": "GET", "url": f"/users/{words.worker}/events"} for n in range(4)]
    with ThreadPoolExecutor(1) as pool:
        batch = pool.submit(_batch, call, items)
        time.sleep(0.15)
        beside = call.session.get(f"{call.running.graph_url}users/{words.colleague}/events")
        statuses = [one["status"] for one in batch.result().values()]
    assert (beside.status_code, beside.headers["Retry-After"]) == (429, "9")
    assert beside.json()["error"]["code"] == "ApplicationThrottled"
    assert statuses == [200] * 4


@pytest.mark.fact("batch-items-at-work", "batch-fills-the-limit")
def test_a_second_batch_finds_no_room_beside_the_first(stand_in: Any, words: Any) -> None:
    """batch-fills-the-limit: two batches in flight without dependsOn ask for eight at once."""
    call = stand_in(item_ms=300)
    items = [{"id": str(n), "method": "GET", "url": f"/users/{words.worker}/events"} for n in range(4)]
    with ThreadPoolExecutor(2) as pool:
        first, second = (pool.submit(_batch, call, items) for _ in range(2))
        statuses = [one["status"] for done in (first, second) for one in done.result().values()]
    assert sorted(statuses) == [200] * 4 + [429] * 4


@pytest.mark.fact("batch-fills-the-limit")
def test_items_that_wait_for_one_another_take_one_place(stand_in: Any, words: Any) -> None:
    """batch-fills-the-limit: a chain of dependsOn is worked on one after another."""
    call = stand_in(at_once=1, item_ms=5)
    chain = [_create(str(n), words, **({"dependsOn": [str(n - 1)]} if n else {})) for n in range(6)]
    assert {one["status"] for one in _batch(call, chain).values()} == {201}
    assert call.control("GET", "record").json()["most_at_work"] == 1


@pytest.mark.fact("time-a-request")
def test_one_after_another_each_request_costs_its_time(stand_in: Any, words: Any) -> None:
    """time-a-request: nothing is saved by asking the next when the last is answered."""
    call = stand_in(request_ms=30)
    path = f"users/{words.worker}/events"
    assert _took(lambda: [call("GET", path) for _ in range(5)]) >= 5 * 0.03


@pytest.mark.fact("time-side-by-side")
def test_four_side_by_side_take_the_time_of_one_and_a_fifth_is_refused(stand_in: Any, words: Any) -> None:
    """time-side-by-side: all the gain there is."""
    call = stand_in(request_ms=400)
    url = f"{call.running.graph_url}users/{words.worker}/events"
    statuses: list[int] = []

    def at_the_same_time(many: int) -> None:
        with ThreadPoolExecutor(many) as pool:
            found = pool.map(lambda _: call.session.get(url).status_code, range(many))
            statuses[:] = sorted(found)

    took = _took(lambda: at_the_same_time(4))
    assert statuses == [200] * 4
    assert took >= 0.4
    assert call.control("GET", "record").json()["most_at_work"] == 4
    at_the_same_time(5)
    assert statuses == [200] * 4 + [429]


@pytest.mark.fact("time-a-batch")
def test_a_batch_of_twenty_is_one_request_and_five_rounds_of_items(stand_in: Any, words: Any) -> None:
    """time-a-batch: twenty items, four at a time, beside the batch's own time."""
    items = [{"id": str(n), "method": "GET", "url": f"/users/{words.worker}/events"} for n in range(20)]
    free, dear = stand_in(request_ms=40), stand_in(request_ms=40, item_ms=40)
    assert _took(lambda: _batch(free, items)) >= 0.04
    assert _took(lambda: _batch(dear, items)) >= 0.04 + 5 * 0.04
    assert dear.control("GET", "record").json()["most_at_work"] == 4
