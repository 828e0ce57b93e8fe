"""What the page shows is what Graph answers: one mailbox by both ways and by eye, after every kind of act."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
import requests

AISHA = "a.rahman@northdale.example"
FROM, TO = "2026-11-16", "2026-12-28"
COURT, CORE, LATE = "Court", "Core group, Elm Road", "3 days late · M.A. 20071"
OURS = "String {7f3b6c2e-0d55-4c9c-9a71-3c0f2f9d1a44} Name Key"
pytestmark = pytest.mark.browser


def by_page(both: Any) -> dict[str, dict[str, Any]]:
    """The diary as the page is told of it."""
    told = requests.get(
        f"{both.url}/api/mailboxes/{AISHA}/events", params={"from": FROM, "to": TO}, timeout=5
    ).json()["events"]
    return {one.pop("id"): one for one in told}


def by_graph(both: Any) -> dict[str, dict[str, Any]]:
    """The diary as Graph answers it over TLS, put in the page's words."""
    colours = {
        one["displayName"]: one["color"]
        for one in both.graph("GET", f"users/{AISHA}/outlook/masterCategories").json()["value"]
    }
    window = f"startDateTime={FROM}T00:00:00Z&endDateTime={TO}T00:00:00Z&$top=1000"
    found = both.graph("GET", f"users/{AISHA}/calendarView?{window}").json()
    assert "@odata.nextLink" not in found
    return {one["id"]: as_page(one, colours) for one in found["value"]}


def as_page(one: dict[str, Any], colours: dict[str, str]) -> dict[str, Any]:
    return {
        "etag": one["@odata.etag"],
        "subject": one["subject"],
        "starts": one["start"]["dateTime"][:16],
        "ends": one["end"]["dateTime"][:16],
        "allDay": one["isAllDay"],
        "categories": [{"name": name, "colour": colours.get(name, "none")} for name in one["categories"]],
        "showAs": one["showAs"],
        "private": one["sensitivity"] == "private",
        "repeats": one["type"] != "singleInstance",
        "reminder": one["reminderMinutesBeforeStart"] if one["isReminderOn"] else None,
    }


def by_eye(window: Any) -> dict[str, tuple[str, str, tuple[str, ...], str]]:
    """What the browser shows of each entry: its words, how it shows, its categories, whether private."""
    window.locator("#main .entry").first.wait_for()
    told = window.locator("#main .entry").evaluate_all(
        """all => all.map(one => [one.dataset.id, one.querySelector('.entry-subject').textContent,
        one.dataset.shows, one.getAttribute('aria-label')])"""
    )
    seen = {}
    for id_, subject, shows, words in told:
        named = words.partition("Category ")[2].partition(". Shows")[0]
        private = "private" if "Private" in words else ""
        seen[id_] = (subject, shows, tuple(sorted(filter(None, named.split(", ")))), private)
    return seen


def as_seen(one: dict[str, Any]) -> tuple[str, str, tuple[str, ...], str]:
    names = tuple(sorted(each["name"] for each in one["categories"]))
    return (one["subject"], one["showAs"], names, "private" if one["private"] else "")


def agree(both: Any, window: Any) -> dict[str, dict[str, Any]]:
    """Page, Graph and eye agree; what they agree on."""
    graph = by_graph(both)
    assert by_page(both) == graph
    week = {id_: one for id_, one in graph.items() if "2026-11-23" <= one["starts"] < "2026-11-30"}
    window.reload()
    assert by_eye(window) == {id_: as_seen(one) for id_, one in week.items()}
    return graph


def act(both: Any, verb: str, rest: str, body: Any = None, etag: str = "") -> Any:
    headers = {"Content-Type": "application/json"} | ({"If-Match": etag} if etag else {})
    answer = requests.request(
        verb, f"{both.url}/api/mailboxes/{AISHA}{rest}", json=body, headers=headers, timeout=5
    )
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def test_page_and_graph_and_eye_agree_after_every_kind_of_act(both: Any, look: Any) -> None:
    ids = both.council.ids
    window = look(both.calendar("week"))
    agree(both, window)

    def change(subject: str, wish: dict[str, Any]) -> dict[str, Any]:
        id_ = ids[subject]
        etag = by_page(both)[id_]["etag"]
        act(both, "PATCH", f"/events/{quote(id_)}", wish, etag)
        found: dict[str, Any] = agree(both, window)[id_]
        assert found["etag"] != etag
        stale = both.graph(
            "PATCH", f"users/{AISHA}/events/{quote(id_)}", {"subject": "x"}, **{"If-Match": etag}
        )
        assert stale.status_code == 412  # the bot that planned before loses to the person
        return found

    moved = {"starts": "2026-11-27T15:00", "ends": "2026-11-27T16:30", "allDay": False}
    assert change(CORE, moved)["starts"] == "2026-11-27T15:00"
    assert change(COURT, {"starts": "2026-11-25T00:00", "ends": "2026-11-27T00:00", "allDay": True})["allDay"]
    assert change(COURT, {"subject": "Crown Court"})["subject"] == "Crown Court"
    assert change(LATE, {"categories": []})["categories"] == []
    assert len(change(LATE, {"categories": ["Type up", "Visit due"]})["categories"]) == 2
    assert change(LATE, {"showAs": "tentative", "private": False, "reminder": 45})["reminder"] == 45

    copied = act(both, "POST", f"/events/{quote(ids[CORE])}/copy", moved | {"ends": "2026-11-27T15:30"})[
        "event"
    ]
    assert copied["id"] in agree(both, window)
    own = moved | {"subject": "Dentist", "showAs": "oof", "private": True}
    added = act(both, "POST", "/events", own)["event"]
    assert agree(both, window)[added["id"]]["showAs"] == "oof"
    act(both, "DELETE", f"/events/{quote(added['id'])}", None, added["etag"])
    assert added["id"] not in agree(both, window)
    gone = both.graph("GET", f"users/{AISHA}/events/{quote(added['id'])}")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "ErrorItemNotFound")


def test_what_graph_changes_the_page_shows(both: Any, look: Any) -> None:
    window = look(both.calendar("week"))
    series = {
        "subject": "Team meeting",
        "start": {"dateTime": "2026-11-23T11:00:00", "timeZone": "GMT Standard Time"},
        "end": {"dateTime": "2026-11-23T12:00:00", "timeZone": "GMT Standard Time"},
        "recurrence": {
            "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday", "thursday"]},
            "range": {"type": "numbered", "startDate": "2026-11-23", "numberOfOccurrences": 5},
        },
    }
    assert both.graph("POST", f"users/{AISHA}/events", series).status_code == 201
    found = agree(both, window)
    meetings = sorted((one["starts"], id_) for id_, one in found.items() if one["subject"] == "Team meeting")
    assert len(meetings) == 5
    id_ = meetings[1][1]
    act(both, "PATCH", f"/events/{quote(id_)}", {"subject": "Team meeting, early"}, found[id_]["etag"])
    after = agree(both, window)
    assert [one["subject"] for one in after.values()].count("Team meeting") == 4
    assert [one["subject"] for one in after.values()].count("Team meeting, early") == 1


def test_a_copy_made_on_the_page_is_found_by_the_bots_own_filter(both: Any) -> None:
    from datetime import date

    first = both.council.entry(AISHA, "Tagged", date(2026, 11, 24), tags={"Key": "ab12"})
    times = {"starts": "2026-11-26T09:00", "ends": "2026-11-26T09:15", "allDay": False}
    copied = act(both, "POST", f"/events/{quote(first)}/copy", times)["event"]
    wanted = f"singleValueExtendedProperties/any(ep: ep/id eq '{OURS}' and ep/value eq 'AB12')"
    found = both.graph("GET", f"users/{AISHA}/events?$filter={quote(wanted)}").json()["value"]
    assert {one["id"] for one in found} == {first, copied["id"]}


def test_who_is_away_on_the_page_is_away_in_graph(both: Any) -> None:
    wish = {"on": True, "from": "2026-11-23T00:00", "until": "2026-11-28T00:00", "inside": "Ask Cecilia."}
    act(both, "PATCH", "/away", wish)
    told = both.graph("GET", f"users/{AISHA}/mailboxSettings").json()["automaticRepliesSetting"]
    assert (told["status"], told["internalReplyMessage"]) == ("scheduled", "Ask Cecilia.")
    assert told["scheduledStartDateTime"]["dateTime"][:16] == "2026-11-23T00:00"
    replies = {"automaticRepliesSetting": {"status": "disabled"}}
    both.graph("PATCH", f"users/{AISHA}/mailboxSettings", replies)
    assert not requests.get(f"{both.url}/api/mailboxes/{AISHA}", timeout=5).json()["away"]["on"]


def test_a_mail_read_on_the_page_is_read_in_graph(both: Any, look: Any) -> None:
    id_ = both.council.ids["Your visits: 2 overdue, 4 this week"]
    path = f"users/{AISHA}/messages/{quote(id_)}"
    assert both.graph("GET", path).json()["isRead"] is False
    window = look(f"{both.url}/#/{AISHA}/mail/inbox/{id_}")
    window.get_by_role("link", name="Inbox (1)").wait_for()
    assert both.graph("GET", path).json()["isRead"] is True
    window.get_by_role("button", name="Mark as unread").click()
    window.get_by_role("link", name="Inbox (2)").wait_for()
    assert both.graph("GET", path).json()["isRead"] is False
