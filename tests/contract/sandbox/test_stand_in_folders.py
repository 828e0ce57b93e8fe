"""Mail folders: the well-known ones, counted, and none beside them."""

from __future__ import annotations

from typing import Any


def test_the_well_known_folders_are_listed_and_counted(call: Any, words: Any) -> None:
    path = f"users/{words.worker}/mailFolders"
    call("POST", f"users/{words.worker}/messages", {"subject": "Draft"})
    (drafts,) = call("GET", f"{path}?$filter=displayName eq 'Drafts'").json()["value"]
    assert (drafts["totalItemCount"], drafts["childFolderCount"]) == (1, 0)
    assert call("GET", f"{path}/drafts").json()["id"] == drafts["id"]
    first = call("GET", f"{path}?$top=2&$select=displayName").json()
    assert [one["displayName"] for one in first["value"]] == ["Inbox", "Drafts"]
    assert len(call("GET", first["@odata.nextLink"]).json()["value"]) == 2
    assert call("GET", f"{path}/inbox/childFolders").json()["value"] == []
    assert call.refused("GET", f"{path}/nowhere/childFolders") == (404, "ErrorItemNotFound")
    assert call.refused("GET", f"{path}?$filter=colour eq 'red'") == (400, "RequestBroker--ParseUri")


def test_that_no_folders_are_made_is_said(call: Any, words: Any) -> None:
    for path in ("mailFolders", "mailFolders/inbox/childFolders"):
        sent = {"displayName": "Visits"}
        assert call.refused("POST", f"users/{words.worker}/{path}", sent) == (501, "NotSupported")
