"""The guide's colours are made where they lack, and a person's own choice is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import BotError, Permanent, Temporary
from bot.outlook.connection import Connection
from bot.outlook.people import CategoriesMade, ensure_categories, ensure_categories_in, mailbox_exists, preset

WANTED = {"Visit": "yellow", "CP visit": "red", "Type up": "orange", "Minutes": "blue"}


class Masters:
    def __init__(self, *present: tuple[str, str]) -> None:
        self.present = [{"id": name, "displayName": name, "color": colour} for name, colour in present]
        self.posted: list[dict[str, str]] = []

    def __call__(self, item: dict[str, Any]) -> tuple[int, Any]:
        if "gone@" in item["url"]:
            return 404, {"error": {"code": "MailboxNotEnabledForRESTAPI"}}
        if item["method"] == "GET":
            return 200, {"value": self.present}
        self.posted.append(item["body"])
        return 201, {"id": "x", **item["body"]}


def test_missing_categories_are_made_in_the_guides_colours(
    connection: Connection, wire: Any, graph: Any
) -> None:
    masters = Masters(("visit", "preset3"))
    wire.answer = graph.batch(masters)
    done = ensure_categories(connection, "w1@council.test", WANTED)
    assert done == CategoriesMade(("CP visit", "Type up", "Minutes"), ("Visit",), ())
    assert [(c["displayName"], c["color"]) for c in masters.posted] == [
        ("CP visit", "preset0"),
        ("Type up", "preset1"),
        ("Minutes", "preset7"),
    ]


@pytest.mark.parametrize("theirs", ["preset9", "none"])
def test_a_colour_somebody_chose_is_left_alone_and_told(
    connection: Connection, wire: Any, graph: Any, theirs: str
) -> None:
    masters = Masters(*[(name, theirs) for name in WANTED])
    wire.answer = graph.batch(masters)
    done = ensure_categories(connection, "w1@council.test", WANTED)
    assert done.other_colour == tuple(WANTED)
    assert masters.posted == []


def test_a_category_somebody_made_meanwhile_is_there(connection: Connection, wire: Any, graph: Any) -> None:
    wire.answer = graph.batch(
        lambda item: (200, {"value": []}) if item["method"] == "GET" else (409, {"error": {"code": "X"}})
    )
    done = ensure_categories(connection, "w1@council.test", {"Visit": "yellow"})
    assert (done.made, done.present) == ((), ("Visit",))


def test_many_mailboxes_are_seen_to_together_and_ones_error_is_its_own(
    connection: Connection, wire: Any, graph: Any
) -> None:
    wire.answer = graph.batch(Masters())
    boxes = [f"w{n}@council.test" for n in range(4)] + ["gone@council.test"]
    done = ensure_categories_in(connection, boxes, WANTED)
    assert isinstance(done["gone@council.test"], Permanent)
    assert sum(not isinstance(one, BotError) for one in done.values()) == 4
    assert len(wire.seen) == 5  # one reading, then a category of each at a time


def test_a_list_that_cannot_be_understood_makes_nothing(
    connection: Connection, wire: Any, graph: Any
) -> None:
    wire.answer = graph.batch(lambda item: (200, {}))
    with pytest.raises(Temporary):
        ensure_categories(connection, "w1@council.test", WANTED)
    assert len(wire.seen) == 1


def test_a_colour_outlook_does_not_have_is_refused_with_those_it_has() -> None:
    assert preset("Dark Grey") == "preset13"
    assert preset("preset3") == "preset3"
    with pytest.raises(Permanent, match="yellow"):
        preset("magnolia")


def test_a_mailbox_that_is_not_there_is_told_from_one_out_of_scope(
    connection: Connection, wire: Any, graph: Any
) -> None:
    wire.answer = lambda request: graph.reply(200, {"value": []})
    assert mailbox_exists(connection, "w1@council.test")
    wire.answer = lambda request: graph.refusal(404, "ErrorInvalidUser")
    assert not mailbox_exists(connection, "w1@council.test")
    wire.answer = lambda request: graph.refusal(403, "ErrorAccessDenied")
    with pytest.raises(Permanent, match="management scope"):
        mailbox_exists(connection, "w1@council.test")
