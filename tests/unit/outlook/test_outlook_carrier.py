"""Whatever an item is answered: each operation ends once and rightly, nobody comes early or is held up."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.outlook.calendar import CreateOp, Outcome, write
from bot.outlook.connection import Connection
from bot.outlook.event import Draft

START = datetime(2026, 12, 3, 9, 0)
BOXES = [f"w{number}@council.test" for number in range(6)]
# What an item may be answered, how often in a row, before it is done: (status, code, Retry-After, times).
TROUBLES = [
    (429, "TooManyRequests", "7", 1),
    (429, "TooManyRequests", None, 2),
    (503, "ServiceUnavailable", "2", 1),
    (500, "InternalServerError", None, 2),
    (500, "InternalServerError", None, 99),
    (507, "ErrorQuotaExceeded", None, 99),
    (403, "ErrorAccessDenied", None, 99),
    (400, "ErrorInvalidRequest", None, 99),
    (412, "ErrorIrresolvableConflict", None, 1),
]
NATURE = {500: "temporary", 507: "permanent", 403: "permanent", 400: "permanent", 412: "temporary"}


def op(number: int, mailbox: str) -> CreateOp:
    draft = Draft(f"k{number}", "Visit due", "<p>why</p>", START, START, False, ("Visit",), 0)
    return CreateOp(mailbox, draft, f"t{number}")


@dataclass
class Server:
    """Answers batches as Graph does, chains and all; notices whoever comes early and too many at work."""

    wire: Any
    reply: Any
    troubles: dict[str, tuple[int, str, str | None, int]] = field(default_factory=dict)  # by transaction id
    at_once: int = 4
    made: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    early: int = 0
    most: int = 0
    together: int = 0  # items of the largest batch whose items did not wait for one another
    _at_work: int = 0
    _told: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Any) -> requests.Response:
        items = request.body["requests"]
        chained = any("dependsOn" in item for item in items)
        places = 1 if chained else min(len(items), self.at_once)
        with self._lock:
            self.requests += 1
            self._at_work += places
            self.most = max(self.most, self._at_work)
        try:
            return self.reply(200, {"responses": self._answers(items)})
        finally:
            with self._lock:
                self._at_work -= places

    def _answers(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        with self._lock:
            good: dict[str, bool] = {}
            answers = []
            for item in items:
                if all(good[other] for other in item.get("dependsOn", ())):
                    status, body, headers = self._answer(item)
                else:
                    status, body, headers = 424, {"error": {"code": "FailedDependency"}}, {}
                good[item["id"]] = status < 300
                answers.append({"id": item["id"], "status": status, "body": body, "headers": headers})
            return answers[::-1]

    def _answer(self, item: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        mailbox, now = item["url"].split("/")[2], sum(self.wire.slept)
        told_at, until = self._told.get(mailbox, (now, now))
        self.early += told_at < now < until  # what was under way when it was said is let through
        if item["method"] == "GET":
            return 200, {"value": []}, {}
        name = item["body"]["transactionId"]
        self.asked[name] += 1
        status, code, wait, times = self.troubles.get(name, (0, "", None, 0))
        if self.asked[name] <= times:
            if status == 429:
                self._told[mailbox] = now, max(until, now + float(wait or 0))
            return status, {"error": {"code": code}}, {"Retry-After": wait} if wait else {}
        self.made[name] += 1
        return 201, {**item["body"], "id": f"id-{name}", "@odata.etag": 'W/"1"'}, {}


@dataclass
class Seam:
    """What is told before and after, and whether in the right order."""

    begun: Counter[int] = field(default_factory=Counter)
    ended: Counter[int] = field(default_factory=Counter)
    threads: set[int] = field(default_factory=set)

    def before(self, places: Sequence[int]) -> None:
        self.begun.update(places)
        self.threads.add(threading.get_ident())

    def after(self, ended: Any) -> None:
        self.ended.update(ended.keys())
        self.threads.add(threading.get_ident())


def run(connection: Connection, ops: list[CreateOp]) -> tuple[tuple[Outcome, ...], Seam]:
    seam = Seam()
    return write(connection, ops, before=seam.before, after=seam.after), seam


@st.composite
def days(draw: st.DrawFn) -> tuple[list[str], dict[str, tuple[int, str, str | None, int]]]:
    """The mailbox of each operation, and what troubles some of them."""
    boxes = draw(st.lists(st.sampled_from(BOXES), min_size=1, max_size=130))
    who = st.integers(0, len(boxes) - 1)
    troubles = draw(st.dictionaries(who, st.sampled_from(TROUBLES), max_size=max(1, len(boxes) // 8)))
    return boxes, {f"t{number}": trouble for number, trouble in troubles.items()}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(days())
def test_whatever_is_answered_each_ends_once_with_its_own_end_and_nobody_comes_early(
    make_connection: Any, graph: Any, day: tuple[list[str], dict[str, Any]]
) -> None:
    boxes, troubles = day
    connection, wire = make_connection()
    server = wire.answer = Server(wire, graph.reply, troubles)
    outcomes, seam = run(connection, [op(number, box) for number, box in enumerate(boxes)])
    refused: Counter[tuple[str, int]] = Counter(
        (boxes[int(name[1:])], trouble[0]) for name, trouble in troubles.items() if trouble[3] == 99
    )
    for number, outcome in enumerate(outcomes):
        status, _, _, times = troubles.get(f"t{number}", (0, "", None, 0))
        hopeless = any(refused[boxes[number], one] >= 3 for one in (403, 400, 500, 507))
        if times < 99:
            assert outcome.status == "done" or hopeless, (number, outcome)
        else:
            assert outcome.status == NATURE[status] or hopeless, (number, outcome)
            assert str(outcome.error).startswith(boxes[number])
        assert server.made[f"t{number}"] == (outcome.status == "done")
    everybody = Counter(range(len(boxes)))
    assert seam.ended == everybody, "each ends once"
    asked = {int(name[1:]) for name in server.asked}
    assert asked <= seam.begun.keys(), "nothing is asked that was not told before"
    assert max(seam.begun.values(), default=0) <= 1, "what is about to happen is told once"
    assert seam.threads == {threading.get_ident()}, "told in the caller's thread"
    assert server.early == 0
    assert server.most <= 4


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(days(), st.sampled_from(TROUBLES))
def test_one_mailboxs_trouble_leaves_the_others_as_without_it(
    make_connection: Any, graph: Any, day: tuple[list[str], dict[str, Any]], trouble: Any
) -> None:
    boxes, troubles = day
    ends = []
    for worse in ({}, {f"t{n}": trouble for n, box in enumerate(boxes) if box == BOXES[0]}):
        connection, wire = make_connection()
        wire.answer = Server(wire, graph.reply, troubles | worse)
        outcomes, _ = run(connection, [op(number, box) for number, box in enumerate(boxes)])
        ends.append([(one.status, one.standing) for one in outcomes if one.op.mailbox != BOXES[0]])
    assert ends[0] == ends[1]


@pytest.mark.parametrize(
    ("how_many", "requests_made", "chained"),
    [(20, 1, 0), (60, 3, 0), (80, 4, 4), (90, 5, 4), (100, 8, 8), (500, 28, 28), (800, 40, 40)],
)
def test_much_goes_in_chains_of_twenty_whose_last_ones_are_alike_and_little_in_as_few_as_can_be(
    make_connection: Any, graph: Any, how_many: int, requests_made: int, chained: int
) -> None:
    connection, wire = make_connection()
    server = wire.answer = Server(wire, graph.reply)
    run(connection, [op(number, BOXES[0]) for number in range(how_many)])
    assert server.requests == requests_made
    assert server.made.total() == how_many
    chains = [any("dependsOn" in item for item in seen.body["requests"]) for seen in wire.seen]
    assert sum(chains) == chained


def test_a_bad_item_of_a_chain_costs_those_behind_it_neither_their_place_nor_a_try(
    make_connection: Any, graph: Any
) -> None:
    connection, wire = make_connection()
    bad = {f"t{number}": (400, "ErrorInvalidRequest", None, 99) for number in range(0, 200, 20)}
    server = wire.answer = Server(wire, graph.reply, bad)
    outcomes, _ = run(connection, [op(number, BOXES[number % 6]) for number in range(200)])
    assert Counter(one.status for one in outcomes) == {"done": 190, "permanent": 10}
    assert max(server.asked.values()) == 1, "nobody was asked twice"
    assert wire.slept == []
    assert server.requests <= 10 + 10 + 2


def test_a_small_diary_is_not_kept_waiting_by_a_huge_one(make_connection: Any, graph: Any) -> None:
    connection, wire = make_connection()
    wire.answer = Server(wire, graph.reply)
    boxes = [BOXES[0]] * 400 + [BOXES[1]] * 5
    run(connection, [op(number, box) for number, box in enumerate(boxes)])
    first = [item for seen in wire.seen[:2] for item in seen.body["requests"]]
    assert sum(BOXES[1] in item["url"] for item in first) == 5


def test_a_mailbox_that_breaks_the_line_is_asked_alone_until_it_is_left(
    make_connection: Any, graph: Any
) -> None:
    connection, wire = make_connection()
    server = Server(wire, graph.reply)

    def answer(request: Any) -> requests.Response:
        if any(BOXES[0] in item["url"] for item in request.body["requests"]):
            raise requests.exceptions.ConnectionError
        return server(request)

    wire.answer = answer
    outcomes, _ = run(connection, [op(number, BOXES[number % 6]) for number in range(60)])
    ends = {box: {one.status for one in outcomes if one.op.mailbox == box} for box in BOXES}
    assert ends == {box: {"temporary"} if box == BOXES[0] else {"done"} for box in BOXES}
    assert server.made.total() == 50
    assert max(server.made.values()) == 1


def test_a_mailbox_that_is_closed_is_not_asked_for_every_entry(make_connection: Any, graph: Any) -> None:
    connection, wire = make_connection()
    closed = {f"t{number}": (404, "MailboxNotEnabledForRESTAPI", None, 99) for number in range(50)}
    server = wire.answer = Server(wire, graph.reply, closed)
    outcomes, _ = run(connection, [op(number, BOXES[number >= 50]) for number in range(100)])
    assert Counter(one.status for one in outcomes) == {"permanent": 50, "done": 50}
    assert server.asked.total() - server.made.total() < 25
    assert all("no such mailbox" in str(one.error) for one in outcomes[:50])
    assert "3 times in a row" in str(outcomes[49].error)


def test_what_cannot_be_written_down_first_is_not_sent(make_connection: Any, graph: Any) -> None:
    connection, wire = make_connection()
    server = wire.answer = Server(wire, graph.reply)
    told = 0

    def before(places: Sequence[int]) -> None:
        nonlocal told
        told += len(places)
        if told > 60:
            raise RuntimeError("no more room in the book")

    with pytest.raises(RuntimeError, match="no more room"):
        write(connection, [op(number, BOXES[0]) for number in range(200)], before=before)
    assert server.made.total() <= 60
    assert connection.limiter.take(4) == 4, "every place is free again"


def test_what_cannot_be_written_down_after_ends_it_when_the_batches_at_work_are_back(
    make_connection: Any, graph: Any
) -> None:
    connection, wire = make_connection()
    server = wire.answer = Server(wire, graph.reply)

    def after(ended: Any) -> None:
        raise RuntimeError("overtaken")

    with pytest.raises(RuntimeError, match="overtaken"):
        write(connection, [op(number, BOXES[0]) for number in range(400)], after=after)
    assert server.made.total() < 400
    assert connection.limiter.take(4) == 4


@pytest.mark.parametrize("at_once", [1, 2, 3, 5, 8, 16])
def test_any_setting_of_how_much_at_once_is_kept(make_connection: Any, graph: Any, at_once: int) -> None:
    connection, wire = make_connection(at_once=at_once, at_once_a_mailbox=2)
    server = wire.answer = Server(wire, graph.reply)
    outcomes, _ = run(connection, [op(number, BOXES[number % 6]) for number in range(170)])
    assert {one.status for one in outcomes} == {"done"}
    assert server.most <= at_once
