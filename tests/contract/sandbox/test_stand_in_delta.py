"""calendarView/delta: a first round of all there is, then what changed, until the token is too old."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.sandbox.tenant import departures

WINDOW = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2026-12-08T00:00:00Z"


def _at(day: int, hour: int = 9) -> dict[str, Any]:
    return {
        side: {"dateTime": f"2026-12-{day:02}T{hour + n:02}:00:00", "timeZone": "UTC"}
        for n, side in enumerate(("start", "end"))
    }


def _round(call: Any, url: str, size: int = 100) -> tuple[list[dict[str, Any]], str]:
    """All pages of one round, and the link to the next."""
    found: list[dict[str, Any]] = []
    while True:
        answer = call("GET", url, headers={"Prefer": f"odata.maxpagesize={size}"})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["value"]) <= size
        assert ("@odata.nextLink" in page) != ("@odata.deltaLink" in page)
        found += page["value"]
        if "@odata.deltaLink" in page:
            assert "$deltatoken=" in page["@odata.deltaLink"]
            return found, page["@odata.deltaLink"]
        url = page["@odata.nextLink"]
        assert "$skiptoken=" in url


@pytest.fixture
def url(words: Any) -> str:
    return f"users/{words.worker}/calendarView/delta?{WINDOW}"


def test_the_first_round_tells_all_in_the_window_page_by_page(call: Any, words: Any, url: str) -> None:
    """calendarView/delta: primary calendar; window fixed in the token."""
    for day in (1, 3, 5, 7, 8, 20):
        call.made(words.event(f"Day {day}", **_at(day)))
    answer = call("GET", url, headers={"Prefer": "odata.maxpagesize=3"})
    assert "odata.track-changes" in answer.headers["Preference-Applied"]
    found, link = _round(call, url, 3)
    assert sorted(one["subject"] for one in found) == ["Day 1", "Day 3", "Day 5", "Day 7"]
    assert _round(call, link)[0] == []


def test_a_later_round_tells_what_is_new_changed_moved_away_or_deleted(
    call: Any, words: Any, url: str
) -> None:
    """calendarView/delta: leaving the window shows as `@removed`."""
    made = {day: call.made(words.event(f"Day {day}", **_at(day))) for day in (1, 2, 3, 4, 20)}
    path = f"users/{words.worker}/events/"
    link = _round(call, url)[1]
    call.made(words.event("New", **_at(6)))
    call("PATCH", path + made[1]["id"], {"subject": "Changed"})
    call("PATCH", path + made[2]["id"], _at(22))
    call("DELETE", path + made[3]["id"])
    call("PATCH", path + made[20]["id"], _at(7))
    call.made(words.event("Elsewhere", **_at(28)))
    found, following = _round(call, link, 2)
    gone = {one["id"]: one["@removed"]["reason"] for one in found if "@removed" in one}
    assert gone == {made[2]["id"]: "changed", made[3]["id"]: "deleted"}
    assert sorted(one["subject"] for one in found if "@removed" not in one) == ["Changed", "Day 20", "New"]
    assert _round(call, following)[0] == []
    assert _round(call, link)[0] == found  # the same link may be followed again


def test_immutable_ids_are_told_where_they_are_asked_for(call: Any, words: Any, url: str) -> None:
    made = call.made(words.event(**_at(3)), headers={"Prefer": 'IdType="ImmutableId"'})
    link = _round(call, url)[1]
    call("DELETE", f"users/{words.worker}/events/{made['id']}")
    (gone,) = call("GET", link, headers={"Prefer": 'IdType="ImmutableId"'}).json()["value"]
    assert gone["id"] == made["id"]


def test_of_a_series_the_occurrences_are_told_and_taken_back(call: Any, words: Any, url: str) -> None:
    daily = {
        "pattern": {"type": "daily", "interval": 1},
        "range": {"type": "endDate", "startDate": "2026-12-06", "endDate": "2026-12-12"},
    }
    made = call.made(words.event("Daily", recurrence=daily, **_at(6)))
    found, link = _round(call, url)
    assert sorted((one["type"], one["start"]["dateTime"][:10]) for one in found) == [
        ("occurrence", "2026-12-06"),
        ("occurrence", "2026-12-07"),
        ("seriesMaster", "2026-12-06"),
    ]
    assert {one["seriesMasterId"] for one in found if one["type"] == "occurrence"} == {made["id"]}
    (sunday,) = (one for one in found if one["start"]["dateTime"] > "2026-12-07")
    call("DELETE", f"users/{words.worker}/events/{sunday['id']}")
    told, link = _round(call, link)
    assert [one["id"] for one in told if "@removed" in one] == [sunday["id"]]
    call("DELETE", f"users/{words.worker}/events/{made['id']}")
    assert {one["id"] for one in _round(call, link)[0] if "@removed" in one} == {
        one["id"] for one in found if one is not sunday
    }


@pytest.mark.parametrize(
    "option", ["$select=subject", "$filter=subject eq 'x'", "$expand=attachments", "$orderby=subject"]
)
def test_what_a_delta_query_does_not_take_is_refused(call: Any, url: str, option: str) -> None:
    """calendarView/delta: no `$select/$filter/$expand`."""
    assert call.refused("GET", f"{url}&{option}") == (400, "ErrorInvalidUrlQuery")
    assert call.refused("GET", url.partition("?")[0]) == (400, "ErrorInvalidParameter")


def test_a_token_that_is_too_old_sends_its_reader_back_to_the_start(
    call: Any, words: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """calendarView/delta: 410 with a Location: do a full read again."""
    monkeypatch.setattr(departures, "REMEMBERED", 2)
    made = [call.made(words.event(f"Day {day}", **_at(day))) for day in (1, 2, 3, 4)]
    link = _round(call, url)[1]
    for one in made[:3]:
        call("DELETE", f"users/{words.worker}/events/{one['id']}")
    assert call.refused("GET", link) == (410, "SyncStateNotFound")
    anew = call("GET", link).headers["Location"]
    assert [one["subject"] for one in _round(call, anew)[0]] == ["Day 4"]


@pytest.mark.parametrize(("status", "code"), [(410, "SyncStateNotFound"), (400, "syncStateNotFound")])
def test_a_token_that_nobody_gave_is_refused_either_way(
    stand_in: Any, words: Any, url: str, status: int, code: str
) -> None:
    """calendarView/delta: an expired token gives 40x `syncStateNotFound` or 410."""
    call = stand_in(lost_delta=status)
    link = _round(call, url)[1]
    others = link.replace(quote(words.worker, safe="@"), words.colleague)
    assert others != link
    for wrong in (link[:-3] + "AAA", link.partition("=")[0] + "=x", others):
        assert call.refused("GET", wrong) == (status, code)


_DAYS = st.integers(1, 12)
_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), _DAYS),
        st.tuples(st.just("series"), _DAYS),
        st.tuples(st.just("move"), _DAYS),
        st.tuples(st.just("delete"), _DAYS),
        st.tuples(st.just("skip"), _DAYS),
        st.tuples(st.just("read"), st.integers(1, 4)),
    ),
    max_size=10,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=_ACTS)
@example(acts=[("series", 5), ("read", 1), ("move", 12)])
@example(acts=[("series", 5), ("read", 4), ("skip", 1), ("read", 2), ("delete", 0)])
@example(acts=[("series", 1), ("read", 1), ("delete", 0)])
@example(acts=[("make", 3), ("read", 1), ("move", 12), ("read", 1), ("move", 2)])
def test_whoever_follows_the_rounds_holds_what_the_calendar_view_shows(
    call: Any, words: Any, url: str, acts: list[tuple[str, int]]
) -> None:
    path = f"users/{words.worker}/events"
    view = f"users/{words.worker}/calendarView?{WINDOW}&$top=1000"

    def now(url: str) -> list[dict[str, Any]]:  # not held against the slice: that was done elsewhere
        found: list[dict[str, Any]] = call.session.get(call.running.graph_url + url).json()["value"]
        return found

    for one in now(f"{path}?$top=1000"):
        call("DELETE", f"{path}/{one['id']}")
    held: dict[str, str] = {}

    def follow(link: str, size: int) -> str:
        told, link = _round(call, link, size)
        for one in told:
            if "@removed" in one:
                held.pop(one["id"], None)
            elif one["type"] != "seriesMaster":
                held[one["id"]] = one["start"]["dateTime"]
        return link

    link = follow(url, 3)
    for act, n in [*acts, ("read", 2)]:
        events = now(f"{path}?$top=1000")
        shown = now(view)
        if act == "make":
            call.made(words.event(**_at(n)))
        elif act == "series":
            repeat = {
                "pattern": {"type": "daily", "interval": 2},
                "range": {
                    "type": "numbered",
                    "startDate": f"2026-12-{n:02}",
                    "numberOfOccurrences": 3,
                },
            }
            call.made(words.event(recurrence=repeat, **_at(n)))
        elif act == "move" and shown:
            call("PATCH", f"{path}/{shown[n % len(shown)]['id']}", _at(n, 11))
        elif act == "delete" and events:
            call("DELETE", f"{path}/{events[n % len(events)]['id']}")
        elif act == "skip" and shown:
            call("DELETE", f"{path}/{shown[n % len(shown)]['id']}")
        elif act == "read":
            link = follow(link, n)
            assert held == {one["id"]: one["start"]["dateTime"] for one in now(view)}
