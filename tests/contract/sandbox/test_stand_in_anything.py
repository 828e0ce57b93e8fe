"""Whatever is asked, the stand-in answers in Graph's way: it never fails itself."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.sandbox.graph.service import Graph
from bot.sandbox.graph.wire import GraphRequest
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Clock, Person, Tenant
from bot.sandbox.tenant.resources import EVENT, MESSAGE, SETTINGS

WHO = "ann@council.example"
TAG = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Owner"

GOOD = {
    "start": {"dateTime": "2026-12-04T09:00:00", "timeZone": "Europe/London"},
    "end": {"dateTime": "2026-12-04T09:15:00", "timeZone": "Europe/London"},
}
ADDRESSED = {"toRecipients": [{"emailAddress": {"address": WHO}}]}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
zones = st.sampled_from(["UTC", "Europe/London", "GMT Standard Time", "Nowhere", "", "../etc", "\x00"])
moments = st.datetimes().map(datetime.isoformat) | st.sampled_from(["2026-12-04", "0001-01-01T00:00:00", "x"])
points = st.fixed_dictionaries({}, optional={"dateTime": moments, "timeZone": zones}) | json_values
tags = st.lists(
    st.fixed_dictionaries({}, optional={"id": st.just(TAG) | json_values, "value": json_values}), max_size=2
)


def bodies(*names: str) -> st.SearchStrategy[Any]:
    known = dict.fromkeys(names, json_values)
    known |= {name: points for name in names if name in ("start", "end")}
    known |= {name: tags for name in names if name == "singleValueExtendedProperties"}
    return st.dictionaries(st.sampled_from(names), st.none(), max_size=6).flatmap(
        lambda chosen: st.fixed_dictionaries({name: known[name] for name in chosen})
    )


timed = st.fixed_dictionaries({"start": points, "end": points}, optional={"isAllDay": st.booleans()})
words = st.sampled_from(
    (
        *(
            "subject",
            "start/dateTime",
            "isRead",
            "eq",
            "ge",
            "and",
            "or",
            "not",
            "(",
            ")",
            "'x'",
            "''",
            "null",
        ),
        *(
            "startswith",
            ",",
            "3",
            "2026-01-01",
            f"singleValueExtendedProperties/any(e:e/id eq '{TAG}')",
            "'",
            ":",
        ),
    )
)
sentences = st.lists(words, max_size=7).map(" ".join) | st.text(max_size=12)
# Good in all but what is said on top of it, so that what is said is looked at.
nearly_good = bodies(*EVENT.properties).map(lambda more: GOOD | more)
nearly_sent = bodies(*MESSAGE.properties).map(lambda more: ADDRESSED | more)
options = st.sampled_from(
    ["$filter", "$orderby", "$select", "$expand", "$top", "$skip", "$count", "startDateTime"]
)
queries = st.dictionaries(options, sentences | st.integers(-2, 2000).map(str), max_size=3).map(
    lambda found: "&".join(f"{name}={quote(value)}" for name, value in found.items())
)


def _statuses(*requests: GraphRequest) -> list[int]:
    tenant = Tenant([Person(WHO, "Ann Bee")], clock=Clock())
    graph = Graph(tenant, SandboxSettings())

    async def ask() -> list[int]:
        return [(await graph.answer(request)).status for request in requests]

    # In a thread of its own: a browser of other tests may keep a loop running in this one.
    with ThreadPoolExecutor(1) as apart:
        found = apart.submit(asyncio.run, ask()).result()
    tenant.events_between(WHO, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    return found


def _ask(verb: str, path: str, body: Any = None, query: str = "", prefer: str = "") -> GraphRequest:
    return GraphRequest(verb, f"users/{WHO}/{path}", query, {"prefer": prefer}, body, "https://h/v1.0/")


@settings(max_examples=150)
@given(nearly_good | timed | json_values, queries)
def test_any_event_is_taken_or_refused(body: Any, query: str) -> None:
    found = _statuses(_ask("POST", "events", body), _ask("GET", "events", query=query))
    assert 500 not in found


@settings(max_examples=100)
@given(nearly_sent | json_values, queries)
@example(ADDRESSED | {"attachments": [None]}, "")
@example(ADDRESSED | {"internetMessageHeaders": [None]}, "")
def test_any_message_is_taken_or_refused(body: Any, query: str) -> None:
    found = _statuses(
        _ask("POST", "messages", body),
        _ask("POST", "sendMail", {"message": body}),
        _ask("POST", "mailFolders/inbox/messages", body),
        _ask("GET", "messages", query=query),
    )
    assert 500 not in found


@settings(max_examples=100)
@given(bodies(*SETTINGS.properties) | json_values, json_values, queries, zones)
def test_any_other_request_is_answered(body: Any, other: Any, query: str, zone: str) -> None:
    prefer = f'outlook.timezone="{zone}"'
    found = _statuses(
        _ask("PATCH", "mailboxSettings", body),
        _ask("GET", "mailboxSettings"),
        _ask("POST", "outlook/masterCategories", other),
        _ask("GET", "outlook/masterCategories", query=query),
        _ask("POST", "calendar/getSchedule", other),
        _ask("GET", "calendarView", query=query, prefer=prefer),
        _ask("POST", "messages/AAMkAGthisoneisnothere/move", other),
    )
    assert 500 not in found


@given(st.text(max_size=30))
def test_any_path_is_answered(path: str) -> None:
    assert 500 not in _statuses(_ask("GET", path), _ask("PUT", quote(path), {}))
