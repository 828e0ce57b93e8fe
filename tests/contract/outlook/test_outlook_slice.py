"""What the bot sends, against Microsoft's own description of it, where that lies beside this checkout."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.outlook.answer import Ask
from bot.outlook.batch import as_request
from bot.outlook.connection import connect
from bot.outlook.credential import Secret
from bot.outlook.event import Draft
from bot.outlook.mail import Message, Picture, _body
from bot.outlook.wire import to_change, to_create, to_release

SLICE = Path(__file__).parents[4] / "shared" / "graph" / "graph-slice.json"

Check = Callable[[str, Any], None]


@pytest.fixture(scope="module")
def check() -> Check:
    """Hold a value against the description's schema of that name."""
    if not SLICE.exists():
        pytest.skip(
            "Graph's own description (shared/graph/graph-slice.json) does not lie beside this checkout: "
            "what the bot sends is not held against it"
        )
    components = json.loads(SLICE.read_text())["components"]

    def against(name: str, value: Any) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": components}
        Draft202012Validator(schema).validate(value)

    return against


@pytest.mark.fact("bot-keeps-the-contract")
def test_an_entry_made_changed_and_released_is_an_event(a_draft: Callable[..., Draft], check: Check) -> None:
    silent = a_draft(alarm_minutes=None, all_day=True, starts=datetime(2026, 7, 3), ends=datetime(2026, 7, 4))
    for body in (
        to_create(a_draft(), "t1"),
        to_change(a_draft()),
        to_change(silent),
        to_release(("A",)),
        to_release(None),
    ):
        check("microsoft.graph.event", body)


@pytest.mark.fact("bot-keeps-the-contract")
def test_a_mail_is_a_message(check: Check) -> None:
    connection = connect(tenant_id="t", client_id="c", credential=Secret("s"))
    message = Message("w1@council.test", "s", "<p>", "t", (Picture("c", b"x"),), "w2@council.test")
    check("microsoft.graph.message", _body(connection, "visits@council.test", message, "ref-1"))


@pytest.mark.fact("bot-keeps-the-contract")
def test_a_category_is_one_and_a_batch_is_one(a_draft: Callable[..., Draft], check: Check) -> None:
    check("microsoft.graph.outlookCategory", {"displayName": "Visit", "color": "preset3"})
    asks = [
        Ask("POST", "/users/w1@council.test/events", to_create(a_draft(), "t1")),
        Ask("DELETE", "/users/w1@council.test/events/1", headers={"If-Match": 'W/"1"'}),
    ]
    check("batchRequest", as_request(asks, chained=True).body)
    check("batchRequest", as_request(asks, chained=False).body)
