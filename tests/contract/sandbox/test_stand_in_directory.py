"""The directory: who is whose manager, and what needs ConsistencyLevel: eventual."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

EVENTUAL = {"ConsistencyLevel": "eventual"}


def test_a_manager_has_those_who_report_to_them(call: Any, words: Any) -> None:
    found = call("GET", f"users/{words.manager}/directReports?$select=mail").json()["value"]
    assert [one["mail"] for one in found] == [words.worker, words.colleague]
    assert call("GET", f"users/{words.worker}/directReports").json()["value"] == []
    assert call.refused("GET", "users/nobody@council.example/directReports") == (
        404,
        "Request_ResourceNotFound",
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("$filter=startswith(displayName,'An')", 1),
        ("$filter=jobTitle eq 'Social worker' and startswith(mail,'cy')", 1),
        ("$filter=mail eq 'ANN@council.example' or surname eq 'Eff'", 2),
        ("$orderby=displayName desc&$top=2", 2),
    ],
)
def test_plain_filters_are_answered(call: Any, query: str, found: int) -> None:
    assert len(call("GET", f"users?{query}").json()["value"]) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("$count=true", 3),
        ('$search="displayName:be"', 1),
        ('$search="mail:council" AND "displayName:cy"', 1),
        ('$search="displayName:ann" OR "displayName:bo"', 2),
        ("$filter=endswith(mail,'council.example')&$count=true", 3),
        ("$filter=jobTitle ne 'Team manager'&$count=true", 2),
        ("$filter=jobTitle eq 'Social worker'&$orderby=displayName&$count=true", 2),
    ],
)
def test_advanced_queries_need_to_be_asked_for(call: Any, query: str, found: int) -> None:
    url = f"users?{quote(query, safe='$=&')}"
    answer = call("GET", url, headers=EVENTUAL)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["value"]) == found
    assert answer.json().get("@odata.count", found) == found
    assert call.refused("GET", url) == (400, "Request_UnsupportedQuery")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$filter=contains(displayName,'n')&$count=true", "Request_UnsupportedQuery"),
        ("$search=ann", "BadRequest"),
        ('$search="shoeSize:9"', "BadRequest"),
    ],
)
def test_what_the_directory_never_answers_is_refused(call: Any, query: str, code: str) -> None:
    url = f"users?{quote(query, safe='$=&')}"
    assert call.refused("GET", url, headers=EVENTUAL) == (400, code)
