"""What should stand in every diary: each visit that is owed becomes a reminder and a marker, each cycle that
was closed lately becomes the words that its entry now says. Whatever cannot be placed is handed back, with
the reason: nothing disappears silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import polars as pl

from bot.caseload.model import Caseload
from bot.diary.body import done_body, due_body
from bot.diary.entry import Achieved, Body, Colour, Entry, Role
from bot.diary.key import entry_key
from bot.diary.people import People, Worker, known_in
from bot.diary.words import Identify, child, done_subject, due_subject, late_subject, owed_here
from bot.policy.judgement import DueVisit, Judgement

_OWED_ON_NO_DAY = ("concern",)  # told in the digest
COVER_IS_NEAR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DiaryRules:
    """The settings of the diary, as values."""

    key_secret: bytes
    reminder_time: time = time(9)
    reminder_minutes_long: int = 15
    marker: bool = True
    identify: Identify = "initials_and_number"
    keep_achieved_days: int = 28
    wrong_tell: str = "your manager"
    contingency: tuple[str, ...] = ("B.7", "A.7", "E.4")  # clauses quoted under "no access", where chosen


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A visit that is owed and stands in no diary it should stand in, and why."""

    child_id: str
    kind: str
    worker_id: str | None
    reason: str


@dataclass(frozen=True)
class Wanted:
    """What every diary should say."""

    entries: Mapping[str, tuple[Entry, ...]]  # mailbox → its entries, by day
    achieved: Mapping[str, Achieved]  # key → what it says now, in whatever diary it stands
    unplaced: tuple[Unplaced, ...]
    keys: frozenset[str]  # of all entries in all diaries

    def of(self, mailbox: str) -> tuple[Entry, ...]:
        """Give the entries wanted in one diary."""
        return self.entries.get(mailbox, ())


@dataclass(frozen=True, slots=True)
class _Day:
    """What every entry of one day is made with."""

    judgement: Judgement
    people: People
    rules: DiaryRules
    today: date

    def key(self, child_id: str, kind: str, setting: str | None, cycle: str, *, role: Role) -> str:
        secret = self.rules.key_secret
        return entry_key(secret, child_id=child_id, kind=kind, setting=setting, cycle=cycle, role=role)

    def who(self, child_id: str) -> str:
        record = self.people.children.get(child_id)
        return child(child_id, record.initials if record else None, self.rules.identify)

    @property
    def wrong(self) -> str:
        return f"Wrong? Tell {self.rules.wrong_tell}."


@dataclass(frozen=True, slots=True)
class _Placed:
    """One visit in one diary: its worker's, or that of the buddy who covers."""

    visit: DueVisit
    mailbox: str
    note: str  # what the subject adds for a buddy
    cover: str
    silent: bool


def wanted(
    judgement: Judgement, visits: Sequence[DueVisit], caseload: Caseload, rules: DiaryRules, today: date
) -> Wanted:
    """Give what should stand in every diary on one day."""
    people = known_in(caseload, today)
    day = _Day(judgement, people, rules, today)
    placed: list[_Placed] = []
    unplaced: list[Unplaced] = []
    for visit in visits:
        if visit.kind in _OWED_ON_NO_DAY:
            continue
        diaries, reasons = _place(visit, people)
        placed += diaries
        unplaced += reasons
    placed.sort(key=lambda one: bool(one.note))  # a worker's own comes before what they cover for others
    by_mailbox: dict[str, dict[str, Entry]] = defaultdict(dict)
    for group in _households(placed, people, day).values():
        for one in group:
            for entry in _entries(one, group, day):
                by_mailbox[one.mailbox].setdefault(entry.key, entry)
    entries = {
        mailbox: tuple(sorted(owed.values(), key=lambda entry: (entry.starts, entry.key)))
        for mailbox, owed in sorted(by_mailbox.items())
    }
    keys = frozenset(key for owed in by_mailbox.values() for key in owed)
    return Wanted(entries, _achieved(day), tuple(unplaced), keys)


def _place(visit: DueVisit, people: People) -> tuple[list[_Placed], list[Unplaced]]:
    """Find the diaries that a visit belongs in: its worker's, and its buddy's where it needs cover (C.8a).

    A restricted child stays with the worker; the manager is asked to arrange cover.
    """
    placed, reasons = [], []
    worker = people.workers.get(visit.worker_id or "")
    record = people.children.get(visit.child_id)
    restricted = record is None or record.restricted
    wants_buddy = visit.needs_cover and visit.cover_id is not None and not restricted
    buddy = people.workers.get(visit.cover_id or "") if wants_buddy else None
    away = visit.worker_id in people.away
    if worker:
        cover = _cover_words(buddy, away=away, restricted=restricted) if visit.needs_cover else ""
        placed.append(_Placed(visit, worker.email, "", cover, silent=away and buddy is not None))
    elif visit.worker_id:
        reasons.append(f"worker {visit.worker_id} is not in the caseload's list of workers")
    else:
        reasons.append("no worker is named for it")
    if buddy and not (worker and worker.email == buddy.email):
        placed.append(_covered(visit, buddy, worker, away=away))
    elif wants_buddy and not buddy:
        reasons.append(f"worker {visit.cover_id}, who is to cover, is not in the caseload's list of workers")
    return placed, [Unplaced(visit.child_id, visit.kind, visit.worker_id, reason) for reason in reasons]


def _cover_words(buddy: Worker | None, *, away: bool, restricted: bool) -> str:
    """Tell the worker who goes when they cannot."""
    why = "You are away." if away else "You are not at work on any day that is left for this."
    if restricted:
        return f"{why} The record is restricted to you and your manager, who is asked to arrange cover."
    if buddy is None:
        return f"{why} Nobody is named to cover: agree it with your manager."
    if away:
        return f"{why} {buddy.called} covers. You stay responsible: on your return, check that it was done."
    return f"{why} {buddy.called} covers from your first day away, if it is not done before."


def _covered(visit: DueVisit, buddy: Worker, worker: Worker | None, *, away: bool) -> _Placed:
    """Put a visit into the diary of whoever covers; provisional until the leave has begun."""
    whose = worker.called if worker else "the child's worker"
    if away:
        return _Placed(visit, buddy.email, "cover", f"You cover this for {whose}, who is away.", silent=False)
    words = f"Provisional: you cover this if {whose} has not done it before going away."
    return _Placed(visit, buddy.email, "cover, provisional", words, silent=False)


def _stands_on(visit: DueVisit, day: _Day) -> date:
    """Give the day of the reminder: the day before acting, or once late the day to act on.

    What needs cover is told at once while it is near. An absence without an end leaves every visit to come
    uncovered; those far ahead wait for their time, or they would all stand on today and move every morning.
    """
    if visit.due < day.today:
        return visit.act_by
    if visit.needs_cover and visit.act_by - day.today > COVER_IS_NEAR:
        before = visit.act_by - timedelta(days=1)
        while not day.judgement.work.is_working(before):
            before -= timedelta(days=1)
        return before
    return visit.remind_on


def _rings_with(one: _Placed, people: People, day: _Day) -> tuple[object, ...]:
    """Tell which reminders ring as one: visits to one household, by one worker, reminded on one day."""
    visit = one.visit
    record = people.children.get(visit.child_id)
    home = record.household_id if record else None
    shared = visit.kind == "visit" and visit.setting is None and home is not None
    together = home if shared else (visit.child_id, visit.cycle)
    return (one.mailbox, visit.kind, visit.setting, together, _stands_on(visit, day))


def _households(
    placed: Iterable[_Placed], people: People, day: _Day
) -> dict[tuple[object, ...], list[_Placed]]:
    """Group what rings as one; the first of a group is the one that rings, and speaks for all."""
    together: dict[tuple[object, ...], list[_Placed]] = defaultdict(list)
    for one in placed:
        together[_rings_with(one, people, day)].append(one)
    for group in together.values():
        group.sort(key=lambda one: (one.silent, one.visit.due, one.visit.child_id, one.visit.cycle))
    return together


def _entries(one: _Placed, group: Sequence[_Placed], day: _Day) -> Iterable[Entry]:
    """Make the reminder of one visit in one diary, and its marker."""
    visit = one.visit
    cycle = (visit.child_id, visit.kind, visit.setting, visit.cycle)
    role = Role.TYPE_UP if visit.kind == "recording" else Role.REMINDER
    first = group[0] is one
    siblings = len({other.visit.child_id for other in group}) if first else 0
    who = day.who(visit.child_id)
    is_late = visit.due < day.today
    says = late_subject if is_late else due_subject
    starts = datetime.combine(_stands_on(visit, day), day.rules.reminder_time)
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
        )


def _body(one: _Placed, day: _Day, siblings: int, late_on: date | None) -> Body:
    return due_body(
        one.visit,
        day.judgement,
        day.people,
        who=day.who(one.visit.child_id),
        wrong=day.wrong,
        contingency=day.rules.contingency,
        cover=one.cover,
        siblings_owed=siblings,
        late_on=late_on,
    )


def _achieved(day: _Day) -> dict[str, Achieved]:
    """Say of each cycle closed in the last weeks that it is done."""
    since = day.today - timedelta(days=day.rules.keep_achieved_days)
    kept = day.judgement.seen.filter(pl.col("seen_on") >= since)
    said: dict[str, Achieved] = {}
    for row in kept.sort("seen_on", "child_id", "visit_id").iter_rows(named=True):
        kind, setting = row["kind"], row["setting"]
        who = day.who(row["child_id"])
        subject = done_subject(kind, row["seen_on"], day.today, who)
        body = done_body(kind, row["seen_on"], who=who, where=setting or "", wrong=day.wrong)
        for role in (Role.TYPE_UP,) if kind == "recording" else (Role.REMINDER, Role.MARKER):
            key = day.key(row["child_id"], kind, setting, row["cycle"], role=role)
            said[key] = Achieved(key, role, row["seen_on"], subject, body)
    return said


def _colour(visit: DueVisit) -> Colour:
    if visit.kind == "recording":
        return Colour.TYPE_UP
    return Colour.CHILD_PROTECTION if visit.child_protection else Colour.VISIT
