"""Mail in the stand-in: drafts, sending, what reaches whom, and finding what was sent."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import pytest

IMMUTABLE = {"Prefer": 'IdType="ImmutableId"'}
PNG = base64.b64encode(b"\x89PNG tiny").decode()


def _to(*addresses: str) -> list[dict[str, Any]]:
    return [{"emailAddress": {"address": address}} for address in addresses]


def _message(words: Any, **more: Any) -> dict[str, Any]:
    return {
        "subject": "Your week",
        "body": {"contentType": "html", "content": '<p>Hello</p><img src="cid:chart">'},
        "toRecipients": _to(words.worker),
    } | more


def _subjects(call: Any, who: str, folder: str) -> list[str]:
    return [
        one["subject"] for one in call("GET", f"users/{who}/mailFolders/{folder}/messages").json()["value"]
    ]


def _draft(call: Any, words: Any, **more: Any) -> dict[str, Any]:
    answer = call("POST", f"users/{words.manager}/messages", _message(words, **more), headers=IMMUTABLE)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_draft_is_sent_and_reaches_the_inbox(call: Any, words: Any) -> None:
    made = _draft(call, words)
    assert made["isDraft"]
    assert _subjects(call, words.worker, "inbox") == []
    assert call("POST", f"users/{words.manager}/messages/{made['id']}/send").status_code == 202
    assert _subjects(call, words.worker, "Inbox") == ["Your week"]
    assert _subjects(call, words.manager, "SentItems") == ["Your week"]
    assert _subjects(call, words.manager, "drafts") == []
    got = call.running.tenant.messages(words.worker, "inbox")[0]
    assert (got["isRead"], got["isDraft"]) == (False, False)
    assert got["from"]["emailAddress"] == {"name": "Bo Eff", "address": words.manager}


@pytest.mark.fact("draft-id-found", "ids-change-on-move")
def test_the_drafts_immutable_id_finds_what_was_sent(call: Any, words: Any) -> None:
    """Mail you sent: the draft's immutable id can be asked for; default ids change when an item moves."""
    made = _draft(call, words)
    path = f"users/{words.manager}/messages/"
    default = call("GET", path + made["id"]).json()["id"]
    assert default != made["id"]
    call("POST", f"{path}{made['id']}/send")
    assert call("GET", path + made["id"], headers=IMMUTABLE).json()["isDraft"] is False
    assert call.refused("GET", path + default) == (404, "ErrorItemNotFound")


@pytest.mark.fact("ids-change-on-move")
def test_moving_changes_the_default_id_alone(call: Any, words: Any) -> None:
    """Ids: default ids change when an item moves."""
    made = call("POST", f"users/{words.manager}/messages", _message(words)).json()
    path = f"users/{words.manager}/messages/"
    kept = call("GET", path + made["id"], headers=IMMUTABLE).json()["id"]
    moved = call("POST", f"{path}{made['id']}/move", {"DestinationId": "archive"}).json()
    assert moved["id"] != made["id"]
    assert call.refused("GET", path + made["id"]) == (404, "ErrorItemNotFound")
    assert call("GET", path + kept, headers=IMMUTABLE).json()["id"] == kept


@pytest.mark.parametrize("send", [True, False])
@pytest.mark.fact("draft-property-found")
def test_an_extended_property_on_the_draft_finds_it_in_drafts_and_sent_items(
    call: Any, words: Any, send: bool
) -> None:
    """Mail you sent: a property set on the draft can be filtered in Drafts and Sent Items."""
    made = _draft(call, words, singleValueExtendedProperties=[{"id": words.key, "value": "ref1"}])
    if send:
        call("POST", f"users/{words.manager}/messages/{made['id']}/send")
    condition = quote(f"singleValueExtendedProperties/any(ep: ep/id eq '{words.key}' and ep/value eq 'REF1')")
    for folder, seen in (("drafts", not send), ("sentitems", send)):
        path = f"users/{words.manager}/mailFolders/{folder}/messages?$filter={condition}"
        assert [one["id"] for one in call("GET", path, headers=IMMUTABLE).json()["value"]] == [
            made["id"]
        ] * seen
    assert len(call("GET", f"users/{words.manager}/messages?$filter={condition}").json()["value"]) == 1
    inbox = f"users/{words.worker}/messages?$filter={condition}"
    assert call("GET", inbox).json()["value"] == []  # the recipient's copy does not carry it


@pytest.mark.fact("headers-not-searchable", "headers-unreliable-when-sent")
def test_internet_headers_cannot_be_searched_nor_found_on_what_was_sent(call: Any, words: Any) -> None:
    """Mail you sent: its internet headers cannot be searched and are unreliable on Sent Items."""
    made = _draft(call, words, internetMessageHeaders=[{"name": "x-ref", "value": "1"}])
    path = f"users/{words.manager}/messages/"
    search = quote("internetMessageHeaders/any(h: h/name eq 'x-ref')")
    refused = call.refused("GET", f"users/{words.manager}/messages?$filter={search}")
    assert refused == (400, "ErrorInvalidUrlQueryFilter")
    select = "?$select=internetMessageHeaders"
    assert call("GET", path + made["id"] + select).json()["internetMessageHeaders"]
    call("POST", f"{path}{made['id']}/send")
    assert "internetMessageHeaders" not in call("GET", path + made["id"] + select).json()
    named = _message(words, internetMessageHeaders=[{"name": "ref", "value": "1"}])
    refused = call.refused("POST", f"users/{words.manager}/messages", named)
    assert refused == (400, "InvalidInternetMessageHeader")


@pytest.mark.parametrize("names", [("message", "saveToSentItems"), ("Message", "SaveToSentItems")])
@pytest.mark.parametrize("keep", [True, False, "false"])
@pytest.mark.fact("send-accepted", "sdk-spelling")
def test_send_mail_takes_both_spellings_and_keeps_a_copy_unless_told(
    call: Any, words: Any, names: tuple[str, str], keep: bool | str
) -> None:
    """sendMail: 202 means accepted only; the SDK sends PascalCase, O365 camelCase."""
    answer = call("POST", f"users/{words.manager}/sendMail", {names[0]: _message(words), names[1]: keep})
    assert (answer.status_code, answer.content) == (202, b"")
    assert _subjects(call, words.worker, "inbox") == ["Your week"]
    assert _subjects(call, words.manager, "sentitems") == ["Your week"] * (keep is True)


@pytest.mark.fact("send-accepted")
def test_accepted_is_not_delivered(call: Any, words: Any) -> None:
    """sendMail: 202 means accepted only; nobody by that name means a report in the sender's inbox."""
    to = _to("gone@council.example", words.worker)
    assert call("POST", f"users/{words.manager}/sendMail", {"message": _message(words, toRecipients=to)}).ok
    assert _subjects(call, words.manager, "inbox") == ["Undeliverable: Your week"]
    assert _subjects(call, words.worker, "inbox") == ["Your week"]


def test_a_report_is_told_from_messages_by_its_class_and_stands_in_the_conversation_it_is_about(
    call: Any, words: Any
) -> None:
    """As Exchange has it: PidTagMessageClass tells a report, whatever an answer's subject says."""
    to = _to("gone@council.example")
    assert call("POST", f"users/{words.manager}/sendMail", {"message": _message(words, toRecipients=to)}).ok
    one = "ep/id eq 'String 0x001A' and ep/value eq 'REPORT.IPM.Note.NDR'"
    told = f"singleValueExtendedProperties/any(ep: {one})"
    answer = call("GET", f"users/{words.manager}/messages?$filter={told}&$select=conversationId,bodyPreview")
    (report,) = answer.json()["value"]
    (sent,) = call("GET", f"users/{words.manager}/mailFolders/sentitems/messages").json()["value"]
    assert report["conversationId"] == sent["conversationId"]
    assert "gone@council.example" in report["bodyPreview"]


def test_inline_pictures_travel_with_the_mail(call: Any, words: Any) -> None:
    picture = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "chart.png",
        "contentType": "image/png",
        "contentBytes": PNG,
        "contentId": "chart",
        "isInline": True,
    }
    made = _draft(call, words, attachments=[picture])
    path = f"users/{words.manager}/messages/{made['id']}"
    added = call("POST", f"{path}/attachments", picture | {"name": "list.pdf", "isInline": False})
    assert added.status_code == 201
    call("POST", f"{path}/send")
    got = call.running.tenant.messages(words.worker, "inbox")[0]
    assert [(one["name"], one["contentId"]) for one in got["attachments"]] == [
        ("chart.png", "chart"),
        ("list.pdf", "chart"),
    ]
    assert got["hasAttachments"]
    listed = call("GET", f"users/{words.worker}/messages?$expand=attachments").json()["value"][0]
    assert listed["attachments"][0]["contentBytes"] == PNG


@pytest.mark.fact("send-three-megabytes")
def test_an_attachment_over_three_megabytes_is_refused(call: Any, words: Any) -> None:
    """sendMail: attachments under 3 MB in one call."""
    big = base64.b64encode(b"x" * 3_000_001).decode()
    sent = _message(words, attachments=[{"name": "big", "contentBytes": big}])
    assert call("POST", f"users/{words.manager}/messages", sent).status_code == 413


def test_blind_copies_stay_blind(call: Any, words: Any) -> None:
    sent = _message(words, bccRecipients=_to(words.colleague))
    call("POST", f"users/{words.manager}/sendMail", {"message": sent})
    for who in (words.worker, words.colleague):
        assert call.running.tenant.messages(who, "inbox")[0]["bccRecipients"] == []
    assert call.running.tenant.messages(words.manager, "sentitems")[0]["bccRecipients"]


@pytest.mark.fact("send-thirty-a-minute")
def test_thirty_messages_a_minute_leave_a_mailbox(call: Any, words: Any) -> None:
    """sendMail: 30 messages a minute per sending mailbox."""
    for _ in range(30):
        assert (
            call("POST", f"users/{words.manager}/sendMail", {"message": _message(words)}).status_code == 202
        )
    answer = call("POST", f"users/{words.manager}/sendMail", {"message": _message(words)})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert call("POST", f"users/{words.colleague}/sendMail", {"message": _message(words)}).status_code == 202
    assert len(call.running.tenant.messages(words.manager, "sentitems")) == 30


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"toRecipients": []}, (400, "ErrorInvalidRecipients")),
        ({"toRecipients": [{"emailAddress": {"address": "nobody"}}]}, (400, "ErrorInvalidRecipients")),
        ({"from": {"emailAddress": {"address": "x@council.example"}}}, (403, "ErrorSendAsDenied")),
        ({"importance": "huge"}, (400, "RequestBodyRead")),
        ({"to": []}, (400, "RequestBodyRead")),
    ],
)
def test_a_mail_that_cannot_go_is_refused_and_leaves_nothing_behind(
    call: Any, words: Any, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    sent = {"message": _message(words, **change)}
    assert call.refused("POST", f"users/{words.manager}/sendMail", sent) == expected
    assert call("GET", f"users/{words.manager}/messages").json()["value"] == []


def test_what_was_sent_keeps_its_words_and_goes_once(call: Any, words: Any) -> None:
    made = _draft(call, words)
    path = f"users/{words.manager}/messages/{made['id']}"
    assert call("PATCH", path, {"subject": "Better"}).json()["subject"] == "Better"
    call("POST", f"{path}/send")
    assert call.refused("PATCH", path, {"subject": "Other"}) == (400, "ErrorInvalidPropertySet")
    assert call("PATCH", path, {"categories": ["Done"]}).json()["categories"] == ["Done"]
    assert call("POST", f"{path}/send").status_code == 400
    assert _subjects(call, words.worker, "inbox") == ["Better"]


def test_deleted_mail_goes_to_deleted_items_first(call: Any, words: Any) -> None:
    made = _draft(call, words)
    path = f"users/{words.manager}/messages/{made['id']}"
    assert call("DELETE", path).status_code == 204
    assert _subjects(call, words.manager, "deleteditems") == ["Your week"]
    assert call("DELETE", path).status_code == 204
    assert call.refused("GET", path) == (404, "ErrorItemNotFound")


def test_messages_are_sorted_only_by_what_they_are_filtered_by(call: Any, words: Any) -> None:
    path = f"users/{words.manager}/messages?$filter=isRead eq true&$orderby=receivedDateTime desc"
    assert call.refused("GET", path) == (400, "InefficientFilter")
    both = (
        "$filter=receivedDateTime ge 2020-01-01T00:00:00Z and isDraft eq true&$orderby=receivedDateTime desc"
    )
    _draft(call, words)
    assert len(call("GET", f"users/{words.manager}/messages?{both}").json()["value"]) == 1


def test_folders_count_what_they_hold(call: Any, words: Any) -> None:
    call("POST", f"users/{words.manager}/sendMail", {"message": _message(words)})
    inbox = call("GET", f"users/{words.worker}/mailFolders/inbox").json()
    assert (inbox["totalItemCount"], inbox["unreadItemCount"], inbox["displayName"]) == (1, 1, "Inbox")
    by_id = call("GET", f"users/{words.worker}/mailFolders/{inbox['id']}/messages").json()["value"]
    assert [one["parentFolderId"] for one in by_id] == [inbox["id"]]
