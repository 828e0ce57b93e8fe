"""How one entry that stands is put right: what the bot says of it, and what a person has decided about it.

The bot owns the subject, the text, its own colour and, until a person moves it, the place. A person owns a
place they chose, their own categories, an alarm they have dismissed, and whether it is there at all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, time

from bot.diary.actions import Adopt, Change, Create, Known, Record, Seen, Write
from bot.diary.entry import Achieved, CategoryNames, Entry
from bot.diary.words import day, told_as_done

_DONE_IN_TITLE = re.compile(r"^\W*done\b|\bdone\W*$|[\u2705\u2611\u2713\u2714]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlanRules:
    """The settings of planning, as values; ``template`` is a fingerprint of the template of the text.

    ``colours_gone``: by mailbox, the categories that it has no more. What wears one of them looks colourless
    through no sign of anybody's.
    """

    today: date
    names: CategoryNames = field(default_factory=CategoryNames)
    template: str = ""
    most_removed: float = 0.30  # of a diary's entries, in one run
    always_removable: int = 5
    colours_gone: Mapping[str, frozenset[str]] = field(default_factory=dict)
    keep: frozenset[str] = frozenset()  # keys that stay as they are although nothing wants them


@dataclass(frozen=True, slots=True)
class _Place:
    starts: datetime
    ends: datetime
    all_day: bool


def digest(target: Entry | Achieved, template: str = "") -> str:
    """Give a fingerprint of what we write that cannot be read back, with the alarm we set in front.

    Exchange rewrites the text, and switches off the alarm of an entry when a person dismisses its ringing:
    both are compared with what we last wrote, never with what stands.
    """
    told = json.dumps([template, target.subject, target.body], default=_as_json, separators=(",", ":"))
    return f"{_alarm_mark(target)}:{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def _as_json(value: object) -> object:
    """Write a value's fields in their order; ``asdict`` would copy every text of the body first."""
    if is_dataclass(value):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    return str(value)


def create(entry: Entry, rules: PlanRules, row: Known | None) -> Create:
    """Make an entry anew. Generations go by the day, so that none is used twice even if forgotten."""
    generation = rules.today.toordinal()
    if row is not None:
        generation = row.generation if row.state == "intent" else max(generation, row.generation + 1)
    write = Write(
        key=entry.key,
        subject=entry.subject,
        body=entry.body,
        starts=entry.starts,
        ends=entry.ends,
        all_day=entry.all_day,
        categories=(rules.names.of(entry.colour),),
        alarm_minutes=entry.alarm_minutes,
    )
    told = digest(entry, rules.template)
    record = Record(generation, entry.due, entry.starts, told, achieved=False, said_done_at=entry.said_at)
    return Create(entry.key, write, record)


def settle(
    target: Entry | Achieved, row: Known | None, keep: Seen, rules: PlanRules
) -> Change | Adopt | None:
    """Put the entry that stands right; null: nothing is to be done or to be remembered."""
    if isinstance(target, Achieved):
        place = _Place(keep.starts, keep.ends, keep.all_day)
        placed, due = (row.placed, row.due) if row else (keep.starts, target.seen_on)
        alarm, said_at = None, None
        categories = _theirs(keep, rules.names)
    else:
        place = _where(target, row, keep, rules.today)
        placed, due = _remember_place(target, row, place), target.due
        alarm = _alarm(target, row, keep, anew=place.starts != keep.starts)
        said_at = said_done_at(target, row, keep, rules)
        own = () if said_at else (rules.names.of(target.colour),)
        categories = (*_theirs(keep, rules.names), *own)
        said_at = target.said_at or said_at
    write = Write(
        key=target.key,
        subject=target.subject,
        body=target.body,
        starts=place.starts,
        ends=place.ends,
        all_day=place.all_day,
        categories=categories,
        alarm_minutes=alarm,
    )
    record = Record(
        row.generation if row else rules.today.toordinal(),
        due,
        placed,
        digest(target, rules.template),
        achieved=isinstance(target, Achieved),
        said_done_at=said_at,
    )
    if why := _differs(write, record, row, keep):
        return Change(target.key, keep.id, keep.etag, write, record, row, why)
    if row is None or not _remembered(row, record, keep):
        return Adopt(target.key, keep.id, keep.etag, record)
    return None


def said_done_at(entry: Entry, row: Known | None, keep: Seen, rules: PlanRules) -> datetime | None:
    """Give when a person said on an entry that its visit is done; null where nobody did, or no longer.

    The sign is the guide's own, "when achieved take out colour": ours is out and no other is in. A tick in
    the title or "done" at one of its ends is taken for the same. The record stays the truth: the entry stays
    while the visit is owed, a changed due date ends the sign, and so does a record of an attempt since then
    that does not count. The moment is when the entry was last changed as the sign was first seen, because
    Exchange keeps no other; unknown, it is the day.
    """
    if row is None:  # nothing is known of it: only what names this due date, as owed, was last written for it
        owed_so = day(entry.due, rules.today) in keep.subject and not told_as_done(keep.subject)
    else:
        owed_so = row.state == "live" and not row.achieved and row.due == entry.due
    if not owed_so or not _signed(entry, row, keep, rules):
        return None
    at = (
        (row.said_done_at if row and not entry.said_at else None)
        or keep.changed_at
        or datetime.combine(rules.today, time.min)
    )
    return at if entry.answered_at is None or at > entry.answered_at else None


def _signed(entry: Entry, row: Known | None, keep: Seen, rules: PlanRules) -> bool:
    if _DONE_IN_TITLE.search(keep.subject) and not _DONE_IN_TITLE.search(entry.subject):
        return True
    if any(rules.names.is_ours(category) for category in keep.categories):
        return False
    if entry.said_at is None and row is not None and row.said_done_at is not None:
        return True
    gone = rules.colours_gone.get(entry.mailbox, frozenset())
    return not keep.categories and rules.names.of(entry.colour).casefold() not in gone


def _where(entry: Entry, row: Known | None, keep: Seen, today: date) -> _Place:
    """Say where an entry belongs: where a person put it until that day is past, else where it should be."""
    ours = _Place(entry.starts, entry.ends, entry.all_day)
    theirs = _Place(keep.starts, keep.ends, keep.all_day)
    if not moved_by_person(entry, row, keep, today):
        same_time = (keep.starts, keep.all_day) == (entry.starts, entry.all_day)
        return theirs if same_time else ours  # a length that a person has set stays
    is_past = keep.starts.date() < today
    return ours if is_past and entry.on >= today else theirs


def moved_by_person(entry: Entry, row: Known | None, keep: Seen, today: date) -> bool:
    """Tell a person's move from our own: only a changed due date resets one.

    Our memory can be a step behind what stands: a change whose answer was lost, a store that was lost. The
    subject names the due date, so an entry that already names this one was last written for it.
    """
    if (keep.starts, keep.all_day) == (entry.starts, entry.all_day):
        return False
    names_due = day(entry.due, today) in keep.subject
    if row is None:
        return names_due and keep.starts.date() <= entry.due
    if row.due != entry.due:
        return names_due and row.placing is not None and keep.starts != row.placing
    return keep.all_day != entry.all_day or keep.starts not in (row.placed, row.placing)


def _remember_place(entry: Entry, row: Known | None, place: _Place) -> datetime:
    """Remember where we last put it: of an entry that a person moved, the place they moved it from."""
    if place.starts == entry.starts and place.all_day == entry.all_day:
        return entry.starts
    if row is None or row.due != entry.due or row.placed == place.starts:
        return entry.starts
    return row.placed


def _alarm(entry: Entry, row: Known | None, keep: Seen, *, anew: bool) -> int | None:
    """Set the alarm when it is put somewhere or first wanted; one that a person dismissed stays silent."""
    if anew or row is None or not row.digest.startswith(f"{_alarm_mark(entry)}:"):
        return entry.alarm_minutes
    return keep.alarm_minutes


def _alarm_mark(target: Entry | Achieved) -> str:
    alarm = target.alarm_minutes if isinstance(target, Entry) else None
    return "-" if alarm is None else str(alarm)


def _theirs(keep: Seen, names: CategoryNames) -> tuple[str, ...]:
    return tuple(category for category in keep.categories if not names.is_ours(category))


def _differs(write: Write, record: Record, row: Known | None, keep: Seen) -> tuple[str, ...]:
    """Name what a write would change; nothing named, nothing written."""
    stands = (keep.starts, keep.ends, keep.all_day)
    differences = {
        "due": row is not None and row.due != record.due,
        "place": stands != (write.starts, write.ends, write.all_day),
        "words": keep.subject != write.subject,
        "colour": _folded(keep.categories) != _folded(write.categories),
        "alarm": keep.alarm_minutes != write.alarm_minutes,
        "tag": keep.key != write.key,
        "body": row is None or row.digest != record.digest,
    }
    return tuple(name for name, differs in differences.items() if differs)


def _folded(categories: tuple[str, ...]) -> frozenset[str]:
    return frozenset(category.casefold() for category in categories)


def _remembered(row: Known, record: Record, keep: Seen) -> bool:
    remembered = Record(row.generation, row.due, row.placed, row.digest, row.achieved, row.said_done_at)
    return row.state == "live" and row.event_id == keep.id and row.placing is None and remembered == record
