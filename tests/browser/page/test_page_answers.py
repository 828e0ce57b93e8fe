"""What the page's server answers: the state as it is, changes only from its own page, errors in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import requests

from bot.sandbox.page.api import MOST_PEOPLE, group_of
from bot.sandbox.page.body import framed
from bot.sandbox.page.news import RunLog, RunNews
from bot.sandbox.page.runs import Runs
from bot.sandbox.tenant import Person

AISHA, BOT = "a.rahman@northdale.example", "visits@northdale.example"


def box(site: Any, rest: str = "", who: str = AISHA) -> Any:
    return requests.get(f"{site.url}/api/mailboxes/{quote(who)}{rest}", timeout=5)


def forward(site: Any, to: object, **more: Any) -> requests.Response:
    return requests.post(f"{site.url}/api/runs", json={"to": to}, timeout=5, **more)


def until_idle(site: Any) -> dict[str, Any]:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        runs: dict[str, Any] = requests.get(f"{site.url}/api/runs", timeout=5).json()
        if runs["goingTo"] is None:
            return runs
        time.sleep(0.02)
    raise AssertionError("the run never ended")


def test_people_are_grouped_by_what_they_do_and_counted(site: Any) -> None:
    told = requests.get(f"{site.url}/api/people", timeout=5).json()
    groups = {one["name"]: one["group"] for one in told["people"]}
    assert groups == {
        "Aisha Rahman": "workers",
        "Ben Okafor": "workers",
        "Cecilia Lindqvist": "managers",
        "Dorothy Quayle": "others",
        "Visit reminders": "others",
    }
    aisha = next(one for one in told["people"] if one["mail"] == AISHA)
    mailbox = site.council.tenant.mailbox(AISHA)
    assert (aisha["entries"], aisha["inbox"]) == (len(mailbox.events), len(mailbox.folders["inbox"]))


def test_whom_others_name_as_their_manager_is_one_whatever_the_title() -> None:
    plain = Person("x@northdale.example", "X", "")
    assert group_of(plain, frozenset({"x@northdale.example"})) == "managers"
    assert group_of(plain, frozenset()) == "others"


def test_the_picker_is_searched_and_never_longer_than_a_screenful(site: Any) -> None:
    for n in range(MOST_PEOPLE + 5):
        site.council.tenant.add_person(Person(f"w{n}@northdale.example", f"Worker {n:03}", "Social worker"))
    told = requests.get(f"{site.url}/api/people", timeout=5).json()
    assert (len(told["people"]), told["found"], told["all"]) == (
        MOST_PEOPLE,
        MOST_PEOPLE + 10,
        MOST_PEOPLE + 10,
    )
    found = requests.get(f"{site.url}/api/people?find=rahman+social", timeout=5).json()
    assert [one["mail"] for one in found["people"]] == [AISHA]


def test_an_entry_is_told_in_london_time_with_its_colour_and_signs(site: Any) -> None:
    site.council.entry(
        AISHA, "Summer", date(2026, 7, 1), "09:00", categories=("CP visit due", "Unheard of"), rings=0
    )
    told = box(site, "/events?from=2026-07-01&to=2026-07-02").json()["events"]
    assert [{**one, "id": "", "etag": ""} for one in told] == [
        {
            "id": "",
            "etag": "",
            "subject": "Summer",
            "starts": "2026-07-01T09:00",
            "ends": "2026-07-01T09:15",
            "allDay": False,
            "categories": [
                {"name": "CP visit due", "colour": "preset0"},
                {"name": "Unheard of", "colour": "none"},
            ],
            "showAs": "free",
            "private": True,
            "repeats": False,
            "reminder": 0,
        }
    ]


def test_a_day_holds_what_touches_it_and_nothing_else(site: Any) -> None:
    on = {
        day: [
            one["subject"]
            for one in box(site, f"/events?from={day}&to={day + timedelta(days=1)}").json()["events"]
        ]
        for day in (date(2026, 12, 20), date(2026, 12, 21), date(2026, 12, 25), date(2026, 12, 26))
    }
    assert [subjects for day, subjects in on.items()] == [[], ["Annual leave"], ["Annual leave"], []]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/mailboxes/nobody@x.example", 404, "nobody@x.example: there is no such mailbox."),
        (f"/api/mailboxes/{AISHA}/events/AAkALgnotthere0000000000", 404, "no such entry or mail"),
        (f"/api/mailboxes/{AISHA}/events/short", 400, "no such entry or mail"),
        (f"/api/mailboxes/{AISHA}/events?from=yesterday", 400, "must be a day like 2026-11-23"),
        (f"/api/mailboxes/{AISHA}/messages?folder=drafts", 400, "no folder 'drafts'"),
    ],
)
def test_what_is_not_there_is_said_in_words(site: Any, path: str, status: int, words: str) -> None:
    answer = requests.get(site.url + path, timeout=5)
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_going_forward_sets_the_date_runs_the_bot_and_tells_what_it_did(site: Any) -> None:
    assert forward(site, "2026-11-24").status_code == 202
    runs = until_idle(site)
    assert site.ran == [date(2026, 11, 24)]
    assert requests.get(f"{site.url}/api/state", timeout=5).json()["today"] == "2026-11-24"
    news = runs["news"][0]
    assert (news["date"], news["mails"], news["writes"]) == ("2026-11-24", 1, 2)
    assert [line["name"] for line in news["lines"]] == ["Aisha Rahman", "Ben Okafor"]


def test_one_run_at_a_time(site: Any) -> None:
    site.gate.clear()
    forward(site, "2026-11-24")
    second = forward(site, "2026-11-25")
    site.gate.set()
    until_idle(site)
    assert (second.status_code, second.json()["error"]) == (
        409,
        "A run is under way. Wait until it has ended.",
    )
    assert site.ran == [date(2026, 11, 24)]


def test_a_run_that_fails_says_why_and_leaves_the_page_working(site: Any) -> None:
    failure = RuntimeError("The caseload is older than 36 hours. Export it again.")
    failure.problems = ("visits.csv:1: empty",)  # type: ignore[attr-defined]
    site.fails_with.append(failure)
    forward(site, "2026-11-24")
    runs = until_idle(site)
    assert (
        runs["failed"]["error"]
        == "The caseload is older than 36 hours. Export it again.\nvisits.csv:1: empty"
    )
    site.fails_with.clear()
    forward(site, "2026-11-24")
    assert until_idle(site)["failed"] is None


@pytest.mark.parametrize("to", ["2026-11-22", "2031-01-01", "soon", None, 7])
def test_only_a_day_ahead_can_be_gone_to(site: Any, to: object) -> None:
    assert forward(site, to).status_code in (400, 409)
    assert site.ran == []
    assert site.council.tenant.clock.today() == date(2026, 11, 23)


def test_without_a_bot_there_is_nothing_to_press(open_site: Callable[..., Any]) -> None:
    site = open_site(bot=False)
    state = requests.get(f"{site.url}/api/state", timeout=5).json()
    assert not state["canRun"]
    assert "make demo" in state["note"]
    assert forward(site, "2026-11-24").status_code == 409


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Host": "rebound.example"},
    ],
)
def test_nothing_changes_at_another_sites_wish(site: Any, headers: dict[str, str]) -> None:
    answer = requests.post(
        f"{site.url}/api/runs",
        data='{"to": "2026-11-24"}',
        headers={"Content-Type": "application/json", **headers},
        timeout=5,
    )
    assert answer.status_code == 403
    assert site.ran == []


def test_nothing_is_read_under_a_name_that_somebody_else_may_point_here(site: Any) -> None:
    path = f"{site.url}/api/people"
    assert requests.get(path, headers={"Host": "rebound.example"}, timeout=5).status_code == 403
    for own in ("localhost:8000", "127.0.0.1", "[::1]:80", "192.168.1.20:8000"):
        assert requests.get(path, headers={"Host": own}, timeout=5).status_code == 200


def test_the_page_may_load_only_what_is_its_own(site: Any) -> None:
    policy = requests.get(site.url, timeout=5).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    served = requests.get(f"{site.url}/static/js/main.js", timeout=5)
    assert served.headers["Content-Type"].startswith("text/javascript")
    assert served.headers["X-Content-Type-Options"] == "nosniff"


def test_a_body_is_served_where_nothing_in_it_can_run(site: Any) -> None:
    id_ = site.council.ids["Your visits: 2 overdue, 4 this week"]
    answer = box(site, f"/messages/{id_}/body")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert 'src="data:image/png;base64,' in answer.text
    assert "cid:" not in answer.text


def test_a_picture_that_is_no_picture_stays_out() -> None:
    attached = [{"contentId": "x", "contentType": "text/html", "contentBytes": "PHNjcmlwdD4="}]
    assert "data:" not in framed('<img src="cid:x">', attached)


def test_what_was_done_before_the_page_is_told_even_if_it_was_done_after_it_was_made(site: Any) -> None:
    kept = RunLog()
    runs = Runs(site.council.tenant, None, kept)
    kept.add(RunNews(date(2026, 11, 23), (), mails=3, writes=0))
    assert [one["mails"] for one in runs.shown()["news"]] == [3]
