"""What somebody is told: {clause: to}, for one child."""

from datetime import date

from reckoning import pack_a, pack_b, pack_c, pack_e
from reckoning.counting import before_birth, counted, open_episodes, order, visits_in, was_seen
from reckoning.model import Absence, Case, Episode, Owed, Visit
from reckoning.worktime import ONE_DAY, add_working_days, age_on, buddy_named, days_between, is_at_work

Concern = tuple[str, tuple[str, ...]]
WORKER, MANAGER, MANAGER_AND_IRO = ("worker",), ("manager",), ("manager", "iro")
WORKER_AND_MANAGER = WORKER + MANAGER


def seen_by_others(case: Case, episode: Episode, visits: list[Visit]) -> bool:
    """A.0, B.0: two counted visits running by someone else since the worker was allocated."""
    since = episode.worker_since or episode.start
    last_two = [visit for visit in visits if visit.day >= since][-2:]
    return len(last_two) == 2 and all(
        episode.worker_id is not None and visit.worker_id not in (None, episode.worker_id)
        for visit in last_two
    )


# --- pack A ------------------------------------------------------------------------------------------


def two_missed(rows: list[Visit]) -> bool:
    """A.8a: the last two visits that were to happen did not."""
    due = [row for row in rows if row.kind == "visit" and row.status in ("completed", "failed", "cancelled")]
    return len(due) >= 2 and all(row.status != "completed" for row in due[-2:])


def not_seen_for_ten_days(case: Case, plan: Episode, today: date) -> bool:
    """A.8b: since the later of the plan's start and the last day seen, anywhere."""
    days = [visit.day for visit in counted(case, [plan], was_seen, today)]
    return (today - max([plan.start, *days])).days >= 10


def access_problem(rows: list[Visit], seen: list[Visit]) -> bool:
    """A.8c: the latest attempt had an access problem, and no counted visit since."""
    attempts = [row for row in rows if row.kind == "visit" and row.status != "scheduled" and row not in seen]
    if not attempts or attempts[-1].access_problem is not True:
        return False
    return not seen or order(seen[-1]) < order(attempts[-1])


def not_seen_alone(case: Case, seen: list[Visit]) -> bool:
    """A.8d: aged three or over on the day of the latest counted visit, and not seen alone in it."""
    if not seen or case.child.born is None or before_birth(case, seen[-1]):
        return False
    return age_on(case.child.born, seen[-1].day) >= 3 and seen[-1].seen_alone is not True


def of_pack_a(case: Case, today: date) -> list[Concern]:
    episodes = pack_a.covered(case, today)
    if not episodes:
        return []
    rows = visits_in(case, episodes)
    seen = counted(case, episodes, was_seen, today)
    plans = [episode for episode in episodes if episode.kind == "child_protection"]
    found: list[Concern] = []
    if any(seen_by_others(case, ep, counted(case, [ep], was_seen, today)) for ep in episodes):
        found.append(("A.0", MANAGER))
    if pack_a.postponements(case, today):
        found.append(("A.7", MANAGER_AND_IRO))
    if two_missed(rows):
        found.append(("A.8a", MANAGER_AND_IRO))
    if any(not_seen_for_ten_days(case, plan, today) for plan in plans):
        found.append(("A.8b", MANAGER_AND_IRO))
    if access_problem(rows, seen):
        found.append(("A.8c", MANAGER_AND_IRO))
    if not_seen_alone(case, seen):
        found.append(("A.8d", MANAGER_AND_IRO))
    if any(row.status == "scheduled" and row.kind == "visit" and row.day < today for row in rows):
        found.append(("A.9", WORKER))
    return found


# --- pack B ------------------------------------------------------------------------------------------


def of_pack_b(case: Case, owed: list[Owed], today: date) -> list[Concern]:
    episodes = pack_b.covered(case, today)
    if not episodes:
        return []
    found: list[Concern] = []
    if any(seen_by_others(case, ep, pack_b.counted_for(case, [ep], today)) for ep in episodes):
        found.append(("B.0", MANAGER))
    if pack_b.is_planned_too_late(case, owed, today):
        found.append(("B.8", MANAGER))
    if any(today < away.start and away.contact_details is None for away in case.away):
        found.append(("B.9", WORKER))
    return found


# --- pack C ------------------------------------------------------------------------------------------


def recording_late(case: Case, today: date) -> list[Concern]:
    """C.3: to the worker when overdue, to the manager one working day later."""
    late = [due for _, due, _ in pack_c.unrecorded(case, today) if due < today]
    if not late:
        return []
    to_manager = any(add_working_days(due + ONE_DAY, 1) <= today for due in late)
    return [("C.3", WORKER_AND_MANAGER if to_manager else WORKER)]


def is_away_throughout(case: Case, worker_id: str | None, due: date, today: date) -> bool:
    """No day at work from today to the due day."""
    return not any(is_at_work(case, worker_id, day) for day in days_between(today, due))


def planned_days(case: Case, plan: Episode, today: date) -> list[date]:
    rows = [row for row in visits_in(case, [plan]) if row.kind == "visit"]
    scheduled = [row.day for row in rows if row.status == "scheduled"]
    moved = [row.planned_for for row in rows if row.planned_for]
    return [day for day in scheduled + moved if day >= today]


def going_out_of_timescale(case: Case, plan: Episode, due: date, today: date) -> bool:
    """C.8e."""
    if due < today:
        return True
    planned = planned_days(case, plan, today)
    scheduled_today = any(
        row.status == "scheduled" and row.kind == "visit" and row.day == today for row in case.visits
    )
    return (
        (due == today and not scheduled_today)
        or (bool(planned) and min(planned) > due)
        or is_away_throughout(case, plan.worker_id, due, today)
    )


def discussed(case: Case, plan: Episode, today: date) -> bool:
    """The manager's advice was asked on or after the last counted visit, and is recorded."""
    visits = pack_c.counted_for(case, plan, today)
    since = visits[-1].day if visits else plan.start
    return any(
        it.clause == "C.8e"
        and it.asked_on is not None
        and since <= it.asked_on <= today
        and it.recorded_on is not None
        and it.recorded_on <= today
        for it in case.approvals
    )


def worker_away(case: Case, worker_id: str | None, due: date, today: date) -> list[Concern]:
    """C.8a, C.8b, for one worker's visit under this pack."""
    found: list[Concern] = []
    for absence in case.absences_of(worker_id):
        if absence.kind == "unplanned" and absence.holds(today) and due <= today:
            found.append(("C.8b", MANAGER))
        if absence.kind == "planned" and absence.holds(max(due, today)):
            told = absence.manager_told_on is not None and absence.manager_told_on <= today
            nobody = buddy_named(case, worker_id, absence) is None and today < absence.start
            if nobody or not told:
                found.append(("C.8a", MANAGER))
    return found


def is_just_back(case: Case, absence: Absence, today: date) -> bool:
    """Today is the worker's first day at work after the absence."""
    if absence.end is None or absence.end >= today:
        return False
    at_work = [
        day for day in days_between(absence.end + ONE_DAY, today) if is_at_work(case, absence.worker_id, day)
    ]
    return at_work[:1] == [today]


def covered_meanwhile(case: Case, plan: Episode, today: date) -> bool:
    """C.8c: somebody else visited in the absence from which the worker is just back."""
    return any(
        absence.holds(row.day)
        for absence in case.absences_of(plan.worker_id)
        if is_just_back(case, absence, today)
        for row in visits_in(case, [plan])
        if row.status == "completed" and row.kind == "visit" and row.channel in (None, "in_person")
        if row.worker_id not in (None, plan.worker_id)
    )


def of_pack_c(case: Case, visits: list[tuple[str | None, date, list[Owed]]], today: date) -> list[Concern]:
    """`visits`: (worker, due, clauses) of the child's visits as they will be shown."""
    found = recording_late(case, today)
    for plan in pack_c.covered(case, today):
        due = min(owed.due for owed in pack_c.of_plan(case, plan, today))
        if going_out_of_timescale(case, plan, due, today) and not discussed(case, plan, today):
            found.append(("C.8e", MANAGER))
        if covered_meanwhile(case, plan, today):
            found.append(("C.8c", WORKER))
    for worker_id, due, clauses in visits:
        if any(owed.pack == "C" for owed in clauses):
            found += worker_away(case, worker_id, due, today)
    return found


# --- packs D, E and all together ----------------------------------------------------------------------


def of_pack_d(case: Case, today: date) -> list[Concern]:
    """D.2c: from the decision until the referrer is told."""
    for episode in open_episodes(case, today, ("referral",)):
        decided = episode.decision_at is not None and episode.decision_at <= today
        told = episode.referrer_told_at is not None and episode.referrer_told_at <= today
        if decided and not told:
            return [("D.2c", WORKER)]
    return []


def of_pack_e(case: Case, today: date) -> list[Concern]:
    """E.5: a dangerous address, while somebody may have to go there."""
    if pack_e.covered(case, today) and pack_e.is_dangerous_address(case, today):
        return [("E.5", WORKER_AND_MANAGER)]
    return []


def told(case: Case, to: tuple[str, ...]) -> list[str]:
    """A restricted child's: the manager in place of the IRO."""
    if case.child.restricted:
        return [who for who in to if who != "iro"]
    return list(to)


def concerns(case: Case, packs: str, visits: list[tuple], owed: list[Owed], today: date) -> list[dict]:
    """`visits`: the objects as they will be shown; `owed`: every clause of a visit, contacts for one too."""
    found: list[Concern] = []
    if "A" in packs:
        found += of_pack_a(case, today)
    if "B" in packs:
        found += of_pack_b(case, owed, today)
    if "C" in packs:
        found += of_pack_c(case, visits, today)
    if "D" in packs:
        found += of_pack_d(case, today)
    if "E" in packs:
        found += of_pack_e(case, today)
    return [{"id": clause, "to": told(case, to)} for clause, to in sorted(set(found))]
