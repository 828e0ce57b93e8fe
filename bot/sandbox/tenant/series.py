"""What stands in a calendar between two moments: single events, and every occurrence of a series.

An occurrence is made when it is looked at; its series keeps what was changed or taken out on its own.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.sandbox.tenant import recurrence
from bot.sandbox.tenant.ids import mark
from bot.sandbox.tenant.items import Item
from bot.sandbox.tenant.mailbox import Mailbox
from bot.sandbox.tenant.refusal import GraphError, bad_request, item_not_found
from bot.sandbox.tenant.zones import read_moment, stamp, to_utc

DEFAULT = "calendar"  # the folder of the default calendar's events
CANCELLED = "cancelledOccurrences"  # of a series: the dates that were taken out
CHANGED = "_exceptions"  # of a series: date -> what that occurrence says otherwise
EXTENDED = "_extended"  # within that: its own extended properties
_OWN = ("recurrence", CANCELLED, CHANGED)
_MARK = b"\x4f\x43\x00"
_TAIL = 8
_FIRST = datetime(1, 1, 3, tzinfo=UTC)


class Occurrence:
    """One time that a series happens. It can be shown like an event; `of` is the series, `day` its date."""

    kind = "event"

    def __init__(self, of: Item, props: Mapping[str, Any], day: date) -> None:
        changed = (props.get(CHANGED) or {}).get(day.isoformat()) or {}
        starts, length, zone_name = _placed(props)
        starts = datetime.combine(day, starts.time())
        told = {name: value for name, value in props.items() if name not in _OWN}
        told |= {"recurrence": None, "transactionId": None, "seriesMasterId": of.id}
        told |= {"type": "exception" if changed else "occurrence"}
        told |= {"originalStart": stamp(to_utc(starts, zone_name)), "start": _side(starts, zone_name)}
        told |= {"end": _side(starts + length, zone_name)} | changed
        self.of, self.day = of, day
        self.extended: dict[str, str] = told.pop(EXTENDED, of.extended)
        self.props: dict[str, Any] = told
        self.folder, self.version = of.folder, of.version
        self.attachments, self.change_key, self.etag = of.attachments, of.change_key, of.etag
        self.starts, self.ends = _times(props, day)

    @property
    def key(self) -> str:
        """The immutable id."""
        return occurrence_id(self.of.key, self.day)

    @property
    def id(self) -> str:
        """The default id."""
        return occurrence_id(self.of.id, self.day)


Happening = Item | Occurrence


def uid(item: Happening, key: str, props: Mapping[str, Any]) -> str:
    """What is the same for all of a series, and in every calendar that a meeting stands in."""
    own = props.get("iCalUId")
    if own is None:
        key = item.of.key if isinstance(item, Occurrence) else key
        own = f"040000008200E00074C5B7101A82E008{mark(key, 'iCalUId').upper()}"
    return str(own)


def moment_of(side: Mapping[str, Any]) -> tuple[datetime, str]:
    """A dateTimeTimeZone as wall-clock time and zone."""
    zone_name = side.get("timeZone") or "UTC"
    return read_moment(side.get("dateTime") or "", zone_name), zone_name


def _side(moment: datetime, zone_name: str) -> dict[str, str]:
    return {"dateTime": moment.isoformat(), "timeZone": zone_name}


def _placed(props: Mapping[str, Any]) -> tuple[datetime, timedelta, str]:
    """A series' first start by the wall clock, how long each occurrence lasts, and the clock's zone."""
    (starts, zone_name), (ends, end_zone) = moment_of(props["start"]), moment_of(props["end"])
    if end_zone.casefold() != zone_name.casefold():
        return starts, to_utc(ends, end_zone) - to_utc(starts, zone_name), zone_name
    return starts, ends - starts, zone_name


def touches(item: Happening, start: datetime, end: datetime) -> bool:
    """Whether an event stands in the window; one without length stands at its moment."""
    return item.starts < end and (item.ends > start or item.starts >= start)


def in_window(mailbox: Mailbox, start: datetime, end: datetime, folder: str = DEFAULT) -> Iterator[Happening]:
    """Everything that touches the window, occurrences too, in no order."""
    for item in mailbox.by_start(start, end):
        if item.folder == folder and not item.recurs and touches(item, start, end):
            yield item
    for master in mailbox.series.values():
        if master.folder == folder:
            yield from occurrences(master, start, end)


def occurrences(master: Item, start: datetime, end: datetime) -> Iterator[Occurrence]:
    """The occurrences of a series in the window."""
    props = master.props
    for day in days_in_window(props, start, end):
        yield Occurrence(master, props, day)


def days_in_window(props: Mapping[str, Any], start: datetime, end: datetime) -> Iterator[date]:
    """The dates of those occurrences of a series that touch the window; exceptions stand where they say."""
    gone, changed = set(props.get(CANCELLED) or ()), props.get(CHANGED) or {}
    for told in changed:
        day = date.fromisoformat(told)
        begins, ends = _times(props, day)
        if begins < end and (ends > start or begins >= start):
            yield day
    since = (start - min(_placed(props)[1] + timedelta(days=2), start - _FIRST)).date()
    for day in recurrence.dates(props["recurrence"]):
        if day < since or (told := day.isoformat()) in gone or told in changed:
            continue
        begins, ends = _times(props, day)
        if begins >= end:
            return
        if ends > start or begins >= start:
            yield day


def _times(props: Mapping[str, Any], day: date) -> tuple[datetime, datetime]:
    """When the occurrence of that date begins and ends, in UTC."""
    starts, length, zone_name = _placed(props)
    says = (props.get(CHANGED) or {}).get(day.isoformat()) or {}
    starts = datetime.combine(day, starts.time())
    sides = (("start", starts), ("end", starts + length))
    begins, ends = (
        to_utc(*moment_of(says[side])) if side in says else to_utc(moment, zone_name)
        for side, moment in sides
    )
    return begins, ends


def occurrence_id(master_id: str, day: date) -> str:
    """An id that leads back to its series and its date."""
    tail = base64.urlsafe_b64encode(_MARK + day.toordinal().to_bytes(3)).decode()
    return master_id.rstrip("=") + tail


def _split(some_id: str) -> tuple[list[str], date] | None:
    """What the id of the series may be, and the date; None where it is the id of something else."""
    try:
        tail = base64.urlsafe_b64decode(some_id[-_TAIL:])
    except (ValueError, binascii.Error):
        return None
    if len(tail) != 6 or not tail.startswith(_MARK):
        return None
    return [some_id[:-_TAIL] + "=" * n for n in range(3)], date.fromordinal(int.from_bytes(tail[3:]))


def find(mailbox: Mailbox, some_id: str) -> Happening:
    """An event by an id: a single one, a series, or an occurrence made for the asking."""
    try:
        return mailbox.find("event", some_id)
    except GraphError:
        split = _split(some_id)
        if split is None:
            raise
    for master_id in split[0]:
        try:
            master = mailbox.find("event", master_id)
        except GraphError:
            continue
        return occurrence_on(master, split[1])
    raise item_not_found()


def occurrence_on(master: Item, day: date) -> Occurrence:
    """The occurrence that the pattern puts on that date; raises NotFound where there is none."""
    props = master.props
    if props["recurrence"] and day.isoformat() not in (props.get(CANCELLED) or ()):
        for known in recurrence.dates(props["recurrence"]):
            if known == day:
                return Occurrence(master, props, day)
            if known > day:
                break
    raise item_not_found()


def change_one(mailbox: Mailbox, one: Occurrence, props: dict[str, Any], tags: dict[str, str]) -> Occurrence:
    """Let one occurrence say something else than its series: an exception."""
    master = one.of
    usual = Occurrence(master, {**master.props, CHANGED: {}}, one.day)
    differs = {name: value for name, value in props.items() if usual.props.get(name) != value}
    differs.pop("type", None)
    if tags != usual.extended:
        differs[EXTENDED] = tags
    kept = {**(master.props.get(CHANGED) or {}), one.day.isoformat(): differs}
    mailbox.departed(one, mailbox.version + 1, deleted=False)
    master.props = {**master.props, CHANGED: kept}
    mailbox.changed(master)
    return Occurrence(master, master.props, one.day)


def remove_one(mailbox: Mailbox, one: Occurrence) -> None:
    """Take one occurrence out of its series."""
    master, told = one.of, one.day.isoformat()
    kept = {day: says for day, says in (master.props.get(CHANGED) or {}).items() if day != told}
    gone = [*(master.props.get(CANCELLED) or ()), told]
    mailbox.departed(one, mailbox.version + 1, deleted=True)
    master.props = {**master.props, CHANGED: kept, CANCELLED: gone}
    mailbox.changed(master)


def begin(props: dict[str, Any]) -> None:
    """Set a series onto the first date of its pattern, and refuse a pattern that cannot be kept."""
    starts, length, zone_name = _placed(props)
    props["recurrence"] = recurrence.completed(props["recurrence"], starts.date(), zone_name)
    found = recurrence.first_dates(props["recurrence"])
    if not found:
        raise bad_request("The recurrence has no occurrence in its range.", "ErrorRecurrenceHasNoOccurrence")
    if min((after - before for before, after in pairwise(found)), default=length) < length:
        raise bad_request(
            "An occurrence lasts longer than the time to the next one.", "ErrorOccurrenceTimeSpanTooBig"
        )
    moved = datetime.combine(found[0], starts.time())
    props |= {"start": _side(moved, zone_name), "end": _side(moved + length, zone_name)}
    span = {**props["recurrence"]["range"], "startDate": found[0].isoformat()}
    props["recurrence"] = {**props["recurrence"], "range": span}
