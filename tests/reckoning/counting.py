"""Which visits count, for which clause, and in which episode."""

from collections.abc import Callable, Iterable
from datetime import date, time

from reckoning.model import Case, Episode, Visit

Counts = Callable[[Case, Visit, date], bool]


def order(visit: Visit) -> tuple:
    """Two on one day with no times: the completed one is the later."""
    completed = visit.status == "completed"
    without_time = time.max if completed else time.min
    return (visit.day, visit.moment.time() if visit.moment else without_time, completed, visit.row)


def was_seen(case: Case, visit: Visit, today: date) -> bool:
    """What every clause asks."""
    return (
        visit.status == "completed"
        and visit.kind == "visit"
        and visit.channel in (None, "in_person")
        and visit.seen is True
        and visit.day <= today
    )


def was_seen_at_home(case: Case, visit: Visit, today: date) -> bool:
    """A.1 to A.3, for a child that lives at home; A.3 for every child."""
    return was_seen(case, visit, today) and visit.at_home is True


def was_seen_not_briefly(case: Case, visit: Visit, today: date) -> bool:
    """Pack B (B.7)."""
    return was_seen(case, visit, today) and visit.brief is not True


def before_birth(case: Case, visit: Visit) -> bool:
    return case.child.born is not None and visit.day < case.child.born


def is_finalised(visit: Visit, today: date) -> bool:
    return visit.finalised is not None and visit.finalised <= today


def was_seen_and_recorded(case: Case, visit: Visit, today: date) -> bool:
    """Pack C (C.4)."""
    alone_answered = visit.seen_alone is not None or before_birth(case, visit)
    return was_seen(case, visit, today) and is_finalised(visit, today) and alone_answered


def open_episodes(case: Case, today: date, kinds: Iterable[str]) -> list[Episode]:
    return [episode for episode in case.episodes if episode.kind in kinds and episode.holds(today)]


def visits_in(case: Case, episodes: Iterable[Episode]) -> list[Visit]:
    """The child's visits of every status on the episodes' days, in order."""
    episodes = list(episodes)
    return sorted((it for it in case.visits if any(ep.holds(it.day) for ep in episodes)), key=order)


def counted(case: Case, episodes: Iterable[Episode], counts: Counts, today: date) -> list[Visit]:
    return [visit for visit in visits_in(case, episodes) if counts(case, visit, today)]


def anchor(episode: Episode, visits: list[Visit]) -> date:
    """The day of the last counted visit; none yet: the episode's first day."""
    return visits[-1].day if visits else episode.start


def home_share(visits: list[Visit]) -> tuple[int, int]:
    """How many of the counted visits were at home, and how many there were."""
    return sum(1 for visit in visits if visit.at_home is True), len(visits)
