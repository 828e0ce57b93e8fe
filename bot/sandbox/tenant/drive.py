"""A folder of this machine as SharePoint and OneDrive show it: files with ids, versions and ways in.

Every library here shows the same folder, each under ids of its own, and nothing in it can be written.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import mimetypes
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.sandbox.tenant.refusal import GraphError, NotFound, bad_request
from bot.sandbox.tenant.zones import stamp

HOST = "sandbox.sharepoint.com"
LINK_HOLDS = timedelta(hours=1)
_KEY = secrets.token_bytes(32)  # signs the ways to download; they need not outlive this process
_NAMES = uuid.uuid5(uuid.NAMESPACE_DNS, HOST)
_COLLECTION = uuid.uuid5(_NAMES, "collection")
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def nothing_there() -> NotFound:
    """How SharePoint and OneDrive say that something is not there."""
    return NotFound("itemNotFound", "The resource could not be found.")


@dataclass(frozen=True, slots=True)
class Site:
    """A SharePoint site; `path` is where it lies on the host."""

    path: str
    title: str

    @property
    def key(self) -> uuid.UUID:
        """Its own part of every id."""
        return uuid.uuid5(_NAMES, self.path)

    @property
    def id(self) -> str:
        """The three parts that Graph writes with commas."""
        return f"{HOST},{_COLLECTION},{self.key}"

    @property
    def url(self) -> str:
        """Where a browser would find it."""
        return f"https://{HOST}{self.path}".rstrip("/")


SITES = (Site("/", "Council"), Site("/sites/team", "Team"))


def site_named(some_id: str) -> Site:
    """A site by `root`, its host, its id, or the last part of it; raises itemNotFound."""
    asked = some_id.casefold()
    for site in SITES:
        if asked in (site.id, str(site.key)) or (asked in ("root", HOST) and site.path == "/"):
            return site
    raise nothing_there()


def site_at(host: str, path: str) -> Site:
    """A site by host and path."""
    for site in SITES:
        if host.casefold() == HOST and site.path.strip("/") == path.strip("/").casefold():
            return site
    raise nothing_there()


def drive_id(owner: uuid.UUID) -> str:
    """The id of a site's or a person's library, from which its owner can be read again."""
    return "b!" + base64.urlsafe_b64encode(_COLLECTION.bytes + _NAMES.bytes + owner.bytes).decode()


def owner_of(some_id: str) -> uuid.UUID:
    """Whose library an id means; raises itemNotFound where it cannot be one."""
    try:
        content = base64.urlsafe_b64decode(some_id.removeprefix("b!"))
    except ValueError:
        raise nothing_there() from None
    if len(content) != 48 or content[:32] != _COLLECTION.bytes + _NAMES.bytes:
        raise nothing_there()
    return uuid.UUID(bytes=content[32:])


@dataclass(frozen=True, slots=True)
class Library:
    """One drive: the folder, and whose it is."""

    folder: Path | None
    owner: uuid.UUID
    url: str
    type: str  # documentLibrary, or business for somebody's OneDrive

    @property
    def id(self) -> str:
        """The drive's id."""
        return drive_id(self.owner)

    def item(self, path: str) -> Entry:
        """What lies at a path; names are the same in any case, as in SharePoint."""
        entry = Entry(self, ())
        for name in filter(None, path.split("/")):
            found = (one for one in entry.children() if one.name.casefold() == name.casefold())
            entry = next(found, None) or _raise(nothing_there())
        return entry

    def item_by_id(self, some_id: str) -> Entry:
        """What has that id."""
        waiting = [Entry(self, ())]
        while waiting:
            entry = waiting.pop()
            if some_id in (entry.id, "root" if not entry.names else ""):
                return entry
            waiting += entry.children() if entry.is_folder else ()
        raise nothing_there()


def _raise(error: GraphError) -> Any:
    raise error


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder in a library; the root has no names."""

    library: Library
    names: tuple[str, ...]

    @property
    def where(self) -> Path | None:
        """The file on this machine."""
        return self.library.folder.joinpath(*self.names) if self.library.folder else None

    @property
    def name(self) -> str:
        """Its name; the root has one too."""
        return self.names[-1] if self.names else "root"

    @property
    def is_folder(self) -> bool:
        """Whether it can hold others."""
        return not self.names or bool(self.where and self.where.is_dir())

    @property
    def guid(self) -> uuid.UUID:
        """What its ids and tags are made of."""
        return uuid.uuid5(self.library.owner, "/".join(self.names).casefold())

    @property
    def id(self) -> str:
        """The item's id."""
        digest = hashlib.sha256(self.guid.bytes).digest()[:20]
        return "01" + base64.b32encode(digest).decode()

    @property
    def etag(self) -> str:
        """Another one for every version of the file."""
        version = self.where.stat().st_mtime_ns // 1000 if self.where else 1
        return f'"{{{str(self.guid).upper()}}},{version}"'

    def children(self) -> Iterator[Entry]:
        """What lies in it, by name; what is hidden or leads out of the folder is not there."""
        top, where = self.library.folder, self.where
        if top is None or where is None or not where.is_dir():
            return
        for one in sorted(where.iterdir(), key=lambda path: path.name.casefold()):
            inside = one.resolve().is_relative_to(top.resolve())
            if inside and not one.name.startswith((".", "~$")) and (one.is_dir() or one.is_file()):
                yield Entry(self.library, (*self.names, one.name))

    def content(self) -> bytes:
        """The file, byte for byte."""
        if self.is_folder or self.where is None:
            raise bad_request("The content of a folder cannot be downloaded.", "invalidRequest")
        return self.where.read_bytes()

    def way_in(self, base: str, now: datetime) -> str:
        """An address at which the file can be fetched for a while, by whoever has it."""
        until = int((now + LINK_HOLDS).timestamp())
        query = f"UniqueId={self.guid}&drive={self.library.id}&until={until}"
        signed = f"{query}&tempauth={_signature(self.library.id, self.guid, until)}"
        return f"{base}_layouts/15/download.aspx?{signed}"


def _signature(drive: str, guid: uuid.UUID, until: int) -> str:
    return hmac.new(_KEY, f"{drive}/{guid}/{until}".encode(), hashlib.sha256).hexdigest()


def opened(asked: dict[str, str], library: Library, now: datetime) -> Entry:
    """The file that such an address leads to; raises where it was not made here or holds no longer."""
    try:
        guid, until = uuid.UUID(asked["UniqueId"]), int(asked["until"])
        valid = hmac.compare_digest(asked["tempauth"], _signature(library.id, guid, until))
    except (KeyError, ValueError):
        valid, guid, until = False, _NAMES, 0
    if not valid or now.timestamp() > until:
        raise GraphError(401, "unauthenticated", "The download address is not valid, or no longer.")
    waiting = [Entry(library, ())]
    while waiting:
        entry = waiting.pop()
        if entry.guid == guid and not entry.is_folder:
            return entry
        waiting += entry.children() if entry.is_folder else ()
    raise nothing_there()


def kind_of(name: str) -> str:
    """The media type of a file by its name."""
    kind = _SHEETS if name.casefold().endswith(".xlsx") else mimetypes.guess_type(name)[0]
    return kind or "application/octet-stream"


def show(entry: Entry, base: str, now: datetime) -> dict[str, Any]:
    """A driveItem."""
    library, where = entry.library, entry.where
    stat = where.stat() if where else None
    changed = stamp(datetime.fromtimestamp(stat.st_mtime if stat else 0, UTC))
    shown: dict[str, Any] = (
        {} if entry.is_folder else {"@microsoft.graph.downloadUrl": entry.way_in(base, now)}
    )
    shown |= {
        "createdDateTime": changed,
        "eTag": entry.etag,
        "cTag": f'"c:{entry.etag[1:]}',
        "id": entry.id,
        "lastModifiedDateTime": changed,
        "name": entry.name,
        "webUrl": "/".join([f"{library.url}/Shared%20Documents", *entry.names]),
        "size": stat.st_size if stat and not entry.is_folder else 0,
        "fileSystemInfo": {"createdDateTime": changed, "lastModifiedDateTime": changed},
        "parentReference": {"driveType": library.type, "driveId": library.id},
    }
    if entry.names:
        above = Entry(library, entry.names[:-1])
        path = "/".join([f"/drives/{library.id}/root:", *above.names])
        shown["parentReference"] |= {"id": above.id, "name": above.name, "path": path}
    else:
        shown["root"] = {}
    if entry.is_folder:
        shown["folder"] = {"childCount": sum(1 for _ in entry.children())}
    else:
        shown["file"] = {"mimeType": kind_of(entry.name), "hashes": {}}
    return shown
