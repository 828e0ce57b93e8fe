"""The child's own frequency, and what a child or parent has asked for."""

from collections.abc import Callable
from datetime import date

from reckoning.counting import Counts, counted, open_episodes
from reckoning.model import Case, Episode, Interval, Owed
from reckoning.worktime import add_months, add_working_days, after


def own_frequency(
    clause: str, episode: Episode, anchored: date, pack_due: date | None, kind: str = "visit"
) -> list[Owed]:
    """A clause of its own, from the same anchor, never before `agreed_from`, never later than the pack's."""
    if episode.agreed_every is None:
        return []
    due = after(anchored, episode.agreed_every)
    if episode.agreed_from is not None:
        due = max(due, episode.agreed_from)
    if pack_due is not None and due > pack_due:
        return []
    return [Owed(clause, due, kind, worker_id=episode.worker_id, every=episode.agreed_every, episode=episode)]


def as_set(episode: Episode, anchored: date, usual: Interval, agreed: date | None) -> Interval | None:
    """The `agreed_every` that a review, approval or hearing of the day `agreed` allows, three months at most.

    It takes over where the usual interval gives a date after that day (and after `agreed_from`).
    """
    every = episode.agreed_every
    if agreed is None or every is None:
        return None
    begins = max(agreed, episode.agreed_from or agreed)
    if after(anchored, usual) <= begins:
        return None
    three_months = Interval(3, "months")
    return three_months if after(anchored, every) > add_months(anchored, 3) else every


def lengthened(episode: Episode, anchored: date, usual: Interval, agreed: date | None) -> Interval | None:
    """The same where only a longer one is taken under the clause's own id."""
    own = as_set(episode, anchored, usual, agreed)
    return own if own is not None and after(anchored, own) > after(anchored, usual) else None


def two_working_days_after(asked: date) -> date:
    return add_working_days(asked, 2)


def requests(
    clause: str,
    case: Case,
    kinds: tuple,
    counts: Counts,
    today: date,
    within: Callable[[date], date] = two_working_days_after,
) -> list[Owed]:
    """Each request that no counted visit since, and no refusal, has closed."""
    episodes = open_episodes(case, today, kinds)
    if clause == "B.3":
        episodes = [episode for episode in episodes if episode.excluded_reason is None]
    if not episodes:
        return []
    visits = counted(case, episodes, counts, today)
    owed = []
    for request in case.requests:
        if request.asked_on > today:
            continue
        refused = request.refused_on is not None and request.refused_on <= today
        visited = any(visit.day >= request.asked_on for visit in visits)
        if not refused and not visited:
            due = request.wanted_by or within(request.asked_on)
            owed.append(Owed(clause, due, floats=True))
    return owed
