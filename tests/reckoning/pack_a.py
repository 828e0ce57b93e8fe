"""Pack A, short-guide: A.1 to A.5 and A.7."""

from datetime import date, timedelta

from reckoning.counting import anchor, counted, open_episodes, visits_in, was_seen, was_seen_at_home
from reckoning.model import Case, Episode, Interval, Limit, Owed, Visit
from reckoning.own import own_frequency
from reckoning.worktime import add_months, add_working_days, after

KINDS = ("referral", "child_in_need", "child_protection")
EVERY = {"child_in_need": ("A.2", Interval(21, "days")), "child_protection": ("A.3", Interval(10, "days"))}


def covered(case: Case, today: date) -> list[Episode]:
    return open_episodes(case, today, KINDS)


def must_be_home(case: Case, episode: Episode) -> bool:
    return case.child.lives_at_home or episode.kind == "child_protection"


def counted_for(case: Case, episode: Episode, today: date) -> list[Visit]:
    """The visits that count for A.1, A.2 or A.3."""
    counts = was_seen_at_home if must_be_home(case, episode) else was_seen
    return counted(case, [episode], counts, today)


def of_referral(case: Case, episode: Episode, visits: list[Visit]) -> list[Owed]:
    if visits:
        return []
    due = episode.start + timedelta(days=7)
    return [Owed("A.1", due, worker_id=episode.worker_id, episode=episode)]


def of_plan(case: Case, episode: Episode, visits: list[Visit]) -> list[Owed]:
    clause, every = EVERY[episode.kind]
    due = after(anchor(episode, visits), every)
    return [Owed(clause, due, worker_id=episode.worker_id, every=every, episode=episode)]


def postponements(case: Case, today: date) -> list[Visit]:
    """A.7: postponed visits with no counted visit on or after the day they were to be."""
    episodes = covered(case, today)
    visits = counted(case, episodes, was_seen, today)
    return [
        row
        for row in visits_in(case, episodes)
        if row.status == "postponed"
        and row.kind == "visit"
        and not any(visit.day >= row.day for visit in visits)
    ]


def rescheduled(case: Case, today: date) -> list[Owed]:
    days = [row.day for row in postponements(case, today)]
    return [Owed("A.7", add_working_days(min(days), 3), floats=True)] if days else []


def dues(case: Case, today: date) -> list[Owed]:
    owed = []
    for episode in covered(case, today):
        visits = counted_for(case, episode, today)
        of_kind = of_referral if episode.kind == "referral" else of_plan
        pack = of_kind(case, episode, visits)
        pack_due = pack[0].due if pack else None
        owed += pack + own_frequency("A.5", episode, anchor(episode, visits), pack_due)
    return owed + rescheduled(case, today)


def limits(case: Case, today: date) -> list[Limit]:
    """A.4: at least one unannounced visit every 3 months."""
    episodes = covered(case, today)
    if not episodes:
        return []
    met = [visit.day for visit in counted(case, episodes, was_seen, today) if visit.announced is False]
    since = max(met) if met else min(episode.start for episode in episodes)
    return [Limit("A.4", "unannounced", add_months(since, 3))]
