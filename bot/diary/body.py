"""What an entry says inside: why the visit is due, what it must include, what to know before going, whom to
call. The worker reads it at the door, so it is complete on its own; it is private to the diary it stands in.
"""

from __future__ import annotations

from datetime import date

from bot.diary.entry import Body, Clause
from bot.diary.people import People, Worker
from bot.diary.words import counted, done_heading, due_heading, full_day, late_heading, musts
from bot.policy.judgement import DueVisit, Judgement

PREPARED = ("visit", "contact", "return_interview")  # what has a preparation sheet
_IN_PERSON = ("visit", "return_interview")


def due_body(
    visit: DueVisit,
    judgement: Judgement,
    people: People,
    *,
    not_counted: tuple[str, ...],
    note: str = "",
    who: str,
    wrong: str,
    sheet: str = "",
    contingency: tuple[str, ...],
    cover: str,
    siblings_owed: int,
    late_on: date | None,
) -> Body:
    """Say everything about one visit that is owed; ``late_on``: today, where it says how late it is."""
    child = people.children.get(visit.child_id)
    return Body(
        heading=late_heading(visit, late_on) if late_on else due_heading(visit),
        child=who,
        why=_why(visit),
        must=musts(visit),
        risk=_risk(people.risks_at(child), judgement) if visit.kind in _IN_PERSON else (),
        siblings_owed=siblings_owed,
        if_no_access=_if_no_access(visit, judgement, contingency, late_on),
        call=_call(visit, people),
        cover=cover,
        wrong=wrong,
        where=visit.setting or "",
        not_counted=not_counted,
        sheet=sheet if visit.kind in PREPARED else "",
        note=note,
    )


def done_body(kind: str, done_on: date, *, who: str, where: str, wrong: str) -> Body:
    """Say that a visit is recorded, and nothing that is no longer owed."""
    return Body(
        heading=done_heading(kind, done_on),
        child=who,
        why=(),
        must=(),
        risk=(),
        siblings_owed=0,
        if_no_access="",
        call=(),
        cover="",
        wrong=wrong,
        where=where,
    )


def _why(visit: DueVisit) -> tuple[Clause, ...]:
    ordered = sorted(visit.clauses, key=lambda clause: (clause.due, clause.id))
    return tuple(
        Clause(clause.id, clause.says, counted(clause), clause.due, clause.id in visit.governed_by)
        for clause in ordered
    )


def _risk(risks: tuple[str, ...], judgement: Judgement) -> tuple[str, ...]:
    """Say each risk to whoever visits, and what the policies ask of those who know of it (E.5)."""
    asked = (f"{judgement.says[id_].rstrip('.')} ({id_})" for id_ in judgement.shown_with.get("risk", ()))
    return (*risks, *asked) if risks else ()


def _if_no_access(
    visit: DueVisit, judgement: Judgement, contingency: tuple[str, ...], late_on: date | None
) -> str:
    """Say by when it must be done, what the packs ask after a failed attempt, and what to do (E.4)."""
    if visit.kind not in _IN_PERSON:
        return ""
    ids = dict.fromkeys((*contingency, *judgement.shown_with.get("no_access", ())))
    rules = [f"{judgement.says[id_].rstrip('.')} ({id_})." for id_ in ids if id_ in judgement.says]
    by = f"The last day in time {'was' if late_on else 'is'} {full_day(visit.due)}."
    do = "Record the attempt today with the reason, and ring your manager if the next try may come too late."
    return " ".join([by, *rules, do])


def _call(visit: DueVisit, people: People) -> tuple[str, ...]:
    worker = people.workers.get(visit.worker_id or "")
    manager = people.workers.get(worker.manager_id or "") if worker else None
    if manager is None:
        return ("Your manager (the caseload does not say who that is)",)
    return (f"Your manager: {_reach(manager)}",)


def _reach(person: Worker) -> str:
    return f"{person.called}, {person.phone or person.email}" if person.name else person.phone or person.email
