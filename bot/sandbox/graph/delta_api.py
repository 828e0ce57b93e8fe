"""What changed in a window of a calendar since it was last asked: calendarView/delta.

A token holds all that there is to know of a reader: its window, and up to which version of the mailbox it
has been told. So nothing is kept here for a reader that never comes back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.sandbox.graph import calendar_api, calendars_api
from bot.sandbox.graph.context import Context
from bot.sandbox.graph.odata import Options
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant import series
from bot.sandbox.tenant.departures import Departure
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.refusal import GraphError, bad_request

REFUSED = ("$orderby", "$filter", "$select", "$expand", "$search", "$top", "$skip", "$count")
WINDOW = frozenset({"startdatetime", "enddatetime"})
TOKENS = ("$skiptoken", "$deltatoken")
_SIGNED = 16
ALL = "~"  # after every key of a version


@dataclass(frozen=True, slots=True)
class Token:
    """Where a reader stands: told all up to this version, and of that version up to this key."""

    folder: str
    start: str
    end: str
    version: int = 0
    key: str = ""
    gone_since: int = 0  # what departed before that version was never told to this reader

    def write(self, seed: bytes) -> str:
        """The token as it is sent."""
        content = json.dumps(asdict(self), separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(_sign(content, seed) + content).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, seed: bytes) -> Token | None:
        """A token as it was sent, or None where this mailbox never wrote it."""
        try:
            content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            return None
        if not hmac.compare_digest(content[:_SIGNED], _sign(content[_SIGNED:], seed)):
            return None
        return cls(**json.loads(content[_SIGNED:]))


def _sign(content: bytes, seed: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_SIGNED, key=seed, person=b"delta").digest()


@dataclass(frozen=True, slots=True)
class _Told:
    """One line of an answer: an event, or that one is no longer in the window."""

    version: int
    key: str
    shown: dict[str, Any]


def delta(context: Context) -> GraphResponse:
    """GET …/calendarView/delta: a first round of all there is, later ones of what changed."""
    found = context.request.parameters()
    refused = [name for name in REFUSED if name in found]
    if refused:
        raise bad_request(
            "The following parameters are not supported with change tracking over the 'CalendarView' "
            f"resource: '{', '.join(refused)}'.",
            "ErrorInvalidUrlQuery",
        )
    for name in found:
        if name not in WINDOW and name not in TOKENS:
            raise bad_request(f"The query parameter '{name}' is not supported.", "BadRequest")
    given = [found[name] for name in TOKENS if name in found]
    if len(given) > 1:
        raise bad_request("A request has a $skiptoken or a $deltatoken, not both.", "BadRequest")
    token = _known(context, given[0]) if given else _first(context)
    size = context.page_size
    lines = sorted(_lines(context, token), key=lambda one: (one.version, one.key))[: size + 1]
    answer: dict[str, Any] = {"@odata.context": f"{context.request.base}$metadata#Collection(event)"}
    answer["value"] = [one.shown for one in lines[:size]]
    if len(lines) > size:
        after = replace(token, version=lines[size - 1].version, key=lines[size - 1].key)
        answer["@odata.nextLink"] = _link(context, "$skiptoken", after)
    else:
        version = context.mailbox.version
        if context.settings.delta_replays and lines:
            version = lines[-1].version - 1  # so that the last change is told again
        after = replace(token, version=version, key=ALL, gone_since=version)
        answer["@odata.deltaLink"] = _link(context, "$deltatoken", after)
    response = context.answer(200, answer)
    applied = ["odata.track-changes", *context.preferences.applied]
    if context.preferences.page_size:
        applied.append(f"odata.maxpagesize={context.preferences.page_size}")
    response.headers["Preference-Applied"] = ", ".join(applied)
    return response


def _first(context: Context) -> Token:
    start, end = (one.isoformat() for one in calendar_api.window(context))
    return Token(calendars_api.folder(context), start, end, gone_since=context.mailbox.version)


def _known(context: Context, text: str) -> Token:
    """The token, where it was given by this mailbox for this calendar and still leads somewhere."""
    mailbox = context.mailbox
    token = Token.read(text, mailbox.ids.seed)
    window = ""
    if token is not None:
        same = token.folder == calendars_api.folder(context) and token.version <= mailbox.version
        if same and token.gone_since >= mailbox.departures.forgotten:
            return token
        window = f"?startDateTime={quote(token.start)}&endDateTime={quote(token.end)}"
    anew = f"{context.request.base}{context.request.path}{window}"
    if context.settings.lost_delta == 400:
        raise GraphError(400, "syncStateNotFound", "The sync state is not found; read everything again.")
    generation = token.version if token else 0
    raise GraphError(
        410,
        "SyncStateNotFound",
        f"The sync state generation is not found; generation={generation};[highest={mailbox.version}].",
        {"Location": anew},
    )


def _link(context: Context, name: str, token: Token) -> str:
    text = token.write(context.mailbox.ids.seed)
    return f"{context.request.base}{context.request.path}?{name}={text}"


def _lines(context: Context, token: Token) -> Iterator[_Told]:
    """Everything that this reader was not told yet."""
    start, end = datetime.fromisoformat(token.start), datetime.fromisoformat(token.end)
    here: set[str] = set()
    masters: dict[str, Item] = {}
    for item in series.in_window(context.mailbox, start, end, token.folder):
        here.add(item.key)
        if isinstance(item, series.Occurrence):
            masters[item.of.key] = item.of
        if (item.version, item.key) > (token.version, token.key):
            yield _Told(item.version, item.key, _shown(context, item))
    for key, master in masters.items():
        here.add(key)
        if (master.version, key) > (token.version, token.key):
            yield _Told(master.version, key, _shown(context, master))
    told: set[str] = set()
    for one in reversed(context.mailbox.departures.since(token.gone_since)):
        if one.folder != token.folder or one.version < token.version:
            continue
        for key, some_id in _stood(context, one, start, end):
            if key not in here and key not in told:
                told.add(key)
                if (one.version, key) <= (token.version, token.key):
                    continue
                reason = "deleted" if one.deleted else "changed"
                removed = {"@odata.type": "#microsoft.graph.event", "id": some_id}
                yield _Told(one.version, key, removed | {"@removed": {"reason": reason}})


def _stood(context: Context, one: Departure, start: datetime, end: datetime) -> Iterator[tuple[str, str]]:
    """The immutable and the asked ids of what of a departed event had stood in the window."""
    immutable = context.preferences.immutable
    if "recurrence" not in one.props:
        if one.starts < end and (one.ends > start or one.starts >= start):
            yield one.key, one.key if immutable else one.id
        return
    days = list(series.days_in_window(one.props, start, end))
    for day in days:
        key = series.occurrence_id(one.key, day)
        yield key, key if immutable else series.occurrence_id(one.id, day)
    if days:
        yield one.key, one.key if immutable else one.id


def _shown(context: Context, item: series.Happening) -> dict[str, Any]:
    """An event as it is told: an occurrence by its times alone, since its series says the rest."""
    shown = calendar_api.show(context, Options(), item)
    shown = {"@odata.type": "#microsoft.graph.event"} | shown
    if item.props["type"] != "occurrence":
        return shown
    kept = ("@odata.type", "@odata.etag", "id", "seriesMasterId", "type", "start", "end")
    return {name: shown[name] for name in kept}
