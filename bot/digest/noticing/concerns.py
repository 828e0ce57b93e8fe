"""Concerns as notices: all that a pack says somebody beside the worker is told of (A.7, A.8, B.8, C.8e…)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.digest import words
from bot.digest.notices import Line, Notice
from bot.digest.noticing.facts import OWN_SITUATIONS, Facts, due_words
from bot.digest.noticing.readers import Readers, workers_of
from bot.policy.judgement import Concern

LATE = "foreseeably_late"
AT_ONCE = "planned_too_late"  # B.8: worries about timescales go to the manager at once
ADVICE = (
    "Your advice or approval is asked for: talk it over and record the discussion, which ends this notice. "
    "You are reminded each working day until the record shows it."
)


def of_concerns(facts: Facts, readers: Readers) -> Iterator[Notice]:
    """Every open concern that somebody beside the worker is told of, once for each of them."""
    for child_id in sorted(facts.known.concerns):
        for concern in facts.known.concerns[child_id]:
            for reader, asks in readers.of(_not_told_otherwise(concern)):
                late = concern.situation == LATE
                yield Notice(
                    cause=(concern.id, child_id, concern.since.isoformat() if concern.since else ""),
                    about=f"child {child_id}",
                    kind="late" if late else "concern",
                    clause=concern.id,
                    says=words.phrase(concern.says),
                    closes=words.phrase(concern.closes),
                    asks=" ".join(part for part in (ADVICE if late else "", asks) if part),
                    to=reader,
                    lines=(_line(facts, concern),),
                    since=concern.since,
                    urgent=_is_urgent(facts, concern),
                    daily=late,
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


def _line(facts: Facts, concern: Concern) -> Line:
    known, child = facts.known, facts.known.child(concern.child_id)
    said = [f"Worker: {workers_of(known, known.holders.get(child.child_id, ()))}"]
    if concern.since is not None:
        ahead = concern.since > facts.today
        said.append(f"{'From' if ahead else 'Since'} {words.day(concern.since, facts.today)}")
    visit = facts.next_due.get(child.child_id)
    if visit is not None:
        said.append(due_words(known, visit))
    coming = known.coming.get(child.child_id)
    if coming is not None:
        said.append(f"Planned for {words.moment(coming.at, facts.today)}")
    return Line(child.child_id, child.label, tuple(said))
