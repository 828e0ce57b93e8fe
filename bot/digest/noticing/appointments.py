"""Appointments of who is unexpectedly absent: families wait today whose visit falls due only later (C.8b).

The same-day list has what is due; whoever is on it is told of there, with the time. Here is the rest, so that
somebody goes or the family is told before anybody stands waiting for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.digest import words
from bot.digest.known import Attempt, Child, Leave
from bot.digest.notices import Line, Notice, Reader
from bot.digest.noticing.absence import arranged_words, due_before, known_by, off_today, who_covers
from bot.digest.noticing.facts import Facts, due_words
from bot.digest.noticing.readers import Readers

ASKS = (
    "Arrange today who goes, or tell the family that nobody comes. You are told of such visits on each day "
    "of the absence."
)


def of_the_absent(facts: Facts, readers: Readers) -> Iterator[Notice]:
    """C.8b: on each day of an unplanned absence, the visits that the worker was to make that day."""
    clause = facts.clause_of("due_in_unplanned_absence")
    opens = facts.judgement.work.after(facts.today, 1)
    for (worker_id, child_id), visits in sorted(facts.arranged_today.items()):
        if worker_id not in facts.known.people:
            continue
        leave = off_today(facts, worker_id)
        if leave is None and worker_id not in facts.out_of_office:
            continue
        if any(visit.child_id == child_id for visit in due_before(facts, worker_id, opens)):
            continue
        child = facts.known.child(child_id)
        for reader in _told(facts, readers, worker_id, child, clause):
            for visit in visits:
                yield Notice(
                    cause=(worker_id, facts.today.isoformat(), visit.visit_id),
                    about=f"worker {worker_id}",
                    kind="arranged today",
                    clause=clause,
                    says=f"{facts.known.name(worker_id)} is unexpectedly absent "
                    f"({known_by(leave, facts.today)}), and these visits are arranged for today",
                    closes="The visit, another date, or the worker's return",
                    asks=ASKS,
                    to=reader,
                    lines=(_line(facts, visit, worker_id, leave, child),),
                    since=leave.start if leave else facts.today,
                    urgent=True,
                    in_list=True,
                )


def _told(facts: Facts, readers: Readers, worker_id: str, child: Child, clause: str) -> Sequence[Reader]:
    """The worker's manager; of a restricted child whom somebody else holds, that worker's manager alone."""
    holders = sorted(facts.known.holders.get(child.child_id, frozenset()) & facts.known.people.keys())
    others = child.restricted and worker_id not in holders
    found = (readers.manager_of(one, clause) for one in (holders if others else [worker_id]))
    return tuple(dict.fromkeys(one for one in found if one))


def _line(facts: Facts, visit: Attempt, worker_id: str, leave: Leave | None, child: Child) -> Line:
    said = [arranged_words(visit)]
    said += [
        word
        for owed in facts.owed.get(child.child_id, ())[:1]
        for word in (due_words(facts.known, owed), *words.musts(owed))
    ]
    said.append(who_covers(facts, worker_id, leave, child))
    return Line(child.child_id, child.label, tuple(said))
