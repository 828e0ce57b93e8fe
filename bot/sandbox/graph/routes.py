"""Which path leads to which answer, and which permission opens it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from bot.sandbox.graph import (
    addressing,
    attachments_api,
    calendar_api,
    calendars_api,
    categories_api,
    delta_api,
    drive_api,
    exchange_api,
    mail_api,
    people_api,
    schedule_api,
)
from bot.sandbox.graph.context import Context
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.tenant import Tenant
from bot.sandbox.tenant.refusal import GraphError, bad_request

Handler = Callable[[Context], GraphResponse]

READ_EVENTS = ("Calendars.Read", "Calendars.ReadWrite")
WRITE_EVENTS = ("Calendars.ReadWrite",)
READ_MAIL = ("Mail.Read", "Mail.ReadWrite")
WRITE_MAIL = ("Mail.ReadWrite",)
SEND = ("Mail.Send",)
READ_SETTINGS = ("MailboxSettings.Read", "MailboxSettings.ReadWrite")
WRITE_SETTINGS = ("MailboxSettings.ReadWrite",)
TRANSLATE = ("User.Read.All", "User.ReadWrite.All")
READ_FILES = ("Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All")
READ_SITES = ("Sites.Read.All", "Sites.ReadWrite.All")
READ_USERS = ("User.Read.All", "User.ReadWrite.All", "Directory.Read.All")


_AFTER_COLON = ("{path}", "{path_in}")  # a path within the path


@dataclass(frozen=True, slots=True)
class Route:
    """A verb on a path; any one of the permissions will do."""

    verb: str
    parts: tuple[str, ...]
    handler: Handler
    permissions: tuple[str, ...]

    def named(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """The path's variables, or None where it is another path."""
        if len(segments) != len(self.parts):
            return None
        found: dict[str, str] = {}
        before = ""
        for part, segment in zip(self.parts, segments, strict=True):
            if part in _AFTER_COLON and not before.endswith(":"):
                return None
            before = segment
            if part.startswith("{"):
                found[part.strip("{}")] = segment
            elif part.casefold() != segment.casefold():
                return None
        return found


Row = tuple[str, str, Handler, tuple[str, ...]]


def _attachments(base: str, read: tuple[str, ...], write: tuple[str, ...]) -> list[Row]:
    return [
        ("POST", f"{base}/createUploadSession", exchange_api.create_upload_session, write),
        ("GET", base, attachments_api.list_attachments, read),
        ("POST", base, attachments_api.add, write),
        ("GET", f"{base}/{{attachment}}", attachments_api.get, read),
        ("DELETE", f"{base}/{{attachment}}", attachments_api.delete, write),
    ]


def _subscriptions() -> list[Row]:
    one, refused = "subscriptions/{subscription}", exchange_api.no_subscriptions
    found: list[Row] = [(verb, "subscriptions", refused, READ_EVENTS) for verb in ("GET", "POST")]
    return found + [(verb, one, refused, READ_EVENTS) for verb in ("GET", "PATCH", "DELETE")]


def _routes() -> tuple[Route, ...]:
    user = "users/{user}"
    found: list[Row] = [
        ("GET", "users", people_api.list_users, READ_USERS),
        ("GET", user, people_api.get_user, READ_USERS),
        ("GET", f"{user}/manager", people_api.get_manager, READ_USERS),
        ("GET", f"{user}/directReports", people_api.direct_reports, READ_USERS),
        ("GET", f"{user}/mailboxSettings", people_api.get_settings, READ_SETTINGS),
        ("GET", f"{user}/mailboxSettings/{{setting}}", people_api.get_settings, READ_SETTINGS),
        ("PATCH", f"{user}/mailboxSettings", people_api.change_settings, WRITE_SETTINGS),
        ("GET", f"{user}/calendar", calendars_api.get_calendar, READ_EVENTS),
        ("PATCH", f"{user}/calendar", calendars_api.change, WRITE_EVENTS),
        ("GET", f"{user}/calendars", calendars_api.list_calendars, READ_EVENTS),
        ("POST", f"{user}/calendars", calendars_api.create, WRITE_EVENTS),
        ("GET", f"{user}/calendars/{{calendar}}", calendars_api.get_calendar, READ_EVENTS),
        ("PATCH", f"{user}/calendars/{{calendar}}", calendars_api.change, WRITE_EVENTS),
        ("DELETE", f"{user}/calendars/{{calendar}}", calendars_api.delete, WRITE_EVENTS),
        ("POST", f"{user}/calendar/getSchedule", schedule_api.get_schedule, READ_EVENTS),
        ("POST", f"{user}/translateExchangeIds", exchange_api.translate_ids, TRANSLATE),
        *_subscriptions(),
        ("POST", f"{user}/sendMail", mail_api.send_mail, SEND),
        ("GET", f"{user}/mailFolders", mail_api.list_folders, READ_MAIL),
        ("POST", f"{user}/mailFolders", mail_api.no_more_folders, WRITE_MAIL),
        ("GET", f"{user}/mailFolders/{{folder}}", mail_api.get_folder, READ_MAIL),
        ("GET", f"{user}/mailFolders/{{folder}}/childFolders", mail_api.child_folders, READ_MAIL),
        ("POST", f"{user}/mailFolders/{{folder}}/childFolders", mail_api.no_more_folders, WRITE_MAIL),
    ]
    for base in (user, f"{user}/calendar", f"{user}/calendars/{{calendar}}"):
        found += [
            ("GET", f"{base}/calendarView", calendar_api.calendar_view, READ_EVENTS),
            ("GET", f"{base}/calendarView/delta", delta_api.delta, READ_EVENTS),
            ("GET", f"{base}/calendarView/delta()", delta_api.delta, READ_EVENTS),
            ("GET", f"{base}/events", calendar_api.list_events, READ_EVENTS),
            ("POST", f"{base}/events", calendar_api.create, WRITE_EVENTS),
            ("GET", f"{base}/events/{{id}}", calendar_api.get, READ_EVENTS),
            ("PATCH", f"{base}/events/{{id}}", calendar_api.change, WRITE_EVENTS),
            ("DELETE", f"{base}/events/{{id}}", calendar_api.delete, WRITE_EVENTS),
            ("GET", f"{base}/events/{{id}}/instances", calendar_api.instances, READ_EVENTS),
            *_attachments(f"{base}/events/{{id}}/attachments", READ_EVENTS, WRITE_EVENTS),
        ]
    for base in (f"{user}/messages", f"{user}/mailFolders/{{folder}}/messages"):
        found += [
            ("GET", base, mail_api.list_messages, READ_MAIL),
            ("POST", base, mail_api.create, WRITE_MAIL),
            ("GET", f"{base}/{{id}}", mail_api.get, READ_MAIL),
            ("PATCH", f"{base}/{{id}}", mail_api.change, WRITE_MAIL),
            ("DELETE", f"{base}/{{id}}", mail_api.delete, WRITE_MAIL),
            ("POST", f"{base}/{{id}}/move", mail_api.move, WRITE_MAIL),
            ("POST", f"{base}/{{id}}/send", mail_api.send, SEND),
            *_attachments(f"{base}/{{id}}/attachments", READ_MAIL, WRITE_MAIL),
        ]
    categories = f"{user}/outlook/masterCategories"
    found += [
        ("GET", categories, categories_api.list_categories, READ_SETTINGS),
        ("POST", categories, categories_api.create, WRITE_SETTINGS),
        ("GET", f"{categories}/{{id}}", categories_api.get, READ_SETTINGS),
        ("PATCH", f"{categories}/{{id}}", categories_api.change, WRITE_SETTINGS),
        ("DELETE", f"{categories}/{{id}}", categories_api.delete, WRITE_SETTINGS),
    ]
    found += _drive_routes()
    return tuple(Route(verb, tuple(path.split("/")), handler, who) for verb, path, handler, who in found)


def _drive_routes() -> list[Row]:
    site, in_site = "sites/{site}", "sites/{site}/{path}"
    found: list[Row] = [
        ("GET", "sites", drive_api.find_sites, READ_SITES),
        ("GET", site, drive_api.get_site, READ_SITES),
        ("GET", in_site, drive_api.get_site, READ_SITES),
    ]
    for base in (site, in_site, "users/{user}"):
        found += [
            ("GET", f"{base}/drive", drive_api.get_drive, READ_FILES),
            ("GET", f"{base}/drives", drive_api.list_drives, READ_FILES),
        ]
    found.append(("GET", "drives/{drive}", drive_api.get_drive, READ_FILES))
    drives = [f"{base}/drive" for base in (site, in_site, "users/{user}")]
    for base in ("drives/{drive}", *drives, *(f"{one}s/{{drive}}" for one in drives)):
        for item in ("root", "root:/{path_in}", "items/{id}", "items/{id}/{path_in}"):
            at = f"{base}/{item}"
            found += [
                ("GET", at, drive_api.get_item, READ_FILES),
                ("GET", f"{at}/children", drive_api.list_children, READ_FILES),
                ("GET", f"{at}/content", drive_api.content, READ_FILES),
                ("PUT", f"{at}/content", drive_api.not_written, READ_FILES),
                ("PATCH", at, drive_api.not_written, READ_FILES),
                ("DELETE", at, drive_api.not_written, READ_FILES),
            ]
    return found


ROUTES = _routes()


def _shape(parts: tuple[str, ...]) -> tuple[int, str, str]:
    """What tells most routes apart: how long they are, how they begin, and what is asked of it."""
    third = parts[2].casefold() if len(parts) > 2 else ""
    return len(parts), parts[0].casefold(), "" if third.startswith("{") else third


_BY_SHAPE: dict[tuple[int, str, str], list[Route]] = {}
for _route in ROUTES:
    _BY_SHAPE.setdefault(_shape(_route.parts), []).append(_route)


def find(verb: str, segments: tuple[str, ...]) -> tuple[Route, dict[str, str]]:
    """The route of a path, or Graph's words that there is none."""
    if segments[0].casefold() == "me":
        raise bad_request("/me request is only valid with delegated authentication flow.", "BadRequest")
    known = False
    segments = addressing.fold(segments)
    shape = _shape(segments)
    for route in (*_BY_SHAPE.get(shape, ()), *(_BY_SHAPE.get((*shape[:2], ""), ()) if shape[2] else ())):
        named = route.named(segments)
        if named is not None:
            if route.verb == verb:
                return route, named
            known = True
    if known:
        raise GraphError(
            405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."
        )
    raise bad_request(f"Resource not found for the segment '{segments[-1]}'.", "BadRequest")


@lru_cache(maxsize=32)  # a scope can name a whole council, and is asked about at every request
def _folded(reach: frozenset[str]) -> frozenset[str]:
    return frozenset(one.casefold() for one in reach)


def check_permission(route: Route, named: dict[str, str], tenant: Tenant, settings: SandboxSettings) -> None:
    """Whether the application may do that, in that mailbox."""
    about_users = route.permissions is READ_USERS
    try:
        address = tenant.find(named["user"]).email.casefold() if "user" in named else None
    except GraphError:
        address = None
    for permission in route.permissions:
        if permission not in settings.grants:
            continue
        reach = settings.grants[permission]
        if reach is None or address is None or address in _folded(reach):
            return
    if about_users:
        raise GraphError(
            403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
        )
    if route.permissions in (READ_FILES, READ_SITES):
        raise GraphError(403, "accessDenied", "Access denied")
    raise GraphError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
