"""A person's acts by the page's own HTTP: what was asked for is done as Graph does it, or told why not."""

from __future__ import annotations

import string
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

AISHA, BEN = "a.rahman@northdale.example", "b.okafor@northdale.example"
COURT_DAY = date(2026, 11, 26)
COURT = {"starts": "2026-11-26T09:30", "ends": "2026-11-26T13:00", "allDay": False}
TWO = (("Type up", "preset1"), ("Visit due", "preset3"))
LUNCH = {"subject": "Dentist", "starts": "2026-11-25T12:00", "ends": "2026-11-25T12:45", "allDay": False}


def at(site: Any, rest: str, who: str = AISHA) -> str:
    return f"{site.url}/api/mailboxes/{quote(who)}{rest}"


def shown(site: Any, subject: str, who: str = AISHA) -> dict[str, Any]:
    told: dict[str, Any] = requests.get(
        at(site, f"/events/{site.council.ids[subject]}", who), timeout=5
    ).json()
    return told


def send(site: Any, verb: str, rest: str, body: Any = None, etag: str | None = None) -> requests.Response:
    headers = {"Content-Type": "application/json"} | ({"If-Match": etag} if etag else {})
    return requests.request(verb, at(site, rest), json=body, headers=headers, timeout=5)


def change(site: Any, subject: str, /, **wish: Any) -> requests.Response:
    entry = shown(site, subject)
    return send(site, "PATCH", f"/events/{entry['id']}", wish, entry["etag"])


@pytest.mark.parametrize(
    "wish",
    [
        {"subject": "Court, Crown"},
        {"starts": "2026-11-27T10:00", "ends": "2026-11-27T13:30", "allDay": False},
        {"starts": "2026-11-27T00:00", "ends": "2026-11-29T00:00", "allDay": True},
        {"categories": [{"name": name, "colour": colour} for name, colour in TWO]},
        {"categories": []},
        {"showAs": "workingElsewhere"},
        {"private": True},
        {"reminder": 0},
        {"reminder": None},
        {"place": "Elm Road 3"},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_asked_for_is_what_stands_and_nothing_else_moved(site: Any, wish: dict[str, Any]) -> None:
    before = shown(site, "Court")
    sent = dict(wish)
    if "categories" in sent:
        sent["categories"] = [one["name"] for one in sent["categories"]]
    answer = change(site, "Court", **sent)
    assert answer.status_code == 200, answer.text
    after = shown(site, "Court")
    assert after == answer.json()["event"]
    assert after == before | wish | {"etag": after["etag"]}
    assert after["etag"] != before["etag"]


def test_an_own_appointment_stands_as_it_was_written(site: Any) -> None:
    answer = send(
        site,
        "POST",
        "/events",
        LUNCH | {"showAs": "oof", "private": True, "reminder": 30, "categories": ["Type up"]},
    )
    assert answer.status_code == 201
    made = answer.json()["event"]
    assert {name: made[name] for name in ("subject", "starts", "ends", "showAs", "private", "reminder")} == {
        "subject": "Dentist",
        "starts": "2026-11-25T12:00",
        "ends": "2026-11-25T12:45",
        "showAs": "oof",
        "private": True,
        "reminder": 30,
    }
    assert made["tags"] == []


def test_a_copy_carries_all_of_the_first_its_tags_too(site: Any) -> None:
    tags = {"Owner": "bot", "Key": "ab12"}
    first = site.council.entry(
        AISHA, "Tagged", COURT_DAY, categories=("Visit due",), tags=tags, body="<p>x</p>"
    )
    answer = send(site, "POST", f"/events/{first}/copy", COURT)
    assert answer.status_code == 201
    mailbox = site.council.tenant.mailbox(AISHA)
    copy, original = (mailbox.find("event", one) for one in (answer.json()["event"]["id"], first))
    assert copy.extended == original.extended
    assert copy.key != original.key
    for name in ("subject", "body", "categories", "showAs", "sensitivity", "isReminderOn"):
        assert copy.props[name] == original.props[name]
    assert copy.props["transactionId"] is None
    assert answer.json()["event"]["starts"] == COURT["starts"]


def test_what_is_deleted_is_gone(site: Any) -> None:
    entry = shown(site, "Court")
    answer = send(site, "DELETE", f"/events/{entry['id']}", etag=entry["etag"])
    assert answer.json()["event"] == entry
    assert requests.get(at(site, f"/events/{entry['id']}"), timeout=5).status_code == 404


@pytest.mark.parametrize("verb", ["PATCH", "DELETE"])
def test_whoever_was_quicker_wins_and_the_other_is_told_kindly(site: Any, verb: str) -> None:
    stale = shown(site, "Court")
    change(site, "Court", subject="Court at ten")
    answer = send(site, verb, f"/events/{stale['id']}", {"subject": "Court at noon"}, stale["etag"])
    assert answer.status_code == 412
    assert "changed meanwhile" in answer.json()["error"]
    assert answer.json()["now"]["subject"] == "Court at ten"
    assert shown(site, "Court")["subject"] == "Court at ten"


def test_a_change_says_which_version_it_saw(site: Any) -> None:
    entry = shown(site, "Court")
    assert send(site, "PATCH", f"/events/{entry['id']}", {"subject": "x"}).status_code == 428


@pytest.mark.parametrize(
    ("wish", "field", "words"),
    [
        ({"subject": "x" * 256}, "subject", "255 are the most"),
        ({"subject": "two\nlines"}, "subject", "one line"),
        ({"starts": "2026-11-27T10:00"}, "ends", "Say when it ends"),
        ({"starts": "tomorrow", "ends": "2026-11-27T10:00", "allDay": False}, "starts", "Say when it starts"),
        ({"starts": "2026-02-30T10:00", "ends": "2026-03-01T10:00"}, "starts", "Say when it starts"),
        ({"starts": "2026-11-27T10:00", "ends": "2026-11-27T09:00"}, "ends", "ends before it starts"),
        ({"starts": "2026-11-27T10:00", "ends": "2026-11-28T00:00", "allDay": True}, "starts", "midnight"),
        ({"starts": "2026-11-27T00:00", "ends": "2026-11-27T00:00", "allDay": True}, "ends", "last day"),
        ({"categories": ["Made up"]}, "categories", "no category “Made up”"),
        ({"categories": "Visit due"}, "categories", "list of names"),
        ({"showAs": "asleep"}, "showAs", "shows as one of"),
        ({"private": 1}, "private", "yes or no"),
        ({"reminder": -5}, "reminder", "minutes before"),
        ({"reminder": True}, "reminder", "minutes before"),
        ({"colour": "red"}, "colour", "nothing called"),
        ({}, "", "Nothing to change"),
    ],
)
def test_what_cannot_be_is_refused_in_words_at_its_field_and_nothing_is_done(
    site: Any, wish: dict[str, Any], field: str, words: str
) -> None:
    before = shown(site, "Court")
    answer = change(site, "Court", **wish)
    assert answer.status_code == 400
    assert words in answer.json()["fields"][field]
    assert shown(site, "Court") == before


def test_all_that_is_wrong_is_told_at_once(site: Any) -> None:
    answer = change(site, "Court", subject="x" * 300, showAs="asleep", reminder="soon", starts="?", ends="?")
    assert set(answer.json()["fields"]) == {"subject", "showAs", "reminder", "starts", "ends"}


def test_what_only_graph_refuses_is_told_in_its_words(site: Any) -> None:
    answer = change(site, "Court", starts="0900-01-01T00:00", ends="0900-01-01T01:00", allDay=False)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("Microsoft 365 would refuse this:")


def test_an_entrys_own_category_that_the_list_lacks_may_stay(site: Any) -> None:
    site.council.entry(AISHA, "Old", COURT_DAY, categories=("Gone from the list",))
    assert change(site, "Old", categories=["Gone from the list", "Type up"]).status_code == 200


def test_an_act_is_seen_by_other_pages_and_is_no_request_of_the_bots(site: Any) -> None:
    record = site.council.tenant.record
    before = requests.get(f"{site.url}/api/state", timeout=5).json()["mark"]
    answer = change(site, "Court", subject="Court two")
    after = requests.get(f"{site.url}/api/state", timeout=5).json()["mark"]
    assert after == answer.json()["mark"] != before
    assert (record.requests, record.writes, record.calls()) == (0, 0, [])
    change(site, "Court", subject="x" * 300)
    assert requests.get(f"{site.url}/api/state", timeout=5).json()["mark"] == after


@pytest.mark.parametrize("rest", ["/events", "/away"])
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"null"])
def test_a_body_that_is_no_object_is_refused(site: Any, rest: str, body: bytes) -> None:
    verb = "PATCH" if rest == "/away" else "POST"
    headers = {"Content-Type": "application/json"}
    assert requests.request(verb, at(site, rest), data=body, headers=headers, timeout=5).status_code == 400


def test_nothing_is_done_at_another_sites_wish(site: Any) -> None:
    entry = shown(site, "Court")
    own = f"/events/{entry['id']}"
    for verb, rest in (("PATCH", own), ("DELETE", own), ("POST", "/events"), ("PATCH", "/away")):
        headers = {"Origin": "http://elsewhere.example", "If-Match": entry["etag"]}
        answer = requests.request(verb, at(site, rest), json=LUNCH, headers=headers, timeout=5)
        assert answer.status_code == 403
        answer = requests.request(verb, at(site, rest), data="{}", headers={"If-Match": "*"}, timeout=5)
        assert answer.status_code == 403
    assert shown(site, "Court") == entry


def test_automatic_replies_are_told_as_they_were_set(site: Any) -> None:
    wish = {
        "on": True,
        "from": "2026-11-23T00:00",
        "until": "2026-11-28T00:00",
        "inside": "Ask Cecilia.",
        "outside": "Back on Monday.",
        "audience": "all",
    }
    told = send(site, "PATCH", "/away", wish).json()["mailbox"]["away"]
    assert told == wish | {"now": True}
    assert send(site, "PATCH", "/away", {"on": False}).json()["mailbox"]["away"]["now"] is False
    always = send(site, "PATCH", "/away", {"on": True, "inside": "Away"}).json()["mailbox"]["away"]
    assert (always["now"], always["from"]) == (True, None)


def test_automatic_replies_that_cannot_be_are_refused_in_words(site: Any) -> None:
    wish = {
        "on": "yes",
        "from": "2026-11-28T00:00",
        "until": "2026-11-23T00:00",
        "audience": "friends",
        "x": 1,
    }
    assert set(send(site, "PATCH", "/away", wish).json()["fields"]) == {"on", "until", "audience", "x"}


def test_a_mail_can_be_marked_as_read_and_unread_again(site: Any) -> None:
    id_ = site.council.ids["Your visits: 4 this week"]
    for read, unread in ((True, 1), (True, 1), (False, 2)):
        assert send(site, "PATCH", f"/messages/{id_}", {"read": read}).json()["message"]["read"] is read
        assert requests.get(at(site, ""), timeout=5).json()["unread"] == unread
    assert send(site, "PATCH", f"/messages/{id_}", {"read": "no"}).status_code == 400


def test_an_attachment_is_handed_out_to_be_kept(site: Any) -> None:
    manager = "c.lindqvist@northdale.example"
    mail = requests.get(
        at(site, f"/messages/{site.council.ids['Team at a glance: 3 visits overdue']}", manager), timeout=5
    ).json()
    (file,) = mail["attachments"]
    assert (file["name"], file["size"]) == ("Team, week 48.pdf", 15)
    answer = requests.get(at(site, f"/messages/{mail['id']}/attachments/{file['id']}", manager), timeout=5)
    assert answer.content == b"%PDF-1.4\n%%EOF\n"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    missing = requests.get(at(site, f"/messages/{mail['id']}/attachments/none", manager), timeout=5)
    assert missing.status_code == 404


def test_a_file_that_could_run_is_only_bytes_whatever_its_name_says(site: Any) -> None:
    name = 'a"b\r\nX: y/..\\<p>é.html'
    mail = site.council.mail(AISHA, "Trap", "x", files={name: ("text/html", "PHA+")})
    (file,) = requests.get(at(site, f"/messages/{mail}"), timeout=5).json()["attachments"]
    answer = requests.get(at(site, f"/messages/{mail}/attachments/{file['id']}"), timeout=5)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    told = answer.headers["Content-Disposition"]
    assert "X: y" not in answer.headers
    assert not set(told.partition("filename*")[0].split('"')[1]) & set('/\\<>"\r\n')


WORDS = st.text(alphabet=string.printable + "éß·", max_size=260)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS | st.sampled_from(["2026-11-26T09:30", "oof"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["subject", "starts", "ends", "allDay", "categories", "showAs", "private", "reminder", "place", "x"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wish=st.dictionaries(FIELDS, ANYTHING, max_size=6))
def test_whatever_is_sent_is_done_or_refused_in_words(still: Any, wish: dict[str, Any]) -> None:
    """On a diary of its own mailbox, so that nobody who looks at the others is disturbed."""
    who = "d.iro@northdale.example"
    answer = requests.post(at(still, "/events", who), json=wish, timeout=5)
    assert answer.status_code in (201, 400)
    if answer.status_code == 400:
        assert answer.json()["error"]
    else:
        mailbox = still.council.tenant.mailbox(who)
        assert mailbox.find("event", answer.json()["event"]["id"])
