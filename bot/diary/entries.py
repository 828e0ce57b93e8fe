"""What should stand in every diary: each visit that is owed becomes a reminder and a marker, each cycle that
was closed lately becomes the words that its entry now says. Whatever cannot be placed is handed back, with
the reason: nothing disappears silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import polars as pl

from bot.caseload.model import Caseload
from bot.diary.body import done_body, due_body
from bot.diary.day import Day, DiaryRules, day_of, stands_on
from bot.diary.entry import Achieved, Body, Colour, Entry, Role
from bot.diary.people import People
from bot.diary.placing import Placed, Unplaced, place
from bot.diary.words import done_subject, due_subject, late_subject, owed_here, typed_up_subject
from bot.policy.judgement import DueVisit, Judgement

_OWED_ON_NO_DAY = ("concern",)  # told in the digest
_ROLES = {  # the entries that a cycle may have had
    "recording": (Role.TYPE_UP,),
    "visit": (Role.REMINDER, Role.MARKER, Role.TYPE_UP),  # the last where it was said to be done before
}


@dataclass(frozen=True)
class Wanted:
    """What every diary should say."""

    entries: Mapping[str, tuple[Entry, ...]]  # mailbox → its entries, by day
    achieved: Mapping[str, Achieved]  # key → what it says now, in whatever diary it stands
    unplaced: tuple[Unplaced, ...]
    keys: frozenset[str]  # of all entries in all diaries
    visits: Mapping[str, DueVisit] = field(default_factory=dict)  # what each of them stands for, by key

    def of(self, mailbox: str) -> tuple[Entry, ...]:
        """Give the entries wanted in one diary."""
        return self.entries.get(mailbox, ())


def wanted(
    judgement: Judgement, visits: Sequence[DueVisit], caseload: Caseload, rules: DiaryRules, today: date
) -> Wanted:
    """Give what should stand in every diary on one day."""
    return owed_on(day_of(judgement, caseload, rules, today), visits)


def owed_on(day: Day, visits: Sequence[DueVisit]) -> Wanted:
    """The same, of a day whose lookups are at hand."""
    people = day.people
    placed: list[Placed] = []
    unplaced: list[Unplaced] = []
    for visit in visits:
        if visit.kind in _OWED_ON_NO_DAY:
            continue
        diaries, reasons = place(visit, people)
        placed += diaries
        unplaced += reasons
    placed.sort(key=lambda one: bool(one.note))  # a worker's own comes before what they cover for others
    by_mailbox: dict[str, dict[str, Entry]] = defaultdict(dict)
    stands_for: dict[str, DueVisit] = {}
    for group in _households(placed, people, day).values():
        for one in group:
            for entry in _entries(one, group, day):
                by_mailbox[one.mailbox].setdefault(entry.key, entry)
                stands_for.setdefault(entry.key, one.visit)
    entries = {
        mailbox: tuple(sorted(owed.values(), key=lambda entry: (entry.starts, entry.key)))
        for mailbox, owed in sorted(by_mailbox.items())
    }
    return Wanted(entries, _achieved(day), tuple(unplaced), frozenset(stands_for), stands_for)


def _rings_with(one: Placed, people: People, day: Day) -> tuple[object, ...]:
    """Tell which reminders ring as one: visits to one household, by one worker, reminded on one day."""
    visit = one.visit
    record = people.children.get(visit.child_id)
    home = record.household_id if record else None
    shared = visit.kind == "visit" and visit.setting is None and home is not None
    together = home if shared else (visit.child_id, visit.cycle)
    return (one.mailbox, visit.kind, visit.setting, together, stands_on(visit, day))


def _households(placed: Iterable[Placed], people: People, day: Day) -> dict[tuple[object, ...], list[Placed]]:
    """Group what rings as one; the first of a group is the one that rings, and speaks for all."""
    together: dict[tuple[object, ...], list[Placed]] = defaultdict(list)
    for one in placed:
        together[_rings_with(one, people, day)].append(one)
    for group in together.values():
        group.sort(key=lambda one: (one.silent, one.visit.due, one.visit.child_id, one.visit.cycle))
    return together


def _entries(one: Placed, group: Sequence[Placed], day: Day) -> Iterable[Entry]:
    """Make the reminder of one visit in one diary, and its marker."""
    visit = one.visit
    cycle = (visit.child_id, visit.kind, visit.setting, visit.cycle)
    role = Role.TYPE_UP if visit.kind == "recording" else Role.REMINDER
    first = group[0] is one
    siblings = len({other.visit.child_id for other in group}) if first else 0
    who = day.who(visit.child_id)
    is_late = visit.due < day.today
    says = late_subject if is_late else due_subject
    starts = datetime.combine(stands_on(visit, day), day.rules.reminder_time)
    yield Entry(
        key=day.key(*cycle, role=role),
        mailbox=one.mailbox,
        role=role,
        due=visit.due,
        on=starts.date(),
        starts=starts,
        ends=starts + timedelta(minutes=day.rules.reminder_minutes_long),
        all_day=False,
        subject=says(visit.kind, visit.due, day.today, who, owed_here(siblings), one.note),
        body=_body(one, day, siblings, day.today if is_late else None),
        colour=_colour(visit),
        alarm_minutes=0 if first and not one.silent else None,
        answered_at=day.attempts.answered_at(visit),
    )
    if day.rules.marker and role is Role.REMINDER:
        midnight = datetime.combine(visit.due, time(0))
        yield Entry(
            key=day.key(*cycle, role=Role.MARKER),
            mailbox=one.mailbox,
            role=Role.MARKER,
            due=visit.due,
            on=visit.due,
            starts=midnight,
            ends=midnight + timedelta(days=1),
            all_day=True,
            subject=due_subject(visit.kind, visit.due, day.today, who, one.note),
            body=_body(one, day, 0, None),  # the same every day, so that a standing marker needs no write
            colour=_colour(visit),
            alarm_minutes=None,
            create=not is_late,
            answered_at=day.attempts.answered_at(visit),
        )


def _body(one: Placed, day: Day, siblings: int, late_on: date | None) -> Body:
    return due_body(
        one.visit,
        day.judgement,
        day.people,
        not_counted=day.attempts.not_counted(one.visit, day.today),
        who=day.who(one.visit.child_id),
        wrong=day.wrong,
        sheet=day.sheet(one.visit.child_id),
        contingency=day.rules.contingency,
        cover=one.cover,
        siblings_owed=siblings,
        late_on=late_on,
    )


def _achieved(day: Day) -> dict[str, Achieved]:
    """Say of each cycle closed in the last weeks that it is done."""
    since = day.today - timedelta(days=day.rules.keep_achieved_days)
    kept = day.judgement.seen.filter(pl.col("seen_on") >= since)
    said: dict[str, Achieved] = {}
    for row in kept.sort("seen_on", "child_id", "visit_id").iter_rows(named=True):
        kind, setting = row["kind"], row["setting"]
        who = day.who(row["child_id"])
        body = done_body(kind, row["seen_on"], who=who, where=setting or "", wrong=day.wrong)
        for role in _ROLES.get(kind, (Role.REMINDER, Role.MARKER)):
            said_before = kind == "visit" and role is Role.TYPE_UP
            subject = (
                typed_up_subject(row["seen_on"], day.today, who)
                if said_before
                else done_subject(kind, row["seen_on"], day.today, who)
            )
            key = day.key(row["child_id"], kind, setting, row["cycle"], role=role)
            said[key] = Achieved(key, role, row["seen_on"], subject, body)
    return said


def _colour(visit: DueVisit) -> Colour:
    if visit.kind == "recording":
        return Colour.TYPE_UP
    return Colour.CHILD_PROTECTION if visit.child_protection else Colour.VISIT
