"""Bad days on order, and the record of what came."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests


def _order(call: Any, **fault: Any) -> None:
    answer = call.control("POST", "faults", fault)
    assert answer.status_code == 201, answer.text


def _subjects(call: Any, who: str) -> list[str]:
    return [
        one["subject"]
        for one in call.running.tenant.events_between(
            who, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
        )
    ]


def test_the_third_post_to_a_mailbox_is_throttled(call: Any, words: Any) -> None:
    _order(call, verb="POST", mailbox=words.worker, nth=3, do="429", retry_after=2, lengthen=False)
    path = f"users/{words.worker}/events"
    call.made(words.event(), who=words.colleague)
    answers = [call("POST", path, words.event(str(n))) for n in range(4)]
    assert [one.status_code for one in answers] == [201, 201, 429, 201]
    assert answers[2].headers["Retry-After"] == "2"
    assert _subjects(call, words.worker) == ["0", "1", "3"]


def test_a_wait_can_be_told_as_a_date(call: Any, words: Any) -> None:
    _order(call, do="503", retry_after=30, retry_after_as="date")
    until = parsedate_to_datetime(call("GET", f"users/{words.worker}/events").headers["Retry-After"])
    assert 25 < (until - datetime.now(UTC)).total_seconds() < 31


@pytest.mark.parametrize(
    ("do", "done"), [("503", False), ("503_done", True), ("504", False), ("504_done", True)]
)
def test_an_error_may_come_although_it_was_done(call: Any, words: Any, do: str, done: bool) -> None:
    """503 ErrorConcurrentItemSave may come although the event was made."""
    _order(call, verb="POST", do=do)
    answer = call("POST", f"users/{words.worker}/events", words.event("X"))
    assert answer.status_code == int(do[:3])
    if do == "503_done":
        assert answer.json()["error"]["code"] == "ErrorConcurrentItemSave"
    assert _subjects(call, words.worker) == ["X"] * done


@pytest.mark.parametrize(("do", "done"), [("reset", False), ("reset_done", True), ("cut", True)])
def test_an_answer_is_lost_on_its_way(call: Any, words: Any, do: str, done: bool) -> None:
    _order(call, verb="POST", do=do)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        call("POST", f"users/{words.worker}/events", words.event("X"))
    assert _subjects(call, words.worker) == ["X"] * done
    assert call("GET", f"users/{words.worker}/events").status_code == 200


def test_an_item_of_a_batch_whose_answer_is_lost_loses_the_whole_batch(call: Any, words: Any) -> None:
    _order(call, verb="POST", mailbox=words.worker, nth=2, do="reset_done")
    items = [
        {
            "id": str(n),
            "method": "POST",
            "url": f"/users/{words.worker}/events",
            "headers": {"Content-Type": "application/json"},
            "body": words.event(str(n)),
        }
        for n in range(3)
    ]
    with pytest.raises(requests.ConnectionError):
        call("POST", "$batch", {"requests": items})
    assert sorted(_subjects(call, words.worker)) == ["0", "1", "2"]


def test_an_item_of_a_batch_is_struck_alone(call: Any, words: Any) -> None:
    _order(call, mailbox=words.worker, do="507")
    items = [
        {"id": who, "method": "GET", "url": f"/users/{who}/events"} for who in (words.worker, words.colleague)
    ]
    found = call("POST", "$batch", {"requests": items}).json()["responses"]
    assert {one["id"]: one["status"] for one in found} == {words.worker: 507, words.colleague: 200}


def test_a_whole_batch_and_the_sign_in_are_struck_by_their_paths(call: Any) -> None:
    _order(call, path="$batch", do="503")
    _order(call, path="/token", do="500")
    sent = {"requests": [{"id": "1", "method": "GET", "url": "/users"}]}
    assert call.refused("POST", "$batch", sent) == (503, "ServiceUnavailable")
    assert call("POST", "$batch", sent).status_code == 200
    assert (call.token().status_code, call.token().status_code) == (500, 200)


def test_slow_is_slow(call: Any, words: Any) -> None:
    _order(call, do="slow", ms=80)
    began = time.perf_counter()
    assert call("GET", f"users/{words.worker}/events").status_code == 200
    assert time.perf_counter() - began >= 0.08


def test_faults_by_rate_are_the_same_with_the_same_seed(stand_in: Any, words: Any) -> None:
    def statuses() -> list[int]:
        call = stand_in(seed=7)
        _order(call, do="503", rate=0.4, times=None)
        return [call("GET", f"users/{words.worker}").status_code for _ in range(20)]

    once = statuses()
    assert once == statuses()
    assert {200, 503} == set(once)


@pytest.mark.parametrize(
    "wrong", [{}, {"do": "explode"}, {"do": "418"}, {"do": "503", "verbs": "GET"}, ["x"]]
)
def test_a_misspelt_fault_is_refused(call: Any, wrong: Any) -> None:
    assert call.control("POST", "faults", wrong).status_code == 400
    assert call.control("GET", "faults").json() == {"faults": []}


def test_faults_are_cleared(call: Any, words: Any) -> None:
    _order(call, do="500", times=None)
    assert call("GET", f"users/{words.worker}/events").status_code == 500
    assert call.control("DELETE", "faults").status_code == 204
    assert call("GET", f"users/{words.worker}/events").status_code == 200


def test_a_mailbox_vanishes_and_comes_back(call: Any, words: Any) -> None:
    call.made(words.event())
    call.control("POST", f"mailboxes/{words.worker}", {"gone": True})
    path = f"users/{words.worker}/events"
    assert call.refused("GET", path) == (404, "MailboxNotEnabledForRESTAPI")
    call.control("POST", f"mailboxes/{words.worker}", {"gone": False})
    assert len(call("GET", path).json()["value"]) == 1


def test_every_request_is_on_record(call: Any, words: Any) -> None:
    call.control("DELETE", "record")
    made = call.made(words.event())
    call("GET", f"users/{words.worker}/events/{made['id']}")
    items = [
        {"id": "1", "method": "DELETE", "url": f"/users/{words.worker}/events/{made['id']}"},
        {"id": "2", "method": "GET", "url": "/users"},
    ]
    call("POST", "$batch", {"requests": items})
    schedule = {
        "schedules": [words.worker],
        "startTime": {"dateTime": "2026-12-04T08:00:00", "timeZone": "UTC"},
        "endTime": {"dateTime": "2026-12-04T09:00:00", "timeZone": "UTC"},
    }
    call("POST", f"users/{words.worker}/calendar/getSchedule", schedule)
    record = call.control("GET", "record").json()
    assert (record["requests"], record["writes"]) == (4, 2)  # asking is no write, though it is a POST
    assert {"mailbox": words.worker, "verb": "DELETE", "status": 204, "count": 1} in record["counts"]
    assert [one["in_batch"] for one in record["calls"]].count(True) == 2
    assert call.running.tenant.record.writes == 2


def test_reading_alone_is_no_write(call: Any, words: Any) -> None:
    call.control("DELETE", "record")
    call("GET", f"users/{words.worker}/events")
    call.token()
    assert call.control("GET", "record").json()["writes"] == 0


def test_the_date_is_set_and_the_clock_can_run_wrong(call: Any, words: Any) -> None:
    assert call.control("POST", "clock", {"today": "2027-02-03"}).json()["today"] == "2027-02-03"
    assert call.made(words.event())["createdDateTime"].startswith("2027-02-03")
    call.control("POST", "clock", {"skew_seconds": -3000})
    shown = parsedate_to_datetime(call("GET", "users").headers["Date"])
    assert 2900 < (datetime.now(UTC) - shown).total_seconds() < 3100
    assert call.control("POST", "clock", {"todya": "2027-02-03"}).status_code == 400
    assert call.control("POST", "clock", {"today": "3 Feb"}).status_code == 400
