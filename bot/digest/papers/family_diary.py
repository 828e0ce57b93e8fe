"""The family's diary of coming visits (C.7j), from which no unannounced visit can be read.

A visit that comes unannounced is worth nothing once its day can be guessed, and a diary gives days away in
more ways than by naming them. What is held to, and tested as properties over invented caseloads:

1. **What is shown does not depend on what is hidden.** The unannounced rows of the child's record are put
   aside before anything is worked out. Moving them, adding to them or taking them away leaves the paper the
   same to the byte, so there is nothing in it to be read. (One exception, which only ever shows less: 3.)
2. **No gap where one would be.** Leaving out exactly the unannounced visit says when it is: "1, 15 and 29
   December" of a fortnightly promise names 12 January by its absence. So the list ends before its first
   telling gap: one longer than was promised, or one that leaves room for another visit in the rhythm of the
   past visits or of the list itself (half as long again as the usual gap, or as the shortest one between
   visits listed). The time from the last visit to the first listed one is a gap as well; where the visit is
   late, the promise is broken already and the time from today is what counts.
3. **No shared day.** An announced visit on the day of an unannounced one to the same household (the child or
   a brother or sister, or a postponed one's new day) ends the list before it; the worker is told that the
   record contradicts itself. A shorter list looks like any other: nothing arranged yet.
4. **Not known to be announced is not shown** where the policy wants the next visit unannounced: a row that
   does not say whether it is announced may be that visit. Elsewhere a blank reads as announced.
5. **Nothing to count.** The paper always has the same number of lines, the empty ones to be filled in by
   hand, and says of unannounced visits the same sentence for everybody. No past visit stands in it, no due
   date, and no date of its own: "today" may be the day.

A family that keeps an older diary and finds an announced visit gone from a new one can wonder why; nothing on
paper can mend that. Whoever turns an announced visit into an unannounced one has told the family its day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from statistics import median

from bot.caseload.model import Caseload
from bot.digest.papers.agreement import Agreement, agree
from bot.digest.papers.people import reach
from bot.digest.papers.record import Record, Row, record_of
from bot.digest.words import Identify
from bot.policy.judgement import DueVisit, Judgement
from bot.policy.pack import Pack

LINES = 6  # of the diary, filled in or not
TELLING = 1.5  # a gap of so many usual gaps leaves room for a visit between
REMEMBERED = 6  # how many past visits make the rhythm a family is used to
SHOWN = ("visit", "contact")  # other kinds are meetings, or talks that are the child's own
MOVED = ("postponed", "cancelled")


@dataclass(frozen=True, slots=True)
class Coming:
    """One arranged visit or call that the family knows of."""

    when: datetime
    timed: bool
    channel: str
    at_home: bool | None
    by: str  # who comes, where it is somebody else than the child's worker; else empty


@dataclass(frozen=True, slots=True)
class FamilyDiary:
    """What the family is handed."""

    agreement: Agreement
    coming: tuple[Coming, ...]

    @property
    def blank_lines(self) -> int:
        """Lines left to be filled in by hand."""
        return LINES - len(self.coming)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the worker is told beside the paper, and nobody else: never the days themselves."""

    back: int  # announced visits that are not shown, lest they give another away
    contradicted: bool  # an announced and an unannounced visit stand on one day


def diary_of(
    child_id: str,
    visits: Sequence[DueVisit],
    judgement: Judgement,
    caseload: Caseload,
    packs: Sequence[Pack],
    *,
    names: Identify,
) -> tuple[FamilyDiary, Kept] | None:
    """The diary, and what was kept back from it; null where no plan or placement of the child is open.

    Raises LookupError where the caseload has no such child.
    """
    agreement = agree(child_id, judgement, caseload, packs, names=names)
    if agreement is None:
        return None
    record = record_of(caseload, child_id, judgement.today)
    arranged = _arranged(record, doubtful=_unannounced_wanted(caseload, child_id, visits))
    secret = frozenset(_secret_days(record))
    often = agreement.often
    shown = unbroken(
        [when.date() for when, _ in arranged],
        past=[row.day for row in reversed(record.past) if row.seen],
        begun=record.begun,
        today=record.today,
        promised=partial(often.after, work=judgement.work) if often else None,
    )
    clear = _before_a_shared_day([when.date() for when, _ in arranged[:shown]], secret)
    coming = tuple(_coming(caseload, agreement, when, row) for when, row in arranged[:clear])
    kept = Kept(len(arranged) - len(coming), any(when.date() in secret for when, _ in arranged))
    return FamilyDiary(agreement, coming), kept


def unbroken(
    days: Sequence[date],
    *,
    past: Sequence[date],
    begun: date | None,
    today: date,
    promised: Callable[[date], date] | None,
) -> int:
    """How many of ``days``, in order, can be listed before the first gap that tells of a visit left out.

    ``past``: the days on which the family was visited, in order. ``promised``: the last day on which a visit
    after a given day keeps the promise; null: nothing is promised.
    """
    known = sorted(set(past))[-REMEMBERED:]
    before = [(b - a).days for a, b in pairwise(known)]
    usual = median(before) if len(before) > 1 else None
    at = known[-1] if known else begun or today
    if promised and promised(at) < today:
        at = today
    first = 0  # a short wait for the first is no rhythm; a long one is a gap
    gaps: list[int] = []
    for number, day in enumerate(days[:LINES]):
        if day == at and number:
            continue  # two on one day
        gap = (day - at).days
        if promised and day > promised(at):
            return number
        if usual and gap >= TELLING * usual:
            return number
        first, gaps = (first, [*gaps, gap]) if number else (gap, gaps)
        if gaps and max(first, *gaps) >= TELLING * min(gaps):
            return number
        at = day
    return min(len(days), LINES)


def _before_a_shared_day(days: Sequence[date], secret: frozenset[date]) -> int:
    return next((number for number, day in enumerate(days) if day in secret), len(days))


def _secret_days(record: Record) -> Iterator[date]:
    """Every day from today on that an unannounced row of the household names."""
    for row in (*record.visits, *record.of_household):
        if row.announced is False:
            yield from (day for day in (row.day, row.planned_for) if day and day >= record.today)


def _unannounced_wanted(caseload: Caseload, child_id: str, visits: Iterable[DueVisit]) -> bool:
    """Whether the policy asks for an unannounced visit to this household now."""
    homes = dict(caseload.children.select("child_id", "household_id").iter_rows())
    home = homes[child_id]
    family = {child for child, where in homes.items() if home and where == home} | {child_id}
    return any("unannounced" in visit.must for visit in visits if visit.child_id in family)


def _arranged(record: Record, *, doubtful: bool) -> list[tuple[datetime, Row]]:
    """Announced visits from today on, in order of time; of two at one time the first."""
    found: dict[datetime, Row] = {}
    for row in record.visits:
        if row.kind not in SHOWN or row.announced is False or (doubtful and row.announced is None):
            continue
        if row.status == "scheduled" and row.day >= record.today:
            found.setdefault(row.at, row)
        elif row.status in MOVED and row.planned_for and row.planned_for >= record.today:
            found.setdefault(datetime.combine(row.planned_for, datetime.min.time()), row)
    timed = {when.date() for when, row in found.items() if row.timed and row.status == "scheduled"}
    return sorted(
        ((when, row) for when, row in found.items() if when.date() not in timed or row.timed),
        key=lambda pair: pair[0],
    )


def _coming(caseload: Caseload, agreement: Agreement, when: datetime, row: Row) -> Coming:
    somebody_else = row.worker_id and row.worker_id != agreement.worker.worker_id
    return Coming(
        when=when,
        timed=row.timed and row.status == "scheduled",
        channel=row.channel if row.kind == "contact" or row.channel != "in_person" else "in_person",
        at_home=row.at_home,
        by=reach(caseload, row.worker_id).name if somebody_else else "",
    )
