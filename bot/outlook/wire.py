"""Entries as Graph's JSON and back: the one place that knows the shape of an event.

Ours carry two extended properties: Owner, a constant, so that a listing can ask for our entries and no
others; and Key, which says which visit an entry stands for. An entry let go keeps both, overwritten: Graph
has no way to take an extended property off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import Temporary
from bot.outlook.answer import Json, query
from bot.outlook.event import Draft, Standing
from bot.outlook.faults import AGAIN

NAMESPACE: Final = "{36d9ee56-50b3-4810-a2a4-b7a4d31ecf66}"
OWNER_PROPERTY: Final = f"String {NAMESPACE} Name VisitBotOwner"
KEY_PROPERTY: Final = f"String {NAMESPACE} Name VisitBotKey"
MARK_PROPERTY: Final = f"String {NAMESPACE} Name VisitBotMark"  # on a calendar, not on an entry
REFERENCE_PROPERTY: Final = f"String {NAMESPACE} Name VisitBotReference"
OWNER: Final = "visit-bot"
RELEASED: Final = "released"  # a person's copy, let go
DONE_WITH: Final = "visit-bot-released"  # one that the bot made, let go when its time was over

LONDON: Final = "Europe/London"
LONDON_IN_OUTLOOK: Final = "GMT Standard Time"  # Windows' name of London's zone, summer time included
_LONDON_NAMES: Final = frozenset({LONDON, LONDON_IN_OUTLOOK})
_UTC_NAMES: Final = frozenset({"UTC", "Etc/UTC", "Etc/GMT", "tzone://Microsoft/Utc"})

# What is read back: never a body, never anybody invited.
_SELECT: Final = (
    "id,subject,start,end,isAllDay,categories,isReminderOn,reminderMinutesBeforeStart,transactionId,"
    "lastModifiedDateTime"
)
_EXPAND: Final = f"singleValueExtendedProperties($filter=id eq '{KEY_PROPERTY}')"


def having(property_id: str, value: str) -> str:
    """The filter for things whose extended property has this value."""
    text = value.replace("'", "''")
    return f"singleValueExtendedProperties/any(ep: ep/id eq '{property_id}' and ep/value eq '{text}')"


def view(**more: str) -> str:
    """The query string that reads an entry as a Standing, and no more of it."""
    return query(**more, select=_SELECT, expand=_EXPAND)


def to_create(draft: Draft, transaction_id: str) -> Json:
    """A new entry. The transaction id makes a repeated request make one entry."""
    return {**to_change(draft), "transactionId": transaction_id}


def to_change(draft: Draft) -> Json:
    """An entry as it should stand: private, showing as free, marked as ours."""
    if draft.all_day and (draft.starts.time() != time.min or draft.ends.time() != time.min):
        raise ValueError("an all-day entry runs from midnight to midnight")
    alarm: Json = {"isReminderOn": draft.alarm_minutes is not None}
    if draft.alarm_minutes is not None:
        alarm["reminderMinutesBeforeStart"] = draft.alarm_minutes
    return {
        "subject": draft.subject,
        "body": {"contentType": "html", "content": draft.html},
        "start": _moment(draft.starts),
        "end": _moment(draft.ends),
        "isAllDay": draft.all_day,
        "showAs": "free",
        "sensitivity": "private",
        "categories": list(draft.categories),
        **alarm,
        "singleValueExtendedProperties": _properties(OWNER, draft.key),
    }


def to_release(categories: tuple[str, ...] | None, *, made_by_us: bool = False) -> Json:
    """An entry let go: it stays where it is and is kept no longer.

    One that the bot made can still be told from everything else, so that `undo` can take it out.
    """
    owner = DONE_WITH if made_by_us else RELEASED
    body: Json = {"singleValueExtendedProperties": _properties(owner, RELEASED)}
    return body if categories is None else {**body, "categories": list(categories)}


def standing(event: Json) -> Standing:
    """An event as it stands. Raises Temporary where the answer does not hold one."""
    try:
        all_day = bool(event.get("isAllDay"))
        alarm = event.get("reminderMinutesBeforeStart") if event.get("isReminderOn") else None
        return Standing(
            id=_text(event["id"]),
            etag=_text(event["@odata.etag"]),
            key=_key(event),
            subject=str(event.get("subject") or ""),
            starts=_london(event["start"], all_day),
            ends=_london(event["end"], all_day),
            all_day=all_day,
            categories=tuple(str(name) for name in event.get("categories") or ()),
            alarm_minutes=int(alarm) if alarm is not None else None,
            changed_at=_instant(event.get("lastModifiedDateTime")),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Temporary(
            f"Microsoft's answer about a calendar entry could not be understood. {AGAIN}"
        ) from None


def shows(now: Standing, draft: Draft) -> bool:
    """Whether an entry already stands as the draft says, as far as it is read back."""
    return (now.subject, now.starts, now.ends, now.all_day, set(now.categories), now.alarm_minutes) == (
        draft.subject,
        draft.starts,
        draft.ends,
        draft.all_day,
        set(draft.categories),
        draft.alarm_minutes,
    )


def properties(thing: Json) -> Iterator[tuple[str, str]]:
    """The extended properties that came with a thing. Their ids are told apart without regard to case."""
    for found in thing.get("singleValueExtendedProperties") or ():
        if isinstance(found, dict) and isinstance(found.get("value"), str):
            yield str(found.get("id", "")).casefold(), found["value"]


def _key(event: Json) -> str | None:
    key = dict(properties(event)).get(KEY_PROPERTY.casefold())
    return key if key and key != RELEASED else None


def _properties(owner: str, key: str) -> list[Json]:
    return [{"id": OWNER_PROPERTY, "value": owner}, {"id": KEY_PROPERTY, "value": key}]


def _moment(naive_london: datetime) -> Json:
    return {"dateTime": naive_london.isoformat(timespec="seconds"), "timeZone": LONDON_IN_OUTLOOK}


def naive_london(moment: Any) -> datetime:
    """A time of the wire (dateTime and timeZone) as naive London; raises ValueError where it is none."""
    return _london(moment, all_day=False)


def _london(moment: Any, all_day: bool) -> datetime:
    """A time of the wire as naive London. All-day entries float: their midnight is midnight anywhere."""
    at = datetime.fromisoformat(_text(moment["dateTime"]).removesuffix("Z"))
    if at.tzinfo is not None:
        return at.astimezone(ZoneInfo(LONDON)).replace(tzinfo=None, fold=0)
    zone = str(moment.get("timeZone") or "UTC")
    if zone in _LONDON_NAMES or (all_day and at.time() == time.min):
        return at
    try:
        there = ZoneInfo("UTC" if zone in _UTC_NAMES else zone)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError(zone) from None
    return at.replace(tzinfo=there).astimezone(ZoneInfo(LONDON)).replace(tzinfo=None, fold=0)


def _instant(stamp: Any) -> datetime | None:
    """A moment that Exchange stamps, to the second, as naive London; null where it stamps none."""
    if not isinstance(stamp, str) or not stamp:
        return None
    at = datetime.fromisoformat(stamp)
    there = at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo("UTC"))
    return there.astimezone(ZoneInfo(LONDON)).replace(tzinfo=None, microsecond=0, fold=0)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text was expected")
    return value
