"""Limits and permissions: what one application may do, how much at once, and where."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest


def _together(call: Any, how_many: int, who: list[str]) -> list[int]:
    """So many reads at the same moment; their statuses."""
    urls = [f"{call.running.graph_url}users/{who[n % len(who)]}/events" for n in range(how_many)]
    with ThreadPoolExecutor(how_many) as pool:
        return [answer.status_code for answer in pool.map(call.session.get, urls)]


@pytest.mark.fact("limit-at-once")
def test_a_fifth_at_once_is_throttled(stand_in: Any, words: Any) -> None:
    """Limits: 4 concurrent requests; a 429 says when to come again."""
    call = stand_in(request_ms=300)
    assert sorted(_together(call, 5, [words.worker, words.colleague])) == [200, 200, 200, 200, 429]
    assert call.control("GET", "record").json()["most_at_work"] == 4


@pytest.mark.fact("limit-at-once-whose")
def test_whether_four_is_for_the_app_or_for_each_mailbox_is_a_setting(stand_in: Any, words: Any) -> None:
    """Limits: the documents disagree whether per mailbox or per app."""
    call = stand_in(request_ms=300, at_once_per="mailbox")
    assert _together(call, 8, [words.worker, words.colleague]) == [200] * 8


@pytest.mark.fact("limit-requests", "limit-refused-count")
def test_ten_minutes_hold_so_many_requests_a_mailbox_and_refused_ones_count(
    stand_in: Any, words: Any
) -> None:
    """Limits: 10,000 requests in 10 minutes per app and mailbox; throttled calls count too."""
    call = stand_in(requests_per_ten_minutes=3)
    assert [call("GET", f"users/{words.worker}/events").status_code for _ in range(5)] == [200] * 3 + [
        429
    ] * 2
    late = call("GET", f"users/{words.worker}/events")
    assert 0 < int(late.headers["Retry-After"]) <= 600
    assert call("GET", f"users/{words.colleague}/events").status_code == 200


def test_work_takes_as_long_as_it_is_told_to(stand_in: Any, words: Any) -> None:
    """Speed measured: so long a request, and so long an item, four at a time."""
    call = stand_in(request_ms=40, item_ms=30)
    items = [{"id": str(n), "method": "GET", "url": f"/users/{words.worker}"} for n in range(8)]
    for do, least in (
        (lambda: call("GET", "users"), 0.04),
        (lambda: call("POST", "$batch", {"requests": items}), 0.04 + 2 * 0.03),
    ):
        began = time.perf_counter()
        assert do().status_code == 200
        assert time.perf_counter() - began >= least


@pytest.mark.parametrize(
    ("grants", "verb", "path", "status"),
    [
        ({"Calendars.Read": None}, "GET", "users/{who}/events", 200),
        ({"Calendars.Read": None}, "POST", "users/{who}/events", 403),
        ({"Calendars.ReadWrite": None}, "POST", "users/{who}/events", 201),
        ({"Calendars.ReadWrite": None}, "GET", "users/{who}/outlook/masterCategories", 403),
        ({"MailboxSettings.Read": None}, "GET", "users/{who}/outlook/masterCategories", 200),
        ({"MailboxSettings.Read": None}, "POST", "users/{who}/outlook/masterCategories", 403),
        ({"Mail.ReadWrite": None}, "POST", "users/{who}/sendMail", 403),
        ({"Mail.Send": None}, "POST", "users/{who}/sendMail", 202),
        ({"Mail.Send": None}, "POST", "users/{who}/messages", 403),
        ({"Calendars.ReadWrite": None}, "GET", "users/{who}", 403),
    ],
)
@pytest.mark.fact("categories-permission")
def test_a_permission_opens_its_own_doors(
    stand_in: Any, words: Any, grants: dict[str, None], verb: str, path: str, status: int
) -> None:
    call = stand_in(grants=grants)
    bodies = {
        "events": words.event(),
        "masterCategories": {"displayName": "x"},
        "messages": {"subject": "x"},
        "sendMail": {"message": {"toRecipients": [{"emailAddress": {"address": words.worker}}]}},
    }
    body = bodies.get(path.rsplit("/", 1)[-1]) if verb == "POST" else None
    answer = call(verb, path.format(who=words.worker), body)
    assert answer.status_code == status, answer.text
    if status == 403:
        wanted = "Authorization_RequestDenied" if path == "users/{who}" else "ErrorAccessDenied"
        assert answer.json()["error"]["code"] == wanted


@pytest.mark.fact("scope-denied")
def test_a_mailbox_out_of_scope_is_denied_however_it_is_named(stand_in: Any, words: Any) -> None:
    """Scope: a mailbox out of scope answers 403 ErrorAccessDenied."""
    scope = frozenset({words.worker.upper()})
    call = stand_in(grants={"Calendars.ReadWrite": scope, "User.Read.All": None})
    call.made(words.event())
    other = call.running.tenant.user(words.colleague)["id"]
    for name in (words.colleague, other):
        assert call.refused("POST", f"users/{name}/events", words.event()) == (403, "ErrorAccessDenied")
    items = [
        {"id": name, "method": "GET", "url": f"/users/{name}/events"}
        for name in (words.worker, words.colleague)
    ]
    found = call("POST", "$batch", {"requests": items}).json()["responses"]
    assert {one["id"]: one["status"] for one in found} == {words.worker: 200, words.colleague: 403}


@pytest.mark.fact("grants-add-up")
def test_grants_add_up(stand_in: Any, words: Any) -> None:
    """Scope: the tenant-wide grant of the same kind must go, because grants add up."""
    call = stand_in(grants={"Calendars.ReadWrite": frozenset({words.worker}), "Calendars.Read": None})
    assert call("GET", f"users/{words.colleague}/events").status_code == 200
    assert call("POST", f"users/{words.colleague}/events", words.event()).status_code == 403
