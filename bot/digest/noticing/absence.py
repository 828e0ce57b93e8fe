"""Absences: who makes the visits of somebody who is away, told before planned leave and on each day of an
unplanned absence (C.8a, C.8b).

All of a worker's visits are told, whatever plan they are of: who is off sick today makes none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.digest import words
from bot.digest.known import Attempt, Child, Leave
from bot.digest.leave import arranged_before
from bot.digest.notices import Line, Notice, Reader
from bot.digest.noticing.facts import Facts, due_words, journeys, working_days_before
from bot.digest.noticing.readers import Readers
from bot.policy.judgement import DueVisit

DAY = timedelta(days=1)
BEFORE = "before the leave: to be covered only if that does not come off"
ARRANGE = "The record is restricted and nobody else is told: arrange cover yourself"


def off_today(facts: Facts, worker_id: str) -> Leave | None:
    """The unplanned absence that holds today, the longest-standing of several."""
    leave = [one for one in facts.known.leave.get(worker_id, ()) if one.holds(facts.today)]
    return min((one for one in leave if not one.planned), key=lambda one: one.start, default=None)


def known_by(leave: Leave | None, today: date) -> str:
    """Since when somebody is absent by the record, or that Outlook alone says so."""
    return f"since {words.day(leave.start, today)}" if leave else "by Outlook's out-of-office"


def due_before(facts: Facts, worker_id: str, opens: date) -> list[DueVisit]:
    """What a worker owes that falls due before the next working day: the same-day list."""
    return [visit for visit in journeys(facts.known, worker_id) if visit.due < opens]


def off_unplanned(facts: Facts, readers: Readers) -> Iterator[Notice]:
    """C.8b: on each day of an unplanned absence, to the manager, the visits due that day or overdue.

    What falls due on days on which nobody is at work is told on the last working day before them, while there
    is somebody to ask, and again on those days; what was overdue before them waits for the next working day,
    unless nobody was told of it yet.
    """
    clause = facts.clause_of("due_in_unplanned_absence")
    today = facts.today
    opens = facts.judgement.work.after(today, 1)  # the next working day
    for worker_id in sorted(facts.known.people):
        leave = off_today(facts, worker_id)
        if leave is None and worker_id not in facts.out_of_office:
            continue
        due = due_before(facts, worker_id, opens)
        manager = readers.manager_of(worker_id, clause) if due else None
        if manager is None:
            continue
        name = facts.known.name(worker_id)
        for visit in due:
            yield Notice(
                cause=(worker_id, _told_on(facts, visit).isoformat(), *_which(visit)),
                about=f"worker {worker_id}",
                kind="cover today",
                clause=clause,
                says=f"{name} is unexpectedly absent ({known_by(leave, today)}), and these visits are "
                f"{_due_by(facts, opens)}",
                closes="The visit, or the worker's return",
                asks=_arrange(facts, opens),
                to=manager,
                lines=(_today_line(facts, visit, worker_id, leave),),
                since=leave.start if leave else today,
                urgent=True,
                in_list=True,
            )


def before_leave(facts: Facts, readers: Readers) -> Iterator[Notice]:
    """C.8a: to buddy and manager, what falls due in planned leave, some working days before it begins.

    At once where the leave is entered later, or a visit falls due in it only later; again where the buddy or
    the days change.
    """
    clause = facts.clause_of("due_in_planned_absence")
    for worker_id in sorted(facts.known.people):
        for leave in facts.known.leave.get(worker_id, ()):
            if leave.planned and facts.today >= working_days_before(facts, leave.start, facts.ahead):
                due = [visit for visit in journeys(facts.known, worker_id) if _in_leave(facts, leave, visit)]
                if due:
                    yield from _cover(facts, readers, clause, (worker_id, leave), due)


def buddy_of(facts: Facts, worker_id: str, leave: Leave) -> str | None:
    """Who is named to cover a leave: the absence's own buddy before the worker's usual one."""
    named = leave.buddy_id or facts.known.people[worker_id].buddy_id
    return named if named in facts.known.people and named != worker_id else None


def told_buddies(facts: Facts) -> Iterator[tuple[str, str]]:
    """(buddy, child) wherever the buddy may have to go instead, now or in leave that is told already."""
    for worker_id in facts.known.people:
        for leave in facts.known.leave.get(worker_id, ()):
            buddy = buddy_of(facts, worker_id, leave)
            near = leave.holds(facts.today) or (
                leave.planned and facts.today >= working_days_before(facts, leave.start, facts.ahead)
            )
            if buddy is None or not near:
                continue
            for visit in journeys(facts.known, worker_id):
                if _in_leave(facts, leave, visit):
                    yield buddy, visit.child_id
    for owing in facts.known.owed:
        for visit in journeys(facts.known, owing) if owing else ():
            if visit.needs_cover and visit.cover_id is not None and visit.cover_id in facts.known.people:
                yield visit.cover_id, visit.child_id


def _cover(
    facts: Facts, readers: Readers, clause: str, of: tuple[str, Leave], due: list[DueVisit]
) -> Iterator[Notice]:
    worker_id, leave = of
    known = facts.known
    buddy = buddy_of(facts, worker_id, leave)
    span = _span(leave, facts.today)
    name, covers = known.name(worker_id), known.name(buddy) if buddy else "nobody"
    soon = leave.start <= facts.judgement.work.after(facts.today, 1)
    manager = readers.manager_of(worker_id, clause)
    away = buddy is not None and any(_overlap(leave, one) for one in known.leave.get(buddy, ()))
    asks = f"{covers} covers."
    begun = leave.start <= facts.today
    fall = "are to be made" if begun else "fall due"
    if buddy is None:
        asks = f"Nobody is named to cover: name somebody {'today' if begun else 'before the leave begins'}."
    elif away:
        asks = f"{covers} is named to cover and is away in that time too: find somebody else."
    told: list[tuple[Reader, str]] = [(manager, asks)] if manager else []
    if buddy and not (leave.end and known.is_away_throughout(buddy, facts.today, leave.end)):
        asked = "You are named to cover: read up on them and plan the visits."
        if away:
            asked = (
                "You are named to cover and are away in that time too: the manager is to find somebody else."
            )
        told.append((Reader(buddy, team="own"), asked))
    for visit in due:
        child = known.child(visit.child_id)
        for reader, ask in told:
            for_buddy = reader.person == buddy and reader.team == "own"
            if child.restricted and for_buddy:
                continue
            said = [due_words(known, visit), *words.musts(visit)]
            if planned := arranged_before(known, visit, leave.start):
                said.append(f"Planned for {words.moment(planned, facts.today)}, {BEFORE}")
            said += [ARRANGE] if child.restricted else []
            yield Notice(
                cause=(worker_id, leave.start.isoformat(), str(leave.end), buddy or "", *_which(visit)),
                about=f"worker {worker_id}",
                kind="cover ahead",
                clause=clause,
                says=f"{name} is on leave {span}, and these visits {fall} in it",
                closes="The visit, or the end of the leave",
                asks=ask,
                to=reader,
                lines=(Line(child.child_id, child.label, tuple(said)),),
                since=leave.start,
                urgent=soon,
                in_list=True,
            )


def _today_line(facts: Facts, visit: DueVisit, worker_id: str, leave: Leave | None) -> Line:
    child = facts.known.child(visit.child_id)
    said = [due_words(facts.known, visit), *words.musts(visit)]
    said += [arranged_words(one) for one in facts.arranged_today.get((worker_id, child.child_id), ())]
    said.append(who_covers(facts, worker_id, leave, child))
    return Line(child.child_id, child.label, tuple(said))


def arranged_words(visit: Attempt) -> str:
    """At what time a family expects somebody today; a record without a time says the day alone."""
    timed = (visit.at.hour, visit.at.minute) != (0, 0)
    return f"Arranged for today, {visit.at:%H:%M}" if timed else "Arranged for today"


def who_covers(facts: Facts, worker_id: str, leave: Leave | None, child: Child) -> str:
    """Who is named to go today in place of a worker who is absent."""
    buddy = (leave.buddy_id if leave else None) or facts.known.people[worker_id].buddy_id
    if child.restricted:
        return ARRANGE
    if buddy is None or buddy not in facts.known.people:
        return "Nobody is named to cover"
    if facts.known.is_away(buddy, facts.today):
        return f"{facts.known.name(buddy)}, who is named to cover, is away too"
    return f"{facts.known.name(buddy)} is named to cover"


def _told_on(facts: Facts, visit: DueVisit) -> date:
    """The day whose list a visit is on: today's; what was overdue before a day off has been told already."""
    work, today = facts.judgement.work, facts.today
    last = today if work.is_working(today) else working_days_before(facts, today, 1)
    return last if visit.due <= last else today


def _due_by(facts: Facts, opens: date) -> str:
    if opens == facts.today + DAY:
        return (
            "due today or overdue"
            if facts.judgement.work.is_working(facts.today)
            else "overdue, or due today"
        )
    return f"overdue, or due before {words.day(opens, facts.today)}, the next working day"


def _arrange(facts: Facts, opens: date) -> str:
    """What the manager is asked. On a day off those who are asked may not be at work either."""
    today = facts.today
    if facts.judgement.work.is_working(today):
        until = (
            "" if opens == today + DAY else f": after today nobody is at work until {words.day(opens, today)}"
        )
        return f"Arrange today who makes them{until}. You get this list on each working day of the absence."
    return (
        f"Today is no working day, and the next is {words.day(opens, today)}: arrange who makes those that "
        "cannot wait until then. You get this list on each working day of the absence."
    )


def _in_leave(facts: Facts, leave: Leave, visit: DueVisit) -> bool:
    """An overdue visit falls into leave only once that has begun: until then the worker can make it."""
    return leave.holds(max(visit.due, facts.today))


def _which(visit: DueVisit) -> tuple[str, str, str]:
    return visit.child_id, visit.kind, visit.setting or ""


def _overlap(one: Leave, other: Leave) -> bool:
    return one.start <= (other.end or date.max) and other.start <= (one.end or date.max)


def _span(leave: Leave, today: date) -> str:
    start = words.day(leave.start, today)
    if leave.end is None:
        return f"from {start}"
    return f"on {start}" if leave.end == leave.start else f"from {start} to {words.day(leave.end, today)}"
