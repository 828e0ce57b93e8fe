"""Changes in a window of a calendar, stated over raw HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

WINDOW = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2026-12-08T00:00:00Z"
Told = dict[str, str]


@pytest.fixture
def url(words: Any) -> str:
    return f"users/{words.worker}/calendarView/delta?{WINDOW}"


def _at(day: str) -> dict[str, Any]:
    return {
        side: {"dateTime": f"2026-12-{day}T{hour}:00:00", "timeZone": "UTC"}
        for side, hour in (("start", "09"), ("end", "10"))
    }


def _round(call: Any, url: str) -> tuple[Told, str]:
    """All that one round tells, by id: a subject or why it went; and where the next round begins."""
    told: Told = {}
    while True:
        page = call("GET", url).json()
        for one in page["value"]:
            told[one["id"]] = one.get("subject") or f"removed: {one['@removed']['reason']}"
        if "@odata.deltaLink" in page:
            return told, page["@odata.deltaLink"]
        url = page["@odata.nextLink"]


@pytest.mark.fact("delta-primary-calendar")
def test_changes_are_those_of_the_persons_own_calendar(call: Any, words: Any, url: str) -> None:
    """delta-primary-calendar: a colleague's diary is another one."""
    call.made(words.event("Mine", **_at("02")))
    call.made(words.event("A colleague's", **_at("02")), who=words.colleague)
    told, _ = _round(call, url)
    assert list(told.values()) == ["Mine"]


@pytest.mark.fact("delta-window-in-token")
def test_the_window_is_in_the_token_and_stays(call: Any, words: Any, url: str) -> None:
    """delta-window-in-token: a link has the token alone, and tells of nothing outside its window."""
    _, link = _round(call, url)
    assert {name.casefold() for name in parse_qs(urlsplit(link).query)} == {"$deltatoken"}
    call.made(words.event("Inside", **_at("03")))
    call.made(words.event("Outside", **_at("20")))
    told, _ = _round(call, link)
    assert list(told.values()) == ["Inside"]
    wider = f"{link}&startDateTime=2026-12-01T00:00:00Z&endDateTime=2026-12-31T00:00:00Z"
    answer = call("GET", wider)
    seen = [one["subject"] for one in answer.json()["value"]] if answer.status_code == 200 else []
    assert "Outside" not in seen


@pytest.mark.fact("delta-takes-no-options")
@pytest.mark.parametrize(
    "option",
    ["$select=subject", "$filter=subject eq 'x'", "$expand=calendar", "$orderby=subject", "$search=x"],
)
def test_it_takes_none_of_the_options_of_lists(call: Any, url: str, option: str) -> None:
    """delta-takes-no-options: refused, not passed over."""
    assert call.refused("GET", f"{url}&{option}")[0] == 400


@pytest.mark.fact("delta-removed")
def test_what_left_the_window_is_told_as_removed(call: Any, words: Any, url: str) -> None:
    """delta-removed: deleted and moved away alike, by their ids."""
    path = f"users/{words.worker}/events"
    gone = call.made(words.event("Deleted", **_at("02")))
    moved = call.made(words.event("Moved", **_at("03")))
    call.made(words.event("Stays", **_at("04")))
    first, link = _round(call, url)
    assert sorted(first.values()) == ["Deleted", "Moved", "Stays"]
    call("DELETE", f"{path}/{gone['id']}")
    call("PATCH", f"{path}/{moved['id']}", _at("20"))
    told, _ = _round(call, link)
    assert set(told) == {gone["id"], moved["id"]}
    assert all(one.startswith("removed: ") for one in told.values())


@pytest.mark.fact("delta-replays")
def test_a_change_may_be_told_again(stand_in: Any, words: Any, url: str) -> None:
    """delta-replays: asked for in the settings, each round begins with the end of the one before."""
    for replays, again in ((False, []), (True, ["Second"])):
        call = stand_in(delta_replays=replays)
        call.made(words.event("First", **_at("02")))
        call.made(words.event("Second", **_at("03")))
        first, link = _round(call, url)
        assert list(first.values()) == ["First", "Second"]
        told, link = _round(call, link)
        assert list(told.values()) == again
        call.made(words.event("Third", **_at("04")))
        assert list(_round(call, link)[0].values()) == [*again, "Third"]


@pytest.mark.fact("delta-replays")
def test_a_link_that_is_asked_again_tells_the_same_again(call: Any, words: Any, url: str) -> None:
    """delta-replays: whoever lost an answer loses no change."""
    _, link = _round(call, url)
    call.made(words.event("New", **_at("02")))
    assert _round(call, link)[0] == _round(call, link)[0] != {}


@pytest.mark.fact("delta-lost-token")
@pytest.mark.parametrize(("status", "code"), [(410, "syncstatenotfound"), (400, "syncstatenotfound")])
def test_a_token_that_is_no_longer_known_means_reading_everything_again(
    stand_in: Any, words: Any, url: str, status: int, code: str
) -> None:
    """delta-lost-token: 410 says where; 40x only says so."""
    call = stand_in(lost_delta=status)
    call.made(words.event("Here", **_at("02")))
    _, link = _round(call, url)
    lost = f"{link.split('=')[0]}=AAAAlostAAAA"
    answer = call("GET", lost)
    assert (answer.status_code, answer.json()["error"]["code"].casefold()) == (status, code)
    assert ("Location" in answer.headers) is (status == 410)
    assert list(_round(call, url)[0].values()) == ["Here"]


@pytest.mark.fact("view-in-utc")
def test_a_view_and_its_changes_are_in_utc_unless_another_zone_is_asked_for(
    call: Any, words: Any, url: str
) -> None:
    """view-in-utc: the preference is followed in both."""
    call.made(words.event(start=_london("09"), end=_london("10")))
    summer = "startDateTime=2026-07-01T00:00:00Z&endDateTime=2026-07-08T00:00:00Z"
    prefer = {"Prefer": 'outlook.timezone="Europe/London"'}
    for path in ("calendarView", "calendarView/delta"):
        view = f"users/{words.worker}/{path}?{summer}"
        for headers, shown in (({}, "08"), (prefer, "09")):
            (one,) = call("GET", view, headers=headers).json()["value"]
            assert one["start"]["dateTime"].startswith(f"2026-07-02T{shown}:00:00")


@pytest.mark.parametrize(("end", "status"), [("2031-11-30", 200), ("2031-12-01", 400)])
@pytest.mark.parametrize("path", ["calendarView", "calendarView/delta"])
def test_a_window_of_five_years_is_the_longest(
    call: Any, words: Any, path: str, end: str, status: int
) -> None:
    """1825 days from 1 December 2026 end on 30 November 2031."""
    window = f"startDateTime=2026-12-01T00:00:00Z&endDateTime={end}T00:00:00Z"
    answer = call("GET", f"users/{words.worker}/{path}?{window}")
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"]["code"] == "ErrorInvalidRequest"
        assert answer.json()["error"]["message"].endswith("Maximum number of days: 1825")


def _london(hour: str) -> dict[str, str]:
    return {"dateTime": f"2026-07-02T{hour}:00:00", "timeZone": "Europe/London"}
