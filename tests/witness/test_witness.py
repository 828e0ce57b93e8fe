"""The witness notices what it is there to notice: a check that lets everything pass is none."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from typing import Any

import openapi_spec_validator
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.graph.routes import ROUTES
from witness.contract import SLICE, Contract, contract, description
from witness.counting import summary
from witness.exchange import Exchange
from witness.outside import paths
from witness.watching import COUNTED, _nothing_unheard
from witness.witness import Verdict, Witness

ANN = "/users/ann@council.example"
EVENT = {
    "subject": "Visit due",
    "start": {"dateTime": "2026-12-04T09:00:00", "timeZone": "Europe/London"},
    "end": {"dateTime": "2026-12-04T09:15:00", "timeZone": "Europe/London"},
    "isOnlineMeeting": "false",
    "showAs": "Free",
    "sensitivity": "PRIVATE",
}


def _places_in(body: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, within in body.items() if isinstance(body, dict) else ():
        yield (*above, name)
        yield from _places_in(within, (*above, name))


JSON = {"content-type": "application/json; charset=utf-8"}


@pytest.fixture(scope="module")
def known() -> Contract:
    found = contract()
    if found is None:
        pytest.skip("Graph's description does not lie beside this checkout: every test runs, none is heard")
    return found


def asked(verb: str, path: str, body: Any = None, *, headers: dict[str, str] = JSON) -> Exchange:
    return Exchange.of(verb, f"https://127.0.0.1:1/v1.0{path}", body, headers, 200, None)


def answered(verb: str, path: str, status: int, answer: Any) -> Exchange:
    return dataclasses.replace(asked(verb, path), status=status, answer=answer)


def test_what_real_clients_send_holds(known: Contract) -> None:
    """Input enums are case-insensitive, a boolean may be a string, actions' words come in two spellings."""
    for one in (
        asked("POST", f"{ANN}/events", EVENT),
        asked(
            "PATCH", f"{ANN}/calendar/events/AAMk=", {"categories": []}, headers=JSON | {"If-Match": 'W/"1"'}
        ),
        asked("GET", f"{ANN}/events?$top=250&$select=id,subject&$filter=subject%20eq%20'x'"),
        asked("POST", f"{ANN}/sendMail", {"Message": {"subject": "s"}, "SaveToSentItems": True}),
        asked("POST", f"{ANN}/sendMail", {"message": {"subject": "s"}, "saveToSentItems": "true"}),
        asked("POST", "/$batch", {"requests": [{"id": "1", "method": "GET", "url": f"{ANN}/events"}]}),
        asked("GET", f"{ANN}/calendarView?startDateTime=2026-12-01&endDateTime=2026-12-08"),
        asked("GET", f"{ANN}/manager"),
    ):
        assert known.request(one) == []


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (asked("POST", f"{ANN}/events", EVENT | {"reminderMinutes": 5}), "reminderMinutes"),
        (asked("POST", f"{ANN}/events", EVENT | {"showAs": "gone"}), "gone"),
        (asked("POST", f"{ANN}/events", EVENT | {"isAllDay": "perhaps"}), "perhaps"),
        (asked("POST", f"{ANN}/events", EVENT | {"body": {"contentType": "html", "text": "x"}}), "body"),
        (asked("POST", f"{ANN}/events"), "body"),
        (asked("POST", f"{ANN}/events", EVENT, headers={"content-type": "text/plain"}), "text/plain"),
        (asked("GET", f"{ANN}/events?$limit=5"), "$limit"),
        (asked("GET", f"{ANN}/events?$top=many"), "$top"),
        (asked("GET", f"{ANN}/calendarView?startDateTime=2026-12-01"), "endDateTime"),
        (asked("GET", f"{ANN}/events", headers={"If-Match": "*"}), "if-match"),
        (asked("GET", f"{ANN}/events", headers={"X-Api-Key": "1"}), "x-api-key"),
        (asked("PUT", f"{ANN}/events/AAMk=", EVENT), "leaves out"),
        (asked("GET", f"{ANN}/contacts"), "leaves out"),
        (asked("POST", "/$batch", {"requests": [{"id": 1, "method": "GET", "url": "/x"}]}), "id"),
        (asked("POST", "/$batch", {"requests": []}), "requests"),
    ],
)
@pytest.mark.fact("bot-keeps-the-contract")
def test_a_request_that_graph_does_not_know_is_noticed(known: Contract, one: Exchange, words: str) -> None:
    found = known.request(one)
    assert found
    assert words in " ".join(found)


@given(
    name=st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True),
    value=st.none() | st.booleans() | st.text(max_size=5),
)
def test_no_property_but_an_events_own_passes_whatever_it_is_called(name: str, value: Any) -> None:
    known = contract()
    if known is None:
        pytest.skip("Graph's description does not lie beside this checkout")
    own = json.loads(SLICE.read_text())["components"]["schemas"]["microsoft.graph.event"]["properties"]
    if name not in own:
        assert known.request(asked("POST", f"{ANN}/events", EVENT | {name: value}))


@pytest.mark.parametrize(
    "one",
    [
        answered("GET", f"{ANN}/events", 200, {"value": [{"id": "1", "subjekt": "x"}]}),
        answered("GET", f"{ANN}/events", 200, {"value": [], "total": 0}),
        answered("GET", f"{ANN}/events", 200, None),
        answered("GET", f"{ANN}/events", 404, {"message": "no"}),
        answered("GET", f"{ANN}/events", 404, {"error": {"message": "no"}}),
        answered("POST", f"{ANN}/events", 200, {"id": "1"}),
        answered("DELETE", f"{ANN}/events/AAMk=", 204, {}),
        answered("GET", f"{ANN}/manager", 200, {"error": {"code": "x", "message": "y"}}),
        answered("GET", f"{ANN}/manager", 404, {"code": "x"}),
        answered("GET", f"{ANN}/mailFolders/inbox/messages", 200, {"value": [{"subject": 3}]}),
        answered("GET", f"{ANN}/contacts", 200, {"value": []}),
        answered("POST", "/$batch", 200, {"responses": [{"status": 200}]}),
    ],
)
@pytest.mark.fact("answers-keep-the-contract")
def test_an_answer_that_graph_would_not_give_is_noticed(known: Contract, one: Exchange) -> None:
    assert known.answer(one)


FLAWS = st.sampled_from(
    [
        None,
        True,
        "",
        "perhaps",
        "two words",
        "2026-12-04",
        "2026-12-04T09:00:00Z",
        7,
        -1,
        2**40,
        0.5,
        [],
        {},
        ["x"],
    ]
)


@given(path=st.sampled_from(sorted(_places_in(EVENT))), flaw=FLAWS, renamed=st.booleans())
def test_what_is_alike_is_judged_once_and_no_flaw_is_alike(
    path: tuple[str, ...], flaw: Any, renamed: bool
) -> None:
    """What held before speaks for another exchange only where a judgement of its own would say the same."""
    found = contract()
    if found is None:
        pytest.skip("Graph's description does not lie beside this checkout")
    good, flawed = asked("POST", f"{ANN}/events", EVENT), json.loads(json.dumps(EVENT))
    *above, name = path
    at = reduce(getitem, above, flawed)
    if renamed:
        at[f"{name}s"] = at.pop(name)
    else:
        at[name] = flaw
    bad = asked("POST", f"{ANN}/events", flawed)
    answer = answered("POST", f"{ANN}/events", 201, {"id": "1"})
    good, bad = (dataclasses.replace(one, status=201, answer=answer.answer) for one in (good, bad))
    assert found.findings(good, frozenset()) == []
    assert bool(found.findings(bad, frozenset())) == bool(found.request(bad))


def test_graphs_description_is_itself_one(known: Contract) -> None:
    """Asked once, and not by every process that judges by it."""
    openapi_spec_validator.validate(description())


def test_a_link_that_an_answer_gave_may_be_followed_whatever_is_in_it(known: Contract) -> None:
    link = f"https://127.0.0.1:1/v1.0{ANN}/events?$skiptoken=abc"
    assert known.request(asked("GET", f"{ANN}/events?$skiptoken=abc"))
    page = answered("GET", f"{ANN}/events", 200, {"value": [], "@odata.nextLink": link})
    assert known.request(asked("GET", f"{ANN}/events?%24skiptoken=abc"), links=page.leads_to) == []
    other = asked("GET", f"{ANN}/events?$skiptoken=abd")
    assert known.request(other, links=page.leads_to)


def test_what_the_slice_leaves_out_is_not_in_it_and_says_why(known: Contract) -> None:
    described = json.loads(SLICE.read_text())["paths"]
    for address, operations in paths().items():
        for verb, operation in operations.items():
            assert verb not in described.get(address, {}), f"{verb} {address} is in the slice by now"
            assert operation["x-outside"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.verb} {'/'.join(route.parts)}")
def test_every_path_that_the_stand_in_answers_is_described(known: Contract, route: Any) -> None:
    parts = [re.sub(r"^{path.*}$", "x:", part) for part in route.parts]  # a path within ends with a colon
    path = "/" + "/".join(re.sub(r"^{.*}$", "x", part) for part in parts)
    assert known.operation(asked(route.verb, path)) is not None


def test_a_test_in_which_nothing_was_asked_must_say_so(known: Contract) -> None:
    class Test:
        def __init__(self, *marks: Any) -> None:
            self.marks = marks

        def get_closest_marker(self, _: str) -> Any:
            return next(iter(self.marks), None)

    said, unsaid = Test(pytest.mark.asks_nothing("why").mark), Test()
    _nothing_unheard(unsaid, Verdict(held=1))  # type: ignore[arg-type]
    _nothing_unheard(said, Verdict())  # type: ignore[arg-type]
    for test, verdict in (
        (unsaid, Verdict()),
        (said, Verdict(held=1)),
        (Test(pytest.mark.asks_nothing.mark), Verdict()),
    ):
        with pytest.raises(AssertionError):
            _nothing_unheard(test, verdict)  # type: ignore[arg-type]


def test_the_same_words_are_judged_once_and_counted_as_often_as_said(known: Contract, tmp_path: Any) -> None:
    line = {
        "verb": "GET",
        "path": f"{ANN}/manager",
        "query": "",
        "headers": {},
        "body": None,
        "in_batch": True,
    }
    line |= {"status": 200, "answer": {"displayName": "Bo"}}
    (tmp_path / "r.jsonl").write_text(f"{json.dumps(line)}\n" * 3)
    witness = Witness()
    witness.read(tmp_path / "r.jsonl")
    witness.read(tmp_path / "not-there.jsonl")
    verdict = witness.judge(known)
    assert (verdict.checked, verdict.held, verdict.findings) == (3, 0, [])
    assert list(verdict.outside.values()) == [3]


def test_what_was_held_is_told_at_the_end() -> None:
    class Report:
        user_properties = ((COUNTED, (4, {"people": 2})),)

    assert summary([Report(), Report()]) == [f"8 exchanges of 2 tests {COUNTED}", "4 outside it: people"]
    assert summary([]) == []
