"""Pack C, cp-statutory-visits: C.0 and C.1, the home share (C.2), recording (C.3)."""

from datetime import date, datetime, time

from reckoning.counting import anchor, counted, home_share, is_finalised, open_episodes, was_seen_and_recorded
from reckoning.model import Case, Episode, Interval, Owed, Visit
from reckoning.own import own_frequency
from reckoning.worktime import after, hours_after

KINDS = ("child_protection",)
EVERY = Interval(14, "days")


def covered(case: Case, today: date) -> list[Episode]:
    return open_episodes(case, today, KINDS)


def counted_for(case: Case, episode: Episode, today: date) -> list[Visit]:
    return counted(case, [episode], was_seen_and_recorded, today)


def of_plan(case: Case, episode: Episode, today: date) -> list[Owed]:
    anchored = anchor(episode, counted_for(case, episode, today))
    due = after(anchored, EVERY)
    pack = Owed("C.1", due, worker_id=episode.worker_id, every=EVERY, episode=episode)
    return [pack, *own_frequency("C.0", episode, anchored, due)]


def next_must_be_home(case: Case, episode: Episode, today: date) -> bool:
    """C.2: elsewhere would take the share of home visits below half."""
    home, visits = home_share(counted_for(case, episode, today))
    return 2 * home < visits + 1


def unrecorded(case: Case, today: date) -> list[tuple[str | None, date, datetime | None]]:
    """C.3: (worker, due, due at) for each completed visit in a plan, open or ended, not finalised."""
    owed = []
    for row in case.visits:
        plans = [episode for episode in case.episodes if episode.kind in KINDS and episode.holds(row.day)]
        if plans and row.status == "completed" and row.kind == "visit" and not is_finalised(row, today):
            due, due_at = hours_after(row.day, row.moment, 48)
            newest = sorted(plans, key=lambda it: it.start_moment or datetime.combine(it.start, time.min))[-1]
            owed.append((row.worker_id or newest.worker_id, due, due_at))
    return owed


def recordings(case: Case, today: date) -> list[Owed]:
    """Several owed by one worker: the earliest shows."""
    earliest: dict[str | None, Owed] = {}
    for worker_id, due, due_at in unrecorded(case, today):
        known = earliest.get(worker_id)
        soonness = (due, due_at or datetime.max)
        if known is None or soonness < (known.due, known.due_at or datetime.max):
            earliest[worker_id] = Owed("C.3", due, "recording", worker_id=worker_id, due_at=due_at)
    return list(earliest.values())


def dues(case: Case, today: date) -> list[Owed]:
    owed = [clause for episode in covered(case, today) for clause in of_plan(case, episode, today)]
    return owed + recordings(case, today)
