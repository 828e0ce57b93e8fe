"""Lists: filters on extended properties, windows, pages, and what Graph refuses to be asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest


def _listed(call: Any, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    following: str | None = path
    while following:
        page = call("GET", following).json()
        found += page["value"]
        following = page.get("@odata.nextLink")
    return found


@pytest.fixture
def filled(call: Any, words: Any) -> Any:
    for n in range(7):
        call.made(words.event(f"Ours {n}", singleValueExtendedProperties=words.tagged("b07", f"k{n}")))
    call.made(words.event("Their own"))
    call.made(words.event("Another bot's", singleValueExtendedProperties=words.tagged("other", "k1")))
    return call


def _url(words: Any, condition: str, **more: str) -> str:
    options = {"$filter": condition} | {f"${name}": value for name, value in more.items()}
    query = "&".join(f"{name}={quote(value)}" for name, value in options.items())
    return f"users/{words.worker}/events?{query}"


@pytest.mark.fact("property-filter", "property-expand")
def test_only_ours_come_back_by_the_owner_property(filled: Any, words: Any) -> None:
    """Extended properties: a filter on id and value; $expand with a filter on id reads one."""
    expand = f"singleValueExtendedProperties($filter=id eq '{words.key}')"
    found = _listed(filled, _url(words, words.owned_by("b07"), expand=expand, top="3"))
    assert [one["subject"] for one in found] == [f"Ours {n}" for n in range(7)]
    assert [one["singleValueExtendedProperties"] for one in found] == [
        [{"id": words.key, "value": f"k{n}"}] for n in range(7)
    ]
    both = f"singleValueExtendedProperties($filter=id eq '{words.owner}' or id eq '{words.key}')"
    one = _listed(filled, _url(words, words.owned_by("b07"), expand=both))[0]
    assert one["singleValueExtendedProperties"] == words.tagged("b07", "k0")


@pytest.mark.fact("property-values-caseless")
def test_property_values_compare_without_case(filled: Any, words: Any) -> None:
    """Reading ours back: property values compare without regard to case."""
    assert len(_listed(filled, _url(words, words.owned_by("B07")))) == 7


def test_two_properties_can_be_asked_for_at_once(filled: Any, words: Any) -> None:
    key = f"singleValueExtendedProperties/any(ep: ep/id eq '{words.key}' and ep/value eq 'k1')"
    found = _listed(filled, _url(words, f"{words.owned_by('b07')} and {key}"))
    assert [one["subject"] for one in found] == ["Ours 1"]


@pytest.mark.parametrize(
    "inner",
    [
        "ep/id eq '{key}'",
        "ep/value eq 'k1'",
        "ep/id eq '{key}' and ep/value ne 'k1'",
        "ep/id eq '{key}' or ep/value eq 'k1'",
    ],
)
@pytest.mark.fact("property-filter-needs-value")
def test_a_filter_on_an_extended_property_needs_a_value(filled: Any, words: Any, inner: str) -> None:
    """Reading ours back: a filter needs a value, with eq."""
    condition = f"singleValueExtendedProperties/any(ep: {inner.format(key=words.key)})"
    assert filled.refused("GET", _url(words, condition)) == (400, "ErrorInvalidUrlQueryFilter")


def test_a_property_is_changed_and_taken_away_with_the_index(filled: Any, words: Any) -> None:
    one, two, *_ = _listed(filled, _url(words, words.owned_by("b07")))
    path = f"users/{words.worker}/events/"
    filled("PATCH", path + one["id"], {"singleValueExtendedProperties": [{"id": words.owner, "value": "x"}]})
    filled("PATCH", path + two["id"], {"singleValueExtendedProperties": [{"id": words.owner, "value": None}]})
    assert len(_listed(filled, _url(words, words.owned_by("b07")))) == 5
    assert [e["subject"] for e in _listed(filled, _url(words, words.owned_by("x")))] == ["Ours 0"]


def test_a_list_comes_in_pages_of_ten(call: Any, words: Any) -> None:
    for n in range(23):
        call.made(words.event(f"E{n}"))
    first = call("GET", f"users/{words.worker}/events").json()
    assert len(first["value"]) == 10
    assert first["@odata.nextLink"].startswith(call.running.graph_url)
    assert [one["subject"] for one in _listed(call, f"users/{words.worker}/events")] == [
        f"E{n}" for n in range(23)
    ]
    smaller = call("GET", f"users/{words.worker}/events", headers={"Prefer": "odata.maxpagesize=4"}).json()
    assert len(smaller["value"]) == 4
    counted = call("GET", f"users/{words.worker}/events?$count=true&$top=2").json()
    assert (counted["@odata.count"], len(counted["value"])) == (23, 2)


def test_only_what_is_selected_comes_with_its_id(call: Any, words: Any) -> None:
    made = call.made(words.event())
    read = call("GET", f"users/{words.worker}/events/{made['id']}?$select=subject,start").json()
    assert set(read) == {"@odata.context", "@odata.etag", "id", "subject", "start"}


def test_events_are_sorted_and_filtered_by_their_times(call: Any, words: Any) -> None:
    for day in ("03", "01", "02"):
        sides = {
            side: {"dateTime": f"2026-12-{day}T{hour}:00:00", "timeZone": "UTC"}
            for side, hour in (("start", "09"), ("end", "10"))
        }
        call.made(words.event(day, **sides))
    path = f"users/{words.worker}/events?$orderby=start/dateTime"
    assert [one["subject"] for one in _listed(call, path)] == ["01", "02", "03"]
    assert [one["subject"] for one in _listed(call, f"{path} desc")] == ["03", "02", "01"]
    after = _url(words, "start/dateTime ge '2026-12-02T00:00:00' and not startswith(subject,'03')")
    assert [one["subject"] for one in _listed(call, after)] == ["02"]


def test_the_calendar_view_needs_a_window_and_ends_before_its_end(call: Any, words: Any) -> None:
    """calendarView: a window, end exclusive."""
    call.made(words.event("Nine to quarter past"))
    path = f"users/{words.worker}/calendarView"
    assert call.refused("GET", path) == (400, "ErrorInvalidParameter")
    for start, end, seen in (
        ("2026-12-04T08:00:00Z", "2026-12-04T09:00:00Z", 0),
        ("2026-12-04T09:14:00Z", "2026-12-04T10:00:00Z", 1),
        ("2026-12-04T09:15:00Z", "2026-12-04T10:00:00Z", 0),
    ):
        assert len(_listed(call, f"{path}?startDateTime={start}&endDateTime={end}")) == seen


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$select=colour", "RequestBroker--ParseUri"),
        ("$filter=colour eq 'red'", "RequestBroker--ParseUri"),
        ("$filter=subject eq", "BadRequest"),
        ("$filter=subject like 'x'", "BadRequest"),
        ("$filter=body/content eq 'x'", "ErrorInvalidUrlQueryFilter"),
        ("$orderby=colour", "RequestBroker--ParseUri"),
        ("$expand=colour", "RequestBroker--ParseUri"),
        ("$expand=singleValueExtendedProperties", "ErrorInvalidUrlQuery"),
        ("$top=1001", "ErrorInvalidUrlQuery"),
        ("$top=many", "BadRequest"),
        ("$search=x", "BadRequest"),
        ("$foo=x", "BadRequest"),
        ("$top=1&$top=2", "BadRequest"),
    ],
)
def test_what_graph_would_not_understand_is_refused(call: Any, words: Any, query: str, code: str) -> None:
    assert call.refused("GET", f"users/{words.worker}/events?{query}") == (400, code)


@pytest.mark.parametrize(
    ("verb", "path", "expected"),
    [
        ("GET", "users/{who}/eventz", (400, "BadRequest")),
        ("GET", "me/events", (400, "BadRequest")),
        ("PATCH", "users/{who}/events", (405, "Request_BadRequest")),
        ("GET", "users/nobody@council.example/events", (404, "ErrorInvalidUser")),
        ("GET", "users/nobody@council.example", (404, "Request_ResourceNotFound")),
    ],
)
def test_paths_that_lead_nowhere_say_so(
    call: Any, words: Any, verb: str, path: str, expected: tuple[int, str]
) -> None:
    assert call.refused(verb, path.format(who=words.worker), {} if verb == "PATCH" else None) == expected
