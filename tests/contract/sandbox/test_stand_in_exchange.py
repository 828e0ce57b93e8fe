"""Large attachments in pieces, ids in another spelling, and what is plainly not done here."""

from __future__ import annotations

import base64
import os
from typing import Any

import pytest

SIZE = 3_500_000


def _session(call: Any, words: Any, **about: Any) -> tuple[str, str]:
    draft = call("POST", f"users/{words.worker}/messages", {"subject": "Large"}).json()
    path = f"users/{words.worker}/messages/{draft['id']}"
    item = {"attachmentType": "file", "name": "large.bin", "size": SIZE} | about
    made = call("POST", f"{path}/attachments/createUploadSession", {"AttachmentItem": item})
    assert made.status_code == 200, made.text
    assert made.json()["nextExpectedRanges"] == ["0-"]
    return path, made.json()["uploadUrl"]


def _put(call: Any, url: str, content: bytes, first: int, size: int = SIZE) -> Any:
    span = f"bytes {first}-{first + len(content) - 1}/{size}"
    return call.session.put(url, data=content, headers={"Content-Range": span, "Authorization": ""})


def test_a_large_file_goes_to_a_draft_piece_by_piece(call: Any, words: Any) -> None:
    """sendMail: attachments under 3 MB in one call; larger ones need an upload session."""
    content = os.urandom(SIZE)
    path, url = _session(call, words)
    first = _put(call, url, content[:2_000_000], 0)
    assert (first.status_code, first.json()["nextExpectedRanges"]) == (200, ["2000000-"])
    assert _put(call, url, content[:10], 5).status_code == 416
    assert call.session.get(url).json()["nextExpectedRanges"] == ["2000000-"]
    last = _put(call, url, content[2_000_000:], 2_000_000)
    assert last.status_code == 201
    kept = call("GET", last.headers["Location"]).json()
    assert (kept["name"], kept["size"]) == ("large.bin", SIZE)
    assert base64.b64decode(kept["contentBytes"]) == content
    assert call("GET", path).json()["hasAttachments"] is True
    assert _put(call, url, b"more", SIZE).status_code == 404


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"size": 1000}, (400, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize")),
        ({"size": 200 * 1024 * 1024}, (413, "ErrorAttachmentSizeLimitExceeded")),
        ({"name": ""}, (400, "ErrorInvalidRequest")),
        ({"attachmentType": "folder"}, (400, "RequestBodyRead")),
    ],
)
def test_what_cannot_go_in_pieces_is_refused(
    call: Any, words: Any, about: dict[str, Any], expected: tuple[int, str]
) -> None:
    draft = call("POST", f"users/{words.worker}/messages", {"subject": "Large"}).json()
    item = {"attachmentType": "file", "name": "large.bin", "size": SIZE} | about
    path = f"users/{words.worker}/messages/{draft['id']}/attachments/createUploadSession"
    assert call.refused("POST", path, {"AttachmentItem": item}) == expected


def test_an_upload_can_be_given_up(call: Any, words: Any) -> None:
    _, url = _session(call, words)
    assert call.session.delete(url).status_code == 204
    assert _put(call, url, b"x", 0).status_code == 404


def test_ids_are_translated_into_the_immutable_ones_and_back(call: Any, words: Any) -> None:
    """Ids: default ids change when an item moves; translateExchangeIds tells the other one."""
    made = call.made(words.event())
    path = f"users/{words.worker}/translateExchangeIds"
    asked = {
        "inputIds": [made["id"], "A" * 40],
        "sourceIdType": "restId",
        "targetIdType": "restImmutableEntryId",
    }
    good, bad = call("POST", path, asked).json()["value"]
    kept = call(
        "GET", f"users/{words.worker}/events/{made['id']}", headers={"Prefer": 'IdType="ImmutableId"'}
    )
    assert good == {"sourceId": made["id"], "targetId": kept.json()["id"]}
    assert bad["errorDetails"]["code"] == "ErrorItemNotFound"
    back = {"inputIds": [good["targetId"]], "sourceIdType": "restImmutableEntryId", "targetIdType": "RestId"}
    assert call("POST", path, back).json()["value"][0]["targetId"] == made["id"]
    assert call.refused("POST", path, asked | {"targetIdType": "ewsId"}) == (501, "NotSupported")
    assert call.refused("POST", path, {"inputIds": [made["id"]]}) == (400, "ErrorInvalidParameter")
    many = asked | {"inputIds": ["x"] * 1001}
    assert call.refused("POST", path, many) == (400, "ErrorInvalidParameter")


@pytest.mark.parametrize("verb", ["GET", "PATCH", "DELETE"])
def test_that_there_are_no_notifications_is_said(call: Any, verb: str) -> None:
    body = {"expirationDateTime": "2026-12-04T00:00:00Z"} if verb == "PATCH" else None
    assert call.refused(verb, "subscriptions/x", body) == (501, "NotSupported")
