"""A workbook in SharePoint or OneDrive: found by site, path or id, and downloaded byte for byte."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HOST = "sandbox.sharepoint.com"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "library"
    (top / "Team files" / "2026").mkdir(parents=True)
    with zipfile.ZipFile(top / "Team files" / "Caseload.xlsx", "w") as book:
        book.writestr("xl/workbook.xml", os.urandom(5000))
    (top / "notes.txt").write_text("abcdefghij")
    (top / ".hidden").write_text("x")
    (tmp_path / "secret.txt").write_text("x")
    (top / "leads out.txt").symlink_to(tmp_path / "secret.txt")
    return top


@pytest.fixture
def library(stand_in: Any, folder: Path) -> Any:
    return stand_in(drive=folder)


def _drive(call: Any) -> str:
    site = call("GET", f"sites/{HOST}:/sites/team").json()
    found = call("GET", f"sites/{site['id']}/drive").json()
    assert found["driveType"] == "documentLibrary"
    return f"drives/{found['id']}"


def test_a_workbook_is_found_by_path_and_id_and_comes_byte_for_byte(library: Any, folder: Path) -> None:
    drive = _drive(library)
    item = library("GET", f"{drive}/root:/team FILES/caseload.xlsx").json()
    wanted = (folder / "Team files" / "Caseload.xlsx").read_bytes()
    assert (item["name"], item["size"]) == ("Caseload.xlsx", len(wanted))
    assert item["file"]["mimeType"].endswith("spreadsheetml.sheet")
    assert library("GET", f"{drive}/items/{item['id']}").json()["eTag"] == item["eTag"]
    for path in (f"items/{item['id']}/content", "root:/Team files/Caseload.xlsx:/content"):
        sent = library.session.get(f"{library.running.graph_url}{drive}/{path}", allow_redirects=False)
        assert (sent.status_code, sent.content) == (302, b"")
        alone = library.session.get(sent.headers["Location"], headers={"Authorization": ""})
        assert (alone.status_code, alone.content) == (200, wanted)
    assert library.session.get(item["@microsoft.graph.downloadUrl"]).content == wanted


def test_what_lies_in_a_folder_is_listed_and_nothing_outside_it(library: Any) -> None:
    drive = _drive(library)
    found = library("GET", f"{drive}/root/children").json()["value"]
    assert [(one["name"], "folder" in one) for one in found] == [("notes.txt", False), ("Team files", True)]
    inside = library("GET", f"{drive}/root:/Team files:/children?$select=name&$top=1").json()
    assert [one["name"] for one in inside["value"]] == ["2026"]
    assert "@odata.nextLink" in inside
    for path in ("root:/leads out.txt", "root:/.hidden", "items/01NOTHINGTHERE"):
        assert library.refused("GET", f"{drive}/{path}") == (404, "itemNotFound")


def test_a_file_comes_in_parts_and_not_again_while_it_is_the_same(library: Any, folder: Path) -> None:
    path = f"{_drive(library)}/root:/notes.txt"
    item = library("GET", path)
    link = item.json()["@microsoft.graph.downloadUrl"]
    for asked, status, content in (
        ("bytes=2-4", 206, b"cde"),
        ("bytes=7-", 206, b"hij"),
        ("bytes=-2", 206, b"ij"),
        ("bytes=20-", 416, b""),
    ):
        part = library.session.get(link, headers={"Range": asked})
        assert (part.status_code, part.content) == (status, content)
    same = {"If-None-Match": item.json()["eTag"]}
    for again in (path, f"{path}:/content"):
        assert library.session.get(library.running.graph_url + again, headers=same).status_code == 304
    assert library.session.get(link, headers=same).status_code == 304
    (folder / "notes.txt").write_text("longer than it was")
    assert library("GET", path, headers=same).json()["eTag"] != item.json()["eTag"]


def test_an_address_to_download_holds_for_that_file_and_for_a_while(library: Any) -> None:
    link = library("GET", f"{_drive(library)}/root:/notes.txt").json()["@microsoft.graph.downloadUrl"]
    assert library.session.get(link.replace("tempauth=", "tempauth=0")).status_code == 401
    library.running.tenant.clock.let_pass(3601)
    assert library.session.get(link).status_code == 401


@pytest.mark.parametrize("path", ["sites/root/drive", "users/{worker}/drive"])
def test_every_site_and_every_person_has_a_library(library: Any, words: Any, path: str) -> None:
    found = library("GET", path.format(worker=words.worker)).json()
    item = library("GET", f"{path.format(worker=words.worker)}/root:/notes.txt").json()
    assert item["parentReference"]["driveId"] == found["id"]


def test_what_is_not_there_or_not_granted_is_refused_in_sharepoints_words(
    stand_in: Any, folder: Path, words: Any
) -> None:
    call = stand_in(drive=folder, grants={"Files.Read.All": frozenset({words.worker})})
    assert call.refused("GET", "sites/root") == (403, "accessDenied")
    assert call("GET", f"users/{words.worker}/drive/root").status_code == 200
    assert call.refused("GET", f"users/{words.colleague}/drive/root") == (403, "accessDenied")
    call = stand_in(drive=folder)
    assert call.refused("GET", f"sites/{HOST}:/sites/other") == (404, "itemNotFound")
    assert call.refused("GET", "drives/b!nothing/root") == (404, "itemNotFound")
    path = f"{_drive(call)}/root:/notes.txt"
    assert call.refused("DELETE", path) == (501, "notSupported")
    assert call.refused("GET", f"{_drive(call)}/root:/Team files:/content") == (400, "invalidRequest")


def test_without_a_folder_the_library_is_empty(call: Any) -> None:
    assert call("GET", f"{_drive(call)}/root/children").json()["value"] == []


def test_o365_downloads_the_workbook(
    account_of: Callable[..., Any], library: Any, folder: Path, tmp_path: Path
) -> None:
    """It does well: SharePoint/OneDrive workbooks."""
    account = account_of(library, main_resource="")
    site = account.sharepoint().get_site(HOST, "/sites/team")
    drive = site.get_default_document_library(request_drive=True)
    item = drive.get_item_by_path("/Team files/Caseload.xlsx")
    assert item.download(to_path=tmp_path, name="copy.xlsx")
    assert (tmp_path / "copy.xlsx").read_bytes() == (folder / "Team files" / "Caseload.xlsx").read_bytes()
    assert [one.name for one in drive.get_root_folder().get_items()] == ["notes.txt", "Team files"]
