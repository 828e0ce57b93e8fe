"""Mail and categories over real HTTP: each mail goes once, each colour is the guide's or its owner's own."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import Permanent, Temporary
from bot.outlook.answer import Ask
from bot.outlook.connection import Connection
from bot.outlook.mail import (
    Found,
    Message,
    Picture,
    Throttled,
    draft,
    find_by_id,
    find_by_reference,
    send,
)
from bot.outlook.people import ensure_categories, ensure_categories_in, mailbox_exists

SENDER, BOX = "visits@council.test", "w1@council.test"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MESSAGE = Message(
    to=BOX,
    subject="Your visits this week",
    html='<html><body><p>Hello</p><img src="cid:chart" alt="chart"></body></html>',
    text="Hello",
    pictures=(Picture("chart", PNG),),
    reply_to="w2@council.test",
)
WANTED = {"Visit": "yellow", "CP visit": "red", "Type up": "orange", "Minutes": "blue"}


def inbox(cloud: Any, box: str = BOX) -> list[dict[str, Any]]:
    return list(cloud.running.tenant.messages(box, "inbox"))


def test_a_mail_arrives_once_with_its_picture_and_its_reply_address(cloud: Any) -> None:
    connection = cloud.connect()
    id_ = draft(connection, SENDER, MESSAGE, "ref-1").id
    assert inbox(cloud) == []
    assert find_by_reference(connection, SENDER, "ref-1") == Found("draft", id_)
    send(connection, SENDER, id_)
    (mail,) = inbox(cloud)
    assert (mail["subject"], mail["replyTo"][0]["emailAddress"]["address"]) == (
        "Your visits this week",
        "w2@council.test",
    )
    (picture,) = mail["attachments"]
    assert (picture["contentId"], picture["isInline"]) == ("chart", True)
    assert picture["contentType"] == "image/png", "no reader shows an unknown type inline"
    assert base64.b64decode(picture["contentBytes"]) == PNG
    assert find_by_reference(connection, SENDER, "ref-1") == Found("sent", id_)
    assert find_by_id(connection, SENDER, id_) == Found("sent", id_)
    assert find_by_reference(connection, SENDER, "ref-2") is None


def test_a_plain_text_mail_goes_as_plain_text(cloud: Any) -> None:
    connection = cloud.connect()
    send(connection, SENDER, draft(connection, SENDER, Message(BOX, "s", html="", text="Plain"), "ref-1").id)
    assert 'class="PlainText">Plain<' in inbox(cloud)[0]["body"]["content"]  # as Exchange shows plain text


def test_the_same_draft_sent_twice_arrives_once(cloud: Any) -> None:
    connection = cloud.connect()
    id_ = draft(connection, SENDER, MESSAGE, "ref-1").id
    send(connection, SENDER, id_)
    send(connection, SENDER, id_)
    assert len(inbox(cloud)) == 1


@pytest.mark.parametrize("fault", ["reset_done", "504_done", "500_done", "cut"])
def test_a_lost_answer_neither_doubles_the_draft_nor_the_mail(cloud: Any, fault: str) -> None:
    connection = cloud.connect()
    cloud.spoil(do=fault, verb="POST", mailbox=SENDER)
    id_ = draft(connection, SENDER, MESSAGE, "ref-1").id
    assert len(cloud.running.tenant.messages(SENDER, "drafts")) == 1
    cloud.mend()
    cloud.spoil(do=fault, verb="POST", mailbox=SENDER)
    send(connection, SENDER, id_)
    assert len(inbox(cloud)) == 1


@pytest.mark.parametrize("fault", ["reset", "503", "504"])
def test_a_mail_that_did_not_go_stays_a_draft_and_goes_later(cloud: Any, fault: str) -> None:
    connection = cloud.connect()
    id_ = draft(connection, SENDER, MESSAGE, "ref-1").id
    cloud.spoil(do=fault, verb="POST", path="/send")
    with pytest.raises(Temporary):
        send(connection, SENDER, id_)
    assert inbox(cloud) == []
    assert find_by_reference(connection, SENDER, "ref-1") == Found("draft", id_)
    send(connection, SENDER, id_)
    assert len(inbox(cloud)) == 1


def test_a_sender_over_its_minute_is_told_how_long_and_goes_on_after_it(
    start_cloud: Callable[..., Any],
) -> None:
    cloud = start_cloud(messages_per_minute=1)
    connection = cloud.connect()
    send(connection, SENDER, draft(connection, SENDER, MESSAGE, "ref-1").id)
    second = draft(connection, SENDER, MESSAGE, "ref-2").id
    with pytest.raises(Throttled, match="slow down") as caught:
        send(connection, SENDER, second)
    assert caught.value.retry_at is not None
    assert cloud.slept == [], "another sender may have its turn meanwhile"
    assert 0 < connection.waits.left(SENDER) <= 60
    send(connection, SENDER, second)
    assert len(cloud.slept) == 1, "whoever asks all the same waits as long as told"
    assert len(inbox(cloud)) == 2
    assert cloud.ask("GET", "record")["came_too_early"] == 0


def test_who_does_not_wait_as_told_is_told_longer_and_sends_nothing(start_cloud: Callable[..., Any]) -> None:
    cloud = start_cloud(messages_per_minute=1)
    asleep: list[float] = []
    connection = cloud.connect(sleep=asleep.append)  # says that it slept, and did not
    send(connection, SENDER, draft(connection, SENDER, MESSAGE, "ref-1").id)
    second = draft(connection, SENDER, MESSAGE, "ref-2").id
    told: list[float] = []
    for _ in range(3):
        with pytest.raises(Temporary, match="slow down"):
            send(connection, SENDER, second)
        told.append(connection.waits.left(SENDER))
    assert told == sorted(told), "each time longer"
    assert told[-1] > told[0]
    assert len(inbox(cloud)) == 1


def test_a_sender_out_of_scope_is_told_with_the_mend(start_cloud: Callable[..., Any]) -> None:
    cloud = start_cloud(grants={"Mail.ReadWrite": frozenset({BOX}), "Mail.Send": frozenset({BOX})})
    with pytest.raises(Permanent, match="app's scope"):
        draft(cloud.connect(), SENDER, MESSAGE, "ref-1")


def colours(cloud: Any) -> dict[str, str]:
    return {one["displayName"]: one["color"] for one in cloud.running.tenant.categories(BOX)}


def test_the_guides_colours_are_made_once(cloud: Any) -> None:
    connection = cloud.connect()
    assert ensure_categories(connection, BOX, WANTED).made == tuple(WANTED)
    assert {name: colours(cloud)[name] for name in WANTED} == {
        "Visit": "preset3",
        "CP visit": "preset0",
        "Type up": "preset1",
        "Minutes": "preset7",
    }
    cloud.forget()
    again = ensure_categories(connection, BOX, WANTED)
    assert (again.made, again.present, again.other_colour) == ((), tuple(WANTED), ())
    assert cloud.writes == 0


def test_a_colour_its_owner_chose_is_left_alone(cloud: Any) -> None:
    connection = cloud.connect()
    make_category(connection, "VISIT", "preset9")
    make_category(connection, "Minutes", "none")
    done = ensure_categories(connection, BOX, WANTED)
    assert done.other_colour == ("Visit", "Minutes")
    assert colours(cloud)["VISIT"] == "preset9"


def make_category(connection: Connection, name: str, colour: str) -> None:
    body = {"displayName": name, "color": colour}
    assert connection.ask(Ask("POST", f"/users/{BOX}/outlook/masterCategories", body)).good


def test_a_mailbox_that_closed_is_not_there_and_its_categories_are_its_own_trouble(
    cloud: Any, boxes: tuple[str, ...]
) -> None:
    cloud.ask("POST", f"mailboxes/{BOX}", {"gone": True})
    connection = cloud.connect()
    assert not mailbox_exists(connection, BOX)
    assert not mailbox_exists(connection, "nobody@council.test")
    assert mailbox_exists(connection, boxes[1])
    done = ensure_categories_in(connection, boxes[:3], WANTED)
    assert [isinstance(done[box], Permanent) for box in boxes[:3]] == [True, False, False]
