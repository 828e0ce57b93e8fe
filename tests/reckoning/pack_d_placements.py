"""Pack D's placements and private fostering: D.5 to D.10 in stages, D.5e, D.6d, D.13."""

from collections.abc import Callable
from datetime import date, timedelta

from reckoning.counting import counted, open_episodes, was_seen
from reckoning.model import Case, Episode, Interval, Limit, Owed, Visit
from reckoning.own import as_set, lengthened, own_frequency
from reckoning.worktime import add_months, after

PLACEMENTS = (
    "in_our_care",
    "short_breaks",
    "adoptive_placement",
    "temporary_carer",
    "interim_care_order_home",
    "care_order_home",
)
KINDS = (*PLACEMENTS, "private_fostering")

WEEKLY = Interval(1, "weeks")
FOUR_WEEKS = Interval(4, "weeks")
SIX_WEEKS = Interval(6, "weeks")
TWELVE_WEEKS = Interval(12, "weeks")
THREE_MONTHS = Interval(3, "months")
SIX_MONTHS = Interval(6, "months")


# --- stages ------------------------------------------------------------------------------------------

Stage = tuple[str, date]  # a one-off stage and its due date
Running = tuple[str, Interval]  # the recurring clause that runs after them and its interval


def weeks(start: date, number: int) -> date:
    return start + timedelta(weeks=number)


def still_open(stages: list[Stage], visits: list[Visit]) -> list[Stage]:
    """Each counted visit closes the first open stage and every later one already due on its day."""
    left = list(stages)
    for visit in visits:
        if left:
            left.pop(0)
        while left and left[0][1] <= visit.day:
            left.pop(0)
    return left


def moves_on(anchored: date, old: Interval, event: date | None) -> bool:
    """An event ends a stage where the old interval gives a date after it."""
    return event is not None and after(anchored, old) > event


def first_year_of(start: date, anchored: date) -> bool:
    return anchored < add_months(start, 12)


def or_three_months(episode: Episode, anchored: date, agreed: date | None) -> Interval:
    """Six weeks, or, once a review has agreed a lower frequency, three months or what it set below that."""
    own = lengthened(episode, anchored, SIX_WEEKS, agreed)
    if own is not None:
        return own
    return THREE_MONTHS if moves_on(anchored, SIX_WEEKS, agreed) else SIX_WEEKS


# --- D.5 to D.10: the one-off stages, then what runs from an anchor visit ----------------------------


def one_off_stages(episode: Episode) -> list[Stage]:
    start = episode.start
    return {
        "in_our_care": [("D.5a", start), ("D.5b", weeks(start, 1))],
        "short_breaks": [("D.6a", weeks(start, 1)), ("D.6b", add_months(start, 3))],
        "adoptive_placement": [("D.7a", weeks(start, 1))],
        "private_fostering": [("D.8a", weeks(start, 1))],
        "temporary_carer": [],
        "interim_care_order_home": [],
        "care_order_home": [("D.10a", weeks(start, 1))],
    }[episode.kind]


def in_our_care(episode: Episode, anchored: date) -> Running:
    if anchored < weeks(episode.start, 4):
        return "D.5c", WEEKLY
    if first_year_of(episode.start, anchored):
        return "D.5d", SIX_WEEKS
    return "D.5d", or_three_months(episode, anchored, lower_frequency_once_permanent(episode))


def lower_frequency_once_permanent(episode: Episode) -> date | None:
    """D.5d: the day of the review that agreed it, on or after the placement was agreed permanent."""
    permanent, lower = episode.permanence_agreed_on, episode.lower_frequency_agreed_on
    if permanent is None or lower is None or lower < permanent:
        return None
    return lower


def short_breaks(episode: Episode, anchored: date) -> Running:
    return "D.6c", SIX_MONTHS


def adoptive_placement(episode: Episode, anchored: date) -> Running:
    review = episode.first_review
    if not moves_on(anchored, WEEKLY, review):
        return "D.7b", WEEKLY
    if first_year_of(review, anchored):
        return "D.7c", SIX_WEEKS
    own = as_set(episode, anchored, SIX_WEEKS, set_by_review(episode))
    if own is not None:
        return "D.7c", own
    lower = episode.lower_frequency_agreed_on
    return "D.7c", THREE_MONTHS if moves_on(anchored, SIX_WEEKS, lower) else SIX_WEEKS


def set_by_review(episode: Episode) -> date | None:
    """D.7c: from when the frequency holds that a review has set."""
    return (episode.agreed_from or episode.first_review) if episode.agreed_reason == "review" else None


def private_fostering(episode: Episode, anchored: date) -> Running:
    return "D.8b", SIX_WEEKS if first_year_of(episode.start, anchored) else TWELVE_WEEKS


def temporary_or_interim(episode: Episode, anchored: date) -> Running:
    if not moves_on(anchored, WEEKLY, episode.first_review):
        return "D.9a", WEEKLY
    decided = approval_or_hearing(episode)
    if not moves_on(anchored, FOUR_WEEKS, decided):
        return "D.9b", FOUR_WEEKS
    return "D.9c", as_set(episode, anchored, FOUR_WEEKS, decided) or FOUR_WEEKS


def approval_or_hearing(episode: Episode) -> date | None:
    """D.9b: the approval (temporary carers) or the final hearing (at home); both filled: the earlier."""
    approved, heard = episode.approved_on, episode.final_hearing
    if approved is not None and heard is not None:
        return min(approved, heard)
    return approved if episode.kind == "temporary_carer" else heard


def care_order_home(episode: Episode, anchored: date) -> Running:
    if first_year_of(episode.start, anchored):
        return "D.10b", SIX_WEEKS
    return "D.10c", or_three_months(episode, anchored, episode.lower_frequency_agreed_on)


RUNNING: dict[str, Callable[[Episode, date], Running]] = {
    "in_our_care": in_our_care,
    "short_breaks": short_breaks,
    "adoptive_placement": adoptive_placement,
    "private_fostering": private_fostering,
    "temporary_carer": temporary_or_interim,
    "interim_care_order_home": temporary_or_interim,
    "care_order_home": care_order_home,
}


def of_placement(episode: Episode, visits: list[Visit]) -> list[Owed]:
    """The first open stage, else what runs from the last counted visit; and the child's own frequency."""
    anchored = visits[-1].day if visits else episode.start
    stages = still_open(one_off_stages(episode), visits)
    clause, every = RUNNING[episode.kind](episode, anchored)
    if stages:
        clause, due = stages[0]
        pack = Owed(clause, due, worker_id=episode.worker_id, follows=(every,), episode=episode)
    else:
        due = after(anchored, every)
        if clause in ("D.7c", "D.9c") and every == episode.agreed_every:
            due = max(due, episode.agreed_from or due)
        pack = Owed(clause, due, worker_id=episode.worker_id, every=every, episode=episode)
    return [pack, *own_placement_frequency(episode, anchored, pack)]


def own_placement_frequency(episode: Episode, anchored: date, pack: Owed) -> list[Owed]:
    """D.0, unless it is longer than the clause's usual interval and stands under the clause's own id."""
    usual = FOUR_WEEKS if pack.clause == "D.9c" else SIX_WEEKS
    longer = episode.agreed_every and after(anchored, episode.agreed_every) > after(anchored, usual)
    if longer and pack.clause in LETS_A_REVIEW_LENGTHEN:
        agreed = LETS_A_REVIEW_LENGTHEN[pack.clause](episode)
        if as_set(episode, anchored, usual, agreed) is not None:
            return []
    return own_frequency("D.0", episode, anchored, pack.due)


LETS_A_REVIEW_LENGTHEN: dict[str, Callable[[Episode], date | None]] = {
    "D.5d": lower_frequency_once_permanent,
    "D.7c": set_by_review,
    "D.9c": approval_or_hearing,
    "D.10c": lambda episode: episode.lower_frequency_agreed_on,
}


# --- D.5e, D.13: by setting --------------------------------------------------------------------------


def there(case: Case, episode: Episode, today: date) -> list[Visit]:
    """The counted visits in the episode's own setting."""
    visits = counted(case, [episode], was_seen, today)
    return [visit for visit in visits if episode.setting is not None and visit.setting == episode.setting]


def series_of_short_breaks(case: Case, today: date) -> list[Episode]:
    """D.5e: the short breaks of a child who is also in our care."""
    if not open_episodes(case, today, ("in_our_care",)):
        return []
    return open_episodes(case, today, ("short_breaks",))


def of_series_of_short_breaks(case: Case, today: date) -> list[Owed]:
    owed = []
    for episode in series_of_short_breaks(case, today):
        visits = there(case, episode, today)
        due = after(visits[-1].day if visits else episode.start, SIX_MONTHS)
        owed.append(
            Owed(
                "D.5e",
                due,
                worker_id=episode.worker_id,
                setting=episode.setting,
                every=SIX_MONTHS,
                episode=episode,
            )
        )
    return owed


def several_placements(case: Case, today: date) -> dict[str, list[Episode]]:
    """D.13: the open placements by setting, where there is more than one setting."""
    beside = series_of_short_breaks(case, today)
    by_setting: dict[str, list[Episode]] = {}
    for episode in open_episodes(case, today, PLACEMENTS):
        if episode.setting is not None and episode not in beside:
            by_setting.setdefault(episode.setting, []).append(episode)
    return by_setting if len(by_setting) > 1 else {}


def of_several_placements(case: Case, today: date) -> list[Owed]:
    by_setting = several_placements(case, today)
    if not by_setting:
        return []
    owed = []
    for setting, episodes in by_setting.items():
        first = min(episodes, key=lambda it: it.start)
        days = [visit.day for episode in episodes for visit in there(case, episode, today)]
        due = after(max(days, default=first.start), TWELVE_WEEKS)
        owed.append(
            Owed(
                "D.13",
                due,
                worker_id=first.worker_id,
                setting=setting,
                every=TWELVE_WEEKS,
                episode=first,
            )
        )
    every_episode = [episode for episodes in by_setting.values() for episode in episodes]
    anywhere = [visit.day for visit in counted(case, every_episode, was_seen, today)]
    since = max(anywhere, default=min(episode.start for episode in every_episode))
    return [*owed, Owed("D.13", after(since, SIX_WEEKS), every=SIX_WEEKS, floats=True)]


# --- D.5e and D.6d: limit musts ----------------------------------------------------------------------


def breaks_far_apart(episode: Episode) -> bool:
    """D.6d: more than 6 months apart."""
    every = episode.breaks_every
    return every is not None and after(episode.start, every) > after(episode.start, SIX_MONTHS)


def a_year_from(met: list[Visit], episode: Episode) -> date:
    return add_months(met[-1].day if met else episode.start, 12)


def limits(case: Case, seen: list[Visit], today: date) -> list[Limit]:
    """`seen`: the visits counted in any open episode of the pack."""
    unannounced = [visit for visit in seen if visit.announced is False]
    sleeping = [visit for visit in seen if visit.sleeping_arrangements_seen is True]
    limits = []
    for episode in open_episodes(case, today, ("short_breaks",)):
        if breaks_far_apart(episode):
            limits.append(Limit("D.6d", "unannounced", a_year_from(unannounced, episode), episode))
        limits.append(Limit("D.6d", "sleeping_arrangements", a_year_from(sleeping, episode), episode))
    for episode in series_of_short_breaks(case, today):
        unannounced_there = [
            visit for visit in unannounced if episode.setting and visit.setting == episode.setting
        ]
        day = a_year_from(unannounced_there, episode)
        limits.append(Limit("D.5e", "unannounced", day, episode, episode.setting))
    return limits
