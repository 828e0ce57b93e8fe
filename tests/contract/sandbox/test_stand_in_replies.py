"""Out of office: whoever is away answers a mail by itself, once a sender."""

from __future__ import annotations

from typing import Any

import pytest


def _away(call: Any, words: Any, **setting: Any) -> None:
    setting = {"status": "alwaysEnabled", "internalReplyMessage": "<p>Away until Monday</p>"} | setting
    path = f"users/{words.colleague}/mailboxSettings"
    assert call("PATCH", path, {"automaticRepliesSetting": setting}).status_code == 200


def _mail(call: Any, words: Any, subject: str, where: str = "toRecipients", **more: Any) -> None:
    to = [{"emailAddress": {"address": words.colleague}}]
    message = {"subject": subject, where: to, "body": {"contentType": "html", "content": "Hello"}} | more
    assert call("POST", f"users/{words.manager}/sendMail", {"message": message}).status_code == 202


def _answers(call: Any, words: Any) -> list[str]:
    found = call("GET", f"users/{words.manager}/mailFolders/inbox/messages").json()["value"]
    return sorted(one["subject"] for one in found)


def test_who_is_away_answers_each_sender_once(call: Any, words: Any) -> None:
    """mailboxSettings: out of office is more than a word that is kept."""
    _away(call, words)
    _mail(call, words, "One")
    _mail(call, words, "Two")
    assert _answers(call, words) == ["Automatic reply: One"]
    (told,) = call("GET", f"users/{words.manager}/mailFolders/inbox/messages").json()["value"]
    assert told["from"]["emailAddress"]["address"] == words.colleague
    assert told["bodyPreview"] == "Away until Monday"
    sent = call("GET", f"users/{words.colleague}/mailFolders/sentitems/messages").json()["value"]
    assert sent == []
    _away(call, words, internalReplyMessage="<p>Away again</p>")
    _mail(call, words, "Three")
    assert _answers(call, words) == ["Automatic reply: One", "Automatic reply: Three"]


@pytest.mark.parametrize(("day", "answers"), [("2026-12-03", 0), ("2026-12-05", 1), ("2026-12-09", 0)])
def test_a_scheduled_absence_begins_and_ends_by_the_tenants_clock(
    call: Any, words: Any, day: str, answers: int
) -> None:
    sides = {
        f"scheduled{side}DateTime": {"dateTime": f"2026-12-{date}T00:00:00", "timeZone": "Europe/London"}
        for side, date in (("Start", "04"), ("End", "08"))
    }
    _away(call, words, status="scheduled", **sides)
    assert call.control("POST", "clock", {"today": day}).status_code == 200
    _mail(call, words, "One")
    assert len(_answers(call, words)) == answers


def test_silence_is_kept_where_it_is_asked_for_or_fitting(call: Any, words: Any) -> None:
    _away(call, words, internalReplyMessage="")
    _mail(call, words, "Nothing to say")
    _away(call, words)
    header = {"name": "X-Auto-Response-Suppress", "value": "OOF, AutoReply"}
    _mail(call, words, "Quiet", internetMessageHeaders=[header])
    _mail(call, words, "Hidden", "bccRecipients")
    assert _answers(call, words) == []
    _away(call, words, status="disabled")
    _mail(call, words, "Back")
    assert _answers(call, words) == []
