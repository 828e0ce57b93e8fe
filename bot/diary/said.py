"""Visits that a person says are done and the record does not know of yet.

"When achieved take out colour" is what the guide asks of a worker who comes back from a visit (C.7b); what is
then left to do is to type it up (C.3). So the sign starts a clock: an orange entry appears in the diary in
which it was given, and lists speak of the visit as said to be done, not yet recorded. The case record stays
the truth: until it shows the visit, the visit counts as not done. Only what stands today says anything, so
that a sign that is taken back, or whose visit is recorded, leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import polars as pl

from bot.diary.actions import Known, Seen
from bot.diary.body import due_body
from bot.diary.box import sorted_out
from bot.diary.day import Day
from bot.diary.entries import Wanted
from bot.diary.entry import CategoryNames, Colour, Entry, Role
from bot.diary.settle import PlanRules, said_done_at
from bot.diary.words import SAID_DONE, due_subject, late_subject, said_note, said_subject
from bot.policy.judgement import ClauseDue, DueVisit
from bot.policy.period import in_words
from bot.policy.recording import record_by

KIND = "visit"  # the one kind whose record has a time set (C.3)
Cycle = tuple[str, str, str | None, str]
_SIGNS = (Role.REMINDER, Role.MARKER)
_LONGEST_BREAK = timedelta(days=60)  # a worker away for longer is not waited for


@dataclass(frozen=True, slots=True)
class Said:
    """A visit that somebody says is done: in whose diary, since when, and by when it is to be recorded."""

    visit: DueVisit
    mailbox: str
    at: datetime
    record: ClauseDue | None  # the clause that sets the time; null: none does

    @property
    def of(self) -> Cycle:
        """The child's visit that it is said of."""
        return cycle_of(self.visit)

    def left(self, now: datetime) -> timedelta | None:
        """Give how much time is left to record it, below nothing once it is over; null where none is set.

        A bare day ends at midnight.
        """
        if self.record is None:
            return None
        ends = self.record.due_at or datetime.combine(self.record.due + timedelta(days=1), time.min)
        return ends - now


def said_done(
    wanted: Wanted,
    seen: Mapping[str, Sequence[Seen]],
    known: Mapping[str, Sequence[Known]],
    day: Day,
    rules: PlanRules,
) -> tuple[Said, ...]:
    """Find what is said to be done in the diaries as they stand, each visit once: where it was said first.

    A child who has been given to somebody else since stays on the list of whoever made the visit, unless the
    record is restricted.
    """
    signs: list[tuple[DueVisit, str, datetime]] = []
    for mailbox, standing in seen.items():
        rows = known.get(mailbox, ())
        box = sorted_out(standing, rows)
        owed = {entry.key: entry for entry in wanted.of(mailbox)}
        for entry in owed.values():
            keep = box.likest(entry) if entry.role in _SIGNS else None
            at = said_done_at(entry, box.rows.get(entry.key), keep, rules) if keep else None
            if at:
                signs.append((wanted.visits[entry.key], mailbox, at))
    return _once([*signs, *_of_others(wanted, known, day)], day)


def lost_colour(
    owed: Iterable[Entry], seen: Sequence[Seen], known: Sequence[Known], rules: PlanRules
) -> bool:
    """Tell whether an entry has newly lost our colour: by a sign, or because the category is gone.

    Of one that asks for a record nothing tells a new loss from an old one."""
    box = sorted_out(seen, known)
    return any(
        newly_colourless(entry, box.rows.get(entry.key), keep, rules.names)
        for entry in owed
        if (keep := box.likest(entry)) is not None
    )


def newly_colourless(entry: Entry, row: Known | None, keep: Seen, names: CategoryNames) -> bool:
    """Tell whether this entry has lost our colour since anybody last knew of it."""
    told_before = row and (row.achieved or (row.said_done_at and not entry.said_at))
    return not told_before and not any(names.is_ours(category) for category in keep.categories)


def remembered(visits: Iterable[DueVisit], known: Iterable[Known], day: Day) -> tuple[Said, ...]:
    """Find what is said to be done by what the last run remembered, for lists that read no diary."""
    rows = [row for row in known if row.said_done_at and row.state == "live"]
    if not rows:
        return ()
    stands_for = {key: visit for visit in visits for key in _keys(visit, day)}
    return _once(
        (
            (stands_for[row.key], row.mailbox, row.said_done_at)
            for row in rows
            if row.said_done_at and row.key in stands_for
        ),
        day,
    )


def with_type_ups(wanted: Wanted, said: Iterable[Said], day: Day) -> Wanted:
    """Add an entry for the record of each visit that is said to be done.

    None where the record already knows of a visit in this cycle that is not finished: that one has an entry
    of its own, and one visit is typed up once.
    """
    known_to_record = {
        (visit.child_id, clause.base.date())
        for visit in wanted.visits.values()
        if visit.kind == "recording"
        for clause in visit.clauses
    }
    entries = {mailbox: list(owed) for mailbox, owed in wanted.entries.items()}
    stands_for = dict(wanted.visits)
    for one in said:
        since = one.visit.last_seen or date.min
        has_one = any(child == one.visit.child_id and visited > since for child, visited in known_to_record)
        if one.visit.kind == KIND and not has_one:
            entry = _type_up(one, day)
            entries.setdefault(one.mailbox, []).append(entry)
            stands_for[entry.key] = one.visit
    return replace(
        wanted,
        entries={
            mailbox: tuple(sorted(owed, key=lambda entry: (entry.starts, entry.key)))
            for mailbox, owed in sorted(entries.items())
        },
        keys=frozenset(stands_for),
        visits=stands_for,
    )


def _keys(visit: DueVisit, day: Day) -> tuple[str, ...]:
    if visit.kind in ("recording", "concern"):
        return ()
    return tuple(day.key(*cycle_of(visit), role=role) for role in (*_SIGNS, Role.TYPE_UP))


def _of_others(
    wanted: Wanted, known: Mapping[str, Sequence[Known]], day: Day
) -> Iterable[tuple[DueVisit, str, datetime]]:
    """Give the signs in diaries that the visit belongs in no more: its child has a new worker."""
    rows = [row for one in known.values() for row in one if row.said_done_at and row.state == "live"]
    if not rows:
        return
    owed = {(mailbox, entry.key) for mailbox, entries in wanted.entries.items() for entry in entries}
    places = {(mailbox, cycle_of(wanted.visits[key])) for mailbox, key in owed}
    stands_for = {key: visit for visit in wanted.visits.values() for key in _keys(visit, day)}
    workers = {worker.email for worker in day.people.workers.values()}
    for row in rows:
        visit = stands_for.get(row.key)
        if visit is None or not row.said_done_at or (row.mailbox, cycle_of(visit)) in places:
            continue
        record = day.people.children.get(visit.child_id)
        answer = day.attempts.answered_at(visit)
        if (
            row.mailbox in workers
            and record
            and not record.restricted
            and (not answer or row.said_done_at > answer)
        ):
            yield visit, row.mailbox, row.said_done_at


def cycle_of(visit: DueVisit) -> Cycle:
    """Give what tells one owed visit from every other: child, kind, living situation, cycle."""
    return (visit.child_id, visit.kind, visit.setting, visit.cycle)


def _once(signs: Iterable[tuple[DueVisit, str, datetime]], day: Day) -> tuple[Said, ...]:
    first: dict[Cycle, tuple[DueVisit, str, datetime]] = {}
    for visit, mailbox, at in sorted(signs, key=lambda sign: (sign[2], sign[1])):
        first.setdefault(cycle_of(visit), (visit, mailbox, at))
    plans = _plans([visit.child_id for visit, _, _ in first.values()], day) if first else {}
    return tuple(
        Said(
            visit,
            mailbox,
            at,
            _record(at, plans.get(visit.child_id, frozenset()), day) if visit.kind == KIND else None,
        )
        for visit, mailbox, at in first.values()
    )


def _plans(children: Sequence[str], day: Day) -> dict[str, frozenset[str]]:
    """Give the kinds of plan that make visits due, by child."""
    rows = day.judgement.claims.filter(
        pl.col("child_id").is_in(children), pl.col("kind") == KIND, pl.col("plan_kind").is_not_null()
    ).select("child_id", "plan_kind")
    found: dict[str, set[str]] = {}
    for child, kind in rows.iter_rows():
        found.setdefault(child, set()).add(kind)
    return {child: frozenset(kinds) for child, kinds in found.items()}


def _record(at: datetime, plans: frozenset[str], day: Day) -> ClauseDue | None:
    """Give the clause that asks for the record soonest."""
    asked = [
        ClauseDue(
            one.clause,
            *record_by(at, one, day.judgement.work),
            one.says,
            at,
            SAID_DONE,
            in_words(one.n, one.unit),
        )
        for one in day.judgement.records
        if plans & one.plan_kinds
    ]
    return min(asked, key=lambda clause: (clause.due, str(clause.due_at or ""), clause.id), default=None)


def _type_up(one: Said, day: Day) -> Entry:
    """Make the entry that asks for the record."""
    visit, record = one.visit, one.record
    who = day.who(visit.child_id)
    due = record.due if record else one.at.date()
    is_late = record is not None and due < day.today
    owed = replace(
        visit,
        kind="recording",
        due=due,
        due_at=record.due_at if record else None,
        clauses=(record,) if record else (),
        governed_by=(record.id,) if record else (),
        must=(),
        asked=(),
    )
    if record is None:
        subject = said_subject(due, day.today, who)
    else:
        subject = (late_subject if is_late else due_subject)("recording", due, day.today, who)
    starts = datetime.combine(_stands_on(one, due if record else None, day), day.rules.reminder_time)
    body = due_body(
        owed,
        day.judgement,
        day.people,
        not_counted=(),
        note=said_note(one.at),
        who=who,
        wrong=day.wrong,
        contingency=(),
        cover="",
        siblings_owed=0,
        late_on=day.today if is_late else None,
    )
    return Entry(
        key=day.key(*cycle_of(visit), role=Role.TYPE_UP),
        mailbox=one.mailbox,
        role=Role.TYPE_UP,
        due=due,
        on=starts.date(),
        starts=starts,
        ends=starts + timedelta(minutes=day.rules.reminder_minutes_long),
        all_day=False,
        subject=subject,
        body=body if record else replace(body, heading=subject),
        colour=Colour.TYPE_UP,
        alarm_minutes=0,
        said_at=one.at,
    )


def _stands_on(one: Said, due: date | None, day: Day) -> date:
    """Give the day to be reminded: the last at work before the last in time, else the first from today."""
    whose = next((w.worker_id for w in day.people.workers.values() if w.email == one.mailbox), None)

    def at_work(when: date) -> bool:
        return day.people.is_at_work(whose, when, day.judgement.work)

    ahead = (day.today + timedelta(days=n) for n in range(_LONGEST_BREAK.days))
    first = next((when for when in ahead if at_work(when)), day.judgement.work.next_from(day.today))
    if due is None or due < day.today:
        return first
    days = [day.today + timedelta(days=n) for n in range((due - day.today).days + 1)]
    there = [when for when in days if at_work(when)]
    return there[-2] if len(there) > 1 else first
