"""SharePoint sites, document libraries and the files in them: to be downloaded, never written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from bot.sandbox.graph.context import Context
from bot.sandbox.graph.filters import holds, sortable, value_at
from bot.sandbox.graph.odata import Options, Selectable, page, read_options, selected
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant import drive
from bot.sandbox.tenant.drive import Entry, Library, Site
from bot.sandbox.tenant.refusal import GraphError, bad_request

_AUDITED = {"createdBy", "lastModifiedBy", "createdDateTime", "lastModifiedDateTime", "description", "eTag"}
ITEMS = Selectable(
    "microsoft.graph.driveItem",
    frozenset(
        _AUDITED
        | {"id", "name", "webUrl", "size", "file", "folder", "root", "cTag", "parentReference", "content"}
        | {"fileSystemInfo", "@microsoft.graph.downloadUrl", "deleted", "remoteItem", "shared"}
    ),
)
DRIVES = Selectable(
    "microsoft.graph.drive",
    frozenset(_AUDITED | {"id", "name", "webUrl", "driveType", "owner", "quota", "sharePointIds"}),
)
SITES = Selectable(
    "microsoft.graph.site",
    frozenset(_AUDITED | {"id", "name", "displayName", "webUrl", "root", "siteCollection"}),
)
_SINCE = "2026-01-01T00:00:00Z"
PAGE = 200  # how many children a page holds where nobody says


def _site(context: Context) -> Site:
    named = context.named["site"]
    if named.endswith(":"):
        return drive.site_at(named.removesuffix(":"), context.named["path"])
    return drive.site_named(named)


def _show_site(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "name": site.path.rpartition("/")[2],
        "displayName": site.title,
        "webUrl": site.url,
        "createdDateTime": _SINCE,
        "lastModifiedDateTime": _SINCE,
        "siteCollection": {"hostname": drive.HOST},
    } | ({"root": {}} if site.path == "/" else {})


def get_site(context: Context) -> GraphResponse:
    """GET /sites/{id}, /sites/root or /sites/{host}:/{path}."""
    options = read_options(context.request, SITES)
    return context.one(selected(_show_site(_site(context)), options))


def find_sites(context: Context) -> GraphResponse:
    """GET /sites?search=…: those whose name or address has the words."""
    options = read_options(context.request, SITES, frozenset({"search"}))
    words = context.request.parameters().get("search", "").strip("*").casefold()
    found = [one for one in drive.SITES if words in f"{one.title} {one.url}".casefold()]
    return _listed(context, options, (_show_site(one) for one in found))


def library(context: Context) -> Library:
    """The library that the path names: by its id, as a site's, or as somebody's OneDrive."""
    folder = context.settings.drive
    if "site" in context.named:
        site = _site(context)
        return Library(folder, site.key, site.url, "documentLibrary")
    if "user" in context.named:
        person = context.tenant.find(context.named["user"])
        return _personal(context, person.id)
    return by_id(context, context.named["drive"])


def by_id(context: Context, some_id: str) -> Library:
    """The library of that id; raises itemNotFound."""
    owner = drive.owner_of(some_id)
    for site in drive.SITES:
        if site.key == owner:
            return Library(context.settings.drive, owner, site.url, "documentLibrary")
    try:
        return _personal(context, str(owner))
    except GraphError:
        raise drive.nothing_there() from None


def _personal(context: Context, person_id: str) -> Library:
    person = context.tenant.find(person_id)
    place = person.email.replace("@", "_").replace(".", "_")
    url = f"https://{drive.HOST.replace('.', '-my.', 1)}/personal/{place}"
    return Library(context.settings.drive, UUID(person.id), url, "business")


def _show_drive(found: Library) -> dict[str, Any]:
    name = "Documents" if found.type == "documentLibrary" else "OneDrive"
    return {
        "id": found.id,
        "name": name,
        "driveType": found.type,
        "webUrl": f"{found.url}/Shared%20Documents",
        "createdDateTime": _SINCE,
        "lastModifiedDateTime": _SINCE,
        "owner": {"user": {"displayName": "System Account"}},
    }


def get_drive(context: Context) -> GraphResponse:
    """GET …/drive, or /drives/{id}."""
    options = read_options(context.request, DRIVES)
    return context.one(selected(_show_drive(library(context)), options))


def list_drives(context: Context) -> GraphResponse:
    """GET …/drives: each site and each person has one."""
    options = read_options(context.request, DRIVES)
    return _listed(context, options, iter([_show_drive(library(context))]))


def _entry(context: Context) -> Entry:
    found = library(context)
    start = found.item_by_id(context.named["id"].removesuffix(":")) if "id" in context.named else None
    path = context.named.get("path_in")
    if path is None:
        return start or found.item("")
    return found.item("/".join([*(start.names if start else ()), path]))


def _show(context: Context, options: Options, entry: Entry) -> dict[str, Any]:
    site = context.request.base.removesuffix("v1.0/")
    return selected(drive.show(entry, site, context.tenant.clock.wall()), options)


def _unchanged(context: Context, entry: Entry) -> bool:
    known = context.request.headers.get("if-none-match", "")
    return entry.etag in [one.strip().removeprefix("W/") for one in known.split(',"')] or known == entry.etag


def get_item(context: Context) -> GraphResponse:
    """GET a driveItem by its id or its path."""
    options = read_options(context.request, ITEMS)
    entry = _entry(context)
    if _unchanged(context, entry):
        return context.answer(304, None, {"ETag": entry.etag})
    answer = context.one(_show(context, options, entry))
    answer.headers["ETag"] = entry.etag
    return answer


def list_children(context: Context) -> GraphResponse:
    """GET …/children of a folder, by name."""
    options = read_options(context.request, ITEMS)
    if options.filter is None and not options.order:
        shown = (_show(context, Options(), one) for one in _entry(context).children())
        return _listed(context, options, shown)
    found = [_show(context, Options(), one) for one in _entry(context).children()]
    condition = options.filter
    if condition is not None:
        found = [one for one in found if holds(condition, one, {})]
    for path, descending in reversed(options.order):
        found.sort(key=lambda one: str(sortable(value_at(one, path))), reverse=descending)
    return _listed(context, options, iter(found))


def _listed(context: Context, options: Options, found: Iterator[dict[str, Any]]) -> GraphResponse:
    size = context.preferences.page_size or PAGE
    return context.answer(
        200, page(context.request, options, found, size=size, show=lambda one: selected(one, options))
    )


def content(context: Context) -> GraphResponse:
    """GET …/content: an address at which the file can be fetched without a token."""
    if "format" in context.request.parameters():
        raise GraphError(501, "notSupported", "This stand-in does not convert files to other formats.")
    entry = _entry(context)
    if entry.is_folder:
        raise bad_request("The content of a folder cannot be downloaded.", "invalidRequest")
    if _unchanged(context, entry):
        return context.answer(304, None, {"ETag": entry.etag})
    base = context.request.base.removesuffix("v1.0/")
    return context.answer(302, None, {"Location": entry.way_in(base, context.tenant.clock.wall())})


def not_written(_: Context) -> GraphResponse:
    """Whatever would change a file."""
    raise GraphError(501, "notSupported", "This stand-in does not write files: it shows a folder.")
