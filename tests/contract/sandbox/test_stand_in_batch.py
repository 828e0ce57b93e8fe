"""$batch: each item judged alone, in any order, four at a time."""

from __future__ import annotations

from typing import Any

import pytest

JSON = {"Content-Type": "application/json"}


def _create(name: str, words: Any, **more: Any) -> dict[str, Any]:
    path = f"/users/{words.worker}/events"
    return {"id": name, "method": "POST", "url": path, "headers": JSON, "body": words.event(name)} | more


def _run(call: Any, *requests: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = call("POST", "$batch", {"requests": list(requests)})
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["responses"]}


@pytest.mark.fact("batch-items-judged-alone")
def test_an_outer_200_says_nothing_of_the_items(call: Any, words: Any) -> None:
    """$batch: an outer 200 says nothing of the items."""
    wrong = _create("2", words, body={"subject": "no times"})
    lost = {"id": "3", "method": "GET", "url": "users/nobody%40council.example/events"}
    found = _run(call, _create("1", words), wrong, lost)
    assert {name: one["status"] for name, one in found.items()} == {"1": 201, "2": 400, "3": 404}
    assert found["1"]["body"]["subject"] == "1"
    assert found["1"]["headers"]["Location"]
    assert found["3"]["body"]["error"]["code"] == "ErrorInvalidUser"


@pytest.mark.fact("batch-any-order")
def test_answers_come_in_any_order(call: Any, words: Any) -> None:
    """$batch: answers unordered."""
    sent = [_create(str(n), words) for n in range(20)]
    answer = call("POST", "$batch", {"requests": sent}).json()["responses"]
    assert sorted(one["id"] for one in answer) == sorted(one["id"] for one in sent)
    assert [one["id"] for one in answer] != [one["id"] for one in sent]


def test_headers_of_an_item_are_its_own(call: Any, words: Any) -> None:
    made = call.made(words.event())
    item = {
        "id": "a",
        "method": "PATCH",
        "url": f"/users/{words.worker}/events/{made['id']}",
        "headers": JSON | {"If-Match": 'W/"old"', "Prefer": 'IdType="ImmutableId"'},
        "body": {"subject": "x"},
    }
    assert _run(call, item)["a"]["status"] == 412
    item["headers"] = item["headers"] | {"If-Match": made["@odata.etag"]}
    found = _run(call, item)["a"]
    assert found["headers"]["Preference-Applied"] == 'IdType="ImmutableId"'
    assert found["body"]["id"] != made["id"]


@pytest.mark.fact("batch-failed-dependency")
def test_what_depends_on_a_failure_is_not_done(call: Any, words: Any) -> None:
    """$batch: a failed dependency gives 424."""
    wrong = _create("1", words, body={})
    found = _run(
        call,
        _create("3", words, dependsOn=["2"]),
        _create("2", words, dependsOn=["1"]),
        wrong,
        _create("4", words),
    )
    assert {name: one["status"] for name, one in found.items()} == {"1": 400, "2": 424, "3": 424, "4": 201}
    assert [one["subject"] for one in call("GET", f"users/{words.worker}/events").json()["value"]] == ["4"]


@pytest.mark.parametrize(
    "requests",
    [
        [],
        [{"id": str(n), "method": "GET", "url": "/users"} for n in range(21)],
        [{"id": "1", "method": "GET", "url": "/users"}, {"id": "1", "method": "GET", "url": "/users"}],
        [{"id": 1, "method": "GET", "url": "/users"}],
        [{"id": "1", "method": "GET", "url": "https://graph.microsoft.com/v1.0/users"}],
        [{"id": "1", "method": "FETCH", "url": "/users"}],
        [{"id": "1", "method": "POST", "url": "/users/x/events", "body": {}}],
        [{"id": "1", "method": "GET", "url": "/users", "dependsOn": ["2"]}],
        [{"id": "1", "method": "GET", "url": "/users", "dependsOn": ["1"]}],
        [{"id": "1", "method": "GET", "url": "/users", "depends": []}],
    ],
    ids=[
        *("empty", "over twenty", "same id twice", "id a number", "a whole url", "unknown verb"),
        *("body without type", "depends on nobody", "depends on itself", "unknown property"),
    ],
)
@pytest.mark.fact("batch-twenty", "batch-ids-unique")
def test_a_batch_whose_frame_is_wrong_is_refused_whole(call: Any, requests: list[dict[str, Any]]) -> None:
    """$batch: at most 20 requests, unique ids."""
    assert call.refused("POST", "$batch", {"requests": requests}) == (400, "BadRequest")


@pytest.mark.fact("batch-item-throttled")
def test_each_item_may_be_throttled_alone_with_its_own_retry_after(stand_in: Any, words: Any) -> None:
    """$batch: each item may be 429 with its own Retry-After."""
    call = stand_in(at_once=2, item_ms=20, retry_after=7)
    found = _run(call, *(_create(str(n), words) for n in range(4)))
    throttled = [one for one in found.values() if one["status"] == 429]
    assert len(throttled) == 2
    assert {one["headers"]["Retry-After"] for one in throttled} == {"7"}
    assert {one["body"]["error"]["code"] for one in throttled} == {"ApplicationThrottled"}


@pytest.mark.fact("batch-fills-the-limit")
def test_one_full_batch_fills_the_limit_and_no_more(stand_in: Any, words: Any) -> None:
    """$batch: Outlook runs up to 4 items at once, so one batch in flight fills the limit."""
    call = stand_in(item_ms=5)
    found = _run(call, *(_create(str(n), words) for n in range(20)))
    assert {one["status"] for one in found.values()} == {201}
    assert call.control("GET", "record").json()["most_at_work"] == 4


def test_a_batch_needs_a_token_like_anything_else(call: Any) -> None:
    del call.session.headers["Authorization"]
    refused = call.refused("POST", "$batch", {"requests": [{"id": "1", "method": "GET", "url": "/users"}]})
    assert refused == (401, "InvalidAuthenticationToken")


def test_a_mistake_of_the_stand_ins_own_spoils_one_item_only(
    call: Any, words: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.sandbox.tenant.events.create", broken)
    found = _run(call, _create("1", words), {"id": "2", "method": "GET", "url": "/users"})
    assert {name: one["status"] for name, one in found.items()} == {"1": 500, "2": 200}
    assert found["1"]["body"]["error"]["code"] == "InternalServerError"
