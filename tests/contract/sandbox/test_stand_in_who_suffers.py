"""Who suffers from a bad day: as the script says, or by chance that comes out alike whatever threads do."""

from __future__ import annotations

import itertools
import random
import threading
from collections import defaultdict
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.faults.fault import Fault, Faults
from bot.sandbox.faults.kinds import DOES, FIELDS
from bot.sandbox.faults.spelling import Misspelt
from bot.sandbox.graph.wire import GraphRequest

BOXES = ("ann@x.example", "bo@x.example", "cy@x.example")
ASKED = st.lists(st.tuples(st.sampled_from(BOXES), st.sampled_from(["GET", "POST", "PATCH"])), max_size=80)


def _order(call: Any, *faults: dict[str, Any]) -> list[dict[str, Any]]:
    answer = call.control("POST", "faults", list(faults))
    assert answer.status_code == 201, answer.text
    return answer.json()["faults"]


def _strikes(faults: Faults, box: str, verb: str) -> bool:
    return faults.before(GraphRequest(verb, f"users/{box}/events", "", {}), box) is not None


def _who_suffers(asked: list[tuple[str, str]], seed: int, rate: float) -> dict[tuple[str, str], list[bool]]:
    faults = Faults(seed)
    faults.order([Fault.read({"do": "503", "rate": rate})])
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for box, verb in asked:
        found[box, verb].append(_strikes(faults, box, verb))
    return dict(found)


@given(ASKED, st.integers(0, 5), st.floats(0, 1), st.randoms(use_true_random=False))
def test_the_order_of_unrelated_requests_does_not_change_who_suffers(
    asked: list[tuple[str, str]], seed: int, rate: float, dice: random.Random
) -> None:
    mixed = asked[:]
    dice.shuffle(mixed)
    assert _who_suffers(asked, seed, rate) == _who_suffers(mixed, seed, rate)


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.8])
def test_chance_strikes_as_often_as_its_rate_says_and_otherwise_with_another_seed(rate: float) -> None:
    asked = [(f"w{n}@x.example", "GET") for n in range(2000)]
    once, twice = (_who_suffers(asked, seed, rate) for seed in (1, 2))
    assert once != twice
    for found in (once, twice):
        assert abs(sum(struck for [struck] in found.values()) / len(asked) - rate) < 0.05


def test_threads_that_ask_at_once_are_struck_just_so_often_and_just_the_same() -> None:
    def together() -> dict[str, list[bool]]:
        faults = Faults(3)
        faults.order([Fault.read({"do": "503", "rate": 0.3, "seed": 11})])
        found = {box: [] for box in BOXES}
        threads = [
            threading.Thread(
                target=lambda b=box: found[b].extend(_strikes(faults, b, "GET") for _ in range(300))
            )
            for box in BOXES
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults.shown()[0]["seen"] == 900
        return found

    assert together() == together()


@given(ASKED, st.integers(1, 4), st.integers(1, 3))
def test_each_mailbox_has_its_own_third_patch(asked: list[tuple[str, str]], nth: int, times: int) -> None:
    faults = Faults()
    faults.order([Fault.read({"do": "500", "verb": "patch", "nth": nth, "times": times, "each": "mailbox"})])
    came: dict[str, int] = defaultdict(int)
    for box, verb in asked:
        came[box] += verb == "PATCH"
        assert _strikes(faults, box, verb) == (verb == "PATCH" and nth <= came[box] < nth + times)


@given(ASKED, st.integers(1, 4), st.one_of(st.none(), st.integers(1, 5)))
def test_a_script_strikes_the_nth_that_fits_and_as_many_as_it_says(
    asked: list[tuple[str, str]], nth: int, times: int | None
) -> None:
    faults = Faults()
    faults.order([Fault.read({"do": "500", "mailbox": BOXES[0].upper(), "nth": nth, "times": times})])
    found = [_strikes(faults, box, verb) for box, verb in asked if box == BOXES[0]]
    last = len(found) if times is None else nth + times - 1
    assert found == [nth <= number <= last for number in range(1, len(found) + 1)]
    assert not any(_strikes(faults, box, verb) for box, verb in asked if box != BOXES[0])


def test_a_fault_for_some_seconds_is_over_after_them(call: Any, words: Any) -> None:
    _order(call, {"do": "503", "for_seconds": 90})
    path = f"users/{words.worker}/events"
    assert [call("GET", path).status_code for _ in range(3)] == [503] * 3
    call.control("POST", "clock", {"pass_seconds": 91})
    assert call("GET", path).status_code == 200
    assert call.control("GET", "faults").json()["faults"][0]["over"]


@pytest.mark.parametrize("page", [1, 2, 3])
@pytest.mark.parametrize("do", ["410", "503", "reset"])
def test_any_page_of_a_list_can_fail(stand_in: Any, words: Any, page: int, do: str) -> None:
    call = stand_in(page_size=2)
    for number in range(6):
        call.made(words.event(str(number)))
    _order(call, {"do": do, "page": page, "times": None})
    found, link = [], f"users/{words.worker}/events"
    while link:
        try:
            answer = call("GET", link)
        except requests.ConnectionError:
            found.append("reset")
            break
        found.append(str(answer.status_code))
        link = answer.json().get("@odata.nextLink")
    assert found == ["200"] * (page - 1) + [do]
    assert call("GET", f"users/{words.worker}").status_code == 200, "what is no list has no pages"


@pytest.mark.parametrize("do", ["empty", "loop", "twice", "skip"])
def test_lists_inside_a_batch_suffer_like_others(stand_in: Any, words: Any, do: str) -> None:
    call = stand_in(page_size=2)
    for number in range(4):
        call.made(words.event(str(number)))
    path = f"/users/{words.worker}/events"

    def batched(url: str) -> dict[str, Any]:
        sent = {"requests": [{"id": "1", "method": "GET", "url": url}]}
        return call("POST", "$batch", sent).json()["responses"][0]["body"]

    _order(call, {"do": do, "mailbox": words.worker})
    first = batched(path)
    if do == "empty":
        assert (first["value"], first.get("@odata.nextLink")) == ([], None)
        return
    second = batched("/" + first["@odata.nextLink"].partition("/v1.0/")[2])
    subjects = [[one["subject"] for one in page["value"]] for page in (first, second)]
    assert subjects[1][0] == {"loop": subjects[0][0], "twice": subjects[0][1], "skip": subjects[1][0]}[do]
    assert len({*itertools.chain(*subjects)}) == {"loop": 2, "twice": 3, "skip": 3}[do]


@pytest.mark.parametrize("do", ["token_expired", "token_revoked"])
def test_a_token_can_end_in_the_middle_of_a_batch(call: Any, words: Any, do: str) -> None:
    _order(call, {"do": do, "mailbox": words.worker, "nth": 2})
    items = [{"id": str(n), "method": "GET", "url": f"/users/{words.worker}/events"} for n in range(3)]
    found = call("POST", "$batch", {"requests": items}).json()["responses"]
    assert sorted(one["status"] for one in found) == [200, 200, 401]
    assert call("POST", "$batch", {"requests": items}).status_code == 401
    call.sign_in()
    assert call("POST", "$batch", {"requests": items}).status_code == 200


def test_a_wait_holds_for_items_of_a_batch_too_and_for_nobody_elses_mailbox(call: Any, words: Any) -> None:
    _order(call, {"do": "429", "mailbox": words.worker, "retry_after": 5})
    items = [
        {"id": who, "method": "GET", "url": f"/users/{who}/events"} for who in (words.worker, words.colleague)
    ]
    told = []
    for _ in range(3):
        found = {one["id"]: one for one in call("POST", "$batch", {"requests": items}).json()["responses"]}
        assert found[words.colleague]["status"] == 200
        told.append(found[words.worker]["headers"]["Retry-After"])
    assert told == ["5", "10", "20"]
    assert call.control("GET", "record").json()["came_too_early"] == 2
    call.control("DELETE", "faults")
    assert call("GET", f"users/{words.worker}/events").status_code == 200, "cleared: nobody waits any more"


def test_the_stand_ins_own_throttling_is_lengthened_too(stand_in: Any, words: Any) -> None:
    call = stand_in(at_once=1, item_ms=20, retry_after=3, shuffle_batches=False)
    items = [{"id": str(n), "method": "GET", "url": f"/users/{words.worker}/events"} for n in range(2)]
    found = call("POST", "$batch", {"requests": items}).json()["responses"]
    assert [one["headers"].get("Retry-After") for one in found if one["status"] == 429] == ["3"]
    again = call("GET", f"users/{words.worker}/events")
    assert (again.status_code, again.headers["Retry-After"]) == (429, "6")
    call.control("POST", "clock", {"pass_seconds": 6})
    assert call("GET", f"users/{words.worker}/events").status_code == 200


def test_a_fault_is_taken_back_by_its_id(call: Any, words: Any) -> None:
    first, second = _order(call, {"do": "500", "times": None}, {"do": "502", "times": None})
    path = f"users/{words.worker}/events"
    assert call("GET", path).status_code == 500
    assert call.control("DELETE", f"faults/{first['id']}").status_code == 204
    assert call("GET", path).status_code == 502
    missing = call.control("DELETE", "faults/77")
    assert (missing.status_code, second["id"] in missing.json()["error"]["message"]) == (404, True)
    (left,) = call.control("GET", "faults").json()["faults"]
    assert (left["id"], left["do"], left["seen"], left["struck"]) == (second["id"], "502", 1, 1)


def test_a_misspelt_fault_is_refused_with_everything_wrong_and_the_nearest_names(call: Any) -> None:
    wrong = {
        "do": "tokn_expired",
        "verbs": "GET",
        "nth": 0,
        "rate": 2,
        "verb": "PTCH",
        "retry_after_as": "dat",
    }
    answer = call.control("POST", "faults", [{"do": "500"}, wrong])
    assert answer.status_code == 400
    words = answer.json()["error"]["message"]
    for expected in ("'token_expired'", "'verb'?", "'nth'", "'rate'", "'PATCH'", "'date'", "Fault 2"):
        assert expected in words, expected
    assert call.control("GET", "faults").json() == {"faults": []}, "all or none"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"do": "slow", "retry_after": 2}, "retry_after"),
        ({"do": "429", "ms": 20}, "ms"),
        ({"do": "503", "retry_after_as": "date"}, "retry_after_as"),
        ({"do": "skew"}, "seconds"),
        ({"do": "secret_expired", "mailbox": "ann@council.example"}, "mailbox"),
        ({"do": "token_expired", "path": "/token"}, "token"),
        ({"do": "503", "on": "4 Dec"}, "on"),
        ({"do": "503", "times": True}, "times"),
        ({"do": "503", "nth": None}, "nth"),
        ({"do": "500", "mailbox": "anne@council.example"}, "ann@council.example"),
    ],
)
def test_what_would_never_strike_or_do_nothing_is_refused(call: Any, wrong: Any, words: str) -> None:
    answer = call.control("POST", "faults", wrong)
    assert answer.status_code == 400, wrong
    assert words in answer.json()["error"]["message"]


@given(
    st.dictionaries(
        st.sampled_from([*FIELDS, "verbs", "Mailbox"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(max_size=8),
            st.sampled_from([*DOES]),
        ),
        max_size=6,
    )
)
def test_whatever_is_sent_is_a_fault_or_is_refused_in_words(sent: dict[str, Any]) -> None:
    try:
        fault = Fault.read(sent)
    except Misspelt as error:
        problems = error.problems
    else:
        problems = ("taken.",)
        faults = Faults()
        faults.order([fault])
        for verb in ("GET", "POST"):
            _strikes(faults, BOXES[0], verb)
        assert len(faults.shown()) == 1
    assert problems
    assert all(problem.endswith((".", "?")) for problem in problems), problems
