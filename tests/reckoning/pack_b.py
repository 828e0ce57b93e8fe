"""Pack B, visiting-policy: B.1 to B.3, the retries B.7 and B.8, contact while away (B.9)."""

from datetime import date

from reckoning.counting import counted, open_episodes, order, visits_in, was_seen_not_briefly
from reckoning.model import Case, Episode, Interval, Owed, Visit
from reckoning.own import own_frequency, requests
from reckoning.worktime import add_working_days, after

KINDS = ("child_protection", "child_in_need")
EVERY = {
    "child_protection": ("B.1", Interval(10, "working days")),
    "child_in_need": ("B.2", Interval(20, "working days")),
}


def covered(case: Case, today: date) -> list[Episode]:
    """B.12: an episode with an excluded reason is outside this pack."""
    return [episode for episode in open_episodes(case, today, KINDS) if episode.excluded_reason is None]


def counted_for(case: Case, episodes: list[Episode], today: date) -> list[Visit]:
    return counted(case, episodes, was_seen_not_briefly, today)


def contacts_while_away(case: Case, episode: Episode, today: date) -> list[date]:
    """B.9: a completed contact by video or phone while the family is away restarts B.1 to B.3."""
    return [
        row.day
        for row in visits_in(case, [episode])
        if row.status == "completed"
        and row.kind == "contact"
        and row.channel in ("video", "phone")
        and row.day <= today
        and any(away.holds(row.day) for away in case.away)
    ]


def last_contact(case: Case, episode: Episode, today: date) -> date:
    days = [visit.day for visit in counted_for(case, [episode], today)]
    return max([episode.start, *days, *contacts_while_away(case, episode, today)])


def of_plan(case: Case, episode: Episode, today: date) -> list[Owed]:
    clause, every = EVERY[episode.kind]
    anchored = last_contact(case, episode, today)
    due = after(anchored, every)
    pack = Owed(clause, due, worker_id=episode.worker_id, every=every, episode=episode)
    return [pack, *own_frequency("B.3", episode, anchored, due)]


# --- the visit that did not succeed ------------------------------------------------------------------


def is_unsuccessful(row: Visit) -> bool:
    """B.7: failed, or completed but the child unseen or seen only briefly."""
    return row.status == "failed" or (
        row.status == "completed" and (row.seen is not True or row.brief is True)
    )


def was_not_kept(row: Visit) -> bool:
    """B.8."""
    return row.status in ("postponed", "cancelled")


def latest_attempt(case: Case, today: date) -> Visit | None:
    """The latest attempt since the last counted visit: it alone sets the date of B.7 or B.8."""
    episodes = covered(case, today)
    visits = counted_for(case, episodes, today)
    attempts = [
        row
        for row in visits_in(case, episodes)
        if row.kind == "visit"
        and (is_unsuccessful(row) or was_not_kept(row))
        and (not visits or order(row) > order(visits[-1]))
    ]
    return attempts[-1] if attempts else None


def is_replanned(case: Case, row: Visit, today: date) -> bool:
    """B.8: a new date, or a scheduled visit, of today or later."""
    if row.planned_for is not None and row.planned_for >= today:
        return True
    return any(
        it.status == "scheduled" and it.kind == "visit" and it.day >= today
        for it in visits_in(case, covered(case, today))
    )


def retry(case: Case, today: date) -> list[Owed]:
    """B.7 by its own sum: `hold_to_the_others` then holds it to what the other clauses say."""
    row = latest_attempt(case, today)
    if row is None:
        return []
    due = add_working_days(row.day, 2)
    if is_unsuccessful(row):
        return [Owed("B.7", due, floats=True)]
    return [] if is_replanned(case, row, today) else [Owed("B.8", due, floats=True)]


def hold_to_the_others(owed: list[Owed]) -> None:
    """B.7: never later than any other clause of the child says, of whatever pack."""
    others = [clause.due for clause in owed if clause.clause != "B.7" and clause.kind == "visit"]
    for clause in owed:
        if clause.clause == "B.7":
            clause.due = min([clause.due, *others])


def dues(case: Case, today: date) -> list[Owed]:
    owed = [clause for episode in covered(case, today) for clause in of_plan(case, episode, today)]
    return owed + requests("B.3", case, KINDS, was_seen_not_briefly, today) + retry(case, today)


def is_planned_too_late(case: Case, visits: list[Owed], today: date) -> bool:
    """B.8: the new date is later than the due date of the child's other clauses, of whatever pack."""
    row = latest_attempt(case, today)
    if row is None or not was_not_kept(row) or row.planned_for is None:
        return False
    dates = [owed.due for owed in visits if owed.clause != "B.8"]
    return bool(dates) and row.planned_for > min(dates)


def takes_contact(case: Case, due: date, today: date) -> bool:
    """B.9: the later of due and today lies in the family's absence."""
    return any(away.holds(max(due, today)) for away in case.away)
