"""A mail is drafted with our reference, sent once, and looked after when an answer is lost."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import requests

from bot.errors import Permanent, Temporary
from bot.outlook.connection import Connection
from bot.outlook.mail import LARGEST, Found, Message, Picture, draft, find_by_reference, send
from bot.outlook.wire import OWNER, OWNER_PROPERTY, REFERENCE_PROPERTY

SENDER = "visits@council.test"
MESSAGE = Message(
    to="w1@council.test",
    subject="Your visits this week",
    html='<p>Hello</p><img src="cid:chart">',
    text="Hello",
    pictures=(Picture("chart", b"\x89PNG"),),
    reply_to="team@council.test",
)


class Outgoing:
    """A sender's mailbox. ``spoil`` may replace an answer after the work was done."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.messages: dict[str, dict[str, Any]] = {}
        self.sent = 0
        self.spoil: Any = lambda request: None

    def __call__(self, request: Any) -> requests.Response:
        answer = self.carry_out(request)
        spoilt = self.spoil(request)
        return answer if spoilt is None else spoilt  # a refusal is false in itself

    def carry_out(self, request: Any) -> requests.Response:
        path = request.path.split("?")[0]
        if request.method == "POST" and path.endswith("/messages"):
            id_ = f"m{len(self.messages) + 1}"
            self.messages[id_] = {**request.body, "id": id_, "isDraft": True}
            return self.graph.reply(201, self.messages[id_])  # type: ignore[no-any-return]
        if path.endswith("/messages"):
            return self.graph.reply(200, {"value": list(self.messages.values())})  # type: ignore[no-any-return]
        id_ = path.removesuffix("/send").split("/")[-1]
        if id_ not in self.messages:
            return self.graph.refusal(404, "ErrorItemNotFound")  # type: ignore[no-any-return]
        if path.endswith("/send"):
            if not self.messages[id_]["isDraft"]:
                return self.graph.refusal(400, "ErrorInvalidOperation")  # type: ignore[no-any-return]
            self.messages[id_]["isDraft"] = False
            self.sent += 1
            return self.graph.reply(202)  # type: ignore[no-any-return]
        return self.graph.reply(200, self.messages[id_])  # type: ignore[no-any-return]


@pytest.fixture
def outgoing(wire: Any, graph: Any) -> Outgoing:
    box = Outgoing(graph)
    wire.answer = box
    return box


def test_a_draft_carries_one_recipient_the_reference_and_its_pictures_inline(
    connection: Connection, outgoing: Outgoing
) -> None:
    id_ = draft(connection, SENDER, MESSAGE, "ref-1").id
    body = outgoing.messages[id_]
    assert [to["emailAddress"]["address"] for to in body["toRecipients"]] == ["w1@council.test"]
    assert (body["ccRecipients"], body["bccRecipients"]) == ([], [])
    assert body["replyTo"][0]["emailAddress"]["address"] == "team@council.test"
    assert body["singleValueExtendedProperties"] == [
        {"id": OWNER_PROPERTY, "value": OWNER},
        {"id": REFERENCE_PROPERTY, "value": "ref-1"},
    ]
    assert body["body"]["contentType"].casefold() == "html"
    (picture,) = body["attachments"]
    assert (picture["isInline"], picture["contentId"]) == (True, "chart")
    assert base64.b64decode(picture["contentBytes"]) == b"\x89PNG"


def test_a_message_without_html_goes_as_plain_text(connection: Connection, outgoing: Outgoing) -> None:
    id_ = draft(connection, SENDER, Message("w1@council.test", "s", html="", text="Plain"), "ref-1").id
    assert outgoing.messages[id_]["body"] == {"contentType": "text", "content": "Plain"}


def test_a_draft_whose_answer_was_lost_is_found_by_its_reference(
    connection: Connection, outgoing: Outgoing, graph: Any
) -> None:
    outgoing.spoil = lambda request: graph.refusal(504, "X") if request.method == "POST" else None
    assert draft(connection, SENDER, MESSAGE, "ref-1").id == "m1"
    assert len(outgoing.messages) == 1


@pytest.mark.fact("sending-not-repeated-blindly")
def test_sending_whose_answer_was_lost_is_asked_after_by_id_and_not_repeated(
    connection: Connection, outgoing: Outgoing, wire: Any, graph: Any
) -> None:
    id_ = draft(connection, SENDER, MESSAGE, "ref-1").id
    outgoing.spoil = lambda request: graph.refusal(504, "X") if request.path.endswith("/send") else None
    send(connection, SENDER, id_)
    assert outgoing.sent == 1
    assert sum(asked.path.endswith("/send") for asked in wire.seen) == 1


def test_a_draft_that_did_not_go_is_temporary_and_stays_a_draft(
    connection: Connection, outgoing: Outgoing, wire: Any, graph: Any
) -> None:
    id_ = draft(connection, SENDER, MESSAGE, "ref-1").id
    wire.answer = lambda request: (
        graph.refusal(503, "X") if request.path.endswith("/send") else outgoing(request)
    )
    with pytest.raises(Temporary):
        send(connection, SENDER, id_)
    assert find_by_reference(connection, SENDER, "ref-1") == Found("draft", id_)


def test_the_same_draft_sent_again_goes_once(connection: Connection, outgoing: Outgoing) -> None:
    id_ = draft(connection, SENDER, MESSAGE, "ref-1").id
    send(connection, SENDER, id_)
    send(connection, SENDER, id_)
    assert outgoing.sent == 1


def test_a_draft_that_is_nowhere_is_told_not_written_anew(connection: Connection, outgoing: Outgoing) -> None:
    with pytest.raises(Permanent, match="neither among the drafts"):
        send(connection, SENDER, "m9")
    assert outgoing.messages == {}


def test_sent_outranks_a_second_draft_of_the_same_reference(
    connection: Connection, outgoing: Outgoing
) -> None:
    first = draft(connection, SENDER, MESSAGE, "ref-1").id
    draft(connection, SENDER, MESSAGE, "ref-1")
    send(connection, SENDER, first)
    assert find_by_reference(connection, SENDER, "ref-1") == Found("sent", first)


def test_nothing_of_the_reference_is_nothing(connection: Connection, outgoing: Outgoing) -> None:
    assert find_by_reference(connection, SENDER, "ref-1") is None


def test_pictures_too_large_for_one_call_are_refused_before_anything_is_sent(
    connection: Connection, outgoing: Outgoing, wire: Any
) -> None:
    huge = Message("w1@council.test", "s", "<p>", pictures=(Picture("c", b"x" * (LARGEST + 1)),))
    with pytest.raises(Permanent, match="smaller"):
        draft(connection, SENDER, huge, "ref-1")
    assert wire.seen == []


def test_a_sender_out_of_scope_is_told_with_the_mend(connection: Connection, wire: Any, graph: Any) -> None:
    wire.answer = lambda request: graph.refusal(403, "ErrorSendAsDenied")
    with pytest.raises(Permanent, match=r"mail\.sender"):
        send(connection, SENDER, "m1")
