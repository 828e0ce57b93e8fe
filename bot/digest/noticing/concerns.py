"""Concerns as notices: all that a pack says somebody beside the worker is told of (A.7, A.8, B.8, C.8e…).

What two policies say of one thing is one notice under both clauses, and stays the same one where a council
adds a pack that says it too: a second telling asks nobody for anything new. Somebody whom only the new clause
names is told, and so is whoever is now asked to tell a third.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from bot.digest import words
from bot.digest.grouping import by_key
from bot.digest.notices import Line, Notice, Reader
from bot.digest.noticing.facts import OWN_SITUATIONS, Facts, due_words
from bot.digest.noticing.readers import Ask, Readers, workers_of
from bot.policy.judgement import Concern, DueVisit

LATE = "foreseeably_late"
RECORD = "recording_overdue"
AT_ONCE = "planned_too_late"  # B.8: worries about timescales go to the manager at once
PASSED = "The visit has gone out of timescale"  # what a pack says of C.8e is of a day that is still to come
ADVICE = (
    "Your advice or approval is asked for: talk it over and record the discussion, which ends this notice. "
    "You are reminded each working day until the record shows it."
)


def of_concerns(facts: Facts, readers: Readers) -> Iterator[Notice]:
    """Every open concern that somebody beside the worker is told of, once for each of them."""
    for child_id in sorted(facts.known.concerns):
        same = by_key((_cause(concern), concern) for concern in facts.known.concerns[child_id])
        for cause, concerns in same.items():
            told = by_key(
                (reader, (concern, asks))
                for concern in concerns
                for reader, asks in readers.of(_not_told_otherwise(concern))
            )
            for reader, of in told.items():
                asks = dict.fromkeys(ask for _, asked in of for ask in asked)
                yield _notice(facts, cause, [concern for concern, _ in of], reader, asks)


def _cause(concern: Concern) -> tuple[str, ...]:
    """What makes it one thing, whichever policy speaks of it: what is so, by which figures, since when.

    An approval is recorded under one clause and answers no other (C.8e).
    """
    what = (concern.situation, *map(str, concern.figures)) if concern.situation else (concern.id,)
    of = (concern.id,) if concern.situation == LATE else ()
    return (*what, *of, concern.child_id, concern.since.isoformat() if concern.since else "")


def _notice(
    facts: Facts, cause: tuple[str, ...], concerns: Sequence[Concern], reader: Reader, asks: Iterable[Ask]
) -> Notice:
    concern, asks = concerns[0], tuple(asks)
    late = concern.situation == LATE
    says = dict.fromkeys(ask.says for ask in asks)
    return Notice(
        cause=cause,
        about=f"child {concern.child_id}",
        kind="late" if late else "concern",
        clause=", ".join(one.id for one in concerns),
        says=PASSED if _has_passed(facts, concern) else words.phrase(concern.says),
        closes="; ".join(dict.fromkeys(words.phrase(one.closes) for one in concerns)),
        asks=" ".join([*([ADVICE] if late else []), *says]),
        to=reader,
        lines=(_line(facts, concern),),
        since=concern.since,
        urgent=_is_urgent(facts, concern),
        daily=late,
        duties=tuple(dict.fromkeys(ask.tell for ask in asks)),
    )


def _not_told_otherwise(concern: Concern) -> Concern:
    """Of leave and risks worker and manager are told from the record; others whom a pack names, here."""
    if concern.situation not in OWN_SITUATIONS:
        return concern
    return replace(concern, to=tuple(who for who in concern.to if who not in {"worker", "manager"}))


def _is_urgent(facts: Facts, concern: Concern) -> bool:
    """What leaves no hour to lose: a child protection visit due today or overdue, a plan past its date."""
    if concern.situation == LATE:
        return concern.since is not None and concern.since <= facts.today
    return concern.situation == AT_ONCE


def _has_passed(facts: Facts, concern: Concern) -> bool:
    return concern.situation == LATE and concern.since is not None and concern.since < facts.today


def _line(facts: Facts, concern: Concern) -> Line:
    known, child = facts.known, facts.known.child(concern.child_id)
    said = [f"Worker: {workers_of(known, known.holders.get(child.child_id, ()))}"]
    visits = facts.owed.get(child.child_id, ())
    records = _late_records(facts, concern)
    if concern.situation == LATE and visits and concern.since is not None:
        said += _which_day(facts, concern, visits)
    elif records:
        said += records
    else:
        if concern.since is not None:
            ahead = concern.since > facts.today
            day = words.day(concern.since, facts.today)
            put_off = concern.situation == AT_ONCE
            said.append(
                f"The visit of {day} was put off" if put_off else f"{'From' if ahead else 'Since'} {day}"
            )
        said += [due_words(known, visit) for visit in visits[:1]]
    coming = known.coming.get(child.child_id)
    planned = _planned_anew(facts, concern)
    if planned is not None:
        said.append(_when(facts, planned))
    if coming is not None and coming.at.date() != planned:
        said.append(f"Planned for {words.moment(coming.at, facts.today)}")
    return Line(child.child_id, child.label, tuple(said))


def _late_records(facts: Facts, concern: Concern) -> list[str]:
    """Of a record that is late: which visit it is of, each where several are owed."""
    if concern.situation != RECORD:
        return []
    known = facts.known
    owed = [
        (visit, known.record_by[visit.visit_id])
        for visits in known.unfinished.values()
        for visit in visits
        if visit.child_id == concern.child_id and visit.visit_id in known.record_by
    ]
    return [
        f"The record of the visit of {words.moment(visit.at, facts.today)} was to be finished by "
        f"{words.day(by.due, facts.today)}"
        for visit, by in sorted(owed, key=lambda one: one[0].at)
        if by.due < facts.today
    ]


def _planned_anew(facts: Facts, concern: Concern) -> date | None:
    """Of a visit that was put off for too long: the day it is planned for."""
    if concern.situation != AT_ONCE or concern.since is None:
        return None
    return facts.put_off.get((concern.child_id, concern.since))


def _when(facts: Facts, planned: date) -> str:
    day = words.day(planned, facts.today)
    if planned >= facts.today:
        return f"It is planned for {day}"
    return f"It was planned for {day}, and the record does not say how it went"


def _which_day(facts: Facts, concern: Concern, visits: Sequence[DueVisit]) -> list[str]:
    """By when the child is owed a visit, and which timescale would be passed: where they differ, both."""
    ends, today = concern.since, facts.today
    assert ends is not None
    first = visits[0]
    timescales = {
        clause.id
        for visit in visits
        for clause in visit.clauses
        if clause.due == ends and clause.id in concern.of_clauses
    }
    under = f" under {', '.join(sorted(timescales))}" if timescales else ""
    passing = "that has been passed" if ends < today else "that would be passed"
    due = f"{due_words(facts.known, first)} under {', '.join(first.governed_by)}"
    if first.due == ends:
        return [f"{due}: the timescale {passing}"]
    is_ = "was" if ends < today else "is"
    when = "TODAY" if ends == today else words.day(ends, today)
    return [f"{due}, the earlier day", f"The timescale {passing} {is_} {when}{under}"]
