"""Twenty to a request, each judged alone, nothing asked early, nothing done twice."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import pytest
import requests

from bot.errors import BotError, Permanent, Temporary
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
from bot.outlook.event import Draft
from bot.outlook.faults import SignInRefused
from bot.outlook.wire import KEY_PROPERTY, to_change

START = datetime(2026, 12, 3, 9, 0)


def draft(key: str = "k1", subject: str = "Visit due") -> Draft:
    return Draft(key, subject, "<p>why</p>", START, START.replace(minute=15), False, ("Visit",), 0)


def create(number: int, mailbox: str = "w1@council.test") -> CreateOp:
    return CreateOp(mailbox, draft(f"k{number}"), f"t{number}")


def event(id_: str, wanted: Draft, *, etag: str = 'W/"1"', transaction: str | None = None) -> dict[str, Any]:
    body = to_change(wanted)
    return {**body, "id": id_, "@odata.etag": etag, "transactionId": transaction}


class Mailboxes:
    """A calendar in a dictionary; ``before`` and ``after`` may replace an item's answer."""

    def __init__(self) -> None:
        self.events: dict[str, dict[str, Any]] = {}
        self.items: list[tuple[str, str]] = []
        self.before: Any = lambda item, count: None
        self.after: Any = lambda item, count: None
        self.counts: dict[str, int] = {}

    def __call__(self, item: dict[str, Any]) -> tuple[Any, ...]:
        name = f"{item['method']} {item.get('body', {}).get('transactionId') or item['url']}"
        self.items.append((item["method"], item["url"]))
        count = self.counts[name] = self.counts.get(name, 0) + 1
        return self.before(item, count) or self.carry_out(item, count)

    def carry_out(self, item: dict[str, Any], count: int) -> tuple[Any, ...]:
        if item["method"] == "POST":
            transaction = item["body"]["transactionId"]
            if any(e["transactionId"] == transaction for e in self.events.values()):
                return 409, {"error": {"code": "ErrorDuplicateTransactionId"}}
            id_ = f"id{len(self.events) + 1}"
            self.events[id_] = {**item["body"], "id": id_, "@odata.etag": 'W/"1"'}
            return self.after(item, count) or (201, self.events[id_])
        if item["url"].split("?")[0].endswith("/events"):
            key = re.search(r"VisitBotKey' and ep/value eq '(\w+)'", unquote(item["url"]))
            assert key is not None
            found = [e for e in self.events.values() if self.key(e) == key.group(1)]
            return 200, {"value": found}
        id_ = item["url"].split("/")[-1].split("?")[0]
        if id_ not in self.events:
            return 404, {"error": {"code": "ErrorItemNotFound"}}
        if item["method"] == "GET":
            return 200, self.events[id_]
        if item["headers"]["If-Match"] != self.events[id_]["@odata.etag"]:
            return 412, {"error": {"code": "ErrorIrresolvableConflict"}}
        if item["method"] == "DELETE":
            del self.events[id_]
            return self.after(item, count) or (204, None)
        self.events[id_] |= {**item["body"], "@odata.etag": 'W/"2"'}
        return self.after(item, count) or (200, self.events[id_])

    @staticmethod
    def key(e: dict[str, Any]) -> str | None:
        return {p["id"]: p["value"] for p in e["singleValueExtendedProperties"]}.get(KEY_PROPERTY)


@pytest.fixture
def mailboxes(wire: Any, graph: Any) -> Mailboxes:
    boxes = Mailboxes()
    wire.answer = graph.batch(boxes)
    return boxes


def refused(status: int, code: str = "X", **headers: str) -> tuple[Any, ...]:
    return status, {"error": {"code": code}}, {n.replace("_", "-"): v for n, v in headers.items()}


def test_twenty_to_a_request_with_ids_of_their_own_over_any_mailboxes(
    connection: Connection, wire: Any, mailboxes: Mailboxes
) -> None:
    outcomes = write(connection, [create(n, f"w{n % 7}@council.test") for n in range(45)])
    assert [len(asked.body["requests"]) for asked in wire.seen] == [20, 20, 5]
    assert all(
        len({i["id"] for i in asked.body["requests"]}) == len(asked.body["requests"]) for asked in wire.seen
    )
    assert [outcome.status for outcome in outcomes] == ["done"] * 45
    assert [outcome.op.transaction_id for outcome in outcomes] == [f"t{n}" for n in range(45)]  # type: ignore[union-attr]
    assert all(o.standing is not None and o.standing.key == f"k{n}" for n, o in enumerate(outcomes))


@pytest.mark.fact("bot-asks-for-immutable-ids")
def test_every_item_asks_for_ids_that_do_not_change_and_london_times(
    connection: Connection, wire: Any, mailboxes: Mailboxes
) -> None:
    write(connection, [create(1), GetOp("w1@council.test", "id1")])
    prefers = [item["headers"]["Prefer"] for asked in wire.seen for item in asked.body["requests"]]
    assert len(prefers) == 2
    assert all('IdType="ImmutableId"' in one and 'timezone="GMT Standard Time"' in one for one in prefers)


def test_only_the_throttled_items_are_asked_again_and_after_the_longest_wait(
    connection: Connection, wire: Any, mailboxes: Mailboxes
) -> None:
    """A batch with three 429 and one 424."""
    waits = {"t1": "3", "t4": "11", "t7": "5"}

    def before(item: dict[str, Any], count: int) -> Any:
        transaction = item["body"]["transactionId"]
        if count == 1 and transaction in waits:
            return refused(429, "TooManyRequests", Retry_After=waits[transaction])
        return refused(424, "FailedDependency") if count == 1 and transaction == "t9" else None

    mailboxes.before = before
    outcomes = write(connection, [create(n) for n in range(12)])
    assert {outcome.status for outcome in outcomes} == {"done"}
    assert [len(asked.body["requests"]) for asked in wire.seen] == [12, 4]
    assert wire.slept == [11]
    assert len(mailboxes.events) == 12


def test_one_mailboxs_trouble_never_stops_another(connection: Connection, mailboxes: Mailboxes) -> None:
    def before(item: dict[str, Any], count: int) -> Any:
        if "gone@" in item["url"]:
            return refused(404, "MailboxNotEnabledForRESTAPI")
        if "out@" in item["url"]:
            return refused(403, "ErrorAccessDenied")
        return refused(507, "ErrorQuotaExceeded") if "full@" in item["url"] else None

    mailboxes.before = before
    boxes = ["gone@council.test", "w1@council.test", "out@council.test", "full@council.test"]
    outcomes = write(connection, [create(n, box) for n, box in enumerate(boxes)])
    assert [outcome.status for outcome in outcomes] == ["permanent", "done", "permanent", "permanent"]
    for outcome, words in zip(outcomes, ["no such mailbox", "", "management scope", "full"], strict=True):
        assert words in str(outcome.error)


@pytest.mark.parametrize("status", [500, 503, 504])
@pytest.mark.fact("saved-though-503")
def test_an_entry_that_was_made_although_the_answer_says_not_is_found_not_made_again(
    connection: Connection, mailboxes: Mailboxes, status: int
) -> None:
    mailboxes.after = lambda item, count: refused(status, "ErrorConcurrentItemSave", Retry_After="2")
    (outcome,) = write(connection, [create(1)])
    assert outcome.status == "done"
    assert outcome.standing is not None
    assert outcome.standing.id == "id1"
    assert [method for method, _ in mailboxes.items] == ["POST", "GET"]


def test_an_entry_that_was_not_made_is_made_after_looking(
    connection: Connection, wire: Any, mailboxes: Mailboxes
) -> None:
    mailboxes.before = lambda item, count: (
        refused(503, "X", Retry_After="2") if item["method"] == "POST" and count == 1 else None
    )
    (outcome,) = write(connection, [create(1)])
    assert outcome.status == "done"
    assert [method for method, _ in mailboxes.items] == ["POST", "GET", "POST"]
    assert wire.slept == [2]  # waited once, before the look


@pytest.mark.parametrize("status", [400, 409])
@pytest.mark.fact("bot-duplicate-is-there")
def test_a_creation_done_in_an_earlier_run_is_met_as_existing(
    connection: Connection, mailboxes: Mailboxes, status: int
) -> None:
    write(connection, [create(1)])
    mailboxes.before = lambda item, count: (
        refused(status, "ErrorDuplicateTransactionId") if item["method"] == "POST" else None
    )
    (outcome,) = write(connection, [create(1)])
    assert outcome.status == "exists"
    assert outcome.standing is not None
    assert outcome.standing.id == "id1"
    assert len(mailboxes.events) == 1


def test_a_creation_done_before_and_deleted_since_is_gone_not_made_again(
    connection: Connection, mailboxes: Mailboxes
) -> None:
    mailboxes.before = lambda item, count: (
        refused(409, "ErrorDuplicateTransactionId") if item["method"] == "POST" else None
    )
    (outcome,) = write(connection, [create(1)])
    assert (outcome.status, outcome.standing) == ("gone", None)


def test_a_whole_batch_whose_answer_was_lost_doubles_nothing(
    connection: Connection, wire: Any, mailboxes: Mailboxes
) -> None:
    whole, first = wire.answer, True

    def answer(request: Any) -> requests.Response:
        nonlocal first
        response = whole(request)
        if first:
            first = False
            raise requests.exceptions.ReadTimeout
        return response  # type: ignore[no-any-return]

    wire.answer = answer
    outcomes = write(connection, [create(n) for n in range(5)])
    assert {outcome.status for outcome in outcomes} == {"done"}
    assert len(mailboxes.events) == 5
    assert sum(method == "POST" for method, _ in mailboxes.items) == 5


def test_an_answer_left_out_of_a_batch_is_looked_after(
    connection: Connection, wire: Any, mailboxes: Mailboxes
) -> None:
    whole, first = wire.answer, True

    def answer(request: Any) -> requests.Response:
        nonlocal first
        response = whole(request)
        if first:
            first = False
            body = response.json()
            body["responses"].pop()
            response._content = json.dumps(body).encode()
        return response  # type: ignore[no-any-return]

    wire.answer = answer
    assert {o.status for o in write(connection, [create(n) for n in range(3)])} == {"done"}
    assert len(mailboxes.events) == 3


def test_a_server_that_stays_silent_is_soon_left_and_the_rest_said_undone(
    connection: Connection, wire: Any
) -> None:
    def answer(request: Any) -> requests.Response:
        raise requests.exceptions.ReadTimeout

    wire.answer = answer
    outcomes = write(connection, [create(n) for n in range(200)])
    assert len(wire.seen) <= 3 * 4, "three times what is at work at once"
    assert {outcome.status for outcome in outcomes} == {"temporary"}
    assert len(outcomes) == 200


def test_a_throttled_batch_waits_as_told_and_doubles_nothing(
    connection: Connection, wire: Any, graph: Any, mailboxes: Mailboxes
) -> None:
    whole, throttled = wire.answer, [graph.refusal(429, "TooManyRequests", Retry_After="9")]
    wire.answer = lambda request: throttled.pop() if throttled else whole(request)
    assert {o.status for o in write(connection, [create(n) for n in range(3)])} == {"done"}
    assert wire.slept == [9]
    assert sum(method == "POST" for method, _ in mailboxes.items) == 3


@pytest.mark.fact("bot-heeds-429")
def test_a_throttled_mailbox_is_left_alone_until_its_wait_is_over_and_the_others_go_on(
    connection: Connection, wire: Any, mailboxes: Mailboxes
) -> None:
    """Coming early is punished, so what has not been asked yet waits too."""
    mailboxes.before = lambda item, count: (
        refused(429, "TooManyRequests", Retry_After="30")
        if not wire.slept and "busy@" in item["url"]
        else None
    )
    ops = [create(n, "busy@council.test" if n % 2 else f"w{n}@council.test") for n in range(50)]
    assert {outcome.status for outcome in write(connection, ops)} == {"done"}
    before_sleep = wire.log[: wire.log.index(30)]
    asked_early = [i for request in before_sleep for i in request.body["requests"] if "busy@" in i["url"]]
    assert len(asked_early) == 1  # its turn came, and none after it was refused
    assert wire.slept == [30]


def test_a_mailbox_that_wants_more_patience_than_a_run_has_is_left_to_the_next(
    connection: Connection, wire: Any, mailboxes: Mailboxes
) -> None:
    mailboxes.before = lambda item, count: (
        refused(429, "TooManyRequests", Retry_After="900") if "busy@" in item["url"] else None
    )
    ops = [create(n, "busy@council.test" if n % 2 else f"w{n}@council.test") for n in range(50)]
    outcomes = write(connection, ops)
    assert {o.status for o in outcomes if "busy@" not in o.op.mailbox} == {"done"}
    busy = [o for o in outcomes if "busy@" in o.op.mailbox]
    assert {o.status for o in busy} == {"temporary"}
    assert all(isinstance(o.error, Temporary) and o.error.retry_at is not None for o in busy)
    assert wire.slept == []


def test_a_server_that_wants_more_patience_than_a_run_has_is_asked_nothing_more(
    connection: Connection, wire: Any, graph: Any
) -> None:
    wire.answer = lambda request: graph.refusal(429, "TooManyRequests", Retry_After="900")
    outcomes = write(connection, [create(n, f"w{n}@council.test") for n in range(100)])
    assert len(wire.seen) <= 4  # those at work when it was said
    assert {outcome.status for outcome in outcomes} == {"temporary"}
    assert all(isinstance(o.error, Temporary) and o.error.retry_at is not None for o in outcomes)


def test_a_sign_in_that_fails_is_told_of_every_operation(
    connection: Connection, wire: Any, graph: Any
) -> None:
    wire.answer = lambda request: graph.refusal(401, "InvalidAuthenticationToken")
    outcomes = write(connection, [create(n) for n in range(30)])
    assert all(isinstance(outcome.error, SignInRefused) for outcome in outcomes)
    assert {outcome.status for outcome in outcomes} == {"permanent"}
    assert len(wire.seen) == 2


def test_what_somebody_changed_meanwhile_is_a_conflict_and_stays_as_they_left_it(
    connection: Connection, mailboxes: Mailboxes
) -> None:
    write(connection, [create(1)])
    mailboxes.events["id1"] |= {"subject": "Moved by hand", "@odata.etag": 'W/"77"'}
    box = "w1@council.test"
    changed, removed, released = (
        write(connection, [op])[0]
        for op in (
            ChangeOp(box, "id1", 'W/"1"', draft("k1", "Ours")),
            RemoveOp(box, "id1", 'W/"1"'),
            ReleaseOp(box, "id1", 'W/"1"', ()),
        )
    )
    assert [o.status for o in (changed, removed, released)] == ["conflict"] * 3
    assert mailboxes.events["id1"]["subject"] == "Moved by hand"


@pytest.mark.fact("conflict-may-pass")
def test_a_conflict_that_passes_by_itself_is_tried_once_more(
    connection: Connection, mailboxes: Mailboxes
) -> None:
    write(connection, [create(1)])
    mailboxes.before = lambda item, count: refused(412, "ErrorIrresolvableConflict") if count == 1 else None
    (outcome,) = write(connection, [ChangeOp("w1@council.test", "id1", 'W/"1"', draft("k1", "New"))])
    assert outcome.status == "done"
    assert outcome.standing is not None
    assert (outcome.standing.subject, outcome.standing.etag) == ("New", 'W/"2"')


def test_a_change_whose_answer_was_lost_is_recognised_as_done(
    connection: Connection, mailboxes: Mailboxes
) -> None:
    write(connection, [create(1)])
    mailboxes.after = lambda item, count: refused(504) if item["method"] == "PATCH" and count == 1 else None
    (outcome,) = write(connection, [ChangeOp("w1@council.test", "id1", 'W/"1"', draft("k1", "New"))])
    assert outcome.status == "done"
    assert outcome.standing is not None
    assert outcome.standing.subject == "New"


def test_a_removal_whose_answer_was_lost_is_done_and_one_of_nothing_is_gone(
    connection: Connection, mailboxes: Mailboxes
) -> None:
    write(connection, [create(1)])
    mailboxes.after = lambda item, count: refused(504) if item["method"] == "DELETE" and count == 1 else None
    op = RemoveOp("w1@council.test", "id1", 'W/"1"')
    assert write(connection, [op])[0].status == "done"
    assert write(connection, [op])[0].status == "gone"


def test_two_changes_of_one_entry_never_share_a_batch(
    connection: Connection, wire: Any, mailboxes: Mailboxes
) -> None:
    write(connection, [create(1)])
    box = "w1@council.test"
    first, second = write(
        connection, [ChangeOp(box, "id1", 'W/"1"', draft("k1", "New")), RemoveOp(box, "id1", 'W/"2"')]
    )
    assert (first.status, second.status) == ("done", "done")
    assert [len(asked.body["requests"]) for asked in wire.seen] == [1, 1, 1]


def test_a_look_by_id_finds_what_stands_or_says_gone(connection: Connection, mailboxes: Mailboxes) -> None:
    write(connection, [create(1)])
    found, gone = write(connection, [GetOp("w1@council.test", "id1"), GetOp("w1@council.test", "id9")])
    assert found.standing is not None
    assert (found.status, found.standing.key) == ("done", "k1")
    assert (gone.status, gone.standing) == ("gone", None)


class Pages:
    """Listings by mailbox, each a list of pages; a page may be a refusal."""

    def __init__(self, **boxes: list[Any]) -> None:
        self.boxes = boxes

    def __call__(self, item: dict[str, Any]) -> tuple[Any, ...]:
        assert item["method"] == "GET"
        name = item["url"].split("/")[2].split("@")[0]
        skip = re.search(r"skip=(\d+)", item["url"])
        number = int(skip.group(1)) if skip else 0
        page = self.boxes[name][number]
        if isinstance(page, tuple):
            return page
        body: dict[str, Any] = {"value": page}
        if number + 1 < len(self.boxes[name]):
            link = f"https://graph.test/v1.0/users/{name}@council.test/events?%24skip={number + 1}"
            body["@odata.nextLink"] = link.replace("%24skip", "skip")
        return 200, body


def test_a_list_is_every_page_and_an_entry_on_two_pages_is_one(
    connection: Connection, wire: Any, graph: Any
) -> None:
    one, two, three = (event(f"id{n}", draft(f"k{n}")) for n in (1, 2, 3))
    wire.answer = graph.batch(Pages(w1=[[one, two], [two], [three]]))
    assert [entry.key for entry in list_ours(connection, "w1@council.test")] == ["k1", "k2", "k3"]


def test_a_page_that_fails_discards_the_whole_list(connection: Connection, wire: Any, graph: Any) -> None:
    """Page 3 of a list failing; a failed read is not an empty read."""
    one = event("id1", draft("k1"))
    wire.answer = graph.batch(Pages(w1=[[one], [one], refused(500)]))
    with pytest.raises(Temporary):
        list_ours(connection, "w1@council.test")


def test_twenty_mailboxes_are_read_in_one_request_and_ones_error_is_its_own(
    connection: Connection, wire: Any, graph: Any
) -> None:
    boxes: dict[str, Any] = {f"w{n}": [[event(f"id{n}", draft(f"k{n}"))]] for n in range(20)}
    boxes["w3"] = [refused(403, "ErrorAccessDenied")]
    wire.answer = graph.batch(Pages(**boxes))
    lists = list_many(connection, [f"{name}@council.test" for name in boxes])
    assert len(wire.seen) == 1
    assert isinstance(lists["w3@council.test"], Permanent)
    assert sum(not isinstance(one, BotError) for one in lists.values()) == 19


def test_a_next_link_that_goes_round_in_a_circle_is_an_error(
    connection: Connection, wire: Any, graph: Any
) -> None:
    link = "https://graph.test/v1.0/users/w1@council.test/events?skip=1"
    wire.answer = graph.batch(lambda item: (200, {"value": [], "@odata.nextLink": link}))
    with pytest.raises(Temporary, match="circle"):
        list_ours(connection, "w1@council.test")
    assert len(wire.seen) == 2


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.test/v1.0/users/w1@council.test/events?skip=1",
        "http://graph.test/v1.0/users/w1@council.test/events?skip=1",
        "https://graph.test.elsewhere.test/v1.0/users",
        "https://graph.test@elsewhere.test/v1.0/users",
        "/users/w1",
        7,
    ],
)
def test_a_next_link_to_anywhere_but_graph_is_never_followed(
    connection: Connection, wire: Any, graph: Any, link: Any
) -> None:
    wire.answer = graph.batch(lambda item: (200, {"value": [], "@odata.nextLink": link}))
    with pytest.raises(Permanent, match="another server"):
        list_ours(connection, "w1@council.test")
    assert len(wire.seen) == 1


@pytest.mark.fact("bot-reads-only-ours")
def test_a_list_is_asked_only_for_what_is_ours(connection: Connection, wire: Any, graph: Any) -> None:
    wire.answer = graph.batch(lambda item: (200, {"value": []}))
    assert list_ours(connection, "w1@council.test") == ()
    (item,) = wire.seen[0].body["requests"]
    asked = unquote(item["url"])
    assert "VisitBotOwner' and ep/value eq 'visit-bot'" in asked
    assert "calendarView" not in asked


@pytest.mark.parametrize("body", [{}, {"value": None}, {"value": [{"id": "x"}]}, None])
def test_a_list_that_cannot_be_understood_is_an_error_not_an_empty_list(
    connection: Connection, wire: Any, graph: Any, body: Any
) -> None:
    wire.answer = graph.batch(lambda item: (200, body))
    with pytest.raises(Temporary):
        list_ours(connection, "w1@council.test")
