"""The preparation sheet: what a worker has to know and think through before the door is opened.

One value for two papers, the sheet (B.10, C.7k, E.0 to E.5) and the template the visit is then written up in
(A.9, C.6, E.6). Everything the record knows is filled in, so that the worker's time goes into what it does
not know. Both are for staff alone: they may name risks and unannounced visits, as nothing a family gets may.
A ``restricted`` child's papers are for the allocated worker and that worker's manager, and say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.caseload.model import Caseload
from bot.diary.body import PREPARED
from bot.digest import words
from bot.digest.gathering import gather
from bot.digest.known import Known
from bot.digest.owed import Owed, owed
from bot.digest.papers.people import Reach, manager_of, owners, reach
from bot.digest.papers.record import Agreed, Record, Request, Risk, Row, Stay, record_of
from bot.digest.raised import Raised, raised
from bot.policy.judgement import DueVisit, Judgement
from bot.policy.pack import Pack

RETRIES = ("B.7", "A.7")  # what the shipped packs ask after an attempt without access, where chosen
LOOKED_BACK = timedelta(weeks=12)
LISTED = 5
MONTHS_UNTIL = 24  # a younger child's age is told in months


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause of the chosen packs, quoted."""

    clause: str
    says: str


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The plan for this visit that the last one left (C.6's thirteenth item)."""

    says: str
    left_on: date
    of_last_visit: bool  # else a later visit left none


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the two papers of one visit tell."""

    child_id: str
    child: str
    today: date
    age: str  # "7 years", "not yet born"; empty: the date of birth is not known
    worker: Reach
    manager: Reach
    restricted: bool
    may_have: tuple[Reach, ...]  # whose paper it is, where the record is restricted
    owed: tuple[Owed, ...]  # hardest deadline first
    no_access: tuple[Rule, ...]
    records: tuple[Rule, ...]
    risk_rules: tuple[Rule, ...]
    risks_to_workers: tuple[Risk, ...]
    risks_to_child: tuple[Risk, ...]
    skeleton: Skeleton | None
    past: tuple[Row, ...]
    missed: tuple[Row, ...]  # attempts of the last weeks that did not come off, or met a closed door
    unannounced: int  # of the visits of the open plan, announced or not
    counted: int
    agreed: tuple[Agreed, ...]
    requests: tuple[Request, ...]
    stays: tuple[Stay, ...]
    protection: bool  # a child protection plan is open: I.12 a asks for the agency abroad
    concerns: tuple[Raised, ...]
    holds: frozenset[str]  # the ids of every clause of the chosen packs
    policies: tuple[str, ...]

    @property
    def joint_visit(self) -> bool:
        """Whether somebody recorded that nobody goes there alone."""
        return any(risk.joint_visit for risk in self.risks_to_workers)

    @property
    def unannounced_asked(self) -> bool:
        """Whether the policy wants this visit unannounced."""
        return any(need.startswith(words.must("unannounced")) for row in self.owed for need in row.needs)


def prepare(
    child_id: str,
    visits: Sequence[DueVisit],
    judgement: Judgement,
    caseload: Caseload,
    packs: Sequence[Pack],
    *,
    names: words.Identify,
) -> Sheet | None:
    """The sheet for what ``child_id`` is owed next; null where no visit, contact or interview is owed.

    For many, :func:`sheet_for` reads the caseload once. Raises LookupError where it has no such child.
    """
    known = gather(visits, judgement, caseload, judgement.today, names)
    return sheet_for(known, child_id, visits, judgement, caseload, packs=packs)


def sheet_for(
    known: Known,
    child_id: str,
    visits: Sequence[DueVisit],
    judgement: Judgement,
    caseload: Caseload,
    *,
    packs: Sequence[Pack],
) -> Sheet | None:
    """The sheet of one child, from what is known of all."""
    today = judgement.today
    record = record_of(caseload, child_id, today)
    mine = [visit for visit in visits if visit.child_id == child_id and visit.kind in PREPARED]
    if not mine:
        return None
    home = known.child(child_id).household
    worker_id = next((visit.worker_id for visit in mine if visit.worker_id), None)
    family = [
        v for v in visits if v.child_id != child_id and home and _may_be_named(known, v, worker_id, record)
    ]
    rows = tuple(row for row in owed(known, mine + family) if row.child_id == child_id)
    worker, manager = reach(caseload, worker_id), manager_of(caseload, worker_id)
    plans = [row for row in record.past if record.begun and row.day >= record.begun and row.seen]
    return Sheet(
        child_id=child_id,
        child=known.child(child_id).label,
        today=today,
        age=_age(record.born, today),
        worker=worker,
        manager=manager,
        restricted=record.restricted,
        may_have=owners(caseload, record.holders) if record.restricted else (),
        owed=rows,
        no_access=_rules(judgement, (*RETRIES, *judgement.shown_with.get("no_access", ()))),
        records=_rules(judgement, ("C.3", *judgement.shown_with.get("records", ()))),
        risk_rules=_rules(judgement, judgement.shown_with.get("risk", ())),
        risks_to_workers=tuple(risk for risk in record.risks if risk.to_workers),
        risks_to_child=tuple(risk for risk in record.risks if not risk.to_workers),
        skeleton=_skeleton(record),
        past=record.past[:LISTED],
        missed=_missed(record),
        unannounced=sum(row.announced is False for row in plans),
        counted=len(plans),
        agreed=record.agreed,
        requests=record.requests,
        stays=record.stays,
        protection="child_protection" in record.plans,
        concerns=raised(known, [child_id]),
        holds=frozenset(judgement.says),
        policies=tuple(pack.title for pack in packs),
    )


def _may_be_named(known: Known, visit: DueVisit, worker_id: str | None, record: Record) -> bool:
    """A brother or sister owed by the same worker; a restricted one only on a restricted paper."""
    other = known.child(visit.child_id)
    mine = visit.kind in PREPARED and visit.worker_id == worker_id
    return (
        mine
        and other.household == known.child(record.child_id).household
        and (record.restricted or not other.restricted)
    )


def _rules(judgement: Judgement, ids: Sequence[str]) -> tuple[Rule, ...]:
    """The clauses of these ids that the chosen packs have, each once."""
    return tuple(Rule(id_, judgement.says[id_]) for id_ in dict.fromkeys(ids) if id_ in judgement.says)


def _skeleton(record: Record) -> Skeleton | None:
    for number, row in enumerate(record.past):
        if row.next_plan:
            return Skeleton(row.next_plan, row.day, number == 0)
    return None


def _missed(record: Record) -> tuple[Row, ...]:
    """Latest first."""
    return tuple(
        row
        for row in reversed(record.visits)
        if record.today - LOOKED_BACK <= row.day <= record.today
        and row.kind == "visit"
        and (row.access_problem or row.status in {"failed", "postponed", "cancelled"} or row.seen is False)
    )


def _age(born: date | None, today: date) -> str:
    if born is None:
        return ""
    if born > today:
        return "not yet born"
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return words.count(months, "month") if months < MONTHS_UNTIL else words.count(months // 12, "year")
