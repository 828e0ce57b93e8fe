"""Every kind of bad day that is offered does what its words say, ordered by the example that is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import Any

import jwt
import pytest
import requests

from bot.sandbox.faults.fault import Fault
from bot.sandbox.faults.kinds import CODES, DOES, FIELDS, KINDS, Kind

WHO = "ann@council.example"
EVENTS = f"users/{WHO}/events"
LOST = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
SIX = [str(number) for number in range(6)]


class Box:
    """Ann's diary with six events in it, and the fault that was ordered."""

    def __init__(self, call: Any, words: Any, example: dict[str, Any]) -> None:
        self.call, self.words = call, words
        self.made = [call.made(words.event(subject)) for subject in SIX]
        self.id = self.order(example)

    def order(self, fault: dict[str, Any]) -> str:
        answer = self.call.control("POST", "faults", fault)
        assert answer.status_code == 201, answer.text
        return answer.json()["faults"][-1]["id"]

    def clear(self) -> None:
        assert self.call.control("DELETE", f"faults/{self.id}").status_code == 204

    def look(self) -> requests.Response:
        return self.call("GET", EVENTS)

    def post(self, subject: str = "new") -> requests.Response:
        return self.call("POST", EVENTS, self.words.event(subject))

    def patch(self, number: int = 0) -> requests.Response:
        return self.call("PATCH", f"{EVENTS}/{self.made[number]['id']}", {"subject": "changed"})

    def let_pass(self, seconds: float) -> None:
        assert self.call.control("POST", "clock", {"pass_seconds": seconds}).status_code == 200

    def pages(self) -> list[list[str]]:
        """The subjects on each page, as long as there is a next one and it is another."""
        found, link, asked = [], EVENTS, set()
        while link and link not in asked:
            asked.add(link)
            answer = self.call("GET", link)
            assert answer.status_code == 200, answer.text
            found.append([one["subject"] for one in answer.json()["value"]])
            link = answer.json().get("@odata.nextLink")
        return found

    @property
    def stored(self) -> list[str]:
        between = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
        return [one["subject"] for one in self.call.running.tenant.events_between(WHO, *between)]


CHECKS: dict[str, Callable[[Box], None]] = {}


def shows(*names: str) -> Callable[[Callable[[Box], None]], Callable[[Box], None]]:
    def keep(check: Callable[[Box], None]) -> Callable[[Box], None]:
        CHECKS.update(dict.fromkeys(names, check))
        return check

    return keep


@shows("429")
def _waits_in_seconds(box: Box) -> None:
    assert [box.look().headers["Retry-After"] for _ in range(3)] == ["2", "4", "8"], "longer when ignored"
    box.let_pass(7)
    assert box.patch().headers["Retry-After"] == "16", "whatever is asked of the mailbox"
    assert box.call("GET", "users/cy@council.example/events").status_code == 200
    box.let_pass(16)
    assert box.look().status_code == 200


@shows("429_date")
def _waits_as_a_date(box: Box) -> None:
    first, second = (parsedate_to_datetime(box.look().headers["Retry-After"]) for _ in range(2))
    assert 1 <= (first - datetime.now(UTC)).total_seconds() <= 3
    assert 3 <= (second - datetime.now(UTC)).total_seconds() <= 5
    box.let_pass((second - datetime.now(UTC)).total_seconds())
    assert box.look().status_code == 200


@shows("429_third_patch")
def _third_patch(box: Box) -> None:
    assert [box.patch(number).status_code for number in range(3)] == [200, 200, 429]
    box.let_pass(1)
    assert box.patch(3).status_code == 200
    assert sorted(box.stored) == ["2", "4", "5", "changed", "changed", "changed"]


@shows("503_rate")
def _some_of_everything(box: Box) -> None:
    found = [box.look().status_code for _ in range(60)]
    assert set(found) == {200, 503}
    assert 3 <= found.count(503) <= 24


@shows("500", "502", "503", "504")
def _fails_once(box: Box) -> None:
    status = box.call.control("GET", "faults").json()["faults"][0]["do"]
    assert box.post().status_code == int(status)
    assert box.stored == SIX
    assert box.post().status_code == 201


@shows("507")
def _full(box: Box) -> None:
    assert (box.look().status_code, box.post().status_code) == (200, 507)
    assert box.stored == SIX


@shows("410")
def _place_lost(box: Box) -> None:
    assert box.call.refused("GET", EVENTS) == (410, "SyncStateNotFound")


@shows("412")
def _changed_meanwhile(box: Box) -> None:
    path, match = f"{EVENTS}/{box.made[0]['id']}", {"If-Match": box.made[0]["@odata.etag"]}
    refused = box.call.refused("PATCH", path, {"subject": "x"}, headers=match)
    assert refused == (412, "ErrorIrresolvableConflict")
    assert box.call("PATCH", path, {"subject": "x"}, headers=match).status_code == 200


@shows("503_done", "504_done")
def _done_but(box: Box) -> None:
    answer = box.post()
    assert answer.status_code in (503, 504)
    if answer.status_code == 503:
        assert answer.json()["error"]["code"] == "ErrorConcurrentItemSave"
    assert box.stored == [*SIX, "new"]


@shows("reset")
def _broken_before(box: Box) -> None:
    with pytest.raises(LOST):
        box.post()
    assert box.stored == SIX


@shows("reset_done", "cut")
def _answer_lost(box: Box) -> None:
    with pytest.raises(LOST):
        box.post()
    assert box.stored == [*SIX, "new"]


@shows("half")
def _half_of_the_json(box: Box) -> None:
    wanted = box.call.running.graph_url + EVENTS
    answer = box.call.session.post(wanted, json=box.words.event("new"))
    assert answer.status_code == 201
    assert answer.text.startswith("{")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()
    assert box.stored == [*SIX, "new"]


@shows("web_page")
def _a_proxys_page(box: Box) -> None:
    answer = box.call.session.post(box.call.running.graph_url + EVENTS, json=box.words.event("new"))
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, "text/html")
    assert "request-id" not in answer.headers
    assert box.stored == SIX


def _batch_of_two(box: Box) -> list[tuple[str, int]]:
    def item(number: str, verb: str) -> dict[str, Any]:
        return {"id": number, "method": verb, "url": f"/{EVENTS}/{box.made[int(number)]['id']}"}

    sent = {"requests": [item("1", "DELETE"), item("2", "GET")]}
    answer = box.call.session.post(f"{box.call.running.graph_url}$batch", json=sent).json()
    return sorted((one["id"], one["status"]) for one in answer["responses"])


@shows("left_out")
def _left_out(box: Box) -> None:
    assert box.look().status_code == 200, "alone a request has an answer or none"
    assert _batch_of_two(box) == [("2", 200)]
    assert box.stored == ["0", "2", "3", "4", "5"]


@shows("told_twice")
def _told_twice(box: Box) -> None:
    assert _batch_of_two(box) == [("1", 204), ("1", 503), ("2", 200)]
    assert box.stored == ["0", "2", "3", "4", "5"]


@shows("slow")
def _slow(box: Box) -> None:
    began = time.perf_counter()
    assert box.look().status_code == 200
    assert time.perf_counter() - began >= 0.12


@shows("batch")
def _whole_batch(box: Box) -> None:
    sent = {"requests": [{"id": "1", "method": "DELETE", "url": f"/{EVENTS}/{box.made[0]['id']}"}]}
    assert box.call.refused("POST", "$batch", sent) == (503, "ServiceUnavailable")
    assert box.stored == SIX
    assert box.call("POST", "$batch", sent).status_code == 200


@shows("page")
def _third_page(box: Box) -> None:
    link, found = EVENTS, []
    for _ in range(3):
        answer = box.call("GET", link)
        found.append(answer.status_code)
        link = answer.json().get("@odata.nextLink")
    assert found == [200, 200, 500]
    assert sorted(chain(*box.pages())) == SIX


@shows("loop")
def _without_end(box: Box) -> None:
    link = EVENTS
    for _ in range(5):
        answer = box.call("GET", link).json()
        assert [one["subject"] for one in answer["value"]] == SIX[:2]
        link = answer["@odata.nextLink"]
    box.clear()
    assert sorted(chain(*box.pages())) == SIX


@shows("twice")
def _on_two_pages(box: Box) -> None:
    whole = box.call("GET", f"{EVENTS}?$top=50")
    assert len(whole.json()["value"]) == 6, "a list of one page has no second"
    first, second, *others = box.pages()
    assert first[-1] == second[0]
    assert sorted(first + second[1:] + list(chain(*others))) == SIX
    assert sorted(chain(*box.pages())) == SIX, "once"


@shows("skip")
def _on_no_page(box: Box) -> None:
    found = list(chain(*box.pages()))
    assert (len(found), len(set(found)), set(found) < set(SIX)) == (5, 5, True)
    assert box.stored == SIX


@shows("empty")
def _nothing(box: Box) -> None:
    assert box.pages() == [[]]
    assert sorted(chain(*box.pages())) == SIX


@shows("token_expired", "token_revoked")
def _token_no_longer_holds(box: Box) -> None:
    challenges = []
    for _ in range(2):
        answer = box.look()
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
        challenges.append(answer.headers["WWW-Authenticate"])
    revoked = "revoked" in str(box.call.control("GET", "faults").json())
    assert all(("insufficient_claims" in one) == revoked for one in challenges)
    box.call.sign_in()
    assert box.look().status_code == 200


@shows("sign_in")
def _sign_in(box: Box) -> None:
    assert (box.look().status_code, box.call.token().status_code) == (200, 503)
    assert box.call.token().status_code == 200


@shows("secret_expired")
def _secret(box: Box) -> None:
    answers = [box.call.token() for _ in range(2)]
    assert [(one.status_code, one.json()["error_codes"]) for one in answers] == [(401, [7000222])] * 2
    assert box.look().status_code == 200


@shows("skew")
def _clock(box: Box) -> None:
    def fast(told: datetime) -> bool:
        return 580 < (told - datetime.now(UTC)).total_seconds() < 620

    assert fast(parsedate_to_datetime(box.look().headers["Date"]))
    token = box.call.token().json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert fast(datetime.fromtimestamp(claims["iat"], UTC))
    box.clear()
    assert abs((parsedate_to_datetime(box.look().headers["Date"]) - datetime.now(UTC)).total_seconds()) < 20


@shows("gone")
def _vanishes(box: Box) -> None:
    assert [box.look().status_code for _ in range(4)] == [200, 200, 404, 404]
    assert box.call.refused("GET", EVENTS) == (404, "MailboxNotEnabledForRESTAPI")
    assert box.call("GET", f"users/{WHO}").status_code == 200
    box.clear()
    assert box.look().status_code == 200


@shows("outage")
def _outage(box: Box) -> None:
    assert [box.look().headers.get("Retry-After") for _ in range(3)] == ["60"] * 3
    box.let_pass(3600)
    assert box.look().status_code == 401, "the token has aged too"
    box.call.sign_in()
    assert box.look().status_code == 200


@shows("day")
def _one_bad_day(box: Box) -> None:
    def statuses(day: str) -> set[int]:
        box.call.control("POST", "clock", {"today": day})
        return {box.look().status_code for _ in range(30)}

    assert statuses("2026-12-03") == {200}
    assert statuses("2026-12-04") == {200, 503}
    assert statuses("2026-12-05") == {200}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_does_what_its_words_say(stand_in: Any, words: Any, kind: Kind) -> None:
    CHECKS[kind.name](Box(stand_in(page_size=2), words, kind.example))


def test_each_kind_is_told_once_and_everything_a_fault_does_is_among_them() -> None:
    names = [kind.name for kind in KINDS]
    assert sorted(names) == sorted(set(names))
    shown = {kind.example["do"] for kind in KINDS}
    assert set(DOES) <= shown
    assert {"429", "500", "502", "503", "504", "507", "410", "412"} <= shown
    assert {name for kind in KINDS for name in kind.example} <= set(FIELDS)


def test_the_kinds_are_told_by_the_stand_in_itself(call: Any) -> None:
    told = call.control("GET", "faults/kinds").json()
    assert [one["name"] for one in told["kinds"]] == [kind.name for kind in KINDS]
    assert set(told["settings"]) == set(Fault.__dataclass_fields__)
    for one in told["kinds"]:
        assert call.control("POST", "faults", one["example"]).status_code == 201


@pytest.mark.parametrize("status", sorted(CODES))
@pytest.mark.parametrize("done", ["", "_done"])
def test_any_status_can_be_answered_whether_or_not_it_was_done(
    call: Any, words: Any, status: int, done: str
) -> None:
    box = Box(call, words, {"do": f"{status}{done}", "verb": "POST", "path": "events"})
    assert box.call.refused("POST", EVENTS, words.event("new"))[0] == status
    assert box.stored == SIX + ["new"] * bool(done)
